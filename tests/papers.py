"""What rendered papers say: tables, facts, numbers and text of every format, read back."""

from __future__ import annotations

import functools
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

Rows = list[list[str]]
JATS_SCHEMA = Path(__file__).with_name("jats-archiving-1.2-rng.zip")


def squeezed(text: str) -> str:
    """A text without white space, which formats set as they like."""
    return "".join(text.split())


def html_of(path: Path) -> Any:
    """The page as a tree."""
    from lxml import html

    return html.fromstring(path.read_bytes())


def html_tables(page: Any) -> dict[str, Rows]:
    """Tables that the workflow made, by name: rows of squeezed cells, heads too."""
    return {
        figure.get("data-table"): [
            [squeezed(cell.text_content()) for cell in row.xpath("./td|./th")]
            for row in figure.xpath(".//tr")
        ]
        for figure in page.xpath("//figure[@data-table]")
    }


def docx_tables(path: Path) -> list[Rows]:
    """Every table of a Word file."""
    import docx

    return [
        [[squeezed(cell.text) for cell in row.cells] for row in table.rows]
        for table in docx.Document(str(path)).tables
    ]


def jats_tables(path: Path) -> list[Rows]:
    """Every table of a JATS file."""
    from lxml import etree

    tree = etree.parse(str(path))
    return [
        [
            [squeezed("".join(cell.itertext())) for cell in row.xpath("./td|./th")]
            for row in table.xpath(".//tr")
        ]
        for table in tree.xpath("//table")
    ]


def docx_text(path: Path) -> str:
    """All paragraphs of a Word file, squeezed."""
    import docx

    return squeezed("".join(part.text for part in docx.Document(str(path)).paragraphs))


def jats_text(path: Path) -> str:
    """All text of a JATS file, squeezed."""
    from lxml import etree

    return squeezed("".join(etree.parse(str(path)).getroot().itertext()))


def facts_in_text(page: Any) -> list[tuple[str, str, str]]:
    """Fact, its text, and the text with the words around it, for facts in paragraphs."""
    found = []
    for span in page.xpath("//main//p//span[@data-fact]"):
        before = span.getprevious().tail if span.getprevious() is not None else ""
        before = before if span.getprevious() is not None else span.getparent().text
        around = squeezed((before or "")[-20:] + span.text_content() + (span.tail or "")[:12])
        found.append((span.get("data-fact"), span.text_content(), around))
    return found


def sheet(path: Path, name: str, *, head: int = 1) -> list[dict[str, Any]]:
    """A sheet of a workbook as rows by heading; ``head`` is the row that holds those."""
    import openpyxl

    heads, *rows = list(openpyxl.load_workbook(path)[name].values)[head - 1 :]
    return [dict(zip(heads, row, strict=True)) for row in rows]


@functools.cache
def _jats_schema() -> Any:
    """JATS Archiving 1.2 with MathML 3 as RELAX NG, which its makers put in the public domain.

    It is the one that the npm package texture-plugin-jats 0.3.0 carries in rng/.
    """
    from lxml import etree

    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(JATS_SCHEMA) as archive:
        archive.extractall(place)
        file = Path(place, "JATS-archivearticle1-mathml3.rng")
        return etree.RelaxNG(etree.parse(str(file)))


def jats_errors(path: Path) -> list[str]:
    """What the schema has against a JATS file."""
    from lxml import etree

    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    schema = _jats_schema()
    schema.validate(etree.parse(str(path), parser))
    return [f"line {error.line}: {error.message}" for error in schema.error_log]


# ------------------------------------------------------------------ the numbers of each format
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def numbers(text: str) -> Counter[str]:
    """How often each number stands in a text."""
    return Counter(NUMBER.findall(text))


def _html_words(path: Path) -> str:
    page = html_of(path)
    for element in page.xpath("//*[@id='refs']"):
        element.drop_tree()
    return " ".join(page.xpath("//main")[0].itertext())


def _docx_words(path: Path) -> str:
    """All but the title block and the references, in the order of the file."""
    import docx
    from docx.oxml.ns import qn

    left_out = {"Title", "Author", "Affiliation", "Date", "Notice", "Bibliography"}
    said = []
    for paragraph in docx.Document(str(path)).element.body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is None or style.get(qn("w:val")) not in left_out:
            said.append("".join(text.text or "" for text in paragraph.iter(qn("w:t"))))
    return " ".join(said)


def _jats_words(path: Path) -> str:
    """The abstract and the text; references and alternative texts are no part of it."""
    from lxml import etree

    root = etree.parse(str(path)).getroot()
    for element in root.xpath("//ref-list|//alt-text|//long-desc"):
        element.clear()
    return " ".join(
        text for part in root.xpath("//abstract|//kwd|//body|//back") for text in part.itertext()
    )


def pdf_text(path: Path) -> str:
    """The text of a PDF's pages without their foot."""
    import pypdf

    pages = "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return re.sub(r"^\s*\d+ of \d+\s*$", "", pages, flags=re.MULTILINE)


def _pdf_words(path: Path) -> str:
    """From the abstract on, where there is one; without the references."""
    text = pdf_text(path).split("Abstract\n", 1)[-1]
    before, references = re.split(r"^References\n", text, maxsplit=1, flags=re.MULTILINE)
    found = re.search(r"^Appendix\b", references, flags=re.MULTILINE)
    return before + (references[found.start() :] if found else "")


READERS: dict[str, Callable[[Path], str]] = {
    "paper.html": _html_words,
    "paper.docx": _docx_words,
    "paper.xml": _jats_words,
    "paper.pdf": _pdf_words,
}


def numbers_of(reports: Path) -> dict[str, Counter[str]]:
    """The numbers of the paper in each format, references and title block apart."""
    return {name: numbers(read(reports / name)) for name, read in READERS.items()}

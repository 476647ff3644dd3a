"""What rendered papers say: tables, facts and text of HTML, DOCX and JATS, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Rows = list[list[str]]


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


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    """A sheet of a workbook as rows by heading."""
    import openpyxl

    heads, *rows = openpyxl.load_workbook(path)[name].values
    return [dict(zip(heads, row, strict=True)) for row in rows]

"""Every number and every word of the rendered papers against the facts and the transcripts."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.audit.findings import Check
from themetrail.config import StudyConfig
from themetrail.report import ast

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.audit.rebuild import Rebuilt

DOCUMENT = "results/report/paper.json"
#: characters of context around a difference
CONTEXT = 30
_SPACE = re.compile(r"\s+")
_HYPHEN = re.compile(r"(?<=[^\W\d])[-\u00ad]\s*(?=[^\W\d])")


def refill(root: Path, study: StudyConfig, made: Rebuilt) -> dict[str, Any]:
    """The manuscript filled from facts and tables computed anew."""
    from themetrail.audit.memos import decisions_of
    from themetrail.audit.rebuild import together
    from themetrail.errors import Problems
    from themetrail.manifest import KINDS, manifest_path
    from themetrail.report import methods, paper_tables
    from themetrail.report.manuscript import fill
    from themetrail.report.sources import manuscript_of, shown_path
    from themetrail.synthesis.matrix import FILE as SUMMARIES
    from themetrail.synthesis.notes import FILES as NOTES

    names = {site.site: site.label for site in study.active_sites}
    manifests = [root / manifest_path(site, kind) for site in names for kind in KINDS]
    choices = [root / "config" / name for name in methods.CHOICES]
    choices += [root / name for name in (SUMMARIES, *NOTES)]
    read = methods.read_inputs(
        [path for path in manifests if path.is_file()],
        [path for path in choices if path.is_file()],
        names,
    )
    tables = together(made)
    log = [asdict(one) for one in decisions_of(root, study, tables, Problems())]
    manuscript = manuscript_of(root)
    document, _ = fill(
        manuscript.read_text(encoding="utf-8"),
        made.facts,
        tables["quotes"],
        paper_tables.build(made.facts, study, tables, read, log),
        json.loads((root / "results/figures/figures.json").read_text(encoding="utf-8")),
        study,
        file=shown_path(manuscript, root),
    )
    return document


def render_all(root: Path, study: StudyConfig, document: Mapping[str, Any]) -> dict[str, bytes]:
    """A document in every configured format, by the path of the paper."""
    from themetrail.report.render import EXTENSIONS, render
    from themetrail.report.sources import bibliography_of, csl_of

    made = {}
    with tempfile.TemporaryDirectory() as folder:
        place = _stand_in(root, Path(folder).resolve())
        for name in study.settings["report"]["formats"]:
            path = f"reports/paper.{EXTENSIONS[name]}"
            render(
                document,
                place / path,
                format=name,
                study=study.settings["study"],
                bibliography=bibliography_of(place),
                csl=csl_of(place, study.settings["report"]["csl"]),
                resources=place,
                engine=study.settings["report"]["engine"],
            )
            made[path] = (place / path).read_bytes()
    return made


def _stand_in(root: Path, place: Path) -> Path:
    """A folder that looks like the study from within: pictures are named relative to the paper."""
    (place / "reports").mkdir()
    for name in ("results/figures", "reports/manuscript"):
        if (root / name).is_dir():
            shutil.copytree(root / name, place / name)
    return place


# ------------------------------------------------------------------ the document
def document(root: Path, fresh: Mapping[str, Any]) -> Check:
    """The filled manuscript against the manuscript filled anew."""
    check = Check("The paper's numbers are the facts", unit="numbers and quotations")
    try:
        stored = json.loads((root / DOCUMENT).read_text(encoding="utf-8"))
        old, new = list(marked(stored)), list(marked(fresh))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        check.differs(DOCUMENT, f"can't be read ({type(error).__name__})")
        return check
    check.looked_at = len(new)
    _compare_marked(DOCUMENT, old, new, check)
    if not check.findings and stored != fresh:
        first, second = (json.dumps(one, ensure_ascii=False) for one in (stored, fresh))
        check.differs(DOCUMENT, difference(first, second))
    return check


def marked(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and text of every fact and quotation of a document, in order: the abstract's first."""
    abstract = document["meta"].get("abstract") or {"c": []}
    for node in ast.elements([*abstract["c"], *document["blocks"]]):
        if node["t"] in ("Span", "Div"):
            (_, classes, pairs), content = node["c"]
            named = dict(pairs)
            if "data-fact" in named:
                yield f"fact {named['data-fact']}", _flat(ast.text_of(content))
            elif "quotation" in classes:
                yield "quotation", _flat(ast.text_of(content))


def _compare_marked(
    path: str, old: list[tuple[str, str]], new: list[tuple[str, str]], check: Check
) -> None:
    """Facts and quotations one by one; one that is lost or put in does not shift the others."""
    from difflib import SequenceMatcher

    before, after = ([name for name, _ in marks] for marks in (old, new))
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, first, last, start, end in steps:
        if kind == "equal":
            for (name, said), (_, meant) in zip(old[first:last], new[start:end], strict=True):
                if said != meant:
                    check.differs(path, f"{name} reads “{said}”, not “{meant}”")
            continue
        for name, meant in new[start:end]:
            check.differs(path, f"{name} “{meant}” is no longer marked as such")
        for name, said in old[first:last]:
            check.differs(path, f"{name} “{said}” stands where the document has none")


# ------------------------------------------------------------------ the papers
def papers(root: Path, fresh: Mapping[str, bytes], document: Mapping[str, Any]) -> Check:
    """Each rendered paper against the document rendered anew: marked facts, then all its text."""
    check = Check("Each paper says what the document says", unit="papers")
    expected = list(marked(document))
    for path, made in fresh.items():
        check.looked_at += 1
        if not (root / path).is_file():
            check.differs(path, "is not there")
            continue
        stored = (root / path).read_bytes()
        if stored == made:
            continue
        before = len(check.findings)
        if path.endswith(".html"):
            compare_page(path, stored, expected, check)
        if len(check.findings) == before:
            _compare_text(path, stored, made, check)
    return check


def compare_page(path: str, page: bytes, expected: list[tuple[str, str]], check: Check) -> None:
    """Facts and quotations of an HTML page against those that its document has."""
    try:
        found, listed = _marked_in_page(page)
    except Exception as error:  # noqa: BLE001  # a damaged page may break its reader in any way
        check.differs(path, f"can't be read ({type(error).__name__})")
        return
    _compare_marked(path, found, expected, check)
    for name, said in listed:
        if (name, said) not in expected:
            check.differs(path, f"{name} reads “{said}” in the table of contents")


def missing_words(path: str, data: bytes, expected: list[tuple[str, str]], check: Check) -> None:
    """Facts and quotations that a paper's text does not have, spaces and hyphens in words aside."""
    try:
        text = _unbroken(text_of(data, path))
    except Exception as error:  # noqa: BLE001  # a damaged file may break its reader in any way
        check.differs(path, f"can't be read ({type(error).__name__})")
        return
    for name, said in dict.fromkeys(expected):
        if _unbroken(said) not in text:
            check.differs(path, f"{name} “{said}” is not in it")


def _unbroken(text: str) -> str:
    """Text without spaces, and without the hyphens at which a line may break within a word."""
    return _SPACE.sub("", _HYPHEN.sub("", text))


def _compare_text(path: str, stored: bytes, made: bytes, check: Check) -> None:
    try:
        old = text_of(stored, path)
    except Exception as error:  # noqa: BLE001  # a damaged file may break its reader in any way
        check.differs(path, f"can't be read ({type(error).__name__})")
        return
    new = text_of(made, path)
    if old != new:
        check.differs(path, difference(old, new))


def _marked_in_page(page: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Name and text of every fact and quotation in an HTML page, in order; its contents apart.

    A heading that holds a fact stands in the table of contents too.
    """
    from lxml import html

    found: list[tuple[str, str]] = []
    listed: list[tuple[str, str]] = []
    for element in html.fromstring(page).iter("span"):
        text = _flat("".join(map(str, element.itertext())))
        place = listed if any(True for _ in element.iterancestors("nav")) else found
        if element.get("data-fact"):
            place.append((f"fact {element.get('data-fact')}", text))
        elif "quotation" in (element.get("class") or "").split():
            place.append(("quotation", text))
    return found, listed


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def text_of(data: bytes, path: str) -> str:
    """All text of a paper, spaces as one: pages without styles, every part of a Word file."""
    if path.endswith(".pdf"):
        return _flat(_pdf_text(data))
    if path.endswith(".docx"):
        return _flat(_docx_text(data))
    from lxml import etree, html

    if path.endswith(".html"):
        root: Any = html.fromstring(data)
        for element in list(root.iter("script", "style")):
            element.drop_tree()
        return _flat(f"{root.text_content()} {_attributes(root)}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(data, parser)
    return _flat(f"{' '.join(map(str, tree.itertext()))} {_attributes(tree)}")


def _attributes(root: Any) -> str:
    """Attributes that a reader may be told: alternative texts, titles, addresses, ids."""
    names = ("alt", "title", "href", "content", "data-quote", "{http://www.w3.org/1999/xlink}href")
    found = (element.get(name) or "" for element in root.iter() for name in names)
    return " ".join(value for value in found if value and not value.startswith("data:"))


def _docx_text(data: bytes) -> str:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    said: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith((".xml", ".rels")):
                said += map(str, etree.fromstring(archive.read(name), parser).itertext())
                said.append("\n")
    return "".join(said)


def _pdf_text(data: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    said = [page.extract_text() for page in reader.pages]
    facts: Mapping[str, Any] = reader.metadata or {}
    return "\n".join([*said, *(f"{key} {facts[key]}" for key in sorted(facts))])


def difference(old: str, new: str) -> str:
    """The first place at which two texts part, with some of both around it.

    >>> difference("alpha was 0.75 here", "alpha was 0.76 here")
    'says “alpha was 0.75 here”, not “alpha was 0.76 here”'
    """
    pairs = enumerate(zip_longest(old, new))
    place = next((number for number, (a, b) in pairs if a != b), len(new))
    start, end = max(0, place - CONTEXT), place + CONTEXT
    return f"says “{old[start:end]}”, not “{new[start:end]}”"


# ------------------------------------------------------------------ words
def quotations(root: Path, made: Rebuilt) -> Check:
    """Every printed quotation verbatim at its place in the transcript's own file."""
    from themetrail.contracts import QUOTES
    from themetrail.errors import ThemetrailError
    from themetrail.tables import read

    check = Check("Quotations are verbatim", unit="quotations")
    path = "results/synthesis/quotes.csv"
    texts: dict[str, str] = {}
    for table in made.named("transcripts"):
        texts |= dict(zip(table["transcript_id"], table["text"], strict=True))
    try:
        quotes: pd.DataFrame = read(root / path, QUOTES)
    except (ThemetrailError, OSError, ValueError) as error:
        check.differs(path, f"can't be read ({type(error).__name__})")
        return check
    for row in quotes.to_dict("records"):
        check.looked_at += 1
        name, start, end = row["transcript_id"], int(row["start"]), int(row["end"])
        if texts.get(name, "")[start:end] != row["text"]:
            where = f"{path}, {row['theme']} quotation {row['rank']}"
            what = f"the words are not those at {name}:{start}-{end}"
            check.differs(where, f"{what}: {_apart(row['text'], texts.get(name, '')[start:end])}")
    return check


def _apart(printed: str, spoken: str) -> str:
    said = difference(printed, spoken)
    return f"the paper {said}"

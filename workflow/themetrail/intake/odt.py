"""OpenDocument text files: paragraphs and tables of the body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from themetrail.intake.archive import member, open_zip, words_of_parts, xml
from themetrail.intake.document import Document, Remark
from themetrail.intake.flow import Cell, Flow, Paragraph, paragraph_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_PARAGRAPHS = {f"{_TEXT}p", f"{_TEXT}h"}
_SKIPPED = {
    f"{_TEXT}tracked-changes",
    f"{_TEXT}note",
    f"{_TEXT}sequence-decls",
    f"{_OFFICE}annotation",
    f"{_OFFICE}forms",
    f"{_DRAW}frame",
    f"{_DRAW}custom-shape",
}
_HIDDEN = (f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note")
# A file may ask for any number of spaces in one element.
_MAX_SPACES = 1_000


def read_odt(data: bytes) -> Document:
    """Read an OpenDocument text's body.

    Tracked changes are read as accepted; notes, comments, frames, headers and footers are not read.

    Raises
    ------
    Unreadable
        Not an OpenDocument text, damaged, encrypted or hostile.
    """
    archive = open_zip(data, "odt")
    root = xml(member(archive, "content.xml", "odt"), "content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    flow = Flow()
    if body is not None:
        _blocks(body, flow, _bold_styles(root))
    remarks: tuple[Remark, ...] = ()
    if next(root.iter(f"{_TEXT}changed-region"), None) is not None:
        message = "has tracked changes; it was read as if all were accepted"
        remedy = "Accept the changes: what was deleted is still in the file."
        remarks = (Remark("warning", "tracked_changes", message, remedy),)
    hidden = (word for tag in _HIDDEN for part in root.iter(tag) for word in part.itertext())
    aside = [*map(str, hidden), words_of_parts(archive, r"meta\.xml|styles\.xml", "odt")]
    return flow.document("odt", "utf-8", remarks, "\n".join(aside).strip())


def _bold_styles(root: _Element) -> frozenset[str]:
    """Names of the character styles that are bold."""
    return frozenset(
        str(style.get(f"{_STYLE}name"))
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}text-properties")
        if properties.get(f"{_FO}font-weight") == "bold"
    )


def _blocks(parent: _Element, flow: Flow, bold: frozenset[str]) -> None:
    for element in parent:
        if element.tag in _PARAGRAPHS:
            flow.add(_paragraph(element, bold))
        elif element.tag == f"{_TABLE}table":
            flow.add_table(list(_rows(element, bold)))
        elif element.tag not in _SKIPPED:  # sections, lists
            _blocks(element, flow, bold)


def _rows(table: _Element, bold: frozenset[str]) -> Iterator[list[Cell]]:
    for row in table.iter(f"{_TABLE}table-row"):
        if next(row.iterancestors(f"{_TABLE}table"), None) is table:
            yield [
                [_paragraph(p, bold) for p in cell.iter(*_PARAGRAPHS)]
                for cell in row
                if cell.tag == f"{_TABLE}table-cell"
            ]


def _paragraph(element: _Element, bold: frozenset[str]) -> Paragraph:
    return paragraph_of(_pieces(element, bold, inside=element.get(f"{_TEXT}style-name") in bold))


def _pieces(element: _Element, bold: frozenset[str], *, inside: bool) -> Iterator[tuple[str, bool]]:
    """The text below an element, piece by piece, and whether it is bold."""
    yield _collapsed(element.text), inside
    for child in element:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES), inside
        elif child.tag == f"{_TEXT}tab":
            yield "\t", inside
        elif child.tag == f"{_TEXT}line-break":
            yield "\n", inside
        elif child.tag not in _SKIPPED:
            style = child.get(f"{_TEXT}style-name")
            yield from _pieces(child, bold, inside=inside or style in bold)
        yield _collapsed(child.tail), inside


def _collapsed(text: str | None) -> str:
    """White space in the file is one space (OpenDocument 1.3, part 3, 6.1.2)."""
    if not text:
        return ""
    for space in "\n\t\r":
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text

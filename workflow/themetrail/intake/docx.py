"""Word files: paragraphs and tables of the body, as a reader of the page sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from themetrail.intake.archive import member, open_zip, words_of_parts, xml
from themetrail.intake.document import Document, Remark
from themetrail.intake.flow import Cell, Flow, Paragraph, paragraph_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from themetrail.strangers import Archive

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = {
    f"{_W}{name}"
    for name in (
        "del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "tblGrid",
        "txbxContent", "footnoteReference", "endnoteReference", "commentReference", "drawing",
        "pict", "object",
    )
} | {f"{_MC}Fallback"}  # fmt: skip
# What Word keeps beside the body; app.xml holds the program's name alone.
_ASIDE = r"word/(?:header|footer|comments|footnotes|endnotes)\d*\.xml|docProps/(?:core|custom)\.xml"
_CHARACTERS = {
    f"{_W}tab": "\t",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "\u2011",
    f"{_W}softHyphen": "\u00ad",
}


def read_docx(data: bytes) -> Document:
    """Read a Word file's body.

    Tracked changes are read as accepted; headers, footers, comments, footnotes, text boxes and
    hidden text are not read.

    Raises
    ------
    Unreadable
        Not a Word file, damaged, encrypted or hostile.
    """
    archive = open_zip(data, "docx")
    content = member(archive, _main_part(archive), "docx")
    if _STRICT in content:
        content = content.replace(_STRICT, _W[1:-1].encode())
    root = xml(content, "word/document.xml")
    body = root.find(f"{_W}body")
    flow = Flow()
    if body is not None:
        _blocks(body, flow)
    aside = words_of_parts(archive, _ASIDE, "docx")
    deleted = [element.text or "" for element in root.iter(f"{_W}delText")]
    return flow.document(
        "docx", _encoding(root), _remarks(root), "\n".join([*deleted, aside]).strip()
    )


def _main_part(archive: Archive) -> str:
    """The name of the part that holds the body: nearly always word/document.xml."""
    usual = "word/document.xml"
    if usual in archive.names or "_rels/.rels" not in archive.names:
        return usual
    for relation in xml(member(archive, "_rels/.rels", "docx"), "_rels/.rels"):
        if str(relation.get("Type")).endswith("/officeDocument"):
            return str(relation.get("Target")).lstrip("/")
    return usual


def _encoding(root: _Element) -> str:
    return (root.getroottree().docinfo.encoding or "utf-8").lower()


def _blocks(parent: _Element, flow: Flow) -> None:
    """Add the paragraphs and tables below an element, in order."""
    for element in parent:
        if element.tag == f"{_W}p":
            flow.add(_paragraph(element))
        elif element.tag == f"{_W}tbl":
            flow.add_table(_rows(element))
        elif element.tag not in _SKIPPED:  # content controls, custom XML: look inside
            _blocks(element, flow)


def _rows(table: _Element) -> list[list[Cell]]:
    return [
        [
            [_paragraph(paragraph) for paragraph in cell.iter(f"{_W}p")]
            for cell in row.iter(f"{_W}tc")
            if next(cell.iterancestors(f"{_W}tr"), None) is row
        ]
        for row in table.iter(f"{_W}tr")
        if next(row.iterancestors(f"{_W}tbl"), None) is table
    ]


def _paragraph(paragraph: _Element) -> Paragraph:
    return paragraph_of(_runs(paragraph))


def _runs(parent: _Element) -> Iterator[tuple[str, bool]]:
    """The text of each run below an element, and whether it is bold."""
    for element in parent:
        if element.tag == f"{_W}r":
            properties = element.find(f"{_W}rPr")
            if not _on(properties, "vanish"):
                yield "".join(_pieces(element)), _on(properties, "b")
        elif element.tag not in _SKIPPED:
            yield from _runs(element)


def _pieces(run: _Element) -> Iterator[str]:
    for element in run:
        if element.tag == f"{_W}t":
            yield element.text or ""
        elif element.tag == f"{_W}br":
            yield "" if element.get(f"{_W}type") in {"page", "column"} else "\n"
        elif element.tag == f"{_W}sym":
            yield _symbol(str(element.get(f"{_W}char", "")))
        elif element.tag in _CHARACTERS:
            yield _CHARACTERS[element.tag]
        elif element.tag == f"{_MC}AlternateContent":
            for choice in element.iter(f"{_MC}Choice"):
                yield from _pieces(choice)


def _symbol(code: str) -> str:
    """A symbol of a font by its hexadecimal code; the replacement character where it is none."""
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{4}", code) else 0
    return "\ufffd" if number < 0x20 or 0xD800 <= number < 0xE000 else chr(number)


def _on(properties: _Element | None, name: str) -> bool:
    """Whether a run's property is switched on."""
    found = None if properties is None else properties.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val", "1") not in {"0", "false", "off", "none"}


def _remarks(root: _Element) -> tuple[Remark, ...]:
    """What the file holds and the text does not."""
    remarks = []
    if next(root.iter(f"{_W}ins", f"{_W}del", f"{_W}moveFrom"), None) is not None:
        message = "has tracked changes; it was read as if all were accepted"
        remedy = "Accept the changes in Word: what was deleted is still in the file."
        remarks.append(Remark("warning", "tracked_changes", message, remedy))
    if any((t.text or "").strip() for box in root.iter(f"{_W}txbxContent")
           for t in box.iter(f"{_W}t")):  # fmt: skip
        message = "has text boxes, which were not read"
        remarks.append(Remark("warning", "text_box", message, "Move their text into the body."))
    if any(_on(mark.getparent(), "vanish") for mark in root.iter(f"{_W}vanish")):
        message = "has hidden text, which was not read"
        remarks.append(Remark("warning", "hidden_text", message, "Show it or delete it."))
    return tuple(remarks)

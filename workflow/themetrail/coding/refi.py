"""What the readers of REFI-QDA share: names, texts, and what codings refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from themetrail.coding.model import CodedFile, FoundCode
from themetrail.strangers import Archive, bounded, decode, tag

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element

SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")


def guid(value: str | None) -> str:
    """A GUID in one form: lower case, no braces."""
    return (value or "").strip().strip("{}").casefold()


def line_of(element: Element) -> int | None:
    """The line of the file on which an element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


@dataclass
class Project:
    """What codings refer to by GUID, and the program that wrote it."""

    users: dict[str, str] = field(default_factory=dict)
    codes: dict[str, FoundCode] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    linked: dict[str, list[str]] = field(default_factory=dict)
    origin: str = ""


def child_text(element: Element, name: str) -> str:
    """The text of an element's child of this name."""
    return next((child.text or "" for child in element if tag(child) == name), "").strip()


def plain_text(
    element: Element, archive: Archive | None, found: CodedFile, *, quiet: bool = False
) -> str | None:
    """An element's plain text, from within it or from its member of the archive."""
    for child in element:
        if tag(child) == "PlainTextContent":
            return bounded(child.text or "", "a text")
    path = element.get("plainTextPath") or ""
    scheme, _, name = path.rpartition("://")
    name = name.replace("\\", "/").rpartition("/")[2]
    reason = ""
    if not path:
        reason = "no plain text of this document in the project"
    elif scheme not in ("", "internal"):
        reason = f"its plain text lies outside the project ({scheme[:20]}://): not opened"
        quiet = False
    elif archive is None:
        reason = "the plain text is in the project archive, and this is its XML alone"
    else:
        top = f"{archive.folder}/" if archive.folder else ""
        for folder in ("sources/", ""):
            data = archive.read(top + folder + name)
            if data is not None:
                text, encoding = decode(data)
                if encoding == "cp1252" and not quiet:
                    _note_encoding(element, found)
                return bounded(text.removeprefix("\ufeff"), "a text")
        reason = "the plain text that the project names is not in the archive"
    if not quiet:
        marked = sum(1 for _ in element.iter("{*}Coding"))
        found.problems.add(
            "error" if marked else "note",
            "text_missing",
            found.file,
            f"{shown(source_name(element))}: {reason}; {marked} codings",
            "Export the project from its program again, with its texts." if marked else "",
            line=line_of(element),
        )
    return None


def _note_encoding(element: Element, found: CodedFile) -> None:
    found.problems.add(
        "note",
        "assumed_encoding",
        found.file,
        f"the text of {shown(source_name(element))} is not UTF-8; read as Windows-1252",
        line=line_of(element),
    )


def source_name(element: Element) -> str:
    """The name of the document that an element belongs to."""
    at: Element | None = element
    while at is not None and tag(at) not in SOURCES:
        at = at.getparent()
    name = at.get("name") if at is not None else None
    return (name or element.get("name") or "").strip()


def shown(name: str) -> str:
    """A document's name for a message."""
    return repr(name[:60]) if name else "a document without a name"

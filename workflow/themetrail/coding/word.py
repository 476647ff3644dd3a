"""Read a Word document whose comments are codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from themetrail.coding.model import CodedFile, Copy, FoundCode, Mark
from themetrail.errors import InputError
from themetrail.strangers import Archive, parse_xml, tag

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element

# Dedoose heads its comments with offsets of its own text, which the document is not.
_DEDOOSE = re.compile(r"^Codes \(\d+-\d+\)$")
# Tracked moves stand twice, where they were and where they are; text boxes are no interview, and
# stand twice as well.
_ASIDE = ("moveFrom", "txbxContent", "Fallback", "pPr", "rPr")
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


def read_word(data: bytes, file: str, source: str = "") -> CodedFile:
    """Read a document: each line of a comment is a code on the words that it is tied to.

    A line's words after a colon are the coder's memo.

    Raises
    ------
    InputError
        It is no safe or whole document.
    """
    archive = Archive(data)
    body = archive.read("word/document.xml")
    if body is None:
        message = "a Word document without a text"
        raise InputError(message)
    found = CodedFile(file, "docx")
    content, spans = _text(parse_xml(body))
    found.texts[source or " "] = Copy(source, content)
    comments = archive.read("word/comments.xml")
    if comments is None:
        found.problems.add(
            "warning",
            "no_comments",
            file,
            "a Word document without comments: no codings in it",
            "Write codes as comments on the words, or send the file of the program in which the "
            "coding was done.",
        )
        return found
    replies = _replies(archive)
    answered = 0
    for number, comment in enumerate(parse_xml(comments).iter("{*}comment"), start=1):
        if any(_attribute(p, "}paraId") in replies for p in comment.iter("{*}p")):
            answered += 1
        else:
            _read_comment(number, comment, content, spans, source, found)
    if answered:
        message = f"{answered} answers to comments: talk between coders, not codings"
        found.problems.add("note", "not_used", file, message)
    found.codes = [FoundCode(c, (c,)) for c in dict.fromkeys(m.code for m in found.marks)]
    found.users = list(dict.fromkeys(m.user for m in found.marks if m.user))
    return found


def _replies(archive: Archive) -> set[str]:
    """Paragraphs, by their ids, that end a comment which answers another."""
    threads = archive.read("word/commentsExtended.xml")
    if threads is None:
        return set()
    return {
        _attribute(comment, "}paraId")
        for comment in parse_xml(threads).iter("{*}commentEx")
        if _attribute(comment, "}paraIdParent")
    } - {""}


def _attribute(element: Element, name: str) -> str:
    """An attribute by its name without namespace."""
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith(name)), "")


def _text(root: Element) -> tuple[str, dict[str, tuple[int, int]]]:
    """The document's text, a line a paragraph, and where each comment begins and ends."""
    parts: list[str] = []
    length = 0
    starts: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for element in _said(root):
        name, piece = tag(element), ""
        if name == "p" and parts:
            piece = "\n"
        elif name == "t":
            piece = element.text or ""
        elif name in _MARKS:
            piece = _MARKS[name]
        elif name == "commentRangeStart":
            starts[_attribute(element, "}id")] = length
        elif name == "commentRangeEnd":
            key = _attribute(element, "}id")
            spans[key] = starts.get(key, length), length
        if piece:
            parts.append(piece)
            length += len(piece)
    return "".join(parts), spans


def _said(root: Element) -> Iterator[Element]:
    """The elements in order, without what the page does not show and what intake does not read."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(child for child in reversed(element) if tag(child) not in _ASIDE)


def _read_comment(
    number: int,
    comment: Element,
    content: str,
    spans: dict[str, tuple[int, int]],
    source: str,
    found: CodedFile,
) -> None:
    """One comment, a mark for each of its codes."""
    lines = [
        "".join(t.text or "" for t in paragraph.iter("{*}t")).strip()
        for paragraph in comment.iter("{*}p")
    ]
    codes = [
        code.strip()
        for line in lines
        if line and not _DEDOOSE.match(line)
        for code in line.split(";")
        if code.strip()
    ]
    start, end = spans.get(_attribute(comment, "}id"), (0, 0))
    while start < end and content[start].isspace():
        start += 1
    if start >= end or not codes:
        message = "a comment without words of its own: not a coding"
        if codes:
            message = f"the comment {codes[0][:60]!r} is tied to no words of the text: not a coding"
        remedy = "Select words of the text, not of a footnote or a text box, and comment on them."
        found.problems.add("warning", "not_coded", found.file, message, remedy, line=number)
        return
    for code in codes:
        head, _, memo = code.partition(":")
        found.marks.append(
            Mark(
                row=number,
                source=source,
                code=head.strip() or code,
                user=_attribute(comment, "}author"),
                start=start,
                end=end,
                quote=content[start:end],
                memo=memo.strip(),
                coded_at=_attribute(comment, "}date"),
                copy=source or " ",
                aliases=(code,),
            )
        )

"""Files of programs that the package reads and does not write: QualCoder's and Word's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from themetrail.coding.model import FoundCode
from themetrail.coding.project import Coded
from themetrail.coding.write_refi import packed

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def qualcoder_project(
    texts: Mapping[str, str], codes: Iterable[FoundCode], codings: Iterable[Coded]
) -> bytes:
    """A QualCoder project's database."""
    connection = sqlite3.connect(":memory:")
    for statement in (
        "CREATE TABLE source (id integer primary key, name text, fulltext text)",
        "CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer)",
        "CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, "
        "pos0 integer, pos1 integer, owner text, date text, memo text)",
    ):
        connection.execute(statement)
    sources = {name: number for number, name in enumerate(texts, 1)}
    names = {code.name: number for number, code in enumerate(codes, 1)}
    connection.executemany(
        "INSERT INTO source VALUES (?, ?, ?)",
        [(sources[name], f"{name}.txt", text) for name, text in texts.items()],
    )
    connection.executemany(
        "INSERT INTO code_name VALUES (?, ?, '', null)", [(n, name) for name, n in names.items()]
    )
    connection.executemany(
        "INSERT INTO code_text VALUES (null, ?, ?, ?, ?, ?, 'x', '', ?)",
        [
            (names[c.code], sources[c.source], texts[c.source][c.start : c.end], c.start, c.end,
             c.memo)
            for c in codings
        ],
    )  # fmt: skip
    connection.commit()
    return bytes(connection.serialize())


def word_document(text: str, codings: Sequence[Coded]) -> bytes:
    """A Word document of a text whose codings are comments, a line break a paragraph."""
    marks: dict[int, list[str]] = {}
    for number, coding in enumerate(codings):
        assert coding.start is not None
        assert coding.end is not None
        marks.setdefault(coding.start, []).append(f'<w:commentRangeStart w:id="{number}"/>')
        marks.setdefault(coding.end, []).insert(0, f'<w:commentRangeEnd w:id="{number}"/>')
    cuts = sorted({0, len(text), *marks, *(at for at, char in enumerate(text) if char == "\n")})
    body = []
    for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        body += marks.get(begin, [])
        words = text[begin:end]
        if words.startswith("\n"):
            body.append("</w:p><w:p>")
            words = words[1:]
        if words:
            body.append(f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>')
    notes = "".join(
        f'<w:comment w:id="{number}" w:author={quoteattr(coding.coder)}><w:p><w:r><w:t>'
        f"{escape(coding.code)}</w:t></w:r></w:p></w:comment>"
        for number, coding in enumerate(codings)
    )
    inside = f"<w:body><w:p>{''.join(body)}</w:p></w:body>"
    return packed(
        {
            "word/document.xml": f"<w:document {_W}>{inside}</w:document>".encode(),
            "word/comments.xml": f"<w:comments {_W}>{notes}</w:comments>".encode(),
        }
    )

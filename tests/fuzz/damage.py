"""Damage files so that the damage arrives: past the archive, the database and the XML around it."""

from __future__ import annotations

import io
import random
import sqlite3
import zipfile
from collections.abc import Callable
from typing import Any

Scramble = Callable[[bytes], bytes]

TOKENS = (
    b"<", b">", b"&", b"&#0;", b"&#x10FFFF;", b"&amp;", b"]]>", b"<![CDATA[", b"<!--", b"<?x?>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1b",
    b'"', b"'", b",", b";", b"\t", b"\r", b"\r\n", b"\n\n", b":", b": ", b"-1", b"0", b"1", b"=1+1",
    b"9" * 40, b"1e999", b"nan", b"yes", b"-->", b"00:00:01.000 --> 00:00:02.000", b"[[", b"]]",
    b"[[uid=1]]", b"{\\rtf1", b"\\u-1?", b"\\bin9999 ", b"{\\*", b"}", b"\\'ff", b"../../x",
    b"internal://", b"absolute:///etc/hostname", b"file:///etc/hostname", b"C:\\x",
    "é".encode(), "e\u0301".encode(), "🙂".encode(), "\u200f\u202e".encode(), "“’–…".encode(),
    "\u2028\u0085".encode(), "٣".encode(), b"\xed\xa0\x80", b"\xc3", b"<b>", b"<table><tr><td>",
    b"</w:p>", b"P1: ", b"Yes. ", b"A01", b"workload", b"(", b"*", b"\\", b"%s", b"{}", b" " * 300,
    b"Interviewer: ", b"12:30 ", b"<v P1>", b"WEBVTT\n\n", b"NOTE ", b"/Length 99999", b"stream",
)  # fmt: skip
_MOST = 1 << 18
_XML = (b"<", b"\xef\xbb\xbf<")


def scrambler(rng: random.Random) -> Scramble:
    """Give a plain change of bytes: changed, doubled, cut, or something nasty put in."""

    def scramble(data: bytes) -> bytes:
        raw = bytearray(data or b"x")
        for _ in range(rng.choice((1, 1, 2, 4))):
            at, length = rng.randrange(len(raw) + 1), rng.choice((1, 2, 8, 64, 512))
            change = rng.randrange(7)
            if change == 0:
                raw[at : at + length] = rng.randbytes(length)
            elif change == 1:
                raw[at:at] = raw[at : at + length]
            elif change == 2:
                del raw[at : at + length]
            elif change == 3:
                raw[at : at + rng.choice((0, 1, length))] = rng.choice(TOKENS)
            elif change == 4:
                raw[at:at] = rng.choice(TOKENS) * rng.choice((1, 3, 50))
            elif change == 5:
                raw = bytearray(b"\n".join(_shuffled(bytes(raw).split(b"\n"), rng)))
            elif rng.random() < 0.2:
                del raw[at:]
        return bytes(raw[:_MOST])

    return scramble


def _shuffled(pieces: list[bytes], rng: random.Random) -> list[bytes]:
    """The pieces with one moved, doubled, dropped, or joined to another's end."""
    at, to = rng.randrange(len(pieces)), rng.randrange(len(pieces))
    taken = pieces[at]
    if rng.random() < 0.6:
        pieces = pieces[:at] + pieces[at + 1 :]
    if rng.random() < 0.8:
        pieces = [*pieces[:to], *([taken] * rng.choice((1, 1, 1, 20))), *pieces[to:]]
    return pieces


def damaged(data: bytes, rng: random.Random, scramble: Scramble) -> bytes:
    """A damaged copy: in nine of ten inside what holds the content, where it is known."""
    if rng.random() < 0.1:
        return scramble(data)
    if data.startswith(b"PK"):
        return _inside_archive(data, rng, scramble)
    if data.startswith(b"SQLite format 3\0"):
        return _inside_database(data, rng, scramble)
    if data.lstrip().startswith(_XML) and rng.random() < 0.6:
        return _inside_xml(data, rng, scramble)
    return scramble(data)


def packed(members: dict[str, bytes]) -> bytes:
    """A zip archive of the members, stored as they are and always alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _inside_archive(data: bytes, rng: random.Random, scramble: Scramble) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST:
                return scramble(data)
            members = {name: archive.read(name) for name in archive.namelist()}
        name = rng.choice(sorted(members))
        change = rng.random()
        if change < 0.9:
            members[name] = damaged(members[name], rng, scramble)
        elif change < 0.95:
            del members[name]
        else:
            other = scramble(name.encode()).decode("utf-8", "replace")[:200] or "x"
            members[other] = members.pop(name)
        return packed(members)
    except Exception:  # noqa: BLE001  # damaged already, in whatever way
        return scramble(data)


def _inside_database(data: bytes, rng: random.Random, scramble: Scramble) -> bytes:
    """One cell, row, table or statement of a database changed."""
    try:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(data)
        schema = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        table = rng.choice([row[0] for row in connection.execute(schema)])
        columns = [r[1] for r in connection.execute("SELECT * FROM pragma_table_info(?)", (table,))]
        column = rng.choice(columns)
        rows = connection.execute(f'SELECT rowid, "{column}" FROM "{table}"').fetchall()
        change = rng.random()
        if change < 0.8 and rows:
            row, old = rng.choice(rows)
            connection.execute(
                f'UPDATE OR REPLACE "{table}" SET "{column}" = ? WHERE rowid = ?',
                (_cell(old, rng, scramble), row),
            )
        elif change < 0.9:
            connection.execute(
                f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}" ORDER BY rowid DESC'
            )
        else:
            connection.execute(rng.choice(_STATEMENTS).format(table=table, column=column))
        connection.commit()
        return bytes(connection.serialize())
    except Exception:  # noqa: BLE001  # damaged already, in whatever way
        return scramble(data)


_STATEMENTS = (
    'DROP TABLE "{table}"',
    'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO other',
    'ALTER TABLE "{table}" ADD COLUMN memo TEXT DEFAULT 7',
    'DELETE FROM "{table}"',
    'ALTER TABLE "{table}" RENAME TO "old"',
)


def _cell(old: Any, rng: random.Random, scramble: Scramble) -> Any:
    """Another value: nothing, a number of any size, bytes, or the old text damaged."""
    change = rng.random()
    if change < 0.3:
        return rng.choice(
            (None, -1, 0, 1, 5, 2**31, 2**63 - 1, -(2**63), 1.5, float("inf"), "", b"\xff")
        )
    if isinstance(old, int) and change < 0.8:
        return old + rng.choice((-2, -1, 1, 2, 10, 1000)) if abs(old) < 2**62 else 0
    text = scramble(str(old).encode("utf-8", "replace"))
    return text if change > 0.97 else text.decode("utf-8", "replace")


def _inside_xml(data: bytes, rng: random.Random, scramble: Scramble) -> bytes:
    """One element, attribute or text of an XML file changed."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        elements = [e for e in root.iter() if isinstance(e.tag, str)]
        element, other = rng.choice(elements), rng.choice(elements)
        change = rng.randrange(7)
        if change <= 1 and element.attrib:
            name = rng.choice(sorted(map(str, element.attrib)))
            element.set(name, _text(str(element.get(name)), rng, scramble))
        elif change == 2:
            element.text = _text(element.text or "", rng, scramble)
        elif change == 3 and element.getparent() is not None:
            element.getparent().remove(element)
        elif change == 4:
            copy = etree.fromstring(etree.tostring(element, with_tail=False))
            other.insert(rng.randrange(len(other) + 1), copy)
        elif change == 5:
            element.tag = other.tag
        elif element.attrib:
            del element.attrib[rng.choice(sorted(map(str, element.attrib)))]
        return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))
    except Exception:  # noqa: BLE001  # damaged already, in whatever way
        return scramble(data)


def _text(old: str, rng: random.Random, scramble: Scramble) -> str:
    if old.lstrip("-").isdigit() and len(old) < 10 and rng.random() < 0.6:
        return str(int(old) + rng.choice((-3, -1, 1, 2, 10, 10**6)))
    new = scramble(old.encode("utf-8", "replace")).decode("utf-8", "replace")
    return "".join(char for char in new if char in "\t\n\r" or " " <= char <= "\ufffd")

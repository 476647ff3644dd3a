"""Damaged files of every kind: read or refused, never a crash, never a hang."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from themetrail.coding.convert import write_project
from themetrail.coding.files import read_file
from themetrail.coding.model import FoundCode
from themetrail.coding.project import Coded, Project
from themetrail.coding.write_refi import packed

SEED = Project(
    "study",
    {"A01": "P1: Nobody asked us 🙂.\nP1: Café, yes.", "A02": "P2: No."},
    [FoundCode("workload", ("f", "workload"), "much"), FoundCode("other", ("other",))],
    [Coded("A01", "workload", "ann", 4, 20, memo="m"), Coded("A02", "other", "bob", 4, 7)],
)
BOMBS = (b"<", b">", b"&#0;", b"\0", b"\xff\xfe", b'"', b"]]>", b"<!DOCTYPE a>", b"-1", b"9" * 40)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The bytes with some of them changed, doubled, cut out or replaced by something nasty."""
    raw = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(raw) + 1)
        length = rng.choice((1, 2, 8, 64, 512))
        change = rng.randrange(5)
        if change == 0:
            raw[at : at + length] = bytes(rng.randrange(256) for _ in range(length))
        elif change == 1:
            raw[at:at] = raw[at : at + length]
        elif change == 2:
            del raw[at : at + length]
        elif change == 3:
            raw[at : at + rng.choice((0, 1, length))] = rng.choice(BOMBS)
        else:
            del raw[at:]
        if not raw:
            raw = bytearray(b"x")
    return bytes(raw)


def mutated_inside(data: bytes, rng: random.Random) -> bytes:
    """An archive of which one member is changed, so that the damage gets past the zip's check."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(members))
    members[name] = mutated(members[name], rng)
    return packed(members)


def word_document() -> bytes:
    """A Word document with a comment."""
    ns = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        b"<w:document "
        + ns
        + b'><w:body><w:p><w:commentRangeStart w:id="0"/><w:r><w:t>Nobody asked'
        b'</w:t></w:r><w:commentRangeEnd w:id="0"/></w:p></w:body></w:document>'
    )
    note = (
        b"<w:comments " + ns + b'><w:comment w:id="0" w:author="a"><w:p><w:r><w:t>workload</w:t>'
        b"</w:r></w:p></w:comment></w:comments>"
    )
    return packed({"word/document.xml": body, "word/comments.xml": note})


@pytest.mark.parametrize(
    "extension", [".csv", ".tsv", ".xlsx", ".qdpx", ".qdc", ".sqlite3", ".rock", ".docx"]
)
@pytest.mark.parametrize("how", [mutated, mutated_inside], ids=["bytes", "members"])
def test_damaged_files_are_survived(
    tmp_path: Path, extension: str, how: Callable[[bytes, random.Random], bytes]
) -> None:
    """Whatever is done to a file, reading it ends, with codings or with problems."""
    seed = tmp_path / f"seed{extension}"
    if extension == ".docx":
        seed.write_bytes(word_document())
    else:
        write_project(SEED, seed)
    data = seed.read_bytes()
    if how is mutated_inside and not zipfile.is_zipfile(seed):
        return
    path = tmp_path / f"ann{extension}"
    for number in range(60):
        path.write_bytes(how(data, random.Random(f"{extension}{number}")))
        found = read_file(path, path.name, "A01")
        assert not [p for p in found.problems if "no reader expects" in p.message]
        for mark in found.marks:
            assert mark.start is None or mark.end is None or mark.start < mark.end or not mark.copy

"""Whether anything of a person is left in a folder: ids, and words that only they said.

Every byte is looked at as a reader of the file would see it: archives are unpacked, tables,
pages and PDF read, what is embedded in pages decoded.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SHINGLE = 8
#: a shorter turn is looked for as a whole, unless it has fewer words than this
SHORTEST = 4
DEEPEST = 4
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_EMBEDDED = re.compile(r"[A-Za-z0-9+/]{120,}={0,2}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: a place in a sheet (A1:N2) is no id
_CELL = re.compile(r'="\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?"')
_BINARY = (b"\x89PNG", b"wOF", b"\x00\x01\x00\x00", b"OTTO", b"\xff\xd8\xff")


@dataclass(frozen=True)
class Person:
    """What is looked for: ids as whole words, and runs of words."""

    ids: frozenset[str]
    shingles: frozenset[tuple[str, ...]]


@dataclass(frozen=True, order=True)
class Trace:
    """Where something was found, and what: an id, or words. Never the id or the words."""

    where: str
    what: str


def words_of(text: str) -> list[str]:
    """Words of a text without case: letters and digits."""
    return _WORD.findall(text.casefold())


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of eight words; a shorter text of at least four as a whole.

    >>> sorted(shingles("We had no time for it"))
    [('we', 'had', 'no', 'time', 'for', 'it')]
    """
    words = words_of(text)
    if len(words) < SHORTEST:
        return set()
    size = min(SHINGLE, len(words))
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}


def person(ids: Iterable[str], said: Iterable[str], others: Iterable[str]) -> Person:
    """What is only theirs: words that nobody else said too.

    Parameters
    ----------
    ids : of the person and of transcripts that are theirs alone.
    said : the person's turns.
    others : everything else that was said in the study.
    """
    theirs = {shingle for text in said for shingle in shingles(text)}
    shared: set[tuple[str, ...]] = set()
    sizes = {len(shingle) for shingle in theirs}
    for text in others:
        shared |= _runs(words_of(text), sizes) & theirs
    return Person(frozenset(ids), frozenset(theirs - shared))


def _runs(words: list[str], sizes: Iterable[int]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + n]) for n in sizes for at in range(len(words) - n + 1)}


# ------------------------------------------------------------------ reading anything
def texts_of(data: bytes, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text in a file, with the name of the member or part that holds it."""
    if depth > DEEPEST:
        yield name, data.decode("utf-8", "replace")
    elif data.startswith(b"PK\x03\x04"):
        yield from _of_archive(data, name, depth)
    elif data.startswith(b"\x1f\x8b"):
        try:
            yield from texts_of(gzip.decompress(data), f"{name}, unpacked", depth + 1)
        except (OSError, EOFError, zlib.error):
            yield name, data.decode("utf-8", "replace")
    elif data.startswith(b"%PDF"):
        yield name, _of_pdf(data)
    elif data.startswith(b"PAR1"):
        yield name, _of_parquet(data)
    elif data.startswith(b"SQLite format 3\0"):
        yield name, _of_database(data)
    elif data.startswith(_BINARY):
        yield name, _readable(data)
    else:
        yield from _of_text(data.decode("utf-8", "replace"), name, depth)


def _of_archive(data: bytes, name: str, depth: int) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            inner = f"{name}, {entry.filename}"
            yield inner, entry.filename
            yield from texts_of(archive.read(entry), inner, depth + 1)


def _of_text(text: str, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """A text as it is and as a page shows it; what is embedded in it decoded."""
    for found in _EMBEDDED.findall(text):
        inner = _decoded(found)
        if inner is not None:
            yield from texts_of(inner, f"{name}, embedded", depth + 1)
    rest = _EMBEDDED.sub(" ", text)
    if ", xl/" in name:
        rest = _CELL.sub(" ", rest)
    yield name, _ESCAPE.sub(lambda match: chr(int(match[1], 16)), rest.replace("\\n", "\n"))
    if '"pandoc-api-version"' in rest:
        yield name, _of_document(text)
    if "<" in rest:
        yield name, html.unescape(_TAG.sub(" ", rest))
        yield name, html.unescape(_TAG.sub("", rest))


def _of_document(text: str) -> str:
    """The words of a Pandoc document, in which each stands by itself."""
    from themetrail.report import ast

    try:
        return ast.text_of(json.loads(text)["blocks"])
    except (ValueError, KeyError, TypeError, IndexError):
        return ""


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None


def _of_pdf(data: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    said = [page.extract_text() for page in reader.pages]
    return "\n".join([*said, *map(str, (reader.metadata or {}).values())])


def _of_parquet(data: bytes) -> str:
    """Every cell, and what the file says of itself."""
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    cells = (str(cell) for column in table.columns for cell in column.to_pylist())
    return "\n".join([*table.column_names, str(table.schema.metadata), *cells])


def _of_database(data: bytes) -> str:
    """Every cell of every table; names of tables and columns too."""
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        return "\n".join(database.iterdump())


def _readable(data: bytes) -> str:
    """Runs of printable characters in a picture or font: what it says of itself.

    Compressed parts look like letters by chance, so short runs are left out.
    """
    return "\n".join(run.decode("ascii") for run in re.findall(rb"[\x20-\x7e]{12,}", data))


# ------------------------------------------------------------------ looking
def search(root: Path, tops: Iterable[str], who: Person) -> tuple[list[Trace], int]:
    """Every trace of a person in files, file names and records; how many files were looked at."""
    found: set[Trace] = set()
    looked_at = 0
    for top in tops:
        for file in sorted((root / top).rglob("*")):
            where = file.relative_to(root).as_posix()
            if _names(where, who):
                found.add(Trace(_masked(where, who), "an id in the name"))
            if file.is_file() and not file.is_symlink():
                looked_at += 1
                found |= set(_in_file(file, _masked(where, who), who))
    return sorted(found), looked_at


def _in_file(file: Path, where: str, who: Person) -> Iterator[Trace]:
    if _names(_record_name(file), who):
        yield Trace(where, "an id in the name")
    try:
        for part, text in texts_of(file.read_bytes(), where):
            yield from _in_text(part, text, who)
    except Exception as error:  # noqa: BLE001  # what can't be read can't be vouched for
        yield Trace(where, f"could not be looked into ({type(error).__name__})")


def _record_name(file: Path) -> str:
    """The name of an output whose record Snakemake keeps under its name in base 64."""
    if "metadata" not in file.parts:
        return ""
    return (_decoded(file.name) or b"").decode("utf-8", "replace")


def _in_text(where: str, text: str, who: Person) -> Iterator[Trace]:
    if _names(text, who):
        yield Trace(_masked(where, who), "an id")
    words = words_of(text)
    if any(_runs(words, {size}) & who.shingles for size in {len(s) for s in who.shingles}):
        yield Trace(_masked(where, who), "words of the person")


def _pattern(who: Person) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(who.ids)))})(?!\w)")


def _names(text: str, who: Person) -> bool:
    return bool(who.ids) and _pattern(who).search(text) is not None


def _masked(text: str, who: Person) -> str:
    return _pattern(who).sub("…", text) if who.ids else text

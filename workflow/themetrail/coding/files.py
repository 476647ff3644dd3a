"""Read a coder's file of any kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from themetrail.coding.archive import MOST_BYTES
from themetrail.coding.kinds import BY_EXTENSION, CALLED, REMEDY, kind_of
from themetrail.coding.longform import read_long_form
from themetrail.coding.model import CodedFile
from themetrail.coding.sheets import read_delimited, read_workbook
from themetrail.errors import InputError, did_you_mean

_LEFT_BEHIND = ("~$", ".", "Thumbs.db", "desktop.ini", "README")


def coder_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each coder's file or files: the coder's name as the files' place has it, and the path."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_LEFT_BEHIND) or path.is_symlink():
            continue
        if path.is_dir() and path.suffix.casefold() != ".qda":
            for inner in sorted(path.iterdir()):
                if not inner.name.startswith(_LEFT_BEHIND) and not inner.is_symlink():
                    yield path.name, inner
        else:
            yield path.stem, path


def read_file(path: Path, file: str) -> CodedFile:
    """Read one file; whatever is wrong with it is among its problems.

    Parameters
    ----------
    path : where it is.
    file : how it is named in problems.
    """
    found = CodedFile(file)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        found.problems.add("error", "unreadable", file, f"can't be read: {error.strerror}")
        return found
    if size > MOST_BYTES:
        found.problems.add(
            "error", "unreadable", file, f"larger than {MOST_BYTES // 2**20} MB: not read"
        )
        return found
    extension = path.suffix.casefold()
    kind = kind_of(data)
    expected = BY_EXTENSION.get(extension)
    if expected is None:
        found.problems.add(
            "error",
            "unknown_format",
            file,
            f"{CALLED[kind]} with the extension {extension[:20]!r}: no format that codings come in",
            did_you_mean(extension, BY_EXTENSION) or REMEDY.get(kind, ""),
        )
        return found
    if kind != expected:
        found.problems.add(
            "error",
            "wrong_kind",
            file,
            f"named {extension} but is {CALLED[kind]}",
            REMEDY.get(kind, f"Give it the extension of what it is, or save it as {extension}."),
        )
        return found
    try:
        return _read(data, kind, extension, file)
    except InputError as error:
        found.problems.add(
            "error",
            "unreadable",
            file,
            f"{CALLED[kind]} that can't be used: {error}",
            "Export or save the file again from the program in which the coding was done.",
        )
        return found


def _read(data: bytes, kind: str, extension: str, file: str) -> CodedFile:
    """Hand the bytes to the reader of their kind."""
    if kind in ("qdpx", "qde"):
        from themetrail.coding.qdpx import read_project, read_qdpx

        return read_qdpx(data, file) if kind == "qdpx" else read_project(data, file)
    found = CodedFile(file, extension.removeprefix("."))
    if kind == "text":
        read_long_form(read_delimited(data, file, tabs=extension in (".tsv", ".tab")), found)
        return found
    if kind == "xlsx":
        for sheet in read_workbook(data):
            read_long_form(sheet, found)
        return found
    message = "no reader for this kind"
    raise InputError(message)

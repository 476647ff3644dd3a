"""Read a coder's file of any kind."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from themetrail.coding.grid import is_grid, read_grid
from themetrail.coding.kinds import BY_EXTENSION, CALLED, EXTENSIONS, INSTEAD, REMEDY, kind_of
from themetrail.coding.longform import is_long_form, read_long_form
from themetrail.coding.model import CodedFile
from themetrail.coding.sheets import Sheet, read_delimited, read_workbook
from themetrail.errors import InputError, did_you_mean
from themetrail.strangers import MOST_BYTES

_AGAIN = "Export or save the file again from the program in which the coding was done."
_LEFT_BEHIND = ("~$", ".", "Thumbs.db", "desktop.ini", "README")


def coder_files(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Each coder's file or files.

    Yields
    ------
    coder : the name that the file's place gives: its folder's, else its stem.
    path : the file, or a QualCoder project's folder.
    source : the document that a file is about where it is one of several in a coder's folder.
    """
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_LEFT_BEHIND) or path.is_symlink():
            continue
        if path.is_dir() and path.suffix.casefold() != ".qda":
            for inner in sorted(path.iterdir()):
                if not inner.name.startswith(_LEFT_BEHIND) and not inner.is_symlink():
                    yield path.name, inner, inner.stem
        else:
            yield path.stem, path, ""


def read_file(path: Path, file: str, source: str = "") -> CodedFile:
    """Read one file; whatever is wrong with it is among its problems.

    Parameters
    ----------
    path : where it is; a QualCoder project may be a folder.
    file : how it is named in problems.
    source : the document that it is about, where the file itself does not say.
    """
    place = path / "data.qda" if path.is_dir() else path
    extension = place.suffix.casefold()
    doubt = _odd_folder(path) if path.is_dir() else None
    try:
        if doubt is None:
            data = _bytes_of(place)
            kind = kind_of(data)
            doubt = _doubt(kind, extension)
            if doubt is None:
                return _read(data, kind, extension, file, source)
    except InputError as error:
        doubt = ("unreadable", f"can't be used: {error}", _AGAIN)
    except OSError as error:
        doubt = ("unreadable", f"can't be read: {error.strerror}", "")
    except Exception as error:  # noqa: BLE001  # a stranger's file must not stop the others'
        doubt = ("unreadable", f"damaged as no reader expects ({type(error).__name__})", _AGAIN)
    found = CodedFile(file)
    found.problems.add("error", doubt[0], file, doubt[1], doubt[2])
    return found


def _odd_folder(path: Path) -> tuple[str, str, str] | None:
    """What is wrong with a folder that is no QualCoder project: slug, message and remedy."""
    if path.suffix.casefold() != ".qda":
        message = "a folder within a coder's folder, which is not looked into"
        return "unreadable", message, "Move its files up, into the coder's folder."
    if not (path / "data.qda").exists():
        message = "a folder called as QualCoder's projects are, without data.qda in it"
        return "unreadable", message, "Copy the whole folder again, or send it zipped."
    return None


def _bytes_of(path: Path) -> bytes:
    """The bytes of a regular file of a size that codings may have."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        message = "not a file"
        raise InputError(message)
    if status.st_size > MOST_BYTES:
        message = f"larger than {MOST_BYTES // 2**20} MB"
        raise InputError(message)
    return path.read_bytes()


def _doubt(kind: str, extension: str) -> tuple[str, str, str] | None:
    """What is wrong with the kind of a file under its name: slug, message and remedy."""
    expected = BY_EXTENSION.get(extension)
    if expected is None:
        message = f"{CALLED[kind]} (extension {extension[:20]!r}): codings don't come in this form"
        remedy = INSTEAD.get(extension) or REMEDY.get(kind) or did_you_mean(extension, BY_EXTENSION)
        return "unknown_format", message, remedy
    if kind == expected:
        return None
    remedy = f"Export or save the codings as {extension} once more."
    if kind in EXTENSIONS:
        remedy = f"If these are the codings, give it the extension {EXTENSIONS[kind]}."
    return "wrong_kind", f"named {extension} but is {CALLED[kind]}", REMEDY.get(kind, remedy)


def _read(data: bytes, kind: str, extension: str, file: str, source: str) -> CodedFile:
    """Hand the bytes to the reader of their kind."""
    if kind in ("qdpx", "qde"):
        from themetrail.coding.qdpx import read_project, read_qdpx

        return read_qdpx(data, file) if kind == "qdpx" else read_project(data, file)
    if kind == "qdc":
        return _read_codebook(data, file)
    if kind == "taguette":
        from themetrail.coding.taguette import read_taguette

        return read_taguette(data, file)
    if kind == "qualcoder":
        from themetrail.coding.qualcoder import read_qualcoder, read_qualcoder_archive

        read = read_qualcoder_archive if data.startswith(b"PK") else read_qualcoder
        return read(data, file)
    if kind == "docx":
        from themetrail.coding.word import read_word

        return read_word(data, file, source)
    if extension == ".rock":
        from themetrail.coding.rock import read_rock

        return read_rock(data, file, source)
    found = CodedFile(file, extension.removeprefix("."))
    if kind == "xlsx":
        _read_sheets(read_workbook(data, file), found)
    else:
        _read_sheet(read_delimited(data, file, tabs=extension in (".tsv", ".tab")), found)
    return found


def _read_sheet(sheet: Sheet, found: CodedFile) -> None:
    """A sheet of ratings, or else of codings."""
    if is_grid(sheet):
        read_grid(sheet, found)
    else:
        read_long_form(sheet, found)


def _read_sheets(sheets: Sequence[Sheet], found: CodedFile) -> None:
    """Every sheet that holds codings or ratings; where none does, the first says what it lacks."""
    coded = [sheet for sheet in sheets if is_grid(sheet) or is_long_form(sheet.header)]
    for sheet in coded or sheets[:1]:
        _read_sheet(sheet, found)
    beside = [sheet.name for sheet in sheets if coded and sheet not in coded]
    if beside:
        found.problems.add(
            "note",
            "sheet_ignored",
            found.file,
            f"sheets without codings, not used: {', '.join(name[:40] for name in beside[:10])}",
        )


def _read_codebook(data: bytes, file: str) -> CodedFile:
    """A codebook alone: its codes, and no codings."""
    from themetrail.coding.qdpx import read_codes
    from themetrail.strangers import parse_xml

    found = CodedFile(file, "qdc")
    found.codes = list(read_codes(parse_xml(data)))
    found.problems.add(
        "note", "codebook_only", file, f"a codebook of {len(found.codes)} codes: no codings in it"
    )
    return found

"""Read CSV, TSV and XLSX into rows of text, each with its line."""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from themetrail.errors import InputError, Problems
from themetrail.strangers import Archive, decode

MOST_BYTES = 64 * 2**20
MOST_ROWS = 1_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_COLUMNS = 2_000
MOST_CELLS = 20_000_000
#: a character that XML can't hold, as a workbook writes it (ISO 29500-1, 22.9.2.19)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROLS = re.compile(r"[\x01-\x08\x0b-\x1f]")
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^<>]*)>\s*<f(?:[^<>]*/>|[^<>]*>[^<>]*</f>)\s*'
    rb"(?:<v\s*/>|<v></v>)?\s*</c>"
)


@dataclass
class Sheet:
    """One table: its header as the file has it, and its rows with their 1-based lines."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    header_line: int = 1
    name: str = ""
    problems: Problems = field(default_factory=Problems)


def read_delimited(data: bytes, file: str, *, tabs: bool = False) -> Sheet:
    """Read CSV or TSV: decoded, its delimiter found from its header.

    Raises
    ------
    InputError
        It can't be decoded, or has no header.
    """
    if len(data) > MOST_BYTES:
        message = f"a table of more than {MOST_BYTES // 2**20} MB"
        raise InputError(message)
    text, encoding = decode(data)
    problems = Problems()
    if encoding == "cp1252":
        problems.add(
            "note",
            "assumed_encoding",
            file,
            "not UTF-8; read as Windows-1252",
            "Save it as 'CSV UTF-8' to be sure.",
        )
    if "\0" in text:
        message = "NUL characters in it: not a text table"
        raise InputError(message)
    declared = text[:6].casefold().startswith("sep=")
    first_line = text.splitlines()[0] if text else ""
    delimiter = first_line[4:5] if declared else ("\t" if tabs else _delimiter(text))
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",", strict=True)
    line = 1
    try:
        for fields in reader:
            if len(rows) > MOST_ROWS:
                message = f"a table of more than {MOST_ROWS} rows"
                raise InputError(message)
            if any(cell.strip() for cell in fields) and not (declared and line == 1):
                rows.append((line, [plain_cell(cell) for cell in fields]))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(
            "error",
            "malformed_table",
            file,
            f"the row that begins here can't be read ({error}); nothing below it was",
            "Quote every field that holds a comma or a quotation mark, and double the marks in it.",
            line=line,
        )
    return _with_header(rows, problems)


def plain_cell(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula.

    >>> plain_cell("'=1+1"), plain_cell("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def _delimiter(text: str) -> str:
    """The delimiter that the first line with a text has most of, outside quotation marks."""
    head = next((row for row in text.splitlines() if row.strip()), "")
    bare = "".join(part for i, part in enumerate(head.split('"')) if i % 2 == 0)
    counts = {mark: bare.count(mark) for mark in (",", ";", "\t", "|")}
    return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","


def _with_header(rows: Sequence[tuple[int, list[str]]], problems: Problems) -> Sheet:
    if not rows:
        message = problems.errors[0].message if problems.errors else "no rows, not even a header"
        raise InputError(message)
    line, header = rows[0]
    if len(header) > MOST_COLUMNS:
        message = f"{len(header)} columns, more than {MOST_COLUMNS}"
        raise InputError(message)
    return Sheet([cell.strip() for cell in header], list(rows[1:]), line, "", problems)


def read_workbook(data: bytes, file: str = "") -> list[Sheet]:
    """Read the sheets of an XLSX workbook that hold anything, hidden ones too.

    Formulas count with the values that the program kept with them. Where it kept none there is
    a problem of the first sheet.

    Parameters
    ----------
    data, file : the bytes, and how the file is named in problems.

    Raises
    ------
    InputError
        It is damaged, or beyond reason, or no sheet holds anything.
    """
    uncomputed = _survey(data)
    import openpyxl

    try:
        with warnings.catch_warnings():
            # What openpyxl can't keep (styles, validation) is nothing that we read.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            found = [_worksheet(book[name], name, file) for name in book.sheetnames]
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever the damage meets
        message = f"a damaged workbook ({type(error).__name__}: {str(error)[:100]})"
        raise InputError(message) from error
    sheets = [sheet for sheet in found if sheet is not None]
    if not sheets:
        message = "no rows, not even a header"
        raise InputError(message)
    if uncomputed:
        sheets[0].problems.add(
            "error",
            "no_value",
            file,
            f"{len(uncomputed)} formulas without a value, the first in cell {uncomputed[0]}",
            "Open it in the spreadsheet program and save it, which computes them.",
        )
    return sheets


def _survey(data: bytes) -> list[str]:
    """Cells whose formula was never computed; an unsafe workbook is refused."""
    archive = Archive(data, MOST_BYTES)
    uncomputed: list[str] = []
    for name in archive.names:
        if not name.casefold().startswith("xl/media/"):
            part = archive.read(name) or b""
            if b"<!DOCTYPE" in part or b"<\0!\0D\0O\0C" in part:
                message = f"{name[:80]!r} has a document type declaration"
                raise InputError(message)
            cells = _UNCOMPUTED.finditer(part) if b"<f" in part else iter(())
            # A text may be computed to be empty.
            uncomputed += [c[1].decode() for c in cells if b't="str"' not in c[2]]
    return uncomputed


def _worksheet(sheet: Any, name: str, file: str) -> Sheet | None:
    if not hasattr(sheet, "iter_rows"):  # a chart has a sheet of its own
        return None
    # A sheet may claim any size; what it holds is what counts.
    sheet.reset_dimensions()
    rows = list(_rows(sheet.iter_rows(values_only=True), name))
    if not rows:
        return None
    found = _with_header(rows, Problems())
    found.name = name
    if getattr(sheet, "sheet_state", "visible") != "visible":
        found.problems.add(
            "note",
            "hidden_sheet",
            file,
            f"sheet {name[:40]!r} is hidden in the workbook: its {len(found.rows)} rows count",
            "Delete the sheet if they are not meant.",
        )
    return found


def _rows(values: Iterable[Sequence[Any]], name: str) -> Iterator[tuple[int, list[str]]]:
    cells_seen = 0
    for number, cells in enumerate(values, start=1):
        cells_seen += len(cells)
        if number > MOST_ROWS or cells_seen > MOST_CELLS:
            message = f"sheet {name[:40]!r} has more than {MOST_ROWS} rows or {MOST_CELLS} cells"
            raise InputError(message)
        texts = [cell_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if any(text.strip() for text in texts):
            yield number, texts


def cell_text(value: Any) -> str:
    """What a cell says, as one would type it.

    >>> cell_text(12.0), cell_text(None), cell_text(True)
    ('12', '', '1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time(0):
        return value.date().isoformat()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return unescaped(value) if isinstance(value, str) else str(value)


def unescaped(cell: str) -> str:
    r"""A text of a workbook with the characters that it writes by their number.

    >>> unescaped("one_x000D_\ntwo"), unescaped("_x005F_x000D_")
    ('one\r\ntwo', '_x000D_')
    """

    def character(match: re.Match[str]) -> str:
        number = int(match[1], 16)
        return match[0] if number == 0 or 0xD800 <= number < 0xE000 else chr(number)

    return _ESCAPED.sub(character, cell) if "_x" in cell else cell


def escaped(cell: str) -> str:
    r"""A text as a workbook can hold it: what ``unescaped`` gives back.

    >>> escaped("a\x01b"), escaped("_x000D_")
    ('a_x0001_b', '_x005F_x000D_')
    """
    told = re.sub(rf"_(?={_ESCAPED.pattern[1:]})", "_x005F_", cell)
    return _CONTROLS.sub(lambda match: f"_x{ord(match[0]):04X}_", told)

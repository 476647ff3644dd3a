"""Write codings as CSV, TSV or XLSX, one row a coding; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

from themetrail.coding.project import Project
from themetrail.coding.sheets import FORMULA, escaped
from themetrail.coding.write_refi import packed
from themetrail.errors import InputError

COLUMNS = (
    "transcript_id",
    "start",
    "end",
    "quote",
    "code",
    "memo",
    "coder",
    "coded_at",
)
MOST_CHARACTERS = 32_767
_CREATED = b"2000-01-01T00:00:00Z"


def rows_of(project: Project) -> list[list[str]]:
    """The codings as rows, in the order of source, place, code and coder."""
    rows = [
        [
            coding.source,
            "" if coding.start is None else str(coding.start),
            "" if coding.end is None else str(coding.end),
            project.words(coding),
            coding.code,
            coding.memo,
            coding.coder,
            coding.coded_at,
        ]
        for coding in sorted(
            project.codings, key=lambda c: (c.source, c.start or 0, c.end or 0, c.code, c.coder)
        )
    ]
    return [list(COLUMNS), *rows]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("yes")
    ("'=1+1", 'yes')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def delimited(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """CSV or TSV in UTF-8 with a byte order mark, without which Excel guesses the encoding."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig", "replace")


def workbook(rows: Sequence[Sequence[str]], title: str = "Codings") -> bytes:
    """An XLSX workbook of one sheet in which every cell is text."""
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row, start=1):
            made = sheet.cell(number, place)
            fitting = escaped(_fitting(cell, rows[0][place - 1]))
            made.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", fitting)
            made.data_type = "s"
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return _timeless(stream.getvalue())


def _fitting(cell: str, column: str) -> str:
    """The cell, if a cell can hold it; words may go, since the offsets say where they are."""
    if len(cell) <= MOST_CHARACTERS:
        return cell
    if column == "quote":
        return ""
    message = f"a {column} of {len(cell)} characters is more than a cell of a workbook holds"
    raise InputError(message)


def _timeless(data: bytes) -> bytes:
    """The workbook without the time at which it was written."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = members["docProps/core.xml"]
    for name in (b"created", b"modified"):
        head, opened, rest = core.partition(b"<dcterms:" + name)
        attributes, _, after = rest.partition(b">")
        _, closed, tail = after.partition(b"</dcterms:")
        core = head + opened + attributes + b">" + _CREATED + closed + tail
    members["docProps/core.xml"] = core
    return packed(members)

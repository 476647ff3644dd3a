"""The supplementary workbook: every table of the paper on a sheet, values at full precision."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.coding.write_refi import packed
from themetrail.report.ast import text_of, visible
from themetrail.report.paper_table import PaperTable, to_blocks, to_frame
from themetrail.tables import whole

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

CONTENTS = "Contents"
MOST_CHARACTERS = 32_767
CUT = " [… the cell is full]"
WIDEST = 60
# openpyxl writes the time of saving; the workbook is to depend on its content alone.
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://schemas.'
    b'openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def write(tables: Mapping[str, PaperTable], path: str | Path, *, notice: str = "") -> None:
    """Write the workbook, whole or not at all; the same tables give the same bytes.

    Text is text: no cell is a formula, a link or a number that it was not.

    Parameters
    ----------
    tables : by name, as ``paper_tables.build`` gives them.
    path : an ``.xlsx`` file.
    notice : a sentence on the first sheet, e.g. that the data are fictional.
    """
    import openpyxl

    book = openpyxl.Workbook()
    contents = book.worksheets[0]
    contents.title = CONTENTS
    rows = [(table.sheet, _caption(table), _notes(table)) for table in tables.values()]
    _fill(contents, [("Sheet", "Table", "Notes"), *rows])
    if notice:
        _put(contents, len(rows) + 3, 1, notice)
    for table in tables.values():
        frame = to_frame(table)
        values = [
            [None if value != value else value for value in row]
            for row in frame.astype("object").itertuples(index=False, name=None)
        ]
        _fill(book.create_sheet(table.sheet), [list(frame.columns), *values])
    stream = io.BytesIO()
    book.save(stream)
    with whole(path) as part:
        part.write_bytes(_timeless(stream.getvalue()))


def _caption(table: PaperTable) -> str:
    return text_of(to_blocks(table)[0]["c"][1])


def _notes(table: PaperTable) -> str:
    return text_of(to_blocks(table)[1:])


def _fill(sheet: Worksheet, rows: list[Any]) -> None:
    """Rows under a head that stays in sight and can be filtered."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            _put(sheet, number, place, value)
    for place in range(1, len(rows[0]) + 1):
        head = sheet.cell(1, place)
        head.font = Font(bold=True)
        longest = max(len(str(row[place - 1] or "")) for row in rows)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest, 8), WIDEST) + 2
        for number in range(1, len(rows) + 1):
            sheet.cell(number, place).alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "B2"
    if len(rows) > 1:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """A number as a number, anything else as text."""
    cell = sheet.cell(row, column)
    if value is None or isinstance(value, int | float):
        cell.value = value
        return
    text = visible(str(value))
    cell.value = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(CUT)] + CUT
    cell.data_type = "s"


def _timeless(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["docProps/core.xml"] = _CORE
    return packed(members)

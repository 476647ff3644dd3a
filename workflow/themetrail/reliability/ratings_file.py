"""A table of ratings or spans from a CSV, TSV or Excel file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.coding.sheets import Sheet

MOST_BYTES = 500_000_000
UNIT_NAMES = frozenset({"", "unit", "unit_id", "units", "item", "item_id", "id", "case", "subject"})
SPAN_COLUMNS = ("coder", "start", "end", "code")


def read_table(path: Path) -> pd.DataFrame:
    """Read a file as text: no cell is interpreted, blank cells are ``""``.

    The index holds the line of each row.

    Raises
    ------
    InputError
        The file can't be read, is not rectangular, or names two columns alike.
    """
    import pandas as pd

    sheet = _sheet(path)
    width = len(sheet.header)
    for place, name in enumerate(sheet.header):
        if name in sheet.header[:place]:
            message = f"{path}:{sheet.header_line}: two columns are named {name!r}"
            raise InputError(message)
    lines, body = [], []
    for line, cells in sheet.rows:
        # A workbook ends a row at its last filled cell; a text file has every cell.
        found = [*cells, *[""] * (width - len(cells))] if _is_workbook(path) else cells
        if len(found) != width:
            message = f"{path}:{line}: {len(found)} cells, expected {width} as in the header"
            raise InputError(message)
        lines.append(line)
        body.append([cell.strip() for cell in found])
    return pd.DataFrame(body, columns=list(sheet.header), index=lines, dtype=object)


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xlsm")


def _sheet(path: Path) -> Sheet:
    """The file's table, through the coding stage's guarded readers."""
    from themetrail.coding.sheets import read_delimited, read_workbook

    try:
        if path.stat().st_size > MOST_BYTES:
            message = f"{path}: more than {MOST_BYTES} bytes"
            raise InputError(message)
        data = path.read_bytes()
    except OSError as error:
        message = f"{path}: can't be read: {error.strerror}"
        raise InputError(message) from error
    try:
        if _is_workbook(path):
            sheet = read_workbook(data)[0]
        else:
            sheet = read_delimited(data, str(path), tabs=path.suffix.lower() == ".tsv")
    except InputError as error:
        message = f"{path}: {error}"
        raise InputError(message) from error
    if sheet.problems.errors:
        raise InputError(str(sheet.problems.errors[0]))
    return sheet


def ratings_of(
    table: pd.DataFrame, path: Path, *, unit: str | None = None, cluster: str | None = None
) -> pd.DataFrame:
    """A ratings table from a file's: units as index, numbers where a whole table is numbers.

    Parameters
    ----------
    unit : the column of unit ids; the first where it is called ``unit``, ``id`` or the like.
    cluster : the column of clusters, which stays text.
    """
    for name in (unit, cluster):
        if name is not None and name not in table.columns:
            message = f"{path}: no column {name!r}. {did_you_mean(name, table.columns)}"
            raise InputError(message)
    first = str(table.columns[0])
    chosen = unit if unit is not None else first if first.lower() in UNIT_NAMES else None
    if chosen is not None and chosen != cluster:
        table = _indexed(table, chosen, path)
    coders = [name for name in table.columns if name != cluster]
    numbers = _numbers(table[coders])
    if numbers is not None:
        table = table.copy()
        table[coders] = numbers
    return table


def _indexed(table: pd.DataFrame, unit: str, path: Path) -> pd.DataFrame:
    """The table with its units as index; each once."""
    seen: dict[str, int] = {}
    for line, name in zip(table.index, table[unit], strict=True):
        if not name:
            message = f"{path}:{line}: the unit has no id in column {unit!r}"
            raise InputError(message)
        if name in seen:
            message = f"{path}:{line}: unit {name!r} stands on line {seen[name]} too"
            raise InputError(message)
        seen[name] = line
    return table.set_index(unit)


def _numbers(cells: pd.DataFrame) -> pd.DataFrame | None:
    """The cells as numbers where every one that is not blank is one; whole numbers as such."""

    def number(cell: str) -> float | int | None:
        return None if cell == "" else int(cell) if cell.lstrip("+-").isdigit() else float(cell)

    try:
        return cells.map(number).astype(object)
    except ValueError:
        return None


def spans_of(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """A table of spans from a file's: whole numbers for positions."""
    missing = [name for name in SPAN_COLUMNS if name not in table.columns]
    if missing:
        message = f"{path}: no column {missing[0]!r}; spans are {', '.join(SPAN_COLUMNS)}"
        raise InputError(message)
    table = table[list(SPAN_COLUMNS)].copy()
    for name in ("start", "end"):
        for line, cell in zip(table.index, table[name], strict=True):
            if not cell.lstrip("-").isdigit():
                message = f"{path}:{line}: {name} {cell!r} is no whole number"
                raise InputError(message)
        table[name] = table[name].map(int)
    return table.reset_index(drop=True)

"""Read 0/1 sheets: a row a segment, with a column for each code or for each coder."""

from __future__ import annotations

from collections.abc import Mapping

from themetrail.coding.longform import column_names
from themetrail.coding.model import CodedFile, FoundCode, Mark
from themetrail.coding.sheets import Sheet

_YES = frozenset({"1", "x", "yes", "y", "true", "✓"})
_NO = frozenset({"0", "no", "n", "false"})
# Columns that say which segment a row is; all others are judged ones.
_PLACE = ("transcript_id", "turn", "start", "end", "quote", "prefix", "suffix", "memo", "coded_at")
_ASIDE = frozenset({"unit", "unit_id", "segment_id", "id", "row", "no", "number", "speaker"})


def judged_columns(sheet: Sheet) -> dict[int, str]:
    """Columns that hold nothing but yes, no and blanks, and at least one yes or no."""
    known = {at for name, at in column_names(sheet.header).items() if name in (*_PLACE, "code")}
    columns: dict[int, str] = {}
    for at, name in enumerate(sheet.header):
        if not name or at in known or name.casefold() in _ASIDE:
            continue
        values = {cells[at].strip().casefold() for _, cells in sheet.rows if at < len(cells)} - {""}
        if values and values <= _YES | _NO:
            columns[at] = name
    return columns


def is_grid(sheet: Sheet) -> bool:
    """Whether a sheet rates segments rather than listing codings.

    Beside a column of codes, a single column of 0 and 1 may be any remark on a coding; several
    columns, and nothing else, are coders.
    """
    places = column_names(sheet.header)
    located = "turn" in places or "quote" in places or {"start", "end"} <= set(places)
    if "transcript_id" not in places or not located:
        return False
    columns = judged_columns(sheet)
    if "code" not in places:
        return bool(columns)
    known = {at for name, at in places.items() if name in (*_PLACE, "code")}
    others = [
        at
        for at, name in enumerate(sheet.header)
        if name and at not in known and name.casefold() not in _ASIDE
        if any(cells[at].strip() for _, cells in sheet.rows if at < len(cells))
    ]
    return len(columns) > 1 and len(columns) == len(others)


def read_grid(sheet: Sheet, found: CodedFile) -> None:
    """Add a sheet's codings; where a cell is blank, nobody judged."""
    found.problems.extend(sheet.problems)
    places = column_names(sheet.header)
    columns = judged_columns(sheet)
    by_coder = "code" in places
    blanks: dict[str, int] = {}
    for line, cells in sheet.rows:
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        for at, name in columns.items():
            cell = cells[at].strip().casefold() if at < len(cells) else ""
            coder = name if by_coder else ""
            if not cell:
                blanks[row["transcript_id"]] = blanks.get(row["transcript_id"], 0) + 1
                continue
            found.judged.add((coder, row["transcript_id"]))
            if cell in _YES:
                _add(line, row, row["code"] if by_coder else name, coder, found)
    _report_blanks(blanks, found)
    _report_ignored(sheet, columns, found)
    if not by_coder:
        found.codes = [FoundCode(name, (name,)) for name in columns.values()]
    else:
        found.users = list(columns.values())


def _add(line: int, row: Mapping[str, str], code: str, coder: str, found: CodedFile) -> None:
    """One segment that has a code."""
    numbers = {name: _number(row.get(name, "")) for name in ("turn", "start", "end")}
    whole = numbers["start"] is not None and numbers["end"] is not None
    if not code or not row["transcript_id"] or not (whole or row.get("quote") or numbers["turn"]):
        found.problems.add(
            "error",
            "empty_cell",
            found.file,
            "a row that does not say which segment of which transcript it is",
            line=line,
        )
        return
    found.marks.append(
        Mark(
            row=line,
            source=row["transcript_id"],
            code=code,
            user=coder,
            start=numbers["start"] if whole else None,
            end=numbers["end"] if whole else None,
            quote=row.get("quote", ""),
            turn=numbers["turn"],
            prefix=row.get("prefix", ""),
            suffix=row.get("suffix", ""),
            memo=row.get("memo", ""),
            coded_at=row.get("coded_at", ""),
        )
    )


def _number(value: str) -> int | None:
    plain = value.removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else None


def _report_ignored(sheet: Sheet, columns: Mapping[int, str], found: CodedFile) -> None:
    """Say which columns say neither where a segment is nor how it was judged.

    One that holds little else than 0 and 1 was judged: its other cells are slips.
    """
    used = {*columns, *column_names(sheet.header).values()}
    ignored = []
    for at, name in enumerate(sheet.header):
        if not name or at in used or name.casefold() in _ASIDE:
            continue
        filled = [(line, cells[at].strip()) for line, cells in sheet.rows if at < len(cells)]
        slips = [(line, cell) for line, cell in filled if cell.casefold() not in _YES | _NO | {""}]
        if 2 * len(slips) <= sum(cell != "" for _, cell in filled) and slips:
            _report_slips(name, slips, found)
        else:
            ignored.append(name)
    if ignored:
        found.problems.add(
            "note",
            "column_ignored",
            found.file,
            f"columns that are not 0 and 1, not used: {', '.join(n[:40] for n in ignored[:20])}",
            line=sheet.header_line,
        )


def _report_slips(name: str, slips: list[tuple[int, str]], found: CodedFile) -> None:
    line, cell = slips[0]
    more = f", and so on in {len(slips) - 1} more" if len(slips) > 1 else ""
    found.problems.add(
        "error",
        "malformed_row",
        found.file,
        f"column {name[:40]!r} is of 0 and 1, but holds {cell[:20]!r} in this row{more}; "
        "nothing of the column was read",
        "Write 1 where the code fits, 0 where it does not, and nothing where it was not judged.",
        line=line,
    )


def _report_blanks(blanks: Mapping[str, int], found: CodedFile) -> None:
    """Say where a transcript was judged in part; coverage is kept by transcript."""
    judged = {source for _, source in found.judged}
    for source, number in sorted(blanks.items()):
        if source in judged:
            found.problems.add(
                "warning",
                "judged_in_part",
                found.file,
                f"{number} cells of {source[:60]!r} are blank beside others with 0 or 1: "
                "counted as not marked",
                "Write 0 where the coder looked and found nothing.",
            )

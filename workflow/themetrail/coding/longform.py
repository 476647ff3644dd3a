"""A coder's table with one row a coding: transcript, code, and offsets or words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from themetrail.coding.model import CodedFile, Mark
from themetrail.coding.sheets import Sheet
from themetrail.errors import nearest

COLUMNS = (
    "transcript_id",
    "code",
    "start",
    "end",
    "quote",
    "turn",
    "prefix",
    "suffix",
    "memo",
    "coded_at",
    "coder",
)
_ALSO = {
    "transcript": "transcript_id",
    "document": "transcript_id",
    "document_name": "transcript_id",
    "source": "transcript_id",
    "interview": "transcript_id",
    "codes": "code",
    "tag": "code",
    "begin": "start",
    "start_offset": "start",
    "stop": "end",
    "end_offset": "end",
    "quotation": "quote",
    "excerpt": "quote",
    "content": "quote",
    "text": "quote",
    "segment": "quote",
    "note": "memo",
    "notes": "memo",
    "comment": "memo",
    "date": "coded_at",
    # MAXQDA's list of coded segments, in German and Polish; its offsets are paragraphs.
    "dokumentname": "transcript_id",
    "nazwa_dokumentu": "transcript_id",
    "kod": "code",
    "fragment": "quote",
    "komentarz": "memo",
    "kommentar": "memo",
}
# How tools write a code below another: MAXQDA "a\\b", Taguette "a.b", ROCK "a>b", ours "a/b".
_TITLES = 20
_LEVELS = re.compile(r"[\\/>.]")


def column_names(header: Sequence[str]) -> dict[str, int]:
    """Which known column stands where; a name of ours wins over one that means the same."""
    plain = ["_".join(name.casefold().replace("-", " ").split()) for name in header]
    places = {name: at for at, name in reversed(list(enumerate(plain))) if name in COLUMNS}
    for at, name in enumerate(plain):
        known = _ALSO.get(name)
        if known is not None and known not in places:
            places[known] = at
    return places


def is_long_form(header: Sequence[str]) -> bool:
    """Whether a header has what a row a coding needs."""
    places = column_names(header)
    located = "quote" in places or {"start", "end"} <= set(places)
    return {"transcript_id", "code"} <= set(places) and located


def read_long_form(sheet: Sheet, found: CodedFile) -> None:
    """Add the codings of a table to ``found``; what can't be read becomes a problem."""
    found.problems.extend(sheet.problems)
    places = column_names(sheet.header)
    if not _complete(sheet, places, found):
        return
    several = sheet.header[places["code"]].casefold() == "codes"
    ignored = [
        name
        for at, name in enumerate(sheet.header)
        if name and at not in places.values() and name.casefold() != "speaker"
    ]
    if ignored:
        found.problems.add(
            "note",
            "column_ignored",
            found.file,
            f"columns not used: {', '.join(name[:40] for name in ignored[:20])}",
            _typing_error(ignored, places),
            line=sheet.header_line,
        )
    for line, cells in sheet.rows:
        values = {name: _cell(cells, at, name) for name, at in places.items()}
        if len(cells) > len(sheet.header) and any(c.strip() for c in cells[len(sheet.header) :]):
            found.problems.add(
                "error",
                "malformed_row",
                found.file,
                f"{len(cells)} fields where the header has {len(sheet.header)}",
                "Quote every field that holds a comma.",
                line=line,
            )
            continue
        found.marks.extend(_marks(values, line, several=several, found=found))


def _marks(
    values: Mapping[str, str], line: int, *, several: bool, found: CodedFile
) -> Iterator[Mark]:
    """A row's coding; in a column of codes there may be several, or none, in a cell."""
    if not several:
        mark = _mark(values, line, found)
        if mark is not None:
            yield mark
        return
    for code in values["code"].split(";"):
        if code.strip():
            mark = _mark({**values, "code": code.strip()}, line, found)
            if mark is not None:
                yield mark


def _cell(cells: Sequence[str], at: int, name: str) -> str:
    """A cell without white space around it; a memo as it is."""
    cell = cells[at] if at < len(cells) else ""
    return cell if name == "memo" and cell.strip() else cell.strip()


def _typing_error(ignored: Sequence[str], places: Mapping[str, int]) -> str:
    """A hint where an ignored column looks like one that is missing."""
    absent = [name for name in COLUMNS if name not in places]
    near = {name: nearest(name.casefold(), absent) for name in ignored}
    return " ".join(f"Is {name!r} meant to be {known!r}?" for name, known in near.items() if known)


def _complete(sheet: Sheet, places: Mapping[str, int], found: CodedFile) -> bool:
    """Report the columns that a coding can't do without."""
    missing = [name for name in ("transcript_id", "code") if name not in places]
    if "quote" not in places and not {"start", "end"} <= set(places):
        missing.append("quote")
    for name in missing:
        wanted = "'quote', or 'start' and 'end'" if name == "quote" else repr(name)
        near = nearest(name, [column.casefold() for column in sheet.header if column])
        found.problems.add(
            "error",
            "missing_column",
            found.file,
            f"no column {wanted}",
            f"Is {near!r} meant?" if near else _where(sheet),
            line=sheet.header_line,
        )
    return not missing


def _where(sheet: Sheet) -> str:
    """What the columns are, or which row below the first looks like the one that names them."""
    for line, cells in sheet.rows[:_TITLES]:
        if is_long_form([cell.strip() for cell in cells]):
            return f"Take out what stands above row {line}, which names the columns."
    return "The columns are " + ", ".join(COLUMNS) + "."


def _mark(values: Mapping[str, str], line: int, found: CodedFile) -> Mark | None:
    """One row as a coding; None, and a problem, where it can't be one."""
    problems, file = found.problems, found.file
    empty = [name for name in ("transcript_id", "code") if not values[name]]
    offsets = [values.get(name, "") for name in ("start", "end")]
    if not values.get("quote") and not all(offsets):
        empty.append("words (quote), no whole span (start and end)")
    if empty:
        problems.add(
            "error",
            "empty_cell",
            file,
            f"no {', no '.join(empty)} in this row",
            "Fill the cells; of merged cells only the first holds the value.",
            line=line,
        )
        return None
    numbers: dict[str, int | None] = {}
    for name in ("start", "end", "turn"):
        text = values.get(name, "")
        numbers[name] = _whole(text)
        if text and numbers[name] is None:
            problems.add(
                "error",
                "not_a_number",
                file,
                f"{name} is {text[:40]!r}, not a whole number",
                "Write it in the digits 0 to 9.",
                line=line,
            )
            return None
    both = numbers["start"] is not None and numbers["end"] is not None
    return Mark(
        row=line,
        source=values["transcript_id"],
        code=values["code"],
        user=values.get("coder", ""),
        start=numbers["start"] if both else None,
        end=numbers["end"] if both else None,
        quote=values.get("quote", ""),
        turn=numbers["turn"],
        prefix=values.get("prefix", ""),
        suffix=values.get("suffix", ""),
        memo=values.get("memo", ""),
        coded_at=values.get("coded_at", ""),
        aliases=tuple(leaf for leaf in [_LEVELS.split(values["code"])[-1].strip()] if leaf),
    )


def _whole(text: str) -> int | None:
    """A whole number, written as one or as spreadsheets do; None for anything else."""
    whole = text.removesuffix(".0")
    digits = whole.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        return int(whole)
    return None

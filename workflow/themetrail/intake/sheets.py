"""``participants.csv`` and ``transcripts.csv``: read as text, every cell checked."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from themetrail.errors import Problems, did_you_mean
from themetrail.intake.decode import decode, lines_normalised
from themetrail.intake.document import Unreadable
from themetrail.intake.names import ID, label_key

MAX_CELL = 32_767
_ID_REMEDY = "Use letters, digits, '.', '_' and '-', beginning with a letter or digit."


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its columns, and its rows with the line that each begins on."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[int, dict[str, str]], ...] = ()


@dataclass
class People:
    """The participants of a site.

    Attributes
    ----------
    rows : id → attribute columns, in the file's order.
    columns : the attribute columns, in the file's order.
    lines : id → line of the file.
    by_key : label key → id.
    present : whether the file is there at all.
    """

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    present: bool = False


@dataclass(frozen=True)
class Particulars:
    """One row of ``transcripts.csv``."""

    line: int
    transcript_id: str = ""
    participants: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    duration_min: float | None = None


def read_sheet(
    path: Path, file: str, site: str, encoding: str | None, problems: Problems
) -> Sheet | None:
    """Read a CSV file as text; None where it is not there.

    Comma, semicolon and tab are understood as separators, whichever the header line holds most of.
    Blank rows are passed over; a row with more cells than the header is a problem.
    """
    if not path.is_file():
        return None
    try:
        text, _ = decode(path.read_bytes(), encoding)
    except Unreadable as error:
        problems.add(
            "error", error.kind, file, error.message, error.remedy, line=error.line, site=site
        )
        return Sheet()
    text = lines_normalised(text)
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _sheet(reader, file, site, problems)
    except csv.Error as error:
        message = f"is not a valid CSV file: {error}"
        remedy = "Check the quotation marks around this line, or save the sheet as CSV again."
        problems.add("error", "bad_csv", file, message, remedy, line=reader.line_num, site=site)
        return Sheet()


def _sheet(reader: Any, file: str, site: str, problems: Problems) -> Sheet:
    columns = tuple(cell.strip() for cell in next(reader, []))
    while columns and not columns[-1]:
        columns = columns[:-1]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice or "" in columns:
        what = (
            f"two columns are called {twice[0]!r}" if twice and twice[0] else "a column has no name"
        )
        problems.add(
            "error", "bad_header", file, what, "Give each column a name.", line=1, site=site
        )
        return Sheet()
    rows = []
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(columns) :]):
            message = f"has {len(cells)} cells where the header has {len(columns)} columns"
            remedy = "Put quotation marks around a cell that holds the separator."
            problems.add("error", "ragged_row", file, message, remedy, line=line, site=site)
            continue
        padded = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
        rows.append((line, dict(zip(columns, padded, strict=False))))
    return Sheet(columns, tuple(rows))


def read_participants(
    folder: Path, prefix: str, site: str, encoding: str | None, problems: Problems
) -> People:
    """Read ``participants.csv``: one row a person, any attribute columns.

    Parameters
    ----------
    folder : the site's folder.
    prefix : the same relative to the study, for messages.
    site : the site's name.
    encoding : the declared fallback encoding.
    problems : grows by what is wrong.
    """
    file = f"{prefix}/participants.csv"
    sheet = read_sheet(folder / "participants.csv", file, site, encoding, problems)
    if sheet is None:
        message = "there is no participants.csv, which says who was interviewed"
        remedy = "Write one: a column participant_id and any columns that describe people."
        problems.add("error", "missing_participants", file, message, remedy, site=site)
        return People()
    if not _has_column(sheet, "participant_id", file, site, problems):
        return People()
    reserved = {"participant_id", "site", "n_transcripts"}
    people = People(columns=tuple(c for c in sheet.columns if c not in reserved), present=True)
    if "n_transcripts" in sheet.columns:
        message = "the column n_transcripts is counted here and was not read"
        problems.add("warning", "reserved_column", file, message, "Rename it.", line=1, site=site)
    for line, row in sheet.rows:
        who = row["participant_id"]
        if not _good_id(who, "participant_id", file, line, site, problems):
            continue
        if label_key(who) in people.by_key:
            first = people.lines[people.by_key[label_key(who)]]
            message = f"the participant_id of line {first} stands here again"
            remedy = "Ids differ in more than case; keep one row a person."
            problems.add(
                "error", "duplicate_participant", file, message, remedy, line=line, site=site
            )
            continue
        if row.get("site", "") not in {"", site}:
            message = f"the site is {row['site']!r} in the folder of {site!r}"
            remedy = "Correct the cell, or move the row to the other site's participants.csv."
            problems.add("error", "wrong_site", file, message, remedy, line=line, site=site)
        people.rows[who] = {name: row[name] for name in people.columns}
        people.lines[who] = line
        people.by_key[label_key(who)] = who
    return people


def read_particulars(
    folder: Path,
    prefix: str,
    site: str,
    encoding: str | None,
    people: People,
    gone: Collection[str],
    problems: Problems,
) -> dict[str, Particulars]:
    """Read the optional ``transcripts.csv``: casefolded transcript id → what is recorded of it.

    ``gone`` holds casefolded ids that are left out of the study, of which nothing is said.
    """
    file = f"{prefix}/transcripts.csv"
    sheet = read_sheet(folder / "transcripts.csv", file, site, encoding, problems)
    if sheet is None or not _has_column(sheet, "transcript_id", file, site, problems):
        return {}
    found: dict[str, Particulars] = {}
    for line, row in sheet.rows:
        name = row["transcript_id"]
        if not _good_id(name, "transcript_id", file, line, site, problems):
            continue
        if name.casefold() in found:
            message = f"the transcript_id of line {found[name.casefold()].line} stands here again"
            problems.add(
                "error", "duplicate_transcript", file, message, "Keep one row a transcript.",
                line=line, site=site,
            )  # fmt: skip
            continue
        who = _named(row.get("participants", ""), file, line, site, people, gone, problems)
        minutes = _minutes(row.get("duration_min", ""), file, line, site, problems)
        found[name.casefold()] = Particulars(line, name, who, row, minutes)
    return found


def _has_column(sheet: Sheet, name: str, file: str, site: str, problems: Problems) -> bool:
    if not sheet.columns:
        if not problems.rows or problems.rows[-1].file != file:
            message = f"is empty; its first line names its columns, {name} among them"
            problems.add("error", "bad_header", file, message, line=1, site=site)
        return False
    if name in sheet.columns:
        return True
    near = did_you_mean(name, sheet.columns)
    remedy = f"{near} Rename the column." if near.startswith("Did") else near
    problems.add(
        "error", "bad_header", file, f"has no column {name!r}", remedy, line=1, site=site
    )  # fmt: skip
    return False


def _good_id(value: str, column: str, file: str, line: int, site: str, problems: Problems) -> bool:
    if ID.fullmatch(value) and len(value) <= 100:
        return True
    found = "is empty" if not value else f"has {len(value)} characters that are not all allowed"
    problems.add("error", "bad_id", file, f"the {column} {found}", _ID_REMEDY, line=line, site=site)
    return False


def _named(
    cell: str,
    file: str,
    line: int,
    site: str,
    people: People,
    gone: Collection[str],
    problems: Problems,
) -> tuple[str, ...]:
    """The participants that a cell lists, as participants.csv spells them."""
    names = []
    for name in re.split(r"[;,\s]+", cell.strip()):
        if not name:
            continue
        known = people.by_key.get(label_key(name))
        if known is None and name.casefold() in gone:
            known = name
        if known is None and people.present:
            message = f"names a participant, {name!r}, who has no row in participants.csv"
            remedy = did_you_mean(name, people.rows) or "Add the row."
            problems.add(
                "error", "unknown_participant", file, message, remedy, line=line, site=site
            )
        elif known is not None and known not in names:
            names.append(known)
    return tuple(names)


def _minutes(cell: str, file: str, line: int, site: str, problems: Problems) -> float | None:
    if not cell:
        return None
    try:
        minutes = float(cell)
    except ValueError:
        minutes = math.nan
    if math.isfinite(minutes) and minutes >= 0:
        return minutes
    message = "duration_min is not a number of minutes"
    problems.add(
        "error", "bad_number", file, message, "Write e.g. 42 or 42.5.", line=line, site=site
    )
    return None

"""Who was asked to code what: ``assignments.csv``, read, and written when a pack is made."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from themetrail.coding.names import TranscriptNames
from themetrail.coding.sheets import read_delimited
from themetrail.errors import InputError, Problems, did_you_mean

COLUMNS = ("coder", "transcript_id", "stratum", "drawn", "seed")


@dataclass(frozen=True)
class Drawn:
    """How a coder's transcripts of one site were chosen.

    Attributes
    ----------
    stratum : what they were drawn within: the site.
    of : how many there were to draw from.
    seed : what decided; None where nothing was drawn but all were sent.
    """

    stratum: str
    of: int
    seed: int | None = None


@dataclass
class Assignments:
    """Who was asked to code what; ``given`` is False where the site keeps no such list."""

    given: bool = False
    file: str = ""
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)


def read_assignments(
    path: Path, root: Path, names: TranscriptNames, dropped: TranscriptNames
) -> Assignments:
    """Read ``assignments.csv`` (columns coder, transcript_id), if the site has one."""
    file = path.relative_to(root).as_posix()
    found = Assignments(file=file)
    if not path.exists():
        return found
    try:
        sheet = read_delimited(path.read_bytes(), file)
    except (OSError, InputError) as error:
        found.problems.add("error", "unreadable", file, f"can't be read: {error}")
        return found
    found.problems.extend(sheet.problems)
    header = [name.casefold() for name in sheet.header]
    missing = [name for name in ("coder", "transcript_id") if name not in header]
    for name in missing:
        found.problems.add(
            "error",
            "missing_column",
            file,
            f"no column {name!r}",
            "The columns are coder, transcript_id.",
            line=sheet.header_line,
        )
    if missing:
        return found
    found.given = True
    coder_at, transcript_at = header.index("coder"), header.index("transcript_id")
    for line, cells in sheet.rows:
        coder, source = (
            cells[at].strip() if at < len(cells) else "" for at in (coder_at, transcript_at)
        )
        transcript = names.find(source)
        if not coder or not source:
            found.problems.add("error", "empty_cell", file, "a row is incomplete", line=line)
        elif transcript is not None:
            found.rows.setdefault((coder, transcript), line)
        elif dropped.find(source) is None:
            found.problems.add(
                "error",
                "unknown_transcript",
                file,
                f"no transcript {source[:60]!r} at this site",
                did_you_mean(source, names.ids),
                line=line,
            )
    return found


def record_assignments(path: Path, coder: str, ids: Sequence[str], drawn: Drawn) -> None:
    """Write down what a coder is asked to code; other rows and columns stay as they are.

    Rows that an earlier pack of the coder has left, which have a stratum, are replaced; rows
    that somebody wrote stay.

    Parameters
    ----------
    path : the site's ``assignments.csv``, which may not be there yet.
    coder, ids : who codes which transcripts.
    drawn : how they were chosen; written beside each row.

    Raises
    ------
    InputError
        The file that is there can't be read, or lacks a column.
    """
    from themetrail.tables import write_text

    columns, rows = _present(path)
    columns += [name for name in COLUMNS if name not in columns]
    kept = [row for row in rows if row.get("coder") != coder or not row.get("stratum")]
    known = {(row.get("coder"), row.get("transcript_id")) for row in kept}
    how = {
        "stratum": drawn.stratum,
        "drawn": f"{len(ids)} of {drawn.of}",
        "seed": "" if drawn.seed is None else str(drawn.seed),
    }
    added = [
        {"coder": coder, "transcript_id": name, **how}
        for name in sorted(ids)
        if (coder, name) not in known
    ]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*kept, *added])
    write_text(stream.getvalue(), path)


def _present(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and rows of a file that may not be there."""
    if not path.exists():
        return [], []
    try:
        sheet = read_delimited(path.read_bytes(), path.name)
    except OSError as error:
        message = f"{path.name} can't be read: {error.strerror}"
        raise InputError(message) from error
    if sheet.problems.errors:
        raise InputError(str(sheet.problems.errors[0]))
    columns = [name.casefold() if name.casefold() in COLUMNS else name for name in sheet.header]
    if not {"coder", "transcript_id"} <= set(columns):
        message = f"{path.name} lacks a column: it needs coder and transcript_id"
        raise InputError(message)
    return columns, [
        dict(zip(columns, map(str.strip, cells), strict=False)) for _, cells in sheet.rows
    ]

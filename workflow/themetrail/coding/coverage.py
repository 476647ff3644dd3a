"""Who judged which transcript: unmarked is absent where a coder judged, and missing elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.coding.names import TranscriptNames
from themetrail.coding.sheets import read_delimited
from themetrail.errors import InputError, Problems, did_you_mean, nearest

if TYPE_CHECKING:
    import pandas as pd


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


@dataclass
class Coverage:
    """What was coded, to be held against what was asked.

    Attributes
    ----------
    counts : (coder, transcript) to the number of codings placed there.
    judged : (coder, transcript) with a coding that was placed, or with 0/1 ratings.
    attempted : transcripts that some file has codings of, usable or not.
    coders : coders who sent a file.
    transcripts : ids of the site's transcripts.
    folder : the site's folder, for messages.
    """

    counts: Mapping[tuple[str, str], int]
    judged: Set[tuple[str, str]]
    attempted: Set[str]
    coders: Set[str]
    transcripts: Sequence[str]
    folder: str
    problems: Problems = field(default_factory=Problems)

    def table(self, assignments: Assignments) -> pd.DataFrame:
        """Table ``contracts.COVERAGE``; what was asked or done in vain is reported."""
        from themetrail.contracts import COVERAGE
        from themetrail.tables import frame

        basis = dict.fromkeys(self.judged, "codings")
        for (coder, transcript), line in assignments.rows.items():
            if transcript not in self.transcripts:  # its text is held back
                continue
            if coder in self.coders:
                basis[coder, transcript] = "assignment"
            self._asked(coder, transcript, line, assignments.file)
        if assignments.given:
            self._unasked(assignments)
        self._waiting(self.attempted | {transcript for _, transcript in basis})
        rows = [
            {
                "coder": coder,
                "transcript_id": transcript,
                "n_spans": self.counts.get((coder, transcript), 0),
                "basis": basis[coder, transcript],
            }
            for coder, transcript in sorted(basis)
        ]
        return frame(rows, COVERAGE)

    def _asked(self, coder: str, transcript: str, line: int, file: str) -> None:
        """Report an assignment that no coding answers."""
        if coder not in self.coders:
            self.problems.add(
                "note",
                "waiting_for_coder",
                file,
                f"{transcript} is assigned to {coder}, of whom there is no file that could be read",
                f"Did you mean {near!r}?" if (near := nearest(coder, self.coders)) else "",
                line=line,
            )
        elif (coder, transcript) not in self.judged:
            self.problems.add(
                "warning",
                "no_codings",
                file,
                f"{transcript} is assigned to {coder}, whose file has no usable coding of it: "
                "counted as judged, with nothing found",
                f"If {coder} has not read it, take the row out of assignments.csv.",
                line=line,
            )

    def _unasked(self, assignments: Assignments) -> None:
        for coder, transcript in sorted(self.judged - set(assignments.rows)):
            self.problems.add(
                "warning",
                "not_assigned",
                assignments.file,
                f"{coder} coded {transcript}, which was not assigned",
                "Add the row to assignments.csv.",
            )

    def _waiting(self, covered: Set[str]) -> None:
        for transcript in self.transcripts:
            if transcript not in covered:
                self.problems.add(
                    "note",
                    "waiting_for_coding",
                    f"{self.folder}/codings",
                    f"nobody has coded {transcript} yet",
                )

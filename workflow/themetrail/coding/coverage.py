"""Who judged which transcript: unmarked is absent where a coder judged, and missing elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from themetrail.coding.assignments import Assignments
from themetrail.errors import Problems, nearest

if TYPE_CHECKING:
    import pandas as pd


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
        asked = {coder for coder, _ in assignments.rows}
        for coder in sorted(self.coders - asked):
            self.problems.add(
                "note",
                "coder_not_assigned",
                assignments.file,
                f"{coder}, of whom there is a file, stands nowhere in it: what {coder} left "
                "unmarked counts as judged only in the transcripts that have codings",
                f"Add a row for each transcript that {coder} was asked to code.",
            )
        for coder, transcript in sorted(self.judged - set(assignments.rows)):
            if coder not in asked:
                continue
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

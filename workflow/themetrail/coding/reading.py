"""What is gathered while a site's coder files are read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from themetrail.coding.codes import CodeResolver
from themetrail.coding.model import CodingSettings, Mark
from themetrail.coding.names import TranscriptNames
from themetrail.coding.passage import Transcript
from themetrail.coding.place import Placed
from themetrail.errors import Problems


@dataclass
class Row:
    """One row of the spans table, in the order of its columns."""

    span_id: str
    coder: str
    transcript_id: str
    start: int
    end: int
    code: str
    code_as_coded: str
    memo: str
    coded_at: str
    source: str
    row: int
    anchor: str
    moved_by: int


@dataclass
class Reading:
    """One site's codings while they are read.

    Attributes
    ----------
    transcripts : by id.
    names, dropped, left_out, elsewhere : names of the transcripts; of those recorded as left out,
        which are never named; of files that are in the folder but not among the transcripts; and
        of other sites' transcripts.
    rows : by span id.
    judged : (coder, transcript) with 0/1 ratings, marked or not.
    attempted : transcripts that some file has codings of, usable or not.
    coders : who sent a file that could be read.
    unkept : (coder, transcript) that only numbers hold in place, and nobody wrote down in which
        text.
    """

    site: str
    transcripts: dict[str, Transcript]
    names: TranscriptNames
    dropped: TranscriptNames
    left_out: TranscriptNames
    elsewhere: TranscriptNames
    codes: CodeResolver
    settings: CodingSettings
    rows: dict[str, Row] = field(default_factory=dict)
    judged: set[tuple[str, str]] = field(default_factory=set)
    attempted: set[str] = field(default_factory=set)
    coders: set[str] = field(default_factory=set)
    unkept: set[tuple[str, str]] = field(default_factory=set)
    problems: Problems = field(default_factory=Problems)

    @property
    def hidden(self) -> TranscriptNames:
        """Names of everything that is left out, recorded or not."""
        return TranscriptNames([*self.dropped.ids, *self.left_out.ids])

    def keep(
        self, mark: Mark, placed: Placed, file: str, *, coder: str, transcript: str, code: str
    ) -> None:
        """Keep a coding; the same one twice is one, with both memos."""
        key = span_id(transcript, coder, placed.start, placed.end, code)
        earlier = self.rows.get(key)
        if earlier is None:
            self.rows[key] = Row(
                key,
                coder,
                transcript,
                placed.start,
                placed.end,
                code,
                mark.code,
                mark.memo,
                mark.coded_at,
                file,
                mark.row,
                placed.anchor,
                placed.moved_by,
            )
            return
        if mark.memo and mark.memo not in earlier.memo.split("\n"):
            earlier.memo = "\n".join(filter(None, (earlier.memo, mark.memo)))
        where = f"line {earlier.row}"
        if earlier.source != file:
            where += f" of {earlier.source}"
        self.problems.add(
            "note",
            "duplicate_coding",
            file,
            f"the same coding ({code}, the same passage of {transcript}) as in {where}: kept once",
            line=mark.row,
        )


def span_id(transcript_id: str, coder: str, start: int, end: int, code: str) -> str:
    """A coding's name: the same for the same coding, whatever file or tool it came in.

    >>> span_id("A01", "coder_a", 10, 20, "workload")
    's2c9c84d0eaa5143'
    """
    text = "\x1f".join((transcript_id, coder, str(start), str(end), code))
    return "s" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:15]


def codings(rows: Sequence[int], noun: str = "coding") -> str:
    """How many codings, and on which lines.

    >>> codings([3, 4, 5, 9])
    '4 codings (lines 3-5, 9)'
    """
    runs: list[list[int]] = []
    for line in sorted(set(rows)):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    listed = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
    where = "line" if listed.isdigit() else "lines"
    return f"{len(rows)} {noun}{'s' if len(rows) > 1 else ''} ({where} {listed})"

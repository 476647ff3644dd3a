"""A study's tables as records by their ids: what a trail is followed through."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.config import Code, Theme
from themetrail.study import Study
from themetrail.tables import records as rows_of_table

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
#: characters shown before and after a passage
AROUND = 90


class Records:
    """The tables of a run, each looked up by id and read when first asked for.

    Raises
    ------
    InputError
        The configuration is unsound, or a table is not there yet.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.root: Path = study.root
        self._sources: dict[str, pd.DataFrame] = {}
        self.themes: Mapping[str, Theme] = {theme.id: theme for theme in study.config.themes}
        self.codes: Mapping[str, Code] = {code.id: code for code in study.config.codebook.codes}
        self.theme_codes = study.config.theme_codes()
        self.sites: Mapping[str, str] = {
            site.site: site.label for site in study.config.active_sites
        }

    @cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Facts by id."""
        return self.study.facts

    @cached_property
    def theme_rows(self) -> dict[str, Row]:
        """A theme's counts."""
        return {row["theme"]: row for row in rows_of_table(self.study.themes)}

    @cached_property
    def themes_of(self) -> dict[str, list[str]]:
        """Code to the themes that it bears on."""
        found: dict[str, list[str]] = defaultdict(list)
        for theme, codes in self.theme_codes.items():
            for code in codes:
                found[code].append(theme)
        return dict(found)

    @cached_property
    def transcripts(self) -> dict[str, Row]:
        """Transcripts by id."""
        return {row["transcript_id"]: row for row in rows_of_table(self.study.transcripts)}

    @cached_property
    def _turns(self) -> dict[str, list[Row]]:
        return _by(rows_of_table(self.study.turns), "transcript_id")

    @cached_property
    def segments(self) -> dict[str, Row]:
        """Consensus segments by id."""
        return {row["segment_id"]: row for row in rows_of_table(self.study.segments)}

    @cached_property
    def segments_of(self) -> dict[str, list[Row]]:
        """Consensus segments by code."""
        return _by(self.segments.values(), "code")

    @cached_property
    def _segments_in(self) -> dict[str, list[Row]]:
        return _by(self.segments.values(), "transcript_id")

    def segments_at(self, transcript: str, start: int, end: int) -> list[Row]:
        """Segments that share a character with a stretch of a transcript."""
        found = self._segments_in.get(transcript, [])
        return [row for row in found if row["start"] < end and start < row["end"]]

    @cached_property
    def span_by_id(self) -> dict[str, Row]:
        """Coders' marks by id."""
        return {row["span_id"]: row for row in rows_of_table(self.study.codings)}

    @cached_property
    def spans(self) -> dict[str, list[Row]]:
        """Coders' marks by transcript."""
        return _by(self.span_by_id.values(), "transcript_id")

    @cached_property
    def coders_of(self) -> dict[str, list[str]]:
        """Transcript to the coders who judged it."""
        judged = _by(rows_of_table(self.study.coverage), "transcript_id")
        return {name: sorted(row["coder"] for row in rows) for name, rows in judged.items()}

    @cached_property
    def decisions(self) -> dict[tuple[str, int], list[Row]]:
        """Decisions by transcript and unit."""
        found: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in rows_of_table(self.study.decisions):
            found[row["transcript_id"], row["unit"]].append(row)
        return dict(found)

    def decisions_at(self, transcript: str, start: int, end: int) -> list[Row]:
        """Decisions on units that share a character with a stretch of a transcript."""
        return [
            row
            for (name, _), rows in self.decisions.items()
            for row in rows
            if name == transcript and row["start"] < end and start < row["end"]
        ]

    @cached_property
    def quotes(self) -> dict[str, list[Row]]:
        """Quotations chosen for the paper by theme, in their order."""
        return _by(rows_of_table(self.study.quotes.sort_values(["theme", "rank"])), "theme")

    def ids(self) -> list[str]:
        """Every id that a trail may begin at, places aside."""
        quotes = [f"{theme}/{n}" for theme, rows in self.quotes.items() for n in _numbers(rows)]
        groups: tuple[Iterable[str], ...] = (
            self.themes,
            self.codes,
            quotes,
            self.facts,
            self.segments,
            self.span_by_id,
            self.transcripts,
        )
        return [name for group in groups for name in group]

    # ------------------------------------------------------------------ rows and words
    def rows_of(
        self, table: str, file: str, row: Mapping[str, str], most: int
    ) -> tuple[list[Row], int]:
        """Rows of a fact's source that have its values, and how many more there are.

        Without values to look for, or without a table (a setting), there are none.
        """
        from themetrail.contracts import CONTRACTS

        if not row or table not in CONTRACTS:
            return [], 0
        found = self._source(table, file)
        named = {name: value for name, value in row.items() if name in found.columns}
        for name, value in named.items():
            found = found[found[name].astype(str) == str(value)]
        shown = found.drop(columns="text", errors="ignore").head(most) if named else found.head(0)
        return rows_of_table(shown), len(found) - len(shown) if named else 0

    def _source(self, table: str, file: str) -> pd.DataFrame:
        """A fact's source table, read once."""
        from themetrail.contracts import CONTRACTS
        from themetrail.tables import read_all

        if table not in self._sources:
            paths = sorted(self.root.glob(file))
            self._sources[table] = read_all(paths, CONTRACTS[table])
        return self._sources[table]

    def words(self, transcript: str, start: int, end: int) -> str:
        """The words of a stretch; none of a transcript that is held back."""
        return str(self.transcripts[transcript]["text"][start:end])

    def lines(self, transcript: str, start: int, end: int) -> tuple[int, int]:
        """The first and last line of a stretch, 1-based, of the transcript's text."""
        breaks = self._breaks(transcript)
        return bisect_right(breaks, start) + 1, bisect_right(breaks, max(start, end - 1)) + 1

    def _breaks(self, transcript: str) -> list[int]:
        text = self.transcripts[transcript]["text"]
        return [match.end() for match in re.finditer("\n", text)]

    def around(self, transcript: str, start: int, end: int) -> tuple[str, str]:
        """Some words before and after a stretch, on one line."""
        text = self.transcripts[transcript]["text"]
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        first = "…" if start > AROUND else ""
        last = "…" if end + AROUND < len(text) else ""
        return first + before.replace("\n", " "), after.replace("\n", " ") + last

    def turn_at(self, transcript: str, place: int) -> Row | None:
        """The turn that covers a place."""
        turns = self._turns.get(transcript, [])
        return next((row for row in turns if row["start"] <= place < row["end"]), None)


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Rows by the value of a column, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return dict(found)


def _numbers(rows: list[Row]) -> list[str]:
    """How the quotations of a theme are counted."""
    counters = sum(row["stance"] == "counter" for row in rows)
    supporting = [str(n) for n in range(1, len(rows) - counters + 1)]
    return supporting + [f"counter/{n}" for n in range(1, counters + 1)]

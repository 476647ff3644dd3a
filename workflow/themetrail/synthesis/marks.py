"""Passages that themes.yaml singles out by their words: pinned, excluded, speaking against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from themetrail.coding.passage import Transcript
from themetrail.config import THEMES, Mark, Theme
from themetrail.errors import Problem, Severity
from themetrail.synthesis.base import bearing_codes
from themetrail.tables import records
from themetrail.yamlfile import Place

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["pinned", "excluded", "counter"]


@dataclass(frozen=True)
class Placed:
    """A passage singled out, and where it stands.

    Attributes
    ----------
    segment_id : the segment that shares most of it: of the theme's, or of any where the theme has
        none there; empty where nobody coded the passage.
    covered : segments of the theme of which it covers at least half.
    """

    theme: str
    kind: Kind
    transcript_id: str
    start: int
    end: int
    reason: str
    segment_id: str = ""
    covered: tuple[str, ...] = ()

    @property
    def stretch(self) -> tuple[int, int]:
        """Its place in the transcript."""
        return self.start, self.end


def place_marks(
    themes: Sequence[Theme],
    texts: Mapping[str, Transcript],
    segments: pd.DataFrame,
    lines: Mapping[Place, int] | None = None,
) -> tuple[list[Placed], list[Problem]]:
    """Find the passages on the text and the segments that they are about.

    Parameters
    ----------
    texts : the coded transcripts, by id.
    segments : contract ``segments``.
    lines : lines of themes.yaml, from ``read_themes``.

    Returns
    -------
    placed : in the order of the file. An excluded passage is placed wherever its words stand, the
        others only where they stand in one place; a pinned one only on a segment.
    problems : what was not placed, by theme and position; no words are repeated.
    """
    here = segments[segments["transcript_id"].isin(transcripts_marked(themes))]
    columns = ["transcript_id", "segment_id", "start", "end", "code"]
    return place_rows(themes, texts, records(here[columns]), lines)


def place_rows(
    themes: Iterable[Theme],
    texts: Mapping[str, Transcript],
    segments: Iterable[Mapping[str, Any]],
    lines: Mapping[Place, int] | None = None,
) -> tuple[list[Placed], list[Problem]]:
    """``place_marks`` with the segments as rows."""
    placed: list[Placed] = []
    problems: list[Problem] = []
    near: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in segments:
        near[row["transcript_id"]].append(row)
    for position, theme in enumerate(themes):
        for kind, number, mark in _marks(theme):
            line = (lines or {}).get(("themes", position, kind, number - 1))
            report = _Report(f"theme {theme.id}: {kind} passage {number}", line, problems)
            for span in _find(mark, kind, texts, report):
                spot = Placed(theme.id, kind, mark.transcript_id, *span, mark.reason)
                spot = _about(spot, theme, near.get(mark.transcript_id, ()))
                if kind != "excluded" and not spot.segment_id:
                    _uncoded(kind, report)
                if kind != "pinned" or spot.segment_id:
                    placed.append(spot)
    return placed, problems


@dataclass(frozen=True)
class _Report:
    """Where a passage is named, and the problems that it adds to."""

    where: str
    line: int | None
    problems: list[Problem]

    def add(self, severity: Severity, kind: str, message: str, remedy: str) -> None:
        """Record what is wrong with it."""
        words = f"{self.where} {message}"
        self.problems.append(Problem(severity, kind, THEMES, self.line, words, remedy))


def _uncoded(kind: Kind, report: _Report) -> None:
    """What follows where nobody coded a passage that themes.yaml singles out."""
    remedy = "Code the passage, or decide on it in adjudications.csv."
    if kind == "pinned":
        message = "is in no segment of the consensus; it is not printed"
        report.add("warning", "mark_not_coded", message, remedy)
    else:
        message = "is in no segment of the consensus; it is shown as the analyst's alone"
        report.add("note", "mark_not_coded", message, remedy)


def _marks(theme: Theme) -> Iterator[tuple[Kind, int, Mark]]:
    """Every mark of a theme with its kind and 1-based position."""
    kinds: tuple[tuple[Kind, tuple[Mark, ...]], ...] = (
        ("pinned", theme.pinned),
        ("excluded", theme.excluded),
        ("counter", theme.counter),
    )
    for kind, marks in kinds:
        for number, mark in enumerate(marks, start=1):
            yield kind, number, mark


def _find(
    mark: Mark, kind: Kind, texts: Mapping[str, Transcript], report: _Report
) -> tuple[tuple[int, int], ...]:
    """The places of a mark's words."""
    text = texts.get(mark.transcript_id)
    if text is None or text.held:
        # The person may have withdrawn: the paper must still come out, without the words.
        message = "is in a transcript that the study does not have (any more), or not coded yet"
        report.add("warning", "mark_without_transcript", message, "Delete it, or mend the id.")
        return ()
    spans = text.find(mark.quote).spans
    if not spans:
        message = "is not in its transcript as it is quoted"
        report.add("error", "quote_not_found", message, "Copy the words from the transcript.")
    elif len(spans) > 1 and kind != "excluded":
        message = f"stands {len(spans)} times in its transcript"
        report.add("error", "quote_ambiguous", message, "Quote more words.")
        return ()
    return spans


def _about(spot: Placed, theme: Theme, near: Iterable[Mapping[str, Any]]) -> Placed:
    """The passage with the segments that it is about, of those of its transcript."""
    bears = bearing_codes(theme)
    touched = [
        (row["code"] in bears, min(row["end"], spot.end) - max(row["start"], spot.start), row)
        for row in near
        if row["start"] < spot.end and spot.start < row["end"]
    ]
    if not touched:
        return spot
    best = max(touched, key=lambda item: item[:2])
    return replace(
        spot,
        segment_id=best[2]["segment_id"],
        covered=tuple(
            row["segment_id"]
            for own, shared, row in touched
            if own and 2 * shared >= row["end"] - row["start"]
        ),
    )


def flagged_table(placed: Iterable[Placed]) -> pd.DataFrame:
    """Theme, segment_id, why: segments that a passage named as speaking against covers."""
    import pandas as pd

    return pd.DataFrame(
        [
            {"theme": key[0], "segment_id": key[1], "why": why}
            for key, why in flagged(placed).items()
        ],
        columns=["theme", "segment_id", "why"],
    )


def flagged(placed: Iterable[Placed]) -> dict[tuple[str, str], str]:
    """Theme and segment to why: what a passage named as speaking against covers."""
    return {
        (spot.theme, segment): spot.reason
        for spot in placed
        if spot.kind == "counter"
        for segment in spot.covered
    }


def transcripts_marked(themes: Iterable[Theme]) -> set[str]:
    """Transcripts in which themes.yaml singles out a passage."""
    return {mark.transcript_id for theme in themes for _, _, mark in _marks(theme)}

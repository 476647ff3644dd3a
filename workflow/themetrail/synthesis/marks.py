"""Passages that themes.yaml singles out by their words: pinned, excluded, speaking against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from themetrail.coding.passage import Transcript
from themetrail.config import THEMES, Mark, Theme
from themetrail.consensus.overlap import touching
from themetrail.errors import Problem, Severity
from themetrail.synthesis.base import bearing_codes

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["pinned", "excluded", "counter"]


@dataclass(frozen=True)
class Placed:
    """A passage singled out, where it stands, and the segments of the theme that it is about."""

    theme: str
    kind: Kind
    transcript_id: str
    start: int
    end: int
    reason: str
    segment_ids: tuple[str, ...] = ()


def place_marks(
    themes: Iterable[Theme], texts: Mapping[str, Transcript], segments: pd.DataFrame
) -> tuple[list[Placed], list[Problem]]:
    """Find the passages on the text and the segments that they are about.

    Returns
    -------
    placed : in the order of the file. An excluded passage is placed wherever its words stand;
        the others only where they stand in one place and some segment of the consensus shares
        that place.
    problems : what was not placed, by theme and position; no words are repeated.
    """
    placed: list[Placed] = []
    problems: list[Problem] = []
    for theme in themes:
        for kind, number, mark in _marks(theme):
            where = f"theme {theme.id}: {kind} passage {number}"
            found = _find(mark, kind, texts, where, problems)
            for start, end in found:
                spot = Placed(theme.id, kind, mark.transcript_id, start, end, mark.reason)
                ids = () if kind == "excluded" else _about(spot, theme, segments)
                if kind != "excluded" and not ids:
                    problems.append(
                        _problem(
                            "warning",
                            "mark_not_coded",
                            f"{where} is in no segment of the consensus; it is not used",
                            "Code the passage, or decide on it in adjudications.csv.",
                        )
                    )
                else:
                    whole = (spot.transcript_id, spot.start, spot.end, spot.reason)
                    placed.append(Placed(theme.id, kind, *whole, ids))
    return placed, problems


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


def _problem(severity: Severity, kind: str, message: str, remedy: str) -> Problem:
    """A problem of themes.yaml."""
    return Problem(severity, kind, THEMES, None, message, remedy)


def _find(
    mark: Mark,
    kind: Kind,
    texts: Mapping[str, Transcript],
    where: str,
    problems: list[Problem],
) -> tuple[tuple[int, int], ...]:
    """The places of a mark's words."""
    text = texts.get(mark.transcript_id)
    if text is None or text.held:
        # The person may have withdrawn: the paper must still come out, without the words.
        message = f"{where} is in a transcript that the study does not have (any more)"
        problems.append(
            _problem("warning", "mark_without_transcript", message, "Delete it, or mend the id.")
        )
        return ()
    spans = text.find(mark.quote).spans
    if not spans:
        message = f"{where} is not in its transcript as it is quoted"
        remedy = "Copy the words from the transcript."
        problems.append(_problem("error", "quote_not_found", message, remedy))
    elif len(spans) > 1 and kind != "excluded":
        message = f"{where} stands {len(spans)} times in its transcript"
        problems.append(_problem("error", "quote_ambiguous", message, "Quote more words."))
        return ()
    return spans


def _about(spot: Placed, theme: Theme, segments: pd.DataFrame) -> tuple[str, ...]:
    """Segments that a passage is about: the theme's first, any other where it has none.

    Of those, the segments of which it shares at least half (or which hold half of it); failing
    that, the one with which it shares most.
    """
    import pandas as pd

    place = pd.DataFrame(
        [{"transcript_id": spot.transcript_id, "start": spot.start, "end": spot.end}]
    )
    near = segments[segments["transcript_id"] == spot.transcript_id]
    near = near.iloc[touching(place, near)[1]]
    own = near[near["code"].isin(bearing_codes(theme))]
    near = own if len(own) else near
    if near.empty:
        return ()
    shared = near["end"].clip(upper=spot.end) - near["start"].clip(lower=spot.start)
    shorter = (near["end"] - near["start"]).clip(upper=spot.end - spot.start)
    chosen = near[2 * shared >= shorter]
    if chosen.empty:
        chosen = near.loc[[shared.idxmax()]]
    return tuple(chosen["segment_id"])


def flagged_table(placed: Iterable[Placed]) -> pd.DataFrame:
    """Theme, segment_id, why: segments that are named as speaking against a theme's claim."""
    import pandas as pd

    rows = {
        (spot.theme, segment): spot.reason
        for spot in placed
        if spot.kind == "counter"
        for segment in spot.segment_ids
    }
    return pd.DataFrame(
        [{"theme": key[0], "segment_id": key[1], "why": why} for key, why in rows.items()],
        columns=["theme", "segment_id", "why"],
    )

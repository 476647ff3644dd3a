"""Voices that contradict a theme's claim."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from themetrail.coding.passage import Transcript
from themetrail.contracts import COUNTER
from themetrail.synthesis.base import Base
from themetrail.synthesis.marks import Placed
from themetrail.tables import each, frame

if TYPE_CHECKING:
    import pandas as pd


def counter_table(
    base: Base, marks: Iterable[Placed], texts: Mapping[str, Transcript], turns: pd.DataFrame
) -> pd.DataFrame:
    """Contract ``counter_examples``, by theme and place.

    A passage that themes.yaml names stands for the segments that it covers; further segments are
    those of the theme's counter codes and those that a coder flagged.
    """
    named = [mark for mark in marks if mark.kind == "counter"]
    covered = {(mark.theme, segment) for mark in named for segment in mark.covered}
    rows = [*_named(named, base, turns), *_segments(base, covered)]
    order = {theme.id: at for at, theme in enumerate(base.themes)}
    rows.sort(key=lambda r: (order[r["theme"]], r["transcript_id"], r["start"], r["segment_id"]))
    for row in rows:
        row["text"] = texts[row["transcript_id"]].text[row["start"] : row["end"]]
    return frame(rows, COUNTER)


def _segments(base: Base, covered: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Segments that speak against by their code or by a coder's word."""
    names = [name for name in COUNTER.names if name != "text"]
    for row in each(base.bearing[base.bearing["why"] != ""]):
        if (row["theme"], row["segment_id"]) not in covered:
            yield {name: row[name] for name in names}


def _named(marks: Iterable[Placed], base: Base, turns: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Passages that themes.yaml names, with who says them."""
    given = list(dict.fromkeys(marks))
    known = base.named(mark.segment_id for mark in given)
    sites = dict(zip(base.interviews["transcript_id"], base.interviews["site"], strict=True))
    for mark in given:
        segment = known.get(mark.segment_id)
        yield {
            "theme": mark.theme,
            "segment_id": mark.segment_id or _own_name(mark),
            "participant_id": segment["participant_id"] if segment else _speaker(mark, turns),
            "site": sites[mark.transcript_id],
            "transcript_id": mark.transcript_id,
            "start": mark.start,
            "end": mark.end,
            "code": segment["code"] if segment else "",
            "why": f"named in themes.yaml: {mark.reason}",
        }


def _speaker(mark: Placed, turns: pd.DataFrame) -> str:
    """The participant who says most of a passage; empty where none does."""
    own = turns[(turns["transcript_id"] == mark.transcript_id) & (turns["participant_id"] != "")]
    shared = own["end"].clip(upper=mark.end) - own["start"].clip(lower=mark.start)
    spoken = shared[shared > 0].groupby(own["participant_id"]).sum().sort_index()
    return str(spoken.idxmax()) if len(spoken) else ""


def _own_name(mark: Placed) -> str:
    """A stable name for a passage that nobody coded; it says nothing of who speaks."""
    place = "\x1f".join((mark.transcript_id, str(mark.start), str(mark.end)))
    return "p" + hashlib.sha256(place.encode()).hexdigest()[:12]

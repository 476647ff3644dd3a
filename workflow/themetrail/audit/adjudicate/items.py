"""What is there to decide: disagreements that nobody adjudicated, and boundaries that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from themetrail.coding.sheets import FORMULA
from themetrail.consensus.extent import Stretch, common, longest, merged

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
AROUND = 450


@dataclass(frozen=True)
class _Place:
    """A transcript: its site, text, turns and marks by code."""

    site: str
    text: str
    turns: Sequence[Row]
    marks: Mapping[str, Sequence[Row]]


def to_decide(
    transcripts: pd.DataFrame, turns: pd.DataFrame, spans: pd.DataFrame, decisions: pd.DataFrame
) -> tuple[list[Row], list[Row]]:
    """Disagreements without a person's decision, and passages that coders bounded differently.

    Parameters
    ----------
    transcripts, turns, spans, decisions : contracts of those names, of any number of sites.

    Returns
    -------
    conflicts : units and codes that some of those who judged marked and others did not, in order
        of site, transcript and place.
    boundaries : units and codes that were kept without a person's decision, and whose words two
        or more coders chose differently (blanks and punctuation at the ends aside): each with the
        extents to choose from and the share of their words that all chose, the least first.

    Places are code points of the canonical text, half-open.
    """
    places = _places(transcripts, turns, spans)
    conflicts, boundaries = [], []
    columns = ["site", "transcript_id", "start", "end", "code"]
    for row in decisions.sort_values(columns, kind="stable").to_dict("records"):
        place = places.get(str(row["transcript_id"]))
        if place is None or not place.text or row["decided_by"] == "adjudication":
            continue
        item = _item({str(key): value for key, value in row.items()}, place)
        if row["marked_by"] and row["unmarked_by"]:
            conflicts.append(item)
        elif row["outcome"] == "keep":
            choices = _choices(item["marks"], place.text)
            if len(choices) > 1:
                boundaries.append({**item, "choices": choices, "share": _share(item["marks"])})
    return conflicts, sorted(boundaries, key=lambda item: item["share"])


def _places(
    transcripts: pd.DataFrame, turns: pd.DataFrame, spans: pd.DataFrame
) -> dict[str, _Place]:
    """Transcript to what the page shows of it."""
    by_turn: dict[str, list[Row]] = defaultdict(list)
    for turn in turns.to_dict("records"):
        by_turn[turn["transcript_id"]].append(turn)  # type: ignore[arg-type]
    by_code: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for span in spans.sort_values(["start", "end", "coder"], kind="stable").to_dict("records"):
        by_code[span["transcript_id"]][span["code"]].append(span)  # type: ignore[arg-type]
    rows = zip(transcripts["transcript_id"], transcripts["site"], transcripts["text"], strict=True)
    return {name: _Place(site, text, by_turn[name], by_code[name]) for name, site, text in rows}


def _item(row: Row, place: _Place) -> Row:
    """One thing to decide, with the words around it."""
    start, end = quotable(place.text, int(row["start"]), int(row["end"]))
    first, last = max(0, start - AROUND), min(len(place.text), end + AROUND)
    marks = [
        [mark["coder"], int(mark["start"]), int(mark["end"]), mark["memo"]]
        for mark in place.marks.get(row["code"], ())
        if mark["start"] < row["end"] and mark["end"] > row["start"]
    ]
    return {
        "key": f"{row['transcript_id']}:{row['unit']}:{row['code']}",
        "site": place.site,
        "transcript": row["transcript_id"],
        "code": row["code"],
        "start": start,
        "end": end,
        "marked": _split(row["marked_by"]),
        "unmarked": _split(row["unmarked_by"]),
        "outcome": row["outcome"],
        "rule": row["decided_by"],
        "marks": marks,
        "from": first,
        "text": place.text[first:last],
        "turns": [
            [turn["turn"], turn["speaker"], turn["role"], int(turn["start"]), int(turn["end"])]
            for turn in place.turns
            if turn["start"] < last and turn["end"] > first
        ],
    }


def quotable(text: str, start: int, end: int) -> Stretch:
    """The stretch without blanks at its ends, nor what a spreadsheet's guard would be taken for.

    A table's reader drops both, and the words must be found again at their place.

    >>> quotable("a  '=b ", 1, 7)
    (4, 6)
    """
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if text[start:end][:1] == "'" and text[start:end][1:2] in FORMULA:
        start += 1
    return start, end


def _by_coder(marks: Iterable[Sequence[Any]]) -> dict[str, list[Stretch]]:
    """Each coder's stretches, those that touch joined."""
    own: dict[str, list[Stretch]] = defaultdict(list)
    for coder, start, end, _ in marks:
        own[coder].append((start, end))
    return {coder: merged(stretches) for coder, stretches in sorted(own.items())}


def _choices(marks: Iterable[Sequence[Any]], text: str) -> list[list[Any]]:
    """Extents to choose from: each coder's, what all share, what any marked; none twice."""
    each = _by_coder(marks)
    if len({tuple(_spoken(text, s) for s in stretches) for stretches in each.values()}) < 2:
        return []
    found: dict[Stretch, list[str]] = defaultdict(list)
    for coder, stretches in each.items():
        found[quotable(text, *longest(stretches))].append(coder)
    shared = reduce(common, each.values())
    if shared:
        found[quotable(text, *longest(shared))].append("shared")
    found[quotable(text, *_hull(each))].append("all")
    return [[start, end, names] for (start, end), names in sorted(found.items()) if start < end]


def _spoken(text: str, stretch: Stretch) -> Stretch:
    """A stretch without what is no letter or digit at its ends: a full stop is no difference."""
    start, end = stretch
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _hull(each: Mapping[str, Sequence[Stretch]]) -> Stretch:
    everything = [stretch for stretches in each.values() for stretch in stretches]
    return min(s for s, _ in everything), max(e for _, e in everything)


def _share(marks: Iterable[Sequence[Any]]) -> float:
    """Characters that all coders marked, of those from the first marked to the last."""
    each = _by_coder(marks)
    start, end = _hull(each)
    shared = sum(e - s for s, e in reduce(common, each.values()))
    return round(shared / (end - start), 3)


def _split(joined: str) -> list[str]:
    return [name for name in joined.split(";") if name]

"""Which coder marked which unit with which code, from spans.

The work follows the number of spans: what nobody marked is never listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail.errors import InputError
from themetrail.reliability.sufficient import Ints

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Units:
    """Units of one table, sorted by transcript and start.

    Attributes
    ----------
    transcripts : sorted ids.
    transcript, unit, start, end : one value a unit; ``transcript`` is a place in
        ``transcripts``, ``unit`` the unit's number there.
    """

    transcripts: tuple[str, ...]
    transcript: Ints
    unit: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True)
class Marks:
    """Distinct (unit, label, coder) triples, sorted; each array holds one place a triple.

    ``unit`` is a place in ``Units``, ``label`` in the labels asked for (codes or themes), and
    ``coder`` in ``coders``, which are sorted.
    """

    coders: tuple[str, ...]
    unit: Ints
    label: Ints
    coder: Ints


def read_units(units: pd.DataFrame) -> Units:
    """Sort units (contract UNITS) and check that they can be told apart.

    Raises
    ------
    InputError
        Two units of a transcript overlap, or a unit ends before it starts.
    """
    table = units.sort_values(["transcript_id", "start", "end", "unit"], kind="stable")
    names = tuple(sorted(table["transcript_id"].unique()))
    transcript = places_of(table["transcript_id"], names)
    start, end = (table[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
    backward = end < start
    overlap = np.zeros(len(start), dtype=bool)
    overlap[1:] = (transcript[1:] == transcript[:-1]) & (start[1:] < end[:-1])
    if backward.any() or overlap.any():
        at = int(np.argmax(backward | overlap))
        what = "ends before it starts" if backward[at] else "overlaps the unit before it"
        message = (
            f"units: unit {table['unit'].iloc[at]} of {table['transcript_id'].iloc[at]} {what}"
        )
        raise InputError(message)
    return Units(names, transcript, table["unit"].to_numpy(dtype=np.int64), start, end)


def find_marks(
    units: Units,
    spans: pd.DataFrame,
    labels: Sequence[str],
    labels_of: Mapping[str, Sequence[str]] | None = None,
) -> Marks:
    """Who marked which unit with which label.

    A unit is marked by a coder with a code when one of the coder's spans of that code shares at
    least one character with it.

    Parameters
    ----------
    labels : codes, or themes.
    labels_of : code -> the labels that a span of the code counts for; a code for itself where
        omitted. Spans of other codes, or in other transcripts, are none of this function's.
    """
    number = {label: place for place, label in enumerate(labels)}
    counts_for = {label: (label,) for label in labels} if labels_of is None else labels_of
    codes = tuple(counts_for)
    coders = tuple(sorted(spans["coder"].unique()))
    code = places_of(spans["code"], codes)
    transcript = places_of(spans["transcript_id"], units.transcripts)
    used = np.flatnonzero((code >= 0) & (transcript >= 0))
    start, end = (spans[name].to_numpy(dtype=np.int64)[used] for name in ("start", "end"))
    span, unit = _touched(units, transcript[used], start, end)
    widths = np.array([len(counts_for[name]) for name in codes], dtype=np.int64)
    flat = np.array([number[label] for name in codes for label in counts_for[name]], dtype=np.int64)
    touched = code[used][span]
    repeat = widths[touched]
    label = flat[_ranges((np.cumsum(widths) - widths)[touched], repeat)]
    coder = places_of(spans["coder"], coders)[used][span]
    key = (np.repeat(unit, repeat) * max(len(labels), 1) + label) * max(len(coders), 1)
    key = sorted_distinct(key + np.repeat(coder, repeat))[0]
    rest, coder = np.divmod(key, max(len(coders), 1))
    unit, label = np.divmod(rest, max(len(labels), 1))
    return Marks(coders, unit, label, coder)


def places_of(column: pd.Series[Any], names: Sequence[str]) -> Ints:
    """The place in ``names`` of each value; -1 for one that is not there."""
    import pandas as pd

    place, found = pd.factorize(column)
    number = {name: at for at, name in enumerate(names)}
    to = np.array([number.get(name, -1) for name in found], dtype=np.int64)
    return to[place] if len(found) else np.zeros(0, dtype=np.int64)


def sorted_distinct(values: Ints) -> tuple[Ints, Ints]:
    """Distinct values, sorted, and how often each occurs; sorting beats hashing here."""
    ordered = np.sort(values)
    first = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return ordered[first], np.diff(first, append=len(ordered))


def _touched(units: Units, transcript: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Pairs (place of a span, place of a unit) that share at least one character."""
    # One axis for all transcripts, so that two searches place every span.
    length = 1 + max(int(units.end.max(initial=0)), int(end.max(initial=0)))
    offset = units.transcript * length
    first = np.searchsorted(units.end + offset, start + transcript * length, side="right")
    last = np.searchsorted(units.start + offset, end + transcript * length, side="left")
    width = np.maximum(last - first, 0)
    span = np.repeat(np.arange(len(start)), width)
    unit = _ranges(first, width)
    shares = np.minimum(units.end[unit], end[span]) > np.maximum(units.start[unit], start[span])
    return span[shares], unit[shares]


def _ranges(first: Ints, width: Ints) -> Ints:
    """Ranges one after the other: ``width[i]`` numbers from ``first[i]``."""
    skipped = np.concatenate([[0], np.cumsum(width)[:-1]]) if len(width) else width
    numbers: Ints = np.arange(int(width.sum())) + np.repeat(first - skipped, width)
    return numbers


def read_judges(coverage: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Transcript id -> the coders who judged it, sorted (contract COVERAGE)."""
    judges: dict[str, set[str]] = {}
    for coder, transcript in zip(coverage["coder"], coverage["transcript_id"], strict=True):
        judges.setdefault(transcript, set()).add(coder)
    return {transcript: tuple(sorted(judges[transcript])) for transcript in sorted(judges)}


def check_judges(marks: Marks, units: Units, judges: Mapping[str, Sequence[str]]) -> None:
    """Raise InputError where someone marked a transcript that coverage says they didn't judge."""
    pairs, _ = sorted_distinct(
        units.transcript[marks.unit] * max(len(marks.coders), 1) + marks.coder
    )
    for place in pairs:
        transcript, coder = divmod(int(place), len(marks.coders))
        name = units.transcripts[transcript]
        if marks.coders[coder] not in judges.get(name, ()):
            message = (
                f"coverage: coder {marks.coders[coder]!r} has codings in {name} "
                "but is not listed as having judged it"
            )
            raise InputError(message)

"""Which coder marked which unit with which code, from spans.

The work follows the number of spans: what nobody marked is never listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    names = tuple(sorted(set(table["transcript_id"])))
    places = {name: place for place, name in enumerate(names)}
    transcript = table["transcript_id"].map(places).to_numpy(dtype=np.int64)
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
    places = {label: place for place, label in enumerate(labels)}
    counts_for = {label: (label,) for label in labels} if labels_of is None else labels_of
    here = set(units.transcripts)
    used = spans[spans["code"].isin(list(counts_for)) & spans["transcript_id"].isin(here)]
    coders = tuple(sorted(set(used["coder"])))
    span, unit = _touched(units, used)
    coder = used["coder"].map({c: n for n, c in enumerate(coders)}).to_numpy(dtype=np.int64)[span]
    codes, code = np.unique(used["code"].to_numpy(dtype=object), return_inverse=True)
    wanted = [[places[label] for label in counts_for[name]] for name in codes]
    widths = np.array([len(w) for w in wanted], dtype=np.int64)
    flat = np.array([place for w in wanted for place in w], dtype=np.int64)
    touched = code.reshape(-1)[span]
    repeat = widths[touched]
    label = flat[_ranges(np.concatenate([[0], np.cumsum(widths)[:-1]])[touched], repeat)]
    key = (np.repeat(unit, repeat) * max(len(labels), 1) + label) * max(len(coders), 1)
    key = np.unique(key + np.repeat(coder, repeat))
    rest, coder = np.divmod(key, max(len(coders), 1))
    unit, label = np.divmod(rest, max(len(labels), 1))
    return Marks(coders, unit, label, coder)


def _touched(units: Units, spans: pd.DataFrame) -> tuple[Ints, Ints]:
    """Pairs (place of a span, place of a unit) that share at least one character."""
    start, end = (spans[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
    places = {name: place for place, name in enumerate(units.transcripts)}
    transcript = spans["transcript_id"].map(places).to_numpy(dtype=np.int64)
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
    pairs = np.unique(units.transcript[marks.unit] * max(len(marks.coders), 1) + marks.coder)
    for place in pairs:
        transcript, coder = divmod(int(place), len(marks.coders))
        name = units.transcripts[transcript]
        if marks.coders[coder] not in judges.get(name, ()):
            message = (
                f"coverage: coder {marks.coders[coder]!r} has codings in {name} "
                "but is not listed as having judged it"
            )
            raise InputError(message)

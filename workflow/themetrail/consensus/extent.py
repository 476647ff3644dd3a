"""Which stretch of text a kept segment covers, where its coders marked different stretches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Literal

Stretch = tuple[int, int]
Extent = Literal["union", "intersection", "longest"]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same characters as disjoint stretches in order; those that touch become one.

    >>> merged([(5, 9), (0, 3), (3, 4), (8, 12)])
    [(0, 4), (5, 12)]
    """
    done: list[Stretch] = []
    for start, end in sorted(stretches):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return done


def common(left: Sequence[Stretch], right: Sequence[Stretch]) -> list[Stretch]:
    """What two lists of disjoint stretches in order share."""
    shared = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return [(start, end) for start, end in shared if start < end]


def longest(stretches: Iterable[Stretch]) -> Stretch:
    """The longest stretch, the first of several."""
    return max(stretches, key=lambda s: (s[1] - s[0], -s[0]))


def extent_of(marks: Iterable[tuple[str, int, int]], how: Extent) -> Stretch:
    """One stretch for what several coders marked.

    Parameters
    ----------
    marks : coder, start, end (code points, half-open), at least one. A coder's own stretches
        count as one coder's.
    how : union – from the first to the last character that any coder marked; intersection – the
        longest stretch that every coder marked, the longest single one where they share none;
        longest – the longest single one.

    Examples
    --------
    >>> marks = [("a", 0, 10), ("b", 4, 14), ("b", 30, 33)]
    >>> [extent_of(marks, how) for how in ("union", "intersection", "longest")]
    [(0, 33), (4, 10), (0, 10)]
    """
    by_coder: dict[str, list[Stretch]] = defaultdict(list)
    for coder, start, end in marks:
        by_coder[coder].append((start, end))
    own = [merged(stretches) for stretches in by_coder.values()]
    everything = [stretch for stretches in own for stretch in stretches]
    if how == "union":
        return min(s for s, _ in everything), max(e for _, e in everything)
    shared = reduce(common, own) if how == "intersection" else []
    return longest(shared or everything)

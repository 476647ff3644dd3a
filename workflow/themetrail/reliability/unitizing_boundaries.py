"""Agreement on where spans begin and end: boundary similarity, WindowDiff and Pk.

The three compare two segmentations of a text. A boundary is a place strictly inside the text at
which a span begins or ends; what lies between does not count, and neither do the codes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from themetrail.errors import NotEstimableError
from themetrail.reliability.unitizing_input import Continuum, Ints
from themetrail.reliability.unitizing_reasons import Reason


def boundaries(part: Continuum) -> list[Ints]:
    """Coder by coder: the distinct places at which a span begins or ends, ends of text left out."""
    found = [np.union1d(start, end) for start, end, _ in part.by_coder()]
    return [places[(places > 0) & (places < part.length)] for places in found]


def boundary_similarity(part: Continuum, transposition: int = 2) -> float:
    """B, the mean over pairs of coders of boundary similarity.

    Boundaries of two coders that coincide are matches. Of the rest, the nearest pairs less than
    ``transposition`` characters apart are near misses, which cost their distance over
    ``transposition``; every other boundary costs 1. B is 1 - cost / (matches + near misses +
    unmatched boundaries).

    Parameters
    ----------
    part : spans of at least two coders.
    transposition : n_t, in characters, at least 1 (1: no near misses).

    Raises
    ------
    NotEstimableError
        ``one_coder``, or ``no_boundaries`` where a pair of coders set none: 0/0, which the
        author's program SegEval counts as 1.

    References
    ----------
    Fournier (2013), Proceedings of ACL, 1702-1712, with the linear weights of SegEval 2.0.11.
    """
    return _mean_over_pairs(part, lambda a, b: _similarity(a, b, transposition))


def _mean_over_pairs(part: Continuum, measure: Callable[[Ints, Ints], Fraction]) -> float:
    """Mean of a symmetric measure of two lists of boundaries."""
    if part.n_coders < 2:
        raise NotEstimableError(Reason.ONE_CODER)
    values = [measure(a, b) for a, b in itertools.combinations(boundaries(part), 2)]
    return float(sum(values, Fraction(0)) / len(values))


def _similarity(a: Ints, b: Ints, transposition: int) -> Fraction:
    """B of two coders."""
    matches = len(np.intersect1d(a, b))
    left, right = np.setdiff1d(a, b), np.setdiff1d(b, a)
    near = _near_misses(left, right, transposition)
    unmatched = len(left) + len(right) - 2 * len(near)
    total = matches + len(near) + unmatched
    if total == 0:
        raise NotEstimableError(Reason.NO_BOUNDARIES)
    return 1 - (unmatched + Fraction(sum(near), transposition)) / total


def _near_misses(left: Ints, right: Ints, transposition: int) -> list[int]:
    """Distances of the pairs of boundaries taken for moved ones: nearest first, then leftmost."""
    low = np.searchsorted(right, left - transposition + 1, side="left")
    high = np.searchsorted(right, left + transposition - 1, side="right")
    pairs = sorted(
        (abs(i - j), min(i, j), i, j)
        for i, first, last in zip(left.tolist(), low, high, strict=True)
        for j in right[first:last].tolist()
    )
    taken: set[tuple[str, int]] = set()
    distances = []
    for distance, _, i, j in pairs:
        if ("left", i) not in taken and ("right", j) not in taken:
            taken |= {("left", i), ("right", j)}
            distances.append(distance)
    return distances


def window_diff(part: Continuum) -> float:
    """WindowDiff, a disagreement: mean over ordered pairs of coders.

    A window of half the reference coder's mean segment length slides over the text; counted is
    the share of its places at which the two have not the same number of boundaries in it. 0 is
    perfect agreement.

    Raises
    ------
    NotEstimableError
        ``one_coder``, or ``text_shorter_than_window``.

    References
    ----------
    Pevzner & Hearst (2002), Computational Linguistics 28(1), 19-36.
    """
    return _mean_over_pairs(part, lambda a, b: _windows(a, b, part.length, exact=True))


def pk(part: Continuum) -> float:
    """Pk, as ``window_diff``, but counting places where only one of the two has any boundary.

    References
    ----------
    Beeferman, Berger & Lafferty (1999), Machine Learning 34, 177-210.
    """
    return _mean_over_pairs(part, lambda a, b: _windows(a, b, part.length, exact=False))


def _windows(a: Ints, b: Ints, length: int, *, exact: bool) -> Fraction:
    """Mean over both directions of the share of windows that differ."""
    shares = []
    for reference in (a, b):
        # Half the mean segment length, halves to even, at least 2 (as SegEval).
        width = max(2, round(Fraction(length, 2 * (len(reference) + 1))))
        places = length - width
        if places < 1:
            raise NotEstimableError(Reason.SHORT_TEXT)
        shares.append(Fraction(_differing(a, b, places, width, exact=exact), places))
    return sum(shares, Fraction(0)) / 2


def _differing(a: Ints, b: Ints, places: int, width: int, *, exact: bool) -> int:
    """Number of windows [i, i + width] that differ; counted over stretches where none changes."""
    # A boundary p lies in the windows that start at p - width ... p - 1.
    edges = np.concatenate(([0, places], a, b, a - width, b - width))
    starts = np.unique(edges[(edges >= 0) & (edges <= places)])
    counts = [_inside(boundary, starts[:-1], width) for boundary in (a, b)]
    differ = counts[0] != counts[1] if exact else (counts[0] > 0) != (counts[1] > 0)
    return int(np.diff(starts)[differ].sum())


def _inside(boundary: Ints, start: Ints, width: int) -> Ints:
    """How many boundaries lie in (start, start + width]."""
    upto = np.searchsorted(boundary, start + width, side="right")
    return np.asarray(upto - np.searchsorted(boundary, start, side="right"), dtype=np.int64)

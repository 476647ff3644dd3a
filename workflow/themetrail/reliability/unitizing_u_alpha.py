"""The u-alpha family of Krippendorff, Mathet, Bouvry & Widlöcher (2016).

Every character holds, for every coder, the code of the span that covers it or "gap". All sums are
integers, so that each coefficient is a fraction that is rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from themetrail.errors import NotEstimableError
from themetrail.reliability.unitizing_input import Continuum, Ints
from themetrail.reliability.unitizing_reasons import Reason


@dataclass(frozen=True)
class Coincidences:
    """What the family is made of, for q codes and m coders; all times m - 1 where marked *.

    Attributes
    ----------
    same (q) : * coincidences of a code with itself.
    gap, relevant : * coincidences of gap with gap, and of any code with any code.
    length (q), squares (q) : total length of the segments of a code, and of their squares.
    shared (q), shared_squares (q) : * the same with each character of a segment weighted by the
        number of other coders who coded it (any code); squares times (m - 1)².
    """

    coders: int
    size: int
    same: list[int]
    gap: int
    relevant: int
    length: list[int]
    squares: list[int]
    shared: list[int]
    shared_squares: list[int]


def u_alpha(sums: Coincidences) -> float:
    """u-alpha: unitising and coding together, gaps being a value like the codes.

    Raises
    ------
    NotEstimableError
        ``no_variation`` (expected disagreement 0).

    References
    ----------
    Krippendorff, Mathet, Bouvry & Widlöcher (2016), Quality & Quantity 50, 2347-2364.
    """
    return _against_gaps(sums, sum(sums.same), sums.length)


def u_alpha_relevance(sums: Coincidences) -> float:
    """|u-alpha: telling relevant from irrelevant matter, all codes being one; see ``u_alpha``."""
    return _against_gaps(sums, sums.relevant, [sum(sums.length)])


def cu_alpha(sums: Coincidences) -> float:
    """cu-alpha: the coding of what at least two coders hold relevant; gaps play no part.

    Raises
    ------
    NotEstimableError
        ``nothing_shared`` where no character is coded by two coders, or ``no_variation``.
    """
    total = _shared(sums)
    pairs = total**2 - sum(sums.shared_squares)
    expected = total * (total**2 - sum(n * n for n in sums.shared))
    return _ratio(Fraction(total - sum(sums.same)), expected, pairs)


def ku_alpha(sums: Coincidences, code: int) -> float:
    """(k)u-alpha: how reliably one code is told from the others, where coded by two or more.

    Raises
    ------
    NotEstimableError
        As ``cu_alpha``; ``no_spans`` where no shared character has the code.
    """
    total = _shared(sums)
    mine = sums.shared[code]
    if mine == 0:
        raise NotEstimableError(Reason.NOTHING_SHARED if sums.length[code] else Reason.NO_SPANS)
    # Share of the code's coincidences that are mismatches: observed, and expected by chance.
    observed = Fraction(mine - sums.same[code], mine)
    return _ratio(observed, mine * (total - mine), mine * total - sums.shared_squares[code])


def _shared(sums: Coincidences) -> int:
    """Coincidences of codes with codes; raises where there are none."""
    total = sum(sums.shared)
    if total == 0:
        raise NotEstimableError(Reason.NOTHING_SHARED)
    return total


def _against_gaps(sums: Coincidences, same: int, lengths: list[int]) -> float:
    """1 - observed / expected mismatches over all characters."""
    total = sums.coders * sums.size
    gaps = total - sum(sums.length)
    observed = total - Fraction(same + sums.gap, sums.coders - 1)
    own = gaps + sum(sums.squares)  # a segment is not paired with itself; a gap's characters are
    pairs = total**2 - own
    unequal = total**2 - gaps**2 - sum(n * n for n in lengths)
    return _ratio(observed, total * unequal, pairs)


def _ratio(observed: Fraction, expected: int, pairs: int) -> float:
    """1 - observed / (expected / pairs)."""
    if expected == 0:
        raise NotEstimableError(Reason.NO_VARIATION)
    return float(1 - observed * pairs / expected)


def coincidences(continuum: Continuum) -> Coincidences:
    """Sum the family's parts over the stretches between all boundaries; O(spans log spans).

    Raises
    ------
    NotEstimableError
        ``one_coder``, ``no_spans`` or ``overlapping_spans``: where a coder gave one character
        two codes, the family has no value.
    """
    _check(continuum)
    m, q = continuum.n_coders, len(continuum.codes)
    points = np.unique(np.concatenate(([0, continuum.length], continuum.start, continuum.end)))
    width = np.diff(points)
    first = np.searchsorted(points, continuum.start)
    last = np.searchsorted(points, continuum.end)
    coded = _depth(first, last, len(width))
    own = (continuum.end - continuum.start).tolist()
    # Weight of a segment: its characters, each times the other coders who coded it.
    running = np.concatenate(([0], np.cumsum(width * coded)))
    weight = (running[last] - running[first] - (continuum.end - continuum.start)).tolist()
    same, length, squares, shared, shared_squares = ([0] * q for _ in range(5))
    for k in range(q):
        depth = _depth(first[continuum.code == k], last[continuum.code == k], len(width))
        same[k] = int((width * depth * (depth - 1)).sum())
    for k, characters, others in zip(continuum.code.tolist(), own, weight, strict=True):
        length[k] += characters
        squares[k] += characters**2
        shared[k] += others
        shared_squares[k] += others**2
    gap = int((width * (m - coded) * (m - coded - 1)).sum())
    relevant = int((width * coded * (coded - 1)).sum())
    return Coincidences(
        m, continuum.length, same, gap, relevant, length, squares, shared, shared_squares
    )


def _depth(first: Ints, last: Ints, stretches: int) -> Ints:
    """How many spans cover each stretch."""
    change = np.bincount(first, minlength=stretches + 1) - np.bincount(
        last, minlength=stretches + 1
    )
    return np.cumsum(change)[:stretches]


def _check(continuum: Continuum) -> None:
    """Raise where the family has no value."""
    if continuum.n_coders < 2:
        raise NotEstimableError(Reason.ONE_CODER)
    if continuum.n_spans == 0:
        raise NotEstimableError(Reason.NO_SPANS)
    if continuum.overlapping:
        raise NotEstimableError(Reason.OVERLAPPING)

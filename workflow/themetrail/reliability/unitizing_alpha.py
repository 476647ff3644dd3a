"""Krippendorff's alpha for unitising of 1995 and 2004, alpha_U.

Exact: positions are integers, so both disagreements are fractions of integers and the coefficient
is rounded once, at the end.
"""

from __future__ import annotations

import bisect
import itertools
from fractions import Fraction

import numpy as np

from themetrail.errors import NotEstimableError
from themetrail.reliability.unitizing_input import Continuum, Ints
from themetrail.reliability.unitizing_reasons import Reason


def alpha_u(continuum: Continuum) -> float:
    """alpha_U over all codes: 1 - sum of observed / sum of expected disagreements.

    Spans of different codes may overlap; spans of one coder and one code may not.

    Returns
    -------
    float, at most 1; 1 is perfect agreement, 0 what chance would give.

    Raises
    ------
    NotEstimableError
        ``one_coder``, ``no_spans``, ``overlapping_spans_of_one_code`` or ``no_variation``
        (expected disagreement 0).

    References
    ----------
    Krippendorff (1995), Sociological Methodology 25, 47-76; Krippendorff (2004), Content
    Analysis, 2nd ed., 251-256.
    """
    _check(continuum)
    parts = [disagreements(continuum.of_code(code)) for code in range(len(continuum.codes))]
    return _ratio(sum(o for o, _ in parts), sum(e for _, e in parts))


def alpha_u_of_code(continuum: Continuum, code: int) -> float:
    """alpha_U of one code; the same conditions as ``alpha_u``."""
    part = continuum.of_code(code)
    _check(part)
    return _ratio(*disagreements(part))


def _check(continuum: Continuum) -> None:
    """Raise where alpha_U has no value."""
    if continuum.n_coders < 2:
        raise NotEstimableError(Reason.ONE_CODER)
    if continuum.n_spans == 0:
        raise NotEstimableError(Reason.NO_SPANS)
    if continuum.overlapping_in_code:
        raise NotEstimableError(Reason.OVERLAPPING_IN_CODE)


def _ratio(observed: Fraction | int, expected: Fraction | int) -> float:
    """1 - observed / expected."""
    if expected == 0:
        raise NotEstimableError(Reason.NO_VARIATION)
    return float(1 - Fraction(observed) / Fraction(expected))


def disagreements(continuum: Continuum) -> tuple[Fraction, Fraction]:
    """Observed and expected disagreement of the spans of one code.

    With R coders, length L and N spans of lengths l: observed, over ordered pairs of coders, the
    squared differences of both boundaries of spans that overlap, and l² of a span that meets no
    span of the other; expected, the same over all ways to place the spans.
    """
    size, coders = continuum.length, continuum.n_coders
    spans = [(start, end) for start, end, _ in continuum.by_coder()]
    observed = sum(_between(a, b) for a, b in itertools.combinations(spans, 2))
    lengths = sorted((continuum.end - continuum.start).tolist())
    gaps = sorted(gap for start, end in spans for gap in _gaps(start, end, size))
    sums = [0, *itertools.accumulate(gaps)]
    expected = Fraction(0)
    for length in lengths:
        cubic = Fraction((len(lengths) - 1) * (2 * length**3 - 3 * length**2 + length), 3)
        first = bisect.bisect_left(gaps, length)
        places = sums[-1] - sums[first] - (len(gaps) - first) * (length - 1)
        expected += cubic + length**2 * places
    whole = coders * size
    pairs = whole * (whole - 1) - sum(length * (length - 1) for length in lengths)
    return (
        Fraction(2 * observed, coders * (coders - 1) * size**2),
        2 * expected / (size * pairs) if pairs else Fraction(0),
    )


def _between(a: tuple[Ints, Ints], b: tuple[Ints, Ints]) -> int:
    """Disagreement between two coders' spans, each sorted and without overlap."""
    (start, end), (other_start, other_end) = a, b
    first = np.searchsorted(other_end, start, side="right")
    last = np.searchsorted(other_start, end, side="left")
    meets = last - first
    mine = np.repeat(np.arange(len(start)), meets)
    theirs = np.arange(len(mine)) - np.repeat(np.cumsum(meets) - meets, meets) + first[mine]
    touched = np.zeros(len(other_start), dtype=bool)
    touched[theirs] = True
    differences = np.concatenate(
        (
            start[mine] - other_start[theirs],
            end[mine] - other_end[theirs],
            (end - start)[meets == 0],
            (other_end - other_start)[~touched],
        )
    )
    # Python's integers: squares of long texts' lengths outgrow 64 bits when summed.
    return sum(difference * difference for difference in differences.tolist())


def _gaps(start: Ints, end: Ints, size: int) -> list[int]:
    """Lengths of the stretches without a span, those of length 0 left out."""
    edges = np.concatenate(([0], end)), np.concatenate((start, [size]))
    return [gap for gap in (edges[1] - edges[0]).tolist() if gap > 0]

"""How unlike two units are, for gamma: where they lie and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themetrail.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """The units of one coder: positions and codes (indices), one element a unit."""

    start: Floats
    end: Floats
    code: Ints

    def __len__(self) -> int:
        return len(self.start)

    def take(self, index: Ints) -> Units:
        """The units of these numbers."""
        return Units(self.start[index], self.end[index], self.code[index])


def joined(units: Sequence[Units]) -> Units:
    """The units of all coders, one coder's after the other's."""
    return Units(
        np.concatenate([own.start for own in units]),
        np.concatenate([own.end for own in units]),
        np.concatenate([own.code for own in units]),
    )


@dataclass(frozen=True)
class Weights:
    """The parameters of the combined dissimilarity, all of them part of gamma's definition.

    Attributes
    ----------
    alpha : weight of the positional part.
    beta : weight of the categorical part.
    delta_empty : cost of a pair of which one or both units are missing. Both parts are multiples
        of it, as in the paper, so that it scales every disorder and leaves gamma as it is.
    """

    alpha: float = 1.0
    beta: float = 1.0
    delta_empty: float = 1.0

    def __post_init__(self) -> None:
        for name in ("alpha", "beta", "delta_empty"):
            value: Any = getattr(self, name)
            real = isinstance(value, int | float) and not isinstance(value, bool)
            if not real or not 0 <= value < float("inf"):
                message = f"gamma's {name} is {value!r}; expected a number of at least 0."
                raise InputError(message)
        if self.delta_empty == 0 or self.alpha + self.beta == 0:
            message = "gamma needs delta_empty above 0, and alpha or beta above 0."
            raise InputError(message)


def dissimilarity(a: Units, b: Units, weights: Weights) -> Floats:
    """Combined dissimilarity of pairs of units: the first of ``a`` and the first of ``b``, ….

    Positional-sporadic part: ((|Δstart| + |Δend|) / (length + length))², 0 for the same place, 1
    for neighbours of equal length. Categorical part: 0 for the same code, else 1.

    Returns
    -------
    float64, one a pair, in multiples of ``delta_empty``.

    References
    ----------
    Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3), 437-479, section 4.3.
    """
    moved = np.abs(a.start - b.start) + np.abs(a.end - b.end)
    ratio = moved / ((a.end - a.start) + (b.end - b.start))
    result = weights.alpha * ratio * ratio + weights.beta * (a.code != b.code)
    return np.asarray(result, dtype=np.float64)


def near_pairs(
    a: Units, b: Units, weights: Weights, bound: float, most: int
) -> tuple[Ints, Ints] | None:
    """Pairs of units that differ by less than ``bound``.

    Only units whose starts are near enough are looked at: what is farther apart than the ratio
    allows, whatever the ends, cannot be below the bound.

    Returns
    -------
    Indices into ``a`` (ascending) and into ``b``; None where more than ``most`` pairs would have
    to be looked at.
    """
    order = np.argsort(b.start, kind="stable")
    start = b.start[order]
    ratio = np.sqrt(bound / weights.alpha) if weights.alpha > 0 else np.inf
    reach = ratio * ((a.end - a.start) + (b.end - b.start).max(initial=0.0))
    first = np.searchsorted(start, a.start - reach, side="left")
    count = np.searchsorted(start, a.start + reach, side="right") - first
    if int(count.sum()) > most:
        return None
    left, step = repeated(count)
    right = order[first[left] + step]
    below = dissimilarity(a.take(left), b.take(right), weights) < bound
    return left[below], right[below]


def repeated(count: Ints) -> tuple[Ints, Ints]:
    """Each row number as often as ``count`` says, and 0, 1, … within each row."""
    row = np.repeat(np.arange(len(count)), count)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)

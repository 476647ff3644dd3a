"""What the data must be reduced to: statistics linear in how often each rating pattern occurs.

Agreement on categories depends on the data only through the number of units that show each
pattern of ratings ("coder 1 said yes, coder 2 no, coder 3 did not judge"). Every coefficient of
this package is a function of the few sums declared here, and each sum is linear in those numbers.
So units can be added up by transcript, site or bootstrap replicate, in any order, and one
replicate of a cluster bootstrap is one weighted sum.

All sums are scaled to integers (``Layout.scale``), which float64 adds without rounding up to
2**53: the same data give the same bits whatever their order and the number of threads.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]  # float64, or complex128 where a gradient is taken
Ints = NDArray[np.int64]

MISSING = -1
EXACT = 2**53
MOST_NUMBERED = 2**62
MOST_COUNTED = 2**20
MOST_EXACT = 20  # raters of one unit; beyond, the scale itself would outgrow float64


class Weighting(Protocol):
    """What this module needs of ``weights.Weights``."""

    @property
    def matrix(self) -> Floats:
        """Disagreement of each pair of categories, (q, q)."""

    @property
    def unit(self) -> float:
        """What the matrix is to be divided by."""

    @property
    def exact(self) -> bool:
        """Whether the matrix holds integers."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Names and places of the sums of a table.

    Attributes
    ----------
    n_coders, n_categories : m and q.
    most : the most ratings of a unit.
    weights : the disagreement weights that coefficients are wanted for, w of them.
    tables : whether pairs of coders are wanted.
    coincidences : whether all coincidences are (for alpha on ranks, whose weights depend on the
        data).
    """

    n_coders: int
    n_categories: int
    most: int
    weights: tuple[Weighting, ...]
    tables: bool = True
    coincidences: bool = False

    @functools.cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Sum by sum: its shape.

        With r ratings in a unit, r_c of them in category c:

        rated, paired : units with r >= 1, r >= 2.
        equal : paired units on which all ratings are the same.
        share (q) : Σ r_c / r over rated units. Scaled.
        differ (w) : disagreement of an ordered pair of ratings, mean a paired unit, summed.
            Scaled.
        differ_by_rating (w) : the same, each unit weighing as much as it has ratings;
            Krippendorff's observed disagreement. Scaled.
        pairable (q) : Krippendorff's n_c, Σ r_c over paired units.
        same (q) : pairs of ratings that are both c.
        margin (m, q) : units that a coder put in a category.
        table_differ (P, w), table_rows, table_columns (P, q) : of two coders, on the units both
            judged, in the order of ``pairs``: disagreement, and each one's margin.
        coincide (q, q) : Krippendorff's o_ck. Scaled.
        """
        m, q, w = self.n_coders, self.n_categories, len(self.weights)
        p = m * (m - 1) // 2
        found: dict[str, tuple[int, ...]] = {
            "rated": (),
            "paired": (),
            "equal": (),
            "share": (q,),
            "differ": (w,),
            "differ_by_rating": (w,),
            "pairable": (q,),
            "same": (q,),
            "margin": (m, q),
        }
        if self.tables:
            found |= {"table_differ": (p, w), "table_rows": (p, q), "table_columns": (p, q)}
        if self.coincidences:
            found["coincide"] = (q, q)
        return found

    @functools.cached_property
    def scale(self) -> int:
        """Least common multiple of r(r - 1) over the numbers r of ratings of a unit.

        Beyond ``MOST_EXACT`` the sums stay real numbers: right to rounding, no longer to the bit.
        """
        if not 2 <= self.most <= MOST_EXACT:
            return 1
        return math.lcm(*(r * (r - 1) for r in range(2, self.most + 1)))

    @property
    def exact(self) -> bool:
        """Whether all sums are integers."""
        return self.most <= MOST_EXACT and all(w.exact for w in self.weights)

    @functools.cached_property
    def places(self) -> dict[str, slice]:
        """Sum by sum: where it lies in the last axis."""
        found, at = {}, 0
        for name, shape in self.shapes.items():
            found[name] = slice(at, at + math.prod(shape))
            at += math.prod(shape)
        return found

    @property
    def size(self) -> int:
        """Length of the last axis."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    @functools.cached_property
    def pairs(self) -> tuple[Ints, Ints]:
        """First and second coder of each pair, g < h."""
        first, second = np.triu_indices(self.n_coders, 1)
        return first, second


@dataclass(frozen=True)
class Sums:
    """Sums of one table, or of many at once (leading axes), under one layout."""

    layout: Layout
    values: Floats

    def __getattr__(self, name: str) -> Floats:
        # Each sum is read by its name: ``sums.margin`` has shape (..., m, q).
        try:
            place, shape = self.layout.places[name], self.layout.shapes[name]
        except KeyError:
            raise AttributeError(name) from None
        return self.values[..., place].reshape(*self.values.shape[:-1], *shape)


def pattern_sums(patterns: Ints, layout: Layout) -> Floats:
    """What one unit of each pattern adds to the sums.

    Parameters
    ----------
    patterns : int, shape (K, m); categories 0 … q - 1, or -1 where a coder did not judge.

    Returns
    -------
    float64, shape (K, layout.size); integers where ``layout.exact``.
    """
    given = patterns[:, :, None] == np.arange(layout.n_categories)
    counts = given.sum(axis=1).astype(np.float64)
    r = counts.sum(axis=1)
    paired = r >= 2
    # A rating does not differ from itself, so all ordered pairs are those of different ratings.
    differ = _per_weight(layout, lambda v: ((counts @ v) * counts).sum(axis=1))
    others = np.maximum(r - 1, 1)[:, None]
    parts = {
        "rated": r >= 1,
        "paired": paired,
        "equal": paired & (counts.max(axis=1, initial=0) == r),
        "share": layout.scale * counts / np.maximum(r, 1)[:, None],
        "differ": layout.scale * differ / (others * np.maximum(r, 2)[:, None]),
        "differ_by_rating": layout.scale * differ / others,
        "pairable": counts * paired[:, None],
        "same": counts * (counts - 1) / 2,
        "margin": given,
    }
    if layout.tables:
        parts |= _tables(patterns, given, layout)
    if layout.coincidences:
        pairs = counts[:, :, None] * counts[:, None, :]
        pairs[:, np.arange(counts.shape[1]), np.arange(counts.shape[1])] -= counts
        parts["coincide"] = layout.scale * pairs / others[:, :, None]
    rows = [
        np.asarray(parts[name], dtype=np.float64).reshape(len(r), math.prod(shape))
        for name, shape in layout.shapes.items()
    ]
    sums = np.concatenate(rows, axis=1)
    return np.rint(sums) if layout.exact else sums


def _per_weight(layout: Layout, function: Callable[[Floats], Floats]) -> Floats:
    """One column a weighting."""
    return np.stack([function(w.matrix) for w in layout.weights], axis=-1)


def _tables(patterns: Ints, given: NDArray[np.bool_], layout: Layout) -> dict[str, Any]:
    """What a pair of coders' cross table adds: disagreement and margins; (K, P, …)."""
    first, second = layout.pairs
    both = (patterns[:, first] != MISSING) & (patterns[:, second] != MISSING)
    left, right = patterns[:, first], patterns[:, second]  # -1 reads a value that is not used
    return {
        "table_differ": _per_weight(layout, lambda v: np.where(both, v[left, right], 0)),
        "table_rows": given[:, first] & both[:, :, None],
        "table_columns": given[:, second] & both[:, :, None],
    }


def most_ratings(patterns: Ints) -> int:
    """The most ratings of a unit."""
    return int((patterns != MISSING).sum(axis=1).max(initial=0))


def distinct(ratings: Ints) -> tuple[Ints, Ints]:
    """Distinct rows of a units × coders table, sorted, and the place of each unit's row."""
    if ratings.size == 0:
        return ratings[:1], np.zeros(len(ratings), dtype=np.int64)
    low, base = int(ratings.min()), int(ratings.max()) - int(ratings.min()) + 1
    if base ** ratings.shape[1] >= MOST_NUMBERED:
        rows, inverse = np.unique(ratings, axis=0, return_inverse=True)
        return rows, inverse.reshape(-1)
    # Rows as numbers sort as rows do, and far quicker.
    powers = base ** np.arange(ratings.shape[1] - 1, -1, -1, dtype=np.int64)
    numbers = (ratings - low) @ powers
    if base ** ratings.shape[1] <= MOST_COUNTED:
        found = np.flatnonzero(np.bincount(numbers))
        place = np.zeros(int(numbers.max()) + 1, dtype=np.int64)
        place[found] = np.arange(len(found))
        inverse = place[numbers]
    else:
        found, inverse = np.unique(numbers, return_inverse=True)
    return found[:, None] // powers % base + low, inverse.reshape(-1)

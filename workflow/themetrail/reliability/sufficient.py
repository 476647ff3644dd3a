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
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]  # float64, or complex128 where a gradient is taken
Ints = NDArray[np.int64]

MISSING = -1
EXACT = 2**53
MOST_EXACT = 20  # raters of one unit; beyond, the scale itself would outgrow float64


@dataclass(frozen=True)
class Layout:
    """Names and places of the sums of a table with given numbers of coders and categories.

    Attributes
    ----------
    n_coders, n_categories : m and q.
    scale : least common multiple of r(r - 1) over the numbers r of ratings of a unit; the sums
        ``share``, ``agree`` and ``coincide`` are multiplied by it.
    """

    n_coders: int
    n_categories: int
    scale: int

    @functools.cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Sum by sum: its shape.

        rated, paired : units with at least one, at least two ratings.
        equal : paired units on which all ratings are the same.
        share (q) : over rated units, share of the unit's ratings in each category. Scaled.
        agree (q, q) : over paired units, share of the unit's ordered pairs of ratings that fall
            on (c, k). Scaled.
        coincide (q, q) : the same, each unit weighing as much as it has ratings; Krippendorff's
            coincidences. Scaled.
        margin (m, q) : units that a coder put in a category.
        table (m(m-1)/2, q, q) : units that two coders put in (c, k), coders in the order of
            ``pairs``.
        """
        m, q = self.n_coders, self.n_categories
        return {
            "rated": (),
            "paired": (),
            "equal": (),
            "share": (q,),
            "agree": (q, q),
            "coincide": (q, q),
            "margin": (m, q),
            "table": (m * (m - 1) // 2, q, q),
        }

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
        return int(self.places["table"].stop)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs of coders (g, h) with g < h, in the order of ``table``."""
        for g in range(self.n_coders):
            for h in range(g + 1, self.n_coders):
                yield g, h


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

    @property
    def pairable(self) -> Floats:
        """Krippendorff's n_c: ratings of each category in paired units, scaled; (..., q)."""
        ratings: Floats = self.coincide.sum(axis=-1)
        return ratings


def layout_of(patterns: Ints, n_categories: int) -> Layout:
    """The layout for patterns of ratings, shape (K, m)."""
    most = int((patterns != MISSING).sum(axis=1).max(initial=0))
    ratings = range(2, most + 1)
    # Beyond MOST_EXACT the sums stay real numbers: right to rounding, no longer to the bit.
    scale = math.lcm(*(r * (r - 1) for r in ratings)) if 2 <= most <= MOST_EXACT else 1
    return Layout(patterns.shape[1], n_categories, scale)


def pattern_sums(patterns: Ints, layout: Layout) -> Floats:
    """What one unit of each pattern adds to the sums.

    Parameters
    ----------
    patterns : int, shape (K, m); categories 0 … q - 1, or -1 where a coder did not judge.

    Returns
    -------
    float64, shape (K, layout.size); integers where at most ``MOST_EXACT`` coders rated a unit.
    """
    q = layout.n_categories
    given = patterns[:, :, None] == np.arange(q)
    counts = given.sum(axis=1).astype(np.float64)
    r = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, np.arange(q), np.arange(q)] -= counts
    paired = r >= 2
    at_least = np.maximum(r, 2)
    parts = {
        "rated": r >= 1,
        "paired": paired,
        "equal": paired & (counts.max(axis=1, initial=0) == r),
        "share": layout.scale * counts / np.maximum(r, 1)[:, None],
        "agree": layout.scale * pairs / (at_least * (at_least - 1))[:, None, None],
        "coincide": layout.scale * pairs / (at_least - 1)[:, None, None],
        "margin": given,
        "table": _tables(given, layout),
    }
    rows = [np.asarray(parts[n], dtype=np.float64).reshape(len(r), -1) for n in layout.shapes]
    sums = np.concatenate(rows, axis=1)
    return np.rint(sums) if layout.scale > 1 else sums


def _tables(given: NDArray[np.bool_], layout: Layout) -> NDArray[np.bool_]:
    """For each pattern and pair of coders, the (q, q) table with a 1 where the two fell."""
    firsts = [g for g, _ in layout.pairs()]
    seconds = [h for _, h in layout.pairs()]
    return given[:, firsts, :, None] & given[:, seconds, None, :]


@dataclass(frozen=True)
class Basis:
    """The fewest sums from which all others follow, for the patterns that occur.

    With complete data, for example, every margin follows from the pair tables. A bootstrap over
    many clusters costs what the sums cost that it multiplies, so it multiplies only these.
    """

    layout: Layout
    columns: Ints
    expansion: Floats  # (len(columns), layout.size)

    def expand(self, values: Floats) -> Sums:
        """All sums from those of ``columns``; rounding them restores the exact integers."""
        full = values @ self.expansion
        return Sums(self.layout, np.rint(full) if self.layout.scale > 1 else full)


def basis_of(sums: Floats, layout: Layout) -> Basis:
    """Find linearly independent columns of the pattern sums, shape (K, layout.size)."""
    columns = _independent(sums)
    chosen = sums[:, columns]
    expansion = np.linalg.lstsq(chosen, sums, rcond=None)[0] if len(columns) else chosen.T
    basis = Basis(layout, columns, np.where(np.abs(expansion) < 1e-9, 0.0, expansion))
    if len(columns) and np.allclose(chosen @ basis.expansion, sums, rtol=0, atol=1e-6):
        return basis
    return Basis(layout, np.arange(layout.size), np.eye(layout.size))


def _independent(matrix: Floats) -> Ints:
    """Indices of columns that span the column space, from the left (Gaussian elimination)."""
    rest = matrix / np.maximum(np.abs(matrix).max(axis=0, initial=0), 1)
    chosen: list[int] = []
    for column in range(matrix.shape[1]):
        row = int(np.argmax(np.abs(rest[:, column]))) if len(rest) else 0
        if len(rest) == 0 or abs(rest[row, column]) < 1e-9:
            continue
        chosen.append(column)
        ratio = rest[row] / rest[row, column]
        rest = rest - rest[:, column, None] * ratio
    return np.array(chosen, dtype=np.int64)


def distinct(ratings: Ints) -> tuple[Ints, Ints]:
    """Distinct rows of a units × coders table, sorted, and the place of each unit's row."""
    if len(ratings) == 0:
        return ratings, np.zeros(0, dtype=np.int64)
    rows, inverse = np.unique(ratings, axis=0, return_inverse=True)
    return rows, inverse.reshape(-1)

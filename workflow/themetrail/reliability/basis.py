"""The fewest sums from which all others follow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from themetrail.reliability.sufficient import Floats, Ints, Layout, Sums

ROUNDING = 1e-9
MOST_REDUCED = 500  # sums; finding a basis costs their square times the patterns


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
        if len(self.columns) == self.layout.size:
            return Sums(self.layout, values)
        # One sum of all replicates lies side by side in memory: estimators read sum by sum.
        rows = values.reshape(math.prod(values.shape[:-1]), len(self.columns))
        full = self.expansion.T @ rows.T
        if self.layout.exact:
            np.rint(full, out=full)
        return Sums(self.layout, full.T.reshape(*values.shape[:-1], self.layout.size))


def whole_basis(layout: Layout) -> Basis:
    """All sums as they are."""
    return Basis(layout, np.arange(layout.size), np.eye(layout.size))


def basis_of(sums: Floats, layout: Layout) -> Basis:
    """Find linearly independent columns of the pattern sums, shape (K, layout.size).

    All columns where sums are no integers, which rounding could not restore, or too many.
    """
    if not layout.exact or layout.size > MOST_REDUCED:
        return whole_basis(layout)
    rows, columns = _independent(sums)
    expansion = np.linalg.solve(sums[np.ix_(rows, columns)], sums[rows])
    basis = Basis(layout, columns, np.where(np.abs(expansion) < ROUNDING, 0.0, expansion))
    if np.allclose(sums[:, columns] @ basis.expansion, sums, rtol=0, atol=1e-6):
        return basis
    return whole_basis(layout)


def _independent(matrix: Floats) -> tuple[Ints, Ints]:
    """Rows and columns of a largest square part with full rank (Gaussian elimination)."""
    rest = matrix / np.maximum(np.abs(matrix).max(axis=0, initial=0), 1)
    rows: list[int] = []
    columns: list[int] = []
    for column in range(matrix.shape[1] if len(matrix) else 0):
        row = int(np.argmax(np.abs(rest[:, column])))
        if abs(rest[row, column]) < ROUNDING:
            continue
        rows.append(row)
        columns.append(column)
        rest = rest - rest[:, column, None] * (rest[row] / rest[row, column])
    return np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)

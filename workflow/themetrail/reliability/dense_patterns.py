"""Rating patterns of units × coders arrays, counted by cluster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themetrail.errors import InputError
from themetrail.reliability.basis import Basis, basis_of
from themetrail.reliability.resampling import EXACT_SINGLE
from themetrail.reliability.sufficient import Floats, Ints, Layout, pattern_sums
from themetrail.reliability.weights import nominal

MOST_TABLED = 7  # coders; beyond, only patterns that occur are held
UNITS_AT_ONCE = 32_768  # counted together: their patterns fit the processor's cache


@dataclass(frozen=True, eq=False)
class Block:
    """Clusters [first, last); ``shift`` is where each unit's cluster's counts begin."""

    first: int
    last: int
    shift: Ints


@dataclass(frozen=True, eq=False)
class Clusters:
    """Units in the order of their clusters' sorted names.

    ``order`` is None where they lie so already; cluster c holds ``starts[c]`` to
    ``starts[c + 1]``.
    """

    order: Ints | None
    starts: Ints

    @staticmethod
    def of(cluster: Iterable[Any] | None, n_units: int) -> Clusters | None:
        """Clusters from one name a unit."""
        if cluster is None:
            return None
        names = cluster if isinstance(cluster, np.ndarray) else np.array(list(cluster))
        if len(names) != n_units:
            message = f"{len(names)} clusters for {n_units} units"
            raise InputError(message)
        changes = np.flatnonzero(names[1:] != names[:-1]) + 1
        heads = names[np.concatenate([[0], changes])] if n_units else names
        if np.all(heads[1:] > heads[:-1]):
            return Clusters(None, np.concatenate([[0], changes, [n_units]]).astype(np.int64))
        _, place = np.unique(names, return_inverse=True)
        sizes = np.bincount(place.reshape(-1))
        order = np.argsort(place.reshape(-1), kind="stable")
        return Clusters(order, np.concatenate([[0], np.cumsum(sizes)]))

    @property
    def n(self) -> int:
        """How many clusters."""
        return len(self.starts) - 1

    def blocks(self, n_patterns: int) -> list[Block]:
        """Runs of clusters of about ``UNITS_AT_ONCE`` units, for patterns counted side by side."""
        found = []
        a = 0
        while a < self.n:
            b = int(np.searchsorted(self.starts, self.starts[a] + UNITS_AT_ONCE, side="right")) - 1
            b = min(max(b, a + 1), self.n)
            shift = np.arange(b - a) * n_patterns
            found.append(Block(a, b, np.repeat(shift, np.diff(self.starts[a : b + 1]))))
            a = b
        return found


@dataclass(frozen=True, eq=False)
class Patterns:
    """Numbers of rating patterns, and what a unit of each adds to the sums.

    A pattern's number has a digit a coder: the rating (base 2), or the rating + 1 (base 3, where
    ratings are missing). ``known`` are the numbers that occur where there are too many to list
    all.
    """

    base: int
    basis: Basis
    values: Floats  # (K, len(basis.columns))
    known: Ints | None

    @staticmethod
    def of(ratings: NDArray[np.int8]) -> Patterns:
        """Patterns of ratings, units × coders × codes."""
        m = ratings.shape[1]
        low = int(ratings.min(initial=0))
        if low < -1 or int(ratings.max(initial=0)) > 1:
            message = "ratings are 1, 0 or -1 (missing)"
            raise InputError(message)
        base = 2 if low == 0 else 3
        known = None
        numbers = np.arange(base**m) if m <= MOST_TABLED else np.zeros(0, dtype=np.int64)
        if m > MOST_TABLED:
            found = [
                np.unique(pattern_numbers(ratings[:, :, g], base)) for g in range(ratings.shape[2])
            ]
            known = numbers = np.unique(np.concatenate(found))
        places = base ** np.arange(m, dtype=np.int64)
        patterns = numbers[:, None] // places % base - (base - 2)
        most = int((patterns >= 0).sum(axis=1).max(initial=0))
        layout = Layout(m, 2, most, (nominal(2),))
        sums = pattern_sums(patterns, layout)
        basis = basis_of(sums, layout)
        return Patterns(base, basis, sums[:, basis.columns], known)

    def reduce(self, counts: NDArray[np.float32], most: int) -> Floats:
        """The sums of each cluster, shape (clusters, width), from its counts of patterns.

        In single precision where that is exact: clusters hold at most ``most`` units.
        """
        bound = most * float(self.values.max(initial=0))
        if bound < 2**EXACT_SINGLE and self.basis.layout.exact:
            return counts @ self.values.astype(np.float32)
        return counts.astype(np.float64) @ self.values

    def count(self, ratings: NDArray[np.int8]) -> NDArray[Any]:
        """The place of each unit's pattern in ``values``; ratings units × coders."""
        numbers = pattern_numbers(ratings, self.base)
        return numbers if self.known is None else np.searchsorted(self.known, numbers)


def pattern_numbers(ratings: NDArray[np.int8], base: int) -> NDArray[Any]:
    """The number of each unit's pattern; ratings units × coders."""
    m = ratings.shape[1]
    # The smallest type that holds them: a byte up to five coders with missing ratings.
    kind = np.dtype("u1" if base**m <= 256 else "u2" if base**m <= 65536 else "i8")
    shift = np.int8(base - 2)
    numbers: NDArray[Any] = (ratings[:, m - 1] + shift).astype(kind)
    for coder in range(m - 2, -1, -1):
        np.multiply(numbers, kind.type(base), out=numbers)
        np.add(numbers, (ratings[:, coder] + shift).view(np.uint8), out=numbers)
    return numbers


def count_by_cluster(
    ratings: NDArray[np.int8], patterns: Patterns, clusters: Clusters, blocks: list[Block]
) -> NDArray[np.float32]:
    """How many units of each cluster show each pattern, for one code; shape (clusters, K)."""
    places = patterns.count(ratings)
    if clusters.order is not None:
        places = places[clusters.order]
    k = len(patterns.values)
    counts = np.empty((clusters.n, k), dtype=np.float32)
    for block in blocks:
        part = places[clusters.starts[block.first] : clusters.starts[block.last]]
        size = block.last - block.first
        found = np.bincount(block.shift + part, minlength=size * k)
        counts[block.first : block.last] = found.reshape(size, k)
    return counts

"""How much two categories differ: disagreement weights, 0 on the diagonal.

Agreement weights of the literature are 1 - these (``linear``, ``quadratic``: Cohen 1968;
``ordinal``: Gwet 2014, table 3.5). ``interval`` and ``ratio`` are Krippendorff's (2011) squared
differences; his ordinal metric depends on how often each rank occurs, and so is no fixed matrix
(``estimators.ordinal_alpha``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from themetrail.errors import InputError
from themetrail.reliability.sufficient import Floats

Value = float


@dataclass(frozen=True, eq=False)
class Weights:
    """Disagreement of every pair of categories: ``matrix / unit``.

    ``matrix`` holds integers wherever the weights are fractions with the common denominator
    ``unit``, so that sums of them are exact.
    """

    name: str
    matrix: Floats
    unit: float = 1.0

    @property
    def exact(self) -> bool:
        """Whether sums of the matrix are sums of integers."""
        return bool((self.matrix == np.rint(self.matrix)).all())


def nominal(n_categories: int) -> Weights:
    """All different categories differ alike."""
    return Weights("nominal", 1 - np.eye(n_categories))


def one_category(n_categories: int, category: int) -> Weights:
    """One category against all others."""
    inside = np.arange(n_categories) == category
    return Weights(f"category_{category}", (inside[:, None] != inside).astype(np.float64))


def _spread(places: Floats, power: int, name: str) -> Weights:
    """|difference|**power as a share of the largest."""
    matrix = np.abs(places[:, None] - places) ** power
    return Weights(name, matrix, float(matrix.max(initial=0)) or 1.0)


def _ordinal(n_categories: int) -> Weights:
    """Gwet: 1 - weight = C(|k - l| + 1, 2) / C(q, 2)."""
    ranks = np.arange(n_categories, dtype=np.float64)
    between = np.abs(ranks[:, None] - ranks) + 1
    unit = n_categories * (n_categories - 1) / 2
    return Weights("ordinal", between * (between - 1) / 2, unit or 1.0)


def _ratio(values: Floats) -> Weights:
    """((c - k) / (c + k))²; two zeros do not differ.

    Krippendorff defines it for magnitudes with a true zero, so none may be negative.
    """
    if (values < 0).any():
        message = "the ratio level takes no negative values"
        raise InputError(message)
    total = values[:, None] + values
    difference = values[:, None] - values
    return Weights("ratio", (difference / np.where(total == 0, 1, total)) ** 2)


def _ranks_of_used(used: Sequence[bool]) -> Floats:
    """Rank among the categories that occur; an unused one shares its lower neighbour's."""
    return np.maximum(np.cumsum(np.asarray(used, dtype=np.float64)) - 1, 0)


def make(name: str, values: Sequence[Value] | None, used: Sequence[bool]) -> Weights:
    """Weights by name.

    Parameters
    ----------
    name : nominal, linear, quadratic or ordinal (by rank on the scale given),
        ``linear_observed_categories``, ``quadratic_observed_categories`` (by rank among the
        categories that occur), ``linear_value_based``, ``quadratic_value_based``, interval or
        ratio (by value).
    values : the categories as numbers; None where they are not.
    used : whether each category occurs.

    Raises
    ------
    InputError
        The weights need numbers and the categories are none.
    """
    q = len(used)
    ranks = np.arange(q, dtype=np.float64)
    by_rank: dict[str, Callable[[], Weights]] = {
        "nominal": lambda: nominal(q),
        "linear": lambda: _spread(ranks, 1, name),
        "quadratic": lambda: _spread(ranks, 2, name),
        "ordinal": lambda: _ordinal(q),
        "linear_observed_categories": lambda: _spread(_ranks_of_used(used), 1, name),
        "quadratic_observed_categories": lambda: _spread(_ranks_of_used(used), 2, name),
    }
    if name in by_rank:
        return by_rank[name]()
    if values is None:
        message = f"{name} weights need categories that are numbers"
        raise InputError(message)
    numbers = np.asarray(values, dtype=np.float64)
    by_value: dict[str, Callable[[], Weights]] = {
        "linear_value_based": lambda: _spread(numbers, 1, name),
        "quadratic_value_based": lambda: _spread(numbers, 2, name),
        "interval": lambda: Weights("interval", (numbers[:, None] - numbers) ** 2),
        "ratio": lambda: _ratio(numbers),
    }
    return by_value[name]()

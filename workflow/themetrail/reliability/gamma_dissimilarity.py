"""How unlike two units are, for gamma: where they lie and what they are called."""

from __future__ import annotations

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
    """Combined dissimilarity of each unit of one coder and each of another.

    Positional-sporadic part: ((|Δstart| + |Δend|) / (length + length))², 0 for the same place, 1
    for neighbours of equal length. Categorical part: 0 for the same code, else 1.

    Returns
    -------
    float64, shape (len(a), len(b)), in multiples of ``delta_empty``.

    References
    ----------
    Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3), 437-479, section 4.3.
    """
    moved = np.abs(a.start[:, None] - b.start) + np.abs(a.end[:, None] - b.end)
    lengths = (a.end - a.start)[:, None] + (b.end - b.start)
    ratio = moved / lengths
    named = a.code[:, None] != b.code
    return np.asarray(weights.alpha * ratio * ratio + weights.beta * named, dtype=np.float64)

"""How much two sets of codes differ, for passages that may carry several codes.

``jaccard``: 1 - |A∩B| / |A∪B|. ``masi`` (Passonneau 2006): 1 - J·M with J the Jaccard similarity
and M = 1, 2/3, 1/3 or 0 where the sets are equal, one holds the other, they overlap, they have
nothing in common. ``set_dkpro`` (Passonneau 2004): 0, 1/3, 2/3, 1 for the same four cases.
``masi_dkpro``: the Jaccard distance times 0, 1/3, 2/3, 1, which dkpro-statistics calls MASI and
which is not. Two empty sets do not differ; an empty set and another have nothing in common for
the first two, while the last two count the empty set as held by the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from themetrail.reliability.weights import Weights

Labels = frozenset[Any]


def _similarity(a: Labels, b: Labels) -> float:
    """Jaccard's; 1 for two empty sets."""
    return len(a & b) / len(a | b) if a | b else 1.0


def _grade(a: Labels, b: Labels) -> int:
    """0 equal, 1 one holds the other, 2 overlapping, 3 nothing in common."""
    if a == b:
        return 0
    if a <= b or b <= a:
        return 1
    return 2 if a & b else 3


def jaccard(a: Labels, b: Labels) -> float:
    """1 - |A∩B| / |A∪B|."""
    return 1 - _similarity(a, b)


def masi(a: Labels, b: Labels) -> float:
    """Passonneau (2006)."""
    return 1 - _similarity(a, b) * (3 - _grade(a, b)) / 3


def set_dkpro(a: Labels, b: Labels) -> float:
    """Passonneau (2004)."""
    return _grade(a, b) / 3


def masi_dkpro(a: Labels, b: Labels) -> float:
    """What dkpro-statistics computes as MASI."""
    return jaccard(a, b) * _grade(a, b) / 3


DISTANCES: dict[str, Callable[[Labels, Labels], float]] = {
    "jaccard": jaccard,
    "masi": masi,
    "set_dkpro": set_dkpro,
    "masi_dkpro": masi_dkpro,
}


def set_weights(name: str, categories: Sequence[Labels]) -> Weights:
    """Distances of all pairs of the sets that occur."""
    distance = DISTANCES[name]
    return Weights(name, np.array([[distance(a, b) for b in categories] for a in categories]))

"""Bootstrap over clusters, all replicates at once: weights × sums.

A replicate draws as many clusters as there are, with replacement; its weights say how often each
cluster was drawn. Clusters are numbered in the order of their sorted names before any is drawn,
so the draws, and with them every interval, do not depend on the order in which data arrive.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from themetrail.reliability.sufficient import Floats


def cluster_weights(n_clusters: int, replicates: int, seed: int) -> Floats:
    """How often each replicate draws each cluster; integers, shape (replicates, n_clusters)."""
    weights = np.zeros((replicates, n_clusters))
    if n_clusters == 0:
        return weights
    generator = np.random.default_rng(seed)
    for row in weights:
        row += np.bincount(generator.integers(n_clusters, size=n_clusters), minlength=n_clusters)
    return weights


def percentile_interval(
    replicates: Floats, confidence: float
) -> tuple[Floats, Floats, NDArray[Any]]:
    """Percentile interval over axis 0, and how many replicates had no value.

    Replicates without a value (one category drawn only) are counted and left out. Quantiles are
    interpolated linearly between order statistics (Hyndman & Fan 1996, type 7).
    """
    ordered = np.sort(replicates, axis=0)  # NaN last
    usable = (~np.isnan(ordered)).sum(axis=0)
    tail = (1 - confidence) / 2
    low, high = (quantile(ordered, usable, level) for level in (tail, 1 - tail))
    return low, high, len(replicates) - usable


def quantile(ordered: Floats, usable: NDArray[Any], level: Floats | float) -> Floats:
    """Quantile of the first ``usable`` of sorted values along axis 0; NaN where there are none."""
    if len(ordered) == 0:
        return np.full(ordered.shape[1:], np.nan)
    place = np.maximum(usable - 1, 0) * level
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(usable - 1, 0))
    first = np.take_along_axis(ordered, below[None], axis=0)[0]
    second = np.take_along_axis(ordered, above[None], axis=0)[0]
    return np.where(usable > 0, first + (second - first) * (place - below), np.nan)

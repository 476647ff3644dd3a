"""Bootstrap draws, all replicates at once.

A replicate draws as many things as there are, with replacement; its weights say how often each
was drawn. Clusters are numbered in the order of their sorted names before any is drawn, units by
their sorted patterns, so the draws do not depend on the order in which data arrive.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themetrail.reliability.sufficient import Floats, Ints

EXACT_SINGLE = 24  # bits of a whole number in single precision
FEWEST_BITS = 6  # of a digit; with fewer, double precision is quicker


@functools.lru_cache(maxsize=2)
def cluster_weights(n_clusters: int, replicates: int, seed: int) -> NDArray[np.float32]:
    """How often each replicate draws each cluster; shape (replicates, n_clusters).

    Whole numbers in single precision, which holds them: half the memory of double. The same
    draws serve every code and pair of coders with as many transcripts.
    """
    weights = np.empty((replicates, n_clusters), dtype=np.float32)
    if n_clusters == 0:
        return weights
    generator = np.random.default_rng(seed)
    for row in weights:
        row[:] = np.bincount(generator.integers(n_clusters, size=n_clusters), minlength=n_clusters)
    weights.setflags(write=False)
    return weights


def two_stage_weights(strata: Ints, replicates: int, seed: int) -> NDArray[np.float32]:
    """The same where strata (sites) are drawn first, then clusters within each drawn one.

    Parameters
    ----------
    strata : number of each cluster's stratum.
    """
    members = [np.flatnonzero(strata == number) for number in np.unique(strata)]
    weights = np.zeros((replicates, len(strata)), dtype=np.float32)
    generator = np.random.default_rng(seed)
    for row in weights:
        for place in generator.integers(len(members), size=len(members)):
            inside = members[place]
            drawn = generator.integers(len(inside), size=len(inside))
            row[inside] += np.bincount(drawn, minlength=len(inside))
    return weights


def exact_product(weights: NDArray[np.float32], sums: Floats, drawn: int) -> Floats:
    """Weights × sums, exact where the sums are whole numbers.

    In single precision where they come in it.

    ``sums`` are changed. A column is cut into digits so small that even their largest possible
    sum over the ``drawn`` clusters of a replicate is a whole number of single precision.
    """
    bits = EXACT_SINGLE - max(drawn - 1, 1).bit_length()
    if bits < FEWEST_BITS or sums.dtype != np.float32:
        return weights.astype(np.float64) @ sums
    chosen = np.flatnonzero(sums.max(axis=0, initial=0) >= 2**bits)
    rest = sums[:, chosen]
    upper = np.floor(rest / 2**bits)
    sums[:, chosen] = rest - upper * 2**bits
    result = (weights @ sums).astype(np.float64)
    if len(chosen):
        result[:, chosen] += 2.0**bits * exact_product(weights, upper, drawn)
    return result


def unit_weights(counts: Ints, replicates: int, seed: int) -> Floats:
    """How often each replicate draws units of each pattern; integers, shape (replicates, K).

    One multinomial draw over patterns a replicate, however many units there are.
    """
    n = int(counts.sum())
    if n == 0:
        return np.zeros((replicates, len(counts)))
    generator = np.random.default_rng(seed)
    return generator.multinomial(n, counts / n, size=replicates).astype(np.float64)


def quantile(ordered: Floats, usable: NDArray[Any], level: Floats | float) -> Floats:
    """Quantile of the first ``usable`` of sorted values along axis 0; NaN where there are none."""
    if len(ordered) == 0:
        return np.full(ordered.shape[1:], np.nan)
    last = np.maximum(usable - 1, 0)
    place = last * np.nan_to_num(level)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, last)
    first = np.take_along_axis(ordered, below[None], axis=0)[0]
    second = np.take_along_axis(ordered, above[None], axis=0)[0]
    return np.where(usable > 0, first + (second - first) * (place - below), np.nan)

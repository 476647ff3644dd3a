"""Standard errors and intervals of any coefficient, from the sums of what is exchangeable.

What is exchangeable is either units (grouped by equal rating pattern, with how often each occurs)
or clusters of units (transcripts, sites), each once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from themetrail.reliability.basis import Basis
from themetrail.reliability.estimators import Estimator
from themetrail.reliability.resampling import (
    EXACT_SINGLE,
    cluster_weights,
    exact_product,
    quantile,
    two_stage_weights,
    unit_weights,
)
from themetrail.reliability.sufficient import Floats, Ints, Sums

STEP = 1e-20
ROUNDING = 1e-12  # what is left of an exact zero
BLOCK = 4_000_000  # numbers held at once: 32 MB

What = Literal["units", "clusters"]


@dataclass(frozen=True, eq=False)
class Sample:
    """Sums of every exchangeable thing.

    Attributes
    ----------
    basis : how to get all sums from ``values``.
    values : shape (N, G, len(basis.columns)); G coefficients' data at once (codes).
    counts : how often each of the N occurs.
    what : what they are.
    strata : number of the larger thing (site) that each came from, where those were sampled.
    """

    basis: Basis
    values: Floats
    counts: Ints
    what: What
    strata: Ints | None = None

    @property
    def n(self) -> int:
        """How many exchangeable things there are."""
        return int(self.counts.sum())

    @property
    def sampled(self) -> int:
        """How many were sampled first: strata where there are, else things."""
        return self.n if self.strata is None else len(np.unique(self.strata))

    def total(self) -> Sums:
        """The data's own sums; shape (G, size)."""
        return self.basis.expand(_weighted(self.counts, self.values))

    def replicates(self, replicates: int, seed: int) -> Sums:
        """Bootstrap sums; shape (replicates, G, size)."""
        values = self.values.reshape(len(self.values), math.prod(self.values.shape[1:]))
        if self.what == "units":
            flat = unit_weights(self.counts, replicates, seed) @ values
        else:
            small = self.basis.layout.exact and values.max(initial=0) < 2**EXACT_SINGLE
            values = values.astype(np.float32) if small else values
            weights = self._weights(replicates, seed)
            # Strata of different size: a replicate may draw more clusters than there are.
            drawn = len(values) if self.strata is None else int(weights.sum(axis=1).max(initial=0))
            flat = exact_product(weights, values, drawn)
        return self.basis.expand(flat.reshape(replicates, *self.values.shape[1:]))

    def _weights(self, replicates: int, seed: int) -> NDArray[np.float32]:
        """How often each replicate draws each cluster."""
        if self.strata is None:
            return cluster_weights(len(self.counts), replicates, seed)
        return two_stage_weights(self.strata, replicates, seed)

    def without_one(self) -> Sums:
        """Sums with each thing left out in turn; shape (N, G, size)."""
        return self.basis.expand(_weighted(self.counts, self.values) - self.values)


def gradient(estimator: Estimator, sums: Sums, at: int) -> Floats:
    """∂f/∂S by the complex step (Squire & Trapp 1998, SIAM Review 40:110); shape (G, size).

    Exact to rounding: no difference of nearby values is taken.
    """
    size = sums.values.shape[-1]
    flat = sums.values.reshape(-1, size)
    slopes = np.empty_like(flat)
    block = max(1, BLOCK // max(size, 1))
    for first in range(0, size, block):
        step = STEP * 1j * np.eye(size)[first : first + block]
        for place, row in enumerate(flat):
            value = estimator(Sums(sums.layout, row + step), at)
            slopes[place, first : first + block] = value.imag / STEP
    return slopes.reshape(sums.values.shape)


def influence(estimator: Estimator, sample: Sample, at: int) -> Floats:
    """What each thing adds to the linearised coefficient, ∇f(S) · s; shape (N, G)."""
    slope = gradient(estimator, sample.total(), at) @ sample.basis.expansion.T
    contributions: Floats = (sample.values * slope).sum(axis=-1)
    return contributions


def _weighted(counts: Ints, values: Floats) -> Floats:
    """Σ counts × values over axis 0, column by column in the same order of additions.

    A BLAS product may add differently by a column's place, and so change the last bit.
    """
    column = counts.reshape(-1, *(1,) * (values.ndim - 1))
    total: Floats = (column * values).sum(axis=0)
    return total


def by_stratum(contributions: Floats, sample: Sample) -> tuple[Floats, Ints]:
    """Contributions of what was sampled first, and how often each occurs."""
    if sample.strata is None:
        return contributions, sample.counts
    _, stratum = np.unique(sample.strata, return_inverse=True)
    sums = np.zeros((int(stratum.max()) + 1, *contributions.shape[1:]))
    np.add.at(sums, stratum, contributions)
    return sums, np.ones(len(sums), dtype=np.int64)


def linearized_error(contributions: Floats, counts: Ints) -> Floats:
    """Standard error of a total of n independent contributions: n/(n - 1) Σ (u - mean u)².

    NaN below two. For clusters this is Taylor linearisation with the cluster as the sampling
    unit; for units the infinitesimal jackknife, the delta method.
    """
    n = counts.sum()
    if n < 2:
        return np.full(contributions.shape[1:], np.nan)
    deviations = contributions - _weighted(counts, contributions) / n
    error = np.sqrt(n / (n - 1) * _weighted(counts, deviations**2))
    return np.where(error < ROUNDING, 0.0, error)


def jackknife_error(left_out: Floats, counts: Ints) -> Floats:
    """Delete-one standard error (Efron & Stein 1981); NaN where a value is undefined."""
    n = counts.sum()
    if n < 2:
        return np.full(left_out.shape[1:], np.nan)
    deviations = left_out - _weighted(counts, left_out) / n
    error = np.sqrt((n - 1) / n * _weighted(counts, deviations**2))
    return np.where(error < ROUNDING, 0.0, error)


def percentile_interval(replicates: Floats, confidence: float) -> tuple[Floats, Floats, Ints]:
    """Percentile interval over axis 0, and how many replicates had no value.

    Replicates without a value (one category drawn only) are counted and left out. Quantiles are
    interpolated linearly between order statistics (Hyndman & Fan 1996, type 7).
    """
    ordered = np.sort(replicates, axis=0)  # NaN last
    usable = (~np.isnan(ordered)).sum(axis=0)
    tail = (1 - confidence) / 2
    low, high = (quantile(ordered, usable, level) for level in (tail, 1 - tail))
    return low, high, len(replicates) - usable


def bca_interval(
    replicates: Floats, estimate: Floats, left_out: Floats, counts: Ints, confidence: float
) -> tuple[Floats, Floats, Ints]:
    """Bias-corrected and accelerated interval (Efron 1987), acceleration from the jackknife."""
    from scipy.special import ndtr, ndtri

    ordered = np.sort(replicates, axis=0)
    usable = (~np.isnan(ordered)).sum(axis=0)
    # Ties count half: replicates of few units repeat the estimate itself.
    below = (ordered < estimate).sum(axis=0) + 0.5 * (ordered == estimate).sum(axis=0)
    bias = ndtri(np.clip(below / np.maximum(usable, 1), 1e-9, 1 - 1e-9))
    spread = _weighted(counts, left_out) / counts.sum() - left_out
    cubes, squares = _weighted(counts, spread**3), _weighted(counts, spread**2)
    acceleration = cubes / np.where(squares == 0, 1, 6 * squares**1.5)
    ends = []
    for z in ndtri([(1 - confidence) / 2, (1 + confidence) / 2]):
        moved = bias + (bias + z) / (1 - acceleration * (bias + z))
        ends.append(quantile(ordered, usable, ndtr(moved)))
    return ends[0], ends[1], len(replicates) - usable


def t_interval(
    estimate: Floats, error: Floats, freedom: int, confidence: float
) -> tuple[Floats, Floats]:
    """Student's t, cut at 1 above (Gwet 2014); normal and not cut where ``freedom`` is 0."""
    from scipy.special import ndtri, stdtrit

    level = (1 + confidence) / 2
    if freedom == 0:
        half = float(ndtri(level)) * error
        return estimate - half, estimate + half
    half = float(stdtrit(freedom, level)) * error
    return estimate - half, np.minimum(estimate + half, 1)

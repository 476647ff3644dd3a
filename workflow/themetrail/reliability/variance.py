"""Standard errors by linearisation (the delta method), for any coefficient of ``estimators``.

A coefficient f of sums S = Σ s_i over units has the variance of Σ u_i, u_i = ∇f(S) · s_i
(infinitesimal jackknife; Taylor linearisation of survey statistics). Where units come in
clusters, u is summed by cluster first. Gradients are taken by the complex step (Squire &
Trapp 1998, SIAM Review 40:110), which is exact to rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from themetrail.reliability.estimators import Estimator
from themetrail.reliability.sufficient import Floats, Sums

STEP = 1e-20
ROUNDING = 1e-12  # what is left of an exact zero


def gradient(estimator: Estimator, sums: Sums, v: Floats) -> Floats:
    """∂f/∂S at sums of shape (size,) or (G, size); the same shape back."""
    flat = sums.values.reshape(-1, sums.values.shape[-1])
    step = STEP * 1j * np.eye(flat.shape[1])
    rows = [estimator(Sums(sums.layout, row + step), v).imag / STEP for row in flat]
    return np.array(rows).reshape(sums.values.shape)


def linearized(contributions: NDArray[Any]) -> Floats:
    """Standard error from the clusters' contributions Σ u_i, over axis 0; NaN below two.

    C/(C - 1) Σ (u_c - mean u)², the between-cluster variance of a total.
    """
    n = len(contributions)
    if n < 2:
        return np.full(contributions.shape[1:], np.nan)
    deviations = contributions - contributions.mean(axis=0)
    error = np.sqrt(n / (n - 1) * (deviations**2).sum(axis=0))
    return np.where(error < ROUNDING, 0.0, error)

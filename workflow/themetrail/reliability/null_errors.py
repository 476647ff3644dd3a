"""Standard errors under the hypothesis of no agreement beyond chance: for tests, not intervals.

An interval around an estimate needs the variance at the estimate (``inference``); using these
instead is a known mistake (Fleiss, Cohen & Everitt 1969).
"""

from __future__ import annotations

import numpy as np

from themetrail.reliability.ratings import Ratings
from themetrail.reliability.sufficient import MISSING


def cohen_null_error(ratings: Ratings) -> float:
    """Fleiss, Cohen & Everitt (1969), eq. 14: two coders, units that both judged.

    NaN where expected agreement is 1 or there are not two coders.
    """
    if len(ratings.coders) != 2:
        return float("nan")
    both = ratings.codes[(ratings.codes != MISSING).all(axis=1)]
    n, q = len(both), len(ratings.categories)
    if n == 0:
        return float("nan")
    rows, columns = (np.bincount(both[:, coder], minlength=q) / n for coder in (0, 1))
    chance = float(rows @ columns)
    if chance == 1:
        return float("nan")
    spread = chance + chance**2 - float((rows * columns * (rows + columns)).sum())
    return float(np.sqrt(spread) / ((1 - chance) * np.sqrt(n)))


def fleiss_null_error(ratings: Ratings) -> float:
    """Fleiss, Nee & Landis (1979): any number of coders who all rated every unit that counts.

    Units that somebody did not rate are left out, as irr does. NaN where nothing is left or only
    one category was used.
    """
    full = ratings.codes[(ratings.codes != MISSING).all(axis=1)]
    n, m = full.shape
    if n == 0 or m < 2:
        return float("nan")
    p = np.bincount(full.reshape(-1), minlength=len(ratings.categories)) / full.size
    mix = float((p * (1 - p)).sum())
    if mix == 0:
        return float("nan")
    skew = float((p * (1 - p) * (1 - 2 * p)).sum())
    return float(np.sqrt(2 * (mix**2 - skew)) / (mix * np.sqrt(n * m * (m - 1))))

"""The coefficients, each as a function of sums (``sufficient.Sums``), over any leading axes.

All are written as 1 - observed / expected disagreement with disagreement weights ``v`` (0 on the
diagonal): numerator and denominator are then sums of terms that are not negative, so that an
undefined coefficient is an exact 0/0 and comes out as NaN, never as a number made by rounding.
Every function also takes complex sums: ``variance.py`` differentiates by the complex step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from themetrail.reliability.sufficient import Floats, Sums

Estimator = Callable[[Sums, Floats], Floats]


def divide(above: Floats, below: Floats) -> Floats:
    """Quotient, NaN where the denominator is zero (its real part, under a complex step)."""
    zero = np.real(below) == 0
    quotient = np.divide(above, np.where(zero, 1, below))
    return np.where(zero, np.nan, quotient)


def _against(observed: Floats, expected: Floats) -> Floats:
    """1 - observed / expected disagreement."""
    return 1 - divide(observed, expected)


def _bilinear(left: Floats, v: Floats, right: Floats) -> Floats:
    """Σ_ck v_ck left_c right_k over the last axes."""
    total: Floats = ((left @ v) * right).sum(axis=-1)
    return total


def _observed(sums: Sums, v: Floats) -> Floats:
    """Mean over paired units of the disagreement of a pair of ratings."""
    return divide((sums.agree * v).sum(axis=(-2, -1)), sums.layout.scale * sums.paired)


def percent_agreement(sums: Sums, v: Floats) -> Floats:
    """Mean over units with two or more ratings of the agreement of a pair (Gwet 2014, 5.2)."""
    return 1 - _observed(sums, v)


def percent_agreement_coincidence(sums: Sums, v: Floats) -> Floats:
    """The same with units weighted by their ratings: 1 - observed disagreement of alpha."""
    return 1 - divide((sums.coincide * v).sum(axis=(-2, -1)), sums.coincide.sum(axis=(-2, -1)))


def percent_agreement_all_raters_equal(sums: Sums, v: Floats) -> Floats:
    """Share of units with two or more ratings on which all ratings are the same."""
    return divide(sums.equal, sums.paired)


def fleiss_kappa(sums: Sums, v: Floats) -> Floats:
    """Fleiss (1971), pooled margins; missing ratings as Gwet (2014)."""
    share = divide(sums.share, (sums.layout.scale * sums.rated)[..., None])
    return _against(_observed(sums, v), _bilinear(share, v, share))


def conger_kappa(sums: Sums, v: Floats) -> Floats:
    """Conger (1980), each coder's own margins; missing ratings as Gwet (2014).

    Coders without a rating have no margin and are left out.
    """
    margin = sums.margin
    given = margin.sum(axis=-1)
    present = np.real(given) != 0
    p = margin / np.where(present, given, 1)[..., None]
    across = (p @ v) @ np.swapaxes(p, -1, -2)
    g, h = np.triu_indices(sums.layout.n_coders, 1)
    n_pairs = (present[..., g] & present[..., h]).sum(axis=-1)
    return _against(_observed(sums, v), divide(across[..., g, h].sum(axis=-1), n_pairs))


def brennan_prediger(sums: Sums, v: Floats) -> Floats:
    """Brennan & Prediger (1981): all q declared categories equally likely by chance."""
    expected = np.asarray(v.sum() / sums.layout.n_categories**2)
    return _against(_observed(sums, v), expected)


def gwet_ac(sums: Sums, v: Floats) -> Floats:
    """Gwet (2008) AC1, with weights AC2 (Gwet 2014)."""
    q = sums.layout.n_categories
    if q < 2:
        return np.full(sums.rated.shape, np.nan)
    share = divide(sums.share, (sums.layout.scale * sums.rated)[..., None])
    chance = (1 - v).sum() / (q * (q - 1)) * (share * (1 - share)).sum(axis=-1)
    return _against(_observed(sums, v), 1 - chance)


def krippendorff_alpha(sums: Sums, v: Floats) -> Floats:
    """Krippendorff (2011) from coincidences; ``v`` is the squared difference of two values."""
    n_c = sums.pairable
    n = n_c.sum(axis=-1)
    observed = (sums.coincide * v).sum(axis=(-2, -1))
    return _against((n - sums.layout.scale) * observed, _bilinear(n_c, v, n_c))


def pairwise_kappa(sums: Sums, v: Floats) -> Floats:
    """Cohen (1960, 1968) of every pair of coders, on the units that both judged; (..., P)."""
    table = sums.table
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    observed = (table * v).sum(axis=(-2, -1))
    return _against(rows.sum(axis=-1) * observed, _bilinear(rows, v, columns))


def cohen_kappa(sums: Sums, v: Floats) -> Floats:
    """Cohen (1960, 1968) of two coders."""
    return pairwise_kappa(sums, v)[..., 0]


def light_kappa(sums: Sums, v: Floats) -> Floats:
    """Light (1971): mean of the pairs' kappas; undefined where one of them is."""
    kappa: Floats = pairwise_kappa(sums, v).mean(axis=-1)
    return kappa


def scott_pi(sums: Sums, v: Floats) -> Floats:
    """Scott (1955) of two coders, on the units that both judged."""
    table = sums.table[..., 0, :, :]
    both = table.sum(axis=-1) + table.sum(axis=-2)
    observed = (table * v).sum(axis=(-2, -1))
    return _against(4 * table.sum(axis=(-2, -1)) * observed, _bilinear(both, v, both))


def specific_agreement(sums: Sums, category: int) -> Floats:
    """Agreement on one category, over all pairs of coders (Cicchetti & Feinstein 1990).

    Of the ratings in the category that meet a second rating, the share that meet the same.
    """
    tables = sums.table.sum(axis=-3)
    used = tables[..., category, :].sum(axis=-1) + tables[..., :, category].sum(axis=-1)
    return divide(2 * tables[..., category, category], used)


def positive_agreement(sums: Sums, v: Floats) -> Floats:
    """Specific agreement on the last category: *marked* of a binary judgement."""
    return specific_agreement(sums, sums.layout.n_categories - 1)


def negative_agreement(sums: Sums, v: Floats) -> Floats:
    """Specific agreement on the first category: *unmarked* of a binary judgement."""
    return specific_agreement(sums, 0)


def nominal(n_categories: int) -> Floats:
    """Disagreement weights of unordered categories."""
    return 1 - np.eye(n_categories)


BINARY: dict[str, Estimator] = {
    "percent_agreement": percent_agreement,
    "cohen_kappa": cohen_kappa,
    "scott_pi": scott_pi,
    "fleiss_kappa": fleiss_kappa,
    "conger_kappa": conger_kappa,
    "krippendorff_alpha_nominal": krippendorff_alpha,
    "brennan_prediger": brennan_prediger,
    "gwet_ac1": gwet_ac,
    "positive_agreement": positive_agreement,
    "negative_agreement": negative_agreement,
}
TWO_CODERS = frozenset({"cohen_kappa", "scott_pi"})

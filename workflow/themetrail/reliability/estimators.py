"""The coefficients, each as a function of sums (``sufficient.Sums``), over any leading axes.

All are written as 1 - observed / expected disagreement with disagreement weights (0 on the
diagonal): numerator and denominator are then sums of terms that are not negative, so that an
undefined coefficient is an exact 0/0 and comes out as NaN, never as a number made by rounding.
Every function also takes complex sums: ``variance.py`` differentiates by the complex step.

``at`` is the place of the weights in ``sums.layout.weights``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from themetrail.reliability.sufficient import Floats, Sums

Estimator = Callable[[Sums, int], Floats]


def divide(above: Floats, below: Floats) -> Floats:
    """Quotient, NaN where the denominator is zero (its real part, under a complex step)."""
    zero = np.real(below) == 0
    quotient = np.divide(above, np.where(zero, 1, below))
    return np.where(zero, np.nan, quotient)


def _against(observed: Floats, expected: Floats) -> Floats:
    """1 - observed / expected disagreement."""
    return 1 - divide(observed, expected)


def _expected(sums: Sums, left: Floats, right: Floats, at: int) -> Floats:
    """Σ_ck v_ck left_c right_k over the last axes."""
    v = sums.layout.weights[at].matrix
    if len(v) == 2:
        # Most of our data: two products instead of a matrix product for every replicate.
        both: Floats = left[..., 0] * right[..., 1] + left[..., 1] * right[..., 0]
        return both if v[0, 1] == 1 else both * float(v[0, 1])
    total: Floats = ((left @ v) * right).sum(axis=-1)
    return total


def _observed(sums: Sums, at: int) -> Floats:
    """Mean over paired units of the disagreement of a pair of ratings."""
    return divide(sums.differ[..., at], sums.layout.scale * sums.paired)


def _share(sums: Sums) -> Floats:
    """Share of each category, mean over rated units."""
    return divide(sums.share, (sums.layout.scale * sums.rated)[..., None])


def percent_agreement(sums: Sums, at: int) -> Floats:
    """Mean over units with two or more ratings of the agreement of a pair (Gwet 2014)."""
    return 1 - _observed(sums, at) / sums.layout.weights[at].unit


def percent_agreement_coincidence(sums: Sums, at: int) -> Floats:
    """The same with units weighted by their ratings: 1 - observed disagreement of alpha."""
    ratings = sums.layout.scale * sums.pairable.sum(axis=-1)
    return 1 - divide(sums.differ_by_rating[..., at], ratings) / sums.layout.weights[at].unit


def percent_agreement_all_raters_equal(sums: Sums, at: int) -> Floats:
    """Share of units with two or more ratings on which all ratings are the same."""
    return divide(sums.equal, sums.paired)


def fleiss_kappa(sums: Sums, at: int) -> Floats:
    """Fleiss (1971), pooled margins; missing ratings as Gwet (2014)."""
    share = _share(sums)
    return _against(_observed(sums, at), _expected(sums, share, share, at))


def fleiss_pe(sums: Sums, at: int) -> Floats:
    """Agreement that Fleiss' kappa expects by chance."""
    share = _share(sums)
    return 1 - _expected(sums, share, share, at) / sums.layout.weights[at].unit


def conger_kappa(sums: Sums, at: int) -> Floats:
    """Conger (1980), each coder's own margins; missing ratings as Gwet (2014).

    Coders without a rating have no margin and are left out.
    """
    given = sums.margin.sum(axis=-1)
    present = np.real(given) != 0
    p = sums.margin / np.where(present, given, 1)[..., None]
    # Σ_g<h p_g V p_h, without a product for every pair: what earlier coders add up to, meeting
    # the next. A difference of totals would not be an exact zero where there is no disagreement.
    earlier = np.cumsum(p, axis=-2)[..., :-1, :]
    expected = _expected(sums, earlier, p[..., 1:, :], at).sum(axis=-1)
    n = present.sum(axis=-1)
    return _against(_observed(sums, at), divide(expected, n * (n - 1) / 2))


def brennan_prediger(sums: Sums, at: int) -> Floats:
    """Brennan & Prediger (1981): all q declared categories equally likely by chance."""
    matrix = sums.layout.weights[at].matrix
    return _against(_observed(sums, at), np.asarray(matrix.sum() / max(matrix.size, 1)))


def gwet_ac(sums: Sums, at: int) -> Floats:
    """Gwet (2008) AC1, with weights AC2 (Gwet 2014)."""
    weights, q = sums.layout.weights[at], sums.layout.n_categories
    if q < 2:
        return np.full(sums.rated.shape, np.nan, dtype=sums.values.dtype)
    share = _share(sums)
    agreement = (weights.unit - weights.matrix).sum()
    chance = agreement / (q * (q - 1)) * (share * (1 - share)).sum(axis=-1)
    return _against(_observed(sums, at), weights.unit - chance)


def krippendorff_alpha(sums: Sums, at: int) -> Floats:
    """Krippendorff (2011); the weights are the squared difference of two values."""
    n_c = sums.pairable
    observed = (n_c.sum(axis=-1) - 1) * sums.differ_by_rating[..., at] / sums.layout.scale
    return _against(observed, _expected(sums, n_c, n_c, at))


def ordinal_alpha(sums: Sums, at: int) -> Floats:
    """Krippendorff (2011), section E: squared difference of ranks counted in ratings.

    δ_ck = ratings in the categories between c and k, half of those in c and k themselves.
    """
    n_c = sums.pairable
    middle = np.cumsum(n_c, axis=-1) - n_c / 2
    squared = (middle[..., :, None] - middle[..., None, :]) ** 2
    observed = (sums.coincide * squared).sum(axis=(-2, -1)) / sums.layout.scale
    expected = (n_c[..., :, None] * n_c[..., None, :] * squared).sum(axis=(-2, -1))
    return _against((n_c.sum(axis=-1) - 1) * observed, expected)


def pairwise_kappa(sums: Sums, at: int) -> Floats:
    """Cohen (1960, 1968) of every pair of coders, on the units that both judged; (..., P)."""
    rows, columns = sums.table_rows, sums.table_columns
    observed = rows.sum(axis=-1) * sums.table_differ[..., at]
    return _against(observed, _expected(sums, rows, columns, at))


def cohen_kappa(sums: Sums, at: int) -> Floats:
    """Cohen (1960, 1968) of two coders."""
    return pairwise_kappa(sums, at)[..., 0]


def cohen_pe(sums: Sums, at: int) -> Floats:
    """Agreement that Cohen's kappa expects by chance."""
    rows, columns = sums.table_rows[..., 0, :], sums.table_columns[..., 0, :]
    n = rows.sum(axis=-1)
    chance = divide(_expected(sums, rows, columns, at), n * n)
    return 1 - chance / sums.layout.weights[at].unit


def cohen_kappa_max(sums: Sums, at: int) -> Floats:
    """The largest kappa that the two coders' margins allow (Cohen 1960, p. 42)."""
    rows, columns = sums.table_rows[..., 0, :], sums.table_columns[..., 0, :]
    n = rows.sum(axis=-1)
    smaller = np.where(np.real(rows) < np.real(columns), rows, columns).sum(axis=-1)
    return _against(n * (n - smaller), _expected(sums, rows, columns, at))


def light_kappa(sums: Sums, at: int) -> Floats:
    """Light (1971): mean of the pairs' kappas; undefined where one of them is."""
    kappa: Floats = pairwise_kappa(sums, at).mean(axis=-1)
    return kappa


def scott_pi(sums: Sums, at: int) -> Floats:
    """Scott (1955) of two coders, on the units that both judged."""
    both = sums.table_rows[..., 0, :] + sums.table_columns[..., 0, :]
    observed = 2 * both.sum(axis=-1) * sums.table_differ[..., 0, at]
    return _against(observed, _expected(sums, both, both, at))


def specific_agreement(sums: Sums, category: int) -> Floats:
    """Agreement on one category, over all pairs of coders (Cicchetti & Feinstein 1990).

    Of the ratings in the category that meet a second rating, the share that meet the same.
    """
    used = sums.table_rows[..., category] + sums.table_columns[..., category]
    return divide(2 * sums.same[..., category], used.sum(axis=-1))


def positive_agreement(sums: Sums, at: int) -> Floats:
    """Specific agreement on the last category: *marked* of a binary judgement."""
    return specific_agreement(sums, sums.layout.n_categories - 1)


def negative_agreement(sums: Sums, at: int) -> Floats:
    """Specific agreement on the first category: *unmarked* of a binary judgement."""
    return specific_agreement(sums, 0)


def prevalence_index(sums: Sums, at: int) -> Floats:
    """Both said the last category less both said the first, as a share (Byrt et al. 1993)."""
    return divide(sums.same[..., 1] - sums.same[..., 0], sums.paired)


def bias_index(sums: Sums, at: int) -> Floats:
    """First coder's less second coder's share of the last category (Byrt et al. 1993)."""
    difference = sums.table_rows[..., 0, 1] - sums.table_columns[..., 0, 1]
    return divide(difference, sums.paired)


def conger_pe(sums: Sums, at: int) -> Floats:
    """Agreement that Conger's kappa expects by chance."""
    observed = _observed(sums, at)
    unit = sums.layout.weights[at].unit
    return 1 - divide(observed, 1 - conger_kappa(sums, at)) / unit


def gwet_pe(sums: Sums, at: int) -> Floats:
    """Agreement that AC1 or AC2 expects by chance."""
    weights, q = sums.layout.weights[at], sums.layout.n_categories
    share = _share(sums)
    agreement = (weights.unit - weights.matrix).sum() / weights.unit
    chance: Floats = agreement / max(q * (q - 1), 1) * (share * (1 - share)).sum(axis=-1)
    return chance


def krippendorff_pe(sums: Sums, at: int) -> Floats:
    """Agreement that Krippendorff's alpha expects by chance: 1 - expected disagreement."""
    n_c = sums.pairable
    n = n_c.sum(axis=-1)
    expected = divide(_expected(sums, n_c, n_c, at), n * (n - 1))
    return 1 - expected / sums.layout.weights[at].unit


def prevalence(sums: Sums, at: int) -> Floats:
    """Share of all ratings that are of the last category."""
    ratings = sums.margin.sum(axis=-2)
    return divide(ratings[..., -1], ratings.sum(axis=-1))


def cohen_kappa_pooled(sums: Sums, at: int) -> Floats:
    """De Vries, Elliott, Kanouse & Teleki (2008): one kappa of all pairs of coders.

    Observed and expected disagreement are averaged over the pairs before they are divided, so
    that a pair with little to disagree about does not weigh as much as the others.
    """
    rows, columns = sums.table_rows, sums.table_columns
    n = rows.sum(axis=-1)
    observed = divide(sums.table_differ[..., at], n)
    expected = divide(_expected(sums, rows, columns, at), n * n)
    return _against(observed.sum(axis=-1), expected.sum(axis=-1))


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

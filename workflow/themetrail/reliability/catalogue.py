"""Every coefficient by name: which estimator, which weights, and for what data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from themetrail.errors import InputError, did_you_mean
from themetrail.reliability import estimators as e

Level = Literal["nominal", "ordinal", "interval", "ratio", "set"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio", "set")


@dataclass(frozen=True)
class Statistic:
    """One coefficient.

    Attributes
    ----------
    weights : name of the disagreement weights.
    coders : how many coders it is for; 0 for any number.
    binary : whether it is for two categories.
    tables : whether it needs the pairs' tables.
    error : how its standard error is made where none is asked for: ``fleiss_cohen_everitt``,
        ``gwet``, ``delta``, ``jackknife``, or ``none``.
    """

    name: str
    estimator: e.Estimator
    weights: str = "nominal"
    coders: int = 0
    binary: bool = False
    tables: bool = False
    error: str = "gwet"


_PLAIN = {
    s.name: s
    for s in (
        Statistic("percent_agreement", e.percent_agreement),
        Statistic("percent_agreement_coincidence", e.percent_agreement_coincidence, error="delta"),
        Statistic(
            "percent_agreement_all_raters_equal",
            e.percent_agreement_all_raters_equal,
            error="delta",
        ),
        Statistic(
            "cohen_kappa", e.cohen_kappa, coders=2, tables=True, error="fleiss_cohen_everitt"
        ),
        Statistic("scott_pi", e.scott_pi, coders=2, tables=True, error="delta"),
        Statistic("fleiss_kappa", e.fleiss_kappa),
        Statistic("conger_kappa", e.conger_kappa),
        Statistic("light_kappa", e.light_kappa, tables=True, error="delta"),
        Statistic("brennan_prediger", e.brennan_prediger),
        Statistic("pabak", e.brennan_prediger, coders=2, binary=True),
        Statistic("gwet_ac1", e.gwet_ac),
        Statistic(
            "positive_agreement", e.positive_agreement, binary=True, tables=True, error="delta"
        ),
        Statistic(
            "negative_agreement", e.negative_agreement, binary=True, tables=True, error="delta"
        ),
        Statistic(
            "prevalence_index",
            e.prevalence_index,
            coders=2,
            binary=True,
            tables=True,
            error="delta",
        ),
        Statistic("bias_index", e.bias_index, coders=2, binary=True, tables=True, error="delta"),
        Statistic("cohen_kappa_max", e.cohen_kappa_max, coders=2, tables=True, error="none"),
        Statistic("cohen_pe", e.cohen_pe, coders=2, tables=True, error="delta"),
        Statistic("cohen_kappa_pooled", e.cohen_kappa_pooled, tables=True, error="delta"),
        Statistic("fleiss_pe", e.fleiss_pe, error="delta"),
        Statistic("conger_pe", e.conger_pe, error="delta"),
        Statistic("gwet_pe", e.gwet_pe, error="delta"),
        Statistic("krippendorff_pe", e.krippendorff_pe, error="delta"),
        Statistic("prevalence", e.prevalence, binary=True, error="delta"),
    )
}
_WEIGHTED = {
    "percent_agreement": "percent_agreement",
    "cohen_kappa": "cohen_kappa",
    "scott_pi": "scott_pi",
    "fleiss_kappa": "fleiss_kappa",
    "conger_kappa": "conger_kappa",
    "light_kappa": "light_kappa",
    "brennan_prediger": "brennan_prediger",
    "gwet_ac2": "gwet_ac1",
}
_WEIGHTS = (
    "linear",
    "quadratic",
    "ordinal",
    "linear_value_based",
    "quadratic_value_based",
    "linear_observed_categories",
    "quadratic_observed_categories",
    "custom",
)
SET_DISTANCES = ("jaccard", "masi", "set_dkpro", "masi_dkpro")
_ALPHA = ("nominal", "interval", "ratio", "custom", *SET_DISTANCES)


def _all() -> dict[str, Statistic]:
    """Every name there is."""
    found = dict(_PLAIN)
    for name, plain in _WEIGHTED.items():
        base = _PLAIN[plain]
        for weights in _WEIGHTS:
            found[f"{name}_{weights}"] = Statistic(
                f"{name}_{weights}",
                base.estimator,
                weights,
                base.coders,
                tables=base.tables,
                error=base.error,
            )
    for weights in _ALPHA:
        name = f"krippendorff_alpha_{weights}"
        found[name] = Statistic(name, e.krippendorff_alpha, weights, error="jackknife")
    name = "krippendorff_alpha_ordinal"
    found[name] = Statistic(name, e.ordinal_alpha, "ordinal_ranks", error="jackknife")
    return found


STATISTICS = _all()
# Those that become one row a category, named ``name.category``.
BY_CATEGORY = ("fleiss_kappa_by_category", "specific_agreement")


def _weighted(*weights: str) -> tuple[str, ...]:
    return tuple(f"{name}_{w}" for w in weights for name in _WEIGHTED if name != "scott_pi")


DEFAULTS: dict[Level, tuple[str, ...]] = {
    "nominal": (
        "percent_agreement",
        "percent_agreement_coincidence",
        "percent_agreement_all_raters_equal",
        "cohen_kappa",
        "scott_pi",
        "fleiss_kappa",
        "conger_kappa",
        "light_kappa",
        "krippendorff_alpha_nominal",
        "brennan_prediger",
        "pabak",
        "gwet_ac1",
        "positive_agreement",
        "negative_agreement",
        "prevalence_index",
        "bias_index",
        *BY_CATEGORY,
    ),
    "ordinal": (
        "percent_agreement",
        *_weighted("linear", "quadratic"),
        "gwet_ac2_ordinal",
        "krippendorff_alpha_nominal",
        "krippendorff_alpha_ordinal",
    ),
    "interval": (
        "percent_agreement",
        *_weighted("quadratic_value_based"),
        "krippendorff_alpha_nominal",
        "krippendorff_alpha_interval",
    ),
    "ratio": (
        "percent_agreement",
        *_weighted("quadratic_value_based"),
        "krippendorff_alpha_nominal",
        "krippendorff_alpha_interval",
        "krippendorff_alpha_ratio",
    ),
    "set": (
        "percent_agreement",
        "krippendorff_alpha_nominal",
        "krippendorff_alpha_jaccard",
        "krippendorff_alpha_masi",
    ),
}


def defaults(level: Level, n_coders: int, n_categories: int) -> tuple[str, ...]:
    """What is given where no statistics are asked for: all that suit the data.

    Statistics of two coders or two categories are left out for other numbers, Light's kappa for
    two coders (it is Cohen's there), and rows by category for two categories and for more than
    twelve.
    """
    found = []
    for name in DEFAULTS[level]:
        if name in BY_CATEGORY:
            if 2 < n_categories <= 12:
                found.append(name)
            continue
        statistic = STATISTICS[name]
        suits = statistic.coders in (0, n_coders) and (not statistic.binary or n_categories == 2)
        if suits and not (statistic.estimator is e.light_kappa and n_coders == 2):
            found.append(name)
    return tuple(found)


def check_names(names: tuple[str, ...]) -> None:
    """Raise InputError for a name that is none."""
    for name in names:
        if name not in STATISTICS and name not in BY_CATEGORY:
            message = f"unknown statistic {name!r}. {did_you_mean(name, STATISTICS)}"
            raise InputError(message)

"""``agreement``: every coefficient of a table of ratings, with intervals and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from themetrail.errors import InputError, did_you_mean
from themetrail.reliability import inference
from themetrail.reliability.basis import basis_of, whole_basis
from themetrail.reliability.catalogue import (
    Level,
    Statistic,
)
from themetrail.reliability.estimators import ordinal_alpha
from themetrail.reliability.ratings import Ratings, category_name, read_ratings
from themetrail.reliability.sufficient import (
    Floats,
    Layout,
    Sums,
    distinct,
    most_ratings,
    pattern_sums,
)
from themetrail.reliability.wanted import entries_of, names_wanted, weightings
from themetrail.reliability.weights import Weights

if TYPE_CHECKING:
    import pandas as pd

Interval = Literal["analytic", "jackknife", "percentile", "bca"]
INTERVALS: tuple[Interval, ...] = ("analytic", "jackknife", "percentile", "bca")
COLUMNS = [
    "coefficient",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "method",
    "n_units",
    "n_coders",
    "note",
]


def agreement(
    ratings: Any,
    level: Level = "nominal",
    categories: Iterable[Any] | None = None,
    statistics: Iterable[str] | None = None,
    cluster: str | Iterable[Any] | None = None,
    replicates: int = 0,
    seed: int = 0,
    confidence: float = 0.95,
    *,
    interval: Interval | None = None,
    weights: Any = None,
) -> pd.DataFrame:
    """Agreement of any number of coders, on any level, with missing ratings.

    Parameters
    ----------
    ratings : DataFrame, array or nested sequence, units × coders. ``None``, NaN and blank text
        are missing. At the level ``set`` a rating is a set or sequence of labels.
    level : nominal, ordinal, interval, ratio or set.
    categories : the declared categories in order. Chance agreement of Brennan-Prediger, PABAK
        and Gwet depends on their number; where omitted, the categories that occur are taken.
        With two categories the last is the positive one.
    statistics : names of ``catalogue.STATISTICS`` or ``BY_CATEGORY``; what suits the data where
        omitted.
    cluster : the cluster (transcript, participant) of each unit, or the DataFrame's column that
        holds it. Standard errors and intervals then treat clusters as what was sampled.
    replicates : bootstrap replicates, of units or clusters; 0 for intervals by formula.
    seed : of the bootstrap. The same data give the same intervals in any order of rows.
    confidence : level of the intervals.
    interval : how intervals are made. ``analytic``, the default without replicates, is the
        customary one of each coefficient (``method`` names it); ``jackknife`` deletes one unit or
        cluster; ``percentile`` (the default with replicates) and ``bca`` are bootstrap intervals.
    weights : for statistics whose name ends in ``_custom``: disagreement of each pair of
        categories, q × q, 0 on the diagonal.

    Returns
    -------
    DataFrame, one row a coefficient: ``coefficient, estimate, se, ci_low, ci_high, method,
    n_units, n_coders, note``. ``n_units`` counts units with two or more ratings. An undefined
    coefficient is NaN with the reason in ``note``; slugs there are joined by ``;``.

    Raises
    ------
    InputError
        The ratings, categories or names make no sense; the message says where.

    Examples
    --------
    Two coders, ten passages; they differ on the last two:

    >>> table = agreement([["yes", "yes"]] * 3 + [["no", "no"]] * 5 + [["yes", "no"]] * 2,
    ...                   statistics=["percent_agreement", "cohen_kappa"])
    >>> table["estimate"].round(3).tolist()
    [0.8, 0.6]
    """
    plan = _plan(replicates, seed, confidence, interval)
    read = read_ratings(ratings, level, categories, cluster)
    names = names_wanted(statistics, level, read)
    entries = [entry for name in names for entry in entries_of(name, read)]
    used = weightings(entries, read, weights)
    sample = _sample(read, entries, used)
    places = {w.name: place for place, w in enumerate(used)}
    totals = sample.total()
    drawn = sample.replicates(replicates, seed) if plan.interval in ("percentile", "bca") else None
    left_out = sample.without_one() if plan.interval == "bca" else None
    table = _Table(read, sample, totals, drawn, left_out, plan)
    import pandas as pd

    rows = [table.row(entry, places.get(entry.weights, 0)) for entry in entries]
    return pd.DataFrame(rows, columns=COLUMNS)


@dataclass(frozen=True)
class _Plan:
    replicates: int
    seed: int
    confidence: float
    interval: Interval


def _plan(replicates: int, seed: int, confidence: float, interval: Interval | None) -> _Plan:
    """Check how intervals are to be made."""
    if not 0 < confidence < 1:
        message = f"confidence is a share between 0 and 1, not {confidence}"
        raise InputError(message)
    if replicates < 0 or seed < 0:
        message = "replicates and seed are not negative"
        raise InputError(message)
    chosen = interval or ("percentile" if replicates else "analytic")
    if chosen not in INTERVALS:
        message = f"unknown interval {chosen!r}. {did_you_mean(chosen, INTERVALS)}"
        raise InputError(message)
    if chosen in ("percentile", "bca") and replicates == 0:
        message = f"a {chosen} interval needs replicates"
        raise InputError(message)
    return _Plan(replicates, seed, confidence, chosen)


def _sample(
    read: Ratings, entries: Sequence[Statistic], used: tuple[Weights, ...]
) -> inference.Sample:
    """The sums of every rating pattern, or of every cluster."""
    patterns, pattern = distinct(read.codes)
    layout = Layout(
        len(read.coders),
        len(read.categories),
        most_ratings(patterns),
        used,
        tables=any(entry.tables for entry in entries) and len(read.coders) > 1,
        coincidences=any(entry.estimator is ordinal_alpha for entry in entries),
    )
    sums = pattern_sums(patterns, layout)
    if read.clusters is None:
        basis = whole_basis(layout)
        counts = np.bincount(pattern, minlength=len(patterns))
        return inference.Sample(basis, sums[:, None, :], counts, "units")
    basis = basis_of(sums, layout)
    names = sorted(set(read.clusters))
    places = {name: place for place, name in enumerate(names)}
    cluster = np.array([places[name] for name in read.clusters], dtype=np.int64)
    table = np.zeros((len(names), len(patterns)))
    np.add.at(table, (cluster, pattern), 1)
    values = table @ sums[:, basis.columns]
    return inference.Sample(basis, values[:, None, :], np.ones(len(names), dtype=int), "clusters")


@dataclass(frozen=True, eq=False)
class _Table:
    """What all rows share."""

    read: Ratings
    sample: inference.Sample
    totals: Sums
    drawn: Sums | None
    left_out: Sums | None
    plan: _Plan

    def row(self, entry: Statistic, at: int) -> dict[str, Any]:
        """One row of the result."""
        reason = self._impossible(entry)
        estimate = np.array([np.nan]) if reason else entry.estimator(self.totals, at)
        row: dict[str, Any] = {
            "coefficient": entry.name,
            "estimate": float(estimate[0]),
            "se": np.nan,
            "ci_low": np.nan,
            "ci_high": np.nan,
            "method": "",
            "n_units": int(self.totals.paired[0]),
            "n_coders": len(self.read.coders),
        }
        notes = [reason] if reason else []
        if np.isnan(estimate[0]):
            notes = notes or [self._undefined(entry)]
        elif entry.error != "none":
            row |= self._interval(entry, at, estimate, notes)
        if entry.binary and not reason and len(self.read.categories) == 2:
            notes.append(f"positive={category_name(self.read.categories[1])}")
        return row | {"note": ";".join(notes)}

    def _impossible(self, entry: Statistic) -> str:
        """Why the statistic is not for these data; empty where it is."""
        m, q = len(self.read.coders), len(self.read.categories)
        if len(self.read.codes) == 0:
            return "no_ratings"
        if m < 2:
            return "single_coder"
        if self.totals.paired[0] == 0:
            return "no_pairable_units"
        if entry.coders not in (0, m):
            return "needs_two_coders"
        if entry.binary and q != 2:
            return "needs_two_categories"
        return ""

    def _undefined(self, entry: Statistic) -> str:
        """Why a statistic that suits the data has no value for them."""
        if np.count_nonzero(self.totals.pairable[0]) < 2:
            return "one_category"
        if entry.name.startswith("light_kappa"):
            return "undefined_pair"
        if "specific_agreement" in entry.name:
            return "category_not_used"
        return "undefined"

    def _interval(
        self, entry: Statistic, at: int, estimate: Floats, notes: list[str]
    ) -> dict[str, Any]:
        """Standard error and interval, with doubts added to the notes."""
        what, plan, counts = self.sample.what, self.plan, self.sample.counts
        if self.sample.n < 2:
            notes.append("one_unit" if what == "units" else "one_cluster")
            return {}
        error, name = _error(entry, at, self.sample, self.totals, estimate, plan)
        if error[0] == 0:
            notes.append(f"no_variation_between_{what}")
        elif np.isnan(error[0]):
            notes.append("jackknife_undefined")
        if self.drawn is None:
            normal = name == "fleiss_cohen_everitt_1969"
            freedom = 0 if normal else self.sample.n - 1
            low, high = inference.t_interval(estimate, error, freedom, plan.confidence)
            method = f"ci={'normal' if normal else 't'};se={name}"
        else:
            values = entry.estimator(self.drawn, at)
            if self.left_out is not None:
                low, high, lost = inference.bca_interval(
                    values, estimate, entry.estimator(self.left_out, at), counts, plan.confidence
                )
            else:
                low, high, lost = inference.percentile_interval(values, plan.confidence)
            if lost[0]:
                notes.append(f"unusable_replicates={int(lost[0])}")
            method = f"ci={plan.interval}_{what}_{plan.replicates};se={name}"
        return {
            "se": float(error[0]),
            "ci_low": float(low[0]),
            "ci_high": float(high[0]),
            "method": method,
        }


def _error(
    entry: Statistic,
    at: int,
    sample: inference.Sample,
    totals: Sums,
    estimate: Floats,
    plan: _Plan,
) -> tuple[Floats, str]:
    """Standard error and the name of how it was made."""
    if plan.interval == "jackknife" or (entry.error == "jackknife" and sample.what == "units"):
        left_out = entry.estimator(sample.without_one(), at)
        return inference.jackknife_error(left_out, sample.counts), f"jackknife_{sample.what}"
    added = inference.influence(entry.estimator, sample, at)
    if sample.what == "clusters":
        return inference.linearized_error(added, sample.counts), "linearized_clusters"
    if entry.error == "gwet":
        # Gwet (2014) takes the number of paired units as fixed.
        paired = sample.values[..., sample.basis.layout.places["paired"]][..., 0]
        added = added + estimate * paired / totals.paired
        return inference.linearized_error(added, sample.counts), "gwet_linearized"
    error = inference.linearized_error(added, sample.counts)
    if entry.error == "fleiss_cohen_everitt":
        return error * np.sqrt((sample.n - 1) / sample.n), "fleiss_cohen_everitt_1969"
    return error, "delta_method"

"""The study's coefficients: by code, theme, site and pair of coders, and over all."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from themetrail import contracts, tables
from themetrail.errors import InputError, did_you_mean
from themetrail.reliability.estimators import BINARY, TWO_CODERS
from themetrail.reliability.inference import (
    BLOCK,
    Sample,
    by_stratum,
    influence,
    linearized_error,
    percentile_interval,
    t_interval,
)
from themetrail.reliability.judgements import Judgements, read_patterns
from themetrail.reliability.sufficient import Floats, Sums

if TYPE_CHECKING:
    import pandas as pd


FEW_MARKS = 10  # marks a coder, on average: fewer tell little, whatever the interval says


Resample = Literal["transcripts", "sites"]
RESAMPLES: tuple[Resample, ...] = ("transcripts", "sites")


@dataclass(frozen=True)
class Plan:
    """What is computed of each cell."""

    statistics: tuple[str, ...]
    replicates: int
    seed: int
    confidence: float
    resample: Resample


def coefficients(
    patterns_by_site: Mapping[str, pd.DataFrame],
    statistics: Sequence[str] | None = None,
    *,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    resample: Resample = "transcripts",
) -> pd.DataFrame:
    """Agreement of the study's coders, with intervals over transcripts.

    The reliability sample is every transcript that at least two coders judged; what a single
    coder judged says nothing about agreement and is left out.

    Parameters
    ----------
    patterns_by_site : site -> its table under the contract PATTERNS.
    statistics : names of ``estimators.BINARY``; all where omitted. ``cohen_kappa`` and
        ``scott_pi`` are given where exactly two coders are compared.
    replicates : bootstrap replicates; whole transcripts are resampled. With 0 the interval is
        the linearised one (t, transcripts - 1 degrees of freedom, cut at 1 above).
    seed : of the bootstrap. The same data give the same bits in any order.
    confidence : level of the intervals.
    resample : what was sampled. ``transcripts``; or ``sites``, from which transcripts were: whole
        sites are drawn, then transcripts within each. For statements about sites like these; it
        needs many.

    Returns
    -------
    DataFrame under the contract COEFFICIENTS. Rows by ``level``:

    ========  ======================  =========================================================
    level     filled                  what is compared
    ========  ======================  =========================================================
    study     –                       all coders, all transcripts, all codes pooled: every
                                      unit × code is one binary judgement
    code      code                    all coders, all transcripts, one code
    theme     code (the theme's id)   the same for *marked with any code of the theme*
    site      site                    one site's coders and transcripts, codes pooled
    site      site, code              the same for one code
    pair      coders                  two coders on the transcripts both judged, codes pooled
    pair      coders, code            the same for one code
    ========  ======================  =========================================================

    ``n_units`` counts judgements: units, or units × codes where codes are pooled.

    Raises
    ------
    InputError
        Unknown statistic, or tables that do not belong together.
    """
    names = tuple(BINARY if statistics is None else statistics)
    for name in names:
        if name not in BINARY:
            message = f"unknown statistic {name!r}. {did_you_mean(name, BINARY)}"
            raise InputError(message)
    if resample not in RESAMPLES:
        message = f"unknown resampling {resample!r}. {did_you_mean(str(resample), RESAMPLES)}"
        raise InputError(message)
    plan = Plan(names, replicates, seed, confidence, resample)
    rows = [row for cell in _cells(patterns_by_site) for row in _estimate(*cell, plan)]
    return tables.frame(rows, contracts.COEFFICIENTS)


def _cells(
    patterns_by_site: Mapping[str, pd.DataFrame],
) -> Iterator[tuple[str, str, Judgements]]:
    """Level, site and judgements of everything that coefficients are wanted of."""
    if not any(len(table) for table in patterns_by_site.values()):
        return
    codes, sites = read_patterns(patterns_by_site, "code")
    yield "study", "", codes.pooled()
    yield "code", "", codes
    yield "theme", "", read_patterns(patterns_by_site, "theme")[0]
    for site, places in sites.items():
        here = codes.within(places)
        if not here.groups or not here.clusters:
            continue
        yield "site", site, here.pooled()
        yield "site", site, here
    for pair in combinations(codes.judging(), 2):
        both = codes.among(pair)
        if both.clusters:
            yield "pair", "", both.pooled()
            yield "pair", "", both


def _estimate(
    level: str, site: str, judgements: Judgements, plan: Plan
) -> Iterator[dict[str, Any]]:
    """One row a group and statistic."""
    coders = judgements.judging()
    judgements = judgements.among(coders)
    n_clusters, n_groups = len(judgements.clusters), len(judgements.groups)
    wanted = [s for s in plan.statistics if len(coders) == 2 or s not in TWO_CODERS]
    if n_clusters == 0:
        yield from _empty(level, site, coders, judgements.groups, wanted, plan)
        return
    whole = judgements.sample()
    if plan.resample == "sites":
        whole = dataclasses.replace(whole, strata=judgements.site)
    size = whole.basis.layout.size
    block = max(1, BLOCK // (size * max(plan.replicates, size)))
    for first in range(0, n_groups, block):
        part = dataclasses.replace(whole, values=whole.values[:, first : first + block])
        totals, drawn = part.total(), part.replicates(plan.replicates, plan.seed)
        shared = _shared(totals, level, site, coders, n_clusters)
        found = {name: _statistic(name, part, totals, drawn, plan) for name in wanted}
        for place, group in enumerate(judgements.groups[first : first + block]):
            for name, columns in found.items():
                values = {key: column[place] for key, column in columns.items()}
                yield _row({**shared[place], "code": group, "coefficient": name}, values, plan)


def _statistic(
    name: str, sample: Sample, totals: Sums, drawn: Sums, plan: Plan
) -> dict[str, Floats]:
    """Estimate, standard error and interval of one statistic; a value a group."""
    estimator = BINARY[name]
    estimate = estimator(totals, 0)
    error = linearized_error(*by_stratum(influence(estimator, sample, 0), sample))
    found = {"estimate": estimate, "se": np.where(np.isnan(estimate), np.nan, error)}
    if plan.replicates:
        low, high, unusable = percentile_interval(estimator(drawn, 0), plan.confidence)
        found["n_unusable"] = unusable
    else:
        low, high = t_interval(estimate, found["se"], max(sample.sampled - 1, 1), plan.confidence)
    return found | {"ci_low": low, "ci_high": high}


def _shared(
    totals: Sums, level: str, site: str, coders: Sequence[str], n_clusters: int
) -> list[dict[str, Any]]:
    """The columns that all statistics of a group share."""
    ratings = totals.margin.sum(axis=-2)
    rows = []
    for marked, given, paired in zip(
        ratings[..., 1], ratings.sum(axis=-1), totals.paired, strict=True
    ):
        rows.append(
            {
                "level": level,
                "site": site,
                "coders": ";".join(coders),
                "n_units": int(paired),
                "n_clusters": n_clusters,
                "n_coders": len(coders),
                "prevalence": marked / given if given else np.nan,
            }
        )
    return rows


def _empty(
    level: str,
    site: str,
    coders: Sequence[str],
    groups: Sequence[str],
    wanted: Sequence[str],
    plan: Plan,
) -> Iterator[dict[str, Any]]:
    """Rows of what no two coders judged: without values, with the reason."""
    shared = {
        "level": level,
        "site": site,
        "coders": ";".join(coders),
        "n_units": 0,
        "n_clusters": 0,
        "n_coders": len(coders),
        "prevalence": np.nan,
    }
    for group in groups:
        for name in wanted:
            row = {**shared, "code": group, "coefficient": name}
            yield _row(row, {"estimate": np.nan, "se": np.nan}, plan)


def _row(shared: dict[str, Any], values: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """One row of the table."""
    row = {"ci_low": np.nan, "ci_high": np.nan, "n_unusable": None, **shared, **values}
    undefined = np.isnan(row["estimate"])
    se = f"se=linearized_{plan.resample}"
    what = "transcripts" if plan.resample == "transcripts" else "sites_transcripts"
    if undefined or row["n_clusters"] < 2:
        row |= {"ci_low": np.nan, "ci_high": np.nan, "method": ""}
    elif plan.replicates:
        row["method"] = f"ci=percentile_{what}_{plan.replicates};{se}"
    else:
        row["method"] = f"ci=t_{plan.resample};{se}"
    row["note"] = ";".join(_notes(row, undefined=undefined))
    return row


def _notes(row: Mapping[str, Any], *, undefined: bool) -> Iterator[str]:
    """Why a value is missing or doubtful, one slug each."""
    if row["n_coders"] < 2:
        yield "single_coder"
        return
    if row["n_units"] == 0:
        yield "no_pairable_units"
        return
    if row["prevalence"] == 0:
        yield "never_marked"
    elif row["prevalence"] == 1:
        yield "always_marked"
    elif undefined:
        yield "undefined"
    elif row["n_units"] * row["prevalence"] < FEW_MARKS:
        yield "few_marks"
    if row["n_clusters"] < 2:
        yield "one_transcript"
    elif not undefined and np.isnan(row["se"]):
        yield "one_site"
    elif not undefined and row["se"] == 0:
        yield "no_variation_between_transcripts"
    if row["n_unusable"]:
        yield "unusable_replicates"

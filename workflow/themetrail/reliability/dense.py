"""Every coefficient of many binary codes at once, from ratings in memory.

For tables of a million units: patterns are counted code by code and cluster by cluster, reduced
to the few sums that matter, and all replicates of all codes are one matrix product, exact in
single precision because it adds integers below 2**24.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from themetrail.errors import InputError, did_you_mean
from themetrail.reliability.catalogue import STATISTICS
from themetrail.reliability.dense_patterns import Clusters, Patterns, count_by_cluster
from themetrail.reliability.estimators import pairwise_kappa
from themetrail.reliability.inference import percentile_interval
from themetrail.reliability.resampling import (
    cluster_weights,
    exact_product,
    unit_weights,
)
from themetrail.reliability.sufficient import (
    Floats,
    Ints,
    Sums,
)

if TYPE_CHECKING:
    import pandas as pd

MOST_CODERS = 39  # 3**39 patterns still have numbers
CODES_AT_ONCE = 5
BATCHES_AT_ONCE = 2
BY_CODE = (
    "percent_agreement",
    "percent_agreement_coincidence",
    "percent_agreement_all_raters_equal",
    "fleiss_kappa",
    "conger_kappa",
    "light_kappa",
    "cohen_kappa_pooled",
    "krippendorff_alpha_nominal",
    "brennan_prediger",
    "gwet_ac1",
    "positive_agreement",
    "negative_agreement",
    "fleiss_pe",
    "conger_pe",
    "gwet_pe",
    "krippendorff_pe",
    "prevalence",
)


def agreement_by_code(
    ratings: Any,
    cluster: Iterable[Any] | None = None,
    *,
    codes: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
    statistics: Sequence[str] = BY_CODE,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Agreement on many binary codes, with Cohen's kappa of every pair of coders.

    Parameters
    ----------
    ratings : int8, shape (units, coders, codes): 1 marked, 0 unmarked, -1 missing. Quickest where
        the units of one coder and code lie side by side in memory: ``array.transpose(2, 1, 0)``
        of an array made as codes × coders × units.
    cluster : the cluster (transcript) of each unit; units are what is resampled where omitted.
    codes, coders : their names; numbers from 1 where omitted.
    statistics : of ``catalogue.STATISTICS``, nominal and for any number of coders.
    replicates : of the percentile bootstrap; 0 for estimates only.
    seed, confidence : of the bootstrap and its intervals.

    Returns
    -------
    DataFrame ``code, coders, coefficient, estimate, se, ci_low, ci_high, method, n_units,
    n_coders, n_unusable``; ``se`` is the standard deviation of the replicates. Same bits in any
    order of units or clusters.

    Raises
    ------
    InputError
        The shape, the values or the names make no sense.

    Examples
    --------
    >>> import numpy as np
    >>> ratings = np.array([[[1], [1]], [[0], [0]], [[1], [0]], [[0], [0]]], dtype=np.int8)
    >>> table = agreement_by_code(ratings, replicates=0, statistics=["percent_agreement"])
    >>> table[["coefficient", "estimate"]].values.tolist()
    [['percent_agreement', 0.75], ['cohen_kappa', 0.5]]
    """
    for name in statistics:
        known = STATISTICS.get(name)
        if known is None or known.weights != "nominal" or known.coders:
            message = f"unknown statistic {name!r}. {did_you_mean(name, BY_CODE)}"
            raise InputError(message)
    array = _checked(ratings)
    clusters = Clusters.of(cluster, len(array))
    labels = _names(codes, array.shape[2], "codes"), _names(coders, array.shape[1], "coders")
    patterns = Patterns.of(array)
    summary = functools.partial(_summary, statistics=tuple(statistics), confidence=confidence)
    if clusters is None:
        parts = _over_units(array, patterns, replicates, seed, summary)
    else:
        parts = _over_clusters(array, patterns, clusters, replicates, seed, summary)
    what = "units" if clusters is None else "clusters"
    method = f"ci=percentile_{what}_{replicates};se=bootstrap_sd" if replicates else ""
    return _table(parts, tuple(statistics), labels, method)


def _checked(ratings: Any) -> NDArray[np.int8]:
    """The ratings as int8, units × coders × codes."""
    array = np.asarray(ratings)
    if array.ndim != 3 or array.shape[1] < 2 or array.shape[1] > MOST_CODERS:
        message = f"ratings are units × coders × codes, 2 to {MOST_CODERS} coders: {array.shape}"
        raise InputError(message)
    if array.dtype != np.int8:
        if array.dtype.kind not in "iub":
            message = f"ratings are 1, 0 or -1 (missing), not {array.dtype}"
            raise InputError(message)
        if array.size and (array.min() < -1 or array.max() > 1):
            message = "ratings are 1, 0 or -1 (missing)"
            raise InputError(message)
        array = array.astype(np.int8)
    return array


def _names(given: Sequence[str] | None, n: int, what: str) -> list[str]:
    """Names, or numbers from 1."""
    names = [str(place + 1) for place in range(n)] if given is None else [str(g) for g in given]
    if len(names) != n or len(set(names)) != n:
        message = f"{len(names)} names, not all different, for {n} {what}"
        raise InputError(message)
    return names


@dataclass(frozen=True, eq=False)
class _Summary:
    """What the table needs of some codes; each of shape (codes, coefficients)."""

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    lost: Ints
    n_units: Floats


Summarise = Callable[[Sums, Sums], _Summary]


def _summary(
    totals: Sums, drawn: Sums, *, statistics: Sequence[str], confidence: float
) -> _Summary:
    """Coefficients of some codes, then the pairs' kappas, from totals and replicates."""

    def evaluate(sums: Sums) -> Floats:
        single = [STATISTICS[name].estimator(sums, 0) for name in statistics]
        # One coefficient's replicates side by side: they are sorted next.
        return np.stack([*single, *np.moveaxis(pairwise_kappa(sums, 0), -1, 0)])

    estimate = evaluate(totals).T
    n_units = np.repeat(totals.paired[:, None], estimate.shape[1], axis=1)
    n_units[:, len(statistics) :] = totals.table_rows.sum(axis=-1)
    if len(drawn.values) == 0:
        none = np.full(estimate.shape, np.nan)
        return _Summary(estimate, none, none, none, np.zeros(none.shape, dtype=np.int64), n_units)
    values = np.ascontiguousarray(np.swapaxes(evaluate(drawn), 1, 2))
    values = np.moveaxis(values, -1, 0)
    low, high, lost = percentile_interval(values, confidence)
    return _Summary(estimate, _deviation(values, lost).T, low.T, high.T, lost.T, n_units)


def _over_units(
    ratings: NDArray[np.int8],
    patterns: Patterns,
    replicates: int,
    seed: int,
    summarise: Summarise,
) -> list[_Summary]:
    """Units resampled: one multinomial draw a code and replicate, however many units."""
    parts = []
    for code in range(ratings.shape[2]):
        places = patterns.count(ratings[:, :, code])
        counts = np.bincount(places, minlength=len(patterns.values))
        total = (counts @ patterns.values)[None]
        drawn = (unit_weights(counts, replicates, seed) @ patterns.values)[:, None]
        parts.append(summarise(patterns.basis.expand(total), patterns.basis.expand(drawn)))
    return parts


def _over_clusters(
    ratings: NDArray[np.int8],
    patterns: Patterns,
    clusters: Clusters,
    replicates: int,
    seed: int,
    summarise: Summarise,
) -> list[_Summary]:
    """Clusters resampled: one product of weights and sums for some codes at a time."""
    n_codes, width = ratings.shape[2], len(patterns.basis.columns)
    most = int(np.diff(clusters.starts).max(initial=0))
    blocks = clusters.blocks(len(patterns.values))
    batches = [
        range(first, min(first + CODES_AT_ONCE, n_codes))
        for first in range(0, n_codes, CODES_AT_ONCE)
    ]

    def work(batch: range, drawing: Future[NDArray[np.float32]]) -> _Summary:
        counts = [count_by_cluster(ratings[:, :, c], patterns, clusters, blocks) for c in batch]
        sums = np.stack([patterns.reduce(c, most) for c in counts], axis=1)
        total = sums.sum(axis=0, dtype=np.float64)
        flat = exact_product(drawing.result(), sums.reshape(clusters.n, -1), clusters.n)
        drawn = flat.reshape(replicates, len(batch), width)
        return summarise(patterns.basis.expand(total), patterns.basis.expand(drawn))

    # While one batch multiplies, another counts: counting holds the interpreter, products do not.
    with _single_threaded_products() as threads, ThreadPoolExecutor(threads) as workers:
        drawing = workers.submit(cluster_weights, clusters.n, replicates, seed)
        jobs = [workers.submit(work, batch, drawing) for batch in batches]
        return [job.result() for job in jobs]


@contextlib.contextmanager
def _single_threaded_products() -> Iterator[int]:
    """Keep the linear algebra library from starting threads; give how many batches to run at once.

    Its threads wait for each other by spinning, which costs more than it brings beside ours. Where
    threadpoolctl is not installed they can't be stopped, and batches run one by one.
    """
    try:
        threadpoolctl: Any = importlib.import_module("threadpoolctl")
    except ImportError:
        yield 1
        return
    with threadpoolctl.threadpool_limits(limits=1, user_api="blas"):
        yield BATCHES_AT_ONCE


def _table(
    parts: list[_Summary],
    statistics: Sequence[str],
    labels: tuple[list[str], list[str]],
    method: str,
) -> pd.DataFrame:
    """The result: statistics of each code, then the pairs' kappas."""
    import pandas as pd

    codes, coders = labels
    pairs = [f"{g};{h}" for g, h in combinations(coders, 2)]
    names = [*statistics, *["cohen_kappa"] * len(pairs)]
    who = [*[";".join(coders)] * len(statistics), *pairs]

    def joined(name: str) -> NDArray[Any]:
        found = [getattr(part, name) for part in parts] or [np.zeros((0, len(names)))]
        return np.concatenate(found).reshape(-1)

    estimate = joined("estimate")
    undefined = np.isnan(estimate)
    return pd.DataFrame(
        {
            "code": np.repeat(np.array(codes, dtype=object), len(names)),
            "coders": who * len(codes),
            "coefficient": names * len(codes),
            "estimate": estimate,
            "se": np.where(undefined, np.nan, joined("se")),
            "ci_low": np.where(undefined, np.nan, joined("low")),
            "ci_high": np.where(undefined, np.nan, joined("high")),
            "method": np.where(undefined, "", method),
            "n_units": joined("n_units").astype(np.int64),
            "n_coders": ([len(coders)] * len(statistics) + [2] * len(pairs)) * len(codes),
            "n_unusable": joined("lost").astype(np.int64),
        }
    )


def _deviation(values: Floats, lost: Ints) -> Floats:
    """Standard deviation over the usable replicates."""
    usable = len(values) - lost
    some = np.maximum(usable, 2)
    known = np.nan_to_num(values) if lost.any() else values
    mean = known.sum(axis=0) / np.maximum(usable, 1)
    squares = np.where(np.isnan(values), 0, known - mean) ** 2
    return np.where(usable > 1, np.sqrt(squares.sum(axis=0) / (some - 1)), np.nan)

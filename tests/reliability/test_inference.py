"""Standard errors and intervals: what they are said to be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from themetrail.errors import InputError
from themetrail.reliability import agreement
from themetrail.reliability.inference import bca_interval, percentile_interval
from themetrail.reliability.resampling import cluster_weights, unit_weights

DRAW = np.random.default_rng(4)
ROWS = [[t, int(t ^ (DRAW.random() < 0.2))] for t in DRAW.integers(0, 2, 60).tolist()]
CLUSTERS = [f"t{place // 6}" for place in range(60)]
NAMES = ["cohen_kappa", "gwet_ac1", "krippendorff_alpha_nominal", "percent_agreement"]


def leave_out(names: list[str]) -> np.ndarray:
    """Estimates without each cluster."""
    values = []
    for gone in sorted(set(CLUSTERS)):
        rows = [r for r, c in zip(ROWS, CLUSTERS, strict=True) if c != gone]
        values.append(agreement(rows, statistics=names)["estimate"].tolist())
    return np.array(values)


def test_the_jackknife_leaves_out_one_cluster_at_a_time() -> None:
    """Not one unit, where units come in transcripts."""
    values = leave_out(NAMES)
    n = len(values)
    expected = np.sqrt((n - 1) / n * ((values - values.mean(axis=0)) ** 2).sum(axis=0))
    table = agreement(ROWS, statistics=NAMES, cluster=CLUSTERS, interval="jackknife")
    assert table["se"].tolist() == pytest.approx(expected.tolist(), abs=1e-12)
    assert set(table["method"]) == {"ci=t;se=jackknife_clusters"}


def test_linearisation_over_clusters_is_close_to_their_jackknife() -> None:
    """Two roads to the variance between transcripts."""
    linear = agreement(ROWS, statistics=NAMES, cluster=CLUSTERS)
    jack = agreement(ROWS, statistics=NAMES, cluster=CLUSTERS, interval="jackknife")
    assert linear["se"].tolist() == pytest.approx(jack["se"].tolist(), rel=0.1)
    assert set(linear["method"]) == {"ci=t;se=linearized_clusters"}


def test_the_percentile_interval_is_the_bootstraps() -> None:
    """Replicate by replicate, drawn from the same weights."""
    names = sorted(set(CLUSTERS))
    values = []
    for weights in cluster_weights(len(names), 100, 9):
        rows = [
            row
            for name, w in zip(names, weights, strict=True)
            for row, c in zip(ROWS, CLUSTERS, strict=True)
            if c == name
            for _ in range(int(w))
        ]
        values.append(agreement(rows, statistics=NAMES)["estimate"].tolist())
    low, high = np.quantile(np.array(values), [0.025, 0.975], axis=0)
    table = agreement(ROWS, statistics=NAMES, cluster=CLUSTERS, replicates=100, seed=9)
    assert table["ci_low"].tolist() == pytest.approx(low.tolist(), abs=1e-12)
    assert table["ci_high"].tolist() == pytest.approx(high.tolist(), abs=1e-12)


def test_bca_is_scipys_up_to_the_draws() -> None:
    """Bias and acceleration as Efron (1987) has them."""
    pairs = np.array(ROWS)

    def kappa(*columns: np.ndarray) -> float:
        rows = np.stack(columns, axis=1).tolist()
        return float(agreement(rows, statistics=["cohen_kappa"])["estimate"].iloc[0])

    expected = stats.bootstrap(
        (pairs[:, 0], pairs[:, 1]),
        kappa,
        paired=True,
        vectorized=False,
        n_resamples=600,
        method="BCa",
        rng=np.random.default_rng(1),
    ).confidence_interval
    row = agreement(ROWS, statistics=["cohen_kappa"], replicates=4000, interval="bca").iloc[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(expected), abs=0.04)
    assert row["method"].startswith("ci=bca_units_4000")


def test_bca_without_bias_and_skew_is_the_percentile_interval() -> None:
    """The correction corrects nothing where nothing is wrong."""
    values = np.linspace(-1, 1, 2001)[:, None]
    left_out = np.array([[-0.1], [0.1], [-0.2], [0.2]])
    counts = np.ones(4, dtype=int)
    bca = bca_interval(values, np.zeros(1), left_out, counts, 0.9)
    plain = percentile_interval(values, 0.9)
    assert bca[0][0] == pytest.approx(plain[0][0], abs=1e-9)
    assert bca[1][0] == pytest.approx(plain[1][0], abs=1e-9)


def test_units_are_resampled_by_their_patterns() -> None:
    """A multinomial over patterns is the bootstrap of units."""
    counts = np.array([30, 10, 60])
    weights = unit_weights(counts, 4000, 0)
    assert (weights.sum(axis=1) == 100).all()
    assert weights.mean(axis=0) == pytest.approx(counts, rel=0.03)
    assert weights[:, 1].var() == pytest.approx(100 * 0.1 * 0.9, rel=0.08)


def test_replicates_without_a_value_are_counted_and_left_out() -> None:
    """One rare mark: many replicates never draw it."""
    rows = [[0, 0]] * 20 + [[1, 1]]
    row = agreement(rows, statistics=["cohen_kappa"], replicates=500, seed=2).iloc[0]
    lost = int(row["note"].split("unusable_replicates=")[1].split(";")[0])
    assert lost / 500 == pytest.approx((20 / 21) ** 21, abs=0.06)
    assert (row["ci_low"], row["ci_high"]) == (1, 1)
    low, high, unusable = percentile_interval(np.array([[np.nan], [0.5], [0.1]]), 0.5)
    assert (low[0], high[0], unusable[0]) == pytest.approx((0.2, 0.4, 1))


def test_certainty_is_not_invented() -> None:
    """Perfect agreement of five units: an error of 0 is a doubt, not a boast."""
    row = agreement([[1, 1], [0, 0], [1, 1], [0, 0], [1, 1]], statistics=["gwet_ac1"]).iloc[0]
    assert row["se"] == 0
    assert row["note"] == "no_variation_between_units"
    one = agreement([[1, 0]], statistics=["percent_agreement"]).iloc[0]
    assert np.isnan(one["se"])
    assert one["note"] == "one_unit"
    cluster = agreement(ROWS, statistics=["gwet_ac1"], cluster=["x"] * 60).iloc[0]
    assert np.isnan(cluster["se"])
    assert cluster["note"] == "one_cluster"


def test_a_seed_is_an_answer_and_another_seed_is_another() -> None:
    """Reproducible, and not by ignoring the seed."""
    runs = [agreement(ROWS, statistics=NAMES, replicates=200, seed=s) for s in (1, 1, 2)]
    pd.testing.assert_frame_equal(runs[0], runs[1], check_exact=True)
    assert runs[0]["ci_low"].tolist() != runs[2]["ci_low"].tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"confidence": 95}, "between 0 and 1"),
        ({"replicates": -1}, "not negative"),
        ({"interval": "bca"}, "needs replicates"),
        ({"interval": "bootstrap", "replicates": 5}, "unknown interval"),
    ],
)
def test_settings_that_make_no_sense_are_named(options: dict[str, object], message: str) -> None:
    """Before any work."""
    with pytest.raises(InputError, match=message):
        agreement(ROWS, **options)  # type: ignore[arg-type]

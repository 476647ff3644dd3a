"""Many codes in memory: the fast road gives the slow road's numbers, bit by bit in any order."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from themetrail.errors import InputError
from themetrail.reliability import agreement, agreement_by_code, dense
from themetrail.reliability.resampling import exact_product


def ratings(n: int, m: int, g: int, missing: float, seed: int = 0) -> NDArray[np.int8]:
    """Units × coders × codes."""
    draw = np.random.default_rng(seed)
    truth = draw.random((n, 1, g)) < 0.25
    found = (truth ^ (draw.random((n, m, g)) < 0.1)).astype(np.int8)
    found[draw.random((n, m, g)) < missing] = -1
    return found


@pytest.mark.parametrize(("coders", "missing"), [(2, 0.0), (3, 0.2), (5, 0.1), (9, 0.3)])
def test_estimates_are_those_of_the_general_routine(coders: int, missing: float) -> None:
    """One engine, two doors."""
    data = ratings(300, coders, 3, missing)
    table = agreement_by_code(data, np.arange(300) // 10, replicates=20)
    names = [n for n in dense.BY_CODE if n != "prevalence"]
    for code in range(3):
        rows = [[None if v < 0 else int(v) for v in row] for row in data[:, :, code]]
        expected = agreement(rows, categories=[0, 1], statistics=names)["estimate"].tolist()
        mine = table[(table["code"] == str(code + 1)) & (table["coefficient"].isin(names))]
        assert mine["estimate"].tolist() == pytest.approx(expected, abs=1e-12)


def test_intervals_are_those_of_the_general_routine() -> None:
    """Same draws, same replicates, in single precision as in double."""
    data = ratings(400, 4, 2, 0.1)
    cluster = [f"t{n:02d}" for n in np.arange(400) // 16]
    table = agreement_by_code(data, cluster, replicates=100, seed=5)
    rows = [[None if v < 0 else int(v) for v in row] for row in data[:, :, 0]]
    expected = agreement(
        rows, categories=[0, 1], statistics=["gwet_ac1"], cluster=cluster, replicates=100, seed=5
    ).iloc[0]
    mine = table[(table["code"] == "1") & (table["coefficient"] == "gwet_ac1")].iloc[0]
    assert (mine["ci_low"], mine["ci_high"]) == pytest.approx(
        (expected["ci_low"], expected["ci_high"]), abs=1e-12
    )


def test_clusters_without_replicates_give_the_estimates() -> None:
    """Estimates only: nothing is drawn, and nothing is an interval."""
    data, cluster = ratings(200, 3, 7, 0.1), np.arange(200) // 10
    bare = agreement_by_code(data, cluster, replicates=0)
    drawn = agreement_by_code(data, cluster, replicates=20)
    assert bare["estimate"].equals(drawn["estimate"])
    assert bare[["se", "ci_low", "ci_high"]].isna().all(axis=None)
    assert len(agreement_by_code(data[:0], cluster[:0], replicates=0)) == len(bare)


def test_no_bit_depends_on_the_order_of_units_or_clusters() -> None:
    """Nor on how many are counted at once."""
    data = ratings(500, 3, 4, 0.15)
    cluster = np.array([f"t{n:02d}" for n in np.arange(500) // 20])
    first = agreement_by_code(data, cluster, replicates=50)
    order = np.random.default_rng(1).permutation(500)
    second = agreement_by_code(data[order], cluster[order], replicates=50)
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_the_exact_product_holds_where_single_precision_would_not() -> None:
    """Sums beyond 2**24 are cut into digits, never rounded."""
    draw = np.random.default_rng(0)
    weights = draw.integers(0, 5, (7, 300)).astype(np.float32)
    sums = draw.integers(0, 2**23, (300, 4)).astype(np.float32)
    expected = weights.astype(np.float64) @ sums.astype(np.float64)
    assert (exact_product(weights, sums.copy(), int(weights.sum(axis=1).max())) == expected).all()


def test_no_bit_depends_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor on whether the linear algebra library can be told to keep still."""
    data, cluster = ratings(300, 3, 12, 0.1), np.arange(300) // 10
    first = agreement_by_code(data, cluster, replicates=30)
    monkeypatch.setattr(dense, "BATCHES_AT_ONCE", 4)
    pd.testing.assert_frame_equal(
        first, agreement_by_code(data, cluster, replicates=30), check_exact=True
    )
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    pd.testing.assert_frame_equal(
        first, agreement_by_code(data, cluster, replicates=30), check_exact=True
    )


def test_units_are_resampled_where_there_are_no_clusters() -> None:
    """One multinomial draw a replicate and code."""
    data = ratings(200, 2, 1, 0.0)
    table = agreement_by_code(data, replicates=400, statistics=["percent_agreement"])
    row = table.iloc[0]
    p = row["estimate"]
    assert row["se"] == pytest.approx(np.sqrt(p * (1 - p) / 200), rel=0.15)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.zeros((3, 2), dtype=np.int8), "units × coders × codes"),
        (np.zeros((3, 1, 1), dtype=np.int8), "2 to 39 coders"),
        (np.full((3, 2, 1), 2, dtype=np.int8), "1, 0 or -1"),
        (np.zeros((3, 2, 1)), "not float64"),
    ],
)
def test_wrong_ratings_are_named(data: NDArray[np.int8], message: str) -> None:
    """A shape or value that makes no sense must not become a number."""
    with pytest.raises(InputError, match=message):
        agreement_by_code(data)


def test_wrong_names_are_named() -> None:
    """Names, clusters and statistics are checked before any work."""
    data = ratings(10, 2, 1, 0.0)
    with pytest.raises(InputError, match="9 clusters for 10 units"):
        agreement_by_code(data, ["a"] * 9)
    with pytest.raises(InputError, match="for 2 coders"):
        agreement_by_code(data, coders=["a", "a"])
    with pytest.raises(InputError, match="unknown statistic"):
        agreement_by_code(data, statistics=["kripp"])
    with pytest.raises(InputError, match="unknown statistic 'cohen_kappa'"):
        agreement_by_code(data, statistics=["cohen_kappa"])

"""Random tables against four other programs, each where it computes the same thing."""

from __future__ import annotations

import warnings
from typing import Any

import krippendorff
import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance, masi_distance
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa
from themetrail.reliability import agreement

SEEDS = range(12)


def table(seed: int, m: int, q: int, missing: float = 0.0, n: int = 40) -> NDArray[np.float64]:
    """Ratings 1 … q, NaN where missing."""
    draw = np.random.default_rng([seed, m, q])
    truth = draw.integers(1, q + 1, (n, 1))
    noise = draw.integers(1, q + 1, (n, m))
    found = np.where(draw.random((n, m)) < 0.6, truth, noise).astype(float)
    found[draw.random((n, m)) < missing] = np.nan
    return found


def ours(ratings: Any, name: str, **options: Any) -> float:
    return float(agreement(ratings, statistics=[name], **options)["estimate"].iloc[0])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_that_of_krippendorff(seed: int, level: str) -> None:
    """fast-krippendorff, missing ratings included."""
    ratings = table(seed, 2 + seed % 4, 2 + seed % 5, 0.2)
    expected = krippendorff.alpha(ratings.T, level_of_measurement=level)
    assert ours(ratings, f"krippendorff_alpha_{level}") == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_kappa_is_that_of_scikit_learn_and_statsmodels(seed: int) -> None:
    """Unweighted, linear, quadratic; and statsmodels' standard error."""
    q = 2 + seed % 5
    ratings = table(seed, 2, q)
    for weights in (None, "linear", "quadratic"):
        name = "cohen_kappa" + (f"_{weights}" if weights else "")
        expected = cohen_kappa_score(
            ratings[:, 0], ratings[:, 1], labels=list(range(1, q + 1)), weights=weights
        )
        found = ours(ratings, name, categories=range(1, q + 1))
        assert found == pytest.approx(expected, abs=1e-12)
    square = np.zeros((q, q))
    for a, b in ratings.astype(int):
        square[a - 1, b - 1] += 1
    row = agreement(ratings, statistics=["cohen_kappa"]).iloc[0]
    assert row["se"] == pytest.approx(np.sqrt(cohens_kappa(square).var_kappa), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_and_randolph_are_those_of_statsmodels(seed: int) -> None:
    """Complete tables, as statsmodels wants them."""
    q = 2 + seed % 5
    ratings = table(seed, 3 + seed % 3, q)
    counts = aggregate_raters(ratings.astype(int))[0]
    assert ours(ratings, "fleiss_kappa") == pytest.approx(fleiss_kappa(counts), abs=1e-12)
    expected = fleiss_kappa(counts, method="randolph")
    assert ours(ratings, "brennan_prediger") == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_conger_is_nltks_multi_kappa(seed: int) -> None:
    """Davies & Fleiss by another name."""
    ratings = table(seed, 3, 3)
    task = AnnotationTask(
        [(str(c), str(u), v) for u, row in enumerate(ratings) for c, v in enumerate(row)]
    )
    assert ours(ratings, "conger_kappa") == pytest.approx(task.multi_kappa(), abs=1e-12)
    assert ours(ratings, "light_kappa") == pytest.approx(task.kappa(), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "distance"), [("jaccard", jaccard_distance), ("masi", masi_distance)]
)
def test_alpha_of_sets_is_nltks(seed: int, name: str, distance: Any) -> None:
    """Without empty sets, on which nltk divides by zero."""
    draw = np.random.default_rng(seed)
    rows = []
    for _ in range(25):
        truth = {str(c) for c in draw.choice(list("ABCD"), size=draw.integers(1, 4), replace=False)}
        rows.append([frozenset(truth ^ {str(draw.choice(list("ABCD")))}) or truth for _ in "12"])
    rows = [[frozenset(cell) for cell in row] for row in rows]
    task = AnnotationTask(
        [(str(c), str(u), v) for u, row in enumerate(rows) for c, v in enumerate(row)],
        distance=distance,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = task.alpha()
    found = ours(rows, f"krippendorff_alpha_{name}", level="set")
    assert found == pytest.approx(expected, abs=1e-12)

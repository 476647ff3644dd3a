"""The decisions of docs/reliability/decisions.md, each by its number there."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from themetrail.reliability import agreement, coefficients, count_patterns
from themetrail.reliability.set_distances import DISTANCES

K2011 = [
    [1, 1, None, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [None, 5, 5, 5],
    [None, None, 1, 1],
    [None, None, 3, None],
]


def row(ratings: Any, name: str, **options: Any) -> Any:
    return agreement(ratings, statistics=[name], **options).iloc[0]


def estimate(ratings: Any, name: str, **options: Any) -> float:
    return float(row(ratings, name, **options)["estimate"])


def test_4_1_one_category_is_nan_with_a_reason() -> None:
    """Krippendorff raises, nltk says 1, rel says 0, irrCAC says this or that."""
    found = row([["a", "a"]] * 5, "krippendorff_alpha_nominal")
    assert math.isnan(found["estimate"])
    assert found["note"] == "one_category"
    declared = row([["a", "a"]] * 5, "gwet_ac1", categories=["a", "b"])
    assert declared["estimate"] == 1


def test_4_2_units_with_one_value_drop_out_of_alpha() -> None:
    """Krippendorff 2011, section C: the twelfth unit counts for nothing."""
    for level in ("nominal", "ordinal", "interval", "ratio"):
        name = f"krippendorff_alpha_{level}"
        assert estimate(K2011, name) == pytest.approx(estimate(K2011[:-1], name), abs=1e-15)
    # Krippendorff 1980, p. 139 prints .642; irr 0.84.1 gives .635 (multi_rater vectors).


def test_4_3_ordinal_alpha_counts_ranks_in_ratings() -> None:
    """Krippendorff's metric, neither Gwet's ordinal weights nor squared ranks."""
    alpha = estimate(K2011, "krippendorff_alpha_ordinal")
    assert alpha == pytest.approx(0.8153875, abs=1e-6)
    assert alpha != pytest.approx(estimate(K2011, "krippendorff_alpha_interval"), abs=0.01)


def test_4_4_percent_agreement_has_three_names() -> None:
    """Krippendorff 2011's data: .8182 by unit, .8000 by rating, 9 units of 11 all equal."""
    names = ["", "_coincidence", "_all_raters_equal"]
    found = [estimate(K2011, f"percent_agreement{name}") for name in names]
    assert found == pytest.approx([9 / 11, 0.8, 8 / 11], abs=1e-12)


def test_4_5_single_ratings_count_for_chance_in_gwets_family_only() -> None:
    """Gwet (2014): so Fleiss' kappa can fall below -1."""
    rows = [["a", "b"], ["a", None]]
    assert estimate(rows, "fleiss_kappa") == pytest.approx(1 - 1 / (2 * 0.75 * 0.25))
    assert estimate(rows, "krippendorff_alpha_nominal") == 0


def test_4_5_the_study_leaves_out_what_one_coder_judged() -> None:
    """Its reliability sample is what at least two judged: no coefficient depends on the rest."""
    import pandas as pd

    units = pd.DataFrame(
        [("T1", 1, 1, "P", 0, 9), ("T1", 2, 2, "P", 10, 19), ("T2", 1, 1, "P", 0, 9)],
        columns=["transcript_id", "unit", "turn", "participant_id", "start", "end"],
    )
    spans = pd.DataFrame(
        [("a", "T1", 0, 5, "x"), ("b", "T1", 0, 5, "x"), ("a", "T2", 0, 5, "x")],
        columns=["coder", "transcript_id", "start", "end", "code"],
    )
    coverage = pd.DataFrame(
        [("a", "T1", 1, "codings"), ("b", "T1", 1, "codings"), ("a", "T2", 1, "codings")],
        columns=["coder", "transcript_id", "n_spans", "basis"],
    )
    table = coefficients({"s": count_patterns(units, spans, coverage, ["x"])}, replicates=0)
    found = table[(table["level"] == "study") & (table["coefficient"] == "fleiss_kappa")].iloc[0]
    assert (found["n_units"], found["n_clusters"], found["prevalence"]) == (2, 1, 0.5)


def test_4_6_cohen_deletes_listwise_and_conger_does_not() -> None:
    """A unit that one coder left out is no part of Cohen's table."""
    rows = [["a", "a"], ["b", "b"], ["a", "b"], ["b", "b"], ["a", None]]
    assert estimate(rows, "cohen_kappa") == estimate(rows[:-1], "cohen_kappa")
    assert estimate(rows, "conger_kappa") != estimate(rows[:-1], "conger_kappa")


def test_4_6_each_standard_error_carries_its_method() -> None:
    """An SE without a name can't be compared with anybody's."""
    rows = [["a", "a"], ["b", "b"], ["a", "b"], ["b", "b"], ["a", "a"], ["b", "a"]]
    methods = {
        "cohen_kappa": "ci=normal;se=fleiss_cohen_everitt_1969",
        "gwet_ac1": "ci=t;se=gwet_linearized",
        "scott_pi": "ci=t;se=delta_method",
        "krippendorff_alpha_nominal": "ci=t;se=jackknife_units",
    }
    for name, method in methods.items():
        assert row(rows, name)["method"] == method


def test_4_7_no_p_value_and_gwets_interval_is_cut_above_only() -> None:
    """T with n - 1 degrees of freedom; a test against zero agreement answers no one's question."""
    table = agreement([["a", "b"], ["a", "a"], ["b", "b"]], statistics=["gwet_ac1"])
    assert "p_value" not in table.columns
    assert table["ci_high"].iloc[0] == 1
    assert table["ci_low"].iloc[0] < -1


def test_4_8_the_bootstrap_resamples_units_as_given() -> None:
    """Not single disagreements with chance held fixed (KALPHA), and pairable or not."""
    found = row(K2011, "krippendorff_alpha_nominal", replicates=4000, seed=1)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((0.418, 1.0), abs=0.02)


def test_4_9_conger_is_not_fleiss() -> None:
    """Own margins or pooled ones; alike only where coders use the categories alike."""
    rows = [["a", "b"]] * 6
    assert estimate(rows, "conger_kappa") == 0
    assert estimate(rows, "fleiss_kappa") == -1


def test_4_9_light_is_undefined_where_a_pair_is() -> None:
    """Not 1 for the pair that never varied (nltk), not the mean of the rest."""
    rows = [["a", "a", "a"], ["a", "a", "b"], ["a", "a", "a"]]
    found = row(rows, "light_kappa")
    assert math.isnan(found["estimate"])
    assert found["note"] == "undefined_pair"


def test_4_10_the_number_of_categories_is_declared() -> None:
    """Observed where nothing is declared, and the study always declares two."""
    rows = [["a", "a"], ["b", "b"], ["a", "b"]]
    assert estimate(rows, "brennan_prediger") == pytest.approx(1 / 3)
    assert estimate(rows, "brennan_prediger", categories=list("abcd")) == (
        pytest.approx((2 / 3 - 1 / 4) / (3 / 4))
    )


def test_4_11_weights_go_by_rank_on_the_declared_scale() -> None:
    """By value or among the observed categories only where the name says so; 10 is above 2."""
    rows = [[1, 2], [2, 2], [10, 1], [10, 10], [1, 1]]
    names = ["", "_value_based", "_observed_categories"]
    plain, value, observed = (estimate(rows, f"cohen_kappa_linear{n}") for n in names)
    assert plain == observed != pytest.approx(value)
    declared = estimate(rows, "cohen_kappa_linear", categories=range(1, 11))
    assert declared == pytest.approx(value)


def test_4_12_masi_is_passonneau_2006() -> None:
    """1 - J·M with exact thirds; empty sets do not crash it and are alike."""
    rows = [[{"A"}, {"A", "B"}], [set(), set()], [{"B"}, {"B"}], [{"A"}, set()]]
    found = [estimate(rows, f"krippendorff_alpha_{n}", level="set") for n in ("masi", "masi_dkpro")]
    # Observed: (1 - 1/2 · 2/3) and 1, of four units; dkpro's: 1/2 · 1/3 and 1 · 1/3.
    values = [s for pair in rows for s in map(frozenset, pair)]
    for name, got, observed in zip(
        ("masi", "masi_dkpro"), found, ((2 / 3 + 1) / 4, (1 / 6 + 1 / 3) / 4), strict=True
    ):
        distance = DISTANCES[name]
        chance = np.mean([distance(a, b) for a, b in permutations(values, 2)])
        assert got == pytest.approx(1 - observed / chance)


def test_4_17_ac1_of_many_coders_is_gwets() -> None:
    """Krippendorff 2011's data: AC1 .77544, AC2 quadratic .91400."""
    assert estimate(K2011, "gwet_ac1") == pytest.approx(0.77544, abs=5e-6)
    assert estimate(K2011, "gwet_ac2_quadratic") == pytest.approx(0.91400, abs=5e-6)


def test_4_18_labels_are_compared_as_given() -> None:
    """Case and spaces are settled where a file is read, not inside a statistic."""
    rows = [["a", "A"], ["b", "b"]]
    assert estimate(rows, "percent_agreement") == 0.5

"""The study's coefficients from counts: the same as from the dense table, with honest notes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reliability.made import CODES, THEMES, cube, pairs_of, tables
from themetrail import contracts
from themetrail import tables as io
from themetrail.errors import InputError
from themetrail.reliability import agreement, coefficients, count_patterns
from themetrail.reliability.resampling import cluster_weights

JUDGED = {
    "north": {"N1": ("ann", "ben", "cy"), "N2": ("ann", "ben", "cy"), "N3": ("ann",)},
    "south": {"S1": ("ann", "ben"), "S2": ("ann", "ben"), "S3": ("ben", "ann")},
    "west": {"W1": ("cy",)},
}
SITES = {site: tables(judged, seed=n) for n, (site, judged) in enumerate(JUDGED.items())}
PATTERNS = {site: count_patterns(*parts, CODES, THEMES) for site, parts in SITES.items()}
DENSE = pd.concat(
    [cube(*parts).assign(site=site) for site, parts in SITES.items()], ignore_index=True
)
CODERS = ["ann", "ben", "cy"]
DOUBLE = DENSE[DENSE[CODERS].notna().sum(axis=1) >= 2]
KEY = ["level", "site", "code", "coders", "coefficient"]


def one(table: pd.DataFrame, **where: str) -> Any:
    """The one row that fits."""
    rows = table
    for name, value in where.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1, where
    return rows.iloc[0]


@pytest.fixture(scope="module")
def study() -> pd.DataFrame:
    return coefficients(PATTERNS, replicates=200, seed=7)


def expected(rows: pd.DataFrame, coders: list[str], statistic: str) -> float:
    """The coefficient of the dense table, by the general routine."""
    table = agreement(rows[coders], categories=[0, 1], statistics=[statistic])
    return float(table["estimate"].iloc[0])


@pytest.mark.parametrize(
    "statistic",
    ["krippendorff_alpha_nominal", "fleiss_kappa", "conger_kappa", "gwet_ac1", "percent_agreement"],
)
def test_every_level_is_the_dense_tables_coefficient(study: pd.DataFrame, statistic: str) -> None:
    """Counts must lose nothing, at no level."""
    found = one(study, level="study", coefficient=statistic)["estimate"]
    assert found == pytest.approx(expected(DOUBLE, CODERS, statistic), abs=1e-12)
    for code in CODES[:3]:
        row = one(study, level="code", code=code, coefficient=statistic)
        rows = DOUBLE[DOUBLE["code"] == code]
        assert row["estimate"] == pytest.approx(expected(rows, CODERS, statistic), abs=1e-12)
    row = one(study, level="site", site="south", code="cost", coefficient=statistic)
    rows = DOUBLE[(DOUBLE["site"] == "south") & (DOUBLE["code"] == "cost")]
    assert row["estimate"] == pytest.approx(expected(rows, ["ann", "ben"], statistic), abs=1e-12)


def test_pairs_are_compared_on_what_both_judged(study: pd.DataFrame) -> None:
    """A coder of two sites is not compared on the third."""
    for pair in pairs_of(CODERS):
        rows = DENSE.dropna(subset=list(pair))
        row = one(study, level="pair", coders=";".join(pair), code="", coefficient="cohen_kappa")
        assert row["estimate"] == pytest.approx(
            expected(rows, list(pair), "cohen_kappa"), abs=1e-12
        )
        assert row["n_units"] == len(rows)
        assert row["n_clusters"] == rows["transcript_id"].nunique()


def test_single_coded_transcripts_change_nothing(study: pd.DataFrame) -> None:
    """What one coder judged says nothing about agreement, not even about chance."""
    without = {site: t[t["coders"].str.contains(";")] for site, t in PATTERNS.items()}
    without = {site: t for site, t in without.items() if len(t)}
    again = coefficients(without, replicates=200, seed=7)
    kept = study[study["site"] != "west"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, again)


def test_a_site_with_one_coder_says_so(study: pd.DataFrame) -> None:
    """No coefficient, and the reason."""
    rows = study[study["site"] == "west"]
    assert rows["estimate"].isna().all()
    assert set(rows["note"]) == {"single_coder"}
    assert len(rows)


def test_a_code_nobody_used_is_undefined_with_the_reason(study: pd.DataFrame) -> None:
    """0/0 is neither perfect nor no agreement."""
    row = one(study, level="code", code="never", coefficient="krippendorff_alpha_nominal")
    assert math.isnan(row["estimate"])
    assert "never_marked" in row["note"]
    assert row["n_unusable"] == 200
    assert row["method"] == ""
    # Two categories were declared, so AC1 and Brennan-Prediger have a value; the note stays.
    row = one(study, level="code", code="never", coefficient="gwet_ac1")
    assert row["estimate"] == 1
    assert row["note"] == "never_marked;no_variation_between_transcripts"


def test_the_interval_is_that_of_resampled_transcripts(study: pd.DataFrame) -> None:
    """The matrix product must be the bootstrap that everybody means."""
    rows = DOUBLE[DOUBLE["code"] == "cost"]
    names = sorted(rows["transcript_id"].unique())
    parts = {name: rows[rows["transcript_id"] == name][CODERS] for name in names}
    values = []
    for weights in cluster_weights(len(names), 200, 7):
        drawn = [parts[n] for n, w in zip(names, weights, strict=True) for _ in range(int(w))]
        values.append(
            expected(pd.concat(drawn, ignore_index=True), CODERS, "krippendorff_alpha_nominal")
        )
    row = one(study, level="code", code="cost", coefficient="krippendorff_alpha_nominal")
    low, high = np.nanquantile(values, [0.025, 0.975])
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((low, high), abs=1e-12)


def test_the_standard_error_is_near_the_bootstraps() -> None:
    """Two roads to one number."""
    judged = {f"T{n:02d}": ("ann", "ben") for n in range(60)}
    patterns = count_patterns(*tables(judged, n_units=30), CODES)
    table = coefficients({"a": patterns}, replicates=0)
    drawn = coefficients({"a": patterns}, replicates=2000, seed=1)
    row = one(table, level="code", code="cost", coefficient="cohen_kappa")
    boot = one(drawn, level="code", code="cost", coefficient="cohen_kappa")
    assert row["ci_low"] == pytest.approx(boot["ci_low"], abs=0.01)
    assert row["ci_high"] == pytest.approx(boot["ci_high"], abs=0.01)
    assert row["method"] == "ci=t_transcripts;se=linearized_transcripts"


def test_the_order_of_sites_transcripts_and_rows_changes_no_bit(study: pd.DataFrame) -> None:
    """Two machines, one paper."""
    other = {
        site: PATTERNS[site].sample(frac=1, random_state=3).reset_index(drop=True)
        for site in reversed(PATTERNS)
    }
    again = coefficients(other, replicates=200, seed=7)
    first, second = (t.sort_values(KEY).reset_index(drop=True) for t in (study, again))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_sites_may_be_what_was_sampled() -> None:
    """Statements about sites like these rest on the number of sites."""
    patterns = {
        f"s{n}": count_patterns(
            *tables({f"{n}{m}": ("ann", "ben") for m in range(3)}, seed=n), CODES
        )
        for n in range(12)
    }
    table = coefficients(patterns, ["cohen_kappa"], replicates=400, resample="sites")
    row = one(table, level="code", code="cost")
    assert row["method"] == "ci=percentile_sites_transcripts_400;se=linearized_sites"
    plain = one(coefficients(patterns, ["cohen_kappa"], replicates=400), level="code", code="cost")
    assert row["estimate"] == plain["estimate"]
    assert row["ci_high"] - row["ci_low"] > plain["ci_high"] - plain["ci_low"]
    site = one(table, level="site", site="s1", code="cost")
    assert math.isnan(site["se"])
    assert "one_site" in site["note"]
    with pytest.raises(InputError, match="Did you mean 'sites'"):
        coefficients(patterns, resample="site")  # type: ignore[arg-type]


def test_sites_can_be_split_and_put_together_again() -> None:
    """A site's counts are computed once, wherever its transcripts are filed."""
    parts = {f"part{n}": t for n, (_, t) in enumerate(PATTERNS["north"].groupby("transcript_id"))}
    whole = coefficients({"north": PATTERNS["north"]}, replicates=50)
    split = coefficients(parts, replicates=50)
    names = ["study", "code", "theme", "pair"]
    first, second = (
        t[t["level"].isin(names)].sort_values(KEY).reset_index(drop=True) for t in (whole, split)
    )
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_the_table_keeps_its_contract_on_disk(study: pd.DataFrame, tmp_path: Any) -> None:
    """What the report reads back is what was computed, to the last digit."""
    io.write(study, tmp_path / "coefficients.csv", contracts.COEFFICIENTS)
    again = io.read(tmp_path / "coefficients.csv", contracts.COEFFICIENTS)
    pd.testing.assert_frame_equal(study, again, check_exact=True)


def test_one_transcript_has_no_interval() -> None:
    """Nothing to resample, so nothing is known about the variation between transcripts."""
    alone = PATTERNS["south"][PATTERNS["south"]["transcript_id"] == "S1"]
    for replicates in (0, 50):
        table = coefficients({"south": alone}, ["cohen_kappa"], replicates=replicates)
        row = one(table, level="code", code="cost")
        assert not math.isnan(row["estimate"])
        assert math.isnan(row["se"])
        assert math.isnan(row["ci_low"])
        assert "one_transcript" in row["note"]


def test_no_data_are_no_rows() -> None:
    """A study before its first coding."""
    assert len(coefficients({})) == 0
    assert len(coefficients({"a": PATTERNS["north"].iloc[:0]})) == 0


def test_wrong_input_is_named() -> None:
    """Errors name what was found and what to do."""
    with pytest.raises(InputError, match="Did you mean 'cohen_kappa'"):
        coefficients(PATTERNS, ["cohens_kappa"])
    with pytest.raises(InputError, match="stands in two sites"):
        coefficients({"a": PATTERNS["north"], "b": PATTERNS["north"]})
    bad = PATTERNS["south"].assign(ratings="1x")
    with pytest.raises(InputError, match="do not fit the coders"):
        coefficients({"a": bad})

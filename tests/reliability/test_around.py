"""What lies around the numbers: pairs, confusion, bias, drift, paradox, scales, planning."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from themetrail.errors import InputError
from themetrail.reliability import (
    agreement,
    before_and_after,
    benchmark,
    coder_bias,
    confusion,
    drift,
    half_width,
    intra_coder,
    pairwise,
    paradox,
    transcripts_needed,
    units_needed,
)
from themetrail.reliability.planning import design_effect, kappa_sd

ROWS = pd.DataFrame(
    {
        "ann": ["a", "b", "a", "c", "b", "a"],
        "ben": ["a", "b", "b", "c", None, "a"],
        "cy": ["a", "c", "b", "c", "b", None],
    },
    index=[f"u{n}" for n in range(6)],
)


def test_pairs_share_the_categories_of_all() -> None:
    """Chance agreement that depends on their number stays comparable."""
    table = pairwise(ROWS, statistics=["brennan_prediger"])
    assert table[["first", "second"]].values.tolist() == [
        ["ann", "ben"],
        ["ann", "cy"],
        ["ben", "cy"],
    ]
    assert table["estimate"].tolist() == pytest.approx([0.7, 0.4, 0.625])
    alone = agreement(ROWS[["ann", "ben"]], categories=["a", "b", "c"])
    row = alone[alone["coefficient"] == "brennan_prediger"].iloc[0]
    assert row["estimate"] == pytest.approx(0.7)


def test_confusion_tells_which_categories_are_mixed_up() -> None:
    """Every pair of ratings, once."""
    table = confusion(ROWS)
    assert table["n"].sum() == 5 + 5 + 4
    mixed = table[table["first"] != table["second"]]
    assert mixed.values.tolist() == [
        ["a", "b", "ann", "ben", 1],
        ["a", "b", "ann", "cy", 1],
        ["b", "c", "ann", "cy", 1],
        ["b", "c", "ben", "cy", 1],
    ]


def test_bias_compares_a_coder_with_the_others_on_the_same_units() -> None:
    """Ann is generous with a."""
    table = coder_bias(ROWS)
    row = table[(table["coder"] == "ann") & (table["category"] == "a")].iloc[0]
    assert (row["n"], row["share"]) == (6, 0.5)
    assert row["share_of_others"] == pytest.approx(2 / 6)
    sums = table.groupby("coder")["difference"].sum()
    assert sums.abs().max() < 1e-12


def test_drift_shows_agreement_window_by_window() -> None:
    """Coders who tire, or learn, in the order they worked."""
    rows = [(1, 1), (0, 0)] * 10 + [(1, 0), (0, 0), (0, 1), (1, 1)] * 5
    table = drift(rows, windows=4, statistic="percent_agreement")
    assert table["estimate"].tolist() == [1.0, 1.0, 0.5, 0.5]
    days = [n // 13 for n in range(40)]
    table = drift(rows[::-1], days[::-1], windows=4, statistic="percent_agreement")
    assert table["first"].tolist() == [0, 1, 2, 3]
    assert drift([], windows=2).empty
    with pytest.raises(InputError, match="39 places"):
        drift(rows, days[:39])


def test_a_coder_agrees_with_themselves_on_what_they_coded_twice() -> None:
    """Matched by unit and name."""
    again = ROWS[["ann", "cy"]].iloc[1:].copy()
    again.loc["u2", "ann"] = "b"
    table = intra_coder(ROWS, again, statistics=["percent_agreement"])
    assert table["coder"].tolist() == ["ann", "cy"]
    assert table["estimate"].tolist() == pytest.approx([0.8, 1.0])
    with pytest.raises(InputError, match="in common"):
        intra_coder(ROWS, ROWS.rename(columns=str.upper))


def test_agreement_after_discussion_is_marked_as_such() -> None:
    """It is shown beside the value before, never instead of it."""
    after = ROWS.assign(ben=ROWS["ann"], cy=ROWS["ann"])
    table = before_and_after(ROWS, after, statistics=["percent_agreement"])
    assert table["when"].tolist() == ["before", "after"]
    assert table["estimate"].iloc[1] > table["estimate"].iloc[0]
    assert table["note"].tolist() == ["", "no_variation_between_units;not_independent"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [((80, 10, 5, 5), "prevalence"), ((40, 9, 6, 45), ""), ((45, 35, 0, 20), "bias")],
)
def test_the_paradox_is_shown_not_hidden(cells: tuple[int, ...], kind: str) -> None:
    """Feinstein & Cicchetti (1990); Byrt, Bishop & Carlin (1993)."""
    pairs = [(1, 1), (1, 0), (0, 1), (0, 0)]
    rows = [list(p) for p, n in zip(pairs, cells, strict=True) for _ in range(n)]
    row = paradox(rows).iloc[0]
    assert row["paradox"] == kind
    assert row["kappa_rebuilt"] == pytest.approx(row["cohen_kappa"])


def test_bands_are_probabilities_and_the_word_is_what_is_certain() -> None:
    """An estimate at .82 with an error of .1 is not almost perfect."""
    table = pd.DataFrame(
        {
            "coefficient": ["cohen_kappa", "gwet_ac1", "percent_agreement", "fleiss_kappa"],
            "estimate": [0.82, 0.9, 0.95, math.nan],
            "se": [0.1, 0.0, 0.1, math.nan],
        }
    )
    for scale in ("landis_koch", "altman", "mchugh", "krippendorff"):
        bands = benchmark(table, scale)
        assert set(bands["coefficient"]) == {"cohen_kappa"}
        assert bands["probability"].sum() == pytest.approx(1)
        assert bands["reached"].sum() == 1
    bands = benchmark(table, "landis_koch").set_index("band")
    assert bands["reached"].idxmax() == "substantial"
    assert benchmark(table.iloc[1:2]).empty
    with pytest.raises(InputError, match="Did you mean 'landis_koch'"):
        benchmark(table, "landis_and_koch")


def test_planned_units_give_the_planned_interval() -> None:
    """The plan is the standard error that the analysis will print."""
    for kappa, share in ((0.8, 0.3), (0.7, 0.1), (0.9, 0.05)):
        n = 1_000_000
        both = round((share**2 + kappa * share * (1 - share)) * n)
        differ = round(share * (1 - share) * (1 - kappa) * n)
        cells = [both, differ, differ, n - both - 2 * differ]
        rows = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], np.array(cells) // 10, axis=0)
        row = agreement(rows.tolist(), statistics=["cohen_kappa"]).iloc[0]
        assert row["se"] * math.sqrt(len(rows)) == pytest.approx(kappa_sd(kappa, share), rel=1e-3)
        units = units_needed(0.1, kappa, share)
        assert half_width(units, kappa, share) <= 0.1 < half_width(units - 2, kappa, share)


def test_clustering_and_rarity_cost_units() -> None:
    """Rare codes can not be certified from six interviews."""
    assert units_needed(0.1, 0.8, 0.05) > units_needed(0.1, 0.8, 0.3)
    effect = design_effect(0.06, 0.04)
    assert units_needed(0.1, 0.8, 0.1, design_effect=effect) == pytest.approx(
        2.25 * units_needed(0.1, 0.8, 0.1), rel=0.01
    )
    assert transcripts_needed(0.4, 0.9, 0.5, units_per_transcript=1000) == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: units_needed(0.1, 0.8, 0), "prevalence"),
        (lambda: units_needed(0, 0.8, 0.5), "half_width"),
        (lambda: units_needed(0.1, 1.0, 0.5), "kappa"),
        (lambda: units_needed(0.1, -0.9, 0.1), "impossible"),
        (lambda: units_needed(0.1, 0.8, 0.5, design_effect=0), "design effect"),
        (lambda: half_width(0, 0.8, 0.5), "at least one"),
        (lambda: design_effect(0, 1), "positive"),
        (lambda: transcripts_needed(0.1, 0.8, 0.5, 0), "units per transcript"),
    ],
)
def test_plans_that_make_no_sense_are_named(call: object, message: str) -> None:
    """A plan from impossible numbers would be followed."""
    with pytest.raises(InputError, match=message):
        call()  # type: ignore[operator]

"""A study's disagreement from around, against the dense truth."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
import pytest
from reliability.made import CODES, cube, tables
from themetrail.errors import InputError
from themetrail.reliability import (
    code_confusion,
    coefficients,
    count_patterns,
    drift_of_study,
    marking,
)

JUDGED = {f"T{n}": ("ann", "ben", "cy") if n % 2 else ("ann", "ben") for n in range(6)}
TABLES = tables({**JUDGED, "T9": ("ann",)}, n_units=20)
PATTERNS = {"s": count_patterns(*TABLES, CODES)}
DENSE = cube(*TABLES)
CODERS = ["ann", "ben", "cy"]


def test_codes_that_stand_in_each_others_place_are_counted() -> None:
    """Two definitions that nobody can tell apart show here, not in a coefficient."""
    expected: dict[tuple[str, str], int] = {}
    for _, unit in DENSE.groupby(["transcript_id", "unit"]):
        sets = {c: set(unit.loc[unit[c] == 1, "code"]) for c in CODERS}
        for one, other in permutations(CODERS, 2):
            for a in sets[one] - sets[other]:
                for b in sets[other] - sets[one]:
                    if a < b:
                        expected[a, b] = expected.get((a, b), 0) + 1
    table = code_confusion(*TABLES)
    found = {(a, b): n for a, b, n in table.itertuples(index=False, name=None)}
    assert found == expected
    assert table["n"].is_monotonic_decreasing
    assert code_confusion(TABLES[0], TABLES[1].iloc[:0], TABLES[2]).empty


def test_a_generous_coder_is_seen() -> None:
    """On the units that others judged too, not on all."""
    table = marking(PATTERNS)
    rows = DENSE[(DENSE["code"] == "cost") & DENSE["cy"].notna()]
    row = table[(table["coder"] == "cy") & (table["code"] == "cost")].iloc[0]
    assert row["n_units"] == len(rows) == 60
    assert row["share"] == pytest.approx(rows["cy"].mean())
    assert row["share_of_others"] == pytest.approx(rows[["ann", "ben"]].mean(axis=1).mean())
    pooled = table[(table["coder"] == "ann") & (table["code"] == "")].iloc[0]
    assert pooled["n_units"] == 6 * 20 * len(CODES)


def test_drift_is_the_coefficient_of_each_stretch() -> None:
    """In the order given; what one coder judged is no part of it."""
    order = ["T5", "T9", "T3", "T1", "T0", "T2", "T4", "T7"]
    table = drift_of_study(PATTERNS, order, windows=3)
    assert table[["first", "last"]].values.tolist() == [["T5", "T3"], ["T1", "T0"], ["T2", "T4"]]
    part = PATTERNS["s"][PATTERNS["s"]["transcript_id"].isin(["T2", "T4"])]
    whole = coefficients({"s": part}, ["krippendorff_alpha_nominal"], replicates=0)
    expected = whole[whole["level"] == "study"]["estimate"].iloc[0]
    assert table["estimate"].iloc[2] == expected
    assert drift_of_study(PATTERNS, []).empty
    with pytest.raises(InputError, match="each transcript once"):
        drift_of_study(PATTERNS, ["T1", "T1"])


def test_consensus_is_one_more_coder() -> None:
    """Agreement of each coder with what was decided, by the same road."""
    units, spans, coverage = TABLES
    decided = spans[spans["coder"] == "ann"].assign(coder="consensus")
    judged = coverage[coverage["coder"] == "ann"].assign(coder="consensus")
    patterns = count_patterns(
        units, pd.concat([spans, decided]), pd.concat([coverage, judged]), CODES
    )
    table = coefficients({"s": patterns}, ["cohen_kappa"], replicates=0)
    row = table[(table["level"] == "pair") & (table["coders"] == "ann;consensus")]
    assert row[row["code"] == ""]["estimate"].tolist() == [1.0]

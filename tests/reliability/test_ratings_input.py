"""Ratings that can't be right: an error that says where, or a reasoned NaN; never a number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from themetrail.errors import InputError
from themetrail.reliability import agreement

BAD: list[tuple[str, Any, dict[str, Any], str]] = [
    ("not rectangular", [[1, 2], [1]], {}, "unit 2 has 1 ratings, unit 1 has 2"),
    ("no table", 5, {}, "a row a unit"),
    ("text rows", ["ab", "cd"], {}, "a row is text"),
    ("text for numbers", [[1, 2], ["x", 1]], {"level": "interval"}, "'x' is of another kind"),
    ("text at interval", [["a", "b"]], {"level": "interval"}, "unit 1, coder 1: interval ratings"),
    ("ranks unordered", [["low", "high"]], {"level": "ordinal"}, "need their order"),
    ("undeclared", [["a", "c"]], {"categories": ["a", "b"]}, "unit 1, coder 2: 'c' is not a dec"),
    ("twice declared", [["a", "b"]], {"categories": ["a", "a"]}, "stands there twice"),
    ("blank declared", [["a", "b"]], {"categories": ["a", ""]}, "blank"),
    ("categories as text", [["a", "b"]], {"categories": "ab"}, "not one text"),
    ("1 and '1'", [[1, "1"]], {}, "all text or all numbers"),
    ("1 and True", [[1, True]], {}, "another kind"),
    ("infinite", [[1, math.inf]], {}, "is no rating"),
    ("a list", [[["a"], ["b"]]], {}, "level='set'"),
    ("negative ratio", [[-1, 2]], {"level": "ratio"}, "no negative values"),
    ("level", [[1, 2]], {"level": "nominale"}, "Did you mean 'nominal'"),
    ("statistic", [[1, 2]], {"statistics": ["alpha"]}, "unknown statistic 'alpha'"),
    ("short cluster", [[1, 2], [1, 1]], {"cluster": ["t1"]}, "1 clusters for 2 units"),
    ("blank cluster", [[1, 2], [1, 1]], {"cluster": ["t1", None]}, "unit 2 has no cluster"),
    ("cluster name", [[1, 2]], {"cluster": "t"}, "no named columns"),
    ("custom", [[1, 2]], {"statistics": ["cohen_kappa_custom"]}, "need weights: 2 × 2"),
    (
        "asymmetric",
        [[1, 2]],
        {"statistics": ["cohen_kappa_custom"], "weights": [[0, 1], [2, 0]]},
        "symmetric",
    ),
    ("no sets", [[1, 2]], {"statistics": ["krippendorff_alpha_masi"]}, "level='set'"),
    ("no order", [["a", "b"]], {"statistics": ["cohen_kappa_linear"]}, "need the order"),
    ("no values", [["a", "b"]], {"statistics": ["krippendorff_alpha_interval"]}, "the order"),
    (
        "declared, no values",
        [["a", "b"]],
        {"statistics": ["krippendorff_alpha_interval"], "categories": ["a", "b"]},
        "are numbers",
    ),
]


@pytest.mark.parametrize(
    ("ratings", "options", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
def test_wrong_ratings_are_named(ratings: Any, options: dict[str, Any], message: str) -> None:
    """The message says where, what was found and what was expected."""
    with pytest.raises(InputError, match=message):
        agreement(ratings, **options)


def test_names_that_stand_there_twice_are_an_error() -> None:
    """A unit rated on two rows would be two units."""
    twice = pd.DataFrame({"a": [1, 0], "b": [1, 1]}, index=["u1", "u1"])
    with pytest.raises(InputError, match="unit 'u1' stands there twice"):
        agreement(twice)
    with pytest.raises(InputError, match="coder 'a' stands there twice"):
        agreement(pd.DataFrame([[1, 0]], columns=["a", "a"]))
    with pytest.raises(InputError, match="no column 'transkript'"):
        agreement(pd.DataFrame({"a": [1], "transcript": ["t"]}), cluster="transkript")


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([], "no_ratings"),
        ([[None, None]], "no_ratings"),
        ([[1], [0]], "single_coder"),
        ([[1, None], [0, None]], "single_coder"),
        ([[1, None], [None, 0]], "no_pairable_units"),
        ([[1, 1], [1, 1]], "one_category"),
    ],
)
def test_what_has_no_answer_is_nan_with_the_reason(ratings: Any, reason: str) -> None:
    """Valid data without an answer are no error."""
    table = agreement(ratings, statistics=["krippendorff_alpha_nominal", "fleiss_kappa"])
    assert table["estimate"].isna().all()
    assert table["ci_low"].isna().all()
    assert set(table["note"]) == {reason}


def test_statistics_for_other_data_say_what_they_need() -> None:
    """Asked for by name, they are not left out in silence."""
    rows = [[1, 1, 2], [3, 3, 3]]
    table = agreement(rows, statistics=["cohen_kappa", "pabak", "positive_agreement"])
    assert table["note"].tolist() == [
        "needs_two_coders",
        "needs_two_coders",
        "needs_two_categories",
    ]


def test_every_kind_of_missing_is_missing() -> None:
    """None, NaN, pandas' NA, blank text."""
    table = pd.DataFrame({"a": ["x", None, " ", "y"], "b": ["x", "y", "y", pd.NA]}, dtype=object)
    assert agreement(table, statistics=["percent_agreement"])["n_units"].tolist() == [1]
    array = np.array([[1, np.nan], [2, 2]])
    assert agreement(array, statistics=["percent_agreement"])["n_units"].tolist() == [1]


def test_a_code_called_na_is_a_code() -> None:
    """Text that looks missing elsewhere is a category here."""
    rows = [["NA", "NA"], ["None", "None"], ["nan", "NA"]]
    row = agreement(rows, statistics=["percent_agreement"]).iloc[0]
    assert row["estimate"] == pytest.approx(2 / 3)


def test_numbers_are_numbers_whatever_their_type() -> None:
    """A column with a missing value turns floating; 1.0 is still 1."""
    rows = [[np.int64(1), 1.0], [np.float32(2), 2]]
    assert agreement(rows, statistics=["percent_agreement"])["estimate"].tolist() == [1.0]


def test_a_cluster_column_is_no_coder() -> None:
    """It is taken out of the ratings."""
    table = pd.DataFrame({"t": ["a", "a", "b"], "x": [1, 0, 1], "y": [1, 0, 0]})
    row = agreement(table, cluster="t", statistics=["percent_agreement"]).iloc[0]
    assert (row["n_coders"], row["estimate"]) == (2, pytest.approx(2 / 3))


def test_sets_may_be_written_many_ways() -> None:
    """Sets, lists, text with semicolons; {} is the empty set, blank is missing."""
    ways = [[{"a", "b"}, ["b", "a"]], ["a;b", ("a", "b")], ["{}", set()], ["a", None]]
    table = agreement(ways, level="set", statistics=["percent_agreement"])
    assert (table["estimate"][0], table["n_units"][0]) == (1.0, 3)


def test_sets_have_names_in_one_order() -> None:
    """A name that changes from run to run is no name."""
    rows = [[{"b", "a"}, {"a", "b"}], [set(), {"c"}]]
    table = agreement(rows, level="set", statistics=["specific_agreement"])
    names = [f"specific_agreement.{name}" for name in ("{}", "a;b", "c")]
    assert table["coefficient"].tolist() == names


def test_too_many_values_are_refused_with_a_way_out() -> None:
    """A measurement to six digits has a distance for every pair of values."""
    rows = [[i / 7, i / 3] for i in range(3000)]
    with pytest.raises(InputError, match="Round them"):
        agreement(rows, level="interval")

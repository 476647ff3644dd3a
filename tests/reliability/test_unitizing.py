"""The call itself: what it gives back, what it refuses, and what stays undefined."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from themetrail.errors import InputError
from themetrail.reliability.reasons import REASONS
from themetrail.reliability.unitizing_reasons import Reason
from themetrail.reliability.unitizing_table import RESULT, STATISTICS, unitizing

ROWS = [("x", 0, 10, "a"), ("x", 20, 30, "b"), ("y", 2, 10, "a"), ("y", 20, 34, "b")]


def _table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["coder", "start", "end", "code"])


def _notes(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["coefficient"], table["note"], strict=True))


def test_the_result_is_one_tidy_table() -> None:
    """Protects the columns, which are those of ``agreement``, and one line a coefficient."""
    table = unitizing(_table(ROWS), 40)
    assert tuple(table.columns) == RESULT
    assert not table["coefficient"].duplicated().any()
    assert {name.split(".")[0] for name in table["coefficient"]} == {
        *STATISTICS,
        "char_level_any_code",
    }
    assert (table["n_coders"] == 2).all()
    undefined = table["estimate"].isna()
    assert (table.loc[undefined, "note"] != "").all()


def test_what_is_asked_for_comes_in_that_order() -> None:
    """Protects the choice of statistics, one name or several."""
    assert unitizing(ROWS, 40, "pk")["coefficient"].tolist() == ["pk"]
    two = unitizing(ROWS, 40, ["u_alpha_2016", "alpha_U_1995"])
    assert two["coefficient"].tolist() == ["u_alpha_2016", "alpha_U_1995"]


def test_every_note_can_be_put_in_words() -> None:
    """Protects the reader of an appendix: no note without its sentence."""
    assert {str(reason) for reason in Reason} <= set(REASONS)


def test_only_gamma_has_an_interval() -> None:
    """Protects honesty: no standard error is made from a number of characters."""
    table = unitizing(ROWS, 40).set_index("coefficient")
    with_error = set(table.index[table["se"].notna()])
    assert with_error == {"gamma", "gamma.expected_disorder"}
    gamma = table.loc["gamma"]
    assert gamma["ci_low"] < gamma["estimate"] < gamma["ci_high"]
    assert gamma["note"] == "interval_is_sampling_of_chance_only"
    for word in ("statistical", "30 samples", "seed 0", "alpha 1", "delta_empty 1"):
        assert word in gamma["method"]


def test_a_coder_who_marked_nothing_is_not_a_missing_coder() -> None:
    """Protects missing against absent: a coder named without spans disagrees."""
    named = unitizing(ROWS, 40, "char_level", coders=["x", "y", "z"])
    assert (named["n_coders"] == 3).all()
    two = unitizing(ROWS, 40, "char_level")
    assert named["estimate"][0] < two["estimate"][0]


def test_declared_codes_have_lines_and_a_reason() -> None:
    """Protects codes that nobody used."""
    table = unitizing(
        ROWS, 40, ["alpha_U_1995_by_code", "ku_alpha_2016_by_code"], codes=["a", "b", "c"]
    )
    notes = _notes(table)
    assert notes["alpha_U_1995_by_code.c"] == Reason.NO_SPANS
    assert notes["ku_alpha_2016_by_code.c"] == Reason.NO_SPANS


def test_one_coder_or_no_span_is_undefined_everywhere() -> None:
    """Protects against agreement of one with oneself, and against 1 for nothing."""
    alone = unitizing([("x", 0, 10, "a")], 40)
    assert alone["estimate"].isna().all()
    assert set(alone["note"]) == {"one_coder"}
    empty = unitizing([], 40, coders=["x", "y"])
    spans = empty[~empty["coefficient"].str.startswith(("char_level", "window_diff", "pk"))]
    assert spans["estimate"].isna().all()
    assert set(spans["note"]) == {"no_spans", "no_boundaries"}
    nothing = unitizing(_table([]), 40)
    assert nothing["estimate"].isna().all()


def test_overlapping_spans_are_refused_by_the_measures_that_forbid_them_only() -> None:
    """Protects multiply coded passages: u-alpha has no value, the others do."""
    codes = unitizing([*ROWS, ("x", 5, 25, "c")], 40)
    notes = _notes(codes)
    for name in ("u_alpha_2016", "u_alpha_2016_relevance_only", "cu_alpha_2016"):
        assert notes[name] == Reason.OVERLAPPING
    assert notes["alpha_U_1995"] == ""
    same = _notes(unitizing([*ROWS, ("x", 5, 15, "a")], 40))
    assert same["alpha_U_1995"] == Reason.OVERLAPPING_IN_CODE
    assert same["alpha_U_1995_by_code.a"] == Reason.OVERLAPPING_IN_CODE
    assert same["alpha_U_1995_by_code.b"] == ""
    assert same["char_level.a.cohen_kappa"] == ""
    assert same["gamma"] == "interval_is_sampling_of_chance_only"


def test_characters_under_two_spans_of_a_coder_count_once() -> None:
    """Protects the character level against overlaps."""
    once = unitizing([("x", 0, 15, "a"), ("y", 0, 9, "a")], 40, "char_level")
    twice = unitizing([("x", 0, 10, "a"), ("x", 5, 15, "a"), ("y", 0, 9, "a")], 40, "char_level")
    pd.testing.assert_frame_equal(once, twice)


def test_no_variation_is_undefined_not_perfect() -> None:
    """Protects 0/0: both mark the whole text with one code."""
    table = unitizing([("x", 0, 40, "a"), ("y", 0, 40, "a")], 40).set_index("coefficient")
    for name in ("u_alpha_2016", "cu_alpha_2016", "char_level.a.cohen_kappa"):
        assert math.isnan(table.loc[name, "estimate"])
        assert table.loc[name, "note"] == Reason.NO_VARIATION
    assert table.loc["boundary_similarity", "note"] == Reason.NO_BOUNDARIES
    assert table.loc["char_level.a.brennan_prediger", "estimate"] == 1


def test_nothing_coded_by_two_has_no_coding_agreement() -> None:
    """Protects cu-alpha where coders never met."""
    table = unitizing([("x", 0, 5, "a"), ("y", 10, 15, "b")], 40)
    assert _notes(table)["cu_alpha_2016"] == Reason.NOTHING_SHARED
    assert _notes(table)["ku_alpha_2016_by_code.a"] == Reason.NOTHING_SHARED


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("x", -1, 5, "a"), "Span 5: start -1 is negative"),
        (("x", 5, 5, "a"), "Span 5: end 5 is not after the start"),
        (("x", 9, 5, "a"), "Span 5: end 5 is not after the start"),
        (("x", 9, 41, "a"), "Span 5: end 41 is beyond the text, which has 40 characters"),
        (("x", 1.5, 5, "a"), "Span 5: start is 1.5; expected a whole number"),
        (("x", "1", 5, "a"), "Span 5: start is '1'"),
        (("x", True, 5, "a"), "Span 5: start is True"),
        (("x", math.nan, 5, "a"), "Span 5: start is missing"),
        (("x", pd.NA, 5, "a"), "Span 5: start is missing"),
        (("x", None, 5, "a"), "Span 5: start is missing"),
        (("x", 1, math.inf, "a"), "Span 5: end is inf"),
        (("x", 1, 2**70, "a"), "Span 5: end is 1180591620717411303"),
        ((None, 1, 5, "a"), "Span 5: the coder is missing"),
        (("x", 1, 5, math.nan), "Span 5: the code is missing"),
        (("x", 1, 5, ""), "Span 5: the code is missing"),
    ],
)
def test_a_span_that_cannot_be_right_is_named(row: tuple[Any, ...], words: str) -> None:
    """Protects the user: which span, what was found, what was expected; as rows and as a table."""
    for spans in ([*ROWS, row], _table([*ROWS, row])):
        with pytest.raises(InputError) as caught:
            unitizing(spans, 40)
        assert words.lower() in str(caught.value).lower().replace("41.0", "41").replace("5.0", "5")


@pytest.mark.parametrize("length", [0, -5, 3.5, "40", None, True, 2**60])
def test_a_length_that_cannot_be_right_is_refused(length: Any) -> None:
    """Protects the length."""
    with pytest.raises(InputError, match="The text's length is"):
        unitizing(ROWS, length)


def test_a_length_shorter_than_a_span_is_refused() -> None:
    """Protects against spans of another text; says how many."""
    with pytest.raises(InputError, match=r"Span 2: end 30 is beyond .* \(1 more spans"):
        unitizing(ROWS, 25)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        (pd.DataFrame({"coder": ["x"], "start": [0], "end": [1]}), "'code'"),
        ([("x", 0, 1)], "rows of coder, start, end, code"),
        (5, "rows of coder, start, end, code"),
        ([5], "rows of coder, start, end, code"),
        (_table([("x", 0, 1, 1), ("y", 0, 1, "1")]), "as text and as number"),
    ],
)
def test_a_table_of_another_form_is_refused(spans: Any, words: str) -> None:
    """Protects the form of the table."""
    with pytest.raises(InputError, match=words):
        unitizing(spans, 40)


def test_a_name_that_is_not_declared_is_refused_without_being_printed() -> None:
    """Protects people: a coder's name may be a person's."""
    with pytest.raises(InputError) as caught:
        unitizing([("Jane Doe", 0, 5, "a")], 40, coders=["x", "y"])
    assert str(caught.value) == "Span 1: its coder is not one of the 2 declared coders."
    with pytest.raises(InputError, match="list of names"):
        unitizing(ROWS, 40, coders="xy")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"statistics": "gama"}, "Did you mean 'gamma'"),
        ({"statistics": ["alpha_U"]}, "No statistic 'alpha_U'"),
        ({"confidence": 95}, "confidence"),
        ({"confidence": 1.0}, "confidence"),
        ({"transposition": 0}, "transposition"),
        ({"transposition": 1.5}, "transposition"),
        ({"alpha": -1.0}, "alpha"),
        ({"samples": 0}, "samples"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(wrong: dict[str, Any], words: str) -> None:
    """Protects the settings."""
    with pytest.raises(InputError, match=words):
        unitizing(ROWS, 40, **wrong)


def test_numbers_of_any_kind_are_read() -> None:
    """Protects tables as they come: whole floats, numpy integers, codes that are numbers."""
    plain = unitizing([(r[0], r[1], r[2], str("ab".index(r[3]))) for r in ROWS], 40, "u_alpha_2016")
    other = _table([(r[0], float(r[1]), r[2], "ab".index(r[3])) for r in ROWS])
    pd.testing.assert_frame_equal(unitizing(other, np.int64(40), "u_alpha_2016"), plain)


def test_the_table_given_is_not_changed() -> None:
    """Protects the caller's data."""
    table = _table(ROWS[::-1])
    before = table.copy()
    unitizing(table, 40)
    pd.testing.assert_frame_equal(table, before)


def test_the_name_is_a_function_whatever_was_imported_before() -> None:
    """Protects ``from themetrail.reliability import unitizing``: no module takes its place."""
    from themetrail import reliability

    assert reliability.unitizing is unitizing


def test_importing_the_measures_loads_no_heavy_library() -> None:
    """Protects start-up: pandas and scipy are loaded where they are used."""
    code = (
        "import sys, themetrail.reliability.unitizing_table\n"
        "print([m for m in ('pandas', 'scipy', 'statsmodels', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_long_texts_and_many_spans_take_a_moment() -> None:
    """Protects the cost: it follows the spans, not the characters."""
    generator = np.random.default_rng(0)
    rows = []
    for coder in ("x", "y"):
        cuts = np.sort(generator.choice(10**9, 4000, replace=False)).reshape(-1, 2).tolist()
        rows += [(coder, start, end, "abcd"[k % 4]) for k, (start, end) in enumerate(cuts)]
    table = unitizing(rows, 10**9, sorted(set(STATISTICS) - {"gamma"}))
    assert table["estimate"].notna().all()

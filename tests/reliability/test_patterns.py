"""Counting rating patterns from spans: the sufficient statistics must be the dense truth."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reliability.made import CODES, THEMES, cube, tables
from themetrail import contracts
from themetrail.errors import InputError
from themetrail.reliability import count_patterns, disagreements

JUDGED = {"A1": ("ann", "ben", "cy"), "A2": ("ann", "ben"), "A3": ("cy",)}
UNITS, SPANS, COVERAGE = tables(JUDGED)


def counted(spans: pd.DataFrame = SPANS) -> pd.DataFrame:
    return count_patterns(UNITS, spans, COVERAGE, CODES, THEMES)


def test_counts_are_those_of_the_dense_table() -> None:
    """Everything downstream rests on these counts."""
    dense = cube(UNITS, SPANS, COVERAGE)
    expected = {}
    for row in dense.to_dict("records"):
        judges = JUDGED[row["transcript_id"]]
        key = (row["transcript_id"], row["code"], "".join(str(int(row[c])) for c in judges))
        expected[key] = expected.get(key, 0) + 1
    table = counted()
    codes = table[table["kind"] == "code"]
    found = {
        (r["transcript_id"], r["code"], r["ratings"]): r["n_units"]
        for r in codes.to_dict("records")
    }
    assert found == expected


def test_a_theme_is_marked_with_any_of_its_codes() -> None:
    """Two codes of a theme on one unit are one mark of the theme."""
    dense = cube(UNITS, SPANS, COVERAGE)
    both = dense[dense["code"].isin(THEMES["T1"]) & (dense["transcript_id"] == "A1")]
    marked = both.groupby("unit")[["ann", "ben", "cy"]].max().astype(int).astype(str)
    expected = marked.sum(axis=1).value_counts().to_dict()
    table = counted()
    rows = table[(table["code"] == "T1") & (table["transcript_id"] == "A1")]
    assert dict(zip(rows["ratings"], rows["n_units"], strict=True)) == expected


def test_a_code_that_nobody_used_was_judged_absent_everywhere() -> None:
    """Missing is not absent: who judged the transcript said no to every unit."""
    rows = counted()[lambda t: t["code"] == "never"]
    assert list(rows["ratings"]) == ["000", "00", "0"]
    assert list(rows["n_units"]) == [12, 12, 12]


def test_a_coder_who_did_not_judge_is_not_listed() -> None:
    """A coder who never opened a transcript has no rating there."""
    rows = counted()
    assert set(rows.loc[rows["transcript_id"] == "A2", "coders"]) == {"ann;ben"}


def test_a_transcript_nobody_judged_has_no_rows() -> None:
    """It is waiting, not agreed upon."""
    nobody = COVERAGE[COVERAGE["transcript_id"] != "A3"]
    spans = SPANS[SPANS["transcript_id"] != "A3"]
    table = count_patterns(UNITS, spans, nobody, CODES)
    assert set(table["transcript_id"]) == {"A1", "A2"}


@pytest.mark.parametrize(
    ("start", "end", "marked"),
    [
        (0, 1, [1]),
        (89, 90, [1]),
        (90, 100, []),
        (90, 101, [2]),
        (50, 150, [1, 2]),
        (89, 201, [1, 2, 3]),
    ],
)
def test_one_shared_character_marks_a_unit(start: int, end: int, marked: list[int]) -> None:
    """Half-open positions: touching is not sharing."""
    span = SPANS.iloc[:1].assign(start=start, end=end, code="cost", transcript_id="A3", coder="cy")
    table = count_patterns(UNITS, span, COVERAGE, ["cost"])
    row = table[(table["transcript_id"] == "A3") & (table["ratings"] == "1")]
    assert row["n_units"].sum() == len(marked)


def test_the_result_keeps_its_contract_and_order() -> None:
    """Same inputs in any order, same table."""
    table = counted()
    assert list(table.columns) == contracts.PATTERNS.names
    shuffled = count_patterns(
        UNITS.sample(frac=1, random_state=1),
        SPANS.sample(frac=1, random_state=2),
        COVERAGE.sample(frac=1, random_state=3),
        CODES,
        THEMES,
    )
    pd.testing.assert_frame_equal(table, shuffled)
    doubled = counted(pd.concat([SPANS, SPANS]))
    pd.testing.assert_frame_equal(table, doubled)


def test_nothing_coded_is_a_table_of_zeros() -> None:
    """An empty file is a judgement where coverage says so."""
    table = counted(SPANS.iloc[:0])
    assert set("".join(table["ratings"])) == {"0"}
    empty = count_patterns(UNITS.iloc[:0], SPANS.iloc[:0], COVERAGE.iloc[:0], CODES, THEMES)
    assert len(empty) == 0


def test_marks_without_coverage_are_an_error() -> None:
    """Nothing may be lost silently between two stages."""
    with pytest.raises(InputError, match="'cy' has codings in A3"):
        count_patterns(UNITS, SPANS, COVERAGE[COVERAGE["transcript_id"] != "A3"], CODES)


def test_units_that_overlap_are_an_error() -> None:
    """A passage in two units would be counted twice."""
    twice = UNITS.assign(end=UNITS["end"] + 50)
    with pytest.raises(InputError, match="overlaps"):
        count_patterns(twice, SPANS, COVERAGE, CODES)
    backward = UNITS.assign(end=UNITS["start"] - 1)
    with pytest.raises(InputError, match="ends before"):
        count_patterns(backward, SPANS, COVERAGE, CODES)


def test_disagreements_are_listed_with_who_and_where() -> None:
    """What a team has to talk about, all of it and nothing else."""
    dense = cube(UNITS, SPANS, COVERAGE)
    expected = set()
    for row in dense.to_dict("records"):
        judges = JUDGED[row["transcript_id"]]
        yes = ";".join(c for c in judges if row[c] == 1)
        no = ";".join(c for c in judges if row[c] == 0)
        if yes and no:
            expected.add((row["transcript_id"], row["unit"], row["code"], yes, no))
    table = disagreements(UNITS, SPANS, COVERAGE)
    names = ["transcript_id", "unit", "code", "marked_by", "unmarked_by"]
    assert set(table[names].itertuples(index=False, name=None)) == expected
    assert (table["end"] - table["start"] == 90).all()


@st.composite
def layouts(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Units with gaps, in any order; spans anywhere, over gaps and beyond the text."""
    cuts = sorted(draw(st.sets(st.integers(0, 40), min_size=2, max_size=10)))
    bounds = [
        (a, b) for a, b in pairwise(cuts) if draw(st.booleans()) or (a, b) == (cuts[0], cuts[1])
    ]
    units = [("T", n + 1, n + 1, "P", a, b) for n, (a, b) in enumerate(bounds)]
    span = st.tuples(st.integers(0, 42), st.integers(1, 20), st.sampled_from("xyz"))
    spans = [
        (coder, "T", start, start + length, code, "")
        for coder in ("a", "b")
        for start, length, code in draw(st.lists(span, max_size=6))
    ]
    return (
        pd.DataFrame(draw(st.permutations(units)), columns=UNITS.columns),
        pd.DataFrame(spans, columns=SPANS.columns),
    )


@given(layouts())
@settings(max_examples=60, deadline=None)
def test_any_layout_of_units_and_spans_is_counted_right(
    layout: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """Spans over several units, within gaps, touching ends, doubled, out of order."""
    units, spans = layout
    coverage = pd.DataFrame(
        [("a", "T", 0, "codings"), ("b", "T", 0, "codings")], columns=COVERAGE.columns
    )
    themes = {"XY": ("x", "y")}
    table = count_patterns(units, spans, coverage, "xyz"[:2], themes)
    for label, codes in (("x", "x"), ("y", "y"), ("XY", "xy")):
        expected: dict[str, int] = {}
        for unit in units.itertuples():
            touching = spans[(spans["start"] < unit.end) & (spans["end"] > unit.start)]
            marked = set(touching.loc[touching["code"].isin(list(codes)), "coder"])
            key = "".join(str(int(coder in marked)) for coder in "ab")
            expected[key] = expected.get(key, 0) + 1
        rows = table[table["code"] == label]
        assert dict(zip(rows["ratings"], rows["n_units"], strict=True)) == expected


def test_no_disagreement_is_an_empty_table() -> None:
    """Nobody coded, nobody differs."""
    assert len(disagreements(UNITS, SPANS.iloc[:0], COVERAGE)) == 0

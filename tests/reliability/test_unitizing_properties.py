"""What must not change agreement on spans, whatever the spans."""

from __future__ import annotations

import itertools
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.reliability.unitizing_characters import character_patterns
from themetrail.reliability.unitizing_table import STATISTICS, unitizing

Rows = list[tuple[str, int, int, str]]
LENGTH = 40
CODERS = ["p", "q", "r"]
EXACT = sorted(set(STATISTICS) - {"gamma"})


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Spans of three coders; codes may overlap each other, spans of one code do not."""
    found: Rows = []
    for coder, code in itertools.product(CODERS, "ab"):
        cuts = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=6)))
        kept = draw(st.lists(st.booleans(), min_size=6, max_size=6))
        pieces = zip(itertools.pairwise(cuts), kept, strict=False)
        found += [(coder, start, end, code) for (start, end), keep in pieces if keep]
    return found


def _values(rows: Rows, length: int = LENGTH, statistics: list[str] = EXACT) -> dict[str, float]:
    coders = sorted({"p", "q", "r"} if all(r[0] in CODERS for r in rows) else {r[0] for r in rows})
    table = unitizing(rows, length, statistics, coders=coders)
    return dict(zip(table["coefficient"], table["estimate"], strict=True))


def _identical(found: dict[str, float], expected: dict[str, float]) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == value or (math.isnan(found[name]) and math.isnan(value)), name


@settings(deadline=None, max_examples=40)
@given(rows(), st.permutations(CODERS), st.randoms(use_true_random=False))
def test_permuting_coders_and_rows_changes_no_bit(drawn: Rows, order: list[str], r: object) -> None:
    """Protects the labels of coders and the order of the table."""
    names = dict(zip(CODERS, order, strict=True))
    moved = [(names[coder], start, end, code) for coder, start, end, code in drawn]
    r.shuffle(moved)  # type: ignore[attr-defined]
    _identical(_values(moved), _values(drawn))


@settings(deadline=None, max_examples=40)
@given(rows())
def test_renaming_codes_renames_lines_and_nothing_else(drawn: Rows) -> None:
    """Protects the labels of codes, also where their order turns round."""
    names = {"a": "zeta", "b": "eta.1"}
    renamed = [(coder, start, end, names[code]) for coder, start, end, code in drawn]
    expected = _values(drawn)
    for old, new in names.items():
        expected = {
            key.replace(f".{old}.", f".{new}.").replace(f"_by_code.{old}", f"_by_code.{new}"): value
            for key, value in expected.items()
        }
    _identical(_values(renamed), expected)


@settings(deadline=None, max_examples=40)
@given(rows())
def test_reading_the_text_backwards_changes_no_bit(drawn: Rows) -> None:
    """Protects against an end treated otherwise than a start (near misses choose by place)."""
    mirrored = [(coder, LENGTH - end, LENGTH - start, code) for coder, start, end, code in drawn]
    exact = [name for name in EXACT if name not in ("boundary_similarity", "window_diff", "pk")]
    _identical(_values(mirrored, statistics=exact), _values(drawn, statistics=exact))


@settings(deadline=None, max_examples=40)
@given(rows(), st.integers(2, 5))
def test_scale_leaves_what_does_not_depend_on_the_unit(drawn: Rows, factor: int) -> None:
    """Protects proportions of the text; the alphas depend on the unit of length, as documented."""
    scaled = [(coder, factor * start, factor * end, code) for coder, start, end, code in drawn]
    found, expected = _values(scaled, factor * LENGTH), _values(drawn)
    for name, value in expected.items():
        family, _, statistic = name.rpartition(".")
        if family.startswith("char_level") and "alpha" not in statistic:
            assert found[name] == pytest.approx(value, abs=1e-12, nan_ok=True)


@settings(deadline=None, max_examples=40)
@given(rows())
def test_duplicating_the_text_leaves_proportions(drawn: Rows) -> None:
    """Protects character-level agreement: the same text twice is no other agreement."""
    second = [(coder, start + LENGTH, end + LENGTH, code) for coder, start, end, code in drawn]
    found, expected = _values(drawn + second, 2 * LENGTH), _values(drawn)
    for name, value in expected.items():
        family, _, statistic = name.rpartition(".")
        if family.startswith("char_level") and "alpha" not in statistic:
            assert found[name] == pytest.approx(value, abs=1e-12, nan_ok=True)


@settings(deadline=None, max_examples=40)
@given(rows(), st.integers(1, LENGTH - 1))
def test_counts_of_two_parts_add_up_to_those_of_the_whole(drawn: Rows, cut: int) -> None:
    """Protects pooling of texts and sites: counts of characters are added."""
    parts = []
    for low, high in ((0, cut), (cut, LENGTH)):
        inside = [
            (coder, max(start, low) - low, min(end, high) - low, code)
            for coder, start, end, code in drawn
            if start < high and end > low
        ]
        table = pd.DataFrame(inside, columns=["coder", "start", "end", "code"])
        parts.append(character_patterns(table, high - low, CODERS))
    pooled = pd.concat(parts)
    pooled = pooled[pooled["code"] == ""].groupby("ratings")["n_units"].sum()
    whole = character_patterns(
        pd.DataFrame(drawn, columns=["coder", "start", "end", "code"]), LENGTH, CODERS
    )
    whole = whole[whole["code"] == ""].set_index("ratings")["n_units"]
    assert pooled.to_dict() == whole.to_dict()


@settings(deadline=None, max_examples=40)
@given(rows())
def test_perfect_agreement_is_one_or_undefined(drawn: Rows) -> None:
    """Protects the upper end: coders who mark the same agree perfectly, or it is 0/0."""
    own = [span for span in drawn if span[0] == "p"]
    same = [(coder, start, end, code) for coder in CODERS for _, start, end, code in own]
    values = _values(same)
    best = {name: 0.0 if name in ("window_diff", "pk") else 1.0 for name in values}
    for name, value in values.items():
        if not math.isnan(value):
            assert value == best[name], name


@settings(deadline=None, max_examples=40)
@given(rows())
def test_no_agreement_exceeds_one(drawn: Rows) -> None:
    """Protects the range of every measure."""
    for name, value in _values(drawn).items():
        assert math.isnan(value) or value <= 1, name

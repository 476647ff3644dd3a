"""The house format and the small-number rule."""

from __future__ import annotations

import doctest
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.cli import facts as command
from themetrail.report import ast, family, forms, numbers, scales, smallnumbers, vocabulary
from themetrail.report.smallnumbers import hidden


@pytest.mark.parametrize(
    "module", [ast, command, family, forms, numbers, scales, smallnumbers, vocabulary]
)
def test_documented_examples_hold(module: object) -> None:
    """Guards the examples that readers check by hand."""
    done = doctest.testmod(module)  # type: ignore[arg-type]
    assert done.attempted
    assert not done.failed


@given(
    st.lists(st.integers(0, 7), min_size=1, max_size=4),
    st.integers(1, 6),
)
@settings(max_examples=150, deadline=None)
def test_no_hidden_count_can_be_worked_out(counts: list[int], min_cell: int) -> None:
    """Guards small groups by brute force over all that a reader could think of."""
    flags = hidden(counts, min_cell)
    assert all(flag for count, flag in zip(counts, flags, strict=True) if 0 < count < min_cell)
    assert not any(flag for count, flag in zip(counts, flags, strict=True) if count == 0)
    secret = [count for count, flag in zip(counts, flags, strict=True) if flag]
    everybody = sum(count > 0 for count in counts)
    if secret and not ((len(secret) == everybody and sum(secret) == everybody) or everybody == 1):
        total = sum(secret)
        guesses = product(range(1, total + 1), repeat=len(secret))
        possible = [guess for guess in guesses if sum(guess) == total]
        assert all(len({guess[place] for guess in possible}) > 1 for place in range(len(secret)))


@given(st.floats(-1, 1, allow_nan=False))
def test_a_coefficient_never_shows_minus_nothing(value: float) -> None:
    """Guards against “−0.00”, and against a hyphen for a minus."""
    text = numbers.decimal(value)
    assert text != "−0.00"
    assert "-" not in text
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.005001)


def test_silence_is_out_of_those_who_were_silent(study_with: Any, tables_with: Any) -> None:
    """Guards the column "silent though asked": of all who said nothing; no guide, no value."""
    from themetrail import contracts
    from themetrail.report.facts import by_id, collect
    from themetrail.tables import frame

    names = contracts.ASKED_TABLE.names[2:]
    rows = [
        {"kind": "theme", "code": "T1", **dict(zip(names, (9, 8, 5, 3, 2, 1, 2, 1), strict=True))}
    ]
    tables = {**tables_with(), "asked": frame(rows, contracts.ASKED_TABLE)}
    found = by_id(collect(tables, study_with()))
    assert found["theme.T1.silent.asked"].text == "2 of 4"
    assert found["theme.T1.unasked.spoke"].text == "1 of 3"
    assert found["theme.T1.asked"].text == "5 of 8"
    assert found["silent.asked"].text == "2 of 4"
    bare = by_id(collect(tables_with(), study_with()))
    assert bare["silent.asked"].value is None
    assert "no interview guide" in bare["silent.asked"].reason

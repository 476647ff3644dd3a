"""Which codes go together, and what chance would give."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

TURNS = ["one two three", "four five six", "seven eight nine", "ten eleven twelve"]
TALK = {"T1": [("P1", words) for words in TURNS], "T2": [("P2", words) for words in TURNS[:2]]}


def pairs(tables: dict[str, Any], level: str) -> dict[tuple[str, str], Any]:
    """The rows of one level by their codes."""
    rows = tables["cooccurrence"]
    return {(r["code_a"], r["code_b"]): r for r in rows[rows["level"] == level].to_dict("records")}


def test_three_levels_are_three_counts(make: Callable[..., Any]) -> None:
    """Overlapping segments, the same turn, the same person; Jaccard by hand."""
    codings = [
        ("a", "T1", "one two", "x"),
        ("a", "T1", "two three", "y"),
        ("a", "T1", "four", "x"),
        ("a", "T1", "six", "y"),
        ("a", "T1", "seven", "x"),
        ("a", "T2", "one", "x"),
        ("a", "T2", "five", "y"),
    ]
    tables = make(TALK, codings).synthesise(())
    span, turn, person = (pairs(tables, n)["x", "y"] for n in ("span", "turn", "participant"))
    assert (span["n"], span["n_a"], span["n_b"], span["jaccard"]) == (1, 4, 3, 1 / 6)
    assert (turn["n"], turn["n_a"], turn["n_b"], turn["jaccard"]) == (2, 4, 3, 2 / 5)
    assert (person["n"], person["n_a"], person["n_b"], person["jaccard"]) == (2, 2, 2, 1)
    assert np.isnan(person["expected"])


CODED = [
    ("T1", "one two", "x"),
    ("T1", "two three", "y"),
    ("T1", "three", "z"),
    ("T1", "four", "x"),
    ("T1", "five six", "y"),
    ("T1", "seven", "z"),
    ("T2", "one", "x"),
    ("T2", "one two", "y"),
    ("T2", "five", "x"),
]


def test_expected_counts_are_the_mean_over_every_permutation(make: Callable[..., Any]) -> None:
    """All 6! × 3! ways to deal each person's codes to their own segments, counted one by one."""
    made = make(TALK, [("a", *row) for row in CODED])
    tables = made.synthesise(())
    rows = made.decide().segments.to_dict("records")
    total: dict[str, dict[tuple[str, str], float]] = {"span": {}, "turn": {}}
    for person in ("P1", "P2"):
        own = [row for row in rows if row["participant_id"] == person]
        deals = list(itertools.permutations([row["code"] for row in own]))
        for a, b in itertools.combinations("xyz", 2):
            span = turn = 0
            for deal in deals:
                for (i, one), (j, two) in itertools.combinations(enumerate(own), 2):
                    shared = one["transcript_id"] == two["transcript_id"] and max(
                        one["start"], two["start"]
                    ) < min(one["end"], two["end"])
                    span += shared and {deal[i], deal[j]} == {a, b}
                held: dict[int, set[str]] = {}
                for code, row in zip(deal, own, strict=True):
                    held.setdefault(row["turn"], set()).add(code)
                turn += sum({a, b} <= codes for codes in held.values())
            for level, n in (("span", span), ("turn", turn)):
                total[level][a, b] = total[level].get((a, b), 0.0) + n / len(deals)
    for level, want in total.items():
        got = pairs(tables, level)
        for key, value in want.items():
            assert got[key]["expected"] == pytest.approx(value, abs=1e-12), (level, key)


def test_renaming_codes_renames_pairs(make: Callable[..., Any]) -> None:
    """Counts belong to pairs of codes, whatever they are called and in whatever order."""
    before = pairs(make(TALK, [("a", *row) for row in CODED]).synthesise(()), "turn")
    names = {"x": "c", "y": "b", "z": "a"}
    renamed = [("a", t, words, names[code]) for t, words, code in CODED]
    after = pairs(make(TALK, renamed, codes=["a", "b", "c"]).synthesise(()), "turn")
    for (a, b), row in before.items():
        other = after[names[b], names[a]]
        assert (row["n"], row["n_a"], row["expected"]) == (
            other["n"],
            other["n_b"],
            pytest.approx(other["expected"]),
        )

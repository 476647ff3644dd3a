"""What co-occurrence alone would make of the codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from themetrail.config import Theme
from themetrail.synthesis.clusters import adjusted_rand

groups = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=2, max_size=12)


@settings(deadline=None)
@given(pairs=groups)
def test_adjusted_rand_equals_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    """Where chance allows a value; scikit-learn says 1 where both groupings are trivial."""
    left, right = (np.array(part) for part in zip(*pairs, strict=True))
    value = adjusted_rand(left, right)
    if not np.isnan(value):
        assert value == pytest.approx(adjusted_rand_score(left, right), abs=1e-12)
    many = adjusted_rand(np.stack([left, left]), right)
    assert np.array_equal(many, [value, value], equal_nan=True)


THEMES = (Theme("A", "A", codes=("a1", "a2", "a3")), Theme("B", "B", codes=("b1", "b2")))


def test_codes_that_always_go_together_come_back_as_the_themes(make: Callable[..., Any]) -> None:
    """Two groups of codes that never share a turn: the same grouping, seldom by chance."""
    talk = {f"T{n}": [(f"P{n}", "first words said"), (f"P{n}", "second said")] for n in range(4)}
    codings = [("r", t, "first words said", c) for t in talk for c in THEMES[0].codes]
    codings += [("r", t, "second said", c) for t in talk for c in THEMES[1].codes]
    tables = make(talk, codings).synthesise(THEMES, permutations=200)
    row = tables["second_opinion"].iloc[0]
    assert (row["n_codes"], row["n_clusters"], row["adjusted_rand"]) == (5, 2, 1.0)
    assert row["share_as_high"] < 0.3
    clusters = tables["code_clusters"]
    assert clusters.groupby("theme")["cluster"].nunique().tolist() == [1, 1]
    assert sorted(clusters["position"]) == [1, 2, 3, 4, 5]
    assert len(tables["code_tree"]) == 4
    assert tables["code_tree"]["size"].iloc[-1] == 5


def test_too_little_to_group_says_so(make: Callable[..., Any]) -> None:
    """One theme, or no more codes than themes: no value, and why."""
    made = make({"T1": [("P1", "some words")]}, [("r", "T1", "some", "a1")])
    row = made.synthesise(THEMES)["second_opinion"].iloc[0]
    assert np.isnan(row["adjusted_rand"])
    assert row["note"]

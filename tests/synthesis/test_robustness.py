"""What would have come out otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from themetrail.config import Theme
from themetrail.synthesis import vary
from themetrail.synthesis.robustness import changes

THEMES = (Theme("A", "A", codes=("x",)), Theme("B", "B", codes=("y",)))
TALK = {
    "T1": [("P1", "First this. Then that.")],
    "T2": [("P2", "First this. Then that.")],
    "T3": [("P3", "First this. Then that.")],
    "T4": [("P4", "First this. Then that.")],
}
SITES = {"T1": "north", "T2": "north", "T3": "south", "T4": "south"}
CODINGS = [
    ("a", "T1", "First this.", "x"),
    ("b", "T1", "First this.", "x"),
    ("a", "T2", "Then that.", "x"),
    ("b", "T2", "First this.", "x"),
    ("a", "T3", "First this.", "y"),
    ("b", "T3", "First this.", "y"),
    ("a", "T4", "First this.", "y"),
]
JUDGED = {"a": list(TALK), "b": list(TALK)}
WORDS = [[0, "none"], [0.000001, "some"], [1, "all"]]


def table(made: Any, **how: str) -> pd.DataFrame:
    """The scenarios of a study decided by turn and majority unless told otherwise."""
    choices = {"unit": "turn", "rule": "majority", "extent": "union", "lead": "", **how}
    names = ("transcripts", "turns", "spans", "coverage", "adjudications")
    tables = {name: getattr(made, name) for name in names}
    return vary([tables], THEMES, {**choices, "quantifiers": WORDS})


def people(found: pd.DataFrame) -> dict[tuple[str, str], dict[str, int]]:
    """Scenario to people by theme."""
    return {
        key: dict(zip(rows["theme"], rows["n_participants"], strict=True))
        for key, rows in found.groupby(["scenario", "what"])
    }


def test_every_scenario_by_hand(make: Callable[..., Any]) -> None:
    """Coder b missed T4; the two marked T2 in different sentences."""
    made = make(TALK, CODINGS, judged=JUDGED, sites=SITES)
    assert people(table(made)) == {
        ("as done", ""): {"A": 2, "B": 1},
        ("without a site", "north"): {"A": 0, "B": 1},
        ("without a site", "south"): {"A": 2, "B": 0},
        ("without a coder", "a"): {"A": 2, "B": 1},
        ("without a coder", "b"): {"A": 2, "B": 2},
        ("another rule", "any"): {"A": 2, "B": 2},
        ("another rule", "all"): {"A": 2, "B": 1},
        ("another unit", "sentence"): {"A": 1, "B": 1},
        ("another unit", "document"): {"A": 2, "B": 1},
    }


def test_decisions_stay_but_where_the_scenario_is_without_them(make: Callable[..., Any]) -> None:
    """With decisions the rules are shown without them; they decided what the rule would not."""
    made = make(TALK, CODINGS, judged=JUDGED, sites=SITES)
    made.ruled(("T4", "First", "y", "keep", ""))
    found = people(table(made))
    assert found["as done", ""] == {"A": 2, "B": 2}
    assert found["without adjudication", "majority"] == {"A": 2, "B": 1}
    assert found["without adjudication", "any"] == {"A": 2, "B": 2}
    assert ("another rule", "any") not in found


def test_places_and_words_that_change_are_named(make: Callable[..., Any]) -> None:
    """Rank and quantifier against the study's own way; the order by Kendall's tau."""
    found = table(make(TALK, CODINGS, judged=JUDGED, sites=SITES)).set_index(
        ["scenario", "what", "theme"]
    )
    own = found.loc[("as done", "", "B")]
    assert (own["rank"], own["quantifier"], own["share"]) == (2, "some", 0.25)
    assert not own["rank_changed"]
    north = found.loc[("without a site", "north", "A")]
    assert (north["rank"], north["quantifier"]) == (2, "none")
    assert north["rank_changed"]
    assert north["quantifier_changed"]
    assert north["order_tau"] == pytest.approx(-1)
    counts = changes(found.reset_index())
    assert counts["n_scenarios"] == 8


def test_the_studys_own_way_is_what_the_synthesis_says(make: Callable[..., Any]) -> None:
    """The first scenario is no second implementation."""
    made = make(TALK, CODINGS, judged=JUDGED, sites=SITES)
    own = table(made)[lambda t: t["scenario"] == "as done"]
    themes = made.synthesise(THEMES)["themes"]
    for name in ("n_segments", "n_participants", "of_participants", "n_counter"):
        assert own[name].tolist() == themes[name].tolist()

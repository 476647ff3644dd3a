"""Groups compared person by person, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import false_discovery_control, fisher_exact
from themetrail.config import Theme

THEMES = (Theme("A", "A", codes=("x",)), Theme("B", "B", codes=("y",)))
TURNS = ["one two three", "four five six", "seven eight nine"]


def study(make: Callable[..., Any], nurses: list[int], clerks: list[int]) -> Any:
    """Give each person so many turns with x; everybody has three turns, two people y."""
    talk, codings, people = {}, [], {}
    for role, counts in (("nurse", nurses), ("clerk", clerks)):
        for n, count in enumerate(counts):
            name = f"{role}{n}"
            talk[name] = [(name, words) for words in TURNS]
            people[name] = {"role": role, "team": f"{n % 3}"}
            codings += [("r", name, words, "x") for words in TURNS[:count]]
            codings += [("r", name, TURNS[2], "y")] if n == 0 else []
    return make(talk, codings, judged={"r": list(talk)}, people=people)


def rows(made: Any, **how: Any) -> dict[tuple[str, str, str], Any]:
    """The comparisons of themes by attribute, group and theme."""
    table = made.synthesise(THEMES, groups=["role", "team"], **how)["subgroups"]
    return {
        (r["attribute"], r["group"], r["code"]): r
        for r in table[table["kind"] == "theme"].to_dict("records")
    }


MADE = ([3, 2, 2, 1, 1, 0, 0, 1], [0, 0, 1, 0, 0, 0, 1, 0])


def test_groups_are_described_and_not_tested_unless_asked(make: Callable[..., Any]) -> None:
    """N of N each side and the difference; no p value appears by itself."""
    row = rows(study(make, *MADE))["role", "nurse", "A"]
    assert (row["n"], row["of"], row["n_rest"], row["of_rest"]) == (6, 8, 2, 8)
    assert row["difference"] == pytest.approx(0.5)
    assert row["not_tested"] == "not asked for"
    assert np.isnan([row["p"], row["ci_low"], row["odds_ratio"]]).all()


def test_people_are_compared_by_fishers_exact_test(make: Callable[..., Any]) -> None:
    """The table by hand, adjusted within the attribute, with Newcombe's interval round it."""
    row = rows(study(make, *MADE), tests=True)["role", "nurse", "A"]
    assert row["not_tested"] == ""
    assert row["p"] == pytest.approx(fisher_exact([[6, 2], [2, 6]]).pvalue)
    assert row["ci_low"] < row["difference"] < row["ci_high"]
    assert row["odds_ratio"] > 1
    assert row["odds_low"] < row["odds_ratio"] < row["odds_high"]
    assert 0 < row["p_rate"] < 1


def test_p_values_are_adjusted_within_kind_and_attribute(make: Callable[..., Any]) -> None:
    """Benjamini-Hochberg over what was tested, as SciPy computes it."""
    made = study(make, [1, 0, 1, 0, 1, 0, 2, 3, 1, 0], [0, 1, 0, 0, 1, 1, 0, 2, 1, 0])
    table = made.synthesise(THEMES, groups=["role", "team"], tests=True)["subgroups"]
    for _, family in table[table["not_tested"] == ""].groupby(["kind", "attribute"]):
        want = false_discovery_control(family["p"].to_numpy())
        assert family["p_adjusted"].tolist() == pytest.approx(want.tolist())


@pytest.mark.parametrize(
    ("key", "how", "says"),
    [
        (("role", "nurse", "B"), {}, "people who speak to it: 2 of 16"),
        (("team", "2", "A"), {}, "people in the smaller group: 4"),
        (("role", "nurse", "A"), {"approach": "reflexive"}, "reflexive"),
        (("site", "s", "A"), {}, "there are 1"),
    ],
)
def test_what_is_too_thin_says_why(
    make: Callable[..., Any], key: tuple[str, str, str], how: dict[str, str], says: str
) -> None:
    """Never a p value from four people."""
    row = rows(study(make, *MADE), tests=True, **how)[key]
    assert says in row["not_tested"]
    assert np.isnan(row["p"])


def test_a_silent_group_has_no_odds_ratio(make: Callable[..., Any]) -> None:
    """Nought against something is no finite odds: missing, never 0 with p = 0."""
    row = rows(study(make, [2, 1, 1, 1, 1, 1, 0], [0] * 7), tests=True)["role", "nurse", "A"]
    assert row["not_tested"] == ""
    assert np.isnan([row["odds_ratio"], row["p_rate"]]).all()


def test_the_interval_is_newcombes(make: Callable[..., Any]) -> None:
    """56/70 against 48/80: 0.0524 to 0.3339 (Newcombe 1998, Stat Med 17:873, method 10)."""
    nurses, clerks = [1] * 56 + [0] * 14, [1] * 48 + [0] * 32
    row = rows(study(make, nurses, clerks), tests=True)["role", "nurse", "A"]
    assert row["ci_low"] == pytest.approx(0.0524, abs=5e-5)
    assert row["ci_high"] == pytest.approx(0.3339, abs=5e-5)

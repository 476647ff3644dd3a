"""The synthesis as a whole: planted truth, withdrawal, and the demonstration study."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from themetrail.config import Theme

THEMES = (
    Theme("A", "Asked", codes=("a1", "a2")),
    Theme("B", "Burden", codes=("b1", "b2")),
    Theme("C", "Cost", codes=("c1",)),
)
TRUTH = {"north": {"A": 6, "B": 2, "C": 0}, "south": {"A": 3, "B": 6, "C": 1}}
"""Site to how many of its six people speak to each theme."""


def planted() -> tuple[dict[str, Any], list[tuple[str, str, str]], dict[str, str]]:
    """Talk, true codings, sites: people 0 … n-1 of a site speak to a theme."""
    talk, truth, sites = {}, [], {}
    for site, counts in TRUTH.items():
        for number in range(6):
            name = f"{site}{number}"
            sites[name] = site
            said = []
            for theme in THEMES:
                for code in theme.codes:
                    words = f"In {name} this passage is about {code} and nothing else at all."
                    said.append((name, words))
                    if number < counts[theme.id]:
                        truth.append((name, words, code))
            talk[name] = said
    return talk, truth, sites


def test_planted_themes_come_back(make: Callable[..., Any]) -> None:
    """Three coders who each miss one code in six and invent some; the majority finds the truth."""
    talk, truth, sites = planted()
    rng = random.Random(11)
    codings = []
    for coder in "xyz":
        codings += [(coder, *row) for row in truth if rng.random() > 1 / 6]
    lone = [(n, w) for n, said in talk.items() for _, w in said]
    codings += [(coder, *rng.choice(lone), "c1") for coder in "xyz"]
    judged = {coder: list(talk) for coder in "xyz"}
    made = make(talk, list(dict.fromkeys(codings)), judged=judged, sites=sites)
    tables = made.synthesise(THEMES, quotes={"per_theme": 4})
    reach = tables["reach"]
    got = reach[(reach["kind"] == "theme") & (reach["attribute"] == "site")]
    found = {(r["group"], r["code"]): r["n"] for r in got.to_dict("records")}
    # A person may be missed where two coders missed both codes: at most one in the study.
    want = {(site, theme): n for site, counts in TRUTH.items() for theme, n in counts.items()}
    assert sum(abs(found[key] - want[key]) for key in want) <= 1
    themes = tables["themes"].set_index("theme")
    assert themes["n_participants"].sort_values(ascending=False).index.tolist() == ["A", "B", "C"]
    said = {(name, words): code for name, words, code in truth}
    code_of = {code: theme.id for theme in THEMES for code in theme.codes}
    for row in tables["quotes"].to_dict("records"):
        assert code_of[said[row["transcript_id"], row["text"]]] == row["theme"]


def test_removing_a_person_changes_what_depends_on_them_and_nothing_else(
    make: Callable[..., Any],
) -> None:
    """Everything as if they had never been there; other people's rows keep their values."""
    talk, truth, sites = planted()
    codings = [(coder, *row) for coder in "xy" for row in truth]
    gone = "south0"
    kept_talk = {name: said for name, said in talk.items() if name != gone}
    kept = [row for row in codings if row[1] != gone]
    codes = [code for theme in THEMES for code in theme.codes]
    before = make(talk, codings, judged={c: list(talk) for c in "xy"}, sites=sites, codes=codes)
    judged = {c: list(kept_talk) for c in "xy"}
    after = make(kept_talk, kept, judged=judged, sites=sites, codes=codes)
    one, two = before.synthesise(THEMES), after.synthesise(THEMES)
    for name, table in two.items():
        assert gone not in table.to_csv(), name
    matrix = one["framework_matrix"][lambda t: t["participant_id"] != gone]
    pd.testing.assert_frame_equal(
        matrix.reset_index(drop=True), two["framework_matrix"], check_dtype=False
    )
    spoke = {theme.id: TRUTH["south"][theme.id] > 0 for theme in THEMES}
    for row, other in zip(
        one["themes"].to_dict("records"), two["themes"].to_dict("records"), strict=True
    ):
        assert other["of_participants"] == row["of_participants"] - 1
        assert other["n_participants"] == row["n_participants"] - spoke[row["theme"]]
    for row, other in zip(
        one["reach"].to_dict("records"), two["reach"].to_dict("records"), strict=True
    ):
        same = row["attribute"] == "site" and row["group"] == "north"
        assert (row["of"] == other["of"]) == same
        assert not same or row == other


def test_renaming_codes_and_turning_sites_round_changes_names_only(
    make: Callable[..., Any],
) -> None:
    """Counts do not depend on names or on the order of the data."""
    talk, truth, sites = planted()
    codings = [(coder, *row) for coder in "xy" for row in truth]
    names = {code: f"z{code}" for theme in THEMES for code in theme.codes}
    themes = tuple(Theme(t.id, t.title, codes=tuple(names[c] for c in t.codes)) for t in THEMES)
    turned = dict(reversed(talk.items()))
    renamed = [(c, t, w, names[code]) for c, t, w, code in reversed(codings)]
    one = make(talk, codings, sites=sites, codes=list(names)).synthesise(THEMES)
    two = make(turned, renamed, sites=sites, codes=list(names.values())).synthesise(themes)
    pd.testing.assert_frame_equal(one["themes"], two["themes"])
    for name in ("n", "of", "attribute", "group"):
        assert one["reach"][name].tolist() == two["reach"][name].tolist()
    assert one["quotes"]["text"].tolist() == two["quotes"]["text"].tolist()
    for name in ("n", "n_a", "n_b"):
        assert one["cooccurrence"][name].tolist() == two["cooccurrence"][name].tolist()


# ------------------------------------------------------------ the demonstration study
@pytest.fixture(scope="module")
def themed(demo: Any) -> dict[str, pd.DataFrame]:
    """Give the demonstration study's synthesis."""
    from themetrail.synthesis import synthesise

    settings = {**demo.study.settings["report"], **demo.study.settings["synthesis"]}
    names = ("segments", "spans", "units", "turns", "transcripts")
    names += ("participants", "coverage")
    tables = [demo.tables[name] for name in names]
    return synthesise(*tables, demo.study.codebook, demo.study.themes, settings)


def test_the_demonstrations_reach_is_counted_again(demo: Any, themed: Any) -> None:
    """People by theme, from decisions and units alone."""
    decided = demo.tables["decisions"]
    kept = decided[decided["outcome"] == "keep"]
    said = {
        (r["transcript_id"], r["unit"]): r["participant_id"]
        for r in demo.tables["units"].to_dict("records")
    }
    rows = themed["themes"].set_index("theme")
    assert rows["of_participants"].tolist() == [24] * 6
    for theme in demo.study.themes:
        own = kept[kept["code"].isin(theme.codes)]
        people = {said[t, u] for t, u in zip(own["transcript_id"], own["unit"], strict=True)}
        assert rows.loc[theme.id, "n_participants"] == len(people)
        assert rows.loc[theme.id, "n_segments"] == len(own)
    # Of the data as they stand: the theme on funding reaches 18 of 24 people.
    assert rows["n_participants"].tolist() == [24, 24, 21, 18, 22, 18]


def test_the_demonstrations_turns_with_two_codes_are_counted_again(demo: Any, themed: Any) -> None:
    """Turn-level co-occurrence by sets."""
    held: dict[tuple[str, int], set[str]] = {}
    for row in demo.tables["segments"].to_dict("records"):
        held.setdefault((row["transcript_id"], row["turn"]), set()).add(row["code"])
    table = themed["cooccurrence"]
    for row in itertools.islice(table[table["level"] == "turn"].to_dict("records"), 0, None, 7):
        both = sum({row["code_a"], row["code_b"]} <= codes for codes in held.values())
        assert row["n"] == both


def test_the_demonstrations_quotations_keep_the_rules(demo: Any, themed: Any) -> None:
    """Verbatim; at least two people and two sites a theme; nobody above the cap unless pinned."""
    texts = demo.tables["transcripts"].set_index("transcript_id")["text"]
    table = themed["quotes"]
    for row in table.to_dict("records"):
        assert texts[row["transcript_id"]][row["start"] : row["end"]] == row["text"]
    support = table[table["stance"] == "supports"]
    assert support.groupby("theme")["participant_id"].nunique().min() >= 2
    assert support.groupby("theme")["site"].nunique().min() >= 2
    free = table[~table["reason"].str.startswith("pinned")]
    assert free["participant_id"].value_counts().max() <= 2
    assert themed["problems"][lambda t: t["severity"] == "error"].empty

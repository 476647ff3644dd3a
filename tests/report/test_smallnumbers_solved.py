"""Hidden numbers stay hidden: an attacker who tries every possible study can't tell any."""

from __future__ import annotations

import re
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from themetrail.audit.exit_numbers import check_attributions, check_facts, solvable, words_of_people
from themetrail.errors import Problems
from themetrail.report.evidence import Evidence
from themetrail.report.smallnumbers import (
    NOT_SHOWN,
    OTHER_SITES,
    hidden,
    numbered,
    without_small_sites,
)
from themetrail.synthesis.attribution import attributions

MIN_CELL = 3
MOST = 5


def published(people: tuple[int, ...], coded: tuple[int, ...]) -> tuple[Any, Any]:
    """Which groups' people, and coded people, the tables hide, as the report decides it."""
    names = "abcdef"[: len(people)]
    participants = [name for name, n in zip(names, people, strict=True) for _ in range(n)]
    reach = {("theme", "T", "g", name): (0, of) for name, of in zip(names, coded, strict=True)}
    evidence = object.__new__(Evidence)
    evidence.study = SimpleNamespace(  # type: ignore[assignment]
        settings={"report": {"min_cell": MIN_CELL}}
    )
    evidence._tables = {"participants": pd.DataFrame({"g": participants}, dtype=str)}
    evidence._groups = {}
    evidence.__dict__["reach"] = reach
    first, second = evidence.hidden_groups("g"), evidence.hidden_of_coded("g")
    return [n in first for n in names], [n in second for n in names]


WORLDS = np.array(
    [
        (*people, *coded)
        for people in product(range(1, MOST + 1), repeat=3)
        for coded in product(*(range(n + 1) for n in people))
    ]
)


def test_no_number_of_any_table_follows_from_the_others_and_the_totals() -> None:
    # Every study of three groups of up to five people, coded in part: 8,000 of them, each
    # attacked with all the others. Both tables are known together, with both totals.
    totals = np.stack([WORLDS[:, :3].sum(1), WORLDS[:, 3:].sum(1)], axis=1)
    for world in WORLDS[::7]:
        people, coded = tuple(world[:3]), tuple(world[3:])
        if set(people) == {1} or set(coded) <= {0, 1}:
            continue  # as many people as groups: their names alone say that each has one
        hide_people, hide_coded = published(people, coded)
        fits = (totals == [sum(people), sum(coded)]).all(1)
        for place in range(3):
            if not hide_people[place]:
                fits &= WORLDS[:, place] == people[place]
            if not hide_coded[place]:
                fits &= WORLDS[:, 3 + place] == coded[place]
        possible = WORLDS[fits]
        for place in range(3):
            small = 0 < people[place] < MIN_CELL
            assert not small or hide_people[place]
            if hide_people[place]:
                assert len(set(possible[:, place])) > 1, (people, coded, place)
            if hide_coded[place] and coded[place]:
                assert len(set(possible[:, 3 + place])) > 1, (people, coded, place)
            assert not 0 < coded[place] < MIN_CELL or hide_coded[place]


@pytest.mark.parametrize("size", [2, 3, 4])
def test_solvable_is_what_trying_everything_finds(size: int) -> None:
    # The gate's own arithmetic against brute force.
    for counts in product(range(1, 4), repeat=size):
        for flags in product([False, True], repeat=size):
            shown = [None if flag else n for n, flag in zip(counts, flags, strict=True)]
            places = [place for place, flag in enumerate(flags) if flag]
            rest = sum(counts) - sum(n for n in shown if n is not None)
            ways = [w for w in product(range(1, 13), repeat=len(places)) if sum(w) == rest]
            alone = [p for at, p in enumerate(places) if len({way[at] for way in ways}) == 1]
            assert solvable(shown, sum(counts)) == alone


def test_what_is_hidden_already_may_need_a_companion() -> None:
    assert hidden([9, 9, 9], 5, [True, False, False]) == [True, True, False]
    assert hidden([0, 2, 9], 5) == [False, True, True]


# ------------------------------------------------------------------ the published facts
def fact(name: str, row: dict[str, str], value: int | None, of: int | None = None) -> Any:
    reason = NOT_SHOWN if value is None else None
    return {"id": name, "value": value, "of": of, "reason": reason, "source": {"row": row}}


def said(facts: list[Any]) -> list[str]:
    problems = Problems()
    check_facts(facts, 5, problems)
    return [row.message for row in problems]


def breakdown(*counts: int | None) -> list[Any]:
    total = fact("n.participants", {}, 17)
    groups = enumerate(counts)
    return [total, *(fact(f"n.participants.role.g{k}", {"role": f"g{k}"}, n) for k, n in groups)]


def test_the_gate_refuses_a_small_number_and_one_that_can_be_solved() -> None:
    assert said(breakdown(6, 11)) == []
    assert said(breakdown(None, None, 9)) == []
    assert "role.g0 prints a group of fewer people" in said(breakdown(2, 6, 9))[0]
    assert "role.g0 is hidden, and follows from the total" in said(breakdown(None, 6, 9))[0]


def test_the_gate_does_so_for_who_speaks_to_a_theme() -> None:
    def reach(*of: int | None) -> list[Any]:
        row = {"kind": "theme", "code": "T1", "attribute": "site"}
        rows = [
            fact(f"reach.T1.site.s{k}", {**row, "group": f"s{k}"}, None if n is None else 1, n)
            for k, n in enumerate(of)
        ]
        return [fact("n.participants.coded", {}, 17), *rows]

    assert said(reach(8, 9)) == []
    assert said(reach(None, None, 9)) == []
    assert len(said(reach(3, 14))) == 1
    assert len(said(reach(None, 8, 6))) == 1


PEOPLE = pd.DataFrame(
    [(f"P{k}", "north", "nurse" if k else "head of nursing") for k in range(6)]
    + [("Q1", "south", "nurse")],
    columns=["participant_id", "site", "role"],
)


def test_an_attribution_that_fits_one_person_is_refused() -> None:
    # Role × site is one person: the job advertises who said it.
    words = words_of_people(PEOPLE, ["role"], {"north": "North", "south": "South"})
    rows = [{"theme": "T1", "rank": 1, "participant_id": "P0"}]

    def refused(attribution: str) -> int:
        problems = Problems()
        quotes = pd.DataFrame([{**rows[0], "attribution": attribution}])
        check_attributions(quotes, PEOPLE, words, 5, problems)
        return len(problems)

    assert refused("P0, head of nursing, North") == 1
    assert refused("P0, North") == 0
    assert refused("P0, nurse, North") == 0
    assert refused("P0") == 0


def test_attributions_are_coarse_enough_for_the_gate() -> None:
    labels = {"north": "North", "south": "South"}
    numbers = numbered(PEOPLE, set(PEOPLE["participant_id"]), 5)
    made = attributions(PEOPLE, ["role"], 5, labels, numbers)
    words = words_of_people(PEOPLE, ["role"], labels)
    quotes = pd.DataFrame(
        [
            {"theme": "T", "rank": k, "participant_id": who, "attribution": text}
            for k, (who, text) in enumerate(sorted(made.items()))
        ]
    )
    problems = Problems()
    check_attributions(quotes, PEOPLE, words, 5, problems)
    assert list(problems) == []
    assert made["P0"] == "P0, North"
    # South is not named; nor is a pseudonym printed that may begin with its letter.
    assert re.fullmatch(r"Participant \d, nurse", made["Q1"])


def test_the_gate_refuses_a_pseudonym_where_the_site_is_not_told() -> None:
    problems = Problems()
    quotes = pd.DataFrame(
        [{"theme": "T1", "rank": 1, "participant_id": "Q1", "attribution": "Q1, nurse"}]
    )
    words = words_of_people(PEOPLE, ["role"], {})
    check_attributions(quotes, PEOPLE, words, 5, problems)
    assert ["the pseudonym of a person whose site is not told" in r.message for r in problems] == [
        True
    ]


def test_a_matrix_of_people_counts_no_hidden_site() -> None:
    # Every study of three sites of up to five people, whose pseudonyms carry their site's letter:
    # all that is printed of hidden sites is how many people they have together, and that total
    # gives no site's away.
    for sizes in product(range(1, MOST + 1), repeat=3):
        rows = [(f"{s}{k}", s) for s, n in zip("abc", sizes, strict=True) for k in range(n)]
        people = pd.DataFrame(rows, columns=["participant_id", "site"])
        shown = without_small_sites(people, people, MIN_CELL)
        printed = list(zip(shown["participant_id"], shown["site"], strict=True))
        told = {site for _, site in printed} - {OTHER_SITES}
        own = [row for row in rows if row[1] in told]
        others = range(1, len(rows) - len(own) + 1)
        assert printed == [*own, *((f"Participant {k}", OTHER_SITES) for k in others)]
        counts = [n if s in told else None for s, n in zip("abc", sizes, strict=True)]
        assert all(n is None or n >= MIN_CELL for n in counts)
        assert not solvable(counts, sum(sizes)) or sizes == (1, 1, 1)


def test_a_matrix_that_hides_nothing_is_as_it_was() -> None:
    sites = ["north"] * 6 + ["south"] * 2 + ["west"] * 5
    matrix = pd.DataFrame({"participant_id": [f"P{k}" for k in range(13)], "site": sites})
    assert without_small_sites(matrix, matrix, 1).equals(matrix)
    alone = matrix[matrix["site"] == "south"].reset_index(drop=True)
    assert without_small_sites(alone, alone, 5).equals(alone)
    shown = without_small_sites(matrix, matrix, 5)
    assert shown["site"].value_counts().to_dict() == {"Other sites": 7, "north": 6}
    assert list(shown["participant_id"])[6:] == [f"Participant {k}" for k in range(1, 8)]

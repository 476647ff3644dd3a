"""The choice of quotations: verbatim, balanced, capped, and with a reason."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.config import Mark, Theme
from themetrail.synthesis.attribution import attributions
from themetrail.synthesis.choice import Limits, Passage, choose
from themetrail.synthesis.excerpt import Speech, excerpt

LONG = (
    "I will start slowly, as one does. The system asked for the same number twice, every time, "
    "and nobody could say why. We wrote it on paper first. Then, well, the paper was what we used."
)
TALK = {
    "T1": [
        ("P1", "Nobody asked us before it arrived on the ward."),
        ("P1", "We copied every reading into the record by hand."),
        ("P1", "Short one."),
    ],
    "T2": [
        ("P2", "They came to ask us only after it was bought."),
        ("P2", LONG),
    ],
    "T3": [("P3", "I was asked, twice, and it made all the difference to me.")],
    "T4": [("P4", "No one in our team was ever asked about it, no one.")],
}
CODINGS = [
    (coder, t, words, code)
    for coder in ("a", "b")
    for t, words, code in [
        ("T1", "Nobody asked us before it arrived on the ward.", "asked"),
        ("T1", "We copied every reading into the record by hand.", "copying"),
        ("T1", "Short one.", "asked"),
        ("T2", "They came to ask us only after it was bought.", "asked"),
        ("T2", LONG, "copying"),
        ("T3", "I was asked, twice, and it made all the difference to me.", "asked_early"),
    ]
] + [("a", "T4", "No one in our team was ever asked about it, no one.", "asked")]
SITES = {"T1": "north", "T2": "north", "T3": "south", "T4": "south"}
THEMES = (
    Theme("A", "Asked", codes=("asked",), counter_codes=("asked_early",)),
    Theme("B", "Copying", codes=("copying",)),
)


@pytest.fixture
def study(make: Callable[..., Any]) -> Any:
    """Give the small study above."""
    judged = {"a": list(TALK), "b": ["T1", "T2", "T3"]}
    return make(TALK, CODINGS, judged=judged, sites=SITES)


def quotes(study: Any, themes: tuple[Theme, ...] = THEMES, **changes: Any) -> pd.DataFrame:
    """The quotations with a floor of 4 words and a ceiling of 20 unless told otherwise."""
    bounds = {"min_words": 4, "max_words": 20, **changes.pop("quotes", {})}
    table: pd.DataFrame = study.synthesise(themes, quotes=bounds, **changes)["quotes"]
    return table


def test_every_quotation_is_verbatim_and_in_its_segment(study: Any) -> None:
    """The text is the transcript's own between start and end."""
    table = quotes(study)
    segments = study.decide().segments.set_index("segment_id")
    assert len(table) > 4
    for row in table.to_dict("records"):
        assert study.text(row["transcript_id"])[row["start"] : row["end"]] == row["text"]
        segment = segments.loc[row["segment_id"]]
        assert segment["start"] <= row["start"] < row["end"] <= segment["end"]


def test_people_and_sites_take_turns(study: Any) -> None:
    """The first two of a theme are of two people and two sites; too short is not quoted."""
    a = quotes(study)[lambda t: (t["theme"] == "A") & (t["stance"] == "supports")]
    assert a["site"].tolist()[:2] == ["north", "south"]
    assert a["participant_id"].is_unique
    assert "Short one." not in a["text"].tolist()


def test_contradicting_voices_come_last_with_their_reason(study: Any) -> None:
    """Supporting first, counter after, ranks without gaps."""
    a = quotes(study)[lambda t: t["theme"] == "A"]
    assert a["rank"].tolist() == list(range(1, len(a) + 1))
    assert a["stance"].tolist() == ["supports"] * (len(a) - 1) + ["counter"]
    assert "counter code asked_early" in a["reason"].iloc[-1]


def test_nobody_is_quoted_more_than_the_cap(study: Any) -> None:
    """Over the whole paper, not per theme."""
    table = quotes(study, quotes={"per_person": 1})
    assert Counter(table["participant_id"]).most_common(1)[0][1] == 1


def test_a_long_segment_gives_whole_sentences(study: Any) -> None:
    """Within the bounds, and its reason says that it is a part."""
    row = quotes(study)[lambda t: t["transcript_id"].eq("T2") & t["theme"].eq("B")].iloc[0]
    assert len(row["text"].split()) <= 20
    assert row["text"].endswith(".")
    assert row["text"][0].isupper()
    assert "whole sentences of a longer segment" in row["reason"]


def test_pinned_words_are_printed_exactly_and_excluded_ones_never(study: Any) -> None:
    """Whatever their length and whoever says them; the reasons are the analyst's."""
    pinned = Theme(
        "A",
        "Asked",
        codes=("asked",),
        pinned=(Mark("T1", "Short one.", "says it all"), Mark("T1", "on the ward", "place")),
        excluded=(Mark("T4", "ever asked about it", "may identify the team"),),
    )
    table = quotes(study, (pinned, THEMES[1]), quotes={"per_person": 1})
    a = table[table["theme"] == "A"]
    assert a["text"].tolist()[:2] == ["Short one.", "on the ward"]
    assert a["reason"].str.startswith("pinned: says it all").tolist()[0]
    assert "T4" not in table["transcript_id"].tolist()
    assert "P1" not in table[table["theme"] == "B"]["participant_id"].tolist()


def test_more_coders_behind_it_is_better(make: Callable[..., Any]) -> None:
    """Of two passages of one person the one that both coders marked is taken."""
    talk = {
        "T1": [
            ("P1", "One coder only marked this here."),
            ("P1", "Both coders marked this one here."),
        ]
    }
    rows = [("a", "T1", talk["T1"][0][1], "c"), ("a", "T1", talk["T1"][1][1], "c")]
    rows += [("b", "T1", talk["T1"][1][1], "c")]
    made = make(talk, rows)
    table = quotes(made, (Theme("A", "A", codes=("c",)),), rule="any", quotes={"per_theme": 1})
    assert table["text"].tolist() == ["Both coders marked this one here."]
    assert "marked by both coders" in table["reason"][0]


def test_the_order_of_rows_does_not_change_the_choice(study: Any) -> None:
    """Same inputs in another order, same table."""
    before = quotes(study)
    rng = random.Random(5)
    for name in ("spans", "coverage", "transcripts", "participants", "turns"):
        table = getattr(study, name)
        order = list(range(len(table)))
        rng.shuffle(order)
        setattr(study, name, table.iloc[order].reset_index(drop=True))
    pd.testing.assert_frame_equal(before, quotes(study))


def test_text_is_data(make: Callable[..., Any]) -> None:
    """Markup, line ends, right-to-left marks and emoji come out as they went in."""
    words = "{{ x }} <b>{% if %}</b> $x$ @cite | `y` \u200f👩‍⚕️\nnext = cmd|' /C calc'!A0 done"
    made = make({"T1": [("P1", words)]}, [("a", "T1", words, "c")])
    assert quotes(made, (Theme("A", "A", codes=("c",)),))["text"].tolist() == [words]


# ---------------------------------------------------------------- the choice by itself
def passage(n: int, theme: str, person: int, site: int, where: int, against: int) -> Passage:
    """A passage of ten characters at a place."""
    return Passage(
        theme=theme,
        segment_id=f"s{n}",
        transcript_id=f"t{person}",
        voice=f"p{person}",
        site=f"site{site}",
        code="c",
        codes=("c",),
        start=where * 5,
        end=where * 5 + 10,
        n_words=12,
        how="whole",
        n_coders=1 + n % 2,
        n_judges=2,
        decided_by="unanimous",
        against="code" if against == 0 else "",
    )


pool = st.lists(
    st.tuples(
        st.sampled_from("AB"),
        st.integers(0, 5),
        st.integers(0, 8),
        st.integers(0, 4),
    ),
    max_size=25,
).map(lambda rows: [passage(n, t, p, p % 3, w, a) for n, (t, p, w, a) in enumerate(rows)])


@settings(deadline=None, max_examples=200)
@given(passages=pool, cap=st.integers(1, 3), seed=st.integers(0, 5))
def test_a_choice_keeps_its_promises(passages: list[Passage], cap: int, seed: int) -> None:
    """Limits, no words twice, the same choice from any order, and no theme left short in vain."""
    limits = Limits(per_theme=3, counter=1, per_person=cap, ideal_words=20)
    chosen = choose("AB", passages, limits)
    taken = [c.passage for theme in "AB" for c in chosen[theme]]
    assert max(Counter(p.voice for p in taken).values(), default=0) <= cap
    assert not any(p.overlaps(q) for i, p in enumerate(taken) for q in taken[:i])
    shuffled = random.Random(seed).sample(passages, len(passages))
    assert choose("AB", shuffled, limits) == chosen
    for theme in "AB":
        support = [c for c in chosen[theme] if not c.passage.against]
        assert len(support) <= 3
        if len(support) < 3:
            people = Counter(p.voice for p in taken)
            left = [
                p
                for p in passages
                if p.theme == theme
                and not p.against
                and people[p.voice] < cap
                and not any(p.overlaps(q) for q in taken)
            ]
            assert not left


# ---------------------------------------------------------------- excerpts
def speech(text: str) -> Speech:
    """A text of one turn."""
    return Speech(text)


@settings(deadline=None)
@given(
    words=st.lists(st.sampled_from(["ab", "c.", "D", "e,", "F?", "\n", "g"]), max_size=30),
    data=st.data(),
)
def test_an_excerpt_lies_in_its_segment_and_bounds(words: list[str], data: st.DataObject) -> None:
    """Whatever the text: inside, trimmed, between min and max words, or none."""
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = excerpt(speech(text), (start, end), [], 2, 6)
    n_words = len(text[start:end].split())
    assert (found is None) == (n_words < 2)
    if found is not None:
        cut = text[found.start : found.end]
        assert start <= found.start < found.end <= end
        assert cut == cut.strip()
        assert 2 <= len(cut.split()) == found.n_words <= 6


def test_the_most_marked_sentences_are_taken() -> None:
    """Both coders marked the second sentence."""
    text = "One two three four. Five six seven eight. Nine ten eleven twelve."
    found = excerpt(speech(text), (0, len(text)), [(20, 41), (20, 41), (42, 60)], 3, 5)
    assert found is not None
    assert text[found.start : found.end] == "Five six seven eight."


def test_a_segment_over_turns_gives_one_turn_of_a_participant(make: Callable[..., Any]) -> None:
    """Whole documents as units: the interviewer's words are never printed as a participant's."""
    said = [("P1", "First I was quite unsure of it."), ("Q", "Why were you so unsure of it?")]
    said += [("P2", "It was late again. So late that nobody waited for it.")]
    made = make({"T1": said}, [("a", "T1", w, "c") for _, w in said])
    text = made.text("T1")
    place = {"transcript_id": "T1", "unit": 1, "turn": 0, "participant_id": "", "start": 0}
    made.units = pd.DataFrame([{**place, "end": len(text)}])
    tables = made.synthesise((Theme("A", "A", codes=("c",)),), quotes={"min_words": 4})
    row = tables["quotes"].iloc[0]
    assert (row["text"], row["participant_id"]) == (said[2][1], "P2")
    assert tables["problems"]["kind"].tolist() == ["unknown_speaker"]
    assert tables["themes"]["n_participants"].tolist() == [0]


# ---------------------------------------------------------------- attribution
def people(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Participants: id, site, role, champion."""
    return pd.DataFrame(rows, columns=["participant_id", "site", "role", "champion"])


def test_attributes_go_before_the_site_and_the_finest_first() -> None:
    """Role (three values) goes before champion (two); a small site is not named."""
    table = people(
        [
            ("A1", "a", "nurse", "yes"),
            ("A2", "a", "nurse", "yes"),
            ("A3", "a", "clerk_typist", "no"),
            ("A4", "a", "chief", "no"),
            ("B1", "b", "nurse", "no"),
        ]
    )
    got = attributions(table, ["role", "champion", "unknown"], 2, {"a": "Alder"})
    assert got == {
        "A1": "A1, nurse, champion, Alder",
        "A2": "A2, nurse, champion, Alder",
        "A3": "A3, Alder",
        "A4": "A4, Alder",
        "B1": "B1",
    }


@settings(deadline=None, max_examples=100)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("rst"), st.sampled_from("uv")),
        min_size=1,
        max_size=14,
    ),
    k=st.integers(1, 5),
)
def test_what_is_printed_fits_at_least_k_people(rows: list[tuple[str, str, str]], k: int) -> None:
    """Every set of printed words is true of k people of the study, or nothing is printed."""
    table = people([(f"P{n}", *row) for n, row in enumerate(rows)])
    for person, words in attributions(table, ["role", "champion"], k, {}).items():
        printed = words.split(", ")[1:]
        fits = sum(set(printed) <= set(row) for row in rows)
        assert words.split(", ")[0] == person
        assert not printed or fits >= k

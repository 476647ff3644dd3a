"""Who speaks to a theme: people and sites, with honest denominators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from themetrail.config import Mark, Theme
from themetrail.synthesis import evidence_hash, read_summaries
from themetrail.synthesis.reach import quantifier, top_share

TALK = {
    "T1": [("P1", "They never asked us at all. Not once."), ("P1", "It did help in the end.")],
    "T2": [("P2", "Nobody asked the ward before it came.")],
    "T3": [("P3", "We were asked early and it went well.")],
    "T4": [("P4", "I have no opinion on that.")],
    "T5": [("P5", "Nobody asked me either, I must say.")],
}
CODINGS = [
    ("a", "T1", "They never asked us at all.", "asked"),
    ("a", "T1", "Not once.", "voice"),
    ("a", "T1", "It did help", "benefit"),
    ("a", "T2", "Nobody asked the ward", "asked"),
    ("a", "T3", "asked early and it went well", "asked_early"),
]
JUDGED = {"a": ["T1", "T2", "T3", "T4"]}
SITES = {"T1": "north", "T2": "north", "T3": "south", "T4": "south", "T5": "west"}
PEOPLE = {
    "P1": {"role": "nurse"},
    "P2": {"role": "clerk"},
    "P3": {"role": "nurse"},
    "P4": {"role": ""},
    "P5": {"role": "clerk"},
}
THEMES = (
    Theme(
        "A",
        "Asked",
        "Not being asked hurts.",
        codes=("asked", "voice"),
        counter_codes=("asked_early",),
    ),
    Theme("B", "Benefit", codes=("benefit",)),
    Theme("C", "Silence", codes=("unused",)),
)


@pytest.fixture
def study(make: Callable[..., Any]) -> Any:
    """Give the small study above."""
    return make(TALK, CODINGS, judged=JUDGED, sites=SITES, people=PEOPLE, codes=["unused"])


def test_people_and_sites_are_counted_and_waiting_transcripts_are_not(study: Any) -> None:
    """T5 waits for coding: its person and site are in no denominator; P4 was coded and silent."""
    themes = study.synthesise(THEMES)["themes"].set_index("theme")
    a = themes.loc["A"]
    assert (a["n_segments"], a["n_participants"], a["of_participants"]) == (4, 3, 4)
    assert (a["n_sites"], a["of_sites"], a["n_codes"]) == (2, 2, 3)
    assert (a["n_counter"], a["n_counter_participants"], a["n_support_participants"]) == (1, 1, 2)
    assert a["quantifier"] == "most"
    assert a["top_two_share"] == pytest.approx(3 / 4)
    c = themes.loc["C"]
    assert (c["n_segments"], c["quantifier"]) == (0, "none")
    assert pd.isna(c["top_two_share"])


def test_reach_has_every_group_silent_ones_too(study: Any) -> None:
    """N of N for everybody, each site and each attribute; what is not stated is a group."""
    reach = study.synthesise(THEMES, groups=["role", "no such column"])["reach"]
    rows = reach[(reach["kind"] == "theme") & (reach["code"] == "A")]
    got = {(r["attribute"], r["group"]): (r["n"], r["of"]) for r in rows.to_dict("records")}
    assert got == {
        ("all", "all"): (3, 4),
        ("site", "north"): (2, 2),
        ("site", "south"): (1, 2),
        ("role", "nurse"): (2, 2),
        ("role", "clerk"): (1, 1),
        ("role", "not stated"): (0, 1),
    }
    codes = reach[(reach["kind"] == "code") & (reach["attribute"] == "all")]
    assert dict(zip(codes["code"], codes["n"], strict=True)) == {
        "unused": 0,
        "asked": 2,
        "voice": 1,
        "benefit": 1,
        "asked_early": 1,
    }


def test_subthemes_and_frameworks_are_counted_by_people(study: Any) -> None:
    """Subthemes have their own reach; a construct counts the people of all its themes once."""
    themes = (
        Theme(
            "A",
            "Asked",
            codes=("asked", "voice", "asked_early"),
            subthemes=(("early", ("asked_early",)), ("late", ("asked", "voice"))),
            frameworks=(("NPT", ("coherence",)), ("NASSS", ("4A", "5D"))),
        ),
        Theme("B", "Benefit", codes=("benefit", "asked"), frameworks=(("NASSS", ("4A",)),)),
    )
    tables = study.synthesise(themes)
    reach = tables["reach"]
    rows = reach[(reach["kind"] == "subtheme") & (reach["attribute"] == "all")]
    assert dict(zip(rows["code"], rows["n"], strict=True)) == {"A: early": 1, "A: late": 2}
    found = tables["frameworks"].set_index(["framework", "construct"])
    assert found.index.tolist() == [("NPT", "coherence"), ("NASSS", "4A"), ("NASSS", "5D")]
    both = found.loc[("NASSS", "4A")]
    assert (both["themes"], both["n_segments"], both["n_participants"]) == ("A;B", 5, 3)
    assert (both["of_participants"], both["n_sites"]) == (4, 2)


def test_counter_examples_come_from_codes_marks_and_coders(make: Callable[..., Any]) -> None:
    """Each says why; a named passage stands for the segments that it covers."""
    codings = [
        *CODINGS,
        ("a", "T4", "no opinion", "voice", "deviant #counter"),
    ]
    theme = Theme(
        "A",
        "Asked",
        codes=("asked", "voice"),
        counter_codes=("asked_early",),
        counter=(
            Mark("T2", "Nobody asked the ward", "it was only late"),
            Mark("T1", "It did help in the end.", "helped unasked"),
        ),
    )
    made = make(TALK, codings, judged=JUDGED, sites=SITES)
    tables = made.synthesise((theme,))
    rows = {r["transcript_id"]: r for r in tables["counter_examples"].to_dict("records")}
    assert {name: row["why"] for name, row in rows.items()} == {
        "T1": "named in themes.yaml: helped unasked",
        "T2": "named in themes.yaml: it was only late",
        "T3": "counter code asked_early",
        "T4": "flagged by a coder",
    }
    assert rows["T1"]["text"] == "It did help in the end."
    assert rows["T1"]["code"] == "benefit"
    row = tables["themes"].iloc[0]
    assert (row["n_counter"], row["n_counter_participants"]) == (4, 4)
    assert (row["n_segments"], row["n_support_participants"]) == (5, 1)


def test_a_named_passage_that_nobody_coded_is_shown_as_the_analysts(
    make: Callable[..., Any],
) -> None:
    """Not lost: it has a name of its own, its speaker, and a note; it counts in no prevalence."""
    theme = Theme("A", "Asked", codes=("asked",), counter=(Mark("T4", "no opinion", "calm"),))
    tables = make(TALK, CODINGS, judged=JUDGED, sites=SITES).synthesise((theme,))
    row = tables["counter_examples"].iloc[0]
    assert (row["segment_id"][0], row["participant_id"], row["site"]) == ("p", "P4", "south")
    assert row["code"] == ""
    assert tables["themes"].iloc[0]["n_participants"] == 2
    assert tables["problems"]["kind"].tolist() == ["mark_not_coded"]
    assert tables["problems"]["severity"].tolist() == ["note"]


@pytest.mark.parametrize(
    ("mark", "kind", "severity"),
    [
        (Mark("T1", "was never said", "r"), "quote_not_found", "error"),
        (Mark("T1", "e", "r"), "quote_ambiguous", "error"),
        (Mark("T9", "gone with its person", "r"), "mark_without_transcript", "warning"),
        (Mark("T5", "Nobody asked me", "r"), "mark_without_transcript", "warning"),
        (Mark("T4", "no opinion", "r"), "mark_not_coded", "warning"),
    ],
)
def test_marks_that_cannot_be_used_are_reported_without_their_words(
    study: Any, mark: Mark, kind: str, severity: str
) -> None:
    """A slip in themes.yaml stops the paper; a person who withdrew does not."""
    tables = study.synthesise((Theme("A", "Asked", codes=("asked",), pinned=(mark,)),))
    rows = tables["problems"].to_dict("records")
    assert [(r["kind"], r["severity"]) for r in rows] == [(kind, severity)]
    assert mark.quote not in rows[0]["message"] or len(mark.quote) < 3
    assert "pinned passage 1" in rows[0]["message"]
    assert not tables["quotes"]["reason"].str.startswith("pinned").any()


def test_a_marks_line_is_named(study: Any) -> None:
    """Where themes.yaml was read with its lines, a problem says which."""
    from themetrail.coding.site import transcripts_of
    from themetrail.synthesis.marks import place_marks

    theme = Theme("A", "Asked", codes=("asked",), counter=(Mark("T1", "was never said", "r"),))
    texts = transcripts_of(study.transcripts, study.turns)
    lines = {("themes", 0, "counter", 0): 17}
    _, problems = place_marks((theme,), texts, study.decide().segments, lines)
    assert [(p.file, p.line) for p in problems] == [("config/themes.yaml", 17)]


def test_matrix_keeps_summaries_and_tells_stale_ones(study: Any, tmp_path: Any) -> None:
    """Current while the evidence is the same; stale after; never overwritten; lost ones told."""
    first = study.synthesise(THEMES)["framework_matrix"].set_index(["participant_id", "theme"])
    assert len(first) == 4 * 3
    assert first.loc[("P1", "A"), "status"] == "to write"
    assert first.loc[("P4", "A"), "status"] == "empty"
    assert first.loc[("P1", "A"), "codes"] == "asked;voice"
    ids = first.loc[("P1", "A"), "segment_ids"].split(";")
    assert first.loc[("P1", "A"), "evidence"] == evidence_hash(reversed(ids))
    file = tmp_path / "data/framework_summaries.tsv"
    file.parent.mkdir()
    file.write_text(
        "participant_id\ttheme\tsummary\tevidence\n"
        f"P1\tA\tNever asked.\t{evidence_hash(ids)}\n"
        "P2\tA\tOld words.\tabc\nP9\tA\tGone.\tabc\n",
        encoding="utf-8",
    )
    summaries, problems = read_summaries(tmp_path)
    assert problems == []
    tables = study.synthesise(THEMES, summaries)
    second = tables["framework_matrix"].set_index(["participant_id", "theme"])
    assert second.loc[("P1", "A"), ["summary", "status"]].tolist() == ["Never asked.", "current"]
    assert second.loc[("P2", "A"), ["summary", "status"]].tolist() == ["Old words.", "stale"]
    assert tables["problems"]["kind"].tolist() == ["unused_summary"]
    assert "P9" not in tables["problems"]["message"][0]


def test_bad_summaries_are_reported(tmp_path: Any) -> None:
    """A missing column, a second summary of one cell, bytes that are no text."""
    file = tmp_path / "data/framework_summaries.tsv"
    file.parent.mkdir()
    for content, kind in (
        (b"participant_id,theme,summary,evidence\n", "missing_column"),
        (
            b"participant_id\ttheme\tsummary\tevidence\nP1\tA\tx\t\nP1\tA\ty\t\n",
            "duplicate_summary",
        ),
        (b"\xff\xfe\xff", "unreadable"),
    ):
        file.write_bytes(content)
        _, problems = read_summaries(tmp_path)
        assert {p.kind for p in problems} == {kind}


def test_quantifiers_take_the_last_bound_reached() -> None:
    """Exact at the bounds, whatever the order of the words; nobody has no word."""
    words = [[0.8, "nearly all"], [0, "none"], [0.25, "some"], [1, "all"], [0.000001, "a few"]]
    got = [quantifier(n, 20, words) for n in (0, 1, 4, 5, 15, 16, 19, 20)]
    assert got == ["none", "a few", "a few", "some", "some", "nearly all", "nearly all", "all"]
    assert quantifier(0, 0, words) == ""


def test_concentration_ignores_unknown_voices() -> None:
    """Segments of nobody known are nobody's share."""
    assert top_share(pd.Series(["a", "a", "b", "c", "d", ""])) == pytest.approx(3 / 5)
    assert pd.isna(top_share(pd.Series([], dtype=object)))


def test_a_study_without_codings_has_tables_without_people(make: Callable[..., Any]) -> None:
    """Every transcript waits: zeros and empty tables, no error."""
    tables = make(TALK, sites=SITES, people=PEOPLE).synthesise(THEMES, groups=["role"])
    assert tables["themes"]["of_participants"].tolist() == [0, 0, 0]
    assert tables["themes"]["quantifier"].tolist() == ["", "", ""]
    for name in ("framework_matrix", "quotes", "cooccurrence", "saturation", "counter_examples"):
        assert len(tables[name]) == 0

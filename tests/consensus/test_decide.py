"""What becomes of several coders' judgements of one unit and code."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TALK = {
    "T1": [("Q", "How was it?"), ("P1", "It was slow at first. Then it was fine."), ("Q", "And?")],
    "T2": [("P2", "Nobody asked us. Nobody."), ("Q", "Who should?"), ("P2", "The board, I think.")],
}
SLOW, FINE = "It was slow at first.", "Then it was fine."


def outcomes(made: Any, **how: str) -> dict[tuple[str, int, str], tuple[str, str]]:
    """(transcript, unit, code) to (outcome, decided_by)."""
    rows = made.decide(**how).decisions.to_dict("records")
    return {
        (r["transcript_id"], r["unit"], r["code"]): (r["outcome"], r["decided_by"]) for r in rows
    }


@pytest.mark.parametrize(
    ("marks", "judges", "rule", "expected"),
    [
        (2, 2, "majority", ("keep", "unanimous")),
        (1, 2, "majority", ("drop", "majority")),
        (1, 2, "any", ("keep", "any")),
        (1, 2, "all", ("drop", "all")),
        (2, 3, "majority", ("keep", "majority")),
        (2, 3, "all", ("drop", "all")),
        (1, 1, "all", ("keep", "single_coder")),
    ],
)
def test_the_rule_decides_among_those_who_judged(
    make: Callable[..., Any], marks: int, judges: int, rule: str, expected: tuple[str, str]
) -> None:
    """A tie is no majority, and one judge alone needs no rule."""
    coders = ["a", "b", "c"][:judges]
    codings = [(coder, "T1", SLOW, "pace") for coder in coders[:marks]]
    made = make(TALK, codings, judged={key: ["T1"] for key in coders})
    assert outcomes(made, rule=rule) == {("T1", 2, "pace"): expected}


def test_the_lead_coder_decides_where_they_judged(make: Callable[..., Any]) -> None:
    """One lead against two; where the lead did not judge, the majority; no lead is an error."""
    codings = [("a", "T1", SLOW, "pace"), ("a", "T2", "Nobody asked us.", "who")]
    codings += [("b", "T2", "Nobody asked us.", "who")]
    made = make(TALK, codings, judged={"a": ["T1", "T2"], "b": ["T1", "T2"], "c": ["T1", "T2"]})
    assert outcomes(made, rule="lead", lead="a") == {
        ("T1", 2, "pace"): ("keep", "lead"),
        ("T2", 1, "who"): ("keep", "lead"),
    }
    assert outcomes(made, rule="lead", lead="c")["T2", 1, "who"] == ("drop", "lead")
    assert outcomes(made, rule="lead", lead="z")["T2", 1, "who"] == ("keep", "majority")
    assert [p.kind for p in made.decide("lead", lead="z").problems] == ["lead_absent"]
    assert [p.severity for p in made.decide("lead").problems] == ["error"]


def test_who_did_not_judge_a_transcript_has_no_say(make: Callable[..., Any]) -> None:
    """Missing is not absent: the third coder never saw T1."""
    codings = [
        ("a", "T1", SLOW, "pace"),
        ("b", "T1", SLOW, "pace"),
        ("c", "T2", "The board", "who"),
    ]
    row = make(TALK, codings).decide().decisions.iloc[0]
    assert (row["decided_by"], row["marked_by"], row["unmarked_by"]) == ("unanimous", "a;b", "")


def test_who_coded_judged_even_if_not_assigned(make: Callable[..., Any]) -> None:
    """A coder outside the assignments counts as a judge of what they coded."""
    codings = [("a", "T1", SLOW, "pace"), ("b", "T1", SLOW, "pace")]
    made = make(TALK, codings, judged={"a": ["T1"]})
    assert outcomes(made) == {("T1", 2, "pace"): ("keep", "unanimous")}


def test_a_decision_comes_before_the_rule(make: Callable[..., Any]) -> None:
    """Kept although a tie, dropped although a majority; before and after both stay visible."""
    codings = [("a", "T1", SLOW, "pace"), ("a", "T2", "Nobody asked us.", "who")]
    codings += [("b", "T2", "Nobody asked us.", "who")]
    made = make(TALK, codings, judged={key: ["T1", "T2"] for key in "abc"})
    made.ruled(("T1", "slow", "pace", "keep", ""), ("T2", "asked", "who", "drop", ""))
    decided = made.decide()
    assert decided.problems == []
    first, second = decided.decisions.to_dict("records")
    assert (first["outcome"], first["marked_by"], first["unmarked_by"]) == ("keep", "a", "b;c")
    assert (second["outcome"], second["marked_by"], second["unmarked_by"]) == ("drop", "a;b", "c")
    assert (first["by"], first["on"], first["reason"]) == ("judge", "2021-11", "because")
    assert decided.segments["code"].tolist() == ["pace"]
    assert decided.segments["decided_by"].tolist() == ["adjudication"]


def test_a_single_coders_marking_can_be_dropped(make: Callable[..., Any]) -> None:
    """The adjudicator may overrule somebody who coded alone."""
    made = make(TALK, [("a", "T1", SLOW, "pace")]).ruled(("T1", SLOW, "pace", "drop", ""))
    assert outcomes(made) == {("T1", 2, "pace"): ("drop", "adjudication")}


def test_change_moves_the_marking(make: Callable[..., Any]) -> None:
    """The new code gets a segment by those who marked the old one, and a decision of its own."""
    codings = [("a", "T1", SLOW, "pace"), ("b", "T2", "Nobody.", "who")]
    made = make(TALK, codings, judged={key: ["T1", "T2"] for key in "ab"})
    decided = made.ruled(("T1", SLOW, "pace", "change", "start")).decide()
    rows = {row["code"]: row for row in decided.decisions.to_dict("records")}
    assert (rows["pace"]["outcome"], rows["pace"]["new_code"]) == ("change", "start")
    assert (rows["start"]["outcome"], rows["start"]["marked_by"]) == ("keep", "")
    assert rows["start"]["unmarked_by"] == "a;b"
    segment = decided.segments.iloc[0]
    assert (segment["code"], segment["coders"], len(decided.segments)) == ("start", "a", 1)


def test_change_joins_a_kept_segment_of_the_new_code(make: Callable[..., Any]) -> None:
    """No second segment: the moved words widen the one that is there."""
    codings = [("a", "T1", SLOW, "pace"), ("a", "T1", FINE, "end"), ("b", "T1", FINE, "end")]
    made = make(TALK, codings, judged={key: ["T1"] for key in "ab"})
    decided = made.ruled(("T1", SLOW, "pace", "change", "end")).decide()
    segment = decided.segments.iloc[0]
    assert len(decided.segments) == 1
    assert (segment["start"], segment["end"]) == made.place("T1", f"{SLOW} {FINE}")


def test_a_decision_about_another_place_does_not_undo_agreement(make: Callable[..., Any]) -> None:
    """Both marked the turn, in two places; the decision is about one: said, not applied."""
    codings = [("a", "T1", SLOW, "pace"), ("b", "T1", FINE, "pace")]
    made = make(TALK, codings, judged={key: ["T1"] for key in "ab"})
    decided = made.ruled(("T1", SLOW, "pace", "drop", "")).decide()
    assert decided.decisions["decided_by"].tolist() == ["unanimous"]
    assert [p.kind for p in decided.problems] == ["nothing_to_decide"]
    assert decided.problems[0].line == 2


def test_a_decision_about_what_all_marked_is_applied(make: Callable[..., Any]) -> None:
    """A later, wiser reader may drop what every coder marked."""
    codings = [("a", "T1", SLOW, "pace"), ("b", "T1", "slow at first", "pace")]
    made = make(TALK, codings).ruled(("T1", "slow", "pace", "drop", ""))
    assert outcomes(made) == {("T1", 2, "pace"): ("drop", "adjudication")}
    assert made.decide().problems == []


def test_one_passage_kept_and_one_dropped_keeps_the_unit_without_the_dropped_words(
    make: Callable[..., Any],
) -> None:
    """Two decisions in one turn: the segment covers the passage that was kept."""
    codings = [("a", "T1", SLOW, "pace"), ("a", "T1", FINE, "pace")]
    made = make(TALK, codings, judged={key: ["T1"] for key in "ab"})
    decided = made.ruled(
        ("T1", SLOW, "pace", "drop", ""), ("T1", FINE, "pace", "keep", "")
    ).decide()
    segment = decided.segments.iloc[0]
    assert (segment["start"], segment["end"]) == made.place("T1", FINE)


def test_a_decision_on_what_nobody_marked_is_reported(make: Callable[..., Any]) -> None:
    """The words or the code were mistaken, or the coding went: the team must know."""
    made = make(TALK, [("a", "T1", SLOW, "pace")])
    decided = made.ruled(
        ("T1", SLOW, "who", "keep", ""), ("T2", "board", "pace", "drop", "")
    ).decide()
    assert [(p.kind, p.severity, p.line) for p in decided.problems] == [
        ("nothing_to_decide", "warning", 2),
        ("nothing_to_decide", "warning", 3),
    ]
    assert len(decided.segments) == 1


def test_a_coding_of_an_interviewers_words_is_reported(make: Callable[..., Any]) -> None:
    """Interviewers' turns are no units; the coding is named by file and row, never dropped."""
    codings = [("a", "T1", "How was it?", "pace"), ("a", "T1", SLOW, "pace")]
    decided = make(TALK, codings).decide()
    assert [(p.kind, p.file, p.line) for p in decided.problems] == [
        ("outside_units", "data/s/codings/a.csv", 2)
    ]
    assert len(decided.segments) == 1


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        ("union", "It was slow at first. Then it was fine."),
        ("intersection", "slow at first."),
        ("longest", "slow at first. Then it was fine."),
    ],
)
def test_extent(make: Callable[..., Any], extent: str, words: str) -> None:
    """What a segment covers where its coders marked different stretches, clipped to the turn."""
    codings = [
        ("a", "T1", "How was it?\n\nP1: It was slow at first.", "pace"),
        ("b", "T1", "slow at first. Then it was fine.\n\nQ: And?", "pace"),
    ]
    made = make(TALK, codings)
    segment = made.decide(extent=extent).segments.iloc[0]
    assert made.text("T1")[segment["start"] : segment["end"]] == words


def test_a_span_over_two_turns_makes_a_segment_in_each(make: Callable[..., Any]) -> None:
    """One segment per unit and code."""
    words = "Nobody.\n\nQ: Who should?\n\nP2: The board"
    made = make(TALK, [("a", "T2", words, "who")])
    segments = made.decide().segments
    text = made.text("T2")
    cut = [text[s:e] for s, e in zip(segments["start"], segments["end"], strict=True)]
    assert cut == ["Nobody.", "The board"]
    assert segments["participant_id"].tolist() == ["P2", "P2"]


def test_a_coders_flag_makes_a_counter_segment(make: Callable[..., Any]) -> None:
    """#counter in a memo marks a passage that speaks against."""
    made = make(
        TALK, [("a", "T1", FINE, "pace", "odd one out #counter"), ("b", "T1", FINE, "pace")]
    )
    assert made.decide().segments["stance"].tolist() == ["counter"]


def test_a_segments_name_follows_its_words(make: Callable[..., Any]) -> None:
    """Other words at the same place are another segment, so that summaries of it go stale."""
    first = make(TALK, [("a", "T1", SLOW, "pace")]).decide().segments["segment_id"][0]
    changed = {**TALK, "T1": [TALK["T1"][0], ("P1", "It was fast at first. Then it was fine.")]}
    second = make(changed, [("a", "T1", "It was fast at first.", "pace")])
    assert second.decide().segments["segment_id"][0] != first
    assert not {"T1", "P1"} & {first[:2], first[1:3]}


def test_a_segments_name_is_the_same_in_every_version(make: Callable[..., Any]) -> None:
    """Links into the explorer, `why` and summaries hold it: written down once, never to change."""
    marked = [("a", "T1", SLOW, "pace"), ("b", "T2", "Nobody asked us.", "who")]
    segments = make(TALK, marked).decide().segments
    assert dict(zip(segments["code"], segments["segment_id"], strict=True)) == {
        "pace": "sewbdabw65boy",
        "who": "skgqaifuspajm",
    }


def test_nothing_coded_gives_empty_tables(make: Callable[..., Any]) -> None:
    """A site that waits for its coders is no error."""
    decided = make(TALK).decide()
    assert (len(decided.decisions), len(decided.segments), decided.problems) == (0, 0, [])


# ------------------------------------------------------------------ properties
CODERS, CODES = ["a", "b", "c"], ["x", "y"]
WORDS = {
    t: [(n, w) for n, (who, w) in enumerate(said, 1) if who != "Q"] for t, said in TALK.items()
}


@st.composite
def codings(draw: st.DrawFn) -> list[tuple[str, str, str, str]]:
    """Random codings of whole or partial turns."""
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        transcript = draw(st.sampled_from(sorted(TALK)))
        words = draw(st.sampled_from([w for _, w in WORDS[transcript]]))
        start = draw(st.integers(0, len(words) - 1))
        end = draw(st.integers(start + 1, len(words)))
        coder, code = draw(st.sampled_from(CODERS)), draw(st.sampled_from(CODES))
        if len(words[start:end].strip()) > 3:
            rows.append((coder, transcript, words[start:end], code))
    return list(dict.fromkeys(rows))


quick = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quick
@given(rows=codings(), rule=st.sampled_from(["majority", "any", "all"]))
def test_decisions_equal_counting_characters_by_hand(
    make: Callable[..., Any], rows: list[tuple[str, str, str, str]], rule: str
) -> None:
    """The same answer from sets of characters, one unit, code and coder at a time."""
    made = make(TALK, rows)
    got = {key: outcome for key, (outcome, _) in outcomes(made, rule=rule).items()}
    want = {}
    for unit, code in itertools.product(made.units.to_dict("records"), CODES):
        place = set(range(unit["start"], unit["end"]))
        marks = {
            s["coder"]
            for s in made.spans.to_dict("records")
            if s["transcript_id"] == unit["transcript_id"]
            and s["code"] == code
            and place & set(range(s["start"], s["end"]))
        }
        judges = {r[0] for r in rows if r[1] == unit["transcript_id"]}
        if marks:
            share = len(marks) / len(judges)
            keep = {"majority": share > 0.5, "any": True, "all": share == 1}[rule] or share == 1
            key = (unit["transcript_id"], unit["unit"], code)
            want[key] = "keep" if keep else "drop"
    assert got == want


@quick
@given(rows=codings(), seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    make: Callable[..., Any], rows: list[tuple[str, str, str, str]], seed: Any
) -> None:
    """Files come in any order; the tables come out the same."""
    made = make(TALK, rows, codes=CODES)
    before = made.decide()
    order = list(range(len(made.spans)))
    seed.shuffle(order)
    made.spans = made.spans.iloc[order].reset_index(drop=True)
    made.coverage = made.coverage.iloc[::-1].reset_index(drop=True)
    after = made.decide()
    pd.testing.assert_frame_equal(before.decisions, after.decisions)
    pd.testing.assert_frame_equal(before.segments, after.segments)


@quick
@given(rows=codings())
def test_renaming_coders_and_codes_renames_and_nothing_else(
    make: Callable[..., Any], rows: list[tuple[str, str, str, str]]
) -> None:
    """Names carry no weight."""
    coder = dict(zip(CODERS, ["c2", "a2", "b2"], strict=True))
    code = {"x": "y2", "y": "x2"}
    renamed = [(coder[r[0]], r[1], r[2], code[r[3]]) for r in rows]
    before, after = outcomes(make(TALK, rows)), outcomes(make(TALK, renamed))
    assert {(t, u, code[c]): v for (t, u, c), v in before.items()} == after


@quick
@given(rows=codings())
def test_sites_apart_give_what_they_give_together(
    make: Callable[..., Any], rows: list[tuple[str, str, str, str]]
) -> None:
    """Splitting by transcript and putting together again changes nothing."""
    whole = make(TALK, rows).decide()
    parts = []
    for name in sorted(TALK):
        own = [row for row in rows if row[1] == name]
        parts.append(make({name: TALK[name]}, own).decide().segments)
    joined = pd.concat(parts, ignore_index=True)
    pd.testing.assert_frame_equal(whole.segments, joined[whole.segments.columns], check_dtype=False)


def test_a_person_bounds_what_coders_marked_differently(make: Callable[..., Any]) -> None:
    """The coders agree on the code and not on the words: the decision's words are the segment."""
    codings = [("a", "T1", SLOW, "pace"), ("b", "T1", "at first. Then", "pace")]
    made = make(TALK, codings, judged={"a": ["T1"], "b": ["T1"]})
    made.ruled(("T1", "slow at first.", "pace", "keep", ""))
    made.adjudications["extent"] = "quote"
    consensus = made.decide()
    segment = consensus.segments.iloc[0]
    assert made.text("T1")[segment["start"] : segment["end"]] == "slow at first."
    assert (segment["decided_by"], segment["coders"]) == ("adjudication", "a;b")
    assert consensus.problems == []
    made.adjudications["extent"] = ""
    kept = made.decide().segments.iloc[0]
    assert (kept["decided_by"], kept["end"] - kept["start"]) == ("unanimous", len(SLOW) + 5)

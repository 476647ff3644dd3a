"""Decisions read from adjudications.csv: placed on the text, or reported with their line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from themetrail.coding.kept import keep
from themetrail.config import Change, Code, Codebook
from themetrail.consensus import held_by_offsets, read_adjudications

TALK = {
    "T1": [
        ("Q", "How was it?"),
        ("P1", "Yes. It was “slow” at first."),
        ("Q", "And then?"),
        ("P1", "Yes. Then it was fine."),
    ]
}
BOOK = Codebook(
    (Code("pace", "Pace"), Code("workload", "Workload"), Code("end", "The end")),
    (Change("rename", ("tempo",), ("pace",)), Change("split", ("mixed",), ("pace", "end"))),
)
HEAD = "transcript_id,quote,code,decision,by,on,reason,new_code,turn,start,end\n"


@pytest.fixture
def read(make: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Give a function that reads a file's text as site s's decisions."""
    made = make(TALK)
    path = tmp_path / "data/s/adjudications.csv"
    path.parent.mkdir(parents=True)

    def run(text: str | bytes, dropped: frozenset[str] = frozenset()) -> Any:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_adjudications(tmp_path, "s", made.transcripts, made.turns, BOOK, dropped)

    return run


def test_no_file_is_no_problem(make: Callable[..., Any], tmp_path: Path) -> None:
    """Most sites start without decisions."""
    made = make(TALK)
    table, problems = read_adjudications(tmp_path, "s", made.transcripts, made.turns, BOOK)
    assert (len(table), problems) == (0, [])


def test_words_are_found_as_typed_otherwise(read: Callable[..., Any]) -> None:
    """Straight quotation marks, other white space: the same words; a renamed code follows."""
    table, problems = read(
        HEAD + 'T1,"It was ""slow""  at first.",tempo,KEEP,judge,2021,slow,,,,\n'
    )
    found = table.iloc[0]
    assert problems == []
    assert (found["code"], found["decision"], found["line"]) == ("pace", "keep", 2)
    assert found["end"] - found["start"] == len("It was “slow” at first.")


def test_offsets_and_turn_place_a_decision(read: Callable[..., Any]) -> None:
    """A repeated word is told apart by its turn; offsets need no words."""
    rows = "T1,Yes.,pace,keep,,,first,,4,,\nT1,,pace,drop,,,by place,,,20,24\n"
    table, problems = read(HEAD + rows)
    assert [(p.kind, p.severity, p.line) for p in problems] == [("offsets_alone", "warning", 3)]
    assert table["start"].tolist()[1] == 20
    assert table["start"].tolist()[0] > 24


def test_decisions_by_offsets_follow_a_corrected_transcript(
    make: Callable[..., Any], tmp_path: Path
) -> None:
    """Kept with its text, a decision without words arrives on the words that it was about.

    A decision made since on the corrected text counts there, and one whose text is gone is lost.
    """
    made = make(TALK)
    folder = tmp_path / "data/s"
    folder.mkdir(parents=True)
    path = folder / "adjudications.csv"
    text = str(made.transcripts["text"][0])
    place = text.index("Then it was fine.")
    head = "transcript_id,start,end,code,decision,reason\n"
    path.write_text(f"{head}T1,{place},{place + 17},pace,keep,r\n")
    pairs = held_by_offsets(tmp_path, "s", made.transcripts, made.turns, BOOK)
    assert keep(folder, tmp_path, pairs) == 1
    later = make({"T1": [("Q", "Good morning. Are you well?"), ("P1", "Quite."), *TALK["T1"]]})
    now = str(later.transcripts["text"][0])
    quite = now.index("Quite.")
    path.write_text(f"{path.read_text()}T1,{quite},{quite + 6},end,drop,r\n")
    table, problems = read_adjudications(tmp_path, "s", later.transcripts, later.turns, BOOK)
    spans = zip(table["start"], table["end"], strict=True)
    assert [now[start:end] for start, end in spans] == ["Then it was fine.", "Quite."]
    assert [(p.kind, p.line) for p in problems] == [("offsets_alone", 3)]
    shutil.rmtree(folder / "coded_texts")
    table, problems = read_adjudications(tmp_path, "s", later.transcripts, later.turns, BOOK)
    assert [(p.kind, p.severity, p.line) for p in problems if p.line == 2] == [
        ("coded_text_gone", "error", 2)
    ]
    assert table["code"].tolist() == ["end"]


@pytest.mark.parametrize(
    ("row", "kind", "says"),
    [
        ("T1,never said at all,pace,keep,,,r,,,,", "quote_not_found", "Copy"),
        ("T1,Yes.,pace,keep,,,r,,,,", "quote_ambiguous", "turn"),
        ("T1,Then it was fine.,pase,keep,,,r,,,,", "unknown_code", "'pace'"),
        ("T1,Then it was fine.,mixed,keep,,,r,,,,", "split_code", "pace, end"),
        ("T1,Then it was fine.,pace,kepe,,,r,,,,", "unknown_decision", "'keep'"),
        ("T1,Then it was fine.,pace,keep,,,,,,,", "missing_reason", "reason"),
        ("T1,Then it was fine.,pace,change,,,r,,,,", "empty_cell", "new_code"),
        ("T1,Then it was fine.,pace,change,,,r,wokload,,,", "unknown_code", "workload"),
        ("T9,Then it was fine.,pace,keep,,,r,,,,", "unknown_transcript", "file name"),
        ("T1,,pace,keep,,,r,,,5,5000", "bad_offsets", "past the end"),
        ("T1,,pace,keep,,,r,,,five,9", "no_place", "whole number"),
        ("T1,,pace,keep,,,r,,,,", "no_place", "quote"),
        ("T1,Then it was fine.,pace,keep,,,r,,,,,,,extra", "malformed_row", "comma"),
    ],
)
def test_a_row_that_cannot_be_used_is_reported_with_its_line(
    read: Callable[..., Any], row: str, kind: str, says: str
) -> None:
    """Every row is used or named, and the good row beside it is kept."""
    table, problems = read(HEAD + f"T1,Then it was fine.,end,keep,,,good,,,,\n{row}\n")
    assert table["reason"].tolist() == ["good"]
    assert [(p.kind, p.severity, p.line) for p in problems] == [(kind, "error", 3)]
    assert says in problems[0].message + problems[0].remedy
    assert problems[0].file == "data/s/adjudications.csv"


def test_two_decisions_that_contradict_are_both_left_out(read: Callable[..., Any]) -> None:
    """Neither is guessed to be meant; other passages and codes are untouched."""
    rows = [
        "T1,Then it was fine.,pace,keep,,,r,,,,",
        "T1,it was fine,pace,drop,,,r,,,,",
        "T1,it was fine,end,drop,,,r,,,,",
        "T1,“slow” at first,pace,drop,,,r,,,,",
    ]
    table, problems = read(HEAD + "\n".join(rows) + "\n")
    assert table["line"].tolist() == [4, 5]
    assert [(p.kind, p.line) for p in problems] == [("contradiction", 3)]
    assert "line 2" in problems[0].message


def test_missing_columns_are_named_with_the_nearest(read: Callable[..., Any]) -> None:
    """A mistyped header is one clear problem each, not one a row."""
    table, problems = read("transcript_id,quote,code,descision,reason\nT1,Yes.,pace,keep,r\n")
    errors = [p for p in problems if p.severity == "error"]
    assert len(table) == 0
    assert [p.kind for p in errors] == ["missing_column"]
    assert "descision" in errors[0].remedy


def test_decisions_on_dropped_transcripts_vanish_unnamed(read: Callable[..., Any]) -> None:
    """A withdrawn person's rows leave no trace in the problems."""
    rows = "P7,their words,pace,keep,,,r,,,,\nT1,Then it was fine.,pace,keep,,,r,,,,\n"
    table, problems = read(HEAD + rows, frozenset({"P7"}))
    assert (len(table), problems) == (1, [])


def test_decisions_on_transcripts_that_intake_left_out_vanish_too(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    """A withdrawn person's transcript need not be named like the person: its file is there."""
    folder = tmp_path / "data/s/transcripts"
    folder.mkdir()
    (folder / "interview-3.docx").write_bytes(b"")
    rows = "interview-3,their words,pace,keep,,,r,,,,\nT1,Then it was fine.,pace,keep,,,r,,,,\n"
    table, problems = read(HEAD + rows)
    assert (len(table), problems) == (1, [])


def test_a_change_that_the_codebook_made_since_keeps(read: Callable[..., Any]) -> None:
    """Tempo was renamed to pace: changing one to the other leaves the marking where it is."""
    table, problems = read(HEAD + "T1,Then it was fine.,tempo,change,,,r,pace,,,\n")
    assert problems == []
    assert table.loc[0, ["code", "decision", "new_code"]].tolist() == ["pace", "keep", ""]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tail=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_any_bytes_give_rows_or_problems(read: Callable[..., Any], tail: bytes) -> None:
    """Broken files are reported, never a traceback."""
    table, problems = read(HEAD.encode() + tail)
    assert len(table) == 0
    assert all(p.file == "data/s/adjudications.csv" and p.message for p in problems)


def test_a_decision_may_bound_the_segment(read: Callable[..., Any]) -> None:
    """What the adjudication page writes for a boundary; another word there is said, not dropped."""
    head = HEAD.replace("new_code", "extent")
    table, problems = read(head + "T1,Then it,pace,keep,judge,2021,the point,quote,,,\n")
    assert (table["extent"][0], problems) == ("quote", [])
    table, problems = read(head + "T1,Then it,pace,drop,judge,2021,the point,quote,,,\n")
    assert (len(table), [p.kind for p in problems]) == (0, ["unknown_extent"])


def test_two_bounds_of_the_same_words_contradict(read: Callable[..., Any]) -> None:
    """A segment has one extent."""
    row = "T1,{},pace,keep,judge,2021,because,quote,,,\n"
    rows = row.format("Then it") + row.format("Then it was")
    table, problems = read(HEAD.replace("new_code", "extent") + rows)
    assert (len(table), [p.kind for p in problems]) == (0, ["contradiction"])

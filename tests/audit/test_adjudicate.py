"""What there is to decide, and that no earlier decision is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from themetrail.audit.adjudicate.existing import existing_rows, withdrawn_transcripts
from themetrail.audit.adjudicate.items import quotable, to_decide
from themetrail.exclusions import Dropped

TALK = {"T1": [("Q", "How?"), ("P1", "It was slow at first. Then fine."), ("Q", "And?")]}


def decide(made: Any) -> Any:
    """The lists of a small study."""
    decisions = made.decide().decisions
    return to_decide(made.transcripts, made.turns, made.spans, decisions)


def test_a_disagreement_is_there_until_a_person_decides(make: Callable[..., Any]) -> None:
    """The rule is no person; an adjudication is."""
    made = make(TALK, [("a", "T1", "It was slow", "pace")], judged={"a": ["T1"], "b": ["T1"]})
    conflicts, boundaries = decide(made)
    item = conflicts[0]
    assert (len(conflicts), boundaries) == (1, [])
    assert (item["marked"], item["unmarked"], item["rule"]) == (["a"], ["b"], "majority")
    assert item["text"][item["start"] - item["from"] : item["end"] - item["from"]] == "It was slow"
    made.ruled(("T1", "It was slow", "pace", "drop", ""))
    assert decide(made) == ([], [])


def test_boundaries_are_a_list_of_their_own(make: Callable[..., Any]) -> None:
    """Each coder's words, what both chose, what either did; a full stop is no difference."""
    marks = [
        ("a", "T1", "It was slow at first.", "pace"),
        ("b", "T1", "slow at first. Then", "pace"),
    ]
    made = make(TALK, marks)
    conflicts, boundaries = decide(made)
    assert conflicts == []
    text = made.text("T1")
    assert {text[s:e]: names for s, e, names in boundaries[0]["choices"]} == {
        "It was slow at first.": ["a"],
        "It was slow at first. Then": ["all"],
        "slow at first.": ["shared"],
        "slow at first. Then": ["b"],
    }
    same = make(TALK, [("a", "T1", "slow at first", "pace"), ("b", "T1", "slow at first.", "pace")])
    assert decide(same) == ([], [])


def test_words_are_quoted_as_a_table_gives_them_back() -> None:
    """Blanks at the ends and a spreadsheet's apostrophe are lost in a table."""
    assert quotable(" a ", 0, 3) == (1, 2)
    assert quotable("'-x", 0, 3) == (1, 3)
    assert quotable("'tis", 0, 4) == (0, 4)


def test_rows_of_before_are_given_back_whole(tmp_path: Path) -> None:
    """Every column, also those that we do not know; none about people who withdrew."""
    folder = tmp_path / "data/s"
    folder.mkdir(parents=True)
    (folder / "adjudications.csv").write_text(
        "transcript_id;quote;code;decision;reason;my note\n"
        "T1;a;c;keep;'-because;x\nT2;b;c;drop;so;\n"
    )
    dropped = [
        Dropped("withdrawn", "T2", "", "", ""),
        Dropped("excluded", "T1", "", "", ""),
    ]
    gone = withdrawn_transcripts(tmp_path, ["s"], dropped)
    found = existing_rows(tmp_path, "s", gone)
    assert found["rows"] == [["T1", "a", "c", "keep", "-because", "x"]]
    assert (found["header"][-1], found["left_out"], found["trouble"]) == ("my note", 1, "")
    assert existing_rows(tmp_path, "other", gone)["rows"] == []


def test_a_file_that_can_not_be_read_is_not_overwritten(tmp_path: Path) -> None:
    """Saving would lose what could not be read."""
    folder = tmp_path / "data/s"
    folder.mkdir(parents=True)
    (folder / "adjudications.csv").write_text('transcript_id,quote\nT1,"open\n')
    assert "can't be read" in existing_rows(tmp_path, "s", set())["trouble"]
    (folder / "adjudications.csv").write_text("transcript_id,quote\nT1,a,b\n")
    assert "more fields" in existing_rows(tmp_path, "s", set())["trouble"]

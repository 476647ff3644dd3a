"""What analysts write beside the codings: the guide, what was asked, facets of codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from themetrail.config import Theme
from themetrail.synthesis import read_notes

THEMES = (Theme("A", "Asked", codes=("ask",)), Theme("B", "Money", codes=("pay",)))
TALK = {
    "t1": [("Q", "Who\u2019s paying, then?"), ("P1", "Nobody asked us. The hospital pays.")],
    "t2": [("Q", "Who pays?"), ("P2", "I was asked.")],
    "t3": [("Q", "Go on."), ("P3", "I was never asked.")],
    "t4": [("Q", "Go on."), ("P4", "We pay.")],
}
CODINGS = [
    ("c1", "t1", "Nobody asked us.", "ask"),
    ("c1", "t1", "The hospital pays.", "pay"),
    ("c1", "t2", "I was asked.", "ask"),
    ("c1", "t3", "I was never asked.", "ask"),
    ("c1", "t4", "We pay.", "pay"),
]
GUIDE = "question\ttext\tabout\nmoney\tWho pays?\tB;pay\n"
HEAD = "transcript_id\tquestion\tquote\n"


@pytest.fixture
def study(make: Callable[..., Any]) -> Any:
    """Give four people, of whom two speak of money."""
    return make(TALK, CODINGS, dates={name: f"2021-0{name[1]}" for name in TALK})


def noted(folder: Path, **files: str) -> tuple[Any, list[Any]]:
    """Write files of data/ and read them."""
    (folder / "data").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"data/{name}.tsv").write_text(text, encoding="utf-8")
    return read_notes(folder)


def test_silence_is_told_from_not_having_been_asked(study: Any, tmp_path: Path) -> None:
    """Guards the reading of prevalence: asked and silent, not asked, and not known are three."""
    asked = HEAD + "t1\tmoney\tWho's paying\nt2\tmoney\t\nt3\t\t\n"
    notes, problems = noted(tmp_path, interview_guide=GUIDE, questions_asked=asked)
    assert problems == []
    made = study.synthesise(THEMES, notes=notes)
    table = made["asked"].set_index(["kind", "code"])
    assert list(table.index) == [("theme", "B"), ("code", "pay")]
    row = table.loc[("theme", "B")].to_dict()
    assert row == {
        "of_participants": 4,
        "n_known": 3,
        "n_asked": 2,
        "n_asked_spoke": 1,
        "n_asked_silent": 1,
        "n_unasked_spoke": 0,
        "n_unasked_silent": 1,
        "n_unknown_silent": 0,
    }
    assert made["problems"]["kind"].tolist() == []


def test_words_that_no_interviewer_said_are_an_error(study: Any, tmp_path: Path) -> None:
    """Guards the evidence: a participant's words are not a question; each error has its line."""
    asked = HEAD + "t1\tmoney\tThe hospital pays.\nt2\tmuney\t\nt9\tmoney\t\n"
    notes, _ = noted(tmp_path, interview_guide=GUIDE, questions_asked=asked)
    wrong = study.synthesise(THEMES, notes=notes)["problems"]
    assert wrong[["kind", "severity"]].to_numpy().tolist() == [
        ["quote_not_found", "error"],
        ["unknown_question", "error"],
        ["unused_note", "warning"],
    ]
    assert wrong["line"].tolist()[:2] == [2, 3]
    assert "'money'" in wrong["remedy"][1]
    assert "t9" not in wrong["message"][2]


def test_a_guide_about_nothing_known_is_an_error(study: Any, tmp_path: Path) -> None:
    """A theme or code that does not exist, and an id used twice."""
    guide = GUIDE + "money\tAgain?\tpai\n"
    notes, _ = noted(tmp_path, interview_guide=guide)
    wrong = study.synthesise(THEMES, notes=notes)["problems"]
    assert wrong["kind"].tolist() == ["bad_question", "unknown_subject"]
    assert "pay" in wrong["remedy"][1]


def test_meaning_saturates_after_the_code_does(study: Any, tmp_path: Path) -> None:
    """A facet counts where it is first heard in the order held; Hennink and others 2017."""
    facets = (
        "transcript_id\tcode\tmeaning\n"
        "t3\task\tnever\nt1\task\tnever\nt2\task\tonce\nt4\tpay\tus\nt4\task\tx\nt1\tnone\ty\n"
    )
    notes, problems = noted(tmp_path, code_meanings=facets)
    assert problems == []
    made = study.synthesise(THEMES, notes=notes)
    table = made["meaning_saturation"].set_index("code")
    assert table.loc["ask"].to_dict() == {
        "n_interviews": 3,
        "n_noted": 3,
        "n_meanings": 2,
        "first_position": 1,
        "last_new_position": 2,
        "last_new_transcript": "t2",
    }
    assert table.loc["pay", ["first_position", "last_new_position"]].tolist() == [1, 4]
    assert made["problems"]["kind"].tolist() == ["unknown_code", "unused_note"]


def test_without_notes_there_is_nothing(study: Any, tmp_path: Path) -> None:
    """Guards every study without a guide: two tables without rows, and no problem."""
    notes, problems = read_notes(tmp_path)
    made = study.synthesise(THEMES, notes=notes)
    assert problems == []
    assert made["asked"].empty
    assert made["meaning_saturation"].empty


def test_files_that_are_no_tables_are_reported(tmp_path: Path) -> None:
    """A comma for a tab, and bytes that are no text."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/interview_guide.tsv").write_bytes(b"question,text,about\n")
    (tmp_path / "data/code_meanings.tsv").write_bytes(b"\xff\xfe\xff")
    _, problems = read_notes(tmp_path)
    kinds = [(row.file, row.kind) for row in problems]
    assert kinds.count(("data/interview_guide.tsv", "missing_column")) == 3
    assert ("data/code_meanings.tsv", "unreadable") in kinds

"""The decision log: made from the files, linked, and broken by any alteration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from themetrail import contracts
from themetrail.audit.decisions import Decision, breaks, chained, collect, entries
from themetrail.audit.memos import read_memos
from themetrail.config import load
from themetrail.errors import Problems
from themetrail.tables import frame

TEXT = st.text(max_size=12)
DECISIONS = st.lists(st.builds(Decision, *[TEXT] * 7), max_size=5)


@given(DECISIONS)
def test_a_log_reads_back_as_it_was_written(decisions: list[Decision]) -> None:
    text = chained(decisions)
    assert breaks(text) == []
    assert entries(text) == decisions


@given(DECISIONS, st.data())
def test_a_line_taken_out_of_a_log_breaks_it(
    decisions: list[Decision], data: st.DataObject
) -> None:
    # The last line too: a log can't be cut short unseen.
    lines = chained(decisions).split("\n")[:-1]
    place = data.draw(st.integers(0, len(lines) - 1))
    assert breaks("".join(f"{line}\n" for line in [*lines[:place], *lines[place + 1 :]]))


@given(st.lists(st.builds(Decision, *[TEXT] * 7), min_size=1, max_size=5), st.data())
def test_any_altered_value_breaks_the_log(decisions: list[Decision], data: st.DataObject) -> None:
    lines = chained(decisions).split("\n")[:-1]
    place = data.draw(st.integers(0, len(lines) - 2))
    entry = json.loads(lines[place])
    name = data.draw(st.sampled_from(sorted(set(entry) - {"n", "hash"})))
    lines[place] = json.dumps({**entry, name: entry[name] + "x"})
    assert breaks("\n".join(lines) + "\n")


def test_damage_is_named_by_line_and_never_a_traceback() -> None:
    assert breaks("") == [(1, "the line that closes the log is not there")]
    for text in ("[]", "{", "null", '{"hash": 1}', "[" * 5000):
        assert breaks(text)[0] == (1, "is not an entry")


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    """A study whose codebook and themes hold decisions."""
    config = tmp_path / "config"
    config.mkdir()
    (tmp_path / "data" / "a" / "transcripts").mkdir(parents=True)
    (config / "codebook.yaml").write_text(
        "codes: [{id: time}]\n"
        "changes:\n"
        "  - {kind: rename, from: hours, to: time, on: 2021-03, reason: As P7 calls it}\n"
    )
    (config / "themes.yaml").write_text(
        "themes:\n"
        "  - id: T1\n"
        "    title: Time\n"
        "    codes: [time]\n"
        "    pinned:\n"
        "      - {transcript_id: A1, quote: So long, reason: The clearest}\n"
        "    excluded:\n"
        "      - {transcript_id: P7, quote: My name, reason: Tells who it is}\n"
    )
    return tmp_path


def _collected(root: Path, **more: object) -> list[Decision]:
    study, problems = load(root)
    assert not problems.errors
    adjudications = frame([], contracts.ADJUDICATIONS)
    dropped = frame(
        [{"site": "a", "what": "participant", "why": "withdrawn", "on": "2021-05", "reason": ""}],
        contracts.DROPPED,
    )
    return collect(study, adjudications, dropped, ["A1"], **more)  # type: ignore[arg-type]


def test_decisions_stand_by_date_with_their_file_and_line(study_folder: Path) -> None:
    found = [(one.on, one.kind, one.about, one.source) for one in _collected(study_folder)]
    assert found == [
        ("", "quotation pinned", "T1", "config/themes.yaml:6"),
        ("2021-03", "codebook", "hours", "config/codebook.yaml:3"),
        ("2021-05", "withdrawal", "a", "data/withdrawals.csv"),
    ]


def test_nothing_in_the_log_names_who_is_left_out_or_quotes_a_transcript(
    study_folder: Path,
) -> None:
    # The log is published: no withdrawn id in a reason, no words, no quotation of their transcript.
    text = chained(_collected(study_folder, ids=["P7"]))
    assert "P7" not in text
    assert "As [left out] calls it" in text
    assert "So long" not in text
    assert "Tells who" not in text


def test_the_teams_own_decisions_are_read_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "decisions.csv").write_text(
        "on,kind,about,decision,by,reason\n"
        "2021-06,theme,T1,split in two,team,Two claims in one\n"
        "2021-07,,T2,,,\n"
    )
    problems = Problems()
    assert read_memos(tmp_path, problems) == [
        Decision(
            "2021-06",
            "theme",
            "T1",
            "split in two",
            "team",
            "Two claims in one",
            "data/decisions.csv:2",
        )
    ]
    assert [(row.kind, row.line) for row in problems] == [("missing_value", 3)]


def test_a_misspelt_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "decisions.csv").write_text("on,kind,decison\n", encoding="utf-8")
    problems = Problems()
    read_memos(tmp_path, problems)
    assert "Did you mean 'decision'?" in str(problems.rows[0])

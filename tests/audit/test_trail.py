"""The trail of an id: from what the paper says to the line of a transcript's file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from themetrail.audit.records import Records
from themetrail.audit.trail import Node, trail
from themetrail.audit.trail_text import to_plain, to_text, visible
from themetrail.cli import main
from themetrail.errors import InputError
from themetrail.study import Study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def records(finished: Path) -> Records:
    """The small study's tables."""
    return Records(Study(finished))


def every(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for step in node.rests_on:
        yield from every(step)


def test_every_quotation_ends_at_its_words_in_the_file_with_its_hash(
    records: Records, finished: Path
) -> None:
    # A reader who opens the named file at the named line must find the printed words.
    names = [name for name in records.ids() if "/" in name]
    assert names
    for name in names:
        found = trail(records, name)
        place = [node for node in every(found) if node.kind == "transcript"][-1]
        file = finished / place.says["file"]
        line = file.read_text(encoding="utf-8").splitlines()[int(place.says["line"]) - 1]
        assert found.title.strip("“”") in line
        assert hashlib.sha256(file.read_bytes()).hexdigest() == place.says["sha256"]


def test_a_fact_of_a_theme_leads_to_its_codes_segments_marks_and_decisions(
    records: Records,
) -> None:
    # The chain of the promise: none of its links may be missing.
    kinds = {node.kind for node in every(trail(records, "theme.T1.participants"))}
    assert kinds >= {"fact", "theme", "code", "quotation", "segment", "decision", "mark"}
    assert "transcript" in kinds


def test_every_id_of_the_study_has_a_trail_that_prints(records: Records) -> None:
    # Whatever the paper, the explorer or a table names can be asked about.
    for name in records.ids():
        found = trail(records, name)
        assert to_text(found, 80).startswith(found.kind)


def test_a_passage_that_was_dropped_says_who_decided_and_why(records: Records) -> None:
    # What is not in the paper must be as traceable as what is.
    shown = to_text(trail(records, "N3:40"), 200)
    assert "drop, adjudication" in shown
    assert "reason: A courtesy and no consultation" in shown


def test_a_place_beyond_the_text_is_refused_with_the_length(records: Records) -> None:
    with pytest.raises(InputError, match="N1 has 244 characters"):
        trail(records, "N1:9999")


def test_a_mistyped_id_names_the_nearest(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", "theme.T1.particpants", "--study", str(finished)]) == 1
    assert "Did you mean 'theme.T1.participants'?" in capsys.readouterr().err


def test_json_is_the_whole_trail(
    records: Records, finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", "T1/1", "--json", "--study", str(finished)]) == 0
    assert json.loads(capsys.readouterr().out) == to_plain(trail(records, "T1/1"))


def test_lines_fit_the_terminal(records: Records) -> None:
    # Nothing is cut off or broken by the terminal itself; hashes and paths stay whole.
    for line in to_text(trail(records, "T2/1"), 72).splitlines():
        assert len(line) <= 72 or len(line.split()) <= 2


def test_a_transcript_commands_no_terminal() -> None:
    # Words of a transcript are data: no colours, no cursor, no reversed reading order.
    assert visible("a\x1b]0;x\x07b\u202ec") == "a␛]0;x␇b�c"

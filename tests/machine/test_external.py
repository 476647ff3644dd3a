"""A team's own program: asked once by hand, recorded, replayed, and never believed unchecked."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from themetrail.config import Code, Codebook
from themetrail.errors import InputError, Problems
from themetrail.machine.ask import ask
from themetrail.machine.external import answers_file, keys, parse_answer, read_answers

BOOK = Codebook(
    (Code("money", "Money"), Code("time", "Time"), Code("old", "Old", status="retired"))
)
TEXTS = ["The budget was gone.", "It took years.", "Nothing of note."]
READER = """
import json, sys
book = json.loads(sys.stdin.readline())
cues = {"money": "budget", "time": "years"}
assert [code["id"] for code in book["codes"]] == ["money", "time"], book
for line in sys.stdin:
    turn = json.loads(line)
    spans = [
        {"start": turn["text"].index(cue), "end": turn["text"].index(cue) + len(cue),
         "code": code, "quote": cue}
        for code, cue in cues.items() if cue in turn["text"]
    ]
    print(json.dumps({"key": turn["key"], "spans": spans}), flush=True)
"""


@pytest.fixture
def asked() -> dict[str, str]:
    """Give what is asked, by key."""
    return dict(zip(keys(TEXTS, BOOK), TEXTS, strict=True))


def program(tmp_path: Path, source: str) -> list[str]:
    """A real program of its own, as a command."""
    path = tmp_path / "reader.py"
    path.write_text(source, encoding="utf-8")
    return [sys.executable, "-I", str(path)]


def run(tmp_path: Path, source: str, asked: dict[str, str], timeout_s: float = 30) -> Any:
    """Ask a program."""
    return ask(tmp_path, "reader", program(tmp_path, source), asked, BOOK, timeout_s=timeout_s)


def test_answers_are_recorded_and_replayed_without_the_program(
    tmp_path: Path, asked: dict[str, str]
) -> None:
    """The recorded file is all that a run needs, and it holds no words of anybody."""
    done = run(tmp_path, READER, asked)
    assert (done.known, done.answered, done.of) == (0, 3, 3)
    assert not done.problems
    recorded = (tmp_path / answers_file("reader")).read_text(encoding="utf-8")
    assert "budget" not in recorded
    problems = Problems()
    answers = read_answers(tmp_path, "reader", asked, BOOK.active, problems)
    assert not problems
    spans = {asked[key]: [(s.start, s.end, s.code) for s in answers.spans[key]] for key in asked}
    assert spans == {TEXTS[0]: [(4, 10, "money")], TEXTS[1]: [(8, 13, "time")], TEXTS[2]: []}


def test_what_is_known_is_not_asked_again(tmp_path: Path, asked: dict[str, str]) -> None:
    """A second asking starts no program where all is answered, and gives the same file."""
    run(tmp_path, READER, asked)
    before = (tmp_path / answers_file("reader")).read_bytes()
    done = ask(tmp_path, "reader", ["/no/such/program"], asked, BOOK, timeout_s=1)
    assert (done.known, done.answered) == (3, 0)
    assert (tmp_path / answers_file("reader")).read_bytes() == before


def test_another_codebook_or_text_asks_anew(asked: dict[str, str]) -> None:
    """An answer holds for what was asked: the same words under other definitions are another."""
    changed = Codebook((Code("money", "Money", definition="other"), *BOOK.codes[1:]))
    assert not set(keys(TEXTS, changed)) & set(asked)
    assert keys(["The budget was gone!"], BOOK)[0] not in asked


def test_a_program_that_does_not_end_is_stopped(tmp_path: Path, asked: dict[str, str]) -> None:
    """Time is limited, children included; what was answered by then counts."""
    mark = tmp_path / "child.pid"
    source = f"""
import json, os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(mark)!r}, "w").write(str(child.pid))
sys.stdin.readline()
turn = json.loads(sys.stdin.readline())
print(json.dumps({{"key": turn["key"], "spans": []}}), flush=True)
time.sleep(60)
"""
    began = time.monotonic()
    done = run(tmp_path, source, asked, timeout_s=3)
    assert time.monotonic() - began < 20
    assert done.answered == 1
    assert [row.kind for row in done.problems] == ["timeout"]
    pid = int(mark.read_text())
    for _ in range(50):
        if _gone(pid):
            break
        time.sleep(0.1)
    assert _gone(pid)


def _gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


def test_a_program_that_can_not_be_started_is_named(tmp_path: Path, asked: dict[str, str]) -> None:
    """A wrong path is a sentence, not a traceback."""
    with pytest.raises(InputError, match="can't be started"):
        ask(tmp_path, "reader", ["/no/such/program"], asked, BOOK, timeout_s=1)


def test_a_program_that_fails_is_reported(tmp_path: Path, asked: dict[str, str]) -> None:
    """Its status is said; nothing is recorded that it did not answer."""
    done = run(tmp_path, "import sys; sys.exit(3)", asked)
    assert [row.kind for row in done.problems] == ["failed"]
    assert "status 3" in str(next(iter(done.problems)))
    assert done.answered == 0


KEY = keys(TEXTS[:1], BOOK)[0]
HOSTILE: dict[str, tuple[Any, str]] = {
    "prose": ("Sure! Here are the codes:", "not JSON"),
    "nesting": ("[" * 100_000, "not JSON"),
    "a list": ([1, 2], "no text 'key'"),
    "another key": ({"key": "../../etc", "spans": []}, "none that was asked"),
    "no spans": ({"key": KEY}, "'spans' is not a list"),
    "many spans": ({"key": KEY, "spans": [{}] * 1000}, "'spans' is not a list"),
    "a span of words": ({"key": KEY, "spans": ["money"]}, "not a mapping"),
    "no numbers": ({"key": KEY, "spans": [{"start": "0", "end": 4, "code": "money"}]}, "whole"),
    "true": ({"key": KEY, "spans": [{"start": True, "end": 4, "code": "money"}]}, "whole"),
    "fractions": ({"key": KEY, "spans": [{"start": 0.5, "end": 4, "code": "money"}]}, "whole"),
    "beyond": ({"key": KEY, "spans": [{"start": 0, "end": 99, "code": "money"}]}, "not within"),
    "before": ({"key": KEY, "spans": [{"start": -3, "end": 2, "code": "money"}]}, "not within"),
    "empty": ({"key": KEY, "spans": [{"start": 4, "end": 4, "code": "money"}]}, "not within"),
    "huge": ({"key": KEY, "spans": [{"start": 0, "end": 10**40, "code": "money"}]}, "not within"),
    "unknown": (
        {"key": KEY, "spans": [{"start": 0, "end": 3, "code": "monney"}]},
        "Did you mean 'money'",
    ),
    "retired": ({"key": KEY, "spans": [{"start": 0, "end": 3, "code": "old"}]}, "not in the"),
    "invented": (
        {"key": KEY, "spans": [{"start": 0, "end": 3, "code": "money", "quote": "A lie"}]},
        "not what stands at",
    ),
    "long": ("x" * 300_000, "too long"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_malformed_answer_is_a_problem_with_its_reason(name: str) -> None:
    """Whatever a model makes up, it is said and never becomes a coding."""
    value, reason = HOSTILE[name]
    line = value if isinstance(value, str) else json.dumps(value)
    answer = parse_answer(line, {KEY: TEXTS[0]}, BOOK.active)
    assert isinstance(answer, str)
    assert reason in answer
    assert "A lie" not in answer


def test_hostile_lines_cost_no_good_answer(tmp_path: Path, asked: dict[str, str]) -> None:
    """Between rubbish, bytes that are no text and lines without end, good answers still count."""
    source = (
        "import sys\n"
        r"sys.stdout.buffer.write(b'\xff\xfe\n' + b'x' * 3_000_000 + b'\n{}\n\n')"
        "\nsys.stdout.flush()\n" + READER
    )
    done = run(tmp_path, source, asked)
    assert done.answered == 3
    assert [(row.kind, row.line) for row in done.problems] == [("bad_answer", n) for n in (1, 2, 3)]


def test_a_tampered_record_is_found(tmp_path: Path, asked: dict[str, str]) -> None:
    """Recorded answers are checked again on every run, since anybody can edit the file."""
    run(tmp_path, READER, asked)
    path = tmp_path / answers_file("reader")
    path.write_text(path.read_text().replace('"end": 10', '"end": 1000'))
    problems = Problems()
    answers = read_answers(tmp_path, "reader", asked, BOOK.active, problems)
    assert len(answers.spans) == 2
    assert [row.kind for row in problems] == ["bad_answer", "no_answer"]


def test_answers_to_what_is_gone_are_left_out(tmp_path: Path, asked: dict[str, str]) -> None:
    """A person who withdrew is answered for no longer; asking again removes the record."""
    run(tmp_path, READER, asked)
    left = dict(list(asked.items())[1:])
    problems = Problems()
    assert len(read_answers(tmp_path, "reader", left, BOOK.active, problems).spans) == 2
    assert [row.kind for row in problems] == ["old_answer"]
    ask(tmp_path, "reader", ["/no/such/program"], left, BOOK, timeout_s=1)
    assert len((tmp_path / answers_file("reader")).read_text().splitlines()) == 2


@given(st.text(max_size=200))
def test_no_line_is_a_traceback(line: str) -> None:
    """Any text at all is an answer or a sentence."""
    parse_answer(line, {KEY: TEXTS[0]}, BOOK.active)


def test_the_stage_measures_a_program_like_a_coder(
    plant: Callable[..., Any], tmp_path: Path
) -> None:
    """Its recorded answers stand in the tables, unanswered turns missing and not silent."""
    study = plant(each=5, waiting=1)
    table = study.tables["transcripts"]
    texts = dict(zip(table["transcript_id"], table["text"], strict=True))
    units = study.tables["units"].to_dict("records")
    words = [texts[row["transcript_id"]][row["start"] : row["end"]] for row in units]
    given_out = dict(zip(keys(words, study.codebook), words, strict=True))
    some = dict(list(given_out.items())[: len(given_out) // 2])
    source = READER.replace(
        'cues = {"money": "budget", "time": "years"}',
        'cues = {"money": "budget was gone", "time": "it took years"}',
    )
    ask(tmp_path, "own", program(tmp_path, source), some, study.codebook, timeout_s=60)
    tables, problems = study.assist(
        tmp_path, external=[{"name": "own", "command": ["/no/such/program"], "timeout_s": 1}]
    )
    assert [row.kind for row in problems] == ["no_answer"]
    rows = tables["machine_codes"].query("coder == 'machine:own'").set_index("code")
    assert set(rows["scheme"]) == {"external"}
    assert (rows["precision"].dropna() == 1).all()
    assert rows.loc["", "n_units"] < len(study.tables["units"])
    assert "machine:own" in set(tables["machine_agreement"]["coder_b"])

"""``themetrail machine ask``: a program of the team's own, through the command, then replayed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support import ROOT, replace, themetrail

pytestmark = pytest.mark.slow

#: reads the codebook and the turns; says each code whose cue is in the words
READER = """
import json, sys
from pathlib import Path
Path("started").touch()
book = json.loads(sys.stdin.readline())
cues = {"asked": "asked", "time": "summer", "money": "pay"}
assert {code["id"] for code in book["codes"]} == set(cues), book
for line in sys.stdin:
    turn = json.loads(line)
    spans = [
        {"start": turn["text"].index(cue), "end": turn["text"].index(cue) + len(cue), "code": code}
        for code, cue in cues.items() if cue in turn["text"]
    ]
    print(json.dumps({"key": turn["key"], "spans": spans}), flush=True)
"""
#: one good answer between lines that are none, then its end
HOSTILE = r"""
import json, sys
sys.stdin.readline()
turns = [json.loads(line) for line in sys.stdin]
sys.stdout.buffer.write(b"Sure! Here are the codes:\n\xff\xfe\n" + b"[" * 100_000 + b"\n")
sys.stdout.flush()
def say(turn, **span):
    print(json.dumps({"key": turn["key"], "spans": [span] if span else []}), flush=True)
say(turns[0])
say(turns[1], start=0, end=9_999_999, code="time")
say(turns[2], start=0, end=3, code="tyme")
say(turns[3], start=0, end=3, code="time", quote="a secret that nobody said")
print(json.dumps({"key": "../../etc/passwd", "spans": []}))
sys.exit(3)
"""
SLOW = """
import json, sys, time
sys.stdin.readline()
print(json.dumps({"key": json.loads(sys.stdin.readline())["key"], "spans": []}), flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small study with four programs, its transcripts read."""
    study = tmp_path_factory.mktemp("read") / "mini"
    shutil.copytree(ROOT / "tests/studies/mini", study)
    listed: list[dict[str, Any]] = [{"name": "none", "command": ["/no/such/program"]}]
    (study / "tools").mkdir()
    for name, source in {"reader": READER, "hostile": HOSTILE, "slow": SLOW}.items():
        (study / f"tools/{name}.py").write_text(source, encoding="utf-8")
        listed.append({"name": name, "command": [sys.executable, "-I", f"tools/{name}.py"]})
    external = [{**one, "timeout_s": 8 if one["name"] == "slow" else 90} for one in listed]
    settings = {"enabled": True, "external": external}
    with (study / "config/config.yaml").open("a", encoding="utf-8") as file:
        file.write(f"machine: {json.dumps(settings)}\n")
    units = [f"results/intake/{site}/units.parquet" for site in ("north", "south")]
    run = themetrail("run", *units, "--study", str(study))
    assert run.status == 0, run.output
    return study


@pytest.fixture
def study(read: Path, tmp_path: Path) -> Path:
    """Give a copy of it, modification times and run records included."""
    return Path(shutil.copytree(read, tmp_path / "mini"))


def ask(study: Path, name: str) -> tuple[int, str]:
    """Exit status and output of the command."""
    done = themetrail("machine", "ask", name, "--study", str(study))
    assert "Traceback" not in done.output
    return done.status, done.output


def test_what_a_program_answered_is_replayed_without_it(study: Path) -> None:
    # Protects whoever runs the study later: without the program, and with no words on record.
    status, said = ask(study, "reader")
    assert (status, "11 of 11 turns have an answer (11 new)" in said) == (0, True), said
    recorded = study / "data/machine/reader.jsonl"
    before = recorded.read_bytes()
    assert b"summer" not in before
    shutil.rmtree(study / "tools")
    replace(study / "config/config.yaml", sys.executable, "/no/such/python")
    status, said = ask(study, "reader")
    assert (status, "11 of 11 turns have an answer (0 new)" in said) == (0, True), said
    run = themetrail("run", "results/machine/codes.csv", "--study", str(study))
    assert run.status == 0, run.output
    codes = pd.read_csv(study / "results/machine/codes.csv", keep_default_na=False)
    mine = codes[codes["coder"] == "machine:reader"].set_index("code")
    assert set(mine["scheme"]) == {"external"}
    assert mine.loc["asked", ["n_proposed", "n_correct"]].tolist() == [3, 3]
    agreement = pd.read_csv(study / "results/machine/agreement.csv")
    assert "machine:reader" in set(agreement["coder_b"])
    assert "machine:reader" in themetrail("machine", "--study", str(study)).output
    assert recorded.read_bytes() == before


def test_a_program_that_makes_things_up_is_reported_line_by_line(study: Path) -> None:
    # Protects the record: of a model's rubbish and its crash, only what is a good answer stays.
    status, said = ask(study, "hostile")
    assert status == 1
    lines = said.splitlines()
    for number, reason in {
        1: "the line is not JSON",
        2: "the line is not JSON",
        3: "the line is not JSON",
        5: "is not within the",
        6: "Did you mean 'time'?",
        7: "the quote is not what stands at 0 to 3",
        8: "the key is none that was asked",
    }.items():
        found = [line for line in lines if f"the output of hostile:{number}:" in line]
        assert len(found) == 1, (number, said)
        assert reason in found[0]
    assert "the program ended with status 3" in said
    assert "1 of 11 turns have an answer (1 new)" in said
    assert "secret" not in said
    assert len((study / "data/machine/hostile.jsonl").read_text().splitlines()) == 1


def test_a_program_that_overruns_or_is_not_there_is_said(study: Path) -> None:
    # Protects the terminal: it comes back, and what was answered by then counts.
    status, said = ask(study, "slow")
    assert status == 1
    assert "was stopped after 8 s" in said
    assert "1 of 11 turns have an answer (1 new)" in said
    status, said = ask(study, "none")
    assert status == 1
    assert "'/no/such/program' can't be started" in said
    status, said = ask(study, "raeder")
    assert status == 1
    assert "Did you mean 'reader'?" in said


def test_no_program_is_given_the_words_of_somebody_who_left(study: Path) -> None:
    # Protects who withdrew after the last run: it is made again before anything is handed out.
    rows = "participant_id,on,reason\nN2,2026-06-01,letter\n"
    (study / "data/withdrawals.csv").write_text(rows, encoding="utf-8")
    status, said = ask(study, "reader")
    assert status == 1
    assert "changed since it was read (north)" in said
    assert not (study / "started").exists()
    assert not (study / "data/machine").exists()

"""Evidence that was altered, through the command: what differs, where, and what to do."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from audit_study import run
from support import replace
from themetrail.cli import main

pytestmark = pytest.mark.slow
Command = Callable[..., tuple[int, str]]
TRANSCRIPT = "data/north/transcripts/N1.txt"
DECISIONS = "data/north/adjudications.csv"


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    """A finished study to alter."""
    return Path(shutil.copytree(finished, tmp_path / "mini"))


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process: its exit status, and what it printed as one line."""

    def call(*line: object) -> tuple[int, str]:
        capsys.readouterr()
        status = main([str(part) for part in line])
        told = capsys.readouterr()
        return status, " ".join((told.out + told.err).split())

    return call


def rewritten(path: Path, member: str, pattern: str, new: str) -> None:
    """Replace the first match in one member of an archive, as a program that saves it would."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as made:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == member:
                text, n = re.subn(pattern, new, data.decode("utf-8"), count=1)
                assert n == 1
                data = text.encode("utf-8")
            made.writestr(entry, data)
    path.write_bytes(target.getvalue())


def test_a_transcript_edited_after_coding(study: Path, command: Command) -> None:
    """Protects coders' work: the word that changed is named, and whose coding it was."""
    replace(study / TRANSCRIPT, "the whole summer", "the whole winter")
    status, said = command("verify", "--study", study)
    assert status == 1
    assert f"{TRANSCRIPT}: is not as it was when the study was run" in said
    assert "What to do: Put the file back as it was" in said
    assert "not compared: the inputs are not those of the run" in said
    status, said = command("check", "--study", study)
    assert status == 1
    assert "data/north/codings/ann.csv:3" in said
    assert "in turn 4 (" in said
    assert "where “summer” is “winter”" in said
    assert "Copy the words from the transcript as it is now" in said


def test_a_crate_with_one_byte_changed(study: Path, command: Command) -> None:
    """Protects a reader of the published crate."""
    crate = study / "reports/crate.zip"
    data = bytearray(crate.read_bytes())
    data[len(data) // 2] ^= 1
    crate.write_bytes(bytes(data))
    status, said = command("verify", crate)
    assert status == 1
    assert "crate.zip" in said
    assert "What to do: Ask whoever published the crate for it again" in said
    status, said = command("verify", "--study", study)
    assert status == 1
    assert "reports/crate.zip" in said
    assert "themetrail run makes it anew" in said


def test_a_crate_whose_number_was_edited(study: Path, command: Command) -> None:
    """Protects a reader from a forger with a zip program: fact and paper are named."""
    crate, number = study / "reports/crate.zip", r"(data-fact=\"[^\"]+\">)\d"
    rewritten(crate, "reports/paper.html", number, r"\g<1>8")
    status, said = command("verify", crate)
    assert status == 1
    assert "crate.zip, reports/paper.html: is not what manifest-sha256.txt says" in said
    assert re.search(r"reports/paper.html: fact \S+ reads “8", said)


def test_a_quotation_altered_by_a_smart_quote(study: Path, command: Command) -> None:
    """Protects the words of people from programs that correct typing."""
    page = study / "reports/paper.html"
    text = page.read_text(encoding="utf-8")
    quoted = re.search(r'class="quotation"[^>]*>([^<]*\w)( \w+)', text)
    assert quoted is not None
    altered = quoted[0].replace(quoted[2], f" ‘{quoted[2].strip()}’")
    page.write_text(text.replace(quoted[0], altered, 1), encoding="utf-8")
    status, said = command("verify", "--study", study)
    assert status == 1
    assert "reports/paper.html: quotation reads “" in said
    assert f"‘{quoted[2].strip()}’" in said
    assert "Delete what is named and run the study" in said
    assert said.endswith("2 differences.")  # and the hash; no other number or word is accused


def test_a_number_edited_in_the_word_file(study: Path, command: Command) -> None:
    """Protects a reader of the paper that journals ask for."""
    rewritten(study / "reports/paper.docx", "word/document.xml", r">5<", ">7<")
    status, said = command("verify", "--study", study)
    assert status == 1
    assert re.search(r"reports/paper.docx: says “[^”]*7[^”]*”, not “[^”]*5", said)
    assert "Delete what is named and run the study" in said


def test_a_decision_removed_from_the_log(study: Path, command: Command) -> None:
    """Protects the record: the decision is named, and nothing else is accused."""
    log = study / "reports/decisions.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    status, said = command("verify", "--study", study)
    assert status == 1
    assert "reports/decisions.jsonl:2: does not follow the line before it" in said
    assert re.search(r"reports/decisions.jsonl: does not have “[^”]+” \(\S+:\d+\)", said)
    assert said.count("is numbered") == 1


def test_a_decision_removed_from_its_file(study: Path, tmp_path: Path, command: Command) -> None:
    """Protects the record across runs: rows that moved up are the same decisions still."""
    earlier = Path(shutil.copy(study / "reports/crate.zip", tmp_path / "earlier.zip"))
    decisions = study / DECISIONS
    lines = decisions.read_text(encoding="utf-8").splitlines(keepends=True)
    decisions.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    run(study)
    status, said = command("verify", "--study", study, "--since", earlier)
    assert status == 1
    assert f"“2021-11 adjudication money keep” ({DECISIONS}:2) is no longer there" in said
    assert "Put the row back into the file that is named" in said
    assert said.endswith("1 difference.")
    status, said = command("verify", "--study", study, "--since", tmp_path / "none.zip")
    assert status == 1
    assert "none.zip: can't be read" in said


def test_two_adjudications_that_contradict(study: Path, command: Command) -> None:
    """Protects a decision from another that undoes it unseen."""
    decisions = study / DECISIONS
    line = decisions.read_text(encoding="utf-8").splitlines()[1].replace(",keep,", ",drop,")
    decisions.write_text(f"{decisions.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    status, said = command("check", "--study", study)
    assert status == 1
    assert f"{DECISIONS}:4: decides 'money' otherwise than line 2 does" in said
    assert "Keep one of the two decisions." in said


def test_an_adjudication_for_a_passage_that_is_gone(study: Path, command: Command) -> None:
    """Protects a decision from being applied to other words, or to none unseen."""
    decisions = study / DECISIONS
    line = "N1,We were sold a unicorn out of a catalogue,money,keep,cara,2021-11,because"
    decisions.write_text(f"{decisions.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    status, said = command("check", "--study", study)
    assert status == 1
    assert f"{DECISIONS}:4: “We were sold a unicorn out of a catalogue” is nowhere in N1" in said
    assert "nor anything like it" in said
    assert "or take the row out" in said

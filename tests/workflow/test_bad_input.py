"""Bad input gets one clear report of all problems, from ``check`` and from the run alike."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support import replace, themetrail
from themetrail.check import check

NORTH = "data/north/codings/ann.csv"


def break_coding(old: str, new: str) -> Callable[[Path], None]:
    """A change of one coder's file."""
    return lambda study: replace(study / NORTH, old, new)


def append(path: str, text: str) -> Callable[[Path], None]:
    """More text at a file's end."""

    def change(study: Path) -> None:
        with (study / path).open("a", encoding="utf-8") as handle:
            handle.write(text)

    return change


def write(path: str, content: bytes) -> Callable[[Path], None]:
    """A file with these bytes."""

    def change(study: Path) -> None:
        (study / path).parent.mkdir(parents=True, exist_ok=True)
        (study / path).write_bytes(content)

    return change


def offsets_past_the_end(study: Path) -> None:
    """A coder's file with offsets, one of them beyond the transcript."""
    (study / NORTH).write_text(
        "transcript_id,start,end,code\nN1,37,53,asked\nN1,40,99999,time\n", encoding="utf-8"
    )


def manuscript(text: str) -> Callable[[Path], None]:
    """A manuscript of the study's own."""
    return write("reports/manuscript/paper.md", text.encode())


# name: (change, file, line, what the message or remedy must say)
CASES: dict[str, tuple[Callable[[Path], None], str, int | None, tuple[str, ...]]] = {
    "missing transcript": (
        lambda s: (s / "data/north/transcripts/N2.txt").unlink(),
        "data/north/participants.csv",
        3,
        ("N2",),
    ),
    "empty transcript": (
        write("data/north/transcripts/N2.txt", b""),
        "data/north/transcripts/N2.txt",
        None,
        ("holds no words",),
    ),
    "two files with one id": (
        lambda s: shutil.copy(
            s / "data/north/transcripts/N2.txt", s / "data/north/transcripts/N2.md"
        ),
        "data/north/transcripts/N2.md",
        None,
        ("2 files have this id", "N2.txt"),
    ),
    "one id at two sites": (
        lambda s: shutil.copy(
            s / "data/north/transcripts/N2.txt", s / "data/south/transcripts/N2.txt"
        ),
        "data/south/transcripts/N2.txt",
        None,
        ("N2", "data/north"),
    ),
    "undecodable bytes": (
        write("data/north/transcripts/N2.txt", b"N2: caf\x81\x8d\x8f, they said.\n"),
        "data/north/transcripts/N2.txt",
        1,
        ("byte",),
    ),
    "unknown speaker": (
        append("data/north/transcripts/N2.txt", "\nN7: Who am I?\n"),
        "data/north/transcripts/N2.txt",
        9,
        ("N7",),
    ),
    "code not in the codebook": (
        break_coding("Nobody asked us.,asked", "Nobody asked us.,askd"),
        NORTH,
        2,
        ("askd", "Did you mean 'asked'?"),
    ),
    "offset past the end": (offsets_past_the_end, NORTH, 3, ("99999",)),
    "quotation not found": (
        break_coding("Nobody asked us.", "Nobody asked them."),
        NORTH,
        2,
        ("Nobody asked them.", "nowhere in N1"),
    ),
    "quotation found twice": (
        lambda s: (
            append("data/north/transcripts/N1.txt", "\nN1: Nobody asked us.\n")(s),
            None,
        )[1],
        NORTH,
        2,
        ("Nobody asked us.", "turn"),
    ),
    "coder's file of the wrong kind": (
        write("data/north/codings/cleo.xlsx", b"<html><body>not a workbook</body></html>"),
        "data/north/codings/cleo.xlsx",
        None,
        ("HTML",),
    ),
    "malformed YAML": (
        write("config/themes.yaml", b"version: 1\nthemes:\n  - {id: T1, title: [\n"),
        "config/themes.yaml",
        4,
        ("YAML",),
    ),
    "unknown configuration key": (
        append("config/config.yaml", "reliabilty: {seed: 1}\n"),
        "config/config.yaml",
        14,
        ("reliabilty", "Did you mean 'reliability'?"),
    ),
    "theme with a code that does not exist": (
        lambda s: replace(s / "config/themes.yaml", "codes: [asked]", "codes: [askedd]"),
        "config/themes.yaml",
        3,
        ("askedd", "Did you mean 'asked'?"),
    ),
    "placeholder without a fact": (
        manuscript("# Results\n\nThere are {{ fact('n.particpants') }} people.\n"),
        "reports/manuscript/paper.md",
        3,
        ("n.particpants", "n.participants"),
    ),
    "identifier of a person": (
        append("data/south/transcripts/S1.txt", "\nS1: It is 943 476 5919.\n"),
        "data/south/transcripts/S1.txt",
        7,
        ("NHS number",),
    ),
    "pinned words that nobody said": (
        lambda s: replace(
            s / "config/themes.yaml",
            "codes: [asked]",
            "codes: [asked], pinned: [{transcript_id: N1, quote: Never said, reason: none}]",
        ),
        "config/themes.yaml",
        None,
        ("pinned passage 1", "not in its transcript"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_problem_is_named_with_its_place(mini: Path, name: str) -> None:
    """Protects the user's time: file, line, what was found, what to do."""
    change, file, line, words = CASES[name]
    change(mini)
    errors = [row for row in check(mini) if row.severity == "error"]
    said = "\n".join(str(row) for row in errors)
    here = [row for row in errors if row.file == file and (line is None or row.line == line)]
    assert any(all(word in str(row) for word in words) for row in here), said
    assert "943 476 5919" not in said


def test_a_sound_study_has_no_problem(mini: Path) -> None:
    """Protects the report's worth: it is empty where nothing is wrong."""
    assert [dataclasses.astuple(row) for row in check(mini)] == []


@pytest.mark.slow
def test_the_run_reports_all_of_them_at_once(mini: Path) -> None:
    """Protects against mending one error a run: everything wrong with the data in one report."""
    for name in (
        "code not in the codebook",
        "unknown speaker",
        "coder's file of the wrong kind",
        "identifier of a person",
    ):
        CASES[name][0](mini)
    run = themetrail("run", "--study", str(mini))
    checked = themetrail("check", "--study", str(mini))
    assert run.status == checked.status == 1
    for words in ("askd", "N7", "cleo.xlsx", "NHS number"):
        assert words in run.output
        assert words in checked.output
    assert "Traceback" not in run.output + checked.output
    assert "943 476 5919" not in run.output + checked.output
    assert not list((mini / "reports").glob("paper.*"))
    held = [p for p in (mini / "results").rglob("*") if p.is_file()]
    assert not [p for p in held if b"476 5919" in p.read_bytes()]


@pytest.mark.slow
def test_broken_configuration_stops_the_run_with_the_whole_report(mini: Path) -> None:
    """Protects against a wall of schema text: the run says what ``check`` says."""
    for name in ("unknown configuration key", "code not in the codebook"):
        CASES[name][0](mini)
    run = themetrail("run", "--study", str(mini))
    assert run.status == 1
    assert "Did you mean 'reliability'?" in run.output
    assert "Did you mean 'asked'?" in run.output
    assert "Traceback" not in run.output


def test_wrong_use_of_the_command_is_status_two(tmp_path: Path) -> None:
    """Protects scripts that tell a broken study from a mistyped command."""
    assert themetrail("runn").status == 2
    nowhere = themetrail("check", "--study", str(tmp_path / "nowhere"))
    assert nowhere.status == 1
    assert "no such folder" in nowhere.output

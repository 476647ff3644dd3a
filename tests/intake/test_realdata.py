"""Published transcripts that nobody here wrote; skipped where they are not beside the project."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from themetrail.intake import Intake, parse_turns, read_document, read_text

Reader = Callable[..., Intake]


def sheet(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        pytest.skip(f"{path.name} is not there")
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_consultations_turns_are_those_of_their_makers(site: Reader, shared: Path) -> None:
    # primock57: 57 acted consultations, 7,108 turns with their places, overlapping speech.
    folder = shared / "realdata/primock57"
    units = sheet(folder / "units.csv")
    files = {f.name: f.read_bytes() for f in sorted((folder / "transcripts_txt").glob("*.txt"))}
    people = "participant_id\n" + "\n".join(name.removesuffix(".txt") for name in files)
    spoken = "data/s/transcripts/D3C09.txt"
    allow = [{"file": spoken, "kind": "email", "reason": "acted; nobody's address"}]
    intake = site(files, people, interviewers=["Doctor"], allow=allow)
    expected = {(row["document"], int(row["start"]), int(row["end"])) for row in units}
    turns = intake.turns
    found = set(zip(turns["transcript_id"], turns["start"], turns["end"], strict=True))
    assert len(turns) == 7108
    assert found == expected
    assert not [p for p in intake.problems if p.severity == "error"]
    doctors = sum(row["speaker"] == "doctor" for row in units)
    assert (turns["role"] == "interviewer").sum() == doctors


def test_captions_say_what_the_text_says(shared: Path) -> None:
    # The same consultations as WebVTT: the same words in the same order.
    folder = shared / "realdata/primock57"
    captions = sorted((folder / "derived_vtt").glob("*.vtt"))
    if not captions:
        pytest.skip("the captions are not there")
    for file in captions:
        document = read_document(file.read_bytes(), "vtt")
        plain, _, _ = read_text(folder / "transcripts_txt" / f"{file.stem}.txt")
        words = [
            " ".join(text[u.start : u.end] for u in parse_turns(source).utterances).split()
            for source, text in ((document, document.text), (plain, plain))
        ]
        assert words[0] == words[1], file.stem


def test_plays_have_speakers_alone_on_a_line(shared: Path) -> None:
    # qtrack: four German plays, umlauts, guillemets, indentation, verse with colons.
    folder = shared / "realdata/qtrack_plays"
    codings = sheet(folder / "codings.csv")
    persons = {"guenderode-udohla": 7, "goethe-clavigo": 9, "schlegel-canut": 7}
    for name, count in persons.items():
        text, _, _ = read_text(folder / "transcripts_txt" / f"{name}.txt")
        speech = parse_turns(text, preamble="turn")
        assert len({u.speaker for u in speech.utterances}) == count + 1, name
        for row in codings:
            if row["document"] == name:
                start, end = int(row["start"]), int(row["end"])
                assert text[start:end] == row["quote"]
                assert any(u.start <= start and end <= u.end for u in speech.utterances)

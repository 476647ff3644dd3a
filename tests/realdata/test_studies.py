"""Published data that nobody here wrote go through the workflow whole.

The data are not part of the project; the tests are skipped where they are not beside it.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from support import themetrail
from themetrail import Study

PAPERS = ["paper.docx", "paper.html", "paper.pdf", "paper.xml"]
MakeStudy = Callable[[str], Path]


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file's rows."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def make_study(root: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> MakeStudy:
    """Give a function that makes a study of a published data set."""

    def make(name: str) -> Path:
        source = shared / "realdata" / name
        if not source.is_dir():
            pytest.skip(f"{name} is not beside the project")
        target = tmp_path_factory.mktemp("studies") / name
        script = root / "tests/realdata/make_study.py"
        subprocess.run([sys.executable, script, name, source, target], check=True)
        return target

    return make


@pytest.fixture(scope="module")
def plays(make_study: MakeStudy) -> Path:
    """Give the study of four plays, run."""
    study = make_study("qtrack_plays")
    run = themetrail("run", "--study", str(study))
    assert run.status == 0, run.output
    return study


@pytest.fixture(scope="module")
def consultations(make_study: MakeStudy) -> Path:
    """Give the study of 57 consultations, run."""
    study = make_study("primock57")
    run = themetrail("run", "--study", str(study))
    assert run.status == 0, run.output
    return study


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plays", "consultations"])
def test_published_data_become_a_paper(name: str, request: pytest.FixtureRequest) -> None:
    """Every format, from files in forms that were not made for this project."""
    study: Path = request.getfixturevalue(name)
    assert sorted(path.name for path in study.glob("reports/paper.*")) == PAPERS


@pytest.mark.slow
def test_every_published_coding_is_placed_on_its_words(plays: Path, shared: Path) -> None:
    """All 111, of both annotators, on exactly the passage that the publication gives."""
    published = Counter(
        (row["coder"], row["document"], int(row["start"]), int(row["end"]), row["quote"])
        for row in rows(shared / "realdata/qtrack_plays/codings.csv")
    )
    study = Study(plays)
    texts = dict(zip(study.transcripts["transcript_id"], study.transcripts["text"], strict=True))
    placed = Counter(
        (
            row.coder,
            row.transcript_id,
            row.start,
            row.end,
            texts[row.transcript_id][row.start : row.end],
        )
        for row in study.codings.itertuples()
    )
    assert placed == published
    assert set(study.codings["anchor"]) == {"exact"}


@pytest.mark.slow
def test_slips_of_the_annotators_are_mended_in_the_open(plays: Path) -> None:
    """The code as annotated stays beside the code that the change log makes of it."""
    codings = Study(plays).codings
    changed = codings[codings["code"] != codings["code_as_coded"]]
    assert sorted(zip(changed["code_as_coded"], changed["code"], strict=True)) == [
        ("dentity", "identity"),
        ("law", "siblings_in_law"),
    ]


@pytest.mark.slow
def test_both_annotators_judged_all_four_plays(plays: Path) -> None:
    """What an annotator left unmarked in a play that they read is absent, not missing."""
    patterns = Study(plays).patterns
    assert set(patterns["coders"]) == {"01;02"}
    assert not patterns["ratings"].str.contains(".", regex=False).any()


@pytest.mark.slow
def test_consultations_wait_for_their_coding(consultations: Path, shared: Path) -> None:
    """57 read, none coded: counted as waiting, with no agreement made up."""
    study = Study(consultations)
    problems = Counter(row["kind"] for row in rows(consultations / "results/problems.csv"))
    assert problems["waiting_for_coding"] == 57
    assert len(study.transcripts) == 57
    assert set(study.transcripts["status"]) == {"ready"}
    facts = json.loads((consultations / "results/facts.json").read_text(encoding="utf-8"))
    values = {fact["id"]: fact["value"] for fact in facts["facts"]}
    assert values["n.transcripts"] == values["n.transcripts.waiting"] == 57
    estimates = rows(consultations / "results/reliability/coefficients.csv")
    assert [row for row in estimates if row["estimate"]] == []


@pytest.mark.slow
def test_every_published_turn_of_speech_is_a_turn(consultations: Path, shared: Path) -> None:
    """Timed text gives the published turns; captions join a speaker's cues that follow on."""
    published = Counter(row["document"] for row in rows(shared / "realdata/primock57/units.csv"))
    for row in Study(consultations).transcripts.itertuples():
        if row.format == "vtt":
            assert 0 < row.n_turns <= published[row.transcript_id]
        else:
            assert row.n_turns == published[row.transcript_id]


@pytest.mark.slow
def test_an_address_spelled_aloud_is_held_back(make_study: MakeStudy) -> None:
    """One employee spells an e-mail address in words; without a reason its text does not pass."""
    study = make_study("primock57")
    config = study / "config/config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("kind: email", "kind: phone"), encoding="utf-8")
    found = themetrail("check", "--study", str(study))
    assert found.status == 1
    assert "D3C09.txt:7" in found.output
    assert "gmail" not in found.output

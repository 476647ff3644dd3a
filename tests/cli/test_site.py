"""``themetrail site add``: whole or not at all, and the rest of the study stays as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import ROOT, replace
from themetrail.cli import main
from themetrail.config import load
from themetrail.sites import add_site

NEW = """Interviewer: How did it begin?

W1: Nobody asked us here either.
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The small study."""
    return Path(shutil.copytree(ROOT / "tests/studies/mini", tmp_path / "study"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a new site's team hands over."""
    source = tmp_path / "west"
    (source / "transcripts").mkdir(parents=True)
    (source / "transcripts/W1.txt").write_text(NEW, encoding="utf-8")
    (source / "participants.csv").write_text("participant_id,role\nW1,nurse\n", encoding="utf-8")
    (source / "Thumbs.db").write_bytes(b"x")
    return source


def test_a_site_is_copied_checked_and_listed(
    study: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects the new site's team: one command, and what to do next."""
    before = (study / "config/sites.tsv").read_text(encoding="utf-8")
    line = ["site", "add", "west", "--label", "West", "--from", str(folder), "--study", str(study)]
    assert main(line) == 0
    said = capsys.readouterr().out
    assert "1 transcript, 0 coders; 1 transcript waiting to be coded." in said
    assert "Thumbs.db" in said
    assert "themetrail run" in said
    assert (study / "config/sites.tsv").read_text(encoding="utf-8").startswith(before)
    config, problems = load(study)
    assert not problems.errors
    assert config.sites[-1].label == "West"
    assert not (study / "data/west/Thumbs.db").exists()


def test_an_interrupted_add_is_finished_by_the_same_call(study: Path, folder: Path) -> None:
    """Protects against half a site: a folder without its row, or a half-copied folder aside."""
    (study / "data/.west.part/transcripts").mkdir(parents=True)
    add_site(study, {"site": "west", "label": "West"}, folder)
    table = study / "config/sites.tsv"
    replace(table, table.read_text(encoding="utf-8").splitlines()[-1] + "\n", "")
    add_site(study, {"site": "west", "label": "West"}, folder)
    assert [site.site for site in load(study)[0].sites] == ["north", "south", "west"]
    assert not list((study / "data").glob(".west*"))


def test_texts_of_codings_by_offsets_are_kept_at_once(
    study: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects codings without words: the day they come is the day on which their text is known."""
    (folder / "codings").mkdir()
    start = NEW.index("Nobody asked us")
    row = f"W1,{start},{start + 15},asked"
    (folder / "codings/ann.csv").write_text(f"transcript_id,start,end,code\n{row}\n")
    main(["site", "add", "west", "--from", str(folder), "--study", str(study)])
    said = capsys.readouterr().out
    assert "1 text kept in data/west/coded_texts" in said
    assert "offsets or turn numbers alone place" not in said
    (listed,) = (study / "data/west/coded_texts.csv").read_text().splitlines()[1:]
    assert listed.startswith("ann,W1,")


@pytest.mark.parametrize(
    ("slug", "words"),
    [("../west", "not a site's folder name"), ("north", "already"), ("", "folder name")],
)
def test_a_wrong_name_is_refused(
    study: Path, folder: Path, slug: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects other sites and other folders: a slug is one folder's new name."""
    assert main(["site", "add", slug, "--from", str(folder), "--study", str(study)]) == 1
    assert words in capsys.readouterr().err
    assert sorted(p.name for p in (study / "data").iterdir()) == ["north", "south"]


def test_errors_of_the_new_site_are_shown_at_once(
    study: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects the next run: what is wrong is said while the data are at hand."""
    replace(folder / "transcripts/W1.txt", "W1:", "W9:")
    assert main(["site", "add", "west", "--from", str(folder), "--study", str(study)]) == 1
    assert "W9" in capsys.readouterr().out


def test_a_study_without_a_table_gets_one_with_all_its_sites(study: Path, folder: Path) -> None:
    """Protects sites that were only folders: the first table must not leave them out."""
    (study / "config/sites.tsv").unlink()
    add_site(study, {"site": "west", "label": "West"}, folder)
    assert [site.site for site in load(study)[0].sites] == ["north", "south", "west"]


def test_a_teams_own_names_are_understood(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects a team whose folder is its own: what was taken for what is said, nothing guessed."""
    from openpyxl import Workbook

    source = tmp_path / "From the west"
    (source / "Interviews" / "June").mkdir(parents=True)
    (source / "Coding").mkdir()
    for name in ("Interview W1 (final).TXT", "June/W2.txt"):
        who = "W1" if "W1" in name else "W2"
        (source / "Interviews" / name).write_text(NEW.replace("W1", who), encoding="utf-8")
    (source / "Coding/Ada (west).csv").write_text(
        "transcript_id,quote,code\nW1,Nobody asked us here either.,asked\n",
        encoding="utf-8",
    )
    book = Workbook()
    for row in (["Study no.", "Participant ID", "role"], [7, "W1", "nurse"], [8, "W2", "nurse"]):
        book.active.append(row)
    book.save(source / "People.xlsx")
    (source / "notes.pdf").write_bytes(b"%PDF")
    line = ["site", "add", "west", "--from", str(source), "--study", str(study)]
    assert main(line) == 0
    said = capsys.readouterr().out
    for words in (
        "Interviews was taken for the transcripts",
        "Coding was taken for the codings",
        "People.xlsx was written as participants.csv",
        "the column 'Participant ID' was taken for participant_id",
        "it was copied as W1.TXT",
        "no part of a site: notes.pdf",
        "2 transcripts, 1 coder; 1 transcript waiting to be coded.",
    ):
        assert words in said, said
    assert sorted(p.name for p in (study / "data/west/transcripts").iterdir()) == [
        "W1.TXT",
        "W2.txt",
    ]


@pytest.mark.parametrize(
    ("slug", "words"), [("West Wing", "e.g. west-wing"), ("NORTH", "only in capitals")]
)
def test_a_refused_name_comes_with_a_better_one(
    study: Path, folder: Path, slug: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects against two folders that are one where capitals do not count."""
    assert main(["site", "add", slug, "--from", str(folder), "--study", str(study)]) == 1
    assert words in capsys.readouterr().err


def test_without_a_sheet_of_people_one_is_written(
    study: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects the small site: a person a transcript, and it is said that this was assumed."""
    (folder / "participants.csv").unlink()
    assert main(["site", "add", "west", "--from", str(folder), "--study", str(study)]) == 0
    assert "participants.csv was written with a row a transcript" in capsys.readouterr().out


def test_a_folder_of_other_files_is_not_taken_for_the_sites(
    study: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects what lies there: --from must not be passed over in silence."""
    (study / "data/west/transcripts").mkdir(parents=True)
    (study / "data/west/transcripts/W9.txt").write_text(NEW, encoding="utf-8")
    assert main(["site", "add", "west", "--from", str(folder), "--study", str(study)]) == 1
    assert "is there already and holds other files" in capsys.readouterr().err


def test_a_folder_without_transcripts_says_what_it_holds(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects the hand that typed the wrong folder."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/budget.xlsx").write_bytes(b"PK")
    line = ["site", "add", "west", "--from", str(tmp_path / "other"), "--study", str(study)]
    assert main(line) == 1
    assert "no transcripts here; it holds budget.xlsx" in capsys.readouterr().err
    assert not (study / "data/west").exists()

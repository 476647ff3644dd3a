"""Leaving one person out changes every number that rests on them, in every output.

The person is N1 of the small study; the numbers before and after were counted by hand.
"""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import papers
import pytest
from support import digests, themetrail
from themetrail.audit.explorer.page import blocks

pytestmark = pytest.mark.slow
FORMATS = tuple(papers.READERS)
#: fact: before, after. N1 speaks twice to T2 and once to T1, in three turns of 36 words.
COUNTED = {
    "n.participants": ("5", "4"),
    "n.participants.role.nurse": ("3", "2"),
    "n.participants.site.north": ("3", "2"),
    "n.participants.site.south": ("2", "2"),
    "n.excluded.participants": ("0", "1"),
    "n.transcripts": ("5", "4"),
    "n.turns.participants": ("11", "8"),
    "n.words.participants": ("112", "76"),
    "n.codings": ("19", "14"),
    "n.codings.ann": ("11", "8"),
    "n.codings.ben": ("8", "6"),
    "n.codings.site.south": ("7", "7"),
    "n.conflicts": ("3", "2"),
    "n.conflicts.kept": ("1 of 3", "0 of 2"),
    "n.adjudications": ("2", "1"),
    "n.segments": ("9", "6"),
    "code.money.participants": ("3 of 5", "2 of 4"),
    "theme.T1.participants": ("3 of 5", "2 of 4"),
    "theme.T2.participants": ("4 of 5", "3 of 4"),
    "theme.T2.quantifier": ("nearly all", "most"),
    "theme.T2.segments": ("6", "4"),
    "reach.T2.site.north": ("3 of 3", "2 of 2"),
    "reach.T2.site.south": ("1 of 2", "1 of 2"),
    "agreement.n_transcripts": ("5", "4"),
    "saturation.n_interviews": ("5", "4"),
}


def facts_of(study: Path) -> dict[str, Any]:
    """Facts by id."""
    rows = json.loads((study / "results/facts.json").read_text(encoding="utf-8"))["facts"]
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def without(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the finished study, run again with N1 excluded."""
    study = Path(shutil.copytree(finished, tmp_path_factory.mktemp("without") / "mini"))
    rows = "participant_id,on,reason\nN1,2021-12,Not an employee\n"
    (study / "data/exclusions.csv").write_text(rows, encoding="utf-8")
    run = themetrail("run", "--study", str(study), "--cores", "2")
    assert run.status == 0, run.output
    assert run.of("intake") == {"north"}
    return study


def test_the_numbers_are_those_counted_by_hand(finished: Path, without: Path) -> None:
    """Guards every count: those that rest on the person change, the others do not."""
    before, after = facts_of(finished), facts_of(without)
    assert {name: (before[name]["text"], after[name]["text"]) for name in COUNTED} == COUNTED
    assert after["alpha.code.money"]["value"] == 1  # the coders differed on N1 alone
    assert before["alpha.code.money"]["value"] < 0.8


def test_every_format_says_the_new_numbers(finished: Path, without: Path) -> None:
    """Guards against a format that was left behind: text, tables and numbers are the same."""
    for study in (finished, without):
        facts, reports = facts_of(study), study / "reports"
        page = papers.html_of(reports / "paper.html")
        for span in page.xpath("//span[@data-fact]"):
            fact = facts[span.get("data-fact")]
            if fact["value"] is not None and span.xpath("ancestor::p"):
                assert str(fact["text"]).lower() == span.text_content().lower(), fact["id"]
        texts = (papers.docx_text(reports / "paper.docx"), papers.jats_text(reports / "paper.xml"))
        for _, _, around in papers.facts_in_text(page):
            assert all(around in text for text in texts), around
        tables = list(papers.html_tables(page).values())
        assert papers.jats_tables(reports / "paper.xml") == tables
        in_word = papers.docx_tables(reports / "paper.docx")  # wide ones at their section's end
        assert all(rows in in_word for rows in tables)
        found = papers.numbers_of(reports)
        assert all(numbers == found["paper.html"] for numbers in found.values())


def test_tables_show_the_new_numbers(finished: Path, without: Path) -> None:
    """Guards the tables of the paper and the workbook by numbers counted by hand."""
    for study, reach, people in ((finished, (3, 4), 5), (without, (2, 3), 4)):
        rows = papers.html_tables(papers.html_of(study / "reports/paper.html"))["themes"]
        assert [row[1] for row in rows[1:]] == [f"{n}of{people}" for n in reach]
        book = papers.sheet(study / "reports/supplement.xlsx", "themes")
        assert [(row["People"], row["People: out of"]) for row in book] == [
            (n, people) for n in reach
        ]
        matrix = papers.sheet(study / "reports/supplement.xlsx", "framework matrix")
        assert ("N1" in {row["Person"] for row in matrix}) == (study == finished)


def test_what_goes_with_the_paper_says_the_new_numbers(finished: Path, without: Path) -> None:
    """Guards matrix, checklists, figures, notebooks and explorer, by numbers counted by hand."""
    for study, people, north in ((finished, 5, (3, 3)), (without, 4, (2, 2))):
        reports = study / "reports"
        matrix = papers.html_of(reports / "framework_matrix.html")
        assert len(matrix.xpath("//tbody/tr[not(@class='site')]")) == people
        book = papers.sheet(reports / "framework_matrix.xlsx", "T2 Time and money", head=4)
        assert len(book) == people
        assert sum(row["Segments"] for row in book) == (6 if people == 5 else 4)
        checklists = papers.html_of(reports / "checklists.html").text_content()
        assert f"{people} participants at 2 sites" in checklists
        with (study / "results/figures/themes_by_site.csv").open(encoding="utf-8") as handle:
            rows = {(row["theme"], row["group"]): row for row in csv.DictReader(handle)}
        assert tuple(int(rows["T2", "North"][name]) for name in ("n", "of")) == north
        notebook = papers.html_of(reports / "notebooks/reproduce_table_2.html").text_content()
        assert f"{people} people in the raw files" in notebook
        page = (reports / "explorer/index.html").read_text(encoding="utf-8")
        held = {row["id"]: row["text"] for row in blocks(page)["index"]["facts"]}
        assert held == {name: row["text"] for name, row in facts_of(study).items()}


def test_no_output_keeps_the_person(finished: Path, without: Path) -> None:
    """Guards the person: neither words nor id are left in anything that the run wrote."""
    words = ("Nobody asked us", "whole summer to learn", "hospital down the road", ">N1<")
    told = {study: _telling(study / "reports", words) for study in (finished, without)}
    assert len(told[finished]) >= 6
    assert told[without] == []


def _telling(reports: Path, words: tuple[str, ...]) -> list[str]:
    """Files of a run that have one of the words; archives are looked into."""
    found = []
    for path in sorted(reports.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".pdf":
                data = papers.pdf_text(path).encode()
            elif zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    data = b"".join(archive.read(member) for member in archive.namelist())
            text = data.decode("utf-8", "replace")
            found += [path.name] if any(said in text for said in words) else []
    return found


def test_taking_the_exclusion_back_gives_the_first_bytes(
    finished: Path, without: Path, tmp_path: Path
) -> None:
    """Guards against traces: the study as it was comes back as it was."""
    study = Path(shutil.copytree(without, tmp_path / "mini"))
    (study / "data/exclusions.csv").unlink()
    run = themetrail("run", "--study", str(study), "--cores", "2")
    assert run.status == 0, run.output
    first, again = digests(finished), digests(study)
    made = [name for name in first if name.startswith("reports/")]
    assert len(made) > 15
    assert {name: again.get(name) for name in made} == {name: first[name] for name in made}

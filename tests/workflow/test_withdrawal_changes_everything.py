"""Leaving one person out changes every number that rests on them, in every output.

The person is N1 of the small study; the numbers before and after were counted by hand.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import papers
import pytest
from support import digests, themetrail

pytestmark = pytest.mark.slow
FORMATS = ("paper.html", "paper.docx", "paper.xml")
TARGETS = [*(f"reports/{name}" for name in FORMATS), "reports/supplement.xlsx"]
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
    run = themetrail("run", *TARGETS, "--study", str(study), "--cores", "2")
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
    """Guards against a format that was left behind: text and tables are the same in all three."""
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


def test_no_output_keeps_the_person(without: Path) -> None:
    """Guards the person: neither words nor id are left in what the run wrote."""
    words = ("Nobody asked us", "whole summer to learn", "hospital down the road")
    for name in (*FORMATS, "supplement.xlsx"):
        path = without / "reports" / name
        data = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                data = b"".join(archive.read(member) for member in archive.namelist())
        text = data.decode("utf-8", "replace")
        assert not [said for said in words if said in text], name
        assert ">N1<" not in text, name


def test_taking_the_exclusion_back_gives_the_first_bytes(
    finished: Path, without: Path, tmp_path: Path
) -> None:
    """Guards against traces: the study as it was comes back as it was."""
    study = Path(shutil.copytree(without, tmp_path / "mini"))
    (study / "data/exclusions.csv").unlink()
    run = themetrail("run", *TARGETS, "--study", str(study), "--cores", "2")
    assert run.status == 0, run.output
    first, again = digests(finished), digests(study)
    assert {name: again[name] for name in TARGETS} == {name: first[name] for name in TARGETS}

"""A study whose truth is known comes back with that truth, in tables and in text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import papers
import pytest
from studies import planted
from support import themetrail

pytestmark = pytest.mark.slow


TRUTH = planted.truth()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the planted study after its run."""
    root = Path(planted.write(tmp_path_factory.mktemp("planted") / "study", TRUTH))
    made = [*(f"reports/{name}" for name in papers.READERS), "reports/supplement.xlsx"]
    targets = (*made, "results/synthesis/robustness.csv")
    run = themetrail("run", *targets, "--study", str(root), "--cores", "2")
    assert run.status == 0, run.output
    return root


@pytest.fixture(scope="module")
def facts(study: Path) -> dict[str, Any]:
    """Give the facts by id."""
    rows = json.loads((study / "results/facts.json").read_text(encoding="utf-8"))["facts"]
    return {row["id"]: row for row in rows}


def test_the_consensus_is_the_truth(study: Path) -> None:
    """Guards coding, judgement and majority: what two of three see stands, and nothing else."""
    from themetrail import Study

    segments = Study(study).segments
    assert set(zip(segments["participant_id"], segments["code"], strict=True)) == TRUTH.true
    assert len(segments) == len(TRUTH.true)


def test_themes_reach_whom_they_were_planted_in(study: Path, facts: dict[str, Any]) -> None:
    """Guards the counts of people, by theme and site, in the workbook and in the paper."""
    reach = papers.sheet(study / "reports/supplement.xlsx", "reach")
    page = papers.html_tables(papers.html_of(study / "reports/paper.html"))["themes"]
    for place, (theme, by_site) in enumerate(planted.REACH.items()):
        title, everybody = planted.TITLES[theme], sum(by_site.values())
        assert len(TRUTH.speakers(theme)) == everybody
        assert page[place + 1][1] == f"{everybody}of24"
        column = {row[None] if None in row else list(row.values())[1]: row[title] for row in reach}
        for site, n in by_site.items():
            assert column[planted.SITES[site]] == n, (theme, site)
            assert facts[f"reach.{theme}.site.{site}"]["text"] == f"{n} of 8"


def test_the_text_says_the_truth(study: Path) -> None:
    """Guards the findings as a reader meets them: the word, the people, the sites, the passages."""
    reports = study / "reports"
    page = papers.html_of(reports / "paper.html")
    texts = {
        "html": papers.squeezed(page.xpath("//main")[0].text_content()),
        "docx": papers.docx_text(reports / "paper.docx"),
        "jats": papers.jats_text(reports / "paper.xml"),
        "pdf": papers.squeezed(papers.pdf_text(reports / "paper.pdf")),
    }
    for theme, word in (("T1", "All"), ("T2", "Some"), ("T3", "A few")):
        people = len(TRUTH.speakers(theme))
        sites = sum(n > 0 for n in planted.REACH[theme].values())
        passages = sum(code in planted.THEMES[theme] for _, code in TRUTH.true)
        said = (
            f"{word} of the participants ({people} of 24, at {sites} of 3 sites) spoke to this "
            f"theme, in {passages} coded passages."
        )
        for name, text in texts.items():
            assert plain(said) in plain(text), (name, theme)


def plain(text: str) -> str:
    """Letters and digits; where a line of a PDF is broken within a word, no hyphen is left."""
    return papers.squeezed(text).replace("-", "").replace("\u2010", "")


def test_every_format_has_the_numbers_of_the_page(study: Path) -> None:
    """Guards the tables of Word, PDF and JATS, which the page's are checked for above."""
    found = papers.numbers_of(study / "reports")
    assert all(numbers == found["paper.html"] for numbers in found.values())


def test_quotations_are_of_those_who_spoke(study: Path) -> None:
    """Guards attribution: nobody is quoted on a theme that they did not speak to."""
    from themetrail import Study

    quotes = Study(study).quotes
    for theme in planted.THEMES:
        quoted = set(quotes.loc[quotes["theme"] == theme, "participant_id"])
        assert quoted
        assert quoted <= TRUTH.speakers(theme)


def test_the_coders_errors_are_found(facts: dict[str, Any]) -> None:
    """Guards agreement: who errs, how often, and what that makes of alpha, by hand."""
    assert facts["alpha.pair.xenia.zoe"]["value"] == 1
    wrong = len(TRUTH.overlooked) + len(TRUTH.invented)
    units = TRUTH.judgements
    ones = len(TRUTH.marks("xenia")) + len(TRUTH.marks("yan"))
    alpha = 1 - (2 * units - 1) * wrong / (ones * (2 * units - ones))
    assert facts["alpha.pair.xenia.yan"]["value"] == pytest.approx(alpha, abs=1e-12)
    percent = facts["percent_agreement.pair.yan.zoe"]["value"]
    assert percent == pytest.approx(1 - wrong / units, abs=1e-12)
    assert facts["n.conflicts"]["value"] == wrong
    assert facts["n.conflicts.kept"]["value"] == len(TRUTH.overlooked)
    assert facts["n.conflicts.dropped"]["value"] == len(TRUTH.invented)


def test_who_errs_is_seen_in_the_robustness(study: Path) -> None:
    """Guards the second look: without the coder who errs nothing changes, at any theme."""
    import csv

    with (study / "results/synthesis/robustness.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    own = {row["theme"]: row["n_participants"] for row in rows if row["what"] == ""}
    spared = {row["theme"]: row["n_participants"] for row in rows if row["what"] == "yan"}
    assert own == {theme: str(len(TRUTH.speakers(theme))) for theme in planted.THEMES}
    assert spared == own

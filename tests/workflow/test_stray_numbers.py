"""The demonstration paper as rendered: every number is a fact, or is listed here with a reason.

The page marks its facts, so that it is the page that is read for strays; the other formats must
then print the page's numbers and no other. Also the checklists, which must be complete, the
workbook, and the schema of the JATS.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import papers
import pytest
from support import ROOT, themetrail
from themetrail.report import catalogue

pytestmark = pytest.mark.slow
#: numbers of the authors' own: what they are (a pattern), and why they may be typed
DECLARED: dict[str, str] = {
    r"^[1-9](?:\.[1-9])? (?=\S)": "the number of a section",
    r"^Theme [1-6]: ": "the number of a theme in its heading",
    r"\bAC1\b": "the name of a coefficient",
    r"\b5th to 95th percentile\b": "which percentiles the table of orders has",
    r"\bCC BY 4\.0\b": "the name of a licence",
    r"^November 2021$": "the date of the paper",
}
#: numbers in words that are the authors' own: the phrase, and why it may be typed
DECLARED_WORDS: dict[str, str] = {
    "a qualitative study at four sites": "the title; checked below",
    "for two decades": "history, with its references",
    "Two coded all interviews": "who coded what; checked below",
    "a third those of two of them": "the same",
    "Two of those most engaged": "the authors' reading of passages that are listed",
    "two of them devoted": "the same",
    "In two of them the saving": "the same",
    "in two it was left": "the same",
    "a staff nurse moved two practices": "what a participant tells",
    "The two codes most often found": "a pair of codes is two",
    "two implications": "the sentences that follow",
}
WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"hundred|thousand)\b",
    re.IGNORECASE,
)
#: tables whose cells are computed by the workflow as they are, not through facts
COMPUTED = {"framework_matrix", "counter_examples", "saturation", "quotes", "methods", "steps"}
COMPUTED |= {"inputs", "software", "meanings", "frameworks", "decision_log"}
TARGETS = (
    *(f"reports/{name}" for name in papers.READERS),
    "reports/checklists.html",
    "reports/supplement.xlsx",
)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the demonstration study with its paper and supplements."""
    study = tmp_path_factory.mktemp("demonstration")
    for name in ("config", "data", "reports/manuscript"):
        shutil.copytree(ROOT / name, study / name)
    run = themetrail("run", *TARGETS, "--study", str(study), "--cores", "2")
    assert run.status == 0, run.output
    return study


@pytest.fixture(scope="module")
def facts(demonstration: Path) -> dict[str, Any]:
    """Give the facts by id."""
    rows = json.loads((demonstration / "results/facts.json").read_text(encoding="utf-8"))["facts"]
    return {row["id"]: row for row in rows}


@pytest.fixture
def page(demonstration: Path) -> Any:
    """Give the paper's page."""
    return papers.html_of(demonstration / "reports/paper.html")


#: what is not the authors' text: facts, quotations, figures and tables, references, links within
OTHERS = (
    "//head",
    "//nav",
    "//aside",
    "//*[contains(concat(' ', @class, ' '), ' fact ')]",
    "//*[contains(concat(' ', @class, ' '), ' quote ')]",
    "//figure",
    "//*[contains(concat(' ', @class, ' '), ' table-notes ')]",
    "//*[@id='refs']",
    "//a[starts-with(@href, '#')]",
)


def strays(page: Any) -> list[str]:
    """Passages with a number, in digits or words, that nothing accounts for."""
    for others in OTHERS:
        for element in page.xpath(others):
            if element.getparent() is not None:
                element.drop_tree()
    found = []
    for block in page.xpath("//p|//li|//td|//th|//h1|//h2|//h3|//h4|//h5|//dd|//dt|//figcaption"):
        text = " ".join(block.text_content().split())
        for pattern in DECLARED:
            text = re.sub(pattern, "", text)
        for phrase in DECLARED_WORDS:
            text = text.replace(phrase, "")
        if re.search(r"\d", text) or WORDS.search(text):
            found.append(text)
    return found


def test_every_number_of_the_text_is_a_fact(page: Any) -> None:
    """Guards the promise of the paper: none was typed."""
    assert strays(page) == []


def test_numbers_in_words_that_were_typed_are_right(facts: dict[str, Any]) -> None:
    """Guards the title and the sentence on who coded what, which no placeholder makes."""
    coded = {name: facts[f"n.transcripts.coded.coder_{name}"]["value"] for name in "abc"}
    assert facts["n.sites"]["value"] == 4
    assert facts["n.coders"]["value"] == 3
    assert coded["a"] == coded["b"] == facts["n.transcripts"]["value"]
    sites = [facts[f"n.transcripts.site.{site}"]["value"] for site in ("alder", "cedar")]
    assert coded["c"] == sum(sites)


def test_a_typed_number_would_be_found(demonstration: Path) -> None:
    """Guards the guard: a number put into the text by hand does not slip through."""
    text = (demonstration / "reports/paper.html").read_text(encoding="utf-8")
    for old, new in (
        ("Accounts of arrival were", "The 31 accounts of arrival were"),
        ("Accounts of arrival were", "Nineteen accounts of arrival were"),
        ("<h1>", "<h1>17 "),
        ("</main>", "<table><tr><td>44</td></tr></table></main>"),
    ):
        assert old in text
        from lxml import html

        assert len(strays(html.fromstring(text.replace(old, new, 1).encode()))) == 1, new


def test_every_format_prints_the_numbers_of_the_page_and_no_other(demonstration: Path) -> None:
    """Guards Word, PDF and JATS: a number that only one of them had would be a stray in it."""
    found = papers.numbers_of(demonstration / "reports")
    assert found["paper.html"].total() > 1000
    for name, numbers in found.items():
        assert numbers == found["paper.html"], name


def test_the_jats_is_valid(demonstration: Path) -> None:
    """Guards what archives check: the whole paper, by the tag set that it names."""
    assert papers.jats_errors(demonstration / "reports/paper.xml") == []


def test_facts_stand_in_the_paper_as_they_are(page: Any, facts: dict[str, Any]) -> None:
    """Guards the way from a fact to the page: what is marked as a fact says what the fact says."""
    spans = page.xpath("//span[@data-fact]")
    assert len(spans) > 300
    for span in spans:
        fact, text = facts[span.get("data-fact")], span.text_content()
        digits = re.findall(r"\d+", text)
        known = f"{fact['text']} {fact['value']} {fact['of']} {fact['high']}".replace(",", "")
        if fact["value"] is not None and digits and not isinstance(fact["value"], float):
            assert all(d in known for d in re.findall(r"\d+", text.replace(",", ""))), fact["id"]


def test_every_number_of_a_table_is_a_fact(page: Any) -> None:
    """Guards the tables: a cell that is a number is a fact, or of a table computed whole."""
    names = set()
    for figure in page.xpath("//table/ancestor::figure"):
        name = figure.get("data-table")
        names.add(name)
        assert name in catalogue.TABLES
        if name in COMPUTED:
            continue
        for cell in figure.xpath(".//td"):
            own = "".join(cell.xpath(".//text()[not(ancestor::*[@data-fact])]"))
            assert not re.search(r"\d", own), (name, own)
    assert {"sites", "participants", "themes", "agreement", "methods", "software"} <= names
    assert len(page.xpath("//table")) == len(page.xpath("//figure[@data-table]//table"))


def test_the_checklists_are_complete_and_honest(demonstration: Path) -> None:
    """Guards the submission: no item is missing, and each answer's place is in the paper."""
    checked = themetrail("check", "--submission", "--study", str(demonstration))
    assert checked.status == 0
    assert "every item of the checklists has an answer" in checked.output
    page = papers.html_of(demonstration / "reports/checklists.html")
    assert len(page.xpath("//li[@id]")) == 68
    assert not page.xpath("//li[@class='missing']")
    assert page.xpath("//aside[@class='fictional']")
    paper = papers.html_of(demonstration / "reports/paper.html")
    anchors = set(paper.xpath("//@id"))
    links = [href.split("#")[1] for href in page.xpath("//dd/a/@href")]
    assert len(links) > 30
    assert set(links) <= anchors
    for item in page.xpath("//li[@class='not-applicable']"):
        said = item.xpath(".//div[@class='said']/p")[1].text_content()
        assert re.search("fictional|automated|written|record|field", said), said


def test_a_missing_item_stops_the_submission(demonstration: Path, tmp_path: Path) -> None:
    """Guards journals and examiners: an empty item is an error with its name and remedy."""
    study = Path(shutil.copytree(demonstration, tmp_path / "study"))
    (study / "config/checklists.yaml").write_text("coreq: {}\n", encoding="utf-8")
    run = themetrail("check", "--submission", "--study", str(study))
    assert run.status == 1
    assert "COREQ 7 (Participants’ knowledge of the interviewer) is missing" in run.output
    assert "config/checklists.yaml, under coreq, item 7" in run.output
    assert run.output.index("COREQ 7 ") < run.output.index("COREQ 13 ")
    assert "reports/checklists.html has all items on one page" in run.output
    assert themetrail("check", "--study", str(study)).status == 0


def test_the_workbook_holds_the_tables_of_the_paper(
    demonstration: Path, page: Any, facts: dict[str, Any]
) -> None:
    """Guards those who calculate on: the same tables, at full precision."""
    path = demonstration / "reports/supplement.xlsx"
    listed = {
        row["Sheet"].replace(" ", "_") for row in papers.sheet(path, "Contents") if row["Table"]
    }
    assert listed == set(catalogue.TABLES)
    shown = papers.html_tables(page)["agreement"]
    rows = papers.sheet(path, "agreement")
    assert [papers.squeezed(row["Code"]) for row in rows] == [row[0] for row in shown[1:]]
    assert rows[-1]["Krippendorff’s α"] == facts["alpha.study"]["value"]
    versions = {row["Name"]: row["Version"] for row in papers.sheet(path, "software")}
    assert versions["themetrail"] == facts["version.themetrail"]["value"]

"""JATS: what archives and journals' systems read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import paper_sample
import papers
import pytest
from lxml import etree
from themetrail.report.render import render


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the sample's file."""
    place = tmp_path_factory.mktemp("jats")
    resources, references = paper_sample.folders(place / "pictures")
    render(
        paper_sample.document(),
        place / "paper.xml",
        format="jats",
        study=paper_sample.STUDY,
        bibliography=references,
        csl=None,
        resources=resources,
    )
    return place / "paper.xml"


@pytest.fixture(scope="module")
def article(file: Path) -> Any:
    """Give the sample as an element tree."""
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    return etree.parse(str(file), parser).getroot()


def test_front_matter_is_in_its_elements(article: Any) -> None:
    """Protects what indexes read: title, contributors, affiliations, date, key words."""
    assert article.get("article-type") == "preprint"
    assert article.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    assert article.findtext(".//article-title") == "Being asked: a study of $5 and <b>markup</b>"
    assert [e.text for e in article.iter("string-name")] == ["Ann O’Hara", "Ben Li"]
    assert article.findtext(".//contrib-id") == "https://orcid.org/0000-0002-1825-0097"
    assert [e.text for e in article.iter("kwd")] == ['asking "first"', "telehealth"]
    assert article.findtext(".//pub-date/year") == "2021"
    assert article.findtext(".//pub-date/month") == "11"


def test_fictional_data_are_noted_in_the_front_matter(article: Any) -> None:
    """Protects whoever harvests articles."""
    notes = article.find("front/notes[@notes-type='fictional-data']")
    assert "No person was interviewed" in "".join(notes.itertext())


def test_identifiers_stand_where_references_look_for_them(article: Any) -> None:
    """Protects cross references: ids once each, on the wrap of a table; each leads somewhere."""
    names = [element.get("id") for element in article.iter() if element.get("id")]
    assert len(names) == len(set(names))
    assert {e.get("id") for e in article.iter("table-wrap")} == {
        "tbl-short", "tbl-long", "tbl-matrix",
    }  # fmt: skip
    links = list(article.iter("xref"))
    assert {link.get("rid") for link in links} <= set(names)
    assert {link.get("ref-type") for link in links} == {"aff", "fig", "table", "sec", "bibr"}


def test_labels_and_notes_are_elements(article: Any) -> None:
    """Protects numbers from becoming part of a caption or title."""
    assert article.findtext(".//fig/label") == "Figure\xa01."
    assert article.findtext(".//fig/caption/p") == "A line (n = 5 people)."
    assert article.findtext(".//sec[@id='sec-agreement']/label") == "1.1"
    assert article.findtext(".//sec[@id='sec-agreement']/title") == "Agreement"
    assert article.findtext(".//table-wrap/table-wrap-foot/p") == "Notes of short."
    assert article.findtext(".//fig/graphic/alt-text") == "A line that goes down"
    href = article.find(".//fig/graphic").get("{http://www.w3.org/1999/xlink}href")
    assert href == "pictures/one.svg"


def test_quotations_have_their_source(article: Any) -> None:
    """Protects quotations: words and attribution, text as it was."""
    quotes = list(article.iter("disp-quote"))
    assert [q.findtext("attrib").strip() for q in quotes] == ["— nurse, North"] * 4
    assert paper_sample.HOSTILE in [
        " ".join("".join(q.find("p").itertext()).split()) for q in quotes
    ]


def test_references_are_in_the_order_of_their_numbers(article: Any) -> None:
    """Protects "[1]" in the text from pointing at another entry."""
    entries = article.findall(".//ref-list/ref")
    assert [(e.findtext("label"), e.get("id")) for e in entries] == [
        ("1", "ref-gale2013"),
        ("2", "ref-krippendorff2019"),
    ]
    cited = {link.get("rid"): "".join(link.itertext()) for link in article.iter("xref")}
    assert cited["ref-krippendorff2019"] == "2"


def test_the_article_is_valid(file: Path) -> None:
    """Protects what archives check: the schema of the tag set that the file names."""
    assert papers.jats_errors(file) == []


def test_the_schema_would_object(file: Path, tmp_path: Path) -> None:
    """Protects the test above: an element where none may stand is found."""
    text = file.read_text(encoding="utf-8")
    (tmp_path / "bad.xml").write_text(text.replace("<body>", "<body><td/>", 1), encoding="utf-8")
    assert papers.jats_errors(tmp_path / "bad.xml")

"""The page: readable on a phone and a desk, by eye and by ear, and alone in the world."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import paper_sample
import pytest
from browser import browser, open_page, overflow, violations  # noqa: F401
from lxml import html
from themetrail.report.render import render


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the sample's page."""
    place = tmp_path_factory.mktemp("html")
    resources, references = paper_sample.folders(place)
    render(
        paper_sample.document(),
        place / "paper.html",
        format="html",
        study=paper_sample.STUDY,
        bibliography=references,
        csl=None,
        resources=resources,
    )
    return place / "paper.html"


@pytest.fixture(scope="module")
def tree(file: Path) -> Any:
    """Give the page's elements."""
    return html.fromstring(file.read_text(encoding="utf-8"))


def test_the_page_is_one_file_that_may_fetch_nothing(file: Path, tree: Any) -> None:
    """Protects readers offline, and those with secrets: no script, no address but data."""
    text = file.read_text(encoding="utf-8")
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert not tree.xpath("//script | //link | //iframe | //object")
    assert all(src.startswith("data:") for src in tree.xpath("//@src"))
    assert not re.search(r"url\((?!\"data:)", text)


def test_each_picture_has_its_words(tree: Any) -> None:
    """Protects readers who can't see: alternative text on every picture."""
    assert tree.xpath("//img/@alt") == ["A line that goes down"]


def test_links_within_the_page_lead_somewhere(tree: Any) -> None:
    """Protects against dead references; each identifier is there once."""
    names = tree.xpath("//@id")
    assert len(names) == len(set(names))
    targets = [href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")]
    assert targets
    assert set(targets) <= set(names)
    said = [link.text_content() for link in tree.xpath("//a[@class='cross-reference']")]
    assert said == ["Figure\xa01", "Table\xa01", "Table\xa02", "Section\xa02"]


def test_headings_go_down_one_level_at_a_time(tree: Any) -> None:
    """Protects those who walk by headings: one h1, and no level left out."""
    levels = [int(element.tag[1]) for element in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_facts_and_quotations_keep_their_ids(tree: Any) -> None:
    """Protects the way back from the page to the evidence."""
    assert set(tree.xpath("//*[@data-fact]/@data-fact")) == {"alpha.study"}
    assert set(tree.xpath("//*[@data-quote]/@data-quote")) == {"s1"}


def test_text_from_data_is_text(tree: Any) -> None:
    """Protects literal text: what was said stands there, and nothing of it is an element."""
    quotes = [" ".join(e.text_content().split()) for e in tree.xpath("//*[@class='quotation']")]
    assert paper_sample.HOSTILE in quotes
    assert tree.xpath("//h1")[0].text_content() == "Being asked: a study of $5 and <b>markup</b>"


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_sticks_out_at_any_width(width: int, file: Path, browser: Any) -> None:  # noqa: F811
    """Protects phones: tables and long words scroll or break within their own box."""
    page = open_page(browser, file, width)
    assert overflow(page) <= 0
    assert page.asked == [file.resolve().as_uri()]
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_axe_is_broken(scheme: str, file: Path, browser: Any) -> None:  # noqa: F811
    """Protects accessibility, contrast in both colour schemes included."""
    for width in (390, 1280):
        page = open_page(browser, file, width, scheme=scheme)
        assert violations(page) == ""
        page.close()


@pytest.mark.slow
def test_contents_stay_in_sight_on_a_desk(file: Path, browser: Any) -> None:  # noqa: F811
    """The contents stand beside the text and stay when one scrolls; on a phone before it."""
    page = open_page(browser, file, 1280)
    page.evaluate("window.scrollTo(0, 3000)")
    box = page.locator("nav.contents").bounding_box()
    assert box is not None
    assert box["y"] >= -1
    assert box["x"] + box["width"] <= page.locator("main").bounding_box()["x"]
    page.close()

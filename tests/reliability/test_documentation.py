"""The pages: their worked examples run, their links lead somewhere, no statistic lacks a page."""

from __future__ import annotations

import csv
import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from themetrail import reliability
from themetrail.reliability.benchmarking import SCALES
from themetrail.reliability.catalogue import BY_CATEGORY, STATISTICS
from themetrail.reliability.labels import label
from themetrail.reliability.reasons import REASONS

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reliability"
PAGES = sorted(FOLDER.glob("*.md"))
WITH_EXAMPLES = [page for page in PAGES if "```pycon" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.stem)
def test_worked_examples_are_what_the_program_gives(page: Path) -> None:
    """A reader who types them in must see what is printed."""
    done = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert done.attempted
    assert done.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """A page that is renamed takes its links along."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (FOLDER / target).exists(), target


def test_every_statistic_is_on_a_page_and_has_a_name_in_words() -> None:
    """A line in a table that nobody explains can't be trusted."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    endings = ("linear", "quadratic", "ordinal", "based", "categories", "custom", "ratio", "dkpro")
    for name in (*STATISTICS, *BY_CATEGORY):
        assert label(name) != name, name
        if not name.endswith(endings):
            stem = re.sub("^krippendorff_alpha", "", name) if "alpha" in name else name
            assert stem in text, name


def test_every_scale_and_note_is_explained() -> None:
    """Slugs are for programs; their meaning is for people."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in SCALES:
        assert f"`{name}`" in text
    source = "".join(
        Path(str(reliability.__path__[0]), f"{module}.py").read_text(encoding="utf-8")
        for module in ("agreement_table", "study")
    )
    for slug in re.findall(r'(?:return|yield|append\()\s*"([a-z_]+)"\)?$', source, re.MULTILINE):
        assert slug in REASONS, slug


def test_examples_of_the_functions_run() -> None:
    """Docstrings too."""
    tried = 0
    for found in pkgutil.iter_modules(reliability.__path__):
        module = importlib.import_module(f"themetrail.reliability.{found.name}")
        done = doctest.testmod(module)
        assert done.failed == 0, found.name
        tried += done.attempted
    assert tried > 30


def test_the_numbers_on_speed_are_those_that_were_measured() -> None:
    """The page is filled by the benchmark, not by hand."""
    page = (FOLDER / "benchmark.md").read_text(encoding="utf-8")
    with (FOLDER / "benchmark.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["clusters"] for row in rows} == {"1000", "10000"}
    for row in rows:
        ratios = f"| {float(row['ratio']):,.0f} × | {float(row['processor_ratio']):,.0f} × |"
        assert f"| {int(row['clusters']):,} | {row['program']} |" in page
        assert ratios in page

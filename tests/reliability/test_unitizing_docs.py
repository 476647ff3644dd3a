"""The worked examples of the documentation."""

from __future__ import annotations

import csv
import doctest
from pathlib import Path

import pytest
from themetrail.reliability import gamma, unitizing_characters, unitizing_table

PAGES = ("alpha-u", "u-alpha", "gamma", "character-level", "boundary-similarity")


@pytest.mark.parametrize("page", PAGES)
def test_the_worked_example_is_what_the_program_gives(root: Path, page: str) -> None:
    """Protects the reader who follows an example by hand."""
    file = root / "docs" / "reliability" / f"{page}.md"
    done = doctest.testfile(str(file), module_relative=False, encoding="utf-8")
    assert done.attempted > 0
    assert done.failed == 0


def test_the_table_of_the_page_is_the_benchmarks(root: Path) -> None:
    """Protects the numbers on speed: those in the page are those that were measured."""
    folder = root / "docs" / "reliability"
    page = (folder / "gamma.md").read_text(encoding="utf-8")
    with (folder / "gamma-benchmark.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    for row in rows:
        one, two = (float(row[f"ratio_{threads}"]) for threads in ("1_thread", "2_threads"))
        name = f"| {row['coders']} × {row['spans_a_coder']} |"
        line = next(line for line in page.splitlines() if line.startswith(name))
        assert f"| {one:.0f} ×, {two:.0f} × |" in line


@pytest.mark.parametrize("module", [gamma, unitizing_table, unitizing_characters])
def test_examples_of_the_functions_run(module: object) -> None:
    """Protects the docstrings' examples."""
    done = doctest.testmod(module)  # type: ignore[arg-type]
    assert done.attempted > 0
    assert done.failed == 0

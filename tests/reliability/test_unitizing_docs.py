"""The worked examples of the documentation."""

from __future__ import annotations

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


@pytest.mark.parametrize("module", [gamma, unitizing_table, unitizing_characters])
def test_examples_of_the_functions_run(module: object) -> None:
    """Protects the docstrings' examples."""
    done = doctest.testmod(module)  # type: ignore[arg-type]
    assert done.attempted > 0
    assert done.failed == 0

"""The pages that go with a submission, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import browser, open_page, overflow, violations
from themetrail import contracts
from themetrail.config import Code, Codebook, Theme
from themetrail.report import framework_page
from themetrail.report.checklists import Row
from themetrail.report.checklists_answers import items
from themetrail.report.checklists_page import page
from themetrail.report.checklists_sections import Section
from themetrail.synthesis.workbook import Matrix
from themetrail.tables import frame

pytestmark = pytest.mark.slow
__all__ = ["browser"]
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3


def checklists_html() -> str:
    """A page with items of all three kinds."""
    statuses = ("filled", "missing", "not applicable")
    rows = [
        Row(item, statuses[place % 3], LONG, "sec-methods", "Methods", (f"n.{LONG}", "file"))
        for place, item in enumerate(items())
    ]
    sections = [Section("a", "Abstract", 1, words=200), Section("b", LONG, 2, 1000, 300)]
    return page(rows, sections, "A study", demonstration=True)


def framework_html() -> str:
    """A matrix of one person and four themes."""
    themes = tuple(Theme(f"T{n}", f"Theme {n}", "A claim.", ("asked",)) for n in range(4))
    blank = {"codes": "asked", "segment_ids": "s1", "status": "stale", "evidence": "e"}
    rows = [
        {"participant_id": "P1", "site": "n", "theme": theme.id, "n_segments": 1, **blank}
        | {"summary": LONG}
        for theme in themes
    ]
    table = frame(rows, contracts.FRAMEWORK_MATRIX)
    book = Codebook((Code("asked", "Being asked"),))
    matrix = Matrix(table, themes, book, "A study", "", {"n": "North"}, {"s1": "Said."})
    return framework_page.page(matrix, demonstration=True)


@pytest.mark.parametrize("made", [checklists_html, framework_html])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_stay_in_the_window(
    browser: Any, tmp_path: Path, made: Any, scheme: str
) -> None:
    """Guards readers with a telephone, in the dark, or with a screen reader; nothing is fetched."""
    file = tmp_path / "page.html"
    file.write_text(made(), encoding="utf-8")
    for width in (1280, 390):
        shown = open_page(browser, file, width, scheme=scheme)
        assert overflow(shown) <= 0
        assert violations(shown) == ""
        assert [url for url in shown.asked if not url.startswith(("file:", "data:"))] == []
        shown.close()

"""Every page that a run makes, in a real browser: whichever there are, found in its folders."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from browser import browser, open_page, overflow, violations
from release_study import run
from support import replace

pytestmark = pytest.mark.slow
__all__ = ["browser"]


@pytest.fixture(scope="module")
def pages(grown: Path, finished: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give all pages of two studies, one that grew since a release; a team's, and its crate's."""
    folder = tmp_path_factory.mktemp("pages")
    team = Path(shutil.copytree(grown, folder / "team"))
    replace(team / "config/config.yaml", "report:\n", "report:\n  audience: team\n")
    run(team, "reports/adjudicate.html", "reports/framework_matrix.html")
    with zipfile.ZipFile(grown / "reports/crate.zip") as crate:
        crate.extractall(folder / "crate")
    every = [
        page for top in (finished, grown, team, folder) for page in sorted(top.rglob("*.html"))
    ]
    return list(
        {page.read_bytes(): page for page in every if ".snakemake" not in page.parts}.values()
    )


def test_every_page_is_accessible_and_stays_in_the_window(browser: Any, pages: list[Path]) -> None:
    """Guards readers with a telephone or a screen reader: a new page can't be forgotten here."""
    assert {"paper.html", "changes.html", "adjudicate.html"} <= {page.name for page in pages}
    wrong = []
    for page in pages:
        for width in (1280, 390):
            shown = open_page(browser, page, width)
            wider = overflow(shown)
            wrong += [f"{page} at {width}: {wider} pixels too wide"] if wider > 0 else []
            said = violations(shown)
            wrong += [f"{page} at {width}: {said}"] if said else []
            wrong += [f"{page} asks for {url}" for url in shown.asked if url.startswith("http")]
            shown.close()
    assert not wrong, "\n".join(wrong)


def test_what_scrolls_within_a_page_is_reached_by_the_keyboard(
    browser: Any, pages: list[Path]
) -> None:
    """Guards readers without a mouse: a table that goes on to the right can be focused."""
    wrong = []
    for page in pages:
        shown = open_page(browser, page, 390)
        wrong += [f"{page.name}: {box}" for box in shown.evaluate(_UNREACHED)]
        shown.close()
    assert not wrong, "\n".join(wrong)


_UNREACHED = """() => [...document.querySelectorAll("body *")].filter(one =>
  one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
  && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)
  && one.tabIndex < 0 && !one.querySelector("a, button, input, select, textarea, [tabindex]")
).map(one => one.outerHTML.slice(0, 120))"""

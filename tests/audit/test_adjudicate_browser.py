"""Disagreements decided with the keyboard, saved, taken in by the next run, and gone."""

# ruff: noqa: F401, F811 (a fixture is named where it is imported and where it is asked for)

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from audit_study import HOSTILE, run
from browser import browser, open_page, overflow, violations
from themetrail.audit.explorer.page import blocks

pytestmark = pytest.mark.slow
PAGE = "reports/adjudicate.html"
REASONS = ("=1+1 is no reason", 'a "quoted" word, and a comma', "– because", "it's so 😀")


def waiting(study: Path, name: str) -> list[dict[str, Any]]:
    """A list of the page."""
    found = blocks((study / PAGE).read_text(encoding="utf-8"))[name]
    assert isinstance(found, list)
    return found


def decide_all(page: Any, count: int) -> None:
    """Decide the first disagreements: keep, drop, change in turn, with nothing but keys."""
    for number in range(count):
        page.keyboard.press("kdc"[number % 3])
        if number % 3 == 2:
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
        page.keyboard.type(f"{REASONS[number % 4]} ({number})")
        page.keyboard.press("Enter")
        page.locator("#progress p", has_text=f"{number + 1} of").wait_for()


def save(page: Any, study: Path) -> None:
    """Save every site's file into its folder."""
    for button in page.locator("[data-save]").all():
        with page.expect_download() as waiting_for:
            button.press("Enter")
        site = button.get_attribute("data-save")
        waiting_for.value.save_as(study / f"data/{site}/adjudications.csv")


def test_twenty_conflicts_by_keyboard_are_gone_after_the_next_run(
    browser: Any,
    team_study: Path,
    tmp_path: Path,
) -> None:
    """Keep, drop and change, a boundary, odd reasons; rows of before stay; nothing is reported."""
    study = Path(shutil.copytree(team_study, tmp_path / "mini"))
    conflicts, boundaries = waiting(study, "conflicts"), waiting(study, "boundaries")
    assert len(conflicts) >= 20
    assert boundaries
    page = open_page(browser, study / PAGE, 1200)
    page.wait_for_selector("#by")
    page.locator("#by").focus()
    page.keyboard.type("dora")
    page.keyboard.press("Tab")
    decide_all(page, 20)
    page.reload()
    page.wait_for_selector("#by")
    assert page.locator("#progress p").inner_text().startswith("20 of")
    page.get_by_role("button", name="Boundaries").press("Enter")
    page.locator(".extents input").first.press("Space")
    chosen = boundaries[0]["choices"][0]
    page.keyboard.type("these words")
    page.keyboard.press("Enter")
    save(page, study)
    page.close()

    run(study, PAGE)
    done = {item["key"] for item in conflicts[:20]}
    assert not done & {item["key"] for item in waiting(study, "conflicts")}
    assert boundaries[0]["key"] not in {item["key"] for item in waiting(study, "boundaries")}
    tables = [pd.read_parquet(study / f"results/consensus/{s}/adjudications.parquet")
              for s in ("north", "south")]  # fmt: skip
    rows = pd.concat(tables)
    assert len(rows) == 2 + 20 + 1
    assert set(rows["by"]) == {"cara", "dora"}
    assert {f"{REASONS[n % 4]} ({n})" for n in range(20)} <= set(rows["reason"])
    for site in ("north", "south"):
        problems = pd.read_csv(study / f"results/consensus/{site}/problems.csv")
        assert problems["kind"].tolist() == []
    segments = pd.concat(
        [
            pd.read_parquet(study / f"results/consensus/{s}/segments.parquet")
            for s in ("north", "south")
        ]
    )
    bounded = segments[(segments["start"] == chosen[0]) & (segments["end"] == chosen[1])]
    assert boundaries[0]["code"] in set(bounded["code"])


def test_no_decision_without_a_name_and_a_reason(browser: Any, team_study: Path) -> None:
    """What the run would refuse is refused here, in words, with the cursor at the gap."""
    page = open_page(browser, team_study / PAGE, 1200)
    page.wait_for_selector("#by")
    page.get_by_role("button", name="Decide and go on").click()
    assert page.locator("#problem").inner_text() == "Say who decides."
    page.keyboard.type("dora")
    page.get_by_role("button", name="Decide and go on").click()
    assert page.locator("#problem").inner_text() == "Choose keep, drop or change."
    page.keyboard.press("c")
    page.get_by_role("button", name="Decide and go on").click()
    assert "Choose the code" in page.locator("#problem").inner_text()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Decide and go on").click()
    assert page.locator("#problem").inner_text().startswith("Say why")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.close()


def test_blind_mode_shows_no_name(browser: Any, team_study: Path) -> None:
    """Names are hidden from the first glance on, and shown when asked for."""
    page = open_page(browser, team_study / PAGE, 1200)
    page.wait_for_selector(".who-marked")
    words = page.locator(".item").inner_text()
    assert not {"ann", "ben", "cat"} & set(words.replace(",", " ").split())
    page.get_by_label("Hide coders' names").click()
    assert {"ann", "ben", "cat"} <= set(page.locator(".who-marked").inner_text().split())
    page.close()


@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_is_accessible_and_fits(browser: Any, team_study: Path, width: int) -> None:
    """On a phone and a desk, and hostile words stay words."""
    page = open_page(browser, team_study / PAGE, width, scheme="dark" if width == 390 else "light")
    page.wait_for_selector("#by")
    said = ""
    for name in ("Boundaries", "Disagreements"):
        page.get_by_role("button", name=name).click()
        assert overflow(page) <= 0
        assert violations(page) == ""
        said += page.locator(".item").inner_text()
        while page.get_by_role("button", name="Next").is_enabled():
            page.get_by_role("button", name="Next").click()
            said += page.locator(".item").inner_text()
    assert HOSTILE in said
    assert "</script><b>memo" in said
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, main script").count() == 0
    assert page.asked == [page.url]
    page.close()

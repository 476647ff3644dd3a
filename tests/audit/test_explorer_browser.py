"""The explorer in a real browser: from the paper to the transcript and back."""

# ruff: noqa: F401, F811 (a fixture is named where it is imported and where it is asked for)

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from audit_study import HOSTILE, ready, run
from browser import browser, open_page, overflow, violations
from themetrail.audit.explorer.page import blocks

pytestmark = pytest.mark.slow
VIEWS = (
    *("home", "paper", "themes", "theme=T1", "codes", "code=money", "facts", "excerpts", "quotes"),
    *("fact=theme.T1.participants", "transcripts", "transcript=S1", "search=asked", "decisions"),
)

TEAM_VIEWS = {"excerpts", "transcripts", "transcript=S1", "decisions"}


def explorer(study: Path) -> Path:
    return study / "reports/explorer/index.html"


def test_from_the_paper_to_the_transcript_and_back(browser: Any, team_study: Path) -> None:
    """A number leads to its passages, a passage to its transcript, and all of them back."""
    page = open_page(browser, team_study / "reports/paper.html", 1200)
    number = page.locator(
        "a.to-evidence", has=page.locator("#fact-theme\\.T1\\.participants")
    ).first
    said = number.inner_text()
    number.click()
    ready(page)
    assert page.locator("h1").inner_text() == said
    assert "people" in page.locator("main").inner_text().lower()
    page.get_by_role("link", name="The passages: theme T1").click()
    ready(page)
    row = page.locator(".passage-words").first
    row.wait_for()
    words = row.inner_text()
    row.click()
    page.wait_for_selector(".panel.open")
    assert words[:20] in page.locator(".panel-body > blockquote").inner_text()
    assert page.locator(".panel .who-marked li").count() == 3
    page.locator(".panel .chip-theme").first.click()
    ready(page)
    assert page.locator("h1").inner_text() == "Ask first"
    page.go_back()
    page.wait_for_selector(".panel.open")
    page.locator(".panel details summary").click()
    page.locator(".panel .resting a").first.click()
    ready(page)
    page.get_by_role("link", name="Go back to the paper").first.click()
    page.wait_for_selector("header.title-block")
    target = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    assert page.evaluate("name => Boolean(document.getElementById(name))", target)
    page.close()


def test_a_quotation_opens_its_place(browser: Any, team_study: Path) -> None:
    """The address that the paper gives: the transcript, the passage and its decision."""
    page = open_page(browser, team_study / "reports/paper.html", 1200)
    page.locator("div.quote a.to-evidence").first.click()
    page.wait_for_selector(".panel.open")
    assert re.search(r"#excerpt=s[a-z0-9]+", page.url)
    assert page.locator("tr.chosen").count() == 1
    assert "Quoted in the paper" in page.locator(".panel").inner_text()
    page.close()


def test_hostile_words_stay_words(browser: Any, team_study: Path) -> None:
    """What a participant says runs nowhere, and is shown as it was said."""
    page = open_page(browser, explorer(team_study), 1200)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    ready(page, "#transcript=S1")
    said = page.locator(".turn-participant .said").last
    assert said.inner_text() == HOSTILE
    for view in ("#excerpts&state=any", "#search=hacked", "#code=money", "#excerpt=%3Cscript%3E"):
        ready(page, view)
    page.wait_for_selector("main")
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, main script, main b").count() == 0
    assert [url for url in page.asked if not url.startswith("file:")] == []
    assert len(page.asked) == 1
    assert errors == []
    page.close()


def test_marks_stand_on_their_words_beyond_the_basic_plane(
    browser: Any,
    team_study: Path,
) -> None:
    """Places are code points; JavaScript counts an emoji twice."""
    segments = pd.read_parquet(team_study / "results/consensus/south/segments.parquet")
    spans = pd.read_parquet(team_study / "results/coding/south/spans.parquet")
    assert ((segments["transcript_id"] == "S1") & (segments["code"] == "money")).any()
    assert (spans["coder"] == "ben").any()
    page = open_page(browser, explorer(team_study), 1200)
    ready(page, "#transcript=S1")
    turn = page.locator(".turn-participant").last
    turn.get_by_role("button", name="Money").click()
    page.wait_for_selector(".panel.open")
    marked = page.locator(".who-marked li", has_text="ben").locator("q").all_inner_texts()
    assert "and we paid for it." in marked[-1]
    page.close()


def test_filters_count_what_the_tables_say(browser: Any, team_study: Path) -> None:
    """Site, code, coder, group and state: the count shown is the tables' own."""
    tables = [pd.read_parquet(path) for path in
              sorted((team_study / "results/consensus").glob("*/decisions.parquet"))]  # fmt: skip
    decisions = pd.concat(tables)
    kept = decisions[decisions["outcome"] == "keep"]
    conflicts = decisions[(decisions["marked_by"] != "") & (decisions["unmarked_by"] != "")]
    expected = {
        "#excerpts": len(kept),
        "#excerpts&site=south": (kept["site"] == "south").sum(),
        "#excerpts&code=time": (kept["code"] == "time").sum(),
        "#excerpts&theme=T2": kept["code"].isin(["time", "money"]).sum(),
        "#excerpts&state=contested": len(conflicts),
        "#excerpts&state=dropped": (decisions["outcome"] == "drop").sum(),
        "#excerpts&state=any&coder=ben": decisions["marked_by"].str.contains("ben").sum(),
    }
    page = open_page(browser, explorer(team_study), 1200)
    for view, count in expected.items():
        ready(page, view)
        page.wait_for_selector(".results .count")
        assert page.locator(".count").inner_text().startswith(f"{count} passage"), view
    page.close()


def test_the_list_is_walked_with_the_keyboard(browser: Any, team_study: Path) -> None:
    """Arrow keys walk the passages, Enter opens one, and a code explains itself on focus."""
    page = open_page(browser, explorer(team_study), 1200)
    ready(page, "#excerpts&state=any")
    page.locator(".list").focus()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('li').dataset.at") == "11"
    page.keyboard.press("Tab")
    page.wait_for_selector("[role=tooltip]")
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "tip"
    page.keyboard.press("Escape")
    assert page.locator("[role=tooltip]").count() == 0
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel.open")
    page.close()


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible_and_fits(
    browser: Any,
    team_study: Path,
    width: int,
    scheme: str,
) -> None:
    """No finding of axe, no sideways scrolling, and each screen says that it holds transcripts."""
    page = open_page(browser, explorer(team_study), width, scheme=scheme)
    held = blocks(explorer(team_study).read_text(encoding="utf-8"))["index"]
    for view in (*VIEWS, f"excerpt={held['quotes'][0]['segment']}"):
        ready(page, f"#{view}")
        assert overflow(page) <= 0, view
        if width == 1200 or scheme == "light":
            assert violations(page) == "", view
        page.mouse.wheel(0, 3000)
        assert page.get_by_text("Holds transcripts").is_visible(), view
    page.close()


def test_the_public_page_says_what_it_is(browser: Any, public_study: Path) -> None:
    """A quotation with its code and theme, no transcript, and no dead end."""
    page = open_page(browser, public_study / "reports/paper.html", 390)
    page.locator("div.quote a.to-evidence").first.click()
    ready(page)
    assert page.get_by_text("Transcripts are not in this page").is_visible()
    assert page.locator("blockquote.big").inner_text()
    for view in VIEWS:
        ready(page, f"#{view}") if view not in TEAM_VIEWS else None
        assert overflow(page) <= 0, view
    assert violations(page) == ""
    page.close()


def test_the_decisions_stand_in_a_timeline(browser: Any, team_study: Path) -> None:
    """As many as the log holds, with reason and source."""
    lines = (team_study / "reports/decisions.jsonl").read_text(encoding="utf-8").splitlines()
    page = open_page(browser, explorer(team_study), 1200)
    ready(page, "#decisions")
    assert page.locator(".count").inner_text() == f"{len(lines) - 1} decisions"
    assert "A courtesy and no consultation" in page.locator(".list").inner_text()
    page.get_by_label("Kind").select_option("adjudication")
    assert page.locator(".count").inner_text() == "2 decisions"
    page.close()


def test_a_wrong_address_is_said(browser: Any, team_study: Path) -> None:
    """An old link tells why it leads nowhere."""
    page = open_page(browser, explorer(team_study), 1200)
    page.evaluate("location.hash = 'excerpt=snothing'")
    page.get_by_text("There is no passage “snothing”").wait_for()
    page.evaluate("location.hash = 'fact=n.nothing'")
    page.get_by_text("There is no fact “n.nothing”").wait_for()
    page.close()


def test_two_builds_give_the_same_bytes(team_study: Path) -> None:
    """The page holds no time and no path."""
    before = explorer(team_study).read_bytes()
    explorer(team_study).unlink()
    run(team_study, "reports/explorer/index.html")
    assert explorer(team_study).read_bytes() == before
    assert str(team_study).encode() not in before

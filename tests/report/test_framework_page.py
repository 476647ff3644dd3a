"""The framework matrix as a page."""

from __future__ import annotations

from typing import Any

from lxml import html
from themetrail import contracts
from themetrail.config import Code, Codebook, Theme
from themetrail.report.framework_page import page
from themetrail.synthesis.workbook import Matrix, notice_for
from themetrail.tables import frame

THEMES = (Theme("T1", "Ask <first>", "Asked staff take it up.", ("asked",)), Theme("T2", "Time"))


def row(person: str, site: str, theme: str, n: int, **more: str) -> dict[str, Any]:
    """One row of the matrix's table."""
    blank = {"codes": "", "segment_ids": "", "summary": "", "status": "empty", "evidence": ""}
    return {
        "participant_id": person,
        "site": site,
        "theme": theme,
        "n_segments": n,
        **blank,
        **more,
    }


def made(audience: str = "public", *, demonstration: bool = False, rows: Any = None) -> str:
    """The page of two people and two themes."""
    given = [
        row("P1", "n", "T1", 2, codes="asked", segment_ids="s1;s2", status="stale", summary="=<b>"),
        row("P1", "n", "T2", 0),
        row("P2", "s", "T1", 1, codes="asked", segment_ids="s3", status="to write"),
        row("P2", "s", "T2", 0),
    ]
    table = frame(given if rows is None else rows, contracts.FRAMEWORK_MATRIX)
    words = {"s1": "They <asked> us.", "s2": "Twice.", "s3": "Never."} if audience == "team" else {}
    notice = notice_for(audience, demonstration=demonstration)
    book = Codebook((Code("asked", "Being asked"),))
    matrix = Matrix(table, THEMES, book, "A study", notice, {"n": "North"}, words)
    return page(matrix, demonstration=demonstration)


def test_a_cell_says_passages_codes_summary_and_its_state() -> None:
    """Guards the analyst: what was written, and that its evidence has changed since."""
    cells = html.fromstring(made()).xpath("//td[@class]")
    said = [" ".join(cell.itertext()) for cell in cells]
    assert said == [
        "=<b> 2 passages  Being asked summary stale: its evidence changed",
        "–",
        "1 passage  Being asked summary to write",
        "–",
    ]
    assert [head.text for head in html.fromstring(made()).xpath("//thead/tr/th")][
        1
    ] == "Ask <first>"


def test_words_are_for_the_team_alone() -> None:
    """Guards people interviewed: the public page has no words; the team's says what it holds."""
    assert "asked&gt; us" not in made()
    team = made("team", demonstration=True)
    assert "They &lt;asked&gt; us." in team
    assert "For the study team only" in team
    assert "Fictional data." in team


def test_nobody_coded_gives_a_sentence() -> None:
    """Guards a study that waits for coding."""
    assert "Nobody has a coded interview yet" in made(rows=[])

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


def many(
    people: int, sites: int, *, said: int = 0, summary: int = 0, audience: str = "team"
) -> Matrix:
    """A matrix of many people, each with so many characters said and summed up on each theme."""
    rows, words = [], {}
    for number in range(people):
        for theme in ("T1", "T2"):
            name = f"s{number}{theme}"
            words[name] = ("word " * said)[:said]
            texts = {"summary": ("sum " * summary)[:summary], "segment_ids": name}
            state = {"status": "stale" if number == 0 else "current", "codes": "asked"}
            rows.append(row(f"P{number}", f"s{number % sites}", theme, 1, **texts, **state))
    rows.sort(key=lambda one: one["site"])
    table = frame(rows, contracts.FRAMEWORK_MATRIX)
    book = Codebook((Code("asked", "Being asked"),))
    excerpts = words if audience == "team" else {}
    return Matrix(table, THEMES, book, "A study", "", {"s0": "North <1>"}, excerpts)


def test_very_many_people_are_folded_below_an_overview_of_their_sites() -> None:
    """Guards a reader of 150 people: sites first, each leading to its own; nothing is left out."""
    tree = html.fromstring(page(many(150, 3, said=20, summary=20)))
    overview = tree.xpath("//table")[0]
    assert [head.text for head in overview.xpath(".//thead//th")][:2] == ["Site", "People"]
    first = [" ".join(cell.text_content().split()) for cell in overview.xpath(".//tbody/tr[1]/*")]
    assert first[:3] == ["North <1>", "50", "50 of 5050 passages50 summaries, 1 stale"]
    folded = tree.xpath("//details[@class='people']")
    assert len(folded) == 3
    assert sum(len(one.xpath(".//tbody/tr")) for one in folded) == 150
    targets = {link.get("href") for link in overview.xpath(".//a")}
    assert targets == {f"#{one.get('id')}" for one in tree.xpath("//details/div[@id]")}
    assert not tree.xpath("//*[contains(@class, 'left-out')]")


def test_a_study_of_a_hundred_people_stays_one_table() -> None:
    """Guards small studies: they are read at once."""
    assert len(html.fromstring(page(many(100, 3))).xpath("//table")) == 1


def test_the_page_is_bounded_and_says_what_it_leaves_out() -> None:
    """Guards the page of 3,000 people: it opens, and names what stands in the workbook alone."""
    made = page(many(3000, 3, said=900, summary=100))
    assert len(made) < 4_000_000
    tree = html.fromstring(made)
    notice = tree.xpath("string(//*[contains(@class, 'left-out')])")
    assert "1,002 of 3,000 people" in notice
    assert "beyond 150 characters" in notice
    assert "framework_matrix.xlsx" in notice
    assert len(tree.xpath("//details[@class='people']//tbody/tr")) == 1998
    assert tree.xpath("//details[@class='people']/summary/span")[0].text == (
        "1,000 people, the first 666 here"
    )
    cell = tree.xpath("//details[@class='people']//td")[0]
    assert cell.xpath(".//li")[-1].text == "1 more or cut short: see the workbook"
    assert len(cell.xpath(".//li")[0].text) <= 160
    assert cell.xpath("./p")[0].text == ("sum " * 25)

"""The framework matrix as a workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from themetrail.config import Code, Codebook, Theme
from themetrail.synthesis import workbook
from themetrail.synthesis.workbook import (
    Matrix,
    excerpts_for,
    notice_for,
    write_workbook,
)

EVIL = '=HYPERLINK("http://x")|cmd\'! {{ x }} \u200fé👩‍⚕️ \x07 end'
THEMES = (
    Theme("A", "What [they] said: about/with all of it, and rather more", codes=("x",)),
    Theme("B", "What [they] said: about/with all of it, and rather less", codes=("y",)),
)


@pytest.fixture
def matrix(make: Callable[..., Any]) -> Matrix:
    """Give two people, one of whom says dangerous things."""
    made = make(
        {"T1": [("P1", EVIL)], "T2": [("P2", "quiet words")]},
        [("a", "T1", EVIL, "x")],
        judged={"a": ["T1", "T2"]},
    )
    table = made.synthesise(THEMES)["framework_matrix"]
    table.loc[0, ["summary", "status"]] = ["+1 summary", "current"]
    segments = made.decide().segments
    return Matrix(
        table,
        THEMES,
        Codebook((Code("x", "=1+1"),)),
        "@Study",
        notice_for("team", demonstration=True),
        {"s": "-Site"},
        excerpts_for("team", segments, made.transcripts),
    )


def test_a_sheet_a_theme_with_filters_frozen_heads_and_links(
    matrix: Matrix, tmp_path: Path
) -> None:
    """Excel refuses some titles and any twice; the overview leads to each row."""
    write_workbook(matrix, tmp_path / "m.xlsx")
    book = load_workbook(tmp_path / "m.xlsx")
    assert len(book.sheetnames) == 3
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in book.sheetnames)
    overview, sheet = book["Overview"], book[book.sheetnames[1]]
    assert "fictional" in overview["A2"].value
    assert "words of transcripts" in overview["A2"].value
    assert overview["C6"].hyperlink.location == f"'{book.sheetnames[1]}'!A5"
    assert sheet["A5"].value == "P1"
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:I6"
    assert (sheet["C5"].value, sheet["E5"].value, sheet["F5"].value) == (1, "+1 summary", "current")


def test_nothing_is_a_formula_and_words_stay_as_they_are(matrix: Matrix, tmp_path: Path) -> None:
    """What begins with = + - @ is text; a control character shows as its picture."""
    write_workbook(matrix, tmp_path / "m.xlsx")
    book = load_workbook(tmp_path / "m.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if cell.data_type == "f"]
    sheet = book[book.sheetnames[1]]
    assert sheet["I5"].value == EVIL.replace("\x07", "\u2407")
    assert sheet["D5"].value == "=1+1"
    with zipfile.ZipFile(tmp_path / "m.xlsx") as file:
        assert b"<f>" not in b"".join(file.read(n) for n in file.namelist() if "sheet" in n)


def test_the_public_workbook_holds_no_words(make: Callable[..., Any]) -> None:
    """Counts, codes and summaries only."""
    made = make({"T1": [("P1", "words")]}, [("a", "T1", "words", "x")])
    segments = made.decide().segments
    assert excerpts_for("public", segments, made.transcripts) == {}
    assert "words" in excerpts_for("team", segments, made.transcripts).values()
    assert notice_for("public", demonstration=False) == ""


def test_the_same_matrix_gives_the_same_bytes(matrix: Matrix, tmp_path: Path) -> None:
    """No hour of making in it."""
    write_workbook(matrix, tmp_path / "one.xlsx")
    write_workbook(matrix, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.xlsx") as file:
        assert {entry.date_time[0] for entry in file.infolist()} == {2000}
        assert b"2000-01-01T00:00:00Z</dcterms:modified>" in file.read("docProps/core.xml")


def test_a_workbook_of_very_many_words_is_cut_evenly_and_says_so(
    matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards a team of thousands of interviews: the file opens, and tells where the rest stands."""
    monkeypatch.setattr(workbook, "MOST_WORDS", 12)
    write_workbook(matrix, tmp_path / "m.xlsx")
    book = load_workbook(tmp_path / "m.xlsx")
    assert "stops after 12 characters" in book["Overview"]["A4"].value
    words = book[book.sheetnames[1]]["I5"].value
    assert words.endswith("[…]\n\n(1 more or cut short)")

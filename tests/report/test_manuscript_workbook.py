"""The supplementary workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from themetrail.report import catalogue, paper_tables, workbook
from themetrail.report.facts import collect


def written(study: Any, tables: Any, path: Path) -> Any:
    """The workbook of a study, read back."""
    built = paper_tables.build(collect(tables, study), study, tables)
    workbook.write(built, path, notice="The data are fictional.")
    return openpyxl.load_workbook(path)


def test_every_table_has_its_sheet_with_numbers(
    small_study: Any, small_tables: Any, tmp_path: Path
) -> None:
    """Guards those who calculate on: numbers are numbers, at full precision."""
    book = written(small_study, small_tables, tmp_path / "a.xlsx")
    assert book.sheetnames[0] == "Contents"
    assert len(book.sheetnames) == len(set(catalogue.TABLES) - catalogue.MACHINE_TABLES) + 1
    rows = list(book["agreement"].values)
    at = rows[0].index("Krippendorff’s α")
    assert rows[-1][at] == 0.7512
    assert rows[2][at] is None
    assert "The data are fictional." in [cell.value for cell in book["Contents"]["A"]]


def test_hostile_text_is_text(
    small_study: Any, tables_with: Any, quote_row: Any, tmp_path: Path
) -> None:
    """Guards against formulas and control characters in what people said or are called."""
    hostile = '=HYPERLINK("http://example.org\x0b")'
    people = [{"participant_id": "p1", "site": "north", "n_transcripts": 1, "role": hostile}]
    tables = tables_with(participants=people, quotes=[quote_row("T1", 1, "-1+1")])
    book = written(small_study, tables, tmp_path / "a.xlsx")
    found = [cell for row in book["participants"].iter_rows() for cell in row if cell.value]
    said = next(cell for cell in found if "HYPERLINK" in str(cell.value))
    assert said.value == hostile.replace("\x0b", "␋")
    assert said.data_type == "s"


def test_the_same_tables_give_the_same_bytes(
    small_study: Any, small_tables: Any, tmp_path: Path
) -> None:
    """Guards two runs of one study."""
    for name in ("a.xlsx", "b.xlsx"):
        written(small_study, small_tables, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()

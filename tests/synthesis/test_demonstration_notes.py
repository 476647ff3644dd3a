"""The demonstration study's summaries, guide and facets, against its own codings."""

from __future__ import annotations

from html import escape
from pathlib import Path

import making
import pandas as pd
import pytest
from openpyxl import load_workbook
from themetrail.report.framework_page import page
from themetrail.synthesis import Notes, read_notes, read_summaries, synthesise
from themetrail.synthesis.workbook import Matrix, write_workbook

NAMES = ("segments", "spans", "units", "turns", "transcripts", "participants")


def run(root: Path, demo: making.Demo, segments: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The synthesis with what the analyst wrote, from these segments."""
    summaries, wrong = read_summaries(root)
    notes, more = read_notes(root)
    assert [*wrong, *more] == []
    assert notes != Notes()
    tables = {**demo.tables, "segments": segments}
    return synthesise(
        *(tables[name] for name in (*NAMES, "coverage")),
        demo.study.codebook,
        demo.study.themes,
        making.synthesis_settings(saturation={"reorderings": 10}, permutations=10),
        summaries,
        notes=notes,
    )


@pytest.fixture(scope="module")
def made(root: Path, demo: making.Demo) -> dict[str, pd.DataFrame]:
    """Give the demonstration study's synthesis."""
    return run(root, demo, demo.tables["segments"])


def test_every_cell_with_passages_has_a_current_summary(made: dict[str, pd.DataFrame]) -> None:
    """Guards the matrix: filled wherever there is evidence, and resting on today's evidence."""
    matrix = made["framework_matrix"]
    assert set(matrix["status"]) == {"current", "empty"}
    assert ((matrix["status"] == "current") == (matrix["n_segments"] > 0)).all()
    assert matrix["summary"].str.split().str.len().max() < 70


def test_a_summary_is_marked_stale_when_its_evidence_changes(
    root: Path, demo: making.Demo, made: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    """Guards the reader of the matrix, in the table, the workbook and the page; words stay."""
    segments = demo.tables["segments"]
    cell = (segments["participant_id"] == "A01") & (segments["code"] == "time_to_embed")
    assert cell.sum() == 1
    moved = segments.assign(segment_id=segments["segment_id"].where(~cell, "another"))
    matrix = run(root, demo, moved)["framework_matrix"]
    stale = matrix[matrix["status"] == "stale"]
    assert stale[["participant_id", "theme"]].to_numpy().tolist() == [["A01", "T6"]]
    before = made["framework_matrix"]
    assert list(matrix["summary"]) == list(before["summary"])
    drawn = Matrix(matrix, demo.study.themes, demo.study.codebook, "Study")
    write_workbook(drawn, tmp_path / "matrix.xlsx")
    sheets = load_workbook(tmp_path / "matrix.xlsx").worksheets
    shown = [row[5].value for sheet in sheets[1:] for row in sheet.iter_rows(min_row=5)]
    assert shown.count("stale") == 1
    assert shown.count("current") == (before["status"] == "current").sum() - 1
    html = page(drawn)
    assert html.count("summary stale: its evidence changed") == 1
    assert escape(stale["summary"].iloc[0]) in html


def test_all_silence_of_the_demonstration_is_unasked(made: dict[str, pd.DataFrame]) -> None:
    """Guards the paper's sentence: the interviewers' words are found, and no one kept silent."""
    assert not set(made["problems"]["kind"]) & {"quote_not_found", "unknown_question"}
    table = made["asked"]
    themes = table[table["kind"] == "theme"]
    assert list(themes["code"]) == [f"T{n}" for n in range(1, 7)]
    assert (themes["n_known"] == 24).all()
    assert themes["n_asked_silent"].sum() == 0
    silent = (made["framework_matrix"]["n_segments"] == 0).sum()
    assert themes["n_unasked_silent"].sum() == silent


def test_every_interview_with_a_noted_code_was_read(made: dict[str, pd.DataFrame]) -> None:
    """Guards meaning saturation: an interview passed over would look like one without news."""
    table = made["meaning_saturation"]
    assert len(table) == 4
    assert (table["n_noted"] == table["n_interviews"]).all()
    assert (table["last_new_position"] > table["first_position"]).all()

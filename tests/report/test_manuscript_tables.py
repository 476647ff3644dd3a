"""The paper's tables: what they hold, for the paper and for a workbook."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from themetrail import contracts
from themetrail.report import ast, catalogue, paper_tables
from themetrail.report.facts import collect
from themetrail.report.paper_table import PaperTable, to_blocks, to_frame
from themetrail.tables import frame


def built(study: Any, tables: Any) -> dict[str, PaperTable]:
    """All tables of a study."""
    return paper_tables.build(collect(tables, study), study, tables)


def cells(table: PaperTable) -> list[list[str]]:
    """The text of each cell of the body."""
    node = to_blocks(table)[0]
    return [[ast.text_of(cell[4]) for cell in row[1]] for row in node["c"][4][0][3]]


def notes(table: PaperTable) -> str:
    """The text below a table."""
    return ast.text_of(to_blocks(table)[1:])


def test_every_table_of_the_catalogue_is_made(small_study: Any, small_tables: Any) -> None:
    """Guards `table('…')`: every name gives a table with as many cells as headings."""
    made = built(small_study, small_tables)
    expected = [name for name in catalogue.TABLES if name not in catalogue.MACHINE_TABLES]
    assert list(made) == expected
    for table in made.values():
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert "n = " in ast.text_of(to_blocks(table)[0]["c"][1])
        assert sum(column.width for column in table.columns) <= 1.0001


def test_a_study_without_coding_has_its_tables(small_study: Any) -> None:
    """Guards transcripts that wait for coding."""
    for table in built(small_study, {}).values():
        assert "nan" not in ast.text_of(to_blocks(table)).lower().split()


def test_a_table_without_rows_says_none(small_study: Any, small_tables: Any) -> None:
    """Guards against a heading above nothing, which looks like a fault."""
    table = built(small_study, small_tables)["counter_examples"]
    assert cells(table) == [["None.", "", ""]]
    assert len(to_frame(table)) == 0


def test_a_reflexive_study_has_no_agreement_table(study_with: Any, small_tables: Any) -> None:
    """Guards the approach that the study chose."""
    made = built(study_with(analysis={"approach": "reflexive"}), small_tables)
    assert not [name for name in made if name.startswith("agreement")]


def test_participants_by_site_and_attribute(small_study: Any, small_tables: Any) -> None:
    """Guards the table that reviewers read first."""
    assert cells(built(small_study, small_tables)["participants"]) == [
        ["Site", "North", "3"],
        ["", "South", "2"],
        ["Role", "manager", "1"],
        ["", "nurse", "3"],
        ["", "not stated", "1"],
    ]


def test_small_groups_are_starred_and_explained(study_with: Any, small_tables: Any) -> None:
    """Guards people in small groups, in the paper and in the workbook."""
    table = built(study_with(report={"min_cell": 3}), small_tables)["participants"]
    assert [row[2] for row in cells(table)] == ["*"] * 5
    assert "* Not shown" in notes(table)
    assert to_frame(table)["People"].isna().all()


def test_agreement_flags_codes_below_the_threshold(small_study: Any, small_tables: Any) -> None:
    """Guards against hiding a weak code, and against an empty cell without a reason."""
    table = built(small_study, small_tables)["agreement"]
    rows = {row[0]: row for row in cells(table)}
    at = [column.heading for column in table.columns].index("Krippendorff’s α")
    assert rows["Being asked"][at : at + 2] == ["0.60†", "0.50 to 0.70"]
    assert rows["Time"][at] == "–"
    assert rows["All codes"][at] == "0.75"
    assert "† Krippendorff’s α below the threshold of 0.667, set before coding." in notes(table)
    assert "no coder ever marked it" in notes(table)
    assert table.wide


def test_a_workbook_gets_numbers_at_full_precision(small_study: Any, small_tables: Any) -> None:
    """Guards those who calculate on with the supplement."""
    made = built(small_study, small_tables)
    frame = to_frame(made["agreement"])
    assert frame["Krippendorff’s α"].tolist()[-1] == pytest.approx(0.7512)
    assert frame["95% CI of α: lower"].tolist()[0] == pytest.approx(0.5)
    assert frame["95% CI of α: upper"].tolist()[0] == pytest.approx(0.7)
    themes = to_frame(made["themes"])
    assert themes["People"].tolist() == [3, 4]
    assert themes["People: out of"].tolist() == [4, 4]
    assert isinstance(themes, pd.DataFrame)


def test_cells_keep_their_facts(small_study: Any, small_tables: Any) -> None:
    """Guards the trail from a number in a table to its evidence."""
    node = to_blocks(built(small_study, small_tables)["themes"])[0]
    found = [
        dict(item["c"][0][2]).get("data-fact") for item in ast.elements(node) if item["t"] == "Span"
    ]
    assert "theme.T2.counter.participants" in found


def test_the_headline_coefficient_is_always_in_the_table(
    study_with: Any, small_tables: Any
) -> None:
    """Guards a text that leads with a coefficient which its table then leaves out."""
    study = study_with(reliability={"headline": "negative_agreement"})
    headings = [column.heading for column in built(study, small_tables)["agreement"].columns]
    assert "Negative agreement" in headings


def test_tables_of_very_many_people_print_a_part_and_say_where_the_rest_is(
    small_study: Any, small_tables: Any
) -> None:
    """Guards the paper of a study of hundreds: pages that can be printed, a workbook with all."""
    blank = {"codes": "", "segment_ids": "", "summary": "", "status": "to write", "evidence": ""}
    people = frame(
        (
            {"participant_id": f"P{n}", "site": "north", "theme": "T1", "n_segments": n, **blank}
            for n in range(400)
        ),
        contracts.FRAMEWORK_MATRIX,
    )
    empty = dict.fromkeys(("participant_id", "site", "transcript_id", "code", "why"), "")
    against = frame(
        (
            {"theme": theme, "segment_id": f"s{n}", "start": n, "end": n, "text": "No.", **empty}
            for theme, most in (("T1", 300), ("T2", 20))
            for n in range(most)
        ),
        contracts.COUNTER,
    )
    made = built(
        small_study, {**small_tables, "framework_matrix": people, "counter_examples": against}
    )
    for name, of in (("framework_matrix", 400), ("counter_examples", 320)):
        table = made[name]
        assert len(cells(table)) == 100
        assert len(to_frame(table)) == of
        said = notes(table)
        sheet = name.replace("_", " ")
        assert f"100 of {of} rows are printed; all are in the supplementary workbook" in said
        assert f"sheet “{sheet}”" in said
    printed = [row[0] for row in cells(made["counter_examples"])]
    assert printed.index("Time") == 80

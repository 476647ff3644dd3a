"""Reporting checklists: what fills an item, and that an empty one is never hidden."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from themetrail.config import schema
from themetrail.errors import Problems
from themetrail.report import ast, checklists
from themetrail.report.catalogue import entries
from themetrail.report.checklists import Row, fill
from themetrail.report.checklists_answers import Answer, items, read_answers
from themetrail.report.checklists_measures import MEASURES
from themetrail.report.checklists_page import page
from themetrail.report.checklists_sections import sections
from themetrail.report.evidence import Evidence
from themetrail.report.facts import collect
from themetrail.report.filling import fact_span
from themetrail.report.manuscript import fill as fill_paper

PAPER = """\
# Methods {#sec-methods}

We asked {{ fact('n.participants') }} people. Not needed.

# Results {#sec-results}

Themes were made by us.

{{ quote('T1', 1) }}

{{ table('participants') }}
"""


def rows_of(
    study: Any, tables: Any, answers: dict[str, Answer] | None = None, text: str = PAPER
) -> tuple[dict[str, Row], list[Any]]:
    """Every item's row by id, and the problems."""
    from themetrail.report import paper_tables

    facts = collect(tables, study)
    made = paper_tables.build(facts, study, tables)
    document, problems = fill_paper(text, facts, tables["quotes"], made, {}, study)
    assert not [row for row in problems if row.severity == "error"], problems
    rows, _, found = fill(document, facts, study.settings, tables, answers or {})
    return {row.item.id: row for row in rows}, found


def written(tmp_path: Path, text: str) -> tuple[dict[str, Answer], list[str]]:
    """Answers read from a file, and the problems as text."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config/checklists.yaml").write_text(text, encoding="utf-8")
    problems = Problems()
    return read_answers(tmp_path, problems), [str(row) for row in problems]


def test_the_checklists_are_whole() -> None:
    """Guards the journals' count of items: none may be lost from the list."""
    assert Counter(item.checklist for item in items()) == {
        "coreq": 32,
        "srqr": 21,
        "braun_clarke": 15,
    }
    assert len({item.id for item in items()}) == 68
    assert {item.needs for item in items()} == {"data", "person"}
    assert {item.measure for item in items()} - {""} == set(MEASURES)


def test_items_name_only_what_there_is(small_study: Any, small_tables: Any) -> None:
    """Guards against an item that could never be filled because of a mistyped id."""
    known = set(entries(Evidence(small_study, small_tables).words))
    study = schema("config")["properties"]["study"]["properties"]
    known |= {f"study.{name}" for name in study}
    known |= {f"team.{name}" for name in study["team"]["items"]["properties"]}
    used = {name for item in items() for name in re.findall(r"\{([^{}]+)\}", item.says)}
    assert used <= known, used - known


def test_data_fill_an_item_and_say_where_it_stands(small_study: Any, small_tables: Any) -> None:
    """Guards the automatic part: answer, place and evidence."""
    rows, problems = rows_of(small_study, small_tables)
    assert not problems
    sample = rows["coreq.12"]
    assert (sample.status, sample.answer) == ("filled", "5 participants at 2 sites.")
    assert (sample.where, sample.section) == ("sec-methods", "Methods")
    assert sample.evidence == ("n.participants", "n.sites")
    assert rows["coreq.16"].where == "tbl-participants"
    ethics = rows["srqr.9"]
    assert (ethics.status, ethics.where) == ("filled", "sec-methods")
    assert ethics.evidence == ("config/config.yaml: study.ethics",)


def test_an_empty_item_is_missing_and_shown(small_study: Any, small_tables: Any) -> None:
    """Guards against a checklist that looks complete and is not."""
    rows, _ = rows_of(small_study, small_tables)
    assert rows["coreq.7"].status == "missing"
    assert rows["coreq.17"].answer.endswith("Or fill study.interview_guide in config/config.yaml.")
    shown = page(list(rows.values()), [], "A study", demonstration=True)
    assert 'id="coreq-7" class="missing"' in shown
    assert "Fictional data." in shown
    problems = checklists.missing(rows.values())
    assert len(problems) == sum(row.status == "missing" for row in rows.values())
    assert "COREQ 7 (Participants’ knowledge of the interviewer) is missing" in str(problems[0:9])
    assert all("config/checklists.yaml, under" in problem.remedy for problem in problems)


def test_what_needs_a_person_is_not_filled_by_data(small_study: Any, small_tables: Any) -> None:
    """Guards judgement: data stand beside it and can't replace it."""
    rows, _ = rows_of(small_study, small_tables)
    refusals = rows["coreq.13"]
    assert refusals.status == "missing"
    assert "0 participants excluded, 1 withdrawn" in refusals.answer


def test_a_person_fills_places_or_rules_out(small_study: Any, small_tables: Any) -> None:
    """Guards the team's own words: they fill, point into the paper, or say why not."""
    answers = {
        "coreq.7": Answer(text="They knew her as a nurse."),
        "coreq.30": Answer(where="sec-results"),
        "coreq.23": Answer(not_applicable="Too late after the interviews."),
        "coreq.28": Answer(where="sec-reslts", line=9),
    }
    rows, problems = rows_of(small_study, small_tables, answers)
    assert (rows["coreq.7"].status, rows["coreq.7"].where) == ("filled", "")
    assert rows["coreq.7"].answer == "They knew her as a nurse."
    assert rows["coreq.30"].where == "sec-results"
    assert rows["coreq.23"].status == "not applicable"
    assert rows["coreq.23"].answer == "Too late after the interviews."
    assert [(row.kind, row.line) for row in problems] == [("unknown_place", 9)]
    assert "sec-results" in problems[0].remedy


def test_a_measure_that_fails_leaves_its_item_missing(
    small_study: Any, tables_with: Any, quote_row: Any
) -> None:
    """Guards B&C 15 and COREQ 30: what is measured may also be found wanting."""
    tables = tables_with(quotes=[quote_row("T1", 1, "They asked us.")])
    text = PAPER.replace("Themes were made by us.", "Five themes emerged from the data.")
    rows, _ = rows_of(small_study, tables, text=text)
    assert rows["braun_clarke.15"].status == "missing"
    assert "says once that themes emerge" in rows["braun_clarke.15"].answer
    assert rows["coreq.30"].status == "missing"
    assert rows["coreq.29"].status == "missing"  # the words are not those of the transcript
    assert rows["srqr.1"].status == "missing"  # “A small study” does not say that it is qualitative


def test_a_reflexive_study_is_not_asked_for_agreement(study_with: Any, small_tables: Any) -> None:
    """Guards approaches in which agreement is no criterion."""
    study = study_with(analysis={"approach": "reflexive"})
    rows, _ = rows_of(study, small_tables)
    assert rows["srqr.15"].status == "filled"
    assert "CI" not in rows["srqr.15"].answer


def test_the_page_and_the_table_take_text_as_text(small_study: Any, small_tables: Any) -> None:
    """Guards readers from markup in what people write or are called."""
    hostile = '<script>alert(1)</script> "x" & {n.sites}'
    rows, _ = rows_of(small_study, small_tables, {"coreq.7": Answer(text=hostile)})
    shown = page(list(rows.values()), [], "<b>T</b>", demonstration=False)
    assert "<script" not in shown
    assert "<b>T" not in shown
    assert "&lt;script&gt;" in shown
    assert "{n.sites}" in rows["coreq.7"].answer
    listed = checklists.as_csv(rows.values()).splitlines()
    assert listed[0] == ",".join(checklists.COLUMNS)
    assert len(listed) == 69


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("coreq:\n  33: Text\n", "config/checklists.yaml:2: COREQ has no item '33'"),
        ("coreqs: {}\n", "Did you mean 'coreq'?"),
        ("coreq:\n  1: {wher: sec-methods}\n", "config/checklists.yaml:2"),
        ("coreq:\n  1: 5\n", "config/checklists.yaml:2"),
        ("coreq: [\n", "not valid YAML"),
        ("- coreq\n", "is not of type 'object'"),
    ],
)
def test_a_wrong_file_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """Guards those who write the file by hand."""
    answers, problems = written(tmp_path, text)
    assert not answers
    assert said in "\n".join(problems)


def test_answers_are_read_in_both_forms(tmp_path: Path) -> None:
    """Guards the two ways to write an answer; a number is a number of an item."""
    text = "coreq:\n  6: None before.\n  '8': {where: sec-x, text: Nobody}\nsrqr: {}\n"
    answers, problems = written(tmp_path, text)
    assert not problems
    assert answers["coreq.6"] == Answer(text="None before.", line=2)
    assert (answers["coreq.8"].where, answers["coreq.8"].text) == ("sec-x", "Nobody")


def test_the_demonstration_answers_are_sound(root: Path) -> None:
    """Guards the file that ships as an example."""
    problems = Problems()
    assert read_answers(root, problems)
    assert not problems.rows


def test_words_are_counted_by_section(small_study: Any, small_tables: Any) -> None:
    """Guards the count that journals ask for: quotations, tables and citations apart."""
    fact = next(one for one in collect(small_tables, small_study) if one.id == "n.sites")
    cite = {"t": "Cite", "c": [[], ast.inlines("[@x and more words]")]}
    quoted = ast.div([ast.block_quote([ast.para(ast.inlines("two words"))])], ["quote"])
    document = {
        "meta": {"abstract": {"t": "MetaBlocks", "c": [ast.para(ast.inlines("one two"))]}},
        "blocks": [
            ast.para(ast.inlines("before")),
            ast.header(1, "a", ast.inlines("A")),
            ast.div([ast.para([*ast.inlines("three more words "), fact_span(fact), cite])], []),
            quoted,
            ast.table("tbl-x", ast.inlines("many words here"), [ast.Column("H")], []),
        ],
    }
    found = [(one.title, one.words, one.quoted) for one in sections(document)]
    assert found == [("Abstract", 2, 0), ("", 1, 0), ("A", 4, 2)]
    last = sections(document)[-1]
    assert (last.facts, last.anchors) == ({"n.sites"}, {"a", "tbl-x"})

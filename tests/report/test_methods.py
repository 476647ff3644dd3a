"""Methods as executed: tables made from the run."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from themetrail.config import schema
from themetrail.report import ast, methods, paper_tables
from themetrail.report.facts import collect
from themetrail.report.paper_table import to_blocks


def cells(table: Any) -> list[list[str]]:
    """The text of each cell."""
    node = to_blocks(table)[0]
    return [[ast.text_of(cell[4]) for cell in row[1]] for row in node["c"][4][0][3]]


def built(study: Any, tables: Any, inputs: Any = ()) -> dict[str, Any]:
    """The tables of a study."""
    return paper_tables.build(collect(tables, study), study, tables, inputs)


def test_every_setting_that_shapes_a_result_is_named(small_study: Any, small_tables: Any) -> None:
    """Guards against a setting that was used and is not told."""
    rows = {row[0]: row[1] for row in cells(built(small_study, small_tables)["methods"])}
    properties = schema("config")["properties"]
    for section in ("analysis", "reliability", "consensus", "report"):
        assert {f"{section}.{name}" for name in properties[section]["properties"]} <= set(rows)
    assert rows["synthesis.saturation.base"] == "4"
    assert rows["reliability.seed"] == "20211101"
    assert rows["synthesis.tests"] == "no"
    assert rows["synthesis.groups"] == "role"
    assert all(rows.values())


def test_a_reflexive_study_names_no_setting_of_agreement(
    study_with: Any, small_tables: Any
) -> None:
    """Guards an approach that has no coefficient."""
    made = built(study_with(analysis={"approach": "reflexive"}), small_tables)["methods"]
    assert not [row for row in cells(made) if row[0].startswith("reliability")]


def test_steps_stand_in_the_order_of_the_work() -> None:
    """Guards the list of steps: every rule with its promise, from intake on."""
    found = methods.steps()
    names = [name for _, name, _ in found]
    assert names[:2] == ["intake", "gate"]
    assert names.index("consensus") < names.index("synthesis") < names.index("facts")
    rules = (methods.WORKFLOW / "rules").glob("*.smk")
    assert len(found) == sum(file.read_text().count("\nrule ") for file in rules)
    assert all(promise.endswith(".") for _, _, promise in found)


def test_inputs_have_a_digest_of_their_list(tmp_path: Path) -> None:
    """Guards the identity of what was read: another file gives another digest."""
    lists = {"north/codings": "c", "north/transcripts": "t\na", "south/transcripts": "x"}
    for name, text in lists.items():
        path = tmp_path / f"{name}.tsv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"path\tbytes\tsha256\n{text}\n", encoding="utf-8")
    choice = tmp_path / "config.yaml"
    choice.write_text("study: {}\n", encoding="utf-8")
    paths, sites = sorted(tmp_path.glob("*/*.tsv")), {"north": "North", "south": "South"}
    rows = methods.read_inputs(paths, [choice], sites)
    assert [(row.what, row.files) for row in rows] == [
        ("North", 3),
        ("South", 1),
        ("Choices and notes of the study", 1),
    ]
    text = (tmp_path / "south/transcripts.tsv").read_bytes()
    assert rows[1].digest == hashlib.sha256(text).hexdigest()
    choice.write_text("study: {title: x}\n", encoding="utf-8")
    assert methods.read_inputs(paths, [choice], sites)[2].digest != rows[2].digest


def test_software_is_what_is_installed(small_study: Any, small_tables: Any) -> None:
    """Guards versions: those in use, for the programs that shape a result."""
    import pandas as pd
    import themetrail

    rows = {row[0]: row[1] for row in cells(built(small_study, small_tables)["software"])}
    assert rows["pandas"] == pd.__version__
    assert rows["themetrail"] == themetrail.__version__
    assert rows["Pandoc"][0].isdigit()

"""What the paper says of a machine: every code with its failure, nothing where there is none."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from themetrail import contracts
from themetrail.config import StudyConfig, load
from themetrail.report import catalogue, paper_tables
from themetrail.report.conditions import from_facts
from themetrail.report.facts import by_id, collect
from themetrail.tables import frame


def codes_row(code: str, scheme: str, **more: Any) -> dict[str, Any]:
    """A row of the machine's measures."""
    return {
        "coder": "machine:tfidf-0",
        "scheme": scheme,
        "code": code,
        "n_units": 100,
        "n_positive": 40,
        "n_proposed": 30,
        "n_correct": 24,
        "precision": 0.8,
        "recall": 0.6,
        "f1": 0.686,
        "n_transcripts": 8,
        "n_sites": 2,
        "n_withheld": 3,
        "brier": 0.03,
        "brier_reference": 0.05,
        "kappa": 0.63,
        "ci_low": 0.5,
        "ci_high": 0.75,
        "human_kappa": 0.8,
        "human_consensus_kappa": 0.9,
        "verdict": "usable" if code and scheme == "site" else "",
        "reason": "",
        **more,
    }


@pytest.fixture
def study(root: Any) -> StudyConfig:
    """Give the demonstration study's choices, which ask for a machine."""
    return load(root)[0]


def tables_of(study: StudyConfig) -> dict[str, pd.DataFrame]:
    """Measures of the first two codes: one usable, one on which the machine fails."""
    first, second = study.codebook.active[:2]
    failing = {"n_proposed": 0, "n_correct": 0, "precision": None, "recall": 0.0, "kappa": 0.0}
    rows = [
        codes_row("", "site"),
        codes_row(first, "site"),
        codes_row(second, "site", verdict="not automatable", **failing),
        codes_row("", "transcript", kappa=0.7),
    ]
    return {"machine_codes": frame(rows, contracts.MACHINE_CODES)}


def test_a_failing_code_is_named_with_its_reason(study: StudyConfig) -> None:
    """Failures stand in the list and in the table; what has no value says why."""
    found = by_id(collect(tables_of(study), study))
    second = study.codebook.active[1]
    assert found["machine.codes.not_automatable"].text == study.codebook.label(second)
    assert found["machine.n_codes.not_automatable"].text == "1 of 30"
    assert found[f"machine.code.{second}.precision"].reason == "the machine put it nowhere"
    assert found["machine.kappa.ci"].text == "95% CI 0.50 to 0.75"
    assert found["machine.kappa.transcripts"].text == "0.70"
    assert from_facts({k: f.value for k, f in found.items()}, study.settings)["machine"]


def test_every_code_has_its_row(study: StudyConfig) -> None:
    """No code is left out of the table for having failed."""
    tables = tables_of(study)
    built = paper_tables.build(collect(tables, study), study, tables)
    assert [row[0] for row in built["machine"].rows] == [
        study.codebook.label(code) for code in study.codebook.active
    ]
    assert len(built["machine_sites"].rows) == 4


def test_a_study_without_a_machine_can_not_ask_for_its_tables(study: StudyConfig) -> None:
    """A table that will not be there is a problem in the manuscript, not a gap in the paper."""
    off = {**study.settings, "machine": {**study.settings["machine"], "enabled": False}}
    without = StudyConfig(study.root, off, study.sites, study.codebook, study.themes)
    found = by_id(collect({}, without))
    assert found["machine.kappa"].reason == "no machine was asked for"
    text = "{{ table('machine') }}\n"
    assert [p.kind for p in catalogue.check(text, without)] == ["not_applicable"]
    assert not catalogue.check(f'::: {{when="machine"}}\n{text}:::\n', without)
    assert not catalogue.check(text, study)

"""``themetrail facts``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from themetrail.cli import facts as command
from themetrail.report import facts


def run(*words: str) -> int:
    """Run the command with arguments."""
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["facts", *words])
    return int(arguments.func(arguments))


@pytest.fixture
def ran(small_study: Any, small_tables: Any, tmp_path: Path) -> Path:
    """Give a study's folder with the facts of a run."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text("study: {title: T}\n", encoding="utf-8")
    facts.write(facts.collect(small_tables, small_study), tmp_path / facts.FACTS)
    return tmp_path


def test_facts_are_listed_with_value_and_definition(ran: Path, capsys: Any) -> None:
    """Guards what authors copy ids from."""
    assert run("--study", str(ran), "theme.T1.part*") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "theme.T1.participants  3 of 4",
        "    People with at least one segment of “Ask first”, of those with a coded transcript.",
    ]


def test_facts_as_json_hold_source_and_rule(ran: Path, capsys: Any) -> None:
    """Guards programs that read them."""
    assert run("--study", str(ran), "--json", "alpha.study") == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["id"] == "alpha.study"
    assert rows[0]["source"]["row"]["level"] == "study"


def test_a_pattern_that_matches_nothing_names_the_nearest(ran: Path, capsys: Any) -> None:
    """Guards against an empty page that says nothing."""
    assert run("--study", str(ran), "alpha.studdy") == 1
    assert "'alpha.study'" in capsys.readouterr().err


def test_before_a_run_the_facts_to_come_are_listed(root: Path, tmp_path: Path, capsys: Any) -> None:
    """Guards writing the paper before the first run."""
    import shutil

    for name in ("config", "data"):
        shutil.copytree(root / "tests" / "studies" / "mini" / name, tmp_path / name)
    assert run("--study", str(tmp_path), "n.codings.ann") == 0
    assert capsys.readouterr().out.startswith("n.codings.ann  (no run yet)\n")

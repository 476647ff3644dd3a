"""Snakemake's own report of a finished run: each deliverable with caption, category and labels."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import environment
from themetrail.cli.common import SNAKEFILE

pytestmark = pytest.mark.slow

#: file: category, label, words of its caption
DELIVERED = {
    "reports/paper.html": ("Paper", "Paper", "Every number in it is a fact"),
    "reports/paper.pdf": ("Paper", "Paper", "Every number in it is a fact"),
    "reports/paper.docx": ("Paper", "Paper", "Every number in it is a fact"),
    "reports/paper.xml": ("Paper", "Paper", "Every number in it is a fact"),
    "reports/supplement.xlsx": ("Supplements", "Tables", ""),
    "reports/framework_matrix.xlsx": ("Supplements", "Framework matrix", "People by themes"),
    "reports/framework_matrix.html": ("Supplements", "Framework matrix", "People by themes"),
    "reports/checklists.html": ("Supplements", "Checklists", ""),
    "reports/checklists.csv": ("Supplements", "Checklists", ""),
    "reports/notebooks/themes.html": ("Notebooks", "themes", ""),
    "reports/explorer/index.html": ("Audit", "Evidence explorer", "From any number of the paper"),
    "reports/decisions.jsonl": ("Audit", "Decision log", ""),
    "reports/crate.zip": ("Audit", "RO-Crate", ""),
}


def _data(page: str, name: str) -> dict[str, Any]:
    """What the page's script reads under a name."""
    match = re.search(rf"\bvar {name} = (?=\{{)", page)
    assert match is not None
    found: dict[str, Any] = json.JSONDecoder().raw_decode(page, match.end())[0]
    return found


@pytest.fixture(scope="module")
def report(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the report as Snakemake makes it, without a network."""
    page = tmp_path_factory.mktemp("report") / "report.html"
    line = [sys.executable, "-m", "snakemake", "--snakefile", str(SNAKEFILE)]
    line += ["--directory", str(finished), "--report", str(page), "--nolock"]
    done = subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr
    return page.read_text(encoding="utf-8")


def test_each_deliverable_stands_in_the_report(report: str) -> None:
    # Who runs plain Snakemake hands this page on: what is not in it does not exist for its reader.
    results, categories = _data(report, "results"), _data(report, "categories")
    for path, (category, label, caption) in DELIVERED.items():
        assert path in [one for part in categories[category].values() for one in part]
        assert results[path]["labels"]["output"] == label
        assert results[path]["labels"]["format"].casefold() in (Path(path).suffix[1:], "json lines")
        assert len(results[path]["caption"]) > 50
        assert caption in results[path]["caption"]


def test_nothing_that_a_run_renders_is_left_out(report: str, finished: Path) -> None:
    # A deliverable that somebody adds later needs its caption and category too.
    results, reports = _data(report, "results"), finished / "reports"
    made = {f.relative_to(finished).as_posix() for f in reports.rglob("*") if f.is_file()}
    made = {name for name in made if not name.startswith("reports/manuscript/")}
    assert len(made) > 15
    assert made <= set(results)
    for path in made:
        assert results[path]["caption"].strip(), path
        assert {"output", "format"} <= set(results[path]["labels"]), path


def test_the_report_holds_no_transcript(report: str, finished: Path) -> None:
    # A report of a study for the public embeds its outputs: none may hold what the paper does not.
    said = (finished / "data/north/transcripts/N1.txt").read_text(encoding="utf-8")
    assert said not in report

"""``themetrail run --dry`` and ``status``: what would run, and why, in words. Nothing is run."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, Run, digests, replace, themetrail
from themetrail.plan.reasons import parse
from themetrail.plan.settings import leaves

pytestmark = pytest.mark.slow


def test_a_reason_is_taken_apart() -> None:
    """Protects the words: Snakemake's sentence holds paths and Python literals with commas."""
    found = parse(
        "Missing output files: a.csv, b.csv; Updated input files: results/manifests/x/codings.tsv; "
        "Set of input files has changed since last execution; Params have changed since last "
        "execution: Union of exclusive params before and now across all output: before: "
        "{'a': [1, ' now: ']},'old' now: {'a': [2]} "
    )
    assert found.missing == ("a.csv", "b.csv")
    assert found.updated == ("results/manifests/x/codings.tsv",)
    assert found.inputs
    assert found.before == ({"a": [1, " now: "]}, "old")
    assert found.now == ({"a": [2]},)
    assert [c.key for c in leaves({"x": {"y": 1}, "z": 0}, {"x": {"y": 2}, "z": 0})] == ["x.y"]


@pytest.fixture(scope="module")
def grown(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study after a run, with a third site that no run has seen."""
    study = Path(shutil.copytree(finished, tmp_path_factory.mktemp("grown") / "mini"))
    west = study.parent / "west"
    for folder in ("transcripts", "codings"):
        (west / folder).mkdir(parents=True)
    for name in ("W1", "W2"):
        text = f"Interviewer: How did it begin?\n\n{name}: Nobody asked us what we needed here.\n"
        (west / f"transcripts/{name}.txt").write_text(text, encoding="utf-8")
    (west / "participants.csv").write_text("participant_id,role\nW1,nurse\nW2,nurse\n")
    (west / "codings/ada.csv").write_text(
        "transcript_id,quote,code\nW1,Nobody asked us what we needed here.,asked\n"
    )
    add = themetrail("site", "add", "west", "--from", str(west), "--study", str(study))
    assert add.status == 0, add.output
    return study


@pytest.fixture
def study(grown: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(grown, tmp_path / "mini"))


@pytest.fixture(scope="module")
def settled(grown: Path, tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """The study after a run that saw the third site, and how it went."""
    study = Path(shutil.copytree(grown, tmp_path_factory.mktemp("settled") / "mini"))
    before, times = _made(study), _times(study)
    found = plan(study)
    planned = _made(study)
    status = themetrail("status", "--study", str(study)).output
    run = themetrail("run", "--study", str(study))
    assert run.status == 0, run.output
    assert len(times) > 20
    return Settled(study, found, status, run, before == planned, times == _times(study))


@dataclass(frozen=True)
class Settled:
    """A study that was planned and run: what was said before, the run, what stayed as it was."""

    study: Path
    planned: dict[str, Any]
    status: str
    run: Run
    nothing_made: bool
    others_kept: bool


def _made(study: Path) -> dict[str, str]:
    """What runs made; lists of files are made by looking, too."""
    return {name: digest for name, digest in digests(study).items() if "/manifests/" not in name}


def _times(study: Path) -> dict[Path, int]:
    """When the files of the other sites were written."""
    return {
        file: file.stat().st_mtime_ns
        for site in ("north", "south")
        for file in (study / "results").glob(f"*/{site}/*")
    }


def plan(study: Path) -> dict[str, Any]:
    """The dry run as data."""
    run = themetrail("run", "--dry", "--json", "--study", str(study))
    assert run.status == 0, run.output
    found: dict[str, Any] = json.loads(run.output)
    return found


def why(found: dict[str, Any], rule: str, site: str = "") -> str:
    """The reasons of one step, joined."""
    rows = [s for s in found["steps"] if (s["rule"], s["site"]) == (rule, site)]
    assert rows, f"{rule} {site} is not in the plan"
    return "; ".join(rows[0]["why"])


def test_a_new_site_runs_its_own_steps_and_the_studys(settled: Settled) -> None:
    """Protects the cost of growth: by rule, the site's own steps once; no other site's file moves.

    The dry run has said the same before, and left every file as it was.
    """
    found, run = settled.planned, settled.run
    assert settled.nothing_made
    assert found["untouched"] == ["north", "south"]
    assert why(found, "intake", "west").startswith("no output yet; 2 transcripts are new (W1, W2)")
    assert "1 coder's file is new (ada.csv)" in why(found, "coding", "west")
    assert "west: 2 transcripts are new (W1, W2)" in settled.status
    assert "not run" in settled.status
    ran = Counter(run.steps)
    assert ran == Counter(step["rule"] for step in found["steps"])
    for rule in ("intake", "coding", "patterns", "consensus"):
        assert ran[rule] == 1, rule
        assert run.of(rule) == {"west"}
    for rule in ("gate", "agreement", "synthesis", "robustness", "facts", "manuscript"):
        assert ran[rule] == 1, rule
    assert settled.others_kept
    # W2 was coded by nobody: carried, counted, shown as waiting.
    status = themetrail("status", "--study", str(settled.study)).output
    assert "west: W2 waits to be coded" in status
    assert "The study is up to date." in status


def test_what_changed_is_named(settled: Settled, tmp_path: Path) -> None:
    """Protects the one who reads the plan: files, settings and decisions by their names."""
    study = Path(shutil.copytree(settled.study, tmp_path / "mini"))
    row = "N2,asked what they needed,asked,\n"
    replace(study / "data/north/codings/ben.csv", row, "")
    found = plan(study)
    assert why(found, "coding", "north") == "1 coder's file is changed (ben.csv)"
    assert set(found["untouched"]) == {"south", "west"}
    quick = themetrail("status", "--quick", "--study", str(study)).output
    assert "north: 1 coder's file is changed (ben.csv)" in quick
    shutil.copy(settled.study / "data/north/codings/ben.csv", study / "data/north/codings")
    replace(study / "config/config.yaml", "replicates: 200", "replicates: 100")
    found = plan(study)
    assert why(found, "agreement") == "config changed: reliability.replicates (200 → 100)"
    assert found["untouched"] == ["north", "south", "west"]
    status = themetrail("status", "--study", str(study)).output
    assert "config changed: reliability.replicates (200 → 100)" in status


def test_a_code_renamed_in_one_place_is_said_with_the_way_out(study: Path) -> None:
    """Protects the commonest edit: each place that still has the old name, and no line of code."""
    replace(study / "config/codebook.yaml", "id: money, label: Money", "id: cost, label: Cost")
    run = themetrail("run", "--dry", "--study", str(study))
    assert run.status == 1
    assert run.output.startswith("error: config/themes.yaml:4: the theme names a code 'money'")
    assert "say so under 'changes' in config/codebook.yaml" in run.output
    assert "WorkflowError" not in run.output
    assert ".smk" not in run.output


def test_code_that_changed_is_named(study: Path, tmp_path: Path) -> None:
    """Protects against stale results after an upgrade: the plan says that the code is the cause."""
    workflow = Path(shutil.copytree(ROOT / "workflow", tmp_path / "code" / "workflow"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "code" / "notebooks")
    target = "results/problems.csv"
    run = themetrail("run", target, "--study", str(study), workflow=workflow)
    assert run.status == 0, run.output
    edited = workflow / "themetrail/consensus/decide.py"
    edited.write_text(edited.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    run = themetrail("run", target, "--dry", "--study", str(study), workflow=workflow)
    assert "north, south, west\n  consensus    consensus" in run.output
    assert "because the code of consensus changed" in run.output


def test_folders_and_rows_that_do_not_meet_are_shown(study: Path) -> None:
    """Protects a site that was put into data/ by hand, or whose folder was renamed."""
    (study / "data/west").rename(study / "data/western")
    run = themetrail("status", "--study", str(study))
    assert run.status == 0, run.output
    assert "data/west is not there: was it renamed?" in run.output
    assert "data/western has no row in config/sites.tsv" in run.output
    assert "themetrail check says why" in run.output
    assert themetrail("run", "--dry", "--study", str(study)).status == 1

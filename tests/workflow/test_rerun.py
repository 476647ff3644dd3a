"""What a change reruns: that, what rests on it, and nothing else. Real Snakemake runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, digests, environment, replace, themetrail

pytestmark = pytest.mark.slow
PER_SITE = ("intake", "coding", "patterns", "consensus")


@pytest.fixture(scope="module")
def authored(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the finished study with a manuscript and a notebook of its own; tests copy it."""
    study = Path(shutil.copytree(finished, tmp_path_factory.mktemp("authored") / "mini"))
    shipped = ROOT / "workflow/themetrail/report/assets/study/manuscript"
    shutil.copytree(shipped, study / "reports/manuscript")
    (study / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks/reproduce_table_2.ipynb", study / "notebooks")
    run = themetrail("run", "--study", str(study))
    assert run.status == 0, run.output
    return study


def test_a_second_run_does_nothing(done: Path) -> None:
    """Protects the cache: a step that reruns without cause costs every user every day."""
    before = {path: path.stat().st_mtime_ns for path in (done / "results").rglob("*")}
    run = themetrail("run", "--study", str(done))
    assert run.status == 0, run.output
    assert not run.steps
    assert before == {path: path.stat().st_mtime_ns for path in (done / "results").rglob("*")}


def test_touching_a_file_without_changing_it_reruns_nothing(done: Path) -> None:
    """Protects content over time: a checkout or a copy sets new times on the same bytes."""
    for file in (done / "data").rglob("*"):
        os.utime(file)
    assert not themetrail("run", "--study", str(done)).steps


def test_a_study_that_moved_has_nothing_to_do(
    finished: Path, authored: Path, tmp_path: Path
) -> None:
    """Protects an archive: in another folder, under another copy of the programs, all stands."""
    code = tmp_path / "code"
    for name in ("workflow", "notebooks"):
        # New times, as a checkout has them.
        shutil.copytree(ROOT / name, code / name, copy_function=shutil.copyfile)
    for study in (finished, authored):
        copy = shutil.copytree(study, tmp_path / "moved" / study.parent.name)
        run = themetrail("run", "--dry", "--study", str(copy), workflow=code / "workflow")
        assert run.output.strip() == "Nothing to do: the study is up to date."


def test_one_sites_coding_reruns_that_site_and_the_study(done: Path) -> None:
    """Protects the other sites: a correction at one must not recompute the rest."""
    replace(done / "data/north/codings/ben.csv", "N2,asked what they needed,asked,\n", "")
    run = themetrail("run", "--study", str(done))
    assert run.status == 0, run.output
    for rule in ("coding", "patterns", "consensus"):
        assert run.of(rule) == {"north"}, rule
    assert not run.of("intake")
    assert {"gate", "agreement", "synthesis", "facts", "manuscript", "paper"} <= set(run.steps)


def test_an_adjudication_reruns_the_consensus_and_no_count(done: Path) -> None:
    """Protects agreement statistics from decisions made after coding."""
    replace(done / "data/north/adjudications.csv", "asked,drop", "asked,keep")
    run = themetrail("run", "--study", str(done))
    assert run.of("consensus") == {"north"}
    assert not {"intake", "coding", "patterns"} & set(run.steps)


def test_a_comment_in_the_paper_reruns_the_paper_only(authored: Path, tmp_path: Path) -> None:
    """Protects the writer's wait: prose must not recompute statistics."""
    done = Path(shutil.copytree(authored, tmp_path / "mini"))
    manuscript = done / "reports/manuscript/paper.md"
    before = digests(done)
    manuscript.write_text(
        manuscript.read_text(encoding="utf-8") + "\n<!-- say this better -->\n", encoding="utf-8"
    )
    run = themetrail("run", "--study", str(done))
    assert run.status == 0, run.output
    late = {"manuscript", "paper", "checklists", "explorer", "changes", "crate", "exit_gate"}
    assert set(run.steps) == late
    after = digests(done)
    # The crate lists the manuscript with its hash, so it alone is another.
    assert after.pop("reports/crate.zip") != before.pop("reports/crate.zip")
    assert after == before


def test_a_setting_reruns_what_reads_it(done: Path) -> None:
    """Protects against stale results after a change of configuration."""
    replace(done / "config/config.yaml", "replicates: 200", "replicates: 100")
    run = themetrail("run", "--study", str(done))
    assert "agreement" in run.steps
    assert not set(PER_SITE) & set(run.steps)


@pytest.mark.parametrize(
    ("module", "runs", "spares"),
    [
        ("reliability/patterns.py", {"patterns", "agreement"}, {"intake", "coding", "consensus"}),
        ("consensus/decide.py", {"consensus", "synthesis"}, {"intake", "coding", "patterns"}),
        ("cli/status.py", set(), {"intake", "coding", "patterns", "consensus", "facts"}),
    ],
)
def test_editing_a_module_reruns_the_steps_that_use_it(
    mini: Path, tmp_path: Path, module: str, runs: set[str], spares: set[str]
) -> None:
    """Protects against results made by code that no longer exists."""
    workflow = Path(shutil.copytree(ROOT / "workflow", tmp_path / "code" / "workflow"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "code" / "notebooks")
    targets = ["results/facts.json"]
    first = themetrail("run", *targets, "--study", str(mini), workflow=workflow)
    assert first.status == 0, first.output
    edited = workflow / "themetrail" / module
    edited.write_text(edited.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    run = themetrail("run", *targets, "--study", str(mini), workflow=workflow)
    assert run.status == 0, run.output
    assert runs <= set(run.steps), run.output
    assert not spares & set(run.steps), run.output


def test_plain_snakemake_runs_the_study(mini: Path) -> None:
    """Protects those who use Snakemake itself, without our command."""
    line = [sys.executable, "-m", "snakemake", "-s", str(ROOT / "Snakefile"), "-d", str(mini)]
    target = "results/reliability/coefficients.csv"
    done = subprocess.run(
        [*line, "--cores", "2", target],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (mini / target).exists()

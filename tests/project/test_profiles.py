"""The profiles for many machines: what they name exists, and Snakemake takes them as they are."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support import ROOT, environment, themetrail

PROFILES = ROOT / "workflow" / "profiles"
MANY = ["slurm", "kubernetes", "aws-batch", "googlebatch"]
STORAGE = {"kubernetes": "s3", "aws-batch": "s3", "googlebatch": "gcs"}


def profile(name: str) -> dict[str, object]:
    """The settings of a profile."""
    text = (PROFILES / name / "config.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def rules() -> dict[str, str]:
    """Every rule's name and text."""
    found = {}
    for file in sorted((ROOT / "workflow" / "rules").glob("*.smk")):
        for part in re.split(r"(?m)^(?=rule )", file.read_text(encoding="utf-8")):
            if name := re.match(r"rule (\w+):", part):
                found[name[1]] = part
    return found


def test_every_rule_says_what_it_needs() -> None:
    """A job without a request gets a cluster's default, which may be a tenth of it or tenfold."""
    silent = [
        name
        for name, text in rules().items()
        if "localrule: True" not in text
        and not (f'memory("{name}")' in text and f'minutes("{name}")' in text)
    ]
    assert silent == []


@pytest.mark.parametrize("name", MANY)
def test_groups_name_rules_that_are(name: str) -> None:
    """A rule that was renamed would silently leave its group and queue for itself."""
    groups = profile(name)["groups"]
    assert isinstance(groups, list)
    assert {entry.split("=")[0] for entry in groups} <= rules().keys()


@pytest.mark.parametrize("name", MANY)
def test_all_profiles_group_alike(name: str) -> None:
    """What was tested on one cluster holds for the others."""
    ours, tested = profile(name), profile("slurm")
    assert ours["groups"] == tested["groups"]
    assert ours["group-components"] == tested["group-components"]


@pytest.mark.parametrize("name", STORAGE)
def test_a_cloud_does_the_steps_and_is_told_no_key(name: str) -> None:
    """Without the first, steps with files of the study stay at home; ``$NAME`` is put in openly."""
    settings = profile(name)
    assert settings["shared-fs-usage"] == "none"
    assert not re.search(r"\$\{?[A-Z]", str(settings["precommand"]))


@pytest.mark.slow
def test_a_run_on_slurm_is_planned_where_there_is_none(mini: Path) -> None:
    """``themetrail run --profile slurm --dry`` needs the plugin, not the cluster."""
    run = themetrail("run", "--study", str(mini), "--profile", "slurm", "--dry")
    assert run.status == 0, run.output
    assert "intake" in run.output


@pytest.mark.slow
def test_plain_snakemake_takes_the_profile_and_its_groups_fit(mini: Path) -> None:
    """A group that a rule outside leaves and enters again is an error only a planned run shows."""
    done = plan("slurm", mini)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "runtime=" in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", STORAGE)
def test_a_run_in_a_cloud_is_planned_up_to_its_store(name: str, mini: Path) -> None:
    """With a folder in the store's place the whole plan stands; only the cloud is not asked."""
    modules = [f"snakemake_executor_plugin_{name.replace('-', '_')}"]
    modules += [f"snakemake_storage_plugin_{kind}" for kind in (STORAGE[name], "fs")]
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    looked = themetrail("run", "--study", str(mini), "--dry")
    assert looked.status == 0, looked.output
    store = mini.parent / "store"
    for own in ("config", "data", "results/manifests"):
        shutil.copytree(mini / own, store / own)
    done = plan(
        name, mini, "--default-storage-provider", "fs", "--default-storage-prefix", str(store)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    local = [line for line in (done.stdout + done.stderr).splitlines() if "localrule" in line]
    assert [line for line in local if "intake" in line or "consensus" in line] == []


def plan(name: str, study: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Let Snakemake plan a run of a study with a profile."""
    line = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "workflow" / "Snakefile")]
    line += ["--directory", str(study), "--profile", str(PROFILES / name), "--dry-run", *options]
    return subprocess.run(
        line, cwd=study, env=environment(), capture_output=True, text=True, check=False
    )

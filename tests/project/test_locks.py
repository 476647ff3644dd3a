"""What is installed: the two locks, the conda environment and pyproject.toml agree."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; .*?)?(?: \\)?$", re.MULTILINE)


def pins(path: Path) -> set[tuple[str, str]]:
    """Every package and version that a lock names, for all platforms."""
    return {(canonicalize_name(name), version) for name, version in PIN.findall(path.read_text())}


def test_what_was_tested_is_what_runs(root: Path) -> None:
    """The study's lock is part of SLURM's, and that of the tests' lock, version by version."""
    study, slurm, tests = (
        pins(root / f"requirements{name}.lock") for name in ("", "-slurm", "-test")
    )
    assert study <= slurm <= tests


@pytest.mark.parametrize("name", ["", "-slurm", "-test", "-clients", "-qc", "-fuzz"])
def test_every_package_has_its_hash(root: Path, name: str) -> None:
    """A pin without a hash could be answered with anything."""
    lock = (root / f"requirements{name}.lock").read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    assert [entry for entry in entries if entry and "--hash=sha256:" not in entry] == []


def test_the_locks_satisfy_the_project(root: Path) -> None:
    """A dependency added or raised without ``make lock`` would be missing where it runs."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    project, groups = settings["project"], settings["dependency-groups"]
    extras = project["optional-dependencies"]
    for lock, asked in (
        ("requirements.lock", project["dependencies"] + extras["build"]),
        ("requirements-slurm.lock", project["dependencies"] + extras["build"] + extras["slurm"]),
        (
            "requirements-test.lock",
            project["dependencies"] + extras["build"] + extras["slurm"] + extras["test"],
        ),
        *((f"requirements-{name}.lock", groups[name]) for name in sorted(groups)),
    ):
        locked = pins(root / lock)
        for requirement in map(Requirement, asked):
            name = canonicalize_name(requirement.name)
            versions = [version for other, version in locked if other == name]
            assert versions, f"{lock} lacks {name}"
            assert all(requirement.specifier.contains(version) for version in versions)


def test_the_conda_environment_has_the_same_versions(root: Path) -> None:
    """environment.yml is made from the lock; a change of one without the other is caught here."""
    done = subprocess.run(
        [sys.executable, "workflow/tools/conda_environment.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

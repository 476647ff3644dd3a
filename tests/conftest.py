"""What all tests share: where the project and its real data are, and the small study, run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from support import themetrail

ROOT = Path(__file__).resolve().parents[1]
# A busy machine is no fault of what is tested.
settings.register_profile("project", settings.default, deadline=None)
settings.load_profile("project")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the project's root, which is also the demonstration study."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of real files and reference vectors beside the project; skip without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of shared reference files is not beside the project")
    return folder


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """Give a fresh copy of the small study."""
    return Path(shutil.copytree(ROOT / "tests" / "studies" / "mini", tmp_path / "mini"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small study after one complete run; tests copy it."""
    ready = os.environ.get("THEMETRAIL_FINISHED_STUDY")
    if ready:
        return Path(ready)
    study = tmp_path_factory.mktemp("finished") / "mini"
    shutil.copytree(ROOT / "tests" / "studies" / "mini", study)
    run = themetrail("run", "--study", str(study), "--cores", "2")
    assert run.status == 0, run.output
    return study


@pytest.fixture
def done(finished: Path, tmp_path: Path) -> Path:
    """Give a copy of the finished study, modification times and run records included."""
    return Path(shutil.copytree(finished, tmp_path / "mini"))

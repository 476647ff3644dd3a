"""A small study that is released, grows by a site, and is run again; made once for all tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from release_study import add_east, prepare, run
from support import ROOT, themetrail


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the study as it was released; a test that changes it takes a copy."""
    ready = os.environ.get("THEMETRAIL_RELEASED_STUDY")
    if ready:
        return Path(ready)
    study = tmp_path_factory.mktemp("released") / "mini"
    shutil.copytree(ROOT / "tests" / "studies" / "mini", study)
    prepare(study)
    run(study)
    named = ("--on", "2026-05-03", "--by", "cara", "--note", "Two sites")
    done = themetrail("release", "first", *named, "--study", str(study))
    assert done.status == 0, done.output
    return study


@pytest.fixture(scope="session")
def grown(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the study with a third site, run again; a test that changes it takes a copy."""
    ready = os.environ.get("THEMETRAIL_GROWN_STUDY")
    if ready:
        return Path(ready)
    study = Path(shutil.copytree(released, tmp_path_factory.mktemp("grown") / "mini"))
    add_east(study)
    run(study)
    return study

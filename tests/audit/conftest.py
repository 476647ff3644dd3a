"""A finished run of the small study, made once for all tests of the audit."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from support import ROOT, themetrail


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small study with all that a run leaves; a test that changes it takes a copy."""
    ready = os.environ.get("THEMETRAIL_FINISHED_STUDY")
    if ready:
        return Path(ready)
    study = tmp_path_factory.mktemp("finished") / "mini"
    shutil.copytree(ROOT / "tests" / "studies" / "mini", study)
    done = themetrail("run", "--study", str(study), "--cores", "2")
    assert done.status == 0, done.output
    return study

"""Finished runs of the small study, made once for all tests of the audit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import making
import pytest
from audit_study import PAGES, add_eager_coder, add_hostile_turn, run
from support import ROOT, replace


@pytest.fixture(scope="session")
def make() -> Callable[..., making.Made]:
    """Give the maker of small studies."""
    return making.make


@pytest.fixture(scope="session")
def team_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a finished study for the team; a test that changes it takes a copy."""
    ready = os.environ.get("THEMETRAIL_TEAM_STUDY")
    if ready:
        return Path(ready)
    study = tmp_path_factory.mktemp("team") / "mini"
    shutil.copytree(ROOT / "tests" / "studies" / "mini", study)
    replace(study / "config/config.yaml", "report:\n", "report:\n  audience: team\n")
    add_hostile_turn(study)
    add_eager_coder(study)
    run(study, *PAGES)
    return study


@pytest.fixture(scope="session")
def public_study(team_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the same study for the public."""
    study = tmp_path_factory.mktemp("public") / "mini"
    shutil.copytree(team_study, study)
    replace(study / "config/config.yaml", "audience: team", "audience: public")
    run(study, *PAGES[:2])
    return study

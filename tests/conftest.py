"""What all tests share: where the project and its optional real data are."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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

"""The maker of small studies, and the demonstration study's tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import making
import pytest


@pytest.fixture(scope="session")
def make() -> Callable[..., making.Made]:
    """Give the maker of small studies."""
    return making.make


@pytest.fixture(scope="session")
def demo(root: Path) -> making.Demo:
    """Give the demonstration study's tables up to its consensus."""
    return making.demo_tables(root)

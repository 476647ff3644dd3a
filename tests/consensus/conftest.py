"""Small studies for the tests of the consensus, and the demonstration study's tables."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def _making() -> Any:
    """The helper module beside this file (tests are no package)."""
    name = "themetrail_tests_making"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / "making.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def make() -> Callable[..., Any]:
    """Give the maker of small studies."""
    return _making().make


@pytest.fixture(scope="session")
def demo(root: Path) -> Any:
    """Give the demonstration study's tables of intake and coding, with its decisions."""
    return _making().demo_tables(root)

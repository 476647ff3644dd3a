"""The tables that facts, figures, paper and notebooks draw on, read as the workflow names them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def read_tables(inputs: Mapping[str, str | Iterable[str]]) -> dict[str, pd.DataFrame]:
    """Every input whose name is a contract's; one file a site is put together.

    Parameters
    ----------
    inputs : name to one path or many; names that are no table's are left alone.
    """
    from themetrail.contracts import CONTRACTS
    from themetrail.tables import read_all

    return {
        name: read_all([paths] if isinstance(paths, str) else list(paths), CONTRACTS[name])
        for name, paths in inputs.items()
        if name in CONTRACTS
    }


def read_log(path: str | Path) -> list[dict[str, Any]]:
    """The entries of the decision log, the line that closes it among them."""
    text = Path(path).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]

"""The tables that facts, figures, paper and notebooks draw on, read as the workflow names them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables by name, each read when it is first asked for: most steps need a few of many."""

    def __init__(self, files: Mapping[str, list[str]], *, texts: bool = True) -> None:
        self._files, self._texts = files, texts
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        from themetrail.contracts import CONTRACTS
        from themetrail.tables import read_all

        if name not in self._read:
            emptied = () if self._texts or name != "transcripts" else ("text",)
            self._read[name] = read_all(self._files[name], CONTRACTS[name], emptied)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._files


def read_tables(inputs: Mapping[str, str | Iterable[str]], *, texts: bool = True) -> Tables:
    """Every input whose name is a contract's; one file a site is put together.

    Parameters
    ----------
    inputs : name to one path or many; names that are no table's are left alone.
    texts : whether the transcripts' texts are needed, most of what a study holds.
    """
    from themetrail.contracts import CONTRACTS

    return Tables(
        {
            name: [paths] if isinstance(paths, str) else list(paths)
            for name, paths in inputs.items()
            if name in CONTRACTS
        },
        texts=texts,
    )


def read_log(path: str | Path) -> list[dict[str, Any]]:
    """The entries of the decision log, the line that closes it among them."""
    text = Path(path).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]

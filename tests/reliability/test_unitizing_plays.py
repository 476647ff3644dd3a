"""Character-level agreement of two annotators on four German plays, to the character.

Andresen, Krautter, Pagel & Reiter (2024), Journal of Open Humanities Data 10, CC BY 4.0,
doi 10.5334/johd.167; looked for beside the project and skipped where absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from themetrail.reliability.unitizing_characters import character_coefficients, character_patterns

CELLS = {"11": "both", "10": "first_only", "01": "second_only", "00": "neither"}


@pytest.fixture(scope="module")
def plays(shared: Path) -> Path:
    """Give the folder of the plays."""
    folder = shared / "realdata" / "qtrack_plays"
    if not folder.is_dir():
        pytest.skip("the plays are not beside the project")
    return folder


@pytest.fixture(scope="module")
def counts(plays: Path) -> pd.DataFrame:
    """Count the characters of each play and code by who marked them."""
    codings = pd.read_csv(plays / "codings.csv", dtype={"coder": str})
    parts = []
    for play, spans in codings.groupby("document"):
        text = (plays / "transcripts_txt" / f"{play}.txt").read_text(encoding="utf-8")
        table = character_patterns(spans, len(text), coders=["01", "02"])
        parts.append(table.assign(play=play, length=len(text)))
    return pd.concat(parts, ignore_index=True)


def _check(table: pd.DataFrame, expected: dict[str, Any]) -> None:
    cells = table.groupby("ratings")["n_units"].sum()
    found = {name: int(cells.get(ratings, 0)) for ratings, name in CELLS.items()}
    # In a play without the code, nobody marked any character.
    found["neither"] += expected["n"] - sum(found.values())
    assert found == {name: expected[name] for name in CELLS.values()}
    patterns = np.array([[int(mark) for mark in ratings] for ratings in CELLS])
    values = character_coefficients(patterns, np.array([found[name] for name in CELLS.values()]))
    for name in ("percent_agreement", "cohen_kappa", "krippendorff_alpha_nominal", "gwet_ac1"):
        assert values[name] == pytest.approx(expected[name], abs=1e-12)


def test_each_code_over_all_plays_is_exact(plays: Path, counts: pd.DataFrame) -> None:
    """Protects the two-by-two table and four coefficients of every code, texts pooled."""
    expected = json.loads((plays / "expected.json").read_text(encoding="utf-8"))
    _check(counts[counts["code"] == ""], expected["character_any_code"])
    for code in expected["character_by_code"]:
        _check(counts[counts["code"] == code["code"]], code)


def test_each_play_is_exact(plays: Path, counts: pd.DataFrame) -> None:
    """Protects the same for "any code" play by play."""
    expected = json.loads((plays / "expected.json").read_text(encoding="utf-8"))
    for play, values in expected["character_any_code_by_play"].items():
        table = counts[(counts["code"] == "") & (counts["play"] == play)]
        assert int(table["n_units"].sum()) == values["n"]
        _check(table, values)

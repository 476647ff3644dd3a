"""Made-up codings whose truth is known unit by unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

CODES = ("cost", "trust", "time", "never")
THEMES = {"T1": ("cost", "trust"), "T2": ("time", "never")}
UNIT = 100  # characters; the last ten belong to no unit


def tables(
    judged: Mapping[str, Sequence[str]], n_units: int = 12, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Units, spans and coverage: transcript -> who judged it."""
    units, spans, coverage = [], [], []
    for place, (name, coders) in enumerate(judged.items()):
        truth = np.random.default_rng([seed, place]).random((n_units, len(CODES) - 1)) < 0.3
        units += [(name, u + 1, u + 1, "P1", u * UNIT, (u + 1) * UNIT - 10) for u in range(n_units)]
        for coder in coders:
            mind = np.random.default_rng([seed, place, sum(map(ord, coder))])
            seen = truth ^ (mind.random(truth.shape) < 0.15)
            marks = [(u, c) for u, c in zip(*np.nonzero(seen), strict=True)]
            spans += [
                (coder, name, u * UNIT + 5, u * UNIT + 60, CODES[c], f"{name}{coder}{u}{c}")
                for u, c in marks
            ]
            coverage.append((coder, name, len(marks), "codings"))
    return (
        pd.DataFrame(
            units, columns=["transcript_id", "unit", "turn", "participant_id", "start", "end"]
        ),
        pd.DataFrame(spans, columns=["coder", "transcript_id", "start", "end", "code", "span_id"]),
        pd.DataFrame(coverage, columns=["coder", "transcript_id", "n_spans", "basis"]),
    )


def cube(units: pd.DataFrame, spans: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """The dense table that the package never makes: unit × code, a column a coder."""
    coders = sorted(set(coverage["coder"]))
    judges = {(c, t) for c, t in zip(coverage["coder"], coverage["transcript_id"], strict=True)}
    rows: list[dict[str, Any]] = []
    for unit in units.to_dict("records"):
        here = spans[spans["transcript_id"] == unit["transcript_id"]]
        touching = here[(here["start"] < unit["end"]) & (here["end"] > unit["start"])]
        marked = set(zip(touching["coder"], touching["code"], strict=True))
        for code in CODES:
            row = {"transcript_id": unit["transcript_id"], "unit": unit["unit"], "code": code}
            for coder in coders:
                judged = (coder, unit["transcript_id"]) in judges
                row[coder] = int((coder, code) in marked) if judged else None
            rows.append(row)
    return pd.DataFrame(rows)


def pairs_of(coders: Sequence[str]) -> list[tuple[str, str]]:
    """All pairs of coders."""
    return list(combinations(sorted(coders), 2))

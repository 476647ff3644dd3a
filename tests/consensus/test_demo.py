"""The demonstration study's consensus, counted again from its files."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from pathlib import Path
from typing import Any


def test_every_decision_of_the_demonstration_is_replayed(demo: Any, root: Path) -> None:
    """323 conflicts, 254 kept, 69 dropped (the study's datasheet), each decided by its row."""
    rows = []
    for path in sorted((root / "data").glob("*/adjudications.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    assert Counter(row["decision"] for row in rows) == {"keep": 254, "drop": 69}
    assert demo.problems == []
    decided = demo.tables["decisions"]
    ruled = decided[decided["decided_by"] == "adjudication"]
    assert Counter(ruled["outcome"]) == {"keep": 254, "drop": 69}
    assert sorted(ruled["reason"]) == sorted(row["reason"] for row in rows)


def test_every_conflict_was_decided_and_nothing_else(demo: Any) -> None:
    """Turn × code, by sets of characters: in conflict exactly where a decision was made."""
    t = demo.tables
    judges: dict[str, set[str]] = {}
    for coder, transcript in zip(
        t["coverage"]["coder"], t["coverage"]["transcript_id"], strict=True
    ):
        judges.setdefault(transcript, set()).add(coder)
    marks: dict[tuple[str, int, str], set[str]] = {}
    units = {name: part.to_dict("records") for name, part in t["units"].groupby("transcript_id")}
    for span in t["spans"].to_dict("records"):
        for unit in units[span["transcript_id"]]:
            if max(span["start"], unit["start"]) < min(span["end"], unit["end"]):
                key = (span["transcript_id"], unit["unit"], span["code"])
                marks.setdefault(key, set()).add(span["coder"])
    conflicts = {key for key, who in marks.items() if who != judges[key[0]]}
    decided = t["decisions"].set_index(["transcript_id", "unit", "code"])["decided_by"]
    assert len(conflicts) == 323
    assert set(marks) == set(decided.index)
    assert {key for key in marks if decided[key] == "adjudication"} == conflicts
    assert {decided[key] for key in set(marks) - conflicts} == {"unanimous"}


def test_segments_lie_in_their_units_and_are_kept_decisions(demo: Any) -> None:
    """One segment for each kept unit and code, inside the unit, with text."""
    t = demo.tables
    kept = t["decisions"][t["decisions"]["outcome"] == "keep"]
    keys = ["transcript_id", "unit", "code"]
    assert sorted(map(tuple, kept[keys].to_numpy())) == sorted(
        map(tuple, t["segments"][keys].to_numpy())
    )
    assert t["segments"]["segment_id"].is_unique
    joined = t["segments"].merge(t["units"], on=["transcript_id", "unit"], suffixes=("", "_unit"))
    assert (joined["start"] >= joined["start_unit"]).all()
    assert (joined["end"] <= joined["end_unit"]).all()
    texts = t["transcripts"].set_index("transcript_id")["text"]
    for row in itertools.islice(t["segments"].to_dict("records"), 0, None, 37):
        assert texts[row["transcript_id"]][row["start"] : row["end"]].strip()

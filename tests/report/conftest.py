"""A study small enough to be counted by hand: five people, two sites, two coders, two themes."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from themetrail import contracts
from themetrail.config import Code, Codebook, Site, StudyConfig, Theme, settings_from
from themetrail.errors import Problems
from themetrail.tables import frame


def make_study(**sections: Any) -> StudyConfig:
    """Settings with defaults; sections of config.yaml as keywords."""
    problems = Problems()
    given = {
        "study": {"title": "A small study", "demonstration": True, "ethics": "Not needed."},
        "synthesis": {"groups": ["role"]},
        "report": {"min_cell": 1},
        **sections,
    }
    settings = settings_from(given, problems)
    assert not problems.errors
    return StudyConfig(
        Path(),
        settings,
        (Site("north", "North", "a hospital"), Site("south", "South")),
        Codebook((Code("asked", "Being asked", "people", "Asked or not."), Code("time", "Time"))),
        (
            Theme("T1", "Ask first", "Asked staff take it up.", codes=("asked",)),
            Theme("T2", "Time", "It takes time.", codes=("time",)),
        ),
    )


def _transcripts() -> list[dict[str, Any]]:
    common = {
        "format": "txt",
        "encoding": "utf-8",
        "sha256": "0",
        "text_sha256": "0",
        "text": "",
        "n_chars": 0,
        "n_turns": 2,
        "interviewer": "",
        "date": "",
        "mode": "",
        "language": "",
        "duration_min": None,
    }
    sites = {"t1": "north", "t2": "north", "t3": "north", "t4": "south", "t5": "south"}
    return [
        {
            "transcript_id": name,
            "site": site,
            "file": f"data/{site}/transcripts/{name}.txt",
            "status": "ready",
            "participants": name.replace("t", "p"),
            "n_words": 1000 * int(name[1]),
            **common,
        }
        for name, site in sites.items()
    ]


def _coefficient(level: str, estimate: float | None, **more: Any) -> dict[str, Any]:
    return {
        "level": level,
        "site": "",
        "code": "",
        "coders": "ann;ben",
        "coefficient": "krippendorff_alpha_nominal",
        "estimate": estimate,
        "se": None,
        "ci_low": None if estimate is None else estimate - 0.1,
        "ci_high": None if estimate is None else estimate + 0.1,
        "method": "",
        "n_units": 40,
        "n_clusters": 2,
        "n_coders": 2,
        "prevalence": 0.25,
        "n_unusable": 0,
        "note": "" if estimate is not None else "never_marked",
        **more,
    }


def _decision(unit: int, **more: Any) -> dict[str, Any]:
    return {
        "site": "north",
        "transcript_id": "t1",
        "unit": unit,
        "code": "asked",
        "start": 0,
        "end": 5,
        "marked_by": "ann;ben",
        "unmarked_by": "",
        "outcome": "keep",
        "new_code": "",
        "decided_by": "unanimous",
        "by": "",
        "on": "",
        "reason": "",
        **more,
    }


def _theme(name: str, n: int, against: int) -> dict[str, Any]:
    return {
        "theme": name,
        "title": "",
        "claim": "",
        "n_codes": 1,
        "n_segments": 25,
        "n_participants": n,
        "of_participants": 4,
        "n_sites": 2,
        "of_sites": 2,
        "quantifier": "most",
        "top_two_share": 0.5,
        "n_counter": against,
        "n_counter_participants": against,
        "n_support_participants": n,
    }


def _reach() -> list[dict[str, Any]]:
    groups = {
        ("all", "all"): (3, 4),
        ("site", "north"): (2, 3),
        ("site", "south"): (1, 1),
        ("role", "nurse"): (2, 3),
        ("role", "not stated"): (1, 1),
    }
    return [
        {"kind": kind, "code": code, "attribute": attribute, "group": group, "n": n, "of": of}
        for kind, code in (("theme", "T1"), ("theme", "T2"), ("code", "asked"), ("code", "time"))
        for (attribute, group), (n, of) in groups.items()
    ]


def quote(theme: str, rank: int, text: str, **more: Any) -> dict[str, Any]:
    """One row of the quotes table."""
    return {
        "theme": theme,
        "rank": rank,
        "stance": "supports",
        "segment_id": f"s{theme}{rank}",
        "transcript_id": "t1",
        "participant_id": "p1",
        "site": "north",
        "code": "asked",
        "codes": "asked",
        "start": 0,
        "end": len(text),
        "text": text,
        "attribution": "nurse, North",
        "reason": "",
        **more,
    }


def make_tables(**replaced: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """All tables; a keyword replaces the rows of one."""
    rows: dict[str, list[dict[str, Any]]] = {
        "transcripts": _transcripts(),
        "participants": [
            {"participant_id": f"p{n}", "site": site, "n_transcripts": 1, "role": role}
            for n, site, role in (
                (1, "north", "nurse"),
                (2, "north", "nurse"),
                (3, "north", "nurse"),
                (4, "south", ""),
                (5, "south", "manager"),
            )
        ],
        "dropped": [
            {"site": "north", "what": "participant", "why": "withdrawn", "on": "", "reason": ""}
        ],
        "coverage": [
            {"coder": coder, "transcript_id": name, "n_spans": 1, "basis": "codings"}
            for coder, names in (("ann", ("t1", "t2", "t3", "t4")), ("ben", ("t1", "t2")))
            for name in names
        ],
        "decisions": [
            _decision(1),
            _decision(2, marked_by="ann", unmarked_by="ben", decided_by="majority", outcome="drop"),
            _decision(3, marked_by="ann", unmarked_by="ben", decided_by="adjudication", by="cy"),
            _decision(4, marked_by="ann", transcript_id="t3"),
        ],
        "themes": [_theme("T1", 3, 0), _theme("T2", 4, 1)],
        "reach": _reach(),
        "coefficients": [
            _coefficient("study", 0.7512),
            _coefficient("code", 0.6, code="asked"),
            _coefficient("code", None, code="time"),
            _coefficient("pair", 0.7512),
        ],
        "quotes": [
            quote("T1", 1, "They asked us.\nTwice."),
            quote("T1", 2, "Nobody asked.", stance="counter", participant_id="p2"),
        ],
        **replaced,
    }
    return {name: frame(part, contracts.CONTRACTS[name]) for name, part in rows.items()}


@pytest.fixture(scope="session")
def small_study() -> StudyConfig:
    """Give the study's choices."""
    return make_study()


@pytest.fixture(scope="session")
def small_tables() -> dict[str, pd.DataFrame]:
    """Give the study's tables."""
    return make_tables()


@pytest.fixture(scope="session")
def study_with() -> Any:
    """Give the function that makes the study with other settings."""
    return make_study


@pytest.fixture(scope="session")
def tables_with() -> Any:
    """Give the function that makes the tables with other rows."""
    return make_tables


@pytest.fixture(scope="session")
def quote_row() -> Any:
    """Give the function that makes a row of the quotes table."""
    return quote


@pytest.fixture(scope="session")
def as_mappings() -> Any:
    """Give the function that makes plain mappings of a study's choices."""

    def make(study: StudyConfig) -> dict[str, Any]:
        return {
            "settings": study.settings,
            "codebook": dataclasses.asdict(study.codebook),
            "themes": [dataclasses.asdict(theme) for theme in study.themes],
            "sites": [dataclasses.asdict(site) for site in study.sites],
        }

    return make

"""Decisions that no other file holds: ``data/decisions.csv``, written by the team."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.audit.decisions import Decision, collect
from themetrail.config import StudyConfig
from themetrail.errors import Problems, did_you_mean
from themetrail.exclusions import dropped_ids, read_dropped

if TYPE_CHECKING:
    import pandas as pd

FILE = "data/decisions.csv"
COLUMNS = ("on", "kind", "about", "decision", "by", "reason")


def read_memos(root: Path, problems: Problems) -> list[Decision]:
    """Rows of data/decisions.csv; none where the study has no such file.

    Columns: ``on`` (a date), ``kind`` (theme, method, release, …), ``about``, ``decision``,
    ``by``, ``reason``; ``kind`` and ``decision`` must be filled.
    """
    path = root / FILE
    if not path.exists():
        return []
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True)
        columns = [name for name in reader.fieldnames or [] if name]
        rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.add("error", "unreadable", FILE, f"can't be read as UTF-8 CSV: {error}")
        return []
    for name in columns:
        if name not in COLUMNS:
            near = did_you_mean(name, COLUMNS)
            message = f"unknown column {name!r}"
            problems.add("error", "unknown_column", FILE, message, near, line=1)
    found = []
    for line, row in rows:
        values = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not values["kind"] or not values["decision"]:
            message = "a decision without its kind or without what was decided"
            remedy = "Fill kind (theme, method, release, …) and decision."
            problems.add("error", "missing_value", FILE, message, remedy, line=line)
        else:
            found.append(Decision(**values, source=f"{FILE}:{line}"))
    return found


def decisions_of(
    root: Path, study: StudyConfig, tables: Mapping[str, pd.DataFrame], problems: Problems
) -> list[Decision]:
    """The decisions that the log holds; releases of the study are among them.

    Parameters
    ----------
    tables : contracts ``adjudications``, ``dropped`` and ``transcripts``, all sites.
    problems : grows by what is wrong with the team's own list of decisions.
    """
    from themetrail.releases.acknowledged import release_decisions

    return collect(
        study,
        tables["adjudications"],
        tables["dropped"],
        [str(name) for name in tables["transcripts"]["transcript_id"]],
        [*read_memos(root, problems), *release_decisions(root)],
        dropped_ids(read_dropped(root, Problems())),
    )

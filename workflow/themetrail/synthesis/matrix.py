"""The framework matrix: people by themes, with the analyst's summaries beside the evidence.

Gale, Heath, Cameron, Rashid & Redwood (2013), BMC Medical Research Methodology 13:117. The words
in a cell are a person's, kept in ``data/framework_summaries.tsv``; they are never overwritten, and
a summary whose evidence changed since it was written is shown as stale.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.contracts import FRAMEWORK_MATRIX, SUMMARIES
from themetrail.errors import Problem, Problems
from themetrail.synthesis.base import Base
from themetrail.synthesis.notes import read_rows
from themetrail.tables import frame, records

if TYPE_CHECKING:
    import pandas as pd

FILE = "data/framework_summaries.tsv"


def evidence_hash(segment_ids: Iterable[str]) -> str:
    """What a summary rests on, as 12 hexadecimal digits: the same for the same segments."""
    text = "\n".join(sorted(segment_ids))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_summaries(root: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """The analyst's summaries from ``data/framework_summaries.tsv``; none without the file.

    Tab-separated with the columns participant_id, theme, summary, evidence (the matrix prints the
    value to copy).
    """
    problems = Problems()
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for line, row in read_rows(root, FILE, SUMMARIES, problems):
        key = (row["participant_id"], row["theme"])
        if key in rows:
            message = f"a second summary of the same person and theme {row['theme']!r}"
            problems.add("error", "duplicate_summary", FILE, message, line=line)
        else:
            rows[key] = row
    return frame(rows.values(), SUMMARIES), problems.rows


def matrix_table(base: Base, summaries: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Contract ``framework_matrix``: every person with a coded transcript × every theme.

    Status: current (the summary's evidence is the cell's), stale (it changed), to write (segments
    and no summary), empty (neither).
    """
    cells: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in records(base.bearing[["participant_id", "theme", "segment_id", "code"]]):
        cells[row["participant_id"], row["theme"]].append(row)
    written = {(r["participant_id"], r["theme"]): r for r in records(summaries)}
    rows = [
        _cell(person, theme.id, base, cells, written)
        for person in records(base.people)
        for theme in base.themes
    ]
    known = {(row["participant_id"], row["theme"]) for row in rows}
    lost = sum(key not in known for key in written)
    problems = []
    if lost:
        message = (
            f"{lost} of {len(written)} summaries name a person without a coded transcript or "
            "a theme that does not exist; they are not shown"
        )
        remedy = "Check the ids; delete the rows of people who withdrew."
        problems.append(Problem("warning", "unused_summary", FILE, None, message, remedy))
    return frame(rows, FRAMEWORK_MATRIX), problems


def _cell(
    person: dict[str, Any],
    theme: str,
    base: Base,
    cells: Mapping[tuple[str, str], list[dict[str, Any]]],
    written: Mapping[tuple[str, str], dict[str, str]],
) -> dict[str, Any]:
    """One person and theme."""
    key = (person["participant_id"], theme)
    ids = [row["segment_id"] for row in cells.get(key, ())]
    evidence = evidence_hash(ids) if ids else ""
    summary = written.get(key, {"summary": "", "evidence": ""})
    if summary["summary"]:
        status = "current" if summary["evidence"] == evidence else "stale"
    else:
        status = "to write" if ids else "empty"
    used = {row["code"] for row in cells.get(key, ())}
    return {
        "participant_id": key[0],
        "site": person["site"],
        "theme": theme,
        "n_segments": len(ids),
        "codes": ";".join(code for code in base.codes if code in used),
        "segment_ids": ";".join(ids),
        "summary": summary["summary"],
        "status": status,
        "evidence": evidence,
    }

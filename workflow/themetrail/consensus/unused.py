"""What the consensus could not use: codings and decisions that no later stage would see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from themetrail.config import CONFIG
from themetrail.consensus.overlap import touching
from themetrail.consensus.verdict import Cell, Key, Verdict
from themetrail.errors import Problem, did_you_mean

if TYPE_CHECKING:
    import pandas as pd


def outside(spans: pd.DataFrame, units: pd.DataFrame, site: str) -> list[Problem]:
    """Codings that share no character with any unit, which no later stage would see."""
    import numpy as np

    inside, _ = touching(spans, units)
    rows = np.setdiff1d(np.arange(len(spans)), inside)
    return [
        Problem(
            "warning",
            "outside_units",
            str(span["source"]),
            int(span["row"]),
            f"a coding of {span['code']!r} lies in no unit of analysis, for instance in what an "
            "interviewer says; it is not counted",
            "Move the coding to what a participant says, or map the speaker in config/config.yaml.",
            site,
        )
        for span in spans.iloc[rows].to_dict("records")
    ]


def leaderless(lead: str, coverage: pd.DataFrame, site: str) -> list[Problem]:
    """The rule lead without a lead, or with one who judged nothing here."""
    coders = sorted(set(coverage["coder"]))
    remedy = f"Name one in consensus.lead. {did_you_mean(lead, coders)}".strip()
    if not lead:
        message = "the consensus rule is lead, and no lead coder is named"
        return [Problem("error", "no_lead", CONFIG, None, message, remedy, site)]
    if not coders or lead in coders:
        return []
    message = f"the lead coder {lead!r} judged nothing at this site; the majority decides there"
    return [Problem("warning", "lead_absent", CONFIG, None, message, remedy, site)]


def idle(
    adjudications: pd.DataFrame,
    cells: Mapping[Key, Cell],
    verdicts: Mapping[Key, Verdict],
    site: str,
) -> list[Problem]:
    """Decisions that decided nothing: nobody marked the passage, or all agree otherwise."""
    met = {ruling.row for cell in cells.values() for ruling in cell.rulings}
    overruled = {
        ruling.row
        for key, cell in cells.items()
        for ruling in cell.rulings
        if verdicts[key].decided_by == "unanimous" and ruling.decision != "keep"
    }
    applied = {v.ruling.row for v in verdicts.values() if v.ruling is not None}
    problems = []
    for number, row in enumerate(adjudications.to_dict("records")):
        if number not in met:
            message = f"a decision on {row['code']!r} is about a passage that nobody marked so"
            remedy = "Check the code and the quotation; the decision changes nothing."
        elif number in overruled - applied:
            message = (
                f"the decision to {row['decision']} {row['code']!r} is not applied: every coder "
                "marked the unit with it, not all of them in the passage decided on"
            )
            remedy = "Quote the passage so that it touches every coder's marking."
        else:
            continue
        kind = "nothing_to_decide"
        line = int(row["line"]) or None
        problems.append(Problem("warning", kind, str(row["file"]), line, message, remedy, site))
    return problems

"""Facts on what changes when the analysis is done otherwise, and on a second opinion."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from themetrail.report.families_material import UNCODED
from themetrail.report.family import At, Cell, Find
from themetrail.report.variations import AS_DONE, Variation, variations
from themetrail.tables import records

if TYPE_CHECKING:
    from themetrail.report.evidence import Evidence


def _varied(choose: Callable[[list[Variation], Evidence, At], Cell]) -> Find:
    """Something of the variations, the study's own way not among them."""

    def find(evidence: Evidence, at: At) -> Cell:
        others = [one for one in variations(evidence) if one.scenario != AS_DONE and one.of]
        return choose(others, evidence, at) if others else Cell(None, reason=UNCODED)

    return find


def _number_changing(what: str) -> Find:
    return _varied(
        lambda others, evidence, at: Cell(sum(one.changes(what) for one in others), of=len(others))
    )


def _themes_changing(what: str) -> Find:
    """Titles of the themes for which it changes in at least one variation."""

    def choose(others: list[Variation], evidence: Evidence, at: At) -> Cell:
        del at
        titles = [
            theme.title
            for theme in evidence.study.themes
            if any(one.rows[theme.id][f"{what}_changed"] for one in others if theme.id in one.rows)
        ]
        return Cell([f"“{title}”" for title in titles], text="" if titles else "none")

    return _varied(choose)


def _fewest(others: list[Variation], evidence: Evidence, at: At) -> Cell:
    """The lowest share of people, of any variation; of equals the first."""
    del evidence
    rows = [one.rows[at["theme"]] for one in others if at["theme"] in one.rows]
    rows = [row for row in rows if row["of_participants"]]
    if not rows:
        return Cell(None, reason=UNCODED, row=dict(at))
    row = min(rows, key=lambda one: one["n_participants"] / one["of_participants"])
    key = {name: str(row[name]) for name in ("scenario", "what", "theme")}
    return Cell(int(row["n_participants"]), of=int(row["of_participants"]), row=key)


def _lowest_tau(others: list[Variation], evidence: Evidence, at: At) -> Cell:
    del evidence, at
    found = [float(row["order_tau"]) for one in others for row in one.rows.values()]
    found = [tau for tau in found if not math.isnan(tau)]
    return Cell(min(found)) if found else Cell(None, reason="the themes have no order")


def _opinion(choose: Callable[[dict[str, Any]], Cell]) -> Find:
    """Something of the grouping by co-occurrence alone."""

    def find(evidence: Evidence, at: At) -> Cell:
        del at
        rows = records(evidence.table("second_opinion"))
        if not rows:
            return Cell(None, reason=UNCODED)
        missing = math.isnan(rows[0]["adjusted_rand"])
        return Cell(None, reason=str(rows[0]["note"])) if missing else choose(rows[0])

    return find


def _as_high(row: dict[str, Any]) -> Cell:
    """Random groupings that do as well; none where none was drawn."""
    drawn = int(row["n_permutations"])
    if not drawn:
        return Cell(None, reason="no random grouping was drawn")
    return Cell(round(float(row["share_as_high"]) * drawn), of=drawn)


ROBUSTNESS: dict[str, Find] = {
    "second_opinion.adjusted_rand": _opinion(lambda row: Cell(float(row["adjusted_rand"]))),
    "second_opinion.as_high": _opinion(_as_high),
    "second_opinion.n_codes": _opinion(lambda row: Cell(int(row["n_codes"]))),
    "robustness.n": _varied(lambda others, evidence, at: Cell(len(others))),
    "robustness.n_rank_changed": _number_changing("rank"),
    "robustness.n_quantifier_changed": _number_changing("quantifier"),
    "robustness.rank_changed": _themes_changing("rank"),
    "robustness.quantifier_changed": _themes_changing("quantifier"),
    "robustness.order_tau.min": _varied(_lowest_tau),
    "robustness.{theme}.participants.min": _varied(_fewest),
}

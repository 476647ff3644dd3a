"""The analysis done otherwise, as figure and facts show it: small sites are not given away.

What is left without a site tells, by subtraction, who spoke at it. Where the number of a site's
people is not printed, the variation without it is not shown either, nor counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themetrail.tables import records

if TYPE_CHECKING:
    from themetrail.report.evidence import Evidence

AS_DONE = "as done"
_WITHOUT_SITE = "without a site"
_PHRASES = {
    _WITHOUT_SITE: "Without {}",
    "without a coder": "Without {}",
    "without adjudication": "No adjudication: {}",
    "another rule": "Rule: {}",
    "another unit": "Unit: {}",
}


@dataclass(frozen=True)
class Variation:
    """One way of doing the analysis; ``rows`` has a row of the table for each theme."""

    scenario: str
    label: str
    rows: Mapping[str, Mapping[str, Any]]

    @property
    def of(self) -> int:
        """People with a coded transcript in it."""
        return max((int(row["of_participants"]) for row in self.rows.values()), default=0)

    def changes(self, what: str) -> bool:
        """Whether it changes any theme's ``rank`` or ``quantifier``."""
        return any(bool(row[f"{what}_changed"]) for row in self.rows.values())


def variations(evidence: Evidence) -> list[Variation]:
    """The study's own way, then what was varied, in the table's order."""
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in records(evidence.table("robustness")):
        found.setdefault((row["scenario"], row["what"]), {})[row["theme"]] = row
    return [
        Variation(scenario, _label(evidence, scenario, what), rows)
        for (scenario, what), rows in found.items()
        if scenario != _WITHOUT_SITE or what not in _small_sites(evidence)
    ]


def n_hidden(evidence: Evidence) -> int:
    """Variations that are not shown."""
    table = evidence.table("robustness")
    sites = set(table.loc[table["scenario"] == _WITHOUT_SITE, "what"])
    return len(sites & _small_sites(evidence))


def _small_sites(evidence: Evidence) -> frozenset[str]:
    """Sites whose number of people, or of people coded, is not printed."""
    return evidence.hidden_of_coded("site")


def _label(evidence: Evidence, scenario: str, what: str) -> str:
    if scenario == _WITHOUT_SITE:
        what = next((s.label for s in evidence.study.active_sites if s.site == what), what)
    return _PHRASES.get(scenario, scenario.capitalize()).format(what)

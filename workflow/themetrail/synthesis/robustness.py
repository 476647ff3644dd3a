"""What would have come out otherwise: without a site or coder, by another rule, in other units.

Each scenario decides the consensus again and counts who speaks to each theme. Decisions of the
adjudicator stay, except in the scenarios that say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from themetrail.config import Codebook, Theme
from themetrail.consensus import decide
from themetrail.contracts import ROBUSTNESS
from themetrail.synthesis.base import gather
from themetrail.synthesis.counter import counter_table
from themetrail.synthesis.marks import flagged_table, place_marks
from themetrail.synthesis.reach import themes_table
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd

RULES = ("majority", "any", "all")
UNITS = ("turn", "sentence", "document")
AS_DONE = "as done"
WITHOUT_SITE = "without a site"


@dataclass(frozen=True)
class Evidence:
    """What the consensus of all sites is made from, and by which choices.

    Attributes
    ----------
    transcripts, turns, participants, spans, coverage, adjudications : contracts of those names.
    unit, rule, extent, lead : the study's choices.
    """

    transcripts: pd.DataFrame
    turns: pd.DataFrame
    participants: pd.DataFrame
    spans: pd.DataFrame
    coverage: pd.DataFrame
    adjudications: pd.DataFrame
    unit: str
    rule: str
    extent: str
    lead: str = ""

    def without_site(self, site: str) -> Evidence:
        """The study as if a site had not taken part."""
        kept = self.transcripts[self.transcripts["site"] != site]
        ids = set(kept["transcript_id"])
        return replace(
            self,
            transcripts=kept,
            turns=self.turns[self.turns["transcript_id"].isin(ids)],
            participants=self.participants[self.participants["site"] != site],
            spans=self.spans[self.spans["transcript_id"].isin(ids)],
            coverage=self.coverage[self.coverage["transcript_id"].isin(ids)],
            adjudications=self.adjudications[self.adjudications["transcript_id"].isin(ids)],
        )

    def without_coder(self, coder: str) -> Evidence:
        """The study as if a coder had not coded; what nobody else coded waits."""
        spans = self.spans[self.spans["coder"] != coder]
        return replace(self, spans=spans, coverage=self.coverage[self.coverage["coder"] != coder])


@dataclass(frozen=True)
class _Scenario:
    """One way of doing the analysis."""

    name: str
    what: str
    evidence: Evidence

    def segments(self, own: pd.DataFrame | None) -> pd.DataFrame:
        """Its consensus. Sites are decided apart, so without one the others stay as they were."""
        if self.name == WITHOUT_SITE and own is not None:
            return own[own["site"] != self.what].reset_index(drop=True)
        return _decided(self.evidence)


def scenarios(evidence: Evidence) -> Iterator[_Scenario]:
    """The study's own way, then one change at a time; those without meaning are left out."""
    yield _Scenario(AS_DONE, "", evidence)
    sites = sorted(set(evidence.transcripts["site"]))
    for site in sites if len(sites) > 1 else []:
        yield _Scenario(WITHOUT_SITE, site, evidence.without_site(site))
    coders = sorted(set(evidence.coverage["coder"]))
    for coder in coders if len(coders) > 1 else []:
        yield _Scenario("without a coder", coder, evidence.without_coder(coder))
    if len(evidence.adjudications):
        bare = replace(evidence, adjudications=evidence.adjudications.head(0))
        for rule in RULES:
            yield _Scenario("without adjudication", rule, replace(bare, rule=rule))
    else:
        for rule in RULES:
            if rule != evidence.rule:
                yield _Scenario("another rule", rule, replace(evidence, rule=rule))
    for unit in UNITS:
        if unit != evidence.unit:
            yield _Scenario("another unit", unit, replace(evidence, unit=unit))


def robustness_table(
    evidence: Evidence,
    codebook: Codebook,
    themes: Sequence[Theme],
    words: Sequence[Sequence[Any]],
) -> pd.DataFrame:
    """Contract ``robustness``.

    Parameters
    ----------
    words : lower bound and word, ``reach.quantifier``.
    """
    rows: list[dict[str, Any]] = []
    own: dict[str, dict[str, Any]] = {}
    decided: pd.DataFrame | None = None
    for scenario in scenarios(evidence):
        segments = scenario.segments(decided)
        decided = segments if decided is None else decided
        table = _themes(scenario.evidence, segments, codebook, themes, words)
        found = {row["theme"]: row for row in _ranked(table)}
        own = own or found
        tau = _tau([own[t.id]["share"] for t in themes], [found[t.id]["share"] for t in themes])
        for theme, row in found.items():
            rows.append(
                {
                    "scenario": scenario.name,
                    "what": scenario.what,
                    **row,
                    "rank_changed": row["rank"] != own[theme]["rank"],
                    "quantifier_changed": row["quantifier"] != own[theme]["quantifier"],
                    "order_tau": tau,
                }
            )
    return frame(rows, ROBUSTNESS)


def _decided(evidence: Evidence) -> pd.DataFrame:
    """The consensus of a scenario: contract ``segments``."""
    from themetrail.intake.segment import units

    used = evidence.transcripts
    decided = decide(
        units(evidence.turns, used, evidence.unit),
        evidence.spans,
        evidence.coverage,
        evidence.adjudications,
        site="",
        rule=evidence.rule,  # type: ignore[arg-type]
        extent=evidence.extent,  # type: ignore[arg-type]
        lead=evidence.lead,
        transcripts=used,
    )
    sites = dict(zip(used["transcript_id"], used["site"], strict=True))
    return decided.segments.assign(site=decided.segments["transcript_id"].map(sites))


def _themes(
    evidence: Evidence,
    segments: pd.DataFrame,
    codebook: Codebook,
    themes: Sequence[Theme],
    words: Sequence[Sequence[Any]],
) -> pd.DataFrame:
    """Who speaks to each theme in one scenario."""
    from themetrail.coding.site import transcripts_of

    coded = set(evidence.coverage["transcript_id"])
    used = evidence.transcripts[evidence.transcripts["transcript_id"].isin(coded)]
    texts = transcripts_of(used, evidence.turns)
    marks, _ = place_marks(themes, texts, segments)
    base = gather(
        segments,
        evidence.transcripts,
        evidence.participants,
        evidence.coverage,
        codebook,
        themes,
        flagged_table(marks),
    )
    return themes_table(base, counter_table(base, marks, texts, evidence.turns), words)


def _ranked(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with the share of people and its place; without anybody there is no share."""
    import numpy as np

    of = table["of_participants"].to_numpy(dtype=float)
    share = np.divide(table["n_participants"], of, out=np.full(len(table), np.nan), where=of > 0)
    names = ("theme", "n_segments", "n_participants", "of_participants", "quantifier", "n_counter")
    return [
        {name: row[name] for name in names}
        | {"share": float(share[at]), "rank": 1 + int((share > share[at]).sum())}
        for at, row in enumerate(table.to_dict("records"))
    ]


def _tau(own: Sequence[float], other: Sequence[float]) -> float:
    """Kendall's tau-b of two lists of shares; NaN where either has no order."""
    from scipy.stats import kendalltau

    if len(set(own)) < 2 or len(set(other)) < 2:
        return float("nan")
    return float(kendalltau(own, other).statistic)


def changes(table: pd.DataFrame) -> Mapping[str, int]:
    """How many scenarios change a place or a word, beside the study's own way."""
    others = table[table["scenario"] != AS_DONE]
    by_scenario = others.groupby(["scenario", "what"])[["rank_changed", "quantifier_changed"]].any()
    return {
        "n_scenarios": len(by_scenario),
        "n_rank_changed": int(by_scenario["rank_changed"].sum()),
        "n_quantifier_changed": int(by_scenario["quantifier_changed"].sum()),
    }

"""What would have come out otherwise: without a site or coder, by another rule, in other units.

Each scenario decides the consensus again and counts who speaks to each theme. Decisions of the
adjudicator stay, except in the scenarios that say so. Sites are decided and counted apart, one
after the other, and then added up: what is done otherwise costs a site's share of memory, and
leaving a site out costs an addition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from themetrail.config import Theme
from themetrail.consensus.decide import cells_of, segments_of
from themetrail.consensus.verdict import Cell, Key
from themetrail.contracts import ROBUSTNESS
from themetrail.synthesis.marks import transcripts_marked
from themetrail.synthesis.reach import quantifier
from themetrail.synthesis.tally import Tally, interviews_of, tally
from themetrail.tables import frame, records

if TYPE_CHECKING:
    import pandas as pd

RULES = ("majority", "any", "all")
UNITS = ("turn", "sentence", "document")
AS_DONE = "as done"
WITHOUT_SITE, WITHOUT_CODER = "without a site", "without a coder"
UNRULED, OTHER_RULE, OTHER_UNIT = "without adjudication", "another rule", "another unit"
BY_RULE = "by rule alone"
#: scenarios that are counted under another name
COUNTED_AS = {UNRULED: BY_RULE, OTHER_RULE: BY_RULE}
Way = tuple[str, str]
"""A scenario and what is other in it: the site, coder, rule or unit."""
OWN: Way = (AS_DONE, "")


@dataclass(frozen=True)
class Evidence:
    """What a site's consensus is made from, and by which choices.

    Attributes
    ----------
    site : its name.
    transcripts, turns, spans, coverage, adjudications : contracts of those names, of the site.
    unit, rule, extent, lead : the study's choices.
    """

    site: str
    transcripts: pd.DataFrame
    turns: pd.DataFrame
    spans: pd.DataFrame
    coverage: pd.DataFrame
    adjudications: pd.DataFrame
    unit: str
    rule: str
    extent: str
    lead: str = ""

    def without_coder(self, coder: str) -> Evidence:
        """The site as if a coder had not coded; what nobody else coded waits."""
        spans = self.spans[self.spans["coder"] != coder]
        return replace(self, spans=spans, coverage=self.coverage[self.coverage["coder"] != coder])


def evidence_of(
    tables: Mapping[str, pd.DataFrame], choices: Mapping[str, str]
) -> Iterator[Evidence]:
    """Cut tables of any number of sites by site; a site without transcripts is none."""
    names = ("turns", "spans", "coverage", "adjudications")
    everything = tables["transcripts"]
    for site in sorted(set(everything["site"])):
        transcripts = everything[everything["site"] == site]
        ids = set(transcripts["transcript_id"])
        own = {name: tables[name][tables[name]["transcript_id"].isin(ids)] for name in names}
        yield Evidence(site=site, transcripts=transcripts, **own, **choices)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Site:
    """One site, counted in every way.

    Attributes
    ----------
    coders : who judged something here.
    adjudicated : whether anything was decided by a person.
    tallies : scenario to what was counted; a coder who is not here changes nothing.
    """

    name: str
    coders: frozenset[str]
    adjudicated: bool
    tallies: Mapping[Way, Tally]

    def tally(self, way: Way) -> Tally:
        """What was counted in one way."""
        return self.tallies.get(way, self.tallies[OWN])


def count_site(evidence: Evidence, themes: Sequence[Theme]) -> Site:
    """Decide and count a site as it was done and in every other way that may be asked for."""
    done = _Deciding(evidence, themes)
    tallies = {OWN: done.tally(evidence.rule)}
    for coder in sorted({*evidence.coverage["coder"], *evidence.spans["coder"]}):
        other = _Deciding(evidence.without_coder(coder), themes, done.units)
        tallies[WITHOUT_CODER, coder] = other.tally(evidence.rule)
    for rule in RULES:
        tallies[BY_RULE, rule] = done.tally(rule, adjudicated=False)
    for unit in UNITS:
        if unit != evidence.unit:
            other = _Deciding(replace(evidence, unit=unit), themes)
            tallies[OTHER_UNIT, unit] = other.tally(evidence.rule)
    return Site(
        evidence.site,
        frozenset(evidence.coverage["coder"]),
        len(evidence.adjudications) > 0,
        tallies,
    )


class _Deciding:
    """The cells of a site, to be decided by any rule."""

    def __init__(
        self, evidence: Evidence, themes: Sequence[Theme], made: pd.DataFrame | None = None
    ) -> None:
        from themetrail.coding.site import transcripts_of
        from themetrail.intake.segment import units

        used = evidence.transcripts
        self.evidence, self.themes = evidence, themes
        self.units = units(evidence.turns, used, evidence.unit) if made is None else made
        self.places = records(self.units)
        tables = (evidence.spans, evidence.coverage, evidence.adjudications)
        self.cells: dict[Key, Cell] = cells_of(self.units, *tables)
        self.interviews = interviews_of(
            used["transcript_id"], used["participants"], evidence.coverage["transcript_id"]
        )
        named = transcripts_marked(themes) & set(self.interviews)
        marked = used[used["transcript_id"].isin(named)]
        turns = evidence.turns[evidence.turns["transcript_id"].isin(named)]
        self.texts = transcripts_of(marked, turns)

    def tally(self, rule: str, *, adjudicated: bool = True) -> Tally:
        """Decide by a rule, with or without a person's decisions, and count."""
        cells = self.cells
        if not adjudicated:
            cells = {key: replace(cell, rulings=()) for key, cell in cells.items()}
        segments = segments_of(
            cells,
            self.places,
            site=self.evidence.site,
            rule=rule,  # type: ignore[arg-type]
            extent=self.evidence.extent,  # type: ignore[arg-type]
            lead=self.evidence.lead,
        )
        return tally(segments, self.interviews, self.themes, self.texts)


def scenarios(sites: Sequence[Site], rule: str, unit: str) -> Iterator[Way]:
    """The study's own way, then one change at a time; those without meaning are left out."""
    yield OWN
    for site in sites if len(sites) > 1 else []:
        yield WITHOUT_SITE, site.name
    coders = sorted({coder for site in sites for coder in site.coders})
    for coder in coders if len(coders) > 1 else []:
        yield WITHOUT_CODER, coder
    adjudicated = any(site.adjudicated for site in sites)
    for other in RULES:
        if adjudicated or other != rule:
            yield UNRULED if adjudicated else OTHER_RULE, other
    for other in UNITS:
        if other != unit:
            yield OTHER_UNIT, other


@dataclass(frozen=True)
class _Sum:
    """Sites added up: people, and of each theme its segments, speakers, passages against it."""

    n_people: int
    themes: Mapping[str, tuple[int, int, int]]


class _Sites:
    """All sites in one way of doing the analysis."""

    def __init__(self, sites: Sequence[Site], way: Way, themes: Sequence[Theme]) -> None:
        self.parts = {site.name: site.tally(way) for site in sites}
        parts = self.parts.values()
        self.everybody = Counter(person for part in parts for person in part.people)
        self.speakers = {
            t.id: Counter(person for part in parts for person in part.themes[t.id].people)
            for t in themes
        }
        self.together = _Sum(
            len(self.everybody),
            {
                name: (
                    sum(part.themes[name].n_segments for part in parts),
                    len(people),
                    sum(part.themes[name].n_counter for part in parts),
                )
                for name, people in self.speakers.items()
            },
        )

    def without(self, site: str) -> _Sum:
        """The sum without a site; who speaks at another site too is not lost with it."""
        gone = self.parts[site]
        return _Sum(
            self.together.n_people - _alone(gone.people, self.everybody),
            {
                name: (
                    segments - gone.themes[name].n_segments,
                    people - _alone(gone.themes[name].people, self.speakers[name]),
                    against - gone.themes[name].n_counter,
                )
                for name, (segments, people, against) in self.together.themes.items()
            },
        )


def _alone(people: Iterable[str], counts: Mapping[str, int]) -> int:
    """How many of a site's people are at no other site."""
    return sum(counts[person] == 1 for person in people)


def robustness_table(
    evidence: Iterable[Evidence],
    themes: Sequence[Theme],
    rule: str,
    unit: str,
    words: Sequence[Sequence[Any]],
) -> pd.DataFrame:
    """Contract ``robustness``.

    Parameters
    ----------
    evidence : site by site; no more than one of them need be in memory at a time.
    themes : the study's.
    rule, unit : the study's choices.
    words : lower bound and word, ``reach.quantifier``.
    """
    counted = [count_site(part, themes) for part in evidence]
    counted.sort(key=lambda site: site.name)
    bounds = [tuple(pair) for pair in words]
    as_done = _Sites(counted, OWN, themes)
    rows: list[dict[str, Any]] = []
    own: dict[str, dict[str, Any]] = {}
    for name, what in scenarios(counted, rule, unit):
        if name == WITHOUT_SITE:
            summed = as_done.without(what)
        else:
            summed = _Sites(counted, (COUNTED_AS.get(name, name), what), themes).together
        found = {row["theme"]: row for row in _ranked(summed, bounds)}
        own = own or found
        tau = _tau([own[t.id]["share"] for t in themes], [found[t.id]["share"] for t in themes])
        for theme, row in found.items():
            rows.append(
                {
                    "scenario": name,
                    "what": what,
                    **row,
                    "rank_changed": row["rank"] != own[theme]["rank"],
                    "quantifier_changed": row["quantifier"] != own[theme]["quantifier"],
                    "order_tau": tau,
                }
            )
    return frame(rows, ROBUSTNESS)


def _ranked(summed: _Sum, words: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Themes with the share of people and its place; without anybody there is no share."""
    of = summed.n_people
    share = {name: n / of if of else float("nan") for name, (_, n, _) in summed.themes.items()}
    return [
        {
            "theme": name,
            "n_segments": segments,
            "n_participants": people,
            "of_participants": of,
            "quantifier": quantifier(people, of, words),
            "n_counter": against,
            "share": share[name],
            "rank": 1 + sum(other > share[name] for other in share.values()),
        }
        for name, (segments, people, against) in summed.themes.items()
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

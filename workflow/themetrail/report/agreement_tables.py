"""The paper's tables of agreement: by code, theme, site and pair of coders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from themetrail.report.ast import Column
from themetrail.report.facts import Fact
from themetrail.report.family import COEFFICIENTS, coefficient_label
from themetrail.report.numbers import capital, integer, percent, plain
from themetrail.report.paper_table import Item, PaperTable, Shown
from themetrail.report.vocabulary import Vocabulary

BELOW = "†"
#: share of the width for the rows' labels
LABELS = 0.2
#: short names of the coefficients in their columns' order; two more where two coders are compared
USUAL = (
    "percent_agreement",
    "positive_agreement",
    "alpha",
    "ac1",
    "fleiss",
    "conger",
    "brennan_prediger",
)
OF_TWO = ("kappa", "scott")
#: those that stand with their interval
WITH_INTERVAL = ("alpha", "ac1")
HEADINGS = {
    "percent_agreement": "Agreement",
    "positive_agreement": "Positive agreement",
    "alpha": "Krippendorff’s α",
    "ac1": "Gwet’s AC1",
    "fleiss": "Fleiss’ κ",
    "conger": "Conger’s κ",
    "brennan_prediger": "Brennan-Prediger",
    "kappa": "Cohen’s κ",
    "scott": "Scott’s π",
    "negative_agreement": "Negative agreement",
}
Row = tuple[str, str]


def agreement_tables(
    facts: Mapping[str, Fact], words: Vocabulary, reliability: Mapping[str, Any]
) -> dict[str, PaperTable]:
    """All four by name.

    Parameters
    ----------
    facts : by id.
    words : the study's names.
    reliability : the settings of that name.
    """
    maker = _Maker(facts, words, reliability)
    pairs = [(f"{a} with {b}", f"pair.{a}.{b}") for a, b in combinations(words.coders, 2)]
    codes = [(label, f"code.{code}") for code, label in words.codes.items()]
    codes.append(("All codes", "study"))
    themes = [(label, f"theme.{theme}") for theme, label in words.themes.items()]
    sites = [(label, f"site.{site}") for site, label in words.sites.items()]
    sites.append(("All sites", "study"))
    return {
        "agreement": maker.table(
            "agreement",
            "Agreement between coders on each code",
            "Code",
            codes,
            flag=True,
        ),
        "agreement_themes": maker.table(
            "agreement_themes", "Agreement between coders on each theme", "Theme", themes
        ),
        "agreement_sites": maker.table(
            "agreement_sites",
            "Agreement between coders at each site",
            "Site",
            sites,
        ),
        "agreement_pairs": maker.table(
            "agreement_pairs", "Agreement of each pair of coders", "Coders", pairs, of_two=True
        ),
    }


class _Maker:
    """Makes tables with the same columns of different rows."""

    def __init__(
        self, facts: Mapping[str, Fact], words: Vocabulary, reliability: Mapping[str, Any]
    ) -> None:
        self.facts = facts
        self.words = words
        self.reliability = reliability
        self._headline = str(reliability["headline"])

    def table(
        self,
        name: str,
        title: str,
        heading: str,
        rows: Sequence[Row],
        *,
        flag: bool = False,
        of_two: bool = False,
    ) -> PaperTable:
        """One table; ``flag`` marks what is below the threshold."""
        two = of_two or len(self.words.coders) == 2
        headline = [name for name, found in COEFFICIENTS.items() if found == self._headline]
        chosen = list(dict.fromkeys([*USUAL, *(OF_TWO if two else ()), *headline]))
        columns = [Column(heading, width=LABELS), *self._columns(chosen)]
        made = tuple((label, *self._cells(place, chosen, flag=flag)) for label, place in rows)
        n_transcripts = Shown(self.facts["agreement.n_transcripts"])
        caption = (f"{title} (n = ", n_transcripts, " transcripts that two coders or more judged).")
        below = any(isinstance(c, Shown) and c.mark for row in made for c in row)
        return PaperTable(
            name,
            caption,
            tuple(columns),
            made,
            self._notes(below=below),
            wide=True,
        )

    def _columns(self, chosen: Iterable[str]) -> list[Column]:
        headings = ["Prevalence"]
        for name in chosen:
            headings.append(HEADINGS[name])
            if name in WITH_INTERVAL:
                level = percent(float(self.reliability["confidence"]))
                headings.append(f"{level} CI of {HEADINGS[name].split()[-1]}")
        weights = [len(max(h.replace("-", " ").split(), key=len)) + 2 for h in headings]
        weights = [14 if "CI of" in h else w for h, w in zip(headings, weights, strict=True)]
        unit = (1 - LABELS) / sum(weights)
        return [
            Column(heading, "right", round(unit * weight - 0.00005, 4))
            for heading, weight in zip(headings, weights, strict=True)
        ]

    def _cells(self, place: str, chosen: Iterable[str], *, flag: bool) -> list[Item]:
        cells: list[Item] = [Shown(self.facts[f"prevalence.{place}"])]
        for name in chosen:
            fact = self.facts[f"{name}.{place}"]
            cells.append(Shown(fact, mark=self._mark(name, fact) if flag else ""))
            if name in WITH_INTERVAL:
                cells.append(Shown(self.facts[f"{name}.{place}.ci"], "interval"))
        return cells

    def _mark(self, name: str, fact: Fact) -> str:
        """A dagger on the headline coefficient of a code below the threshold."""
        if COEFFICIENTS[name] != self._headline or ".code." not in fact.id:
            return ""
        low = isinstance(fact.value, float) and fact.value < self.reliability["threshold"]
        return BELOW if low else ""

    def _notes(self, *, below: bool) -> tuple[str, ...]:
        replicates = int(self.reliability["replicates"])
        level = percent(float(self.reliability["confidence"]))
        how = (
            f"percentile bootstrap over transcripts, {integer(replicates)} replicates"
            if replicates
            else "linearised over transcripts, Student’s t"
        )
        notes = [
            f"CI: {level} confidence interval, {how}.",
            "Prevalence: share of the ratings that are marks.",
        ]
        if below:
            threshold = plain(float(self.reliability["threshold"]))
            name = capital(coefficient_label(self._headline))
            notes.append(f"{BELOW} {name} below the threshold of {threshold}, set before coding.")
        return tuple(notes)

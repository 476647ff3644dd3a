"""Facts: every number (and computed text) that a paper may use, each with where it comes from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.errors import InputError
from themetrail.report import numbers
from themetrail.report.catalogue import Entry, entries
from themetrail.report.evidence import Evidence
from themetrail.report.family import Value
from themetrail.report.forms import printed
from themetrail.report.vocabulary import as_study
from themetrail.tables import write_json

if TYPE_CHECKING:
    import pandas as pd

FACTS = "results/facts.json"
#: contract -> where a run leaves the table
SOURCES: dict[str, str] = {
    "transcripts": "results/intake/*/transcripts.parquet",
    "turns": "results/intake/*/turns.parquet",
    "units": "results/intake/*/units.parquet",
    "participants": "results/intake/*/participants.parquet",
    "dropped": "results/intake/*/dropped.csv",
    "spans": "results/coding/*/spans.parquet",
    "coverage": "results/coding/*/coverage.parquet",
    "coefficients": "results/reliability/coefficients.csv",
    "decisions": "results/consensus/*/decisions.parquet",
    "segments": "results/consensus/*/segments.parquet",
    "themes": "results/synthesis/themes.csv",
    "reach": "results/synthesis/reach.csv",
    "cooccurrence": "results/synthesis/cooccurrence.csv",
    "frameworks": "results/synthesis/frameworks.csv",
    "asked": "results/synthesis/asked.csv",
    "saturation": "results/synthesis/saturation.csv",
    "meaning_saturation": "results/synthesis/meaning_saturation.csv",
    "saturation_reorderings": "results/synthesis/saturation_reorderings.csv",
    "robustness": "results/synthesis/robustness.csv",
    "second_opinion": "results/synthesis/second_opinion.csv",
    "machine_codes": "results/machine/codes.csv",
    "machine_folds": "results/machine/folds.csv",
    "machine_agreement": "results/machine/agreement.csv",
    "machine_proposals": "results/machine/proposals.csv",
    "quotes": "results/synthesis/quotes.csv",
    "config": "config/",
}


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: a table, its file, and the row's key where one row is meant."""

    table: str
    file: str
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """One thing that a paper may print.

    Attributes
    ----------
    id : dotted, as placeholders name it.
    value : at full precision; None where there is none, or where it is not shown.
    of : what a count is out of.
    high : the upper end where ``value`` is the lower end of a range or an interval.
    text : as printed.
    unit : what is counted or measured.
    definition : one sentence.
    source : table, file and row.
    rule : how the value comes from the source.
    reason : why there is no value.
    """

    id: str
    value: Value
    text: str
    unit: str
    definition: str
    source: Source
    rule: str
    of: int | None = None
    high: float | None = None
    reason: str = ""


def collect(
    tables: Mapping[str, pd.DataFrame], study: StudyConfig | Mapping[str, Any]
) -> list[Fact]:
    """Every fact of a study, by the catalogue.

    Parameters
    ----------
    tables : tables by their contract's name, all sites together; one that is missing counts as
        one without rows.
    study : the study's choices, as they are or as plain mappings (``vocabulary.as_study``).

    Returns
    -------
    Facts sorted by id. A family's fact is there even where it has no value; its text then says
    why. A study whose approach is reflexive has none on agreement.
    """
    evidence = Evidence(as_study(study), tables)
    found = entries(evidence.words)
    return [_fact(found[name], evidence) for name in sorted(found)]


def _fact(entry: Entry, evidence: Evidence) -> Fact:
    family = entry.family
    cell = family.find(evidence, entry.at)
    return Fact(
        id=entry.id,
        value=cell.value,
        text=printed(cell, family.form),
        unit=family.unit,
        definition=entry.definition,
        source=Source(family.table, SOURCES[family.table], dict(cell.row)),
        rule=family.rule,
        of=cell.of,
        high=cell.high,
        reason=cell.reason if cell.value is None else "",
    )


def shown(fact: Fact, variant: str = "") -> str:
    """A fact's text, or a variant of it (``catalogue.VARIANTS``).

    Raises
    ------
    InputError
        The fact has no such variant, e.g. a text has no words for a number.
    """
    if not variant or fact.value is None:
        return fact.text
    if variant == "capital":
        return numbers.capital(fact.text)
    if not isinstance(fact.value, int | float):
        message = f"{fact.id} is a text; {variant!r} is for numbers"
        raise InputError(message)
    return _variant(fact, fact.value, variant)


def _variant(fact: Fact, value: float, variant: str) -> str:
    if variant in ("words", "Words") and float(value).is_integer():
        word = numbers.in_words(int(value))
        return numbers.capital(word) if variant == "Words" else word
    if variant == "ordinal" and float(value).is_integer():
        return numbers.ordinal(int(value))
    if variant == "number" and float(value).is_integer():
        return numbers.integer(value)
    if variant == "percent" and fact.of:
        return numbers.percent(value if fact.unit == "share" else value / fact.of)
    if variant == "percent" and fact.unit in ("share", "coefficient", "index"):
        return numbers.percent(value)
    if variant == "interval" and fact.high is not None:
        return numbers.interval(value, fact.high)
    message = f"{fact.id} ({fact.text}) can't be shown as {variant!r}"
    raise InputError(message)


def write(facts: Iterable[Fact], path: str | Path) -> None:
    """Write facts as JSON, sorted by id."""
    rows = [dataclasses.asdict(fact) for fact in sorted(facts, key=lambda fact: fact.id)]
    write_json({"facts": rows}, path)


def read(path: str | Path) -> list[Fact]:
    """Read facts back.

    Raises
    ------
    InputError
        The file is not one of facts.
    """
    try:
        rows = json.loads(Path(path).read_text(encoding="utf-8"))["facts"]
        return [Fact(**{**row, "source": Source(**row["source"])}) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} is not a file of facts ({error}). Run the study to make it."
        raise InputError(message) from error


def by_id(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Facts by their id."""
    return {fact.id: fact for fact in facts}

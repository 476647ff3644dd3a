"""Reporting checklists (COREQ, SRQR, Braun and Clarke), filled from the study itself.

An item is answered by data (facts and measures), by configuration, or by a person's text in
``config/checklists.yaml``; what nothing answers is missing, and is shown so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from themetrail.config import StudyConfig
from themetrail.errors import Problem, Problems, did_you_mean
from themetrail.report.checklists_answers import FILE, Answer, Item, items
from themetrail.report.checklists_measures import MEASURES, Context, Measured
from themetrail.report.checklists_sections import Section, sections
from themetrail.report.facts import Fact, by_id

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["filled", "missing", "not applicable"]
CONFIG = "config/config.yaml"
COLUMNS = ("checklist", "number", "domain", "item", "status", "answer", "where", "evidence")
_NAMED = re.compile(r"\{([^{}]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Row:
    """One item with its answer.

    Attributes
    ----------
    status : missing where nothing answers it, or where a person must and has not.
    answer : what is said; for what is missing, what is needed.
    where : anchor of the paper; empty where the paper does not say it.
    section : the title of the section that holds the anchor.
    evidence : facts, keys and files that the answer rests on.
    """

    item: Item
    status: Status
    answer: str
    where: str = ""
    section: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What data and configuration say to an item."""

    text: str = ""
    complete: bool = False
    facts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def fill(
    document: Mapping[str, Any],
    facts: Iterable[Fact],
    settings: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    answers: Mapping[str, Answer],
) -> tuple[list[Row], list[Section], list[Problem]]:
    """Every item of every checklist with its status.

    Parameters
    ----------
    document : the filled paper (``results/report/paper.json``).
    facts : of the run.
    settings : the study's settings.
    tables : transcripts, participants, spans, themes, quotes and coding density by contract.
    answers : what people wrote (``checklists_answers.read_answers``).

    Returns
    -------
    rows : one an item, in order.
    sections : the paper's sections with their words.
    problems : answers that name a place which the paper does not have.
    """
    found = sections(document)
    context = Context(settings, by_id(facts), tables, found)
    problems = Problems()
    rows = [_row(item, answers.get(item.id), context, problems) for item in items()]
    return rows, found, problems.rows


def _row(item: Item, answer: Answer | None, context: Context, problems: Problems) -> Row:
    """One item: a person's reason first, then a person's words and what data say."""
    if answer is not None and answer.not_applicable:
        reason = " ".join(part for part in (answer.not_applicable, answer.text) if part)
        return Row(item, "not applicable", reason, evidence=(FILE,))
    said = _said(item, context)
    written = answer is not None and bool(answer.text or answer.where)
    anchor = _anchor(item, answer, said, context, problems)
    section = context.anchors[anchor].title if anchor else ""
    evidence = (*said.facts, *said.keys, *said.files, *((FILE,) if written else ()))
    if written or (said.complete and item.needs == "data"):
        words = [answer.text if answer is not None else "", said.text]
        text = " ".join(part for part in words if part) or f"See “{section}”."
        return Row(item, "filled", text, anchor, section, evidence)
    lacking = _lacking(said.lacks)
    if item.measure and not said.files:
        lacking += " The run has nothing yet from which to say it."
    known = f" Known so far: {said.text}" if said.text else ""
    text = f"Write it in {FILE}, under {item.id.replace('.', ', item ')}.{lacking}{known}"
    return Row(item, "missing", text, evidence=evidence)


def _lacking(names: Iterable[str]) -> str:
    """What configuration and data do not state, as sentences."""
    keys = [name for name in names if _is_key(name)]
    facts = [name for name in names if not _is_key(name)]
    parts = [f" Or fill {', '.join(keys)} in {CONFIG}."] if keys else []
    parts += [f" Without a value: {', '.join(facts)}."] if facts else []
    return "".join(parts)


def _said(item: Item, context: Context) -> Said:
    """What data and configuration say; complete where all that the item asks of them is there."""
    values: dict[str, str] = {}
    lacks: list[str] = []
    text = _OPTIONAL.sub(lambda match: _optional(match[1], context), item.says)
    used = [name for part in (item.says, text) for name in _NAMED.findall(part)]
    for name in _NAMED.findall(text):
        value = _value(name, context)
        if value:
            values[name] = value
        else:
            lacks.append(name)
    filled = "" if lacks else _NAMED.sub(lambda match: values[match[1]], text).strip()
    measured = MEASURES[item.measure](context) if item.measure else None
    parts = [filled] if filled else []
    parts += [measured.text] if measured is not None else []
    needed = [not lacks] if item.says else []
    needed += [measured is not None and measured.holds] if item.measure else []
    known = [name for name in dict.fromkeys(used) if name in values or name in context.facts]
    return _with_sources(known, " ".join(parts), all(needed) and bool(needed), measured, lacks)


def _with_sources(
    names: list[str], text: str, complete: bool, measured: Measured | None, lacks: list[str]
) -> Said:
    keys = tuple(f"{CONFIG}: {name}" for name in names if _is_key(name))
    facts = tuple(name for name in names if not _is_key(name))
    files = (measured.file,) if measured is not None else ()
    return Said(text, complete, facts, keys, files, tuple(lacks))


def _is_key(name: str) -> bool:
    return name.startswith(("study.", "team."))


def _optional(part: str, context: Context) -> str:
    """A part that stands only where everything in it has a value."""
    return part if all(_value(name, context) for name in _NAMED.findall(part)) else ""


def _value(name: str, context: Context) -> str:
    """A fact or a key as text; empty where it has no value."""
    study = context.settings["study"]
    if name.startswith("team."):
        field = name.removeprefix("team.")
        told = [f"{one['name']}: {one[field]}" for one in study["team"] if one.get(field)]
        return "; ".join(told) if len(told) == len(study["team"]) else ""
    if name.startswith("study."):
        value = study.get(name.removeprefix("study."), "")
        return " ".join(value) if isinstance(value, list) else str(value)
    fact = context.facts.get(name)
    return "" if fact is None or fact.value is None else fact.text


def _anchor(
    item: Item, answer: Answer | None, said: Said, context: Context, problems: Problems
) -> str:
    """Where the paper says it: as a person says, at a likely place, or by what stands there."""
    if answer is not None and answer.where:
        if answer.where in context.anchors:
            return answer.where
        message = f"{item.label}: the paper has no section, table or figure {answer.where!r}"
        near = did_you_mean(answer.where, context.anchors)
        problems.add("error", "unknown_place", FILE, message, near, line=answer.line)
        return ""
    for name in item.places.split():
        if name in context.anchors:
            return name
    texts = [_value(key.removeprefix(f"{CONFIG}: "), context) for key in said.keys]
    return _most_said(set(said.facts), texts, context.sections)


def _most_said(facts: set[str], texts: Iterable[str], places: Iterable[Section]) -> str:
    """The section that says most of it, the first where several do; the abstract repeats."""
    wanted = [text for text in texts if text]
    best, most = "", 0
    for section in places:
        said = 2 * len(facts & section.said) + len(facts & section.facts)
        said += 3 * sum(text in section.text for text in wanted)
        if said > most and section.title != "Abstract":
            best, most = section.id, said
    return best


def missing(rows: Iterable[Row]) -> list[Problem]:
    """Items that stop a submission, each with how to mend it."""
    return [
        Problem(
            "error",
            "missing_item",
            FILE,
            None,
            f"{row.item.label} ({row.item.item}) is missing. It asks: {row.item.asks}",
            row.answer,
        )
        for row in rows
        if row.status == "missing"
    ]


def as_csv(rows: Iterable[Row]) -> str:
    """The rows as CSV text."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        item = row.item
        where = f"{row.section} (#{row.where})" if row.where else ""
        line = (item.checklist, item.number, item.domain, item.item, row.status, row.answer)
        writer.writerow([*line, where, "; ".join(row.evidence)])
    return stream.getvalue()


def of_run(study: StudyConfig, problems: Problems) -> list[Row]:
    """The rows of a study that has run, from what its run left.

    Parameters
    ----------
    study : the study's choices, with its folder.
    problems : grows by what is wrong; also where there has been no run.
    """
    import json

    from themetrail.report import facts as fact_file
    from themetrail.report.checklists_answers import read_answers
    from themetrail.report.inputs import read_tables

    answers = read_answers(study.root, problems)
    document, facts = study.root / "results/report/paper.json", study.root / fact_file.FACTS
    if not document.is_file() or not facts.is_file():
        message = "the checklists are filled from a run, and there has been none"
        problems.add("error", "no_run", fact_file.FACTS, message, "Run the study: themetrail run.")
        return []
    rows, _, found = fill(
        json.loads(document.read_text(encoding="utf-8")),
        fact_file.read(facts),
        study.settings,
        read_tables(_table_files(study)),
        answers,
    )
    problems.extend(found)
    return rows


#: contract to the table that ``fill`` reads
TABLES: dict[str, str] = {
    "transcripts": "results/intake/*/transcripts.parquet",
    "participants": "results/intake/*/participants.parquet",
    "spans": "results/coding/*/spans.parquet",
    "themes": "results/synthesis/themes.csv",
    "quotes": "results/synthesis/quotes.csv",
    "coding_density": "results/synthesis/coding_density.csv",
}


def _table_files(study: StudyConfig) -> dict[str, list[str]]:
    """The tables of the active sites that a run left."""
    sites = [site.site for site in study.active_sites]
    return {
        name: [
            str(study.root / pattern.replace("*", site))
            for site in (sites if "*" in pattern else [""])
            if (study.root / pattern.replace("*", site)).is_file()
        ]
        for name, pattern in TABLES.items()
    }

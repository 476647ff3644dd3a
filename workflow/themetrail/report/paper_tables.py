"""The tables of the paper, made of facts; a table of a study that lacks its data is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.report import methods
from themetrail.report.agreement_tables import agreement_tables
from themetrail.report.ast import Column
from themetrail.report.catalogue import TABLES
from themetrail.report.evidence import Evidence
from themetrail.report.facts import Fact
from themetrail.report.machine_tables import machine_tables
from themetrail.report.numbers import capital
from themetrail.report.paper_table import Item, PaperTable, first_of_each
from themetrail.report.theme_tables import (
    SHARE_NOTE,
    Made,
    counter_examples,
    framework_matrix,
    quotes,
    reach,
    saturation,
    themes,
)
from themetrail.report.trail_tables import decision_log, frameworks, meanings
from themetrail.report.vocabulary import as_study, slug

if TYPE_CHECKING:
    import pandas as pd

#: a date or a number
_MEASURED = re.compile(r"\d[\d./:-]*")
#: An attribute with more values than this is named below the table, not broken down in it.
MOST_ROWS = 8


def build(
    facts: Iterable[Fact],
    study: StudyConfig | Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    inputs: Iterable[methods.Inputs] = (),
    log: Iterable[Mapping[str, Any]] = (),
) -> dict[str, PaperTable]:
    """Every table of the paper by name (``catalogue.TABLES``).

    Parameters
    ----------
    facts : of the run.
    study : the study's choices.
    tables : tables by their contract's name, all sites together.
    inputs : what the run read (``methods.read_inputs``).
    log : entries of the decision log.
    """
    made = Made(facts, Evidence(as_study(study), tables))
    makers: dict[str, Callable[[Made], PaperTable]] = {
        "participants": participants,
        "sites": sites,
        "codebook": codebook,
        "decisions": decisions,
        "themes": themes,
        "reach": reach,
        "framework_matrix": framework_matrix,
        "counter_examples": counter_examples,
        "saturation": saturation,
        "quotes": quotes,
        "meanings": meanings,
        "frameworks": frameworks,
        "decision_log": lambda made: decision_log(made, log),
        "methods": methods.methods,
        "inputs": lambda _: methods.inputs(inputs),
        "steps": lambda _: methods.steps_table(),
        "software": lambda _: methods.software(),
    }
    found = {name: maker(made) for name, maker in makers.items()}
    if not made.evidence.words.reflexive:
        confidence = made.evidence.setting("reliability")
        found |= agreement_tables(made.facts, made.evidence.words, confidence)
        found |= machine_tables(made)
    return {name: found[name] for name in TABLES if name in found}


def participants(made: Made) -> PaperTable:
    """People by site and attribute; no attribute crossed with another."""
    words = made.evidence.words
    rows: list[tuple[Item, ...]] = []
    left_out = _long_attributes(made)
    blocks = [("Site", [(label, f"site.{site}") for site, label in words.sites.items()])]
    for attribute, values in words.attributes.items():
        if attribute not in left_out:
            title = attribute.replace("_", " ").capitalize()
            named = [
                (value.replace("_", " "), f"{slug(attribute)}.{key}")
                for key, value in values.items()
            ]
            blocks.append((title, named))
    for title, named in blocks:
        for place, (label, name) in enumerate(named):
            rows.append((title if place == 0 else "", label, made(f"n.participants.{name}")))
    listed = ", ".join(name.replace("_", " ") for name in left_out)
    notes = (f"Not broken down (dates, numbers or many values): {listed}.",) if left_out else ()
    return PaperTable(
        "participants",
        ("Participants by site and characteristic (n = ", made("n.participants"), " people)."),
        (Column("Characteristic"), Column("Value"), Column("People", "right")),
        tuple(rows),
        notes,
        printed=first_of_each([title for title, named in blocks for _ in named]),
    )


def _long_attributes(made: Made) -> list[str]:
    """Attributes that are no grouping, or too fine a one, in the order of their names."""
    table = made.evidence.table("participants")
    fixed = ("participant_id", "site", "n_transcripts")
    free = [str(name) for name in table.columns if name not in fixed]
    return sorted(
        name
        for name in free
        if table[name].nunique() > MOST_ROWS
        or (any(table[name]) and all(_MEASURED.fullmatch(value) for value in table[name] if value))
    )


_COUNTED = {
    "participants": "People",
    "transcripts": "Interviews",
    "words": "Words",
    "codings": "Codings",
    "segments": "Segments",
}


def sites(made: Made) -> PaperTable:
    """Sites and their material."""
    counted = ["participants", "transcripts", "words"]
    if made.number("n.transcripts.coded"):
        counted += ["codings", "segments"]
    rows = tuple(
        (
            made(f"site.{site}.label"),
            made(f"site.{site}.setting"),
            *(made(f"n.{what}.site.{site}") for what in counted),
        )
        for site in made.evidence.words.sites
    )
    total = tuple(made(f"n.{what}") for what in counted)
    return PaperTable(
        "sites",
        ("Sites and material (n = ", made("n.sites"), " sites)."),
        (
            Column("Site", width=0.12),
            Column("Setting", width=0.3),
            *(Column(_COUNTED[what], "right", 0.58 / len(counted)) for what in counted),
        ),
        (*rows, ("All", "", *total)),
        ("Codings are all coders’; segments are those of the consensus.",) * (len(counted) > 3),
        printed=first_of_each([*("site" for _ in rows), "all"]),
    )


def codebook(made: Made) -> PaperTable:
    """Codes with their definitions and who they were used for."""
    rows: list[tuple[Item, ...]] = []
    family = None
    for code in made.evidence.study.codebook.codes:
        if code.id in made.evidence.words.codes:
            shown = capital(code.family.replace("_", " ")) if code.family != family else ""
            family = code.family
            counts = (f"code.{code.id}.participants", f"code.{code.id}.segments")
            rows.append(
                (
                    shown,
                    made(f"code.{code.id}.label"),
                    made(f"code.{code.id}.definition"),
                    made(counts[0]),
                    made(counts[1]),
                )
            )
    return PaperTable(
        "codebook",
        ("Codebook (n = ", made("n.codes"), " codes), with people and consensus segments."),
        (
            Column("Family", width=0.1),
            Column("Code", width=0.25),
            Column("Definition", width=0.5),
            Column("People", "right", 0.07),
            Column("Segments", "right", 0.08),
        ),
        tuple(rows),
        (SHARE_NOTE,),
        wide=True,
    )


def decisions(made: Made) -> PaperTable:
    """From marks to the consensus."""
    lines = (
        ("Places that at least one coder marked", "n.decisions"),
        ("of these, marked by all who judged the transcript", "n.decisions.unanimous"),
        ("of these, in transcripts that one coder judged", "n.decisions.single"),
        ("of these, in conflict", "n.conflicts"),
        ("Conflicts decided by an adjudicator", "n.conflicts.adjudicated"),
        ("Conflicts decided by the rule", "n.conflicts.by_rule"),
        ("Conflicts in which the code was kept", "n.conflicts.kept"),
        ("Conflicts in which the code was dropped", "n.conflicts.dropped"),
        ("Conflicts in which another code was put", "n.conflicts.changed"),
        ("Segments of the consensus", "n.segments"),
    )
    rule = made.facts["setting.rule"].text
    return PaperTable(
        "decisions",
        ("From the coders’ marks to the consensus (n = ", made("n.decisions"), " places)."),
        (Column("What"), Column("Places", "right")),
        tuple((label, made(name)) for label, name in lines),
        (f"A place is a unit and a code. The rule: {rule}.",),
    )

"""Everything a manuscript may ask for, known before the study has run.

``families.tsv`` declares the facts; here are the names of tables, figures, texts and conditions,
and ``check``, which reads a manuscript against all of them.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig, runs_machine
from themetrail.errors import Problem, Problems, did_you_mean
from themetrail.report import claims
from themetrail.report.conditions import CONDITIONS, silenced, unknown
from themetrail.report.families_agreement import AGREEMENT
from themetrail.report.families_consensus import CONSENSUS
from themetrail.report.families_findings import FINDINGS
from themetrail.report.families_machine import MACHINE
from themetrail.report.families_material import MATERIAL
from themetrail.report.families_robustness import ROBUSTNESS
from themetrail.report.families_settings import SETTINGS
from themetrail.report.families_silence import SILENCE
from themetrail.report.family import COEFFICIENTS, Family, Find, places
from themetrail.report.placeholders import Placeholder, scan
from themetrail.report.vocabulary import Vocabulary, as_study, from_files, slug

if TYPE_CHECKING:
    from themetrail.report.facts import Fact

MANUSCRIPT = "reports/manuscript/paper.md"
REFLEXIVE = (
    "the analysis is reflexive (analysis.approach), where agreement between coders is no "
    "criterion and no coefficient is printed"
)
#: name -> what the table shows
TABLES: dict[str, str] = {
    "participants": "people by site and attribute, by the small-number rule",
    "sites": "sites with their setting and material",
    "codebook": "codes with definition, people and segments",
    "agreement": "agreement on each code, with intervals and prevalence",
    "agreement_themes": "agreement on each theme",
    "agreement_sites": "agreement at each site",
    "agreement_pairs": "agreement of each pair of coders",
    "decisions": "what became of the places coded, and who decided",
    "themes": "themes and who speaks to each",
    "reach": "people who speak to each theme, by site and by the configured groups",
    "framework_matrix": "segments of each person on each theme",
    "counter_examples": "what speaks against each claim",
    "saturation": "what each further interview added",
    "quotes": "where the quotations come from",
    "meanings": "when codes were first seen, and when they last gained a facet",
    "frameworks": "constructs of implementation frameworks and who speaks to their codes",
    "decision_log": "decisions of the analysts; those of a kind with very many by their outcome",
    "machine": "the machine on each code, at sites that it had not seen, beside the coders",
    "machine_sites": "the machine at each site, taught by the others",
    "machine_coders": "agreement of coders, consensus and machine, pair by pair",
    "methods": "settings of the run",
    "steps": "steps of the workflow",
    "inputs": "files that the run read, with digests",
    "software": "programs and packages with their versions",
}
MACHINE_TABLES = frozenset(name for name in TABLES if name.startswith("machine"))
AGREEMENT_TABLES = MACHINE_TABLES | {name for name in TABLES if name.startswith("agreement")}
#: name -> what the figure shows
FIGURES: dict[str, str] = {
    "themes_by_site": "people who speak to each theme, by site",
    "themes_by_grade": "people who speak to each theme, by the first configured group",
    "agreement": "agreement on each code with intervals (forest plot)",
    "saturation": "codes seen after each interview",
    "cooccurrence": "codes found together",
    "theme_map": "themes, their codes and what they share",
    "robustness": "people who speak to each theme when the analysis is done otherwise",
    "frameworks": "codes by the constructs of implementation frameworks (heat map)",
}
AGREEMENT_FIGURES = frozenset({"agreement"})
#: name -> what the text is; all are keys of config.yaml
TEXTS: dict[str, str] = {
    "study.title": "title of the study",
    "study.short_title": "running title",
    "study.authors": "names of the authors",
    "study.contributions": "CRediT roles of the authors",
    "study.team": "the researchers, by name and task",
    "study.date": "date printed on the paper",
    "study.keywords": "key words",
    "study.questions": "research questions",
    "study.recruitment": "how people were approached and sampled",
    "study.interview_guide": "questions of the interview guide",
    "study.ethics": "approval and consent",
    "study.funding": "funding",
    "study.interests": "conflicts of interest",
    "study.data_availability": "who can have which data",
    "study.source_paper": "the publication that the study follows",
}
#: second argument of ``fact`` -> what it does
VARIANTS: dict[str, str] = {
    "words": "a count up to ninety-nine in words",
    "Words": "the same with a capital letter",
    "ordinal": "a count as an ordinal: 5th",
    "capital": "the text with a capital letter",
    "number": "the count alone, without what it is out of",
    "percent": "as a per cent of what it is out of",
    "interval": "the two ends alone",
}


#: families of which a reflexive study has none: agreement is no criterion there, nor a machine's
_ON_AGREEMENT = frozenset({*AGREEMENT, *MACHINE})


@functools.cache
def families() -> tuple[Family, ...]:
    """All families, in the order of the declaration."""
    findings = {**FINDINGS, **SILENCE, **ROBUSTNESS, **MACHINE}
    finders: dict[str, Find] = {**MATERIAL, **CONSENSUS, **findings, **AGREEMENT, **SETTINGS}
    path = Path(__file__).with_name("families.tsv")
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Family(**row, find=finders[row["pattern"]], agreement=row["pattern"] in _ON_AGREEMENT)
        for row in rows
    )


@dataclass(frozen=True)
class Entry:
    """One fact of one study, before it has a value."""

    id: str
    family: Family
    at: Mapping[str, str]
    definition: str


def entries(words: Vocabulary) -> dict[str, Entry]:
    """Every fact of a study by its id; ids with no place to fill come before made ones."""
    found: dict[str, Entry] = {}
    for family in sorted(families(), key=lambda one: "{" in one.pattern):
        if family.agreement and words.reflexive:
            continue
        for at, labels in places(family, words):
            # Columns of participants.csv are called anything; parts of an id are not.
            parts = dict(at)
            parts.update({key: slug(at[key]) for key in ("attribute", "group") if key in at})
            name = family.pattern.format(**parts)
            if name not in found:
                filled = replace(family, unit=family.unit.format(**labels))
                found[name] = Entry(name, filled, at, family.definition.format(**labels))
    return found


def about_agreement(name: str) -> bool:
    """Whether an id is of a family that a reflexive study has none of."""
    fixed = {family.pattern for family in families() if family.agreement}
    return name in fixed or name.split(".")[0] in {*COEFFICIENTS, "prevalence", "machine"}


def check(
    manuscript: str,
    study: StudyConfig | Mapping[str, Any],
    facts: Iterable[Fact] | None = None,
    *,
    file: str = MANUSCRIPT,
    coders: Iterable[str] = (),
) -> list[Problem]:
    """Every placeholder of a manuscript that the study can't fill.

    Parameters
    ----------
    manuscript : its text.
    study : the study's choices. Groups of people are read from the files under its folder, so
        that no run is needed.
    facts : of a run; then ids are checked against them.
    file : the manuscript's name, for the problems.
    coders : who coded, where that is known; else they are called as their files are.

    Returns
    -------
    Problems with line and nearest name; none means that the paper can be filled.
    """
    choices = as_study(study)
    words = from_files(choices, coders)
    problems = Problems()
    scanned = scan(manuscript, file, problems)
    known = {fact.id for fact in facts} if facts is not None else set(entries(words))
    for name, line in unknown(manuscript).items():
        near = did_you_mean(name, CONDITIONS)
        message = f"no condition {name!r}"
        problems.add("error", "unknown_condition", file, message, near, line=line)
    holds = {
        "reflexive": words.reflexive,
        "demonstration": bool(choices.settings["study"]["demonstration"]),
    }
    if words.reflexive:
        holds["agreement"] = False
    if not runs_machine(choices.settings):
        holds |= dict.fromkeys(("machine", "machine_proposals", "machine_counts"), False)
    quiet = silenced(manuscript, holds)
    problems.extend(claims.check(manuscript, choices.themes, known, file, gone=quiet))
    for placeholder in scanned.placeholders:
        if placeholder.line in quiet:
            continue
        for kind, message, remedy in wrong(placeholder, words, known):
            problems.add("error", kind, file, message, remedy, line=placeholder.line)
    return problems.rows


Finding = tuple[str, str, str]


def wrong(placeholder: Placeholder, words: Vocabulary, known: Iterable[str]) -> Iterator[Finding]:
    """What a placeholder names that the study does not have: kind, message, remedy."""
    first = str(placeholder.arguments[0]) if placeholder.arguments else ""
    if placeholder.name == "fact":
        yield from _wrong_fact(placeholder, first, words, known)
    elif placeholder.name in ("quote", "findings"):
        if first not in words.themes and placeholder.arguments:
            yield "unknown_theme", f"no theme {first!r}", did_you_mean(first, words.themes)
        yield from _wrong_quote(placeholder)
    else:
        listed = {"table": TABLES, "figure": FIGURES, "text": TEXTS}[placeholder.name]
        if first not in listed:
            near = did_you_mean(first, listed)
            yield f"unknown_{placeholder.name}", f"no {placeholder.name} {first!r}", near
        elif words.reflexive and (
            (placeholder.name == "table" and first in AGREEMENT_TABLES)
            or (placeholder.name == "figure" and first in AGREEMENT_FIGURES)
        ):
            yield "not_applicable", f"no {placeholder.name} {first!r}: {REFLEXIVE}", _SILENCE
        elif placeholder.name == "table" and first in MACHINE_TABLES and not words.machine:
            message = f"no table {first!r}: no machine is asked for (machine.enabled)"
            yield "not_applicable", message, _SILENCE.replace("agreement", "machine")


_SILENCE = 'Take it out, or put it in a block ::: {when="agreement"} … :::.'


def _wrong_fact(
    placeholder: Placeholder, name: str, words: Vocabulary, known: Iterable[str]
) -> Iterator[Finding]:
    if name not in set(known):
        if words.reflexive and about_agreement(name):
            yield "not_applicable", f"no fact {name!r}: {REFLEXIVE}", _SILENCE
        else:
            yield "unknown_fact", f"no fact {name!r}", nearest_fact(name, known)
    if len(placeholder.arguments) > 1 and placeholder.arguments[1] not in VARIANTS:
        form = str(placeholder.arguments[1])
        yield "unknown_variant", f"a fact can't be shown as {form!r}", did_you_mean(form, VARIANTS)


def _wrong_quote(placeholder: Placeholder) -> Iterator[Finding]:
    if placeholder.name != "quote":
        return
    second, *rest = placeholder.arguments[1:]
    usual = second == "counter" and all(isinstance(item, int) and item > 0 for item in rest)
    if not usual and not (isinstance(second, int) and second > 0 and not rest):
        usage = "Write {{ quote('T1', 1) }} or {{ quote('T1', 'counter', 1) }}; counts begin at 1."
        yield "malformed_placeholder", f"{placeholder.source} names no quotation", usage


def nearest_fact(name: str, known: Iterable[str]) -> str:
    """The nearest ids as a sentence.

    Ids that differ in one part only come first, since a part is what is mistyped.
    """
    from rapidfuzz import fuzz, process

    names = sorted(known)
    found = process.extract(name, names, scorer=fuzz.ratio, limit=3, score_cutoff=60)
    near = [str(choice) for choice, _, _ in found]
    if not near:
        return "`themetrail facts` lists every fact that there is."
    listed = " or ".join(repr(choice) for choice in near[:2])
    return f"Did you mean {listed}? `themetrail facts` lists all."

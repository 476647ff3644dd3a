"""The tables of the paper, made of facts; a table of a study that lacks its data is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.report.agreement_tables import agreement_tables
from themetrail.report.ast import Column
from themetrail.report.catalogue import TABLES
from themetrail.report.evidence import Evidence, records
from themetrail.report.facts import Fact, by_id
from themetrail.report.paper_table import Item, PaperTable, Shown, Words
from themetrail.report.vocabulary import as_study, slug

if TYPE_CHECKING:
    import pandas as pd

#: a date or a number
_MEASURED = re.compile(r"\d[\d./:-]*")
#: An attribute with more values than this is named below the table, not broken down in it.
MOST_ROWS = 8
SHARE_NOTE = (
    "Counts are of people with at least one passage, of the people with a coded transcript; "
    "they say who spoke to a theme, not how widely it is held."
)


class Made:
    """Facts by id and the evidence, for the functions that make tables."""

    def __init__(self, facts: Iterable[Fact], evidence: Evidence) -> None:
        self.facts = by_id(facts)
        self.evidence = evidence

    def __call__(self, name: str, variant: str = "") -> Shown:
        """A fact for a cell."""
        return Shown(self.facts[name], variant)

    def number(self, name: str) -> int:
        """A fact's count; 0 where it has none."""
        value = self.facts[name].value
        return int(value) if isinstance(value, int | float) else 0


def build(
    facts: Iterable[Fact],
    study: StudyConfig | Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, PaperTable]:
    """Every table of the paper by name (``catalogue.TABLES``).

    Parameters
    ----------
    facts : of the run.
    study : the study's choices.
    tables : tables by their contract's name, all sites together.
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
    }
    found = {name: maker(made) for name, maker in makers.items()}
    if not made.evidence.words.reflexive:
        confidence = made.evidence.setting("reliability")
        found |= agreement_tables(made.facts, made.evidence.words, confidence)
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
            Column("Site", width=0.13),
            Column("Setting", width=0.27),
            *(Column(_COUNTED[what], "right", 0.12) for what in counted),
        ),
        (*rows, ("All", "", *total)),
        ("Codings are all coders’; segments are those of the consensus.",) * (len(counted) > 3),
    )


def codebook(made: Made) -> PaperTable:
    """Codes with their definitions and who they were used for."""
    rows: list[tuple[Item, ...]] = []
    family = None
    for code in made.evidence.study.codebook.codes:
        if code.id in made.evidence.words.codes:
            shown = code.family.replace("_", " ") if code.family != family else ""
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
            Column("Family", width=0.12),
            Column("Code", width=0.22),
            Column("Definition", width=0.42),
            Column("People", "right", 0.12),
            Column("Segments", "right", 0.12),
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


def themes(made: Made) -> PaperTable:
    """Themes and who speaks to each."""
    names = ("participants", "quantifier", "sites", "segments", "top_two_share")
    rows = tuple(
        (
            made(f"theme.{theme}.title"),
            *(made(f"theme.{theme}.{name}") for name in names),
            made(f"theme.{theme}.counter.participants"),
        )
        for theme in made.evidence.words.themes
    )
    return PaperTable(
        "themes",
        (
            "Themes and who speaks to them (n = ",
            made("n.participants.coded"),
            " people with a coded interview).",
        ),
        (
            Column("Theme", width=0.28),
            Column("People", "right", 0.12),
            Column("In words", width=0.12),
            Column("Sites", "right", 0.1),
            Column("Segments", "right", 0.12),
            Column("From two people", "right", 0.13),
            Column("Against", "right", 0.13),
        ),
        rows,
        (
            SHARE_NOTE,
            "“From two people” is the share of the segments that the two most quoted people "
            "supply; “Against” counts people with a segment that speaks against the claim.",
        ),
    )


def reach(made: Made) -> PaperTable:
    """People who speak to each theme, by site and group."""
    words = made.evidence.words
    groups = [("Site", "site", site, label) for site, label in words.sites.items()]
    for name in words.groups:
        title = name.replace("_", " ").capitalize()
        values = words.attributes[name].items()
        groups += [(title, name, key, value.replace("_", " ")) for key, value in values]
    rows: list[tuple[Item, ...]] = []
    before = None
    for title, attribute, key, label in groups:
        counts = (made(f"reach.{theme}.{slug(attribute)}.{key}") for theme in words.themes)
        rows.append((title if title != before else "", label, *counts))
        before = title
    share = 0.68 / max(len(words.themes), 1)
    titles = [Column(title, "right", share) for title in words.themes.values()]
    return PaperTable(
        "reach",
        (
            "People who speak to each theme, by site and group (n = ",
            made("n.participants.coded"),
            " people with a coded interview).",
        ),
        (Column("Group", width=0.13), Column("", width=0.19), *titles),
        tuple(rows),
        (SHARE_NOTE,),
        wide=len(words.themes) > 3,
    )


def framework_matrix(made: Made) -> PaperTable:
    """Segments of each person on each theme."""
    table = made.evidence.table("framework_matrix")
    words = made.evidence.words
    by_person: dict[str, dict[str, int]] = {}
    for row in records(table):
        by_person.setdefault(row["participant_id"], {})[row["theme"]] = int(row["n_segments"])
    rows: Sequence[tuple[Item, ...]] = [
        (person, *(counts.get(theme, 0) for theme in words.themes), sum(counts.values()))
        for person, counts in sorted(by_person.items())
    ]
    share = 0.78 / max(len(words.themes), 1)
    titles = [Column(title, "right", share) for title in words.themes.values()]
    return PaperTable(
        "framework_matrix",
        ("Framework matrix: segments of each person on each theme (n = ", len(by_person), ")."),
        (Column("Person", width=0.12), *titles, Column("All", "right", 0.1)),
        tuple(rows),
        ("A passage that bears on two themes counts for both.",),
        wide=len(words.themes) > 3,
    )


def counter_examples(made: Made) -> PaperTable:
    """What speaks against each claim."""
    table = made.evidence.table("counter_examples")
    titles = made.evidence.words.themes
    rows = []
    before = None
    for row in records(table):
        title = titles.get(row["theme"], row["theme"])
        words = Words(str(row["text"]), str(row["segment_id"]))
        why = str(row["why"]).removeprefix("named in themes.yaml").removeprefix(": ")
        rows.append((title if title != before else "", words, why or "named by the authors"))
        before = title
    return PaperTable(
        "counter_examples",
        ("Passages that speak against a theme’s claim (n = ", len(rows), " passages)."),
        (Column("Theme", width=0.22), Column("Passage", width=0.53), Column("Why", width=0.25)),
        tuple(rows),
        wide=True,
    )


def saturation(made: Made) -> PaperTable:
    """What each further interview added."""
    from themetrail.report.numbers import percent

    rows = [
        (
            int(row["position"]),
            int(row["n_codes"]),
            int(row["n_new"]),
            int(row["n_cumulative"]),
            percent(row["new_share"]) if row["new_share"] == row["new_share"] else None,
        )
        for row in records(made.evidence.table("saturation"))
    ]
    return PaperTable(
        "saturation",
        ("New codes by interview, in the order held (n = ", len(rows), " interviews)."),
        tuple(
            Column(heading, "right")
            for heading in ("Interview", "Codes", "New", "Seen so far", "New information")
        ),
        tuple(rows),
        (
            "New information is the number of codes new in the run that ends here, as a share of "
            f"the codes of the base; the rule is {made.facts['saturation.rule'].text}.",
        ),
    )


def quotes(made: Made) -> PaperTable:
    """Where the quotations come from."""
    table = made.evidence.table("quotes")
    rows: list[tuple[Item, ...]] = []
    for theme in made.evidence.words.themes:
        part = table[table["theme"] == theme]
        people, places = (int(part[key].nunique()) for key in ("participant_id", "site"))
        against = int((part["stance"] == "counter").sum())
        names = (made(f"theme.{theme}.title"), made(f"theme.{theme}.quotes"))
        rows.append((*names, against, people, places, made(f"theme.{theme}.top_two_share")))
    return PaperTable(
        "quotes",
        ("Where the quotations come from (n = ", made("n.quotes"), " quotations)."),
        (
            Column("Theme", width=0.35),
            Column("Quotations", "right", 0.14),
            Column("Against", "right", 0.12),
            Column("People", "right", 0.11),
            Column("Sites", "right", 0.11),
            Column("From two people", "right", 0.17),
        ),
        tuple(rows),
        (
            f"At most {made.facts['setting.quotes.per_person'].text} quotations are one person’s, "
            "unless the authors pinned more. “From two people” is the share of a theme’s segments "
            "that the two most quoted people supply.",
        ),
    )

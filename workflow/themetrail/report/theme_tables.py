"""The paper's tables of themes: reach, matrix, counter-examples, saturation, quotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from themetrail.report.ast import Column
from themetrail.report.evidence import Evidence
from themetrail.report.facts import Fact, by_id
from themetrail.report.numbers import percent
from themetrail.report.paper_table import Item, PaperTable, Shown, Words, first_of_each
from themetrail.report.vocabulary import slug
from themetrail.tables import records

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

    def has(self, name: str) -> bool:
        """Whether a fact has a value."""
        return self.facts[name].value is not None

    def number(self, name: str) -> int:
        """A fact's count; 0 where it has none."""
        value = self.facts[name].value
        return int(value) if isinstance(value, int | float) else 0


def themes(made: Made) -> PaperTable:
    """Themes and who speaks to each; with a guide, how many of the silent were asked."""
    names = ["participants", "quantifier", "sites", "segments", "top_two_share"]
    names.append("counter.participants")
    columns = [
        Column("People", "right", 0.11),
        Column("In words", width=0.1),
        Column("Sites", "right", 0.08),
        Column("Segments", "right", 0.11),
        Column("From two people", "right", 0.12),
        Column("Against", "right", 0.11),
    ]
    notes = [
        SHARE_NOTE,
        "“From two people” is the share of the segments that the two most quoted people "
        "supply; “Against” counts people with a segment that speaks against the claim.",
    ]
    if any(made.has(f"theme.{theme}.silent.asked") for theme in made.evidence.words.themes):
        names.insert(1, "silent.asked")
        columns.insert(1, Column("Silent though asked", "right", 0.11))
        notes.append(
            "“Silent though asked” counts the people who were asked about the theme and said "
            "nothing of it, of all who said nothing of it."
        )
    width = 1 - sum(column.width for column in columns)
    rows = tuple(
        (made(f"theme.{theme}.title"), *(made(f"theme.{theme}.{name}") for name in names))
        for theme in made.evidence.words.themes
    )
    return PaperTable(
        "themes",
        (
            "Themes and who speaks to them (n = ",
            made("n.participants.coded"),
            " people with a coded interview).",
        ),
        (Column("Theme", width=round(width, 2)), *columns),
        rows,
        tuple(notes),
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
        (Column("By", width=0.13), Column("Group", width=0.19), *titles),
        tuple(rows),
        (SHARE_NOTE,),
        wide=len(words.themes) > 3,
        printed=first_of_each([title for title, *_ in groups]),
    )


def framework_matrix(made: Made) -> PaperTable:
    """Segments of each person on each theme."""
    table = made.evidence.table("framework_matrix")
    words = made.evidence.words
    by_person: dict[str, dict[str, int]] = {}
    for row in records(table):
        by_person.setdefault(row["participant_id"], {})[row["theme"]] = int(row["n_segments"])
    called = made.evidence.numbered
    place = {name: at for at, name in enumerate(called.values(), 1)}
    named = {called.get(person, person): counts for person, counts in by_person.items()}
    rows: Sequence[tuple[Item, ...]] = [
        (person, *(counts.get(theme, 0) for theme in words.themes), sum(counts.values()))
        for person, counts in sorted(named.items(), key=lambda one: (place.get(one[0], 0), one[0]))
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
        printed=first_of_each(["" for _ in rows]),
    )


def counter_examples(made: Made) -> PaperTable:
    """What speaks against each claim."""
    table = made.evidence.table("counter_examples")
    titles = made.evidence.words.themes
    rows = []
    before = None
    printed = first_of_each([str(row["theme"]) for row in records(table)])
    for row in records(table):
        title = titles.get(row["theme"], row["theme"])
        words = Words(str(row["text"]), str(row["segment_id"]))
        why = str(row["why"]).removeprefix("named in themes.yaml").removeprefix(": ")
        rows.append((title if title != before else "", words, why or "named by the authors"))
        before = title
    return PaperTable(
        "counter_examples",
        ("Passages that speak against a theme’s claim (n = ", len(rows), " passages)."),
        (Column("Theme", width=0.22), Column("Passage", width=0.45), Column("Why", width=0.33)),
        tuple(rows),
        ("Printed are the first passages of each theme.",) * (printed is not None),
        wide=bool(rows),
        printed=printed,
    )


def saturation(made: Made) -> PaperTable:
    """What each further interview added."""
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

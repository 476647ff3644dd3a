"""The paper's tables of frameworks, facets of codes and decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from themetrail.report.ast import Column
from themetrail.report.constructs import construct_name
from themetrail.report.evidence import split
from themetrail.report.paper_table import Item, PaperTable
from themetrail.report.theme_tables import SHARE_NOTE, Made
from themetrail.tables import records

#: decisions of one kind that are listed one by one; of more, the outcomes are counted
MOST_LISTED = 20
_LOG = (
    Column("Kind", width=0.17),
    Column("About", width=0.23),
    Column("Decision", width=0.12),
    Column("By", width=0.1),
    Column("Date", width=0.09),
    Column("Reason", width=0.29),
)


def frameworks(made: Made) -> PaperTable:
    """Constructs of implementation frameworks, and who speaks to the codes counted for each."""
    label = made.evidence.study.codebook.label
    rows: list[tuple[Item, ...]] = []
    before = None
    for row in records(made.evidence.table("frameworks")):
        framework = row["framework"]
        codes = "; ".join(label(code) for code in split(row["codes"]))
        shown = framework if framework != before else ""
        before = framework
        counts = (int(row[name]) for name in ("n_participants", "n_sites", "n_segments"))
        rows.append((shown, construct_name(framework, row["construct"]), codes, *counts))
    return PaperTable(
        "frameworks",
        (
            "Codes read with implementation frameworks (n = ",
            made("n.participants.coded"),
            " people with a coded interview).",
        ),
        (
            Column("Framework", width=0.09),
            Column("Construct", width=0.22),
            Column("Codes", width=0.48),
            Column("People", "right", 0.07),
            Column("Sites", "right", 0.06),
            Column("Segments", "right", 0.08),
        ),
        tuple(rows),
        (SHARE_NOTE,),
        wide=True,
    )


def meanings(made: Made) -> PaperTable:
    """When codes were first seen, and when they last gained a facet."""
    label = made.evidence.study.codebook.label
    names = ("n_interviews", "n_meanings", "first_position", "last_new_position")
    rows: tuple[tuple[Item, ...], ...] = tuple(
        (label(row["code"]), *(int(row[name]) for name in names))
        for row in records(made.evidence.table("meaning_saturation"))
    )
    return PaperTable(
        "meanings",
        ("Codes whose facets were noted (n = ", len(rows), " codes)."),
        (
            Column("Code", width=0.36),
            Column("Interviews", "right", 0.15),
            Column("Facets", "right", 0.13),
            Column("First seen in", "right", 0.17),
            Column("Last new facet in", "right", 0.19),
        ),
        rows,
        ("The last two columns count interviews in the order held.",),
    )


def decision_log(made: Made, log: Iterable[Mapping[str, Any]]) -> PaperTable:
    """The analysts' decisions; those of a kind with very many by their outcome."""
    entries = [row for row in log if "decision" in row]
    per_kind = Counter(str(row["kind"]) for row in entries)
    rows: list[tuple[Item, ...]] = []
    for kind in per_kind:
        own = [row for row in entries if row["kind"] == kind]
        few = per_kind[kind] <= MOST_LISTED
        made_of = _listed(made, own) if few else _counted(own)
        heads = [_capital(kind), *[""] * (len(made_of) - 1)]
        rows += [(head, *cells) for head, cells in zip(heads, made_of, strict=True)]
    filled = [place for place in range(len(_LOG)) if any(row[place] for row in rows)] or [0]
    left = 1 - sum(_LOG[place].width for place in filled)
    columns = [_LOG[place] for place in filled]
    columns[-1] = replace(columns[-1], width=round(columns[-1].width + left, 2))
    return PaperTable(
        "decision_log",
        ("Decisions of the analysts (n = ", len(entries), " decisions)."),
        tuple(columns),
        tuple(tuple(row[place] for place in filled) for row in rows),
        (
            f"Of a kind with more than {MOST_LISTED} decisions the outcomes are counted. The "
            "decision log (decisions.jsonl) holds each with its reason and the file and line "
            "that record it; every entry carries the digest of the one before.",
        ),
        wide=True,
    )


def _listed(made: Made, entries: Iterable[Mapping[str, Any]]) -> list[tuple[Item, ...]]:
    titles = made.evidence.words.themes
    label = made.evidence.study.codebook.label
    rows: list[tuple[Item, ...]] = []
    before: tuple[str, ...] = ("", "", "", "")
    for row in entries:
        about = str(row["about"])
        heads = (
            titles.get(about) or label(about),
            *(str(row[n]) for n in ("decision", "by", "on")),
        )
        new = [cell if cell != old else "" for cell, old in zip(heads, before, strict=True)]
        rows.append((*new, str(row["reason"])))
        before = heads
    return rows


def _counted(entries: Iterable[Mapping[str, Any]]) -> list[tuple[Item, ...]]:
    """A row for each outcome and who decided, the most frequent first."""
    found = Counter((str(row["decision"]).split(" ")[0], str(row["by"])) for row in entries)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(f"{n} decisions", outcome, by, "", "") for (outcome, by), n in ordered]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""What is computed for single items of the reporting checklists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from themetrail.report.checklists_sections import Section
from themetrail.report.facts import Fact
from themetrail.report.numbers import integer, listed, percent
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Context:
    """What an item may be answered from."""

    settings: Mapping[str, Any]
    facts: Mapping[str, Fact]
    tables: Mapping[str, pd.DataFrame]
    sections: list[Section]
    anchors: dict[str, Section] = field(init=False)

    def __post_init__(self) -> None:
        self.anchors = {name: one for one in self.sections for name in one.anchors}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Rows of a table; none where the study lacks it."""
        return records(self.tables[name]) if name in self.tables else []


@dataclass(frozen=True)
class Measured:
    """What was found; ``holds`` is whether it answers the item. ``file`` is where it comes from."""

    text: str
    file: str
    holds: bool = True


Measure = Callable[[Context], Measured | None]
TRANSCRIPTS = "results/intake/*/transcripts.parquet"
QUOTES = "results/synthesis/quotes.csv"
PAPER = "results/report/paper.json"
#: the abstract's parts, each by words that begin them in common journals
PARTS: dict[str, tuple[str, ...]] = {
    "background": ("background", "introduction", "context"),
    "purpose": ("aim", "aims", "objective", "objectives", "purpose"),
    "methods": ("methods", "method", "design", "methodology"),
    "results": ("results", "findings"),
    "conclusions": ("conclusion", "conclusions", "discussion", "interpretation"),
}
_EMERGE = re.compile(r"\bthemes?\s+(?:that\s+)?(?:have\s+|had\s+)?emerg", re.IGNORECASE)
_QUALITATIVE = re.compile(
    r"qualitative|interview|ethnograph|grounded theory|phenomenolog|focus group|thematic|narrative",
    re.IGNORECASE,
)


def _interviewer(context: Context) -> Measured | None:
    rows = context.rows("transcripts")
    names = Counter(str(row["interviewer"]) for row in rows if row["interviewer"])
    if not names:
        return None
    said = listed([f"{name} ({n})" for name, n in sorted(names.items())])
    named = sum(names.values())
    text = f"Interviewer and number of interviews: {said}."
    if named < len(rows):
        text += f" Not recorded for {len(rows) - named} of {len(rows)}."
    return Measured(text, TRANSCRIPTS, named == len(rows))


def _modes(context: Context) -> Measured | None:
    rows = context.rows("transcripts")
    modes = Counter(str(row["mode"]).replace("_", " ") for row in rows if row["mode"])
    if not modes:
        return None
    dates = sorted(str(row["date"]) for row in rows if row["date"])
    text = f"Interviews: {listed([f'{mode} {n}' for mode, n in sorted(modes.items())])}"
    if dates:
        text += f"; held {dates[0]} to {dates[-1]}" if dates[0] != dates[-1] else f"; {dates[0]}"
    missing = len(rows) - sum(modes.values())
    text += f"; not recorded for {missing} of {len(rows)}." if missing else "."
    return Measured(text, TRANSCRIPTS, not missing)


def _repeats(context: Context) -> Measured | None:
    rows = context.rows("participants")
    if not rows:
        return None
    again = sum(int(row["n_transcripts"]) > 1 for row in rows)
    said = f"{again} of {len(rows)} participants were" if again else "Nobody was"
    text = f"{said} interviewed more than once."
    return Measured(text, "results/intake/*/participants.parquet")


def _memos(context: Context) -> Measured | None:
    rows = context.rows("spans")
    with_memo = sum(bool(row["memo"]) for row in rows)
    if not with_memo:
        return None
    text = f"{integer(with_memo)} of {integer(len(rows))} codings carry the coder’s memo."
    return Measured(text, "results/coding/*/spans.parquet")


def _verbatim(context: Context) -> Measured | None:
    """Whether every quotation's words stand in its transcript at its place."""
    texts = {row["transcript_id"]: str(row["text"]) for row in context.rows("transcripts")}
    rows = context.rows("quotes")
    if not rows:
        return None
    good = sum(
        texts.get(row["transcript_id"], "")[row["start"] : row["end"]] == row["text"]
        for row in rows
    )
    text = f"{good} of {len(rows)} quotations stand word for word in their transcripts."
    return Measured(text, QUOTES, good == len(rows))


def _support(context: Context) -> Measured | None:
    """Whether every theme has two supporting quotations of two people."""
    themes = [row["theme"] for row in context.rows("themes")]
    found: dict[str, list[str]] = {theme: [] for theme in themes}
    for row in context.rows("quotes"):
        if row["stance"] != "counter" and row["theme"] in found:
            found[row["theme"]].append(str(row["participant_id"]))
    if not themes:
        return None
    good = sum(len(people) >= 2 and len(set(people)) >= 2 for people in found.values())
    text = (
        f"{good} of {len(themes)} themes have at least two supporting quotations of two "
        "participants or more; what speaks against each is listed."
    )
    return Measured(text, QUOTES, good == len(themes))


def _counter(context: Context) -> Measured | None:
    """Passages against a claim; a study in which nothing contradicts anything has not looked."""
    counts = [int(row["n_counter"]) for row in context.rows("themes")]
    if not any(counts):
        return None
    text = (
        f"{sum(counts)} passages speak against a claim, in {sum(map(bool, counts))} of "
        f"{len(counts)} themes."
    )
    return Measured(text, "results/synthesis/counter_examples.csv")


def _density(context: Context) -> Measured | None:
    rows = [row for row in context.rows("coding_density") if row["n_words"]]
    if not rows:
        return None
    values = sorted(float(row["per_1000_words"]) for row in rows)
    outlying = sum(bool(row["outlying"]) for row in rows)
    said = f"{outlying} stand" if outlying != 1 else "1 stands"
    text = (
        f"{integer(values[0])} to {integer(values[-1])} coded segments per 1,000 words of "
        f"participants in {len(rows)} interviews; {said} out."
    )
    return Measured(text, "results/synthesis/coding_density.csv")


def _concentration(context: Context) -> Measured | None:
    shares = [float(row["top_two_share"]) for row in context.rows("themes")]
    shares = [share for share in shares if share == share]
    if not shares:
        return None
    text = (
        f"The two most quoted participants supply {percent(min(shares))} to "
        f"{percent(max(shares))} of a theme’s segments."
    )
    return Measured(text, "results/synthesis/themes.csv")


def _balance(context: Context) -> Measured | None:
    quoted = sum(section.quoted for section in context.sections)
    own = sum(section.words for section in context.sections if section.title != "Abstract")
    if not quoted:
        return None
    text = f"{integer(quoted)} words of quotations to {integer(own)} words of the authors."
    return Measured(text, PAPER)


def _executed(context: Context) -> Measured | None:
    """Whether the paper's appendix says what the run did."""
    if not {"tbl-methods", "tbl-steps"} <= set(context.anchors):
        return None
    text = "Steps, settings and versions are written by the run itself, not by hand."
    return Measured(text, PAPER)


def _emergence(context: Context) -> Measured:
    found = sum(len(_EMERGE.findall(section.text)) for section in context.sections)
    text = "The text does not say that themes emerged."
    if found:
        times = "once" if found == 1 else f"{found} times"
        text = f"The text says {times} that themes emerge; say who made them."
    return Measured(text, PAPER, not found)


def _title(context: Context) -> Measured:
    title = str(context.settings["study"]["title"])
    holds = bool(_QUALITATIVE.search(title))
    said = "names a qualitative approach" if holds else "does not name a qualitative approach"
    return Measured(f"“{title}” {said}.", "config/config.yaml", holds)


def _abstract(context: Context) -> Measured | None:
    section = next((one for one in context.sections if one.title == "Abstract"), None)
    if section is None or not section.words:
        return None
    words = section.text.lower()
    lacking = [part for part, names in PARTS.items() if not _begins(words, names)]
    text = f"{integer(section.words)} words"
    text += f"; no part is called {listed(lacking, 'or')}." if lacking else " in all five parts."
    return Measured(text, PAPER, not lacking)


def _begins(text: str, names: Iterable[str]) -> bool:
    return any(re.search(rf"\b{name}[.:]", text) for name in names)


MEASURES: dict[str, Measure] = {
    "interviewer": _interviewer,
    "modes": _modes,
    "repeats": _repeats,
    "memos": _memos,
    "verbatim": _verbatim,
    "support": _support,
    "counter": _counter,
    "density": _density,
    "concentration": _concentration,
    "balance": _balance,
    "executed": _executed,
    "emergence": _emergence,
    "title": _title,
    "abstract": _abstract,
}

"""Quotations and the sections that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from themetrail.config import Theme
from themetrail.report import ast
from themetrail.report.ast import Node
from themetrail.report.facts import Fact, shown
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd

COUNTER = "counter"
FactSpan = Callable[[Fact, str | None], Node]


class Quotations:
    """The quotations chosen for the paper, by theme in their order."""

    def __init__(self, quotes: pd.DataFrame) -> None:
        self._by_theme: dict[str, list[dict[str, Any]]] = {}
        for row in records(quotes.sort_values(["theme", "rank"])):
            self._by_theme.setdefault(str(row["theme"]), []).append(row)

    def of(self, theme: str, *, counter: bool) -> list[dict[str, Any]]:
        """A theme's quotations that speak for its claim, or against it."""
        rows = self._by_theme.get(theme, [])
        return [row for row in rows if (row["stance"] == COUNTER) == counter]

    def find(self, theme: str, which: Sequence[str | int]) -> dict[str, Any] | None:
        """``(2,)`` is the second that supports, ``("counter", 1)`` the first that does not."""
        counter = bool(which) and which[0] == COUNTER
        numbers = [number for number in which if isinstance(number, int)]
        number = numbers[0] if numbers else 1
        rows = self.of(theme, counter=counter)
        return rows[number - 1] if 1 <= number <= len(rows) else None

    def available(self, theme: str) -> str:
        """How many there are, as a sentence."""
        supporting, against = (len(self.of(theme, counter=flag)) for flag in (False, True))
        return f"theme {theme!r} has {supporting} supporting and {against} counter quotations"

    def blocks(self, theme: str, which: Sequence[str | int]) -> list[Node]:
        """One quotation set off; nothing where there is none."""
        row = self.find(theme, which)
        return [] if row is None else [quote_block(row)]


def quote_block(row: Mapping[str, Any]) -> Node:
    """A quotation with its attribution.

    Only the segment's id leads back to the evidence: a transcript's or a person's id would undo
    an attribution that the small-number rule made coarse.
    """
    words = ast.data_span(str(row["text"]), ["quotation"], {})
    who = ast.data_span(str(row["attribution"]), ["attribution"], {})
    said = ast.block_quote([ast.para([words]), ast.para([*ast.inlines("— "), who])])
    pairs = {"data-quote": str(row["segment_id"]), "data-theme": str(row["theme"])}
    classes = ["quote", COUNTER] if row["stance"] == COUNTER else ["quote"]
    return ast.div([said], classes, pairs)


def theme_section(
    theme: Theme, facts: Mapping[str, Fact], quotations: Quotations, span: FactSpan, level: int
) -> list[Node]:
    """A theme's heading, claim, who speaks to it, its quotations, and what speaks against."""

    def fact(name: str, variant: str = "") -> list[Node]:
        found = facts.get(f"theme.{theme.id}.{name}")
        return [] if found is None else [span(found, shown(found, variant))]

    blocks = [ast.header(level, f"sec-theme-{theme.id}", fact("title"))]
    if theme.claim:
        blocks.append(ast.para([ast.span(fact("claim"), ["claim"])]))
    blocks.append(
        ast.para(
            [
                *fact("quantifier", "capital"),
                *ast.inlines(" of the participants ("),
                *fact("participants"),
                *ast.inlines(", at "),
                *fact("sites"),
                *ast.inlines(" sites) spoke to this theme, in "),
                *fact("segments"),
                *ast.inlines(" coded passages."),
            ]
        )
    )
    blocks += [quote_block(row) for row in quotations.of(theme.id, counter=False)]
    against = quotations.of(theme.id, counter=True)
    if against:
        said = [*ast.inlines("Against it spoke "), *fact("counter.participants")]
        blocks.append(ast.para([*said, *ast.inlines(" participants:")]))
        blocks += [quote_block(row) for row in against]
    return blocks

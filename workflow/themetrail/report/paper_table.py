"""A table of the paper: cells that are facts or texts, for every format and for a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themetrail.report import ast, numbers
from themetrail.report.ast import Column, Node
from themetrail.report.facts import Fact, shown
from themetrail.report.smallnumbers import NOT_SHOWN
from themetrail.synthesis.room import UNLIMITED, room

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "*"
NOTHING = "–"
#: rows of a table of sites, people or passages that the paper prints; the workbook has all
MOST_PRINTED = 100


@dataclass(frozen=True)
class Shown:
    """A fact in a cell or caption, in a variant, with a mark after it."""

    fact: Fact
    variant: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Words:
    """Words of a transcript in a cell; ``segment`` leads back to them."""

    text: str
    segment: str


Item = str | int | float | None | Shown | Words


@dataclass(frozen=True)
class PaperTable:
    """One table.

    Attributes
    ----------
    name : as placeholders have it; the identifier is ``tbl-`` with ``-`` for ``_``.
    caption : texts and facts, one after the other; states the n and the unit.
    columns : headings, alignments and widths.
    rows : a cell a column.
    notes : sentences below the table.
    wide : whether it wants a landscape page.
    printed : places of the rows that the paper prints, where it does not print all of them; the
        workbook has every row.
    """

    name: str
    caption: tuple[Item, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Item, ...], ...]
    notes: tuple[str, ...] = ()
    wide: bool = False
    printed: tuple[int, ...] | None = None

    @property
    def sheet(self) -> str:
        """What its sheet of the workbook is called."""
        return self.name.replace("_", " ")[:31]

    @property
    def shown(self) -> tuple[tuple[Item, ...], ...]:
        """The rows that the paper prints."""
        return self.rows if self.printed is None else tuple(self.rows[at] for at in self.printed)

    @property
    def identifier(self) -> str:
        """What cross references call it."""
        return f"tbl-{self.name.replace('_', '-')}"


def first_of_each(groups: Sequence[str]) -> tuple[int, ...] | None:
    """Places of the first rows of each group, so many that a reader can still turn the pages."""
    each = room(Counter(groups).values(), MOST_PRINTED)
    if each == UNLIMITED:
        return None
    met: Counter[str] = Counter()
    kept = []
    for place, group in enumerate(groups):
        met[group] += 1
        if met[group] <= each:
            kept.append(place)
    return tuple(kept)


def to_blocks(table: PaperTable) -> list[Node]:
    """The table, and its notes in a block of the class ``table-notes``."""
    empty: tuple[Item, ...] = ("None.", *[""] * (len(table.columns) - 1))
    made = ast.table(
        table.identifier,
        [node for item in table.caption for node in item_inlines(item)],
        table.columns,
        [[item_inlines(item) for item in row] for row in table.shown or (empty,)],
        classes=["wide"] if table.wide else [],
        pairs={"data-table": table.name},
    )
    notes = [*table.notes, *_unprinted(table), *_explained(table)]
    if not notes:
        return [made]
    return [made, ast.div([ast.para(ast.inlines(" ".join(notes)))], ["table-notes"])]


def item_inlines(item: Item) -> list[Node]:
    """A cell's content as inlines."""
    if item is None:
        return ast.inlines(NOTHING)
    if isinstance(item, Words):
        return [ast.data_span(item.text, ["quotation"], {"data-quote": item.segment})]
    if isinstance(item, Shown):
        text = _text(item)
        return [ast.data_span(text, ["fact"], {"data-fact": item.fact.id})]
    if isinstance(item, str):
        return ast.inlines(item)
    return ast.inlines(numbers.integer(item) if isinstance(item, int) else numbers.decimal(item))


def _text(item: Shown) -> str:
    """A fact in a cell: short where it has no value, the notes then say why."""
    if item.fact.value is None:
        return HIDDEN if item.fact.reason == NOT_SHOWN else NOTHING
    return shown(item.fact, item.variant) + item.mark


def _unprinted(table: PaperTable) -> list[str]:
    """How many rows the paper leaves out, and where they stand."""
    if table.printed is None:
        return []
    printed, rows = numbers.integer(len(table.printed)), numbers.integer(len(table.rows))
    return [
        f"{printed} of {rows} rows are printed; all are in the supplementary workbook, sheet "
        f"“{table.sheet}”."
    ]


def _explained(table: PaperTable) -> list[str]:
    """Why cells have no value, in the order met."""
    items = (item for row in table.shown for item in row if isinstance(item, Shown))
    reasons = dict.fromkeys(item.fact.reason for item in items if item.fact.value is None)
    notes = [f"{HIDDEN} Not shown, so that nobody in a small group can be told."]
    notes = notes if NOT_SHOWN in reasons else []
    others = [reason for reason in reasons if reason and reason != NOT_SHOWN]
    if others:
        notes.append(f"{NOTHING} No value: {'; '.join(others)}.")
    return notes


def to_frame(table: PaperTable) -> pd.DataFrame:
    """The table for a workbook, values at full precision.

    A column of counts out of something becomes two columns, and so does one of intervals. What
    the paper does not show is missing here too.
    """
    import pandas as pd

    columns: dict[str, list[Any]] = {}
    for place, column in enumerate(table.columns):
        for heading, values in _columns(column.heading, [row[place] for row in table.rows]):
            name, number = heading, 1
            while name in columns:
                number += 1
                name = f"{heading} ({number})"
            columns[name] = values
    return pd.DataFrame(columns)


def _columns(heading: str, items: Sequence[Item]) -> list[tuple[str, list[Any]]]:
    """One column of the paper as one or two of the workbook."""
    facts = [item.fact if isinstance(item, Shown) else None for item in items]
    values = [_value(item) for item in items]
    if any(fact is not None and fact.high is not None for fact in facts):
        highs = [None if fact is None else fact.high for fact in facts]
        return [(f"{heading}: lower", values), (f"{heading}: upper", highs)]
    if any(fact is not None and " of " in fact.text and fact.of is not None for fact in facts):
        of = [None if fact is None else fact.of for fact in facts]
        return [(heading, values), (f"{heading}: out of", of)]
    return [(heading, values)]


def _value(item: Item) -> Any:
    """A cell's value."""
    if isinstance(item, Words):
        return item.text
    if isinstance(item, Shown):
        value = item.fact.value
        return item.fact.text if isinstance(value, list) else value
    return item

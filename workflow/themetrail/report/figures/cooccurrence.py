"""Codes that meet in the same turn, more or less often than by each person's own habits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from themetrail.report.evidence import Evidence
from themetrail.report.figures import style
from themetrail.report.figures.drawing import Drawing, nothing_to_draw
from themetrail.report.numbers import decimal
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVEL = "turn"
MOST = 36  # codes that are readable at the width of a page
_OFTEN, _SELDOM = 2.0, 0.5


def cooccurrence(evidence: Evidence) -> Drawing:
    """A triangle of circles: their area is how often two codes meet."""
    table = evidence.table("cooccurrence")
    pairs = table[table["level"] == LEVEL]
    caption = "Codes that meet in the same turn."
    if pairs.empty or not bool((pairs["n"] > 0).any()):
        why = "No transcript has been coded yet." if pairs.empty else "No two codes meet in a turn."
        return nothing_to_draw("cooccurrence", caption, why, list(table.columns))
    sizes = _sizes(pairs)
    order = _order(evidence, sizes)
    shown = pairs[pairs["code_a"].isin(order) & pairs["code_b"].isin(order)]
    figure = _triangle(evidence, shown, order)
    return Drawing(
        "cooccurrence",
        figure,
        _caption(evidence, shown, order, len(sizes)),
        _alt(evidence, shown),
        shown.reset_index(drop=True),
    )


def _sizes(pairs: pd.DataFrame) -> dict[str, int]:
    """How many turns each code is in."""
    found = dict(zip(pairs["code_a"], pairs["n_a"], strict=True))
    found.update(zip(pairs["code_b"], pairs["n_b"], strict=True))
    return {str(code): int(n) for code, n in found.items() if n > 0}


def _order(evidence: Evidence, sizes: dict[str, int]) -> list[str]:
    """The codes used, theme by theme; where they are too many, the most frequent."""
    kept = sorted(sizes, key=lambda code: (-sizes[code], code))[:MOST]
    themed = [code for theme in evidence.study.themes for code in theme.codes]
    book = list(evidence.study.codebook.ids)
    wanted = list(dict.fromkeys([*themed, *book, *sorted(kept)]))
    return [code for code in wanted if code in kept]


def _triangle(evidence: Evidence, pairs: pd.DataFrame, order: Sequence[str]) -> Figure:
    """Rows and columns in the same order; only pairs below the diagonal."""
    labels = [_short(evidence.study.codebook.label(code)) for code in order]
    left, top = 59.0, 2.0
    cell = min((style.WIDTH - left - 1) / max(len(order), 8), 6.0)
    side = cell * len(order)
    figure = style.page(max(side + 3, 30))
    words = style.text_panel(figure)
    for place, label in enumerate(labels):
        y = top + (place + 0.5) * cell
        words.text(left - 6, y, label, ha="right", va="center_baseline", size=_size(cell))
        words.text(
            left - 1.2,
            y,
            str(place + 1),
            ha="right",
            va="center_baseline",
            size=_size(cell),
            color=style.SOFT,
        )
    _frame(words, left, top, cell, len(order))
    _theme_lines(words, evidence, order, left, top, cell)
    _circles(words, pairs, order, left, top, cell)
    _columns(words, len(labels), left, top, cell)
    _legend(words, pairs, top, cell)
    return figure


def _size(cell: float) -> float:
    return min(style.SMALL, cell * 1.95)


def _short(label: str) -> str:
    """A label that fits beside the triangle."""
    return label if len(label) <= 43 else label[:42].rstrip() + "…"


def _frame(words: Axes, left: float, top: float, cell: float, n: int) -> None:
    """Faint lines from each row's and column's number into the triangle."""
    middles = [(place + 0.5) * cell for place in range(n)]
    words.hlines(
        [top + at for at in middles],
        left,
        [left + at - cell / 2 for at in middles],
        color=style.WASH,
        linewidth=0.5,
        zorder=0,
    )
    words.vlines(
        [left + at for at in middles],
        [top + at + cell / 2 for at in middles],
        top + n * cell,
        color=style.WASH,
        linewidth=0.5,
        zorder=0,
    )


def _theme_lines(
    words: Axes, evidence: Evidence, order: Sequence[str], left: float, top: float, cell: float
) -> None:
    """Lines where one theme's codes end and the next one's begin."""
    of = {code: theme.id for theme in reversed(evidence.study.themes) for code in theme.codes}
    side = cell * len(order)
    for place in range(1, len(order)):
        if of.get(order[place]) != of.get(order[place - 1]):
            at = top + place * cell
            words.plot([left, left + place * cell], [at, at], color=style.HAIR, linewidth=0.6)
            x = left + place * cell
            words.plot([x, x], [at, top + side], color=style.HAIR, linewidth=0.6)


def _columns(words: Axes, n: int, left: float, top: float, cell: float) -> None:
    """Each column has its number on the diagonal, where it begins."""
    for place in range(n):
        words.text(
            left + (place + 0.5) * cell,
            top + (place + 0.5) * cell,
            str(place + 1),
            ha="center",
            va="center_baseline",
            size=_size(cell),
            color=style.SOFT,
        )


def colour_of(n: float, expected: float) -> str:
    """Orange for at least twice what is expected, purple for at most half, grey between."""
    if math.isnan(expected) or expected <= 0:
        return style.SOFT
    ratio = n / expected
    if ratio >= _OFTEN:
        return style.ACCENT
    return style.PURPLE if ratio <= _SELDOM else "#9aa5ae"


def _circles(
    words: Axes, pairs: pd.DataFrame, order: Sequence[str], left: float, top: float, cell: float
) -> None:
    from matplotlib.patches import Circle

    place = {code: at for at, code in enumerate(order)}
    most = float(pairs["n"].max())
    for a, b, n, expected in zip(
        pairs["code_a"], pairs["code_b"], pairs["n"], pairs["expected"], strict=True
    ):
        if n == 0:
            continue
        row, column = sorted((place[a], place[b]), reverse=True)
        centre = (left + (column + 0.5) * cell, top + (row + 0.5) * cell)
        radius = cell * 0.56 * math.sqrt(n / most)
        colour = colour_of(float(n), float(expected))
        words.add_artist(Circle(centre, radius, facecolor=colour, edgecolor="white", linewidth=0.3))


def _legend(words: Axes, pairs: pd.DataFrame, top: float, cell: float) -> None:
    """What area and colour mean, in the empty corner."""
    from matplotlib.patches import Circle

    x, y = style.WIDTH - 44.0, top + 2.5
    words.text(x, y, "Turns with both codes", weight="bold", size=style.SMALL)
    most = int(pairs["n"].max())
    at = x + 2.5
    for n in sorted({1, max(1, round(most / 3)), most}):
        radius = cell * 0.56 * math.sqrt(n / most)
        words.add_artist(Circle((at, y + 5), radius, facecolor="#9aa5ae", linewidth=0))
        words.text(at + radius + 1, y + 5, str(n), va="center_baseline", size=style.SMALL)
        at += 2 * radius + 8
    colours = (
        (style.ACCENT, "at least twice as many as expected"),
        ("#9aa5ae", "about as many"),
        (style.PURPLE, "half as many or fewer"),
    )
    for step, (colour, said) in enumerate(colours):
        words.add_artist(Circle((x + 1.2, y + 11 + 4.2 * step), 1.2, facecolor=colour, linewidth=0))
        words.text(x + 3.8, y + 11 + 4.2 * step, said, va="center_baseline", size=style.SMALL)


def _caption(evidence: Evidence, shown: pd.DataFrame, order: Sequence[str], used: int) -> str:
    spoken = evidence.table("turns")
    judged = spoken["transcript_id"].isin(evidence.coded) & (spoken["role"] == "participant")
    turns = int(judged.sum())
    said = (
        f"Codes that meet in the same turn (n = {turns:,} turns of participants; "
        f"{len(order)} codes, in the order of the themes). The area of a circle is the number "
        "of turns with both codes. Orange: at least twice as many as expected if each person’s "
        "codes were shuffled among their own coded passages; purple: half as many or fewer."
    )
    if used > len(order):
        said += f" The {len(order)} most frequent of {used} codes are shown."
    return said


def _alt(evidence: Evidence, shown: pd.DataFrame) -> str:
    label = evidence.study.codebook.label
    best = shown.sort_values(["n", "code_a", "code_b"], ascending=[False, True, True]).head(3)
    parts = [_said(label(row["code_a"]), label(row["code_b"]), row) for row in records(best)]
    met = int((shown["n"] > 0).sum())
    return (
        f"Triangle of circles for pairs of codes; {met} of {len(shown)} pairs meet at least once. "
        f"The most frequent: {'; '.join(parts)}."
    )


def _said(first: str, second: str, row: dict[str, Any]) -> str:
    """One pair in words."""
    expected = float(row["expected"])
    than = "no expectation" if math.isnan(expected) else f"{decimal(expected, 1)} expected"
    return f"{first} with {second} ({row['n']} turns, {than})"

"""Codes read with an implementation framework: a tile where a code is counted for a construct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themetrail.report.constructs import construct_name
from themetrail.report.evidence import Evidence, split
from themetrail.report.figures import style
from themetrail.report.figures.drawing import Drawing, nothing_to_draw
from themetrail.report.numbers import listed
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = ("framework", "construct", "name", "code", "label", "n", "of")
_CAPTION = "Codes and the constructs of implementation frameworks that they are read with."
_LABELS = 52.0  # millimetres for the codes' labels
_ROW = 4.3
_GAP = 2.2  # between frameworks, and between themes
_WIDEST = 9.0
MOST = 34  # constructs that are readable at the width of a page


@dataclass(frozen=True)
class _Head:
    """One column: a construct, and the left edge of its tiles in millimetres."""

    framework: str
    name: str
    codes: tuple[str, ...]
    left: float


def frameworks(evidence: Evidence) -> Drawing:
    """Codes by constructs; a tile is darker the more people the code reaches."""
    rows = [row for row in records(evidence.table("frameworks")) if split(row["codes"])]
    if not rows or not _everybody(rows):
        mapped = "No theme and no code is mapped to a framework."
        why = mapped if evidence.coded_people and not rows else "No transcript has been coded yet."
        return nothing_to_draw("frameworks", _CAPTION, why, _COLUMNS)
    shown = rows[:MOST]
    order = _order(evidence, {code for row in shown for code in split(row["codes"])})
    data = _data(evidence, rows)
    return Drawing(
        "frameworks",
        _map(evidence, shown, order),
        _caption(rows, order),
        _alt(evidence, rows),
        data,
    )


def _order(evidence: Evidence, wanted: set[str]) -> list[list[str]]:
    """The codes, a list a theme; those of no theme last."""
    left = set(wanted)
    blocks = []
    for codes in (*(theme.codes for theme in evidence.study.themes), evidence.words.codes):
        block = [code for code in codes if code in left]
        left -= set(block)
        if block:
            blocks.append(block)
    return [*blocks, sorted(left)] if left else blocks


def _everybody(rows: Sequence[dict[str, Any]]) -> int:
    """People with a coded transcript."""
    return int(rows[0]["of_participants"])


def _people(evidence: Evidence, code: str) -> int:
    return evidence.reach.get(("code", code, "all", "all"), (0, 0))[0]


def _heads(rows: Sequence[dict[str, Any]]) -> tuple[list[_Head], float]:
    """The columns from left to right, and their width."""
    names = list(dict.fromkeys(row["framework"] for row in rows))
    room = style.WIDTH - 0.5 - _LABELS - _GAP * len(names)
    width = min(room / len(rows), _WIDEST)
    found, left = [], _LABELS
    for framework in names:
        left += _GAP
        for row in rows:
            if row["framework"] == framework:
                name = construct_name(framework, row["construct"])
                found.append(_Head(framework, name, tuple(split(row["codes"])), left))
                left += width
    return found, width


def _map(
    evidence: Evidence, rows: Sequence[dict[str, Any]], order: Sequence[Sequence[str]]
) -> Figure:
    heads, width = _heads(rows)
    texts = [style.wrapped(head.name, 40) for head in heads]
    top = 9.0 + 1.32 * max(len(line) for text in texts for line in text.split("\n"))
    height = sum(_ROW * len(block) + _GAP for block in order)
    figure = style.page(top + height + 8)
    words = style.text_panel(figure)
    _draw_heads(words, heads, texts, width, top)
    y = top
    for block in order:
        for code in block:
            label = style.human(evidence.study.codebook.label(code))
            label = label if len(label) <= 44 else label[:43].rstrip() + "…"
            words.text(0.3, y + _ROW / 2, label, va="center", size=style.SMALL)
            people = (_people(evidence, code), _everybody(rows))
            _draw_row(words, heads, width, y, code, people)
            y += _ROW
        y += _GAP
    foot = "Numbers: people with the code. Colour: their share, from none (pale) to all (dark)."
    words.text(0, top + height + 4.6, foot, size=style.SMALL, color=style.SOFT)
    return figure


def _draw_heads(
    words: Axes, heads: Sequence[_Head], texts: Sequence[str], width: float, top: float
) -> None:
    before = ""
    for head, text in zip(heads, texts, strict=True):
        if head.framework != before:
            words.text(head.left, 3.2, head.framework, va="center", weight="bold")
        before = head.framework
        words.text(
            head.left + width / 2,
            top - 1.4,
            text,
            rotation=90,
            va="bottom",
            ha="center",
            size=style.SMALL,
            linespacing=0.95,
        )


def _draw_row(
    words: Axes, heads: Sequence[_Head], width: float, y: float, code: str, people: tuple[int, int]
) -> None:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    ramp = LinearSegmentedColormap.from_list("share", [style.WASH, style.MAIN_LIGHT, style.MAIN])
    n, of = people
    for head in heads:
        at, size = (head.left + 0.25, y + 0.25), (width - 0.5, _ROW - 0.5)
        if code not in head.codes:
            words.add_artist(Rectangle(at, *size, facecolor=style.WASH, alpha=0.45, linewidth=0))
            continue
        words.add_artist(Rectangle(at, *size, facecolor=ramp(n / of), linewidth=0))
        ink = "white" if n / of > 0.7 else style.INK
        middle = (head.left + width / 2, y + _ROW / 2)
        words.text(*middle, str(n), ha="center", va="center_baseline", size=6.4, color=ink)


def _data(evidence: Evidence, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    label = evidence.study.codebook.label
    found = [
        {
            "framework": row["framework"],
            "construct": row["construct"],
            "name": construct_name(row["framework"], row["construct"]),
            "code": code,
            "label": label(code),
            "n": _people(evidence, code),
            "of": _everybody(rows),
        }
        for row in rows
        for code in split(row["codes"])
    ]
    return pd.DataFrame(found, columns=list(_COLUMNS))


def _caption(rows: Sequence[dict[str, Any]], order: Sequence[Sequence[str]]) -> str:
    said = (
        f"{_CAPTION} A coloured tile stands where a code is counted for a construct; the number "
        f"in it is of people with at least one segment of the code (n = "
        f"{_everybody(rows)} people, {sum(map(len, order))} codes, {len(rows)} "
        "constructs)."
    )
    if len(rows) > MOST:
        said += f" The first {MOST} constructs are drawn; the rest is in the data."
    return said


def _alt(evidence: Evidence, rows: Sequence[dict[str, Any]]) -> str:
    """Each framework with its constructs and the codes of each."""
    said = []
    for framework in dict.fromkeys(row["framework"] for row in rows):
        parts = [
            f"{construct_name(framework, row['construct'])} with "
            + listed([evidence.study.codebook.label(code) for code in split(row["codes"])])
            for row in rows
            if row["framework"] == framework
        ]
        said.append(f"{framework}: {'; '.join(parts)}.")
    return " ".join(said)

"""Themes and the codes that bear on them, with the people who speak to each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themetrail.report.evidence import Evidence
from themetrail.report.figures import style
from themetrail.report.figures.drawing import Drawing, nothing_to_draw
from themetrail.report.numbers import listed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = ("theme", "title", "code", "label", "link", "n_theme", "n_code", "of")
_THEME_X, _CODE_X = 58.0, 100.0
MOST = 40  # codes that a page holds
_ROW, _SPACE, _TOP = 4.5, 2.6, 7.0


@dataclass(frozen=True)
class _Link:
    """A code that bears on a theme, for its claim or against it."""

    theme: str
    code: str
    kind: str


def theme_map(evidence: Evidence) -> Drawing:
    """A tree from themes to codes; a code of two themes has two links."""
    links = _links(evidence)
    people = {(key[0], key[1]): value for key, value in evidence.reach.items() if key[2] == "all"}
    caption = "Themes and their codes."
    if not links:
        return nothing_to_draw("theme_map", caption, "There is no theme.", _COLUMNS)
    if not any(of for _, of in people.values()):
        why = "No transcript has been coded yet."
        return nothing_to_draw("theme_map", caption, why, _COLUMNS)
    data = _data(evidence, links, people)
    reach = {link.code: people.get(("code", link.code), (0, 0))[0] for link in links}
    kept = _kept(links, reach)
    return Drawing(
        "theme_map",
        _tree(evidence, [link for link in links if link.code in kept], people),
        _caption(data, len(reach) - len(kept)),
        _alt(evidence, people),
        data,
    )


def _kept(links: Sequence[_Link], reach: dict[str, int]) -> set[str]:
    """The codes to draw: of each theme the one that most speak to, then the others in turn."""

    def rank(code: str) -> tuple[int, str]:
        return (-reach[code], code)

    themes = dict.fromkeys(link.theme for link in links)
    first = [min((link.code for link in links if link.theme == t), key=rank) for t in themes]
    return set([*dict.fromkeys([*first, *sorted(reach, key=rank)])][: max(MOST, len(first))])


def _links(evidence: Evidence) -> list[_Link]:
    return [
        _Link(theme.id, code, kind)
        for theme in evidence.study.themes
        for kind, codes in (("for", theme.codes), ("against", theme.counter_codes))
        for code in codes
    ]


def _data(
    evidence: Evidence, links: Sequence[_Link], people: dict[tuple[str, str], tuple[int, int]]
) -> pd.DataFrame:
    import pandas as pd

    titles = {theme.id: theme.title for theme in evidence.study.themes}
    rows = [
        (
            link.theme,
            titles[link.theme],
            link.code,
            evidence.study.codebook.label(link.code),
            link.kind,
            people.get(("theme", link.theme), (0, 0))[0],
            people.get(("code", link.code), (0, 0))[0],
            people.get(("theme", link.theme), (0, 0))[1],
        )
        for link in links
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _places(links: Sequence[_Link]) -> tuple[dict[str, float], dict[str, float], float]:
    """Heights of codes and themes in millimetres, and the whole height."""
    codes: dict[str, float] = {}
    at, last = _TOP, ""
    for link in links:
        if link.code in codes:
            continue
        if last and link.theme != last:
            at += _SPACE
        codes[link.code] = at + _ROW / 2
        at += _ROW
        last = link.theme
    themes: dict[str, float] = {}
    for theme in dict.fromkeys(link.theme for link in links):
        own = [codes[link.code] for link in links if link.theme == theme]
        themes[theme] = sum(own) / len(own)
    return codes, _apart(themes, 10.0), at + 2


def _apart(places: dict[str, float], least: float) -> dict[str, float]:
    """Places moved down until neighbours are apart; their order stays."""
    made: dict[str, float] = {}
    before = -math.inf
    for name, at in sorted(places.items(), key=lambda pair: (pair[1], pair[0])):
        before = max(at, before + least)
        made[name] = before
    return made


def _tree(
    evidence: Evidence, links: Sequence[_Link], people: dict[tuple[str, str], tuple[int, int]]
) -> Figure:
    codes, themes, tall = _places(links)
    figure = style.page(max(tall, max(themes.values()) + 8))
    words = style.text_panel(figure)
    most = max(of for _, of in people.values()) or 1
    for x, head, side in ((_THEME_X - 5, "Theme", "right"), (_CODE_X + 5, "Code", "left")):
        words.text(x, 3.5, head, ha=side, weight="bold", size=style.SMALL, color=style.SOFT)
    small: dict[str, Any] = {"ha": "right", "size": style.SMALL}
    words.text(style.WIDTH, 3.5, "people", weight="bold", color=style.SOFT, **small)
    for link in links:
        _curve(words, themes[link.theme], codes[link.code], against=link.kind == "against")
    titles = {theme.id: theme.title for theme in evidence.study.themes}
    for theme, y in themes.items():
        n, of = people.get(("theme", theme), (0, 0))
        _dot(words, _THEME_X, y, n / most, 3.4, style.MAIN)
        title = style.wrapped(titles[theme], 32)
        words.text(
            _THEME_X - 5, y - 0.2, title, ha="right", va="center", weight="bold", linespacing=1.05
        )
        below = y + style.lines_in(title) * 1.85 + 1.4
        words.text(
            _THEME_X - 5,
            below,
            f"{n} of {of} people",
            ha="right",
            va="center",
            size=style.SMALL,
            color=style.SOFT,
        )
    for code, y in codes.items():
        n = people.get(("code", code), (0, 0))[0]
        _dot(words, _CODE_X, y, n / most, 2.0, style.MAIN)
        label = evidence.study.codebook.label(code)
        label = label if len(label) <= 42 else label[:41].rstrip() + "…"
        words.text(_CODE_X + 5, y, label, va="center_baseline", size=style.BASE - 0.2)
        words.text(style.WIDTH, y, str(n), va="center_baseline", **small)
    return figure


def _curve(words: Axes, theme: float, code: float, *, against: bool) -> None:
    """A link that leaves and arrives level."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Curve

    middle = (_THEME_X + _CODE_X) / 2
    points = [(_THEME_X, theme), (middle, theme), (middle, code), (_CODE_X, code)]
    moves = [Curve.MOVETO, Curve.CURVE4, Curve.CURVE4, Curve.CURVE4]
    words.add_artist(
        PathPatch(
            Curve(points, moves),
            facecolor="none",
            edgecolor=style.ACCENT if against else style.MAIN_LIGHT,
            linestyle=(0, (2.5, 2)) if against else "solid",
            linewidth=0.9,
            zorder=1,
        )
    )


def _dot(words: Axes, x: float, y: float, share: float, largest: float, colour: str) -> None:
    """A circle whose area is a share, in a ring that is the whole."""
    from matplotlib.patches import Circle

    words.add_artist(
        Circle((x, y), largest, facecolor="white", edgecolor=style.HAIR, linewidth=0.6, zorder=2)
    )
    radius = largest * math.sqrt(share)
    words.add_artist(Circle((x, y), radius, facecolor=colour, linewidth=0, zorder=3))


def _caption(data: pd.DataFrame, dropped: int) -> str:
    of = int(data["of"].max())
    said = (
        f"Themes and the codes that bear on them (n = {of} people; unit: person). The filled part "
        "of a circle’s area is the share of people with at least one coded passage of the theme "
        "or code; the number is of people."
    )
    if bool((data["link"] == "against").any()):
        said += " Dashed links lead to codes that speak against a theme’s claim."
    if dropped:
        said += f" The {dropped} codes that fewest people speak to are left out for space."
    return said


def _alt(evidence: Evidence, people: dict[tuple[str, str], tuple[int, int]]) -> str:
    label = evidence.study.codebook.label
    said = ["Tree from themes to their codes, with the number of people who speak to each."]
    for theme in evidence.study.themes:
        n, of = people.get(("theme", theme.id), (0, 0))
        own = [f"{label(code)} {people.get(('code', code), (0, 0))[0]}" for code in theme.codes]
        said.append(f"{theme.title}, {n} of {of} people: {listed(own)}.")
    return " ".join(said)

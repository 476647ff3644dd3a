"""People who speak to each theme, by site and by the first configured group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from themetrail.report.evidence import Evidence
from themetrail.report.figures import style
from themetrail.report.figures.drawing import Drawing, nothing_to_draw
from themetrail.report.figures.style import human
from themetrail.report.numbers import listed
from themetrail.report.vocabulary import NOT_STATED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = ("theme", "title", "group", "n", "of", "shown")
_BARS = 8  # with more groups than this a bar would be too short to compare
_LABELS = 47.0  # millimetres for the themes' titles
_GAP = 3.0
_LINE = 3.4


@dataclass(frozen=True)
class _Cell:
    """People of one group who speak to a theme; not ``shown`` where a small number forbids it."""

    n: int
    of: int
    shown: bool = True


@dataclass(frozen=True)
class _Group:
    """One group of people; its cells are in the themes' order."""

    label: str
    of: int
    cells: tuple[_Cell, ...]


def themes_by_site(evidence: Evidence) -> Drawing:
    """Bars of the people at each site who speak to each theme."""
    labels = {site.site: site.label for site in evidence.study.active_sites}
    groups = _groups(evidence, "site", labels)
    return _drawing(evidence, "themes_by_site", "site", groups)


def themes_by_grade(evidence: Evidence) -> Drawing:
    """Bars of the people of each group who speak to each theme."""
    wanted = evidence.setting("synthesis.groups")
    caption = "People who speak to each theme, by group."
    if not wanted:
        why = "No group of people is configured (synthesis.groups)."
        return nothing_to_draw("themes_by_grade", caption, why, _COLUMNS)
    attribute = str(wanted[0])
    return _drawing(evidence, "themes_by_grade", attribute, _groups(evidence, attribute, {}))


def _groups(evidence: Evidence, attribute: str, labels: dict[str, str]) -> list[_Group]:
    """Every group that has a person, in the order of ``labels`` or of their names."""
    themes = [theme.id for theme in evidence.study.themes]
    present = {key[3] for key in evidence.reach if key[0] == "theme" and key[2] == attribute}
    order = [name for name in labels if name in present] or sorted(present)
    return [
        _group(evidence, attribute, name, labels.get(name, human(name)), themes) for name in order
    ]


def _group(
    evidence: Evidence, attribute: str, name: str, label: str, themes: Sequence[str]
) -> _Group:
    counts = [evidence.reach.get(("theme", theme, attribute, name), (0, 0)) for theme in themes]
    of = max((of for _, of in counts), default=0)
    small = (name.strip() or NOT_STATED) in evidence.hidden_of_coded(attribute)
    return _Group(label, of, tuple(_Cell(n, of, shown=not small) for n, _ in counts))


def _drawing(evidence: Evidence, name: str, attribute: str, groups: list[_Group]) -> Drawing:
    """The whole figure for one grouping."""
    unit = "site" if attribute == "site" else human(attribute).lower()
    caption = f"People who speak to each theme, by {unit}."
    titles = [theme.title for theme in evidence.study.themes]
    if not titles or not groups:
        why = "There is no theme." if not titles else "No transcript has been coded yet."
        return nothing_to_draw(name, caption, why, _COLUMNS)
    figure = _tiles(titles, groups) if len(groups) > _BARS else _bars(titles, groups)
    return Drawing(
        name,
        figure,
        _caption(evidence, unit, groups, caption),
        _alt(titles, groups, unit),
        _data(evidence, groups),
    )


def _data(evidence: Evidence, groups: Sequence[_Group]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "theme": theme.id,
            "title": theme.title,
            "group": group.label,
            "n": cell.n if cell.shown else None,
            "of": cell.of if cell.shown else None,
            "shown": cell.shown,
        }
        for place, theme in enumerate(evidence.study.themes)
        for group in groups
        for cell in [group.cells[place]]
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"n": "Int64", "of": "Int64"})


def _rows_of(titles: Sequence[str]) -> tuple[list[str], list[float], list[float]]:
    """Wrapped titles, and the height and the middle of each one's row in millimetres."""
    texts = [style.wrapped(title, 30) for title in titles]
    heights = [max(8.4, 3.2 + _LINE * style.lines_in(text)) for text in texts]
    middles = [sum(heights[:place]) + height / 2 for place, height in enumerate(heights)]
    return texts, heights, middles


def _bars(titles: Sequence[str], groups: Sequence[_Group]) -> Figure:
    """A column of bars a group: light for all its people, dark for those who speak."""
    texts, heights, middles = _rows_of(titles)
    width = (style.WIDTH - _LABELS - _GAP * len(groups)) / len(groups)
    size = style.BASE if len(groups) <= 4 else style.SMALL
    heads = [style.wrapped(group.label, max(8, round(width / size * 5.6))) for group in groups]
    top = 6.0 + _LINE * max(style.lines_in(head) for head in heads)
    figure = style.page(top + sum(heights) + 2)
    words = style.text_panel(figure)
    for text, middle in zip(texts, middles, strict=True):
        words.text(0.3, top + middle, text, va="center", linespacing=1.05)
    for edge in range(1, len(titles)):
        y = top + sum(heights[:edge])
        words.plot([0, style.WIDTH], [y, y], color=style.HAIR, linewidth=0.5)
    for place, (group, head) in enumerate(zip(groups, heads, strict=True)):
        left = _LABELS + _GAP + place * (width + _GAP)
        words.text(left, top - 4.9, head, va="bottom", weight="bold", size=size, linespacing=1.0)
        said = f"n = {group.of}" if group.cells[0].shown else "too few to show"
        words.text(left, top - 1.2, said, va="bottom", size=style.SMALL, color=style.SOFT)
        _bar_column(words, left, width, top, middles, group)
    return figure


def _bar_column(
    words: Axes, left: float, width: float, top: float, middles: Sequence[float], group: _Group
) -> None:
    bar, room = 3.4, 10.5
    longest = max(width - room, 4)
    for middle, cell in zip(middles, group.cells, strict=True):
        y = top + middle
        if not cell.shown:
            words.text(left, y, "–", va="center", color=style.SOFT)
            continue
        words.barh(y, longest, bar, left=left, color=style.WASH, linewidth=0)
        share = cell.n / cell.of if cell.of else 0
        words.barh(y, longest * share, bar, left=left, color=style.MAIN, linewidth=0)
        words.text(
            left + longest + 1.3, y, f"{cell.n}/{cell.of}", va="center_baseline", size=style.SMALL
        )


def _tiles(titles: Sequence[str], groups: Sequence[_Group]) -> Figure:
    """A tile a group, darker the larger the share; for many groups."""
    texts, heights, middles = _rows_of(titles)
    longest = max(len(group.label) for group in groups)
    top = min(6 + longest * 1.45, 48.0)
    figure = style.page(top + sum(heights) + 9)
    words = style.text_panel(figure)
    width = (style.WIDTH - _LABELS - _GAP) / len(groups)
    for text, middle in zip(texts, middles, strict=True):
        words.text(0.3, top + middle, text, va="center", linespacing=1.05)
    numbers = width >= 6.5
    for place, group in enumerate(groups):
        left = _LABELS + _GAP + place * width
        label = group.label if len(group.label) <= 32 else group.label[:31] + "…"
        words.text(
            left + width / 2,
            top - 1.5,
            label,
            rotation=90,
            va="bottom",
            ha="center",
            size=min(style.SMALL, width * 2.4),
        )
        for middle, height, cell in zip(middles, heights, group.cells, strict=True):
            _tile(words, left, width, top + middle, height, cell, numbers=numbers)
    foot = "Colour: share of the group’s people, from none (pale) to all (dark)."
    words.text(0, top + sum(heights) + 6, foot, size=style.SMALL, color=style.SOFT)
    return figure


def _tile(
    words: Axes, left: float, width: float, y: float, height: float, cell: _Cell, *, numbers: bool
) -> None:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    ramp = LinearSegmentedColormap.from_list("share", [style.WASH, style.MAIN_LIGHT, style.MAIN])
    share = cell.n / cell.of if cell.of and cell.shown else 0
    box = (left + 0.2, y - height / 2 + 0.2)
    colour = ramp(share) if cell.shown else "white"
    words.add_artist(Rectangle(box, width - 0.4, height - 0.4, facecolor=colour, linewidth=0))
    if not cell.shown:
        words.text(left + width / 2, y, "–", ha="center", va="center", color=style.SOFT)
    elif numbers:
        ink = "white" if share > 0.7 else style.INK
        said = f"{cell.n}/{cell.of}"
        words.text(left + width / 2, y, said, ha="center", va="center", size=6.2, color=ink)


def _caption(evidence: Evidence, unit: str, groups: Sequence[_Group], start: str) -> str:
    people = sum(group.of for group in groups)
    form = "Tiles are darker" if len(groups) > _BARS else "Bars are longer"
    said = (
        f"{start} {form} the larger the share of a group; the numbers are people with at least one "
        f"coded passage of the theme, out of the people of the group with a coded transcript "
        f"(n = {people} people)."
    )
    if not all(cell.shown for group in groups for cell in group.cells):
        said += (
            f" Groups of fewer than {evidence.min_cell} people, and those that would give them "
            "away, are not shown (–)."
        )
    return said


def _alt(titles: Sequence[str], groups: Sequence[_Group], unit: str) -> str:
    """Each theme with its lowest group and highest group; the rest is in the data."""
    said = [f"For each of {len(titles)} themes, the people of each {unit} who speak to it."]
    for place, title in enumerate(titles):
        cells = [(g.label, g.cells[place]) for g in groups if g.cells[place].shown]
        cells = [(label, cell) for label, cell in cells if cell.of]
        if not cells:
            continue
        if len(groups) <= _BARS:
            parts = [f"{label} {cell.n} of {cell.of}" for label, cell in cells]
            said.append(f"{title}: {listed(parts)}.")
        else:
            low = min(cells, key=lambda pair: pair[1].n / pair[1].of)
            high = max(cells, key=lambda pair: pair[1].n / pair[1].of)
            said.append(
                f"{title}: from {low[1].n} of {low[1].of} ({low[0]}) to "
                f"{high[1].n} of {high[1].of} ({high[0]})."
            )
    return " ".join(said)

"""Who speaks to each theme when the analysis is done otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from themetrail.report.evidence import Evidence
from themetrail.report.figures import style
from themetrail.report.figures.drawing import Drawing, nothing_to_draw
from themetrail.report.numbers import listed
from themetrail.report.variations import AS_DONE, Variation, n_hidden, variations

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = (
    *("theme", "title", "variation", "n", "of", "place", "place_as_done"),
    *("word", "word_changed"),
)
_CAPTION = "People who speak to each theme when one thing about the analysis is changed."
_LABELS = 47.0  # millimetres for the themes' titles
_GAP = 2.4  # between kinds of variation
_MANY = 6  # more variations of a kind than this become one column
_ROW = 9.6
_LONGEST = 30  # characters of a label


@dataclass(frozen=True)
class _Column:
    """A column of the figure: a variation, or for each theme the lowest of many."""

    kind: str
    label: str
    of: int | None
    rows: dict[str, dict[str, Any]]


def robustness(evidence: Evidence) -> Drawing:
    """A tile for each theme and variation: how many people; what changes is marked."""
    found = [one for one in variations(evidence) if one.of]
    own = next((one for one in found if one.scenario == AS_DONE), None)
    if not evidence.study.themes or own is None:
        coded = bool(evidence.study.themes)
        why = "No transcript has been coded yet." if coded else "There is no theme."
        return nothing_to_draw("robustness", _CAPTION, why, _COLUMNS)
    themes = [theme for theme in evidence.study.themes if theme.id in own.rows]
    titles = {theme.id: theme.title for theme in themes}
    return Drawing(
        "robustness",
        _figure(titles, _columns(found), own),
        _caption(evidence, found, own),
        _alt(titles, found, own),
        _data(titles, found, own),
    )


def _columns(found: Sequence[Variation]) -> list[_Column]:
    """Variations as columns; many of a kind as their lowest."""
    made: list[_Column] = []
    for kind, group in groupby(found, key=lambda one: one.scenario):
        ones = list(group)
        if len(ones) > _MANY:
            made.append(_Column(kind, f"Lowest {kind} (of {len(ones)})", None, _lowest(ones)))
        else:
            made += [_Column(kind, one.label, one.of, _copied(one)) for one in ones]
    return made


def _copied(one: Variation) -> dict[str, dict[str, Any]]:
    return {theme: dict(row) for theme, row in one.rows.items()}


def _lowest(ones: Sequence[Variation]) -> dict[str, dict[str, Any]]:
    """Each theme's row with the lowest share; a change in any of them is a change."""
    made: dict[str, dict[str, Any]] = {}
    for theme in ones[0].rows:
        rows = [one.rows[theme] for one in ones if one.rows[theme]["of_participants"]]
        low = dict(min(rows, key=lambda row: row["n_participants"] / row["of_participants"]))
        low["quantifier_changed"] = any(row["quantifier_changed"] for row in rows)
        made[theme] = low
    return made


# ------------------------------------------------------------------ drawing
def _figure(titles: dict[str, str], columns: Sequence[_Column], own: Variation) -> Figure:
    lefts, width = _places(columns)
    labels = [_short(column.label) for column in columns]
    top = 9.0 + max(len(label) for label in labels) * 1.15
    figure = style.page(top + _ROW * len(titles) + 10.5)
    words = style.text_panel(figure)
    for place, title in enumerate(titles.values()):
        y = top + _ROW * (place + 0.5)
        words.text(0.3, y, style.wrapped(title, 30), va="center", linespacing=1.05)
    for column, label, left in zip(columns, labels, lefts, strict=True):
        middle = left + width / 2
        weight = "bold" if column.kind == AS_DONE else "normal"
        place_of: dict[str, Any] = {"ha": "center", "va": "bottom", "size": style.SMALL}
        words.text(middle, top - 5.4, label, rotation=90, weight=weight, **place_of)
        if column.of is not None:
            said = f"n={column.of}" if width >= 6.6 else f"{column.of}"
            words.text(
                middle, top - 1.2, said, color=style.SOFT, ha="center", va="bottom", size=6.2
            )
        for place, theme in enumerate(titles):
            if theme in column.rows:
                box = (left, top + _ROW * place, width)
                row = column.rows[theme]
                moved = f"{own.rows[theme]['rank']}→{row['rank']}" if row["rank_changed"] else ""
                under = moved if column.of is not None else f"of {row['of_participants']}"
                _tile(words, box, row, under)
    _key(words, top + _ROW * len(titles) + 4)
    return figure


def _places(columns: Sequence[_Column]) -> tuple[list[float], float]:
    """The left edge of each column, and the width of all; a gap where the kind changes."""
    new = [place > 0 and columns[place - 1].kind != one.kind for place, one in enumerate(columns)]
    width = min((style.WIDTH - _LABELS - _GAP * sum(new)) / len(columns), 12.0)
    lefts, left = [], _LABELS
    for starts in new:
        left += _GAP if starts else 0
        lefts.append(left)
        left += width
    return lefts, width


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


def _tile(words: Axes, box: tuple[float, float, float], row: dict[str, Any], under: str) -> None:
    """How many people, on a ground that is darker the larger their share; ``under`` beneath."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    left, top, width = box
    middle, centre = left + width / 2, top + _ROW / 2
    of = int(row["of_participants"])
    if not of:
        words.text(middle, centre, "–", ha="center", va="center", color=style.SOFT)
        return
    ramp = LinearSegmentedColormap.from_list("share", ["white", style.MAIN_LIGHT])
    ground = ramp(int(row["n_participants"]) / of)
    words.add_artist(
        Rectangle((left + 0.2, top + 0.3), width - 0.4, _ROW - 0.6, facecolor=ground, linewidth=0)
    )
    if row["quantifier_changed"]:
        edge = (left + 0.6, top + 0.7)
        frame: dict[str, Any] = {"fill": False, "edgecolor": style.ACCENT, "linewidth": 1.1}
        words.add_artist(Rectangle(edge, width - 1.2, _ROW - 1.4, **frame))
    at = centre - 1.55 if under else centre
    centred: dict[str, Any] = {"ha": "center", "va": "center"}
    words.text(middle, at, f"{row['n_participants']}", size=style.SMALL, **centred)
    if under:
        colour = _DARK if "→" in under else style.INK
        words.text(middle, centre + 1.75, under, size=6.2, color=colour, **centred)


_DARK = "#7d3200"  # reads on the darkest ground


def _key(words: Axes, y: float) -> None:
    from matplotlib.patches import Rectangle

    words.text(0.3, y, "5→6", size=style.SMALL, color=_DARK, va="center")
    said = "place among the themes changes, here from 5th to 6th"
    words.text(8, y, said, size=style.SMALL, color=style.SOFT, va="center")
    frame: dict[str, Any] = {"fill": False, "edgecolor": style.ACCENT, "linewidth": 1.1}
    words.add_artist(Rectangle((84, y - 1.6), 5, 3.2, **frame))
    said = "the word for how many (“most”) changes"
    words.text(91, y, said, size=style.SMALL, color=style.SOFT, va="center")


# ------------------------------------------------------------------ words and data
def _data(titles: dict[str, str], found: Sequence[Variation], own: Variation) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "theme": theme,
            "title": title,
            "variation": one.label,
            "n": one.rows[theme]["n_participants"],
            "of": one.rows[theme]["of_participants"],
            "place": one.rows[theme]["rank"],
            "place_as_done": own.rows[theme]["rank"],
            "word": one.rows[theme]["quantifier"],
            "word_changed": bool(one.rows[theme]["quantifier_changed"]),
        }
        for one in found
        for theme, title in titles.items()
        if theme in one.rows
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _caption(evidence: Evidence, found: Sequence[Variation], own: Variation) -> str:
    said = (
        f"{_CAPTION} Each column leaves out a site or a coder, or takes another rule or unit; the "
        "numbers are people with at least one coded passage of the theme, out of those with a "
        f"coded transcript (n = {own.of} people as done); tiles are darker the larger their share. "
        "Places are by that share, and equal shares have the same place. An adjudicator’s "
        "decisions stay, except where the column says otherwise; the themes and their claims are "
        "not made anew."
    )
    if any(count > _MANY for count in _counts(found).values()):
        said += (
            " Of many variations of a kind the lowest share is shown, with a frame where any of "
            "them changes the word; their places are in the figure’s data."
        )
    if n_hidden(evidence):
        said += f" Variations without a site of fewer than {evidence.min_cell} people, or that "
        said += "would give one away, are not shown."
    return said


def _counts(found: Sequence[Variation]) -> dict[str, int]:
    kinds = [one.scenario for one in found]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def _alt(titles: dict[str, str], found: Sequence[Variation], own: Variation) -> str:
    """Each theme as done and at its lowest and highest; what changes, by variation."""
    others = [one for one in found if one is not own]
    said = [f"For each of {len(titles)} themes, the people who speak to it in {len(others)} ways."]
    for theme, title in titles.items():
        rows = [one.rows[theme] for one in others if theme in one.rows]
        rows = [row for row in rows if row["of_participants"]] or [own.rows[theme]]
        ordered = sorted(rows, key=lambda row: row["n_participants"] / row["of_participants"])
        ends = [f"{row['n_participants']} of {row['of_participants']}" for row in ordered]
        done = f"{own.rows[theme]['n_participants']} of {own.rows[theme]['of_participants']}"
        said.append(f"{title}: {done} as done, from {ends[0]} to {ends[-1]} otherwise.")
    for what, noun in (("rank", "The order of the themes"), ("quantifier", "A word for how many")):
        changing = [one.label for one in others if one.changes(what)]
        said.append(f"{noun} changes in {len(changing)} of {len(others)} variations.")
        if 0 < len(changing) <= _MANY:
            said[-1] = f"{said[-1][:-1]} ({listed(changing)})."
    return " ".join(said)

"""Draw a figure by its name, and write all of them with their data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.errors import InputError, did_you_mean
from themetrail.report.evidence import Evidence
from themetrail.report.vocabulary import as_study
from themetrail.tables import whole, write_json

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NAMES = (
    "agreement",
    "themes_by_site",
    "themes_by_grade",
    "saturation",
    "cooccurrence",
    "theme_map",
    "robustness",
    "frameworks",
)


@dataclass(frozen=True)
class Drawing:
    """A figure as the paper needs it.

    Attributes
    ----------
    figure : Matplotlib's.
    caption : what is shown, with the n and the unit.
    alt : what a reader who can't see it needs to know.
    data : every value drawn.
    empty : whether there was nothing to draw; the figure then says why.
    """

    name: str
    figure: Figure
    caption: str
    alt: str
    data: pd.DataFrame
    empty: bool = False


def draw(
    name: str, tables: Mapping[str, pd.DataFrame], study: StudyConfig | Mapping[str, Any]
) -> Drawing:
    """Draw one figure.

    Parameters
    ----------
    name : one of ``NAMES``.
    tables : the study's tables by their contract's name.
    study : its choices, or a mapping with settings, codebook, themes and sites.

    Raises
    ------
    InputError
        There is no such figure, or the study's approach excludes it: a reflexive analysis has no
        agreement to show.
    """
    from themetrail.report.figures.style import house_style

    if name not in NAMES:
        message = f"no figure {name!r}. {did_you_mean(name, NAMES)}"
        raise InputError(message)
    evidence = Evidence(as_study(study), tables)
    if name == "agreement" and evidence.setting("analysis.approach") == "reflexive":
        message = "a reflexive analysis measures no agreement; it has no figure of it"
        raise InputError(message)
    with house_style():
        return _drawer(name)(evidence)


def draw_all(
    tables: Mapping[str, pd.DataFrame],
    study: StudyConfig | Mapping[str, Any],
    folder: Path,
    *,
    names: Sequence[str] | None = None,
    shown: str | None = None,
) -> dict[str, dict[str, Any]]:
    """Write each figure as SVG, PNG and CSV, and ``figures.json``, which lists them.

    Parameters
    ----------
    folder : where they go.
    names : which; all that the study's approach allows where None.
    shown : the folder's place in the study, where ``folder`` is a copy of it elsewhere.

    Returns
    -------
    What ``figures.json`` holds: for each name its ``path`` (from the study's folder where
    ``folder`` is inside it, else the bare name), ``caption``, ``alt``, ``data`` and ``empty``.
    """
    from themetrail.report.figures.style import house_style

    choices = as_study(study)
    if names is None:
        reflexive = choices.settings["analysis"]["approach"] == "reflexive"
        names = [name for name in NAMES if not (reflexive and name == "agreement")]
    place = _shown_folder(folder, choices.root) if shown is None else f"{shown}/"
    index: dict[str, dict[str, Any]] = {}
    for name in names:
        drawing = draw(name, tables, choices)
        with house_style():
            save(drawing, folder)
        index[name] = {
            "path": f"{place}{name}.svg",
            "data": f"{place}{name}.csv",
            "caption": drawing.caption,
            "alt": drawing.alt,
            "empty": drawing.empty,
        }
    write_json(index, folder / "figures.json")
    return index


def save(drawing: Drawing, folder: Path) -> None:
    """Write a drawing's three files; the same drawing gives the same bytes."""
    with whole(folder / f"{drawing.name}.svg") as part:
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        drawing.figure.savefig(part, metadata=nothing)
    with whole(folder / f"{drawing.name}.png") as part:
        drawing.figure.savefig(part, metadata={"Software": None})
    with whole(folder / f"{drawing.name}.csv") as part:
        drawing.data.to_csv(part, index=False, lineterminator="\n", encoding="utf-8")


def _shown_folder(folder: Path, root: Path) -> str:
    """The folder as the paper's document names it: never an absolute path."""
    found, home = folder.resolve(), root.resolve()
    return f"{found.relative_to(home).as_posix()}/" if found.is_relative_to(home) else ""


def _drawer(name: str) -> Callable[[Evidence], Drawing]:
    """The function that draws a figure."""
    from themetrail.report.figures.agreement import agreement
    from themetrail.report.figures.cooccurrence import cooccurrence
    from themetrail.report.figures.frameworks import frameworks
    from themetrail.report.figures.groups import themes_by_grade, themes_by_site
    from themetrail.report.figures.robustness import robustness
    from themetrail.report.figures.saturation import saturation
    from themetrail.report.figures.theme_map import theme_map

    return {
        "agreement": agreement,
        "themes_by_site": themes_by_site,
        "themes_by_grade": themes_by_grade,
        "saturation": saturation,
        "cooccurrence": cooccurrence,
        "theme_map": theme_map,
        "robustness": robustness,
        "frameworks": frameworks,
    }[name]


def nothing_to_draw(name: str, caption: str, why: str, columns: Sequence[str]) -> Drawing:
    """A figure that says why there is nothing to show."""
    import pandas as pd

    from themetrail.report.figures import style

    figure = style.page(24)
    axes = style.text_panel(figure)
    axes.text(
        style.WIDTH / 2, 12, style.wrapped(why, 90), ha="center", va="center", color=style.SOFT
    )
    data = pd.DataFrame(columns=list(columns))
    return Drawing(name, figure, f"{caption} {why}", f"Nothing is shown. {why}", data, empty=True)

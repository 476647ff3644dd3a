"""One look for all figures: sizes in millimetres, one typeface, colours that everyone can tell.

Colours are from Okabe and Ito's palette for colour-blind readers, darkened to read on white; what
a colour says is also said by a shape, a position or words.
"""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from themetrail.report.render import fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 160.0  # millimetres: the text column of the PDF
INCH = 25.4
INK = "#1c2126"
SOFT = "#5b646d"
HAIR = "#cdd3d8"
WASH = "#eef1f3"
MAIN = "#00607a"
MAIN_LIGHT = "#a9cdd8"
ACCENT = "#b5501c"
ACCENT_LIGHT = "#efc3a8"
PURPLE = "#7a4a8c"
SMALL, BASE, LARGE = 7.2, 8.2, 9.2  # points

_SETTINGS: dict[str, Any] = {
    "font.family": ["Source Sans Pro", "DejaVu Sans"],
    "font.size": BASE,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.labelsize": BASE,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.4,
    "svg.fonttype": "path",
    "svg.hashsalt": "themetrail",
    "savefig.dpi": 240,
    "figure.facecolor": "white",
    "path.simplify": False,
}
#: file, weight, slant: what figures call bold is the semibold
FACES = (
    ("SourceSansPro-Regular.ttf", 400, "normal"),
    ("SourceSansPro-It.ttf", 400, "italic"),
    ("SourceSansPro-Semibold.ttf", 700, "normal"),
)


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib with the house style and nothing of the user's own settings."""
    import matplotlib as mpl
    from matplotlib import font_manager

    fonts_known = font_manager.fontManager.ttflist
    ours = [_face(file, weight, slant) for file, weight, slant in FACES]
    fonts_known += [face for face in ours if face not in fonts_known]
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(cast("Any", _SETTINGS))
        yield


def _face(file: str, weight: int, slant: str) -> Any:
    """A face of Source Sans Pro as Matplotlib's list of fonts has it."""
    from matplotlib.font_manager import FontEntry

    return FontEntry(
        fname=str(fonts.source_sans() / file),
        name="Source Sans Pro",
        style=slant,
        weight=weight,
        stretch="normal",
        size="scalable",
    )


def page(height: float, width: float = WIDTH) -> Figure:
    """An empty figure of a size in millimetres."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width / INCH, height / INCH))


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place from the top left corner, all in millimetres."""
    across, down = (size * INCH for size in figure.get_size_inches())
    return figure.add_axes(
        (left / across, 1 - (top + height) / down, width / across, height / down)
    )


def text_panel(figure: Figure) -> Axes:
    """Axes over the whole figure without frame, in millimetres from the top left corner."""
    across, down = (size * INCH for size in figure.get_size_inches())
    axes = figure.add_axes((0, 0, 1, 1), zorder=3)
    axes.set_xlim(0, across)
    axes.set_ylim(down, 0)
    axes.axis("off")
    axes.patch.set_alpha(0)
    return axes


def wrapped(text: str, width: int) -> str:
    """A text in lines of at most so many characters; a longer word is cut over lines."""
    return "\n".join(textwrap.wrap(text, width, break_on_hyphens=False)) or text


def lines_in(text: str) -> int:
    """How many lines a wrapped text has."""
    return text.count("\n") + 1


def human(value: str) -> str:
    """A value of a table as a reader's word.

    >>> human("senior_clinician"), human("Band 8a")
    ('Senior clinician', 'Band 8a')
    """
    words = value.replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else "Not stated"

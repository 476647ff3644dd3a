"""The fonts that every machine has alike: those of the environment's packages."""

from __future__ import annotations

import base64
import functools
import io
from pathlib import Path

#: Faces of Source Sans Pro that pages and figures use: file, CSS weight, CSS style.
FACES = (
    ("SourceSansPro-Regular.ttf", 400, "normal"),
    ("SourceSansPro-It.ttf", 400, "italic"),
    ("SourceSansPro-Semibold.ttf", 600, "normal"),
)


@functools.cache
def source_sans() -> Path:
    """The folder of Source Sans Pro."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.__file__).parent / "files"


@functools.cache
def fallbacks() -> Path:
    """The folder of the fonts that Matplotlib ships: DejaVu, STIX and the Last Resort."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def typst_files() -> list[Path]:
    """The font files that the PDF may use besides Typst's own.

    The Last Resort font draws the name of a script's block where no other font has a character,
    so that nothing vanishes from the page.
    """
    faces = [source_sans() / name for name, _, _ in FACES]
    faces.append(source_sans() / "SourceSansPro-SemiboldIt.ttf")
    other = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "STIXGeneral.ttf", "LastResortHE-Regular.ttf"]
    return [*faces, *(fallbacks() / name for name in other)]


def web_fonts(text: str) -> str:
    """CSS that carries the faces, cut down to the characters of a text."""
    wanted = sorted({ord(character) for character in text} | set(range(0x20, 0x7F)))
    rules = []
    for name, weight, style in FACES:
        coded = base64.b64encode(_subset(source_sans() / name, tuple(wanted))).decode("ascii")
        rules.append(
            f'@font-face {{ font-family: "Source Sans Pro"; font-weight: {weight}; '
            f"font-style: {style}; font-display: block; "
            f'src: url("data:font/woff;base64,{coded}") format("woff"); }}'
        )
    return "\n".join(rules)


@functools.cache
def _subset(path: Path, characters: tuple[int, ...]) -> bytes:
    """A font with the characters alone, as WOFF."""
    from fontTools import subset

    options = subset.Options(flavor="woff", layout_features=["kern", "liga", "lnum", "tnum"])
    options.recalc_timestamp = False
    made = io.BytesIO()
    with subset.load_font(str(path), options, dontLoadGlyphNames=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(font)
        subset.save_font(font, made, options)
    return made.getvalue()

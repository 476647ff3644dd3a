"""The paper as one HTML file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.report import ast
from themetrail.report.render import pandoc
from themetrail.report.render.document import (
    Front,
    data_address,
    meta_raw,
    place_pictures,
    template_meta,
    with_meta,
)
from themetrail.report.render.fonts import web_fonts

_EMPTY_HEADING = re.compile(r"<th( [^<>]*)?></th>")


def stylesheet(name: str, text: str) -> str:
    """The house style and one page's own, with fonts that hold the text's characters."""
    parts = [(pandoc.ASSETS / file).read_text(encoding="utf-8") for file in ("base.css", name)]
    return "\n".join([web_fonts(text), *parts])


def write(
    document: Mapping[str, Any],
    output: Path,
    front: Front,
    *,
    bibliography: Path | None,
    csl: Path | None,
    folders: Sequence[Path],
) -> None:
    """Write the page; pictures, styles and fonts are within it."""
    bibliography_text = "" if bibliography is None else bibliography.read_text(encoding="utf-8")
    text = ast.text_of(document["blocks"]) + ast.text_of(document["meta"]) + bibliography_text
    meta = {
        **template_meta(front),
        "stylesheet": meta_raw(stylesheet("paper.css", text), "html"),
        "link-citations": {"t": "MetaBool", "c": True},
    }
    placed = place_pictures(with_meta(document, meta), folders, data_address)
    pandoc.convert(
        placed,
        output,
        to="html5-smart",
        after=["html.lua", "evidence.lua"],
        bibliography=bibliography,
        csl=csl,
        arguments=[
            f"--template={pandoc.ASSETS / 'paper.html'}",
            "--toc",
            "--toc-depth=3",
            "--shift-heading-level-by=1",
            "--wrap=none",
            "--mathml",
            "--email-obfuscation=none",
        ],
    )
    page = output.read_text(encoding="utf-8")
    # A row's heading that is left empty, since it repeats the one above, heads nothing.
    output.write_text(_EMPTY_HEADING.sub(r"<td\1></td>", page), encoding="utf-8", newline="\n")

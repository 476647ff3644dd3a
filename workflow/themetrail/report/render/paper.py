"""One call for every format and engine."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from themetrail.errors import InputError, did_you_mean
from themetrail.report.render.document import front_of
from themetrail.tables import whole

EXTENSIONS: dict[str, str] = {"html": "html", "pdf": "pdf", "docx": "docx", "jats": "xml"}
ENGINES = ("auto", "pandoc", "quarto")


def render(
    document: Mapping[str, Any],
    output: Path,
    *,
    format: str,
    study: Mapping[str, Any],
    bibliography: Path | None,
    csl: Path | None,
    resources: Path,
    engine: str = "pandoc",
    line_numbers: bool = False,
) -> None:
    """Write a filled document in one format, whole or not at all.

    The same document gives the same bytes wherever and whenever it is rendered; nothing is
    fetched from a network.

    Parameters
    ----------
    document : Pandoc's JSON document, every placeholder filled.
    output : the file to write.
    format : html, pdf, docx or jats.
    study : the ``study`` settings; ``demonstration`` makes every format say on its face that the
        data are fictional.
    bibliography : BibTeX or CSL JSON; its folder is also looked into for the authors' pictures.
    csl : citation style; the shipped one where None.
    resources : the folder that figures' paths are relative to.
    engine : pandoc, quarto, or auto (Quarto where it is on the PATH).
    line_numbers : whether lines are numbered, for reviewers; in PDF by Pandoc and Typst only.

    Raises
    ------
    InputError
        A cross reference, citation or picture leads nowhere, or the engine is missing or refuses.
    """
    if format not in EXTENSIONS:
        message = f"no format {format!r}. {did_you_mean(format, EXTENSIONS)}"
        raise InputError(message)
    if bibliography is not None and not bibliography.is_file():
        bibliography = None
    folders = [resources] if bibliography is None else [resources, bibliography.parent]
    front = replace(front_of(document, study), line_numbers=line_numbers)
    style = csl if csl is not None else _shipped_style()
    with whole(output) as part:
        if _engine(engine) == "quarto":
            from themetrail.report.render.quarto import write as by_quarto

            by_quarto(
                document, part, front, format, bibliography=bibliography, csl=style, folders=folders
            )
        else:
            _writer(format)(
                document, part, front, bibliography=bibliography, csl=style, folders=folders
            )


def _shipped_style() -> Path:
    from themetrail.report.render.pandoc import ASSETS

    return ASSETS / "numbered.csl"


def _engine(name: str) -> str:
    """The engine to use: ``auto`` is decided, a missing one refused."""
    if name not in ENGINES:
        message = f"no engine {name!r}. {did_you_mean(name, ENGINES)}"
        raise InputError(message)
    found = shutil.which("quarto") is not None
    if name == "quarto" and not found:
        message = (
            "report.engine is quarto, and quarto is not on the PATH. "
            "Install it, or choose the engine pandoc or auto."
        )
        raise InputError(message)
    return "quarto" if found and name != "pandoc" else "pandoc"


def _writer(format: str) -> Any:
    """The function that writes a format."""
    from themetrail.report.render.docx import write as docx
    from themetrail.report.render.html import write as html
    from themetrail.report.render.jats import write as jats
    from themetrail.report.render.pdf import write as pdf

    return {"html": html, "pdf": pdf, "docx": docx, "jats": jats}[format]

"""The same document through Quarto, where it is installed and chosen.

Quarto numbers figures, tables and sections and resolves ``@fig-…`` itself; it gets the filled
document as Markdown, in a folder of its own, with no code to run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.errors import InputError
from themetrail.report import ast
from themetrail.report.ast import Node
from themetrail.report.render import pandoc
from themetrail.report.render.document import (
    FICTIONAL,
    RUNNING,
    Front,
    meta_list,
    meta_map,
    meta_text,
    place_pictures,
    raster_of,
    with_meta,
)
from themetrail.report.render.docx_reference import reference, repack

_TO = {"html": "html", "pdf": "typst", "docx": "docx", "jats": "jats_archiving"}
_MADE = {"html": "html", "pdf": "pdf", "docx": "docx", "jats": "xml"}


def write(
    document: Mapping[str, Any],
    output: Path,
    front: Front,
    form: str,
    *,
    bibliography: Path | None,
    csl: Path | None,
    folders: Sequence[Path],
) -> None:
    """Write one format with ``quarto render``."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        source(document, place, front, form, folders=folders)
        if bibliography is not None:
            shutil.copyfile(bibliography, place / f"references{bibliography.suffix}")
        if csl is not None:
            shutil.copyfile(csl, place / "style.csl")
        if form == "docx":
            notice = RUNNING if front.demonstration else ""
            head = front.short_title or front.title
            (place / "reference.docx").write_bytes(reference(head, notice, front.language))
        if form == "html":
            style = [pandoc.ASSETS / name for name in ("base.css", "paper.css")]
            text = "\n".join(file.read_text(encoding="utf-8") for file in style)
            (place / "paper.css").write_text(text, encoding="utf-8")
        options = settings(form, bibliography, csl)
        (place / "_quarto.yml").write_text(json.dumps(options), encoding="utf-8")
        _run(place, form)
        made = (place / f"paper.{_MADE[form]}").read_bytes()
    # Times are taken out of a Word file; the other formats have none.
    output.write_bytes(repack(made, {}) if form == "docx" else made)


def settings(form: str, bibliography: Path | None, csl: Path | None) -> dict[str, Any]:
    """Quarto's settings for one format."""
    forms: dict[str, dict[str, Any]] = {
        "html": {"embed-resources": True, "toc": True, "css": "paper.css", "theme": "none"},
        "typst": {"papersize": "a4", "toc": False},
        "docx": {"reference-doc": "reference.docx"},
        "jats_archiving": {},
    }
    made: dict[str, Any] = {
        "project": {"type": "default"},
        "engine": "markdown",
        "number-sections": True,
        "number-depth": 2,
        "link-citations": True,
        "format": {_TO[form]: forms[_TO[form]]},
    }
    if bibliography is not None:
        made["bibliography"] = f"references{bibliography.suffix}"
    if csl is not None:
        made["csl"] = "style.csl"
    return made


def source(
    document: Mapping[str, Any], place: Path, front: Front, form: str, *, folders: Sequence[Path]
) -> None:
    r"""Write ``paper.qmd`` and its pictures to a folder.

    What may look like Quarto's own syntax in a transcript is escaped: Pandoc writes ``{{<`` as
    ``{{\<``, and no code block of a transcript can be one, since its text is no block.
    """

    def copy(path: Path) -> str:
        chosen = raster_of(path) if form == "docx" else path
        shutil.copyfile(chosen, place / chosen.name)
        return chosen.name

    headed = with_meta(document, _meta(front))
    if front.demonstration:
        said = [{"t": "Strong", "c": ast.inlines("Fictional data.")}, *ast.inlines(f" {FICTIONAL}")]
        headed["blocks"] = [ast.div([ast.para(said)], ["fictional"]), *headed["blocks"]]
    pandoc.convert(
        place_pictures(headed, folders, copy),
        place / "paper.qmd",
        to="markdown-grid_tables-simple_tables-multiline_tables",
        before=[],
        after=["quarto.lua"],
        arguments=["--wrap=none"],
    )


def _meta(front: Front) -> dict[str, Node]:
    """The title block in Quarto's words."""
    meta: dict[str, Node] = {
        "title": meta_text(front.title),
        "lang": meta_text(front.language),
        "description": meta_text(front.description),
    }
    if front.date:
        # Quarto would read "November 2021" as a day; as it is written is what is meant.
        meta["date"] = meta_text(front.date)
        meta["date-format"] = meta_text("MMMM YYYY")
    if front.authors:
        meta["author"] = meta_list(
            meta_map(
                {
                    "name": meta_text(author.name),
                    "orcid": meta_text(author.orcid) if author.orcid else None,
                    "email": meta_text(author.email) if author.email else None,
                    "affiliations": meta_list([meta_text(author.affiliation)])
                    if author.affiliation
                    else None,
                }
            )
            for author in front.authors
        )
    if front.keywords:
        meta["keywords"] = meta_list(meta_text(word) for word in front.keywords)
    if front.abstract:
        meta["abstract"] = {"t": "MetaBlocks", "c": list(front.abstract)}
    return meta


def _run(place: Path, form: str) -> None:
    """Let Quarto render the folder's paper."""
    done = subprocess.run(
        ["quarto", "render", "paper.qmd", "--to", _TO[form], "--no-execute", "--quiet"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8"},
    )
    if done.returncode:
        message = f"quarto can't render the paper: {done.stderr.strip()}"
        raise InputError(message)

"""The paper as PDF: Pandoc writes Typst, Typst sets the pages."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.errors import InputError
from themetrail.report import ast
from themetrail.report.render import fonts, pandoc
from themetrail.report.render.document import (
    Front,
    meta_list,
    meta_map,
    meta_raw,
    meta_text,
    place_pictures,
    template_meta,
    with_meta,
)

_SOURCE = "paper.typ"


def write(
    document: Mapping[str, Any],
    output: Path,
    front: Front,
    *,
    bibliography: Path | None,
    csl: Path | None,
    folders: Sequence[Path],
) -> None:
    """Write the PDF; Typst sees a folder of its own with the source, pictures and fonts alone."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        pictures = _Pictures(place)
        placed = place_pictures(with_meta(document, _meta(front)), folders, pictures.copy)
        pandoc.convert(
            ast.for_typst(placed),
            place / _SOURCE,
            to="typst-smart",
            after=["typst.lua"],
            bibliography=bibliography,
            csl=csl,
            arguments=[f"--template={pandoc.ASSETS / 'paper.typ'}", "--wrap=none"],
        )
        for file in fonts.typst_files():
            (place / "fonts").mkdir(exist_ok=True)
            shutil.copyfile(file, place / "fonts" / file.name)
        output.write_bytes(compile_typst(place / _SOURCE))


class _Pictures:
    """Copies pictures to a folder under names that say nothing of where they were."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[Path, str] = {}

    def copy(self, path: Path) -> str:
        """The name of a picture's copy."""
        if path not in self._names:
            self._names[path] = f"picture-{len(self._names) + 1}{path.suffix.lower()}"
            shutil.copyfile(path, self._folder / self._names[path])
        return self._names[path]


def typst_string(text: str) -> str:
    r"""A text as Typst writes strings.

    >>> typst_string('a "b" \\c')
    '"a \\"b\\" \\\\c"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _meta(front: Front) -> dict[str, ast.Node]:
    """The title block for the page template."""
    code, _, region = front.language.partition("-")
    meta = template_meta(front)
    if front.authors:
        meta["authors"] = meta_list(
            meta_map(
                {
                    "name": meta_text(author.name),
                    "marks": meta_text(author.marks) if author.marks else None,
                    "quoted": meta_raw(typst_string(author.name), "typst"),
                }
            )
            for author in front.authors
        )
    if front.keywords:
        quoted = (meta_raw(typst_string(word), "typst") for word in front.keywords)
        meta["keywords-quoted"] = meta_list(quoted)
    meta["lang-code"] = meta_raw(code.lower() or "en", "typst")
    meta["region-code"] = meta_raw(f'"{region.upper()}"' if len(region) == 2 else "none", "typst")
    return meta


def compile_typst(source: Path) -> bytes:
    """Set a Typst source whose folder holds all it needs; system fonts are not looked at.

    Raises
    ------
    InputError
        Typst refuses the source; the text is Typst's.
    """
    try:
        import typst
    except ModuleNotFoundError:
        return _compile_by_command(source)
    try:
        made = typst.compile(
            str(source),
            root=str(source.parent),
            font_paths=[str(source.parent / "fonts")],
            ignore_system_fonts=True,
            timestamp=0,
            pdf_standards=["ua-1"],
        )
    except RuntimeError as error:
        message = f"the PDF can't be set: {error}"
        raise InputError(message) from error
    return bytes(made)


def _compile_by_command(source: Path) -> bytes:
    """The same by the program ``typst``, where the environment has it in place of the module."""
    program = shutil.which("typst")
    if program is None:
        message = "typst is not installed"
        raise InputError(message)
    target = source.with_suffix(".pdf")
    command = [program, "compile", "--root", str(source.parent)]
    command += ["--font-path", str(source.parent / "fonts"), "--ignore-system-fonts"]
    command += ["--creation-timestamp", "0", "--pdf-standard", "ua-1", str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"the PDF can't be set: {done.stderr.strip()}"
        raise InputError(message)
    return target.read_bytes()

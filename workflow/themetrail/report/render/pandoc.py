"""Pandoc, run so that the same document gives the same bytes everywhere and reads nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.errors import InputError
from themetrail.report import ast

ASSETS = Path(__file__).resolve().parents[1] / "assets"
Document = dict[str, Any]


def version() -> str:
    """The version of Pandoc in use."""
    done = subprocess.run([ast.pandoc(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.split()[1]


def convert(
    document: Mapping[str, Any],
    output: Path,
    *,
    to: str,
    before: Sequence[str] = ("references.lua",),
    after: Sequence[str] = (),
    bibliography: Path | None = None,
    csl: Path | None = None,
    arguments: Sequence[str] = (),
) -> None:
    """Write a document in one format.

    Parameters
    ----------
    to : Pandoc's name of the format, with extensions.
    before, after : Lua filters of the package that run before and after citations are made.
    bibliography : references; without one, citations stay as they are.

    Raises
    ------
    InputError
        Pandoc refuses the document; the text is Pandoc's.
    """
    filters = [f"--lua-filter={ASSETS / name}" for name in before]
    if bibliography is not None or "references" in document["meta"]:
        filters += ["--citeproc"] if csl is None else ["--citeproc", f"--csl={csl}"]
        filters += [] if bibliography is None else [f"--bibliography={bibliography}"]
    filters += [f"--lua-filter={ASSETS / name}" for name in after]
    # The sandbox keeps Pandoc to the files named here; an empty data folder keeps a user's own
    # templates, abbreviations and reference documents out.
    with tempfile.TemporaryDirectory() as empty:
        command = [ast.pandoc(), "--from=json", f"--to={to}", f"--output={output}", "--sandbox"]
        command += [f"--data-dir={empty}", "--standalone", "--fail-if-warnings=false"]
        command += [*filters, *arguments]
        done = subprocess.run(
            command,
            input=json.dumps(document).encode("utf-8"),
            capture_output=True,
            check=False,
            env={**os.environ, "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8"},
        )
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode:
        message = f"the paper can't be made: {_plain(said)}"
        raise InputError(message)
    missing = [line for line in said.splitlines() if "Citeproc: citation" in line]
    if missing:
        message = "the paper cites what its bibliography does not have: " + "; ".join(
            line.split("Citeproc: citation ", 1)[1] for line in missing
        )
        raise InputError(message)


def read(text: str, form: str) -> Document:
    """A text in one of Pandoc's formats as a document; a notebook with all its outputs.

    Raises
    ------
    InputError
        Pandoc can't read it.
    """
    command = [ast.pandoc(), f"--from={form}", "--to=json", "--sandbox", "--ipynb-output=all"]
    done = subprocess.run(command, input=text.encode("utf-8"), capture_output=True, check=False)
    if done.returncode:
        raise InputError(done.stderr.decode("utf-8", "replace").strip())
    document: Document = json.loads(done.stdout)
    return document


def fragment(document: Mapping[str, Any]) -> str:
    """A document's text as HTML, with formulas as MathML and code without colours.

    Raises
    ------
    InputError
        Pandoc refuses the document.
    """
    command = [ast.pandoc(), "--from=json", "--to=html5", "--sandbox", "--wrap=none", "--mathml"]
    command += ["--syntax-highlighting=none", "--email-obfuscation=none"]
    text = json.dumps(document).encode("utf-8")
    done = subprocess.run(command, input=text, capture_output=True, check=False)
    if done.returncode:
        raise InputError(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout.decode("utf-8")


def references(bibliography: Path) -> ast.Node:
    """The entries of a bibliography as a document's metadata has them."""
    forms = {".bib": "bibtex", ".bibtex": "bibtex", ".json": "csljson", ".ris": "ris"}
    form = forms.get(bibliography.suffix.lower(), "bibtex")
    command = [ast.pandoc(), f"--from={form}", "--to=json", "--sandbox", str(bibliography)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        message = f"{bibliography.name} can't be read: {done.stderr.decode('utf-8', 'replace')}"
        raise InputError(message.strip())
    found: ast.Node = json.loads(done.stdout)["meta"].get("references", {"t": "MetaList", "c": []})
    return found


def _plain(said: str) -> str:
    """Pandoc's message without the places of our filters and the call stack."""
    lines = [line for line in said.splitlines() if not line.startswith(("\t", "stack traceback"))]
    words = " ".join(line for line in lines if not line.startswith("Error running filter"))
    return words.rsplit(".lua:", 1)[-1].split(": ", 1)[-1] if ".lua:" in words else words

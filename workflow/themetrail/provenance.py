"""Digests of files and of code: what a step's result depends on.

Snakemake reruns a rule when its script changes, but not when a module that the script imports
changes: results would be stale with exit status 0. ``code_of`` closes that gap; its value goes
into every rule's ``params``.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
SCRIPTS = PACKAGE.parent / "scripts"
_DATA_SUFFIXES = {".lua", ".css", ".js", ".typ", ".html", ".csl", ".docx", ".yaml", ".j2", ".tsv"}


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _module_file(name: str) -> Path | None:
    """The file of a module of the package, None for any other module or a mere name."""
    parts = name.split(".")
    if parts[0] != "themetrail":
        return None
    base = PACKAGE.joinpath(*parts[1:])
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _imported(tree: ast.AST) -> set[str]:
    """Dotted names that a module imports anywhere, late imports too."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            message = f"relative import on line {node.lineno}: the package imports by full names"
            raise ValueError(message)
    return names


@functools.cache
def _imports_of(path: Path, stamp: tuple[int, int]) -> frozenset[Path]:
    """Files of the package that one file imports itself; ``stamp`` keys the cache."""
    del stamp
    trees = map(ast.parse, [path.read_bytes()] if path.suffix == ".py" else _cells(path))
    found = {_module_file(name) for tree in trees for name in _imported(tree)}
    packages = {_module_file(".".join(p)) for p in _parents(found)}
    return frozenset(file for file in found | packages if file is not None)


def _cells(notebook: Path) -> list[str]:
    """The code of a notebook a cell at a time; a cell that is not plain Python imports nothing."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return []  # what is no notebook is refused by the step that reads it
    plain = (
        "\n".join(x for x in c.split("\n") if not x.lstrip().startswith(("%", "!"))) for c in codes
    )
    return [code for code in plain if _is_python(code)]


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


def _parents(files: set[Path | None]) -> list[list[str]]:
    """Dotted parts of the packages around modules: their ``__init__`` runs too."""
    result = []
    for file in files:
        if file is not None:
            parts = ["themetrail", *file.relative_to(PACKAGE).parts[:-1]]
            result += [parts[:end] for end in range(2, len(parts) + 1)]
    return result


def modules_of(script: Path) -> list[Path]:
    """Every file of the package that a script reaches by import, sorted."""
    reached: set[Path] = set()
    waiting = [script]
    while waiting:
        current = waiting.pop()
        if current in reached:
            continue
        reached.add(current)
        status = current.stat()
        waiting.extend(_imports_of(current, (status.st_mtime_ns, status.st_size)) - reached)
    return sorted(reached)


@functools.cache
def code_of(script: str, notebook: Path | None = None) -> str:
    """SHA-256 of a rule's script, all package modules it reaches, and these packages' assets.

    Parameters
    ----------
    script : name of a file in ``workflow/scripts``.
    notebook : one that the script executes; modules that its cells import count as the script's.

    Notes
    -----
    A comment changes the digest: being rerun once too often is cheap, being stale is not.
    """
    reached = set(modules_of(SCRIPTS / script))
    if notebook is not None:
        # The notebook itself is an input of its rule.
        reached |= {*modules_of(notebook)} - {notebook}
    files = sorted(reached)
    folders = {file.parent for file in files if file.parent != SCRIPTS}
    assets = sorted(
        asset
        for folder in folders
        for asset in (folder / "assets").rglob("*")
        if asset.is_file() and asset.suffix in _DATA_SUFFIXES
    )
    digest = hashlib.sha256()
    for file in [*files, *assets]:
        digest.update(str(file.relative_to(PACKAGE.parent)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()

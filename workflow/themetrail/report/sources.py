"""Where a study's authored texts stand; the shipped ones where it has none of its own."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).resolve().parent / "assets" / "study"
# The notebooks beside workflow/ are worded for any study.
SHIPPED_NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"


def manuscript_of(root: Path) -> Path:
    """The paper's Markdown."""
    own = root / "reports" / "manuscript" / "paper.md"
    return own if own.is_file() else SHIPPED / "manuscript" / "paper.md"


def bibliography_of(root: Path) -> Path:
    """The references that stand beside the paper."""
    return manuscript_of(root).with_name("references.bib")


def notebooks_of(root: Path) -> dict[str, Path]:
    """Notebooks by name, sorted: the study's own, or the shipped ones where it has none."""
    own = sorted((root / "notebooks").glob("*.ipynb"))
    found = own or sorted(SHIPPED_NOTEBOOKS.glob("*.ipynb"))
    return {path.stem: path for path in found}


def csl_of(root: Path, given: str) -> list[str]:
    """The citation style that the configuration names, beside the manuscript; none otherwise."""
    return [str(manuscript_of(root).with_name(given))] if given else []


def shown_path(path: Path, root: Path) -> str:
    """A path as problems name it: relative to the study, or by name where it is shipped."""
    resolved, base = path.resolve(), root.resolve()
    if resolved.is_relative_to(base):
        return resolved.relative_to(base).as_posix()
    return f"{path.name} (shipped)"

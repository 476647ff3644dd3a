"""Where a study's authored texts stand; the shipped ones where it has none of its own."""

from __future__ import annotations

from pathlib import Path

from themetrail.provenance import sha256_file

OWN = Path("reports", "manuscript")
SHIPPED = Path(__file__).resolve().parent / "assets" / "study"
# The notebooks beside workflow/ are worded for any study.
SHIPPED_NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"


def manuscript_of(root: Path) -> Path:
    """The paper's Markdown."""
    own_text = root / OWN / "paper.md"
    return own_text if own_text.is_file() else SHIPPED / "manuscript" / "paper.md"


def bibliography_of(root: Path) -> Path:
    """The references that stand beside the paper."""
    return manuscript_of(root).with_name("references.bib")


def notebooks_of(root: Path) -> dict[str, Path]:
    """Notebooks by name, sorted: the study's own, or the shipped ones where it has none."""
    found = sorted((root / "notebooks").glob("*.ipynb"))
    found = found or sorted(SHIPPED_NOTEBOOKS.glob("*.ipynb"))
    return {path.stem: path for path in found}


def own(root: Path, path: Path) -> list[str]:
    """An authored text as a step's input, by its place in the study; a shipped one is none.

    Snakemake remembers inputs by path: with absolute ones a study that was moved or copied, or
    whose shipped texts stand elsewhere now, would be run again though nothing in it changed. What
    is shipped stays so where the project itself stands in the study's folder.
    """
    inside = path.is_relative_to(root) and not path.is_relative_to(SHIPPED)
    return [path.relative_to(root).as_posix()] if inside else []


def shipped(root: Path, path: Path) -> str:
    """The digest of an authored text that is not the study's own, which counts by content."""
    return "" if own(root, path) else sha256_file(path)


def csl_of(root: Path, given: str) -> Path | None:
    """The citation style that the configuration names, in reports/manuscript/ of the study."""
    return root / OWN / given if given else None


def shown_path(path: Path, root: Path) -> str:
    """A path as problems name it: relative to the study, or by name where it is shipped."""
    resolved, base = path.resolve(), root.resolve()
    if resolved.is_relative_to(base):
        return resolved.relative_to(base).as_posix()
    return f"{path.name} (shipped)"

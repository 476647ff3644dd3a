"""What the commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.errors import InputError

if TYPE_CHECKING:
    from themetrail.config import StudyConfig

WORKFLOW = Path(__file__).resolve().parents[2]
SNAKEFILE = WORKFLOW / "Snakefile"


def add_study(parser: argparse.ArgumentParser) -> None:
    """Add ``--study``."""
    parser.add_argument(
        "--study",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the study's folder (default: the current one)",
    )


def study_root(arguments: argparse.Namespace) -> Path:
    """The study's folder.

    Raises
    ------
    InputError
        The folder is none, or holds no study.
    """
    root = Path(arguments.study).resolve()
    if not root.is_dir():
        msg = f"{arguments.study}: there is no such folder"
        raise InputError(msg)
    if not (root / "config").is_dir() and not (root / "data").is_dir():
        msg = f"{arguments.study}: no study here (no config/ and no data/ folder)"
        raise InputError(msg)
    return root


def sound_study(root: Path) -> StudyConfig:
    """The study's choices.

    Raises
    ------
    InputError
        They are unsound.
    """
    from themetrail.config import load

    study, problems = load(root)
    if problems.errors:
        raise InputError("\n".join(str(row) for row in problems.errors))
    return study

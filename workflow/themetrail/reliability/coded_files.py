"""Several coders' files and the transcripts they coded, outside a study."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from themetrail.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook

SITE = "files"
Unit = Literal["turn", "sentence", "document"]


@dataclass(frozen=True)
class CodedFiles:
    """What the files hold, as the pipeline's own tables.

    Attributes
    ----------
    units, spans, coverage : tables under the contracts UNITS, SPANS, COVERAGE.
    codes : every code that somebody used, sorted.
    problems : what could not be read or placed.
    """

    units: pd.DataFrame
    spans: pd.DataFrame
    coverage: pd.DataFrame
    codes: tuple[str, ...]
    problems: list[Problem]


def read_coded_files(files: Sequence[Path], transcripts: Path, unit: Unit = "turn") -> CodedFiles:
    """Read coders' files of any format against a folder of transcripts.

    Everything is read exactly as in a study with one site, whose codebook is the codes that the
    files use and that nobody assigned: a coder judged the transcripts they coded.

    Parameters
    ----------
    files : one a coder; the name is the coder's. A QualCoder project may be a folder.
    transcripts : the folder of transcripts.
    unit : turn (of a participant), sentence or document.

    Raises
    ------
    InputError
        A file or the folder is not there, or two files have one name.
    """
    from themetrail.coding import read_site as read_codings
    from themetrail.intake import IntakeSettings
    from themetrail.intake import read_site as read_transcripts

    if not transcripts.is_dir():
        message = f"{transcripts}: there is no such folder of transcripts"
        raise InputError(message)
    codebook = _codebook(files)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        names = _lay_out(files, transcripts, root)
        intake = read_transcripts(root, SITE, IntakeSettings(unit=unit))
        coding = read_codings(root, SITE, intake.transcripts, intake.turns, codebook)
    problems = [
        dataclasses.replace(row, file=names.get(row.file, row.file), site="")
        for row in (*intake.problems, *coding.problems)
        # Outside a study nobody has written down who was interviewed: a transcript stands for
        # its person.
        if not row.file.endswith("/participants.csv")
    ]
    return CodedFiles(intake.units, coding.spans, coding.coverage, codebook.ids, problems)


def _codebook(files: Sequence[Path]) -> Codebook:
    """The codes that the files use."""
    from themetrail.coding import read_coding
    from themetrail.config import Code, Codebook

    used: set[str] = set()
    for path in files:
        if not path.exists():
            message = f"{path}: there is no such file"
            raise InputError(message)
        used |= set(read_coding(path).spans["code"]) - {""}
    return Codebook(tuple(Code(name, name) for name in sorted(used)))


def _lay_out(files: Sequence[Path], transcripts: Path, root: Path) -> dict[str, str]:
    """Copy everything into a study of one site; the copies' names and what they are copies of."""
    site = root / "data" / SITE
    names: dict[str, str] = {}
    sources = [(path, site / "codings") for path in files]
    sources += [(p, site / "transcripts") for p in sorted(transcripts.iterdir()) if p.is_file()]
    for path, folder in sources:
        copy = folder / path.name
        if copy.exists():
            message = f"{path}: two coders' files have this name; the name says who coded"
            raise InputError(message)
        folder.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, copy, symlinks=True)
        else:
            shutil.copyfile(path, copy)
        names[copy.relative_to(root).as_posix()] = str(path)
    return names

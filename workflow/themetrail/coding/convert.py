"""From one coding format to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from themetrail.coding.files import read_file
from themetrail.coding.project import Project, project_from
from themetrail.errors import InputError, Problem, did_you_mean


def _csv(project: Project) -> bytes:
    from themetrail.coding.write_tables import delimited, rows_of

    return delimited(rows_of(project))


def _tsv(project: Project) -> bytes:
    from themetrail.coding.write_tables import delimited, rows_of

    return delimited(rows_of(project), "\t")


def _xlsx(project: Project) -> bytes:
    from themetrail.coding.write_tables import rows_of, workbook

    return workbook(rows_of(project))


def _qdpx(project: Project) -> bytes:
    from themetrail.coding.write_refi import qdpx

    return qdpx(project)


def _qdc(project: Project) -> bytes:
    from themetrail.coding.write_refi import qdc

    return qdc(project)


def _taguette(project: Project) -> bytes:
    from themetrail.coding.write_taguette import taguette

    return taguette(project)


def _rock(project: Project) -> bytes:
    from themetrail.coding.write_rock import rock

    return rock(project)


WRITERS: dict[str, Callable[[Project], bytes]] = {
    ".csv": _csv,
    ".tsv": _tsv,
    ".xlsx": _xlsx,
    ".qdpx": _qdpx,
    ".qdc": _qdc,
    ".sqlite3": _taguette,
    ".rock": _rock,
}


def write_project(project: Project, path: str | Path) -> None:
    """Write a project in the format of the path's extension, whole or not at all.

    Raises
    ------
    InputError
        There is no such format, or it can't hold the project.
    """
    from themetrail.tables import whole

    target = Path(path)
    writer = WRITERS.get(target.suffix.casefold())
    if writer is None:
        message = (
            f"no codings are written as {target.suffix!r}. {did_you_mean(target.suffix, WRITERS)}"
        )
        raise InputError(message)
    data = writer(project)
    with whole(target) as part:
        part.write_bytes(data)


def convert(source: str | Path, target: str | Path, *, coder: str | None = None) -> list[Problem]:
    """Convert a coder's file to the format of the target's extension.

    Parameters
    ----------
    source : any format that is read.
    target : .csv, .tsv, .xlsx, .qdpx, .qdc, .sqlite3 (Taguette) or .rock.
    coder : who coded, where the file does not say; else the file's stem.

    Returns
    -------
    problems : what could not be read; nothing is written where nothing could be.

    Raises
    ------
    InputError
        The target's format is unknown or can't hold what was read.
    """
    path = Path(source)
    found = read_file(path, path.name, path.stem)
    problems = list(found.problems)
    if found.marks or found.texts or found.codes:
        write_project(project_from(found, coder or path.stem), target)
    return problems

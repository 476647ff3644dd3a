"""A new site: its folder, its row, and what is still wanting."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping
from pathlib import Path

from themetrail.config import IDENTIFIER, SITES, read_sites
from themetrail.errors import InputError, Problems
from themetrail.tables import PART, write_text

COLUMNS = ("site", "label", "setting", "wave", "added", "status", "note")
FILES = (
    *("participants.csv", "transcripts.csv", "assignments.csv", "adjudications.csv"),
    "coded_texts.csv",
)
FOLDERS = ("transcripts", "codings", "coded_texts")
PARTICIPANTS = "participant_id,role\n"


def add_site(root: Path, row: Mapping[str, str], source: Path | None) -> list[str]:
    """Make a site's folder and its row in sites.tsv.

    The folder appears whole or not at all, and before the row: an interrupted call leaves a study
    that runs as before, and the same call again finishes the work.

    Parameters
    ----------
    root : the study's folder.
    row : values of sites.tsv; ``site`` is the slug.
    source : a folder to copy from; None makes an empty site.

    Returns
    -------
    left : names in ``source`` that are no part of a site and were not copied.

    Raises
    ------
    InputError
        The slug is none, the site is there already, or the source has no transcripts.
    """
    slug = row["site"]
    if not IDENTIFIER.match(slug):
        message = f"{slug!r} is not a site's folder name: use letters, digits, '.', '_' and '-'"
        raise InputError(message)
    known = read_sites(root, Problems()) if (root / SITES).exists() else ()
    if slug in {site.site for site in known}:
        message = f"site {slug!r} is in {SITES} already"
        raise InputError(message)
    folder = root / "data" / slug
    left = [] if folder.exists() else _make_folder(folder, source)
    write_text(_with_row(root, row), root / SITES)
    return left


def _make_folder(folder: Path, source: Path | None) -> list[str]:
    """The folder, made aside and moved to its place."""
    aside = folder.with_name(f".{folder.name}{PART}")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        left = _copy(source, aside) if source is not None else _empty(aside)
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return left


def _empty(folder: Path) -> list[str]:
    """A folder to put transcripts and codings into."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    (folder / "participants.csv").write_text(PARTICIPANTS, encoding="utf-8")
    return []


def _copy(source: Path, folder: Path) -> list[str]:
    """The known files of a folder; the names of the others."""
    if not (source / "transcripts").is_dir():
        message = f"{source}: has no folder 'transcripts'"
        raise InputError(message)
    folder.mkdir(parents=True)
    for name in FILES:
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)
    for name in FOLDERS:
        (folder / name).mkdir()
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name, dirs_exist_ok=True)
    known = {*FILES, *FOLDERS}
    return sorted(path.name for path in source.iterdir() if path.name not in known)


def _with_row(root: Path, row: Mapping[str, str]) -> str:
    """The text of sites.tsv with one more row; its other lines stay as they are."""
    path = root / SITES
    if path.exists():
        text = path.read_text(encoding="utf-8-sig").rstrip("\n")
        columns = text.split("\n", 1)[0].rstrip("\r").split("\t")
    else:
        columns = list(COLUMNS[:3])
        others = [site for site in read_sites(root, Problems()) if site.site != row["site"]]
        lines = ["\t".join(columns), *(_line({"site": s.site}, columns) for s in others)]
        text = "\n".join(lines)
    return f"{text}\n{_line(row, columns)}\n"


def _line(row: Mapping[str, str], columns: list[str]) -> str:
    """One tab-separated line in the file's own columns."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="\t", lineterminator="")
    writer.writerow([" ".join(row.get(name, "").split()) for name in columns])
    return buffer.getvalue()

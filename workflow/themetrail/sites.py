"""A new site: its folder, its row, and what is still wanting."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from themetrail.coding.names import as_id
from themetrail.config import IDENTIFIER, SITES, read_sites
from themetrail.errors import InputError, Problems
from themetrail.handover import Handover, survey
from themetrail.tables import PART, write_text

COLUMNS = ("site", "label", "setting", "wave", "added", "status", "note")
FOLDERS = ("transcripts", "codings")
PARTICIPANTS = "participant_id,role\n"


def add_site(
    root: Path, row: Mapping[str, str], source: Path | None, *, id_column: str = ""
) -> Handover:
    """Make a site's folder and its row in sites.tsv.

    The folder appears whole or not at all, and before the row: an interrupted call leaves a study
    that runs as before, and the same call again finishes the work.

    Parameters
    ----------
    root : the study's folder.
    row : values of sites.tsv; ``site`` is the slug.
    source : a folder to copy from; None makes an empty site.
    id_column : the column of the participants' sheet that holds their ids; "" to find it.

    Returns
    -------
    handover : what was taken for what, and names in ``source`` that are no part of a site.

    Raises
    ------
    InputError
        The slug is none, the site or other data of its name are there already, or the source has
        no transcripts.
    """
    slug = row["site"]
    _check_slug(root, slug)
    handover = survey(source, id_column) if source is not None else Handover()
    folder = root / "data" / slug
    if not folder.exists():
        _make_folder(folder, handover, empty=source is None)
    elif source is not None and not _holds(folder, handover):
        message = (
            f"data/{slug} is there already and holds other files than {source}; move it away, or "
            f"add the site as it is there: themetrail site add {slug}"
        )
        raise InputError(message)
    write_text(_with_row(root, row), root / SITES)
    return handover


def _check_slug(root: Path, slug: str) -> None:
    """Refuse a slug that is no folder's name, or another site's in other letters."""
    if not IDENTIFIER.match(slug):
        message = f"{slug!r} is not a site's folder name: use letters, digits, '.', '_' and '-'"
        near = as_id(slug).lower().replace("_", "-")
        if near and not any(part in slug for part in ("/", "\\")):
            message += f", e.g. {near}; --label is for its name as printed"
        raise InputError(message)
    listed = [site.site for site in read_sites(root, Problems())] if (root / SITES).exists() else []
    folders = [p.name for p in (root / "data").iterdir()] if (root / "data").is_dir() else []
    if slug in listed:
        message = f"site {slug!r} is in {SITES} already"
        raise InputError(message)
    for name in sorted({*listed, *folders} - {slug}):
        if name.casefold() == slug.casefold():
            message = f"site {slug!r} differs from {name!r} only in capitals; choose another name"
            raise InputError(message)


def _make_folder(folder: Path, handover: Handover, *, empty: bool) -> None:
    """The folder, made aside and moved to its place."""
    aside = folder.with_name(f".{folder.name}{PART}")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for name in FOLDERS:
            (aside / name).mkdir(parents=True)
        for target, file in handover.copies.items():
            _copy(file, aside / target)
        texts = {"participants.csv": PARTICIPANTS} if empty else handover.texts
        for target, text in texts.items():
            (aside / target).write_text(text, encoding="utf-8", newline="")
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _copy(file: Path, target: Path) -> None:
    """A file's bytes, on the disk before the folder gets its name; permissions are ours."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _holds(folder: Path, handover: Handover) -> bool:
    """Whether a folder holds what is handed over, byte for byte."""
    copies = {target: file.read_bytes() for target, file in handover.copies.items()}
    copies |= {target: text.encode() for target, text in handover.texts.items()}
    return all(
        (folder / target).is_file() and (folder / target).read_bytes() == data
        for target, data in copies.items()
    )


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

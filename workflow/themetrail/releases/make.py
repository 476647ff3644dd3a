"""The page on changes, from a study's files and its last release."""

from __future__ import annotations

from pathlib import Path

from themetrail.audit.memos import read_memos
from themetrail.errors import Problems
from themetrail.releases import files, reading
from themetrail.releases.acknowledged import acknowledgements, flagged
from themetrail.releases.compare import compare
from themetrail.releases.page import first_page, page
from themetrail.releases.snapshot import Snapshot

PAGE = "reports/changes.html"


def made(root: Path, snapshot: Snapshot, problems: Problems) -> str:
    """The page.

    Parameters
    ----------
    root : the study's folder, with its releases and data/decisions.csv.
    snapshot : the study as it stands.
    problems : grows by what is wrong with data/decisions.csv.

    Raises
    ------
    InputError
        A release can't be read, or was altered.
    """
    known = acknowledgements(read_memos(root, problems))
    last = reading.last(root)
    if last is None:
        return first_page(snapshot, flagged(snapshot.claims, known))
    return page(compare(reading.read(root, last.about.name), snapshot, known))


def release_files(root: Path) -> list[str]:
    """Every file of every release, relative to the study, sorted."""
    wanted = sorted((*files.FILES, files.SEAL, files.WORDS))
    found = (f"{files.FOLDER}/{name}/{file}" for name in files.names(root) for file in wanted)
    return [path for path in found if (root / path).is_file()]

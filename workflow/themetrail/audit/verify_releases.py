"""Releases against their seals, and the page on changes against itself made anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from themetrail.audit.findings import Check
from themetrail.audit.rebuild import Rebuilt, together
from themetrail.config import StudyConfig
from themetrail.errors import InputError, Problems
from themetrail.releases import files, reading
from themetrail.releases.make import PAGE, made
from themetrail.releases.snapshot import TABLES, of_study

_FROZEN = (
    "Put the release's files back as they were published (git or the published copy has them): a "
    "release is never made again, a correction is a new one."
)


def checks(
    root: Path, study: StudyConfig, fresh: Rebuilt, document: Mapping[str, Any]
) -> list[Check]:
    """The releases, where the study has some, and the page on changes."""
    first = [frozen(root)] if files.names(root) else []
    return [*first, changes(root, study, fresh, document)]


def frozen(root: Path) -> Check:
    """Every release against its seal, and each seal against the one before."""
    check = Check("Releases are as they were frozen", unit="releases", remedy=_FROZEN)
    digests: dict[str, str] = {}
    for name in files.names(root):
        check.looked_at += 1
        where = f"{files.FOLDER}/{name}"
        try:
            sealed = reading.read_seal(root, name)
            for file, what in reading.altered(root, sealed):
                check.differs(f"{where}/{file}", what)
        except InputError as error:
            check.differs(where, str(error))
            continue
        digests[name] = sealed.digest
        missing = reading.taken_out(root, name)
        if missing:
            check.skipped.append(f"{where}: {missing} quotations were taken out of it")
    _chain(root, digests, check)
    return check


def _chain(root: Path, digests: Mapping[str, str], check: Check) -> None:
    """Whether the release before, where it is still there, is the one that a seal names."""
    for name in digests:
        before, digest = reading.read_seal(root, name).previous
        if before in digests and digests[before] != digest:
            what = f"follows another release than the {before!r} that is there"
            check.differs(f"{files.FOLDER}/{name}/{files.SEAL}", what)


def changes(root: Path, study: StudyConfig, fresh: Rebuilt, document: Mapping[str, Any]) -> Check:
    """The page on changes against the page that the study and its last release give."""
    check = Check("The page on changes follows from the study and its last release", 1, "page")
    path = root / PAGE
    if not path.is_file():
        check.differs(PAGE, "is not there")
        return check
    tables = together(fresh)
    now = of_study(study, fresh.facts, document, {name: tables[name] for name in TABLES})
    try:
        page = made(root, now, Problems())
    except InputError as error:
        check.differs(PAGE, f"can't be made anew: {error}")
        return check
    if path.read_bytes() != page.encode("utf-8"):
        check.differs(PAGE, "is not what the study and its last release give")
    return check

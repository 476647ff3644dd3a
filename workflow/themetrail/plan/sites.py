"""What each site has, what is wanting, and whether the last run saw it as it is."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from themetrail import manifest
from themetrail.coding.files import coder_files
from themetrail.config import SITES, Site, StudyConfig
from themetrail.exclusions import Dropped
from themetrail.plan.files import READ_BY, changes, read_by_last_run

COLUMNS = ("site", "state", "people", "transcripts", "coders", "double coded", "waiting")
UNKNOWN = "–"
SHOWN = 6


@dataclass
class SiteStatus:
    """One site: its row of the table, and sentences on what is new, waiting or wrong."""

    site: str
    state: str = ""
    counts: dict[str, Any] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """The columns of the table, a dash where something is not known."""
        known = {"site": self.site, "state": self.state, **self.counts}
        return {name: known.get(name, UNKNOWN) for name in COLUMNS}


def look(study: StudyConfig, dropped: Iterable[Dropped]) -> list[SiteStatus]:
    """Every site of sites.tsv, and every folder of data/ that is not in it."""
    gone = list(dropped)
    found = [_site(study.root, site, gone) for site in study.sites]
    known = {site.site for site in study.sites}
    folders = sorted(p.parent.name for p in (study.root / "data").glob("*/transcripts"))
    for name in folders:
        if name not in known and not name.startswith("."):
            one = SiteStatus(name, "not in the study", _on_disk(study.root, name, gone))
            one.says.append(f"data/{name} has no row in {SITES}: themetrail site add {name}")
            found.append(one)
    return found


def _site(root: Path, site: Site, dropped: list[Dropped]) -> SiteStatus:
    """One site of sites.tsv."""
    name = site.site
    if not (root / "data" / name).is_dir():
        one = SiteStatus(name, "no folder")
        one.says.append(
            f"data/{name} is not there: was it renamed? Rename it back, or change {SITES}"
        )
        return one
    if site.status != "active":
        return SiteStatus(name, site.status, _on_disk(root, name, dropped))
    new = [line for kind in READ_BY for line in _changed(root, name, kind, dropped)]
    unread = [kind for kind in READ_BY if read_by_last_run(root, name, kind) is None]
    if unread:
        state = "not run" if len(unread) == len(READ_BY) else "run in part"
        one = SiteStatus(name, state, _on_disk(root, name, dropped))
        one.says += new
        if not one.counts["transcripts"]:
            one.state = "empty"
            one.says = [f"no transcripts yet: put them into data/{name}/transcripts"]
        return one
    one = _from_results(root, name)
    if new:
        one.state = "changed"
        one.says = [*new, *one.says]
    return one


def _changed(root: Path, site: str, kind: str, dropped: list[Dropped]) -> list[str]:
    """What is new, changed or gone among the files of one kind."""
    return changes(root, site, kind, manifest.manifest(root, site, kind, dropped))


def _on_disk(root: Path, site: str, dropped: list[Dropped]) -> dict[str, Any]:
    """Counts from the names of files, for a site that was not run."""
    listed = manifest.manifest(root, site, "transcripts", dropped).splitlines()[1:]
    prefix = f"data/{site}/transcripts/"
    coders = {coder for coder, _, _ in coder_files(root / "data" / site / "codings")}
    return {
        "people": _people(root / "data" / site / "participants.csv"),
        "transcripts": sum(line.startswith(prefix) for line in listed),
        "coders": len(coders),
    }


def _people(path: Path) -> int | str:
    """Rows of participants.csv."""
    if not path.is_file():
        return UNKNOWN
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return max(
        0, sum(any(cell.strip() for cell in row) for row in csv.reader(text.splitlines())) - 1
    )


def _from_results(root: Path, site: str) -> SiteStatus:
    """Counts from the last run's tables, and what they leave to do."""
    from themetrail import contracts, tables

    results = root / "results"
    transcripts = tables.read(
        results / "intake" / site / "transcripts.parquet", contracts.TRANSCRIPTS
    )
    people = tables.read(results / "intake" / site / "participants.parquet", contracts.PARTICIPANTS)
    coverage = tables.read(results / "coding" / site / "coverage.parquet", contracts.COVERAGE)
    ready = transcripts.loc[transcripts["status"] == "ready", "transcript_id"]
    judges = coverage.groupby("transcript_id")["coder"].nunique()
    waiting = [name for name in ready if name not in judges.index]
    one = SiteStatus(site, "up to date")
    one.counts = {
        "people": len(people),
        "transcripts": len(transcripts),
        "coders": int(coverage["coder"].nunique()),
        "double coded": int((judges >= 2).sum()),
        "waiting": len(waiting),
    }
    held = len(transcripts) - len(ready)
    if waiting:
        verb = "waits" if len(waiting) == 1 else "wait"
        one.says.append(f"{_names(waiting)} {verb} to be coded")
    if held:
        verb = "is" if held == 1 else "are"
        one.says.append(f"{held} of the transcripts {verb} held back by the disclosure gate")
    errors = _errors(root, site)
    if errors:
        one.state = "has errors"
        one.says.append(f"{errors} of its problems stop the paper: themetrail check lists them")
    return one


def _names(names: list[str]) -> str:
    """Names, the first few of them."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if names[SHOWN:] else "")


def _errors(root: Path, site: str) -> int:
    """How many errors the last run found at a site."""
    from themetrail import tables

    paths = [root / "results" / stage / site / "problems.csv" for stage in READ_BY.values()]
    found = tables.read_problems(path for path in paths if path.exists())
    return sum(row.severity == "error" for row in found)

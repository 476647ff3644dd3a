"""``themetrail status``: what each site has, what is waiting, what is out of date."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from themetrail.cli.common import add_study, study_root


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "status",
        help="sites, transcripts, coders, what is waiting",
        description="Shows what each site has: people, transcripts, coders, double coding.",
    )
    add_study(parser)
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one line a site from the last run's tables."""
    root = study_root(arguments)
    rows = site_rows(root)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    if not rows:
        print("The study has no active site.")
        return 0
    columns = list(rows[0])
    widths = {c: max(len(c), *(len(str(row[c])) for row in rows)) for c in columns}
    print("  ".join(c.ljust(widths[c]) for c in columns).rstrip())
    for row in rows:
        print("  ".join(str(row[c]).ljust(widths[c]) for c in columns).rstrip())
    return 0


def site_rows(root: Path) -> list[dict[str, Any]]:
    """One row a site: counts from the last run, and whether its files changed since."""
    from themetrail.config import load
    from themetrail.errors import Problems
    from themetrail.exclusions import read_dropped

    study, problems = load(root)
    dropped = read_dropped(root, Problems())
    del problems
    return [site_row(root, site.site, dropped) for site in study.active_sites]


def site_row(root: Path, site: str, dropped: list[Any]) -> dict[str, Any]:
    """Counts of one site."""
    from themetrail import contracts, tables

    folder = root / "results"
    row: dict[str, Any] = {"site": site, "state": _state(root, site, dropped)}
    path = folder / "intake" / site / "transcripts.parquet"
    if not path.exists():
        empty = ("people", "transcripts", "coders", "double coded", "waiting")
        return row | dict.fromkeys(empty, "–")
    transcripts = tables.read(path, contracts.TRANSCRIPTS)
    people = tables.read(folder / "intake" / site / "participants.parquet", contracts.PARTICIPANTS)
    row |= {"people": len(people), "transcripts": len(transcripts)}
    path = folder / "coding" / site / "coverage.parquet"
    if not path.exists():
        return row | dict.fromkeys(("coders", "double coded", "waiting"), "–")
    coverage = tables.read(path, contracts.COVERAGE)
    judges = coverage.groupby("transcript_id")["coder"].nunique()
    return row | {
        "coders": int(coverage["coder"].nunique()),
        "double coded": int((judges >= 2).sum()),
        "waiting": len(transcripts) - len(judges),
    }


def _state(root: Path, site: str, dropped: list[Any]) -> str:
    """Whether the last run saw the files as they are now."""
    from themetrail import manifest

    for kind in manifest.KINDS:
        path = root / manifest.manifest_path(site, kind)
        if not path.exists():
            return "not run"
        if path.read_text(encoding="utf-8") != manifest.manifest(root, site, kind, dropped):
            return "changed"
    return "up to date"

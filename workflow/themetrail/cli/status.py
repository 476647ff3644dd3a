"""``themetrail status``: what each site has, what is waiting, what is out of date."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, study_root

if TYPE_CHECKING:
    from themetrail.plan.sites import SiteStatus
    from themetrail.plan.steps import Step


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "status",
        help="what each site has, what is waiting, what is out of date",
        description="Shows what each site has (people, transcripts, coders, double coding), what "
        "is new or waiting there, and whether the study is up to date. Nothing is run.",
    )
    add_study(parser)
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.add_argument(
        "--quick", action="store_true", help="look at the sites only, not at settings and code"
    )
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a site, what is new or waiting, and whether the study is up to date."""
    from themetrail.config import load
    from themetrail.errors import Problems
    from themetrail.exclusions import read_dropped
    from themetrail.plan.sites import look

    root = study_root(arguments)
    study, problems = load(root)
    sites = look(study, read_dropped(root, Problems()))
    plan = None if arguments.quick or problems.errors else _plan(root)
    said = (
        "The study can't run as it is: themetrail check says why."
        if problems.errors
        else ""
        if arguments.quick
        else _study(plan)
    )
    if arguments.json:
        rows = [{**one.row(), "says": one.says} for one in sites]
        stale = None if plan is None or isinstance(plan, str) else _stale(plan)
        print(
            json.dumps({"sites": rows, "study": said, "stale": stale}, ensure_ascii=False, indent=1)
        )
    else:
        print(_page(sites, said))
    return 0


def _page(sites: Sequence[SiteStatus], said: str) -> str:
    """The table, sentences beneath it, and the study's state."""
    if not sites:
        return "The study has no site yet: themetrail site add SLUG --from FOLDER"
    rows = [one.row() for one in sites]
    widths = {c: max(len(c), *(len(str(row[c])) for row in rows)) for c in rows[0]}
    header = {name: name for name in widths}
    lines = [
        "  ".join(str(row[c]).ljust(widths[c]) for c in widths).rstrip() for row in [header, *rows]
    ]
    notes = [f"{one.site}: {sentence}" for one in sites for sentence in one.says]
    return "\n".join([*lines, *([""] if notes else []), *notes, *(["", said] if said else [])])


def _plan(root: Path) -> list[Step] | str:
    """The steps that are out of date, or a sentence on why they can't be told."""
    from themetrail.cli.run import dry_command
    from themetrail.config import load
    from themetrail.errors import InputError
    from themetrail.plan.asking import ask
    from themetrail.plan.steps import steps
    from themetrail.runlock import only_run

    try:
        with only_run(root):
            answer = ask(dry_command(root))
    except InputError:
        return "A run is working on this study now."
    if answer.status:
        return "The study can't run as it is: themetrail check says why."
    return steps(load(root)[0], answer.jobs)


def _study(plan: list[Step] | str | None) -> str:
    """Whether the study is up to date, in a sentence or two."""
    from themetrail.plan.words import causes
    from themetrail.reporting import counted

    if not isinstance(plan, list):
        return plan or ""
    if not plan:
        return "The study is up to date."
    because = causes(plan)
    why = f" ({'; '.join(because)})" if because else ""
    return f"Out of date: {counted(len(plan), 'step')}{why}. Next: themetrail run, or run --dry."


def _stale(plan: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps that are out of date, as data."""
    from themetrail.plan.words import as_data

    return list(as_data(plan, [])["steps"])

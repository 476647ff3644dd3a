"""``themetrail check``: every problem of the study at once, without running it."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, study_root

if TYPE_CHECKING:
    from themetrail.errors import Problem


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check",
        help="validate the study without running it",
        description="Lists every problem of the study with file, line and remedy.",
    )
    add_study(parser)
    parser.add_argument("--notes", action="store_true", help="list notes too")
    parser.add_argument(
        "--submission",
        action="store_true",
        help="check the last run too: an item of the reporting checklists without an answer "
        "fails, and a claim that the evidence contradicts",
    )
    parser.add_argument("--json", action="store_true", help="print problems as JSON")
    parser.set_defaults(func=run)


def closing(problems: Sequence[Problem], *, notes: bool, submission: bool) -> Iterator[str]:
    """What the count alone leaves a reader to guess: where notes are, and whether it passed."""
    errors = any(row.severity == "error" for row in problems)
    if not notes and any(row.severity == "note" for row in problems):
        yield "`themetrail check --notes` lists the notes, too."
    if any(row.kind == "missing_item" for row in problems):
        yield (
            "reports/checklists.html has all items on one page. An item that does not apply has "
            "an answer too: not_applicable, with the reason (docs/howto-submit.md)."
        )
    if submission and not errors:
        yield (
            "Ready as far as this can tell: every item of the checklists has an answer, and the "
            "evidence contradicts no claim that stands unacknowledged."
        )


def run(arguments: argparse.Namespace) -> int:
    """Print the report; 1 where an error is in it."""
    from themetrail.check import check
    from themetrail.reporting import report

    problems = check(study_root(arguments), submission=arguments.submission)
    if arguments.json:
        rows = [dataclasses.asdict(row) for row in problems]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print(report(problems, notes=arguments.notes))
        for line in closing(problems, notes=arguments.notes, submission=arguments.submission):
            print(line)
    return 1 if any(row.severity == "error" for row in problems) else 0

"""``themetrail verify``: whether anything in a study or a crate was altered."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, study_root

if TYPE_CHECKING:
    from themetrail.audit.findings import Check


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "verify",
        help="whether anything in a finished study, or in a crate, was altered",
        description="Computes the study anew in memory and compares: inputs and files by their "
        "hash, tables, facts, every number and quotation of every paper, the decision log. With "
        "a crate, checks that alone and says what can't be checked without the study.",
        epilog="Exit status: 0 nothing differs; 1 something does, and is named.",
    )
    parser.add_argument("crate", nargs="?", type=Path, metavar="CRATE", help="a crate.zip")
    add_study(parser)
    parser.add_argument(
        "--since", type=Path, metavar="CRATE", help="an earlier crate whose decisions must stand"
    )
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every check; 1 where something differs."""
    from themetrail.audit.findings import passed
    from themetrail.reporting import counted

    checks = _checks(arguments)
    if arguments.json:
        print(json.dumps([dataclasses.asdict(one) for one in checks], ensure_ascii=False, indent=1))
    else:
        for check in checks:
            _print(check)
        differing = sum(len(check.findings) for check in checks)
        print(f"\n{counted(differing, 'difference')}." if differing else "\nNothing was altered.")
    return 0 if passed(checks) else 1


def _checks(arguments: argparse.Namespace) -> list[Check]:
    from themetrail.audit.verify import verify
    from themetrail.audit.verify_crate import kept_since, verify_crate

    if arguments.crate is not None:
        return verify_crate(arguments.crate)
    root = study_root(arguments)
    checks = verify(root)
    if arguments.since is not None:
        log = root / "reports" / "decisions.jsonl"
        text = log.read_text(encoding="utf-8") if log.is_file() else ""
        checks.append(kept_since(arguments.since, text))
    return checks


def _print(check: Check) -> None:
    width = max(60, shutil.get_terminal_size((100, 24)).columns)
    counted = f" ({check.looked_at:,} {check.unit})" if check.looked_at else ""
    mark = "✗" if check.findings else "✓" if check.looked_at else "–"
    print(f"{mark} {check.name}{counted}")
    help_ = [f"What to do: {check.remedy}"] if check.findings else []
    skipped = [f"not checked: {why}" for why in check.skipped]
    for line in [*map(str, check.findings), *help_, *skipped]:
        print(
            textwrap.fill(
                line,
                width,
                initial_indent="    ",
                subsequent_indent="      ",
                break_on_hyphens=False,
                break_long_words=False,
            )
        )

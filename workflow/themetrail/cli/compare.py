"""``themetrail compare``: what changed between two releases, or since one."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, sound_study, study_root
from themetrail.errors import InputError

if TYPE_CHECKING:
    from themetrail.config import StudyConfig
    from themetrail.releases.snapshot import Snapshot


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "compare",
        help="what changed between two releases, or since one",
        description="Says what changed from A to B: sites, themes, claims, agreement, saturation, "
        "quotations, and the paper's numbers with their sentences. B is the study as its last run "
        "left it where none is given, A the last release.",
    )
    parser.add_argument("before", nargs="?", metavar="A", help="a release (default: the last)")
    parser.add_argument("after", nargs="?", metavar="B", help="another, or 'now' (default)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    add_study(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what changed.

    Raises
    ------
    InputError
        There is no such release, or nothing to compare.
    """
    from themetrail.releases import compare, reading
    from themetrail.releases.snapshot import NOW
    from themetrail.releases.summary import sentences
    from themetrail.releases.text import from_to, text

    root = study_root(arguments)
    study = sound_study(root)
    name = arguments.before
    if name is None:
        last = reading.last(root)
        if last is None:
            message = "there is no release to compare with; `themetrail release NAME` makes one"
            raise InputError(message)
        name = last.about.name
    sides = [_snapshot(study, one) for one in (name, arguments.after or NOW)]
    changes = compare.compare(sides[0], sides[1], known_contradictions(root))
    if arguments.json:
        found = {"summary": sentences(changes), **_plain(dataclasses.asdict(changes))}
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print(f"{from_to(changes)}\n")
        print(text(changes))
    return 0


def _snapshot(study: StudyConfig, name: str) -> Snapshot:
    from themetrail.releases import reading
    from themetrail.releases.snapshot import NOW, of_run

    return of_run(study) if name == NOW else reading.read(study.root, name)


def known_contradictions(root: Path) -> Any:
    """What the authors acknowledged in data/decisions.csv.

    Raises
    ------
    InputError
        The file can't be read.
    """
    from themetrail.audit.memos import read_memos
    from themetrail.errors import Problems
    from themetrail.releases.acknowledged import acknowledgements
    from themetrail.reporting import stop_if_errors

    problems = Problems()
    memos = read_memos(root, problems)
    stop_if_errors(problems.rows)
    return acknowledgements(memos)


def _plain(value: Any) -> Any:
    """A value with tuples as lists, for JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value

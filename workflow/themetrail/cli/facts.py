"""``themetrail facts``: every fact that a manuscript may use, with value and definition."""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from themetrail.cli.common import add_study, study_root

NO_RUN = "(no run yet)"


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "facts",
        help="every fact that a manuscript may use",
        description="Lists the facts of the last run, or those that a run will make, with value "
        "and definition. docs/manuscript.md says how a manuscript uses them.",
    )
    parser.add_argument(
        "pattern",
        nargs="?",
        default="",
        metavar="PATTERN",
        help="only ids that match (theme.T1.*), or contain this text (alpha)",
    )
    add_study(parser)
    parser.add_argument("--json", action="store_true", help="print the facts as JSON")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the facts; 1 where none matches."""
    rows = fact_rows(study_root(arguments))
    chosen = [row for row in rows if matches(row["id"], arguments.pattern)]
    if arguments.json:
        print(json.dumps(chosen, ensure_ascii=False, indent=1))
    else:
        for row in chosen:
            print(f"{row['id']}  {row['text']}\n    {row['definition']}")
    if chosen or not arguments.pattern:
        return 0
    from themetrail.report.catalogue import nearest_fact

    near = nearest_fact(arguments.pattern, [row["id"] for row in rows])
    print(f"No fact matches {arguments.pattern!r}. {near}", file=sys.stderr)
    return 1


def matches(name: str, pattern: str) -> bool:
    """Whether an id matches a pattern with ``*`` or ``?``, or contains a text.

    >>> matches("alpha.study", "alpha"), matches("alpha.study", "*.code.*")
    (True, False)
    """
    if any(sign in pattern for sign in "*?["):
        return fnmatch.fnmatchcase(name.lower(), pattern.lower())
    return pattern.lower() in name.lower()


def fact_rows(root: Path) -> list[dict[str, Any]]:
    """The facts of the last run; before the first, those that a run will make."""
    import dataclasses

    from themetrail.report.facts import FACTS, read

    path = root / FACTS
    if path.exists():
        return [dataclasses.asdict(fact) for fact in read(path)]
    return list(_before_a_run(root))


def _before_a_run(root: Path) -> Iterable[dict[str, Any]]:
    """Ids and definitions from the study's choices and files."""
    from themetrail.config import load
    from themetrail.report.catalogue import entries
    from themetrail.report.vocabulary import from_files

    study, _ = load(root)
    for name, entry in sorted(entries(from_files(study)).items()):
        yield {
            "id": name,
            "value": None,
            "text": NO_RUN,
            "unit": entry.family.unit,
            "definition": entry.definition,
        }

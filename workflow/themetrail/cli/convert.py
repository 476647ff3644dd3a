"""``themetrail convert``: a coder's file from one format to another."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

EPILOG = """\
read: .csv .tsv .xlsx .qdpx .qde .qdc .sqlite3 (Taguette) .qda (QualCoder) .rock .docx (comments)
written: .csv .tsv .xlsx .qdpx .qdc .sqlite3 .rock
  themetrail convert anna.qdpx anna.xlsx
"""


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "convert",
        help="a coder's file in another format",
        description="Converts codings between the formats of the tools; the extensions say which.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, metavar="IN")
    parser.add_argument("target", type=Path, metavar="OUT")
    parser.add_argument("--coder", metavar="NAME", help="who coded, where the file does not say")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Convert; 1 where something of the file could not be read."""
    from themetrail.coding.convert import convert
    from themetrail.errors import InputError

    if arguments.target.exists():
        message = f"{arguments.target} is there already; remove it, or give another name"
        raise InputError(message)
    problems = convert(arguments.source, arguments.target, coder=arguments.coder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if arguments.target.exists():
        print(f"Written: {arguments.target}")
    return 1 if any(problem.severity == "error" for problem in problems) else 0

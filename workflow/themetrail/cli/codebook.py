"""``themetrail codebook diff``: what changed between two codebooks."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "codebook", help="compare codebooks", description="Codebooks of the study and of tools."
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    diff = actions.add_parser(
        "diff",
        help="what changed between two codebooks",
        description="Compares codebook.yaml files, .qdc codebooks, or the codebooks in coders' "
        "projects. What it calls renamed, record under 'changes' in config/codebook.yaml.",
    )
    diff.add_argument("before", type=Path, metavar="BEFORE")
    diff.add_argument("after", type=Path, metavar="AFTER")
    diff.add_argument("--json", action="store_true", help="print the differences as JSON")
    diff.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; 0 also where there are some."""
    import dataclasses

    from themetrail.coding.compare_books import compare, read_book

    rows = compare(read_book(arguments.before), read_book(arguments.after))
    if arguments.json:
        print(json.dumps([dataclasses.asdict(row) for row in rows], ensure_ascii=False, indent=1))
    else:
        for row in rows:
            print(row)
        if not rows:
            print("The two codebooks say the same.")
    return 0

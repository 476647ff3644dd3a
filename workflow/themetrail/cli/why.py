"""``themetrail why``: the trail of a number, quotation, theme or passage to its file."""

from __future__ import annotations

import argparse
import json
import shutil
from typing import Any

from themetrail.cli.common import add_study, study_root


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "why",
        help="what a number, quotation, theme or passage rests on",
        description="Follows an id from the paper to the lines of the transcripts: fact or "
        "quotation, theme, codes, segments, decisions, coders' marks, file and its hash.",
        epilog="ID is a fact (theme.T1.participants), a quotation (T1/2, T1/counter/1), a theme, "
        "a code, a segment, a coder's mark, a transcript, or a place in one (A01:1234, "
        "A01:1234-1300). `themetrail facts` lists the facts.",
    )
    parser.add_argument("id", metavar="ID")
    add_study(parser)
    parser.add_argument("--full", action="store_true", help="open every segment, not only name it")
    parser.add_argument("--json", action="store_true", help="print the whole trail as JSON")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the trail."""
    from themetrail.audit.records import Records
    from themetrail.audit.trail import trail
    from themetrail.audit.trail_text import to_plain, to_text
    from themetrail.study import Study

    found = trail(Records(Study(study_root(arguments))), arguments.id)
    if arguments.json:
        print(json.dumps(to_plain(found), ensure_ascii=False, indent=1))
    else:
        width = shutil.get_terminal_size((100, 24)).columns
        print(to_text(found, width, full=arguments.full), end="")
    return 0

"""``themetrail acknowledge``: the authors know that the evidence contradicts a claim."""

from __future__ import annotations

import argparse
import datetime
from typing import Any

from themetrail.cli.common import add_study, sound_study, study_root
from themetrail.errors import InputError, did_you_mean


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "acknowledge",
        help="record that a contradiction of a claim is known, and why it stands",
        description="Adds a row to data/decisions.csv, which the next run enters in the decision "
        "log. It holds for this contradiction: where further evidence speaks against the claim, it "
        "is flagged again.",
    )
    parser.add_argument("claim", metavar="CLAIM", help="id as themetrail compare names it")
    parser.add_argument("--by", required=True, metavar="NAME", help="who acknowledges it")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why the claim stands")
    parser.add_argument("--on", default="", metavar="DATE", help="date of it (default: today)")
    add_study(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Add the row.

    Raises
    ------
    InputError
        There is no such claim, or nothing contradicts it.
    """
    from themetrail.audit.memos import COLUMNS, FILE
    from themetrail.cli.compare import known_contradictions
    from themetrail.releases.acknowledged import append, row
    from themetrail.releases.snapshot import of_run

    root = study_root(arguments)
    claims = {one.claim.id: one for one in of_run(sound_study(root)).claims}
    claim = claims.get(arguments.claim)
    if claim is None:
        message = f"there is no claim {arguments.claim!r}. {did_you_mean(arguments.claim, claims)}"
        raise InputError(message)
    if claim.state != "contradicted":
        message = f"the evidence of the last run does not contradict {arguments.claim!r}"
        raise InputError(message)
    if not arguments.by.strip() or not arguments.reason.strip():
        message = "an acknowledgement says who and why: --by and --reason must not be empty"
        raise InputError(message)
    if (arguments.claim, claim.key) in known_contradictions(root):
        print(f"acknowledged already: {FILE}")
        return 0
    on = arguments.on or datetime.datetime.now(datetime.UTC).date().isoformat()
    given = row(claim, on=on, by=arguments.by.strip(), reason=arguments.reason.strip())
    append(root / FILE, given, COLUMNS)
    print(f"acknowledged: {FILE}, {claim.claim.id} ({claim.key})")
    print("The next `themetrail run` enters it in the decision log.")
    return 0

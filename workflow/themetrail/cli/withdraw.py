"""``themetrail withdraw``: a person's data out of everything derived, and proof of it."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, sound_study, study_root

if TYPE_CHECKING:
    from themetrail.audit.traces import Trace
    from themetrail.audit.withdrawal import Theirs


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "withdraw",
        help="record a withdrawal, run without the person, prove that nothing is left",
        description="Records the withdrawal in data/withdrawals.csv, removes everything that "
        "runs have made, runs the study without the person, and searches what was made for ids "
        "and for words that only they said: archives, tables, pages, PDF and records included.",
        epilog="Git history and copies that were sent are beyond its reach, and it says so.",
    )
    parser.add_argument("participant", metavar="PARTICIPANT", help="id as in participants.csv")
    parser.add_argument("--reason", required=True, help="kept in data/withdrawals.csv alone")
    parser.add_argument(
        "--delete",
        action="store_true",
        help="also delete the person's transcripts, codings, adjudications and row",
    )
    parser.add_argument("--on", metavar="DATE", help="date of the withdrawal (default: today)")
    parser.add_argument("--cores", default="all", metavar="N", help="or 'all'")
    add_study(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Withdraw; 1 where a trace is left in what a run makes, or the run fails."""
    from themetrail.audit import withdrawal
    from themetrail.runlock import only_run

    root = study_root(arguments)
    study = sound_study(root)
    with only_run(root):
        theirs = withdrawal.find(root, study, arguments.participant)
        _record(root, arguments, theirs)
        _releases(root, theirs)
        if arguments.delete:
            _delete(root, arguments, theirs)
        withdrawal.clear(root)
        print("removed: everything that earlier runs have made")
    if _rerun(root, arguments.cores) != 0:
        print("The study did not run without the person. Mend what is named above, then run it.")
        return 1
    return _prove(root, theirs)


def _record(root: Path, arguments: argparse.Namespace, theirs: Theirs) -> None:
    from themetrail.audit.withdrawal import RECORD, record

    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    row = {
        "participant_id": arguments.participant,
        "on": arguments.on or today,
        "reason": arguments.reason,
        "site": theirs.site,
    }
    print(f"{'recorded' if record(root, row) else 'recorded already'}: {RECORD}")


def _releases(root: Path, theirs: Theirs) -> None:
    """Words leave the releases; that numbers which counted the person stay there is said."""
    from themetrail.audit.withdrawal import out_of_releases

    said = out_of_releases(root, theirs)
    for line in said:
        print(f"released: {line}")
    if said:
        print(
            "by hand: releases keep numbers that counted the person; delete their folders under "
            "releases/ where those must go too"
        )


def _delete(root: Path, arguments: argparse.Namespace, theirs: Theirs) -> None:
    from themetrail.audit.withdrawal import delete

    done = delete(root, theirs, arguments.participant)
    print(f"deleted: {done.files} files and {done.rows} rows of data/{theirs.site}")
    for line in done.by_hand:
        print(f"by hand: {line}")


def _rerun(root: Path, cores: str) -> int:
    from themetrail.cli import main

    return main(["run", "--study", str(root), "--cores", cores])


def _prove(root: Path, theirs: Theirs) -> int:
    """Search what was made, then what people wrote; say what is beyond reach."""
    from themetrail.audit.traces import search
    from themetrail.audit.withdrawal import DERIVED

    found, looked_at = search(root, DERIVED, theirs.who)
    made = [trace for trace in found if not trace.where.startswith("reports/manuscript/")]
    runs = f"{len(theirs.who.shingles):,} runs of words"
    print(f"searched: {looked_at:,} files for {len(theirs.who.ids)} ids and {runs}")
    for trace in made:
        print(f"left in what was made: {trace.where}: {trace.what}")
    for trace in _authored(root, theirs):
        print(f"left in what people wrote: {trace.where}: {trace.what}")
    if (root / ".git").exists() or any((p / ".git").exists() for p in root.parents):
        print("beyond reach: the history of git holds earlier versions of files under it")
    print("beyond reach: copies, crates and papers that were sent, backups, coders' own copies")
    if made:
        return 1
    print("Nothing of the person is left in results/, reports/, logs/ and .snakemake/.")
    return 0


def _authored(root: Path, theirs: Theirs) -> list[Trace]:
    """Traces in files that people wrote: those of data/ only where rows were to be deleted."""
    from themetrail.audit.traces import search
    from themetrail.audit.withdrawal import AUTHORED, RECORD

    found, _ = search(root, AUTHORED, theirs.who)
    return [trace for trace in found if trace.where != RECORD]

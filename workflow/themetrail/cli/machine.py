"""``themetrail machine``: what a machine is good for, what to code next, asking a program."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, study_root

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.contracts import Contract


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "machine",
        help="what a machine coder is good for, what to code next",
        description="From the last run: the verdict on each code (verdicts), or what to code next "
        "(next). 'ask NAME' starts a program of the team's own that config.yaml names under "
        "machine.external, gives it the study's turns, and records its answers in "
        "data/machine/NAME.jsonl; a run only replays them.",
    )
    parser.add_argument(
        "what", nargs="?", choices=("verdicts", "next", "ask"), default="verdicts", metavar="WHAT"
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="of the program, for ask")
    add_study(parser)
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a table, or ask."""
    root = study_root(arguments)
    if arguments.what == "ask":
        return _ask(root, arguments.name)
    from themetrail import contracts

    if arguments.what == "next":
        table = _read(root, "next", contracts.MACHINE_NEXT)
        shown = ["kind", "rank", "site", "transcript_id", "turn", "n_units", "priority"]
        empty = "No transcript is waiting to be coded."
        return _show(table, [*shown, "uncertainty", "novelty", "coverage"], empty, arguments.json)
    table = _read(root, "codes", contracts.MACHINE_CODES)
    table = table[table["verdict"] != ""]
    empty = "Nothing could be measured: too little is coded."
    columns = ["coder", "code", "n_positive", "precision", "recall", "f1", "kappa", "human_kappa"]
    return _show(table, [*columns, "verdict", "reason"], empty, arguments.json)


def _read(root: Path, name: str, contract: Contract) -> pd.DataFrame:
    from themetrail.errors import InputError
    from themetrail.tables import read

    path = root / "results" / "machine" / f"{name}.csv"
    if not path.is_file():
        message = (
            f"results/machine/{name}.csv is not there: set machine.enabled in config/config.yaml "
            "and run `themetrail run`."
        )
        raise InputError(message)
    return read(path, contract)


def _show(table: pd.DataFrame, columns: Sequence[str], empty: str, as_json: bool) -> int:
    """Print rows in columns, or as JSON."""
    if as_json:
        print(table[list(columns)].to_json(orient="records", force_ascii=False, indent=1))
        return 0
    rows = [[_cell(row[name]) for name in columns] for row in table.to_dict("records")]
    if not rows:
        print(empty)
        return 0
    kept = [at for at in range(len(columns)) if len({row[at] for row in rows}) > 1 or at]
    lines = [list(columns), *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    if 0 not in kept:
        print(f"{columns[0]}: {rows[0][0]}")
    for line in lines:
        print("  ".join(line[at].ljust(widths[at]) for at in kept).rstrip())
    return 0


def _cell(value: Any) -> str:
    if value is None or value != value or str(value) == "<NA>":
        return "–"
    # Adding 0 takes the sign off a rounded nothing.
    return f"{round(value, 2) + 0.0:.2f}" if isinstance(value, float) else str(value)


def _ask(root: Path, name: str | None) -> int:
    """Start a program that the configuration names, and say what came of it."""
    from themetrail.config import load
    from themetrail.errors import InputError, did_you_mean
    from themetrail.machine.ask import ask
    from themetrail.machine.external import answers_file, keys
    from themetrail.reporting import report

    study, problems = load(root)
    if problems.errors:
        raise InputError(report(problems))
    known = {one["name"]: one for one in study.settings["machine"]["external"]}
    if name is None or name not in known:
        given = name or ""
        message = f"machine.external names no program {given!r}. {did_you_mean(given, known)}"
        raise InputError(message.strip())
    texts = _unit_texts(root, [site.site for site in study.active_sites])
    _stop_if_read_before(root)
    asked = dict(zip(keys(texts, study.codebook), texts, strict=True))
    print(f"Asking {name} about {len(asked)} turns: {' '.join(known[name]['command'])}")
    print("It is given participants' words; what it does with them is your responsibility.")
    done = ask(
        root,
        name,
        known[name]["command"],
        asked,
        study.codebook,
        timeout_s=float(known[name]["timeout_s"]),
    )
    if done.problems:
        print(report(done.problems))
    told = done.known + done.answered
    print(f"{told} of {done.of} turns have an answer ({done.answered} new): {answers_file(name)}")
    return 0 if told == done.of and not done.problems else 1


def _stop_if_read_before(root: Path) -> None:
    """Give no program the words of an earlier state: somebody may have withdrawn since.

    Raises
    ------
    InputError
        Transcripts, or who is left out, changed since they were read.
    """
    from themetrail.cli.run import dry_command
    from themetrail.errors import InputError
    from themetrail.plan.asking import ask

    answer = ask(dry_command(root))
    if answer.status:
        message = "the study can't be run as it is; `themetrail check` says why"
        raise InputError(message)
    sites = sorted(job["wildcards"]["site"] for job in answer.jobs if job["rule"] == "intake")
    if sites:
        message = (
            f"what is in the study changed since it was read ({', '.join(sites)}). "
            "`themetrail run` first, so that the program is given nobody's words who has left."
        )
        raise InputError(message)


def _unit_texts(root: Path, sites: Sequence[str]) -> list[str]:
    """The words of every unit of the last run: nobody left out, no interviewer."""
    from themetrail import contracts
    from themetrail.errors import InputError
    from themetrail.tables import read_all

    folder = root / "results" / "intake"
    paths = {
        name: [folder / site / f"{name}.parquet" for site in sites]
        for name in ("transcripts", "units")
    }
    if not all(path.is_file() for listed in paths.values() for path in listed):
        message = "the study has not been run yet: `themetrail run` first"
        raise InputError(message)
    transcripts = read_all(paths["transcripts"], contracts.TRANSCRIPTS)
    units = read_all(paths["units"], contracts.UNITS)
    words = dict(zip(transcripts["transcript_id"], transcripts["text"], strict=True))
    places = zip(units["transcript_id"], units["start"], units["end"], strict=True)
    return [words[name][start:end] for name, start, end in places]

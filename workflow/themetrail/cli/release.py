"""``themetrail release``: freeze the study's results under a name."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, sound_study, study_root
from themetrail.errors import InputError

if TYPE_CHECKING:
    from themetrail.releases.snapshot import Snapshot


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "release",
        help="freeze the study's results under a name",
        description="Writes facts, claims, themes, quotations and the paper's numbers as they are "
        "to releases/NAME/: small texts to be committed, without transcripts. `themetrail compare` "
        "and reports/changes.html say what has changed since. Without NAME, lists the releases.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="e.g. first-wave or submitted")
    parser.add_argument("--note", default="", metavar="TEXT", help="what the release is for")
    parser.add_argument("--by", default="", metavar="NAME", help="who releases")
    parser.add_argument("--on", default="", metavar="DATE", help="date of it (default: today)")
    add_study(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Freeze the study, or list its releases.

    Raises
    ------
    InputError
        The name can't be had, or the study is not as its files say.
    """
    from themetrail.releases import files, reading
    from themetrail.releases.snapshot import of_run
    from themetrail.runlock import only_run

    root = study_root(arguments)
    if arguments.name is None:
        return _list(root)
    wrong = files.bad_name(root, arguments.name)
    if wrong:
        raise InputError(wrong)
    study = sound_study(root)
    with only_run(root):
        of_run(study)  # says what is missing, before a minute goes into what is stale
        stop_if_stale(root)
        previous = reading.last(root)
        made = of_run(study)
        about = dataclasses.replace(
            made.about,
            name=arguments.name,
            number=1 + (previous.about.number if previous else 0),
            on=arguments.on or datetime.datetime.now(datetime.UTC).date().isoformat(),
            by=arguments.by,
            note=arguments.note,
        )
        files.write(root, dataclasses.replace(made, about=about), previous=previous)
    _say(root, arguments.name, made)
    return 0


def stop_if_stale(root: Path) -> None:
    """Ask Snakemake whether everything is as the study's files say.

    Raises
    ------
    InputError
        Something is out of date, or the study can't be run as it is.
    """
    from themetrail.cli.run import dry_command
    from themetrail.plan.asking import ask

    answer = ask(dry_command(root))
    if answer.status:
        message = "the study can't be run as it is; `themetrail check` says why"
        raise InputError(message)
    names = [name for name in dict.fromkeys(job["rule"] for job in answer.jobs) if name != "all"]
    if not names:
        return
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    message = (
        "the results are not those of the study's files: a release of them would say what is no "
        f"longer so. Run `themetrail run` first (out of date: {listed})."
    )
    raise InputError(message)


def _say(root: Path, name: str, made: Snapshot) -> None:
    from themetrail.releases.files import FOLDER
    from themetrail.reporting import counted

    folder = root / FOLDER / name
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"released: {FOLDER}/{name} ({len(list(folder.iterdir()))} files, {size / 1000:,.0f} kB)")
    sentences = sum(not line.table for line in made.lines)
    parts = [
        counted(len(made.facts), "fact"),
        counted(len(made.claims), "claim"),
        counted(len(made.quotes), "quotation"),
        f"{counted(sentences, 'sentence')} with numbers",
        f"{counted(len(made.material), 'transcript')} by digest, none by its words",
    ]
    print(f"  {', '.join(parts)}")
    wrong = [one.claim.id for one in made.claims if one.state == "contradicted"]
    if wrong:
        print(f"  the evidence contradicts: {', '.join(wrong)}")
    print(f"Commit {FOLDER}/{name}. The next `themetrail run` enters it in the decision log.")


def _list(root: Path) -> int:
    from themetrail.releases.reading import releases
    from themetrail.releases.text import aligned

    found = releases(root)
    if not found:
        print("No release yet. `themetrail release NAME` makes one.")
        return 0
    rows = [(o.about.name, o.about.on, o.about.by, o.about.note, o.digest[:12]) for o in found]
    print("\n".join(aligned([("name", "date", "by", "note", "SHA-256"), *rows])))
    return 0

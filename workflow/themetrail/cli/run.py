"""``themetrail run``: the workflow with a progress display."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

from themetrail.cli.common import SNAKEFILE, add_study, study_root
from themetrail.runlock import HELD, only_run


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "run",
        help="run the study, or the parts that are out of date",
        description="Runs the workflow. What is up to date is not run again; a run that was "
        "killed goes on where it was.",
        epilog="Further arguments after -- go to snakemake as they are.",
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="files or rules to make")
    add_study(parser)
    parser.add_argument("--cores", type=cores, metavar="N", help="or 'all', the default")
    parser.add_argument("--profile", metavar="P", help="a Snakemake profile, e.g. slurm")
    parser.add_argument(
        "--dry", action="store_true", help="say what would run, and why, without running it"
    )
    parser.add_argument("--json", action="store_true", help="with --dry: print the plan as JSON")
    parser.set_defaults(func=run)


def cores(given: str) -> str:
    """A number of cores, or all."""
    if given != "all" and not (given.isdecimal() and int(given)):
        message = f"{given!r} is neither a number of cores nor 'all'"
        raise argparse.ArgumentTypeError(message)
    return given


def command(arguments: argparse.Namespace, root: Path) -> list[str]:
    """The Snakemake command line."""
    # The default profile as plain options: Snakemake announces a profile on every run. They come
    # first, since an option that takes several values would take targets too.
    options = options_of(SNAKEFILE.parent / "profiles" / "default")
    line = [sys.executable, "-m", "snakemake", "--workflow-profile", "none", *options]
    line += ["--snakefile", str(SNAKEFILE)]
    if root.resolve() != Path.cwd():
        # Said to a cloud's jobs too, whose machines have no such folder.
        line += ["--directory", str(root)]
    line += ["--logger", "themetrail", "--nolock"]
    if arguments.cores or not arguments.profile:
        # A cluster's profile has a say of its own: there it is the width of one job.
        line += ["--cores", arguments.cores or "all"]
    if arguments.profile:
        given = SNAKEFILE.parent / "profiles" / arguments.profile
        line += ["--profile", str(given) if given.is_dir() else arguments.profile]
    if arguments.dry:
        line.append("--dry-run")
    return [*line, *arguments.targets]


def dry_command(root: Path) -> list[str]:
    """The command line that asks what a run of the whole study would do."""
    asked = argparse.Namespace(cores="1", profile=None, dry=True, targets=[])
    return command(asked, root)


def options_of(profile: Path) -> list[str]:
    """A profile's settings as command-line options."""
    import yaml

    settings = yaml.safe_load((profile / "profile.yaml").read_text(encoding="utf-8"))
    options = []
    for key, value in settings.items():
        if value is True:
            options.append(f"--{key}")
        elif value is not False:
            options += [f"--{key}", *map(str, value if isinstance(value, list) else [value])]
    return options


def run(arguments: argparse.Namespace) -> int:
    """Run Snakemake under the study's lock; its exit status."""
    from themetrail.plan.words import WIDTH

    root = study_root(arguments)
    started = time.monotonic()
    if arguments.dry:
        return _dry(arguments, root)
    with only_run(root):
        left = _left_over(root)
        environment = {**os.environ, "PYTHONHASHSEED": "0", HELD: "yes"}
        process = subprocess.Popen(command(arguments, root), env=environment)
        status = _wait(process)
    still = _left_over(root)
    for site, why in left.items():
        if site not in still:
            print(textwrap.fill(f"Removed what was made of {site}, {why}.", WIDTH))
    if status == 0:
        seconds = time.monotonic() - started
        if arguments.targets:
            looked = _look_at_exit(root)
            print(f"Up to date ({seconds:.0f} s): {', '.join(arguments.targets)}")
            print(looked, end="")
        else:
            _say_where(root, seconds)
    return 1 if status > 0 else status if status == 0 else 130


def _dry(arguments: argparse.Namespace, root: Path) -> int:
    """Say what would run and why, as words or as JSON."""
    from themetrail.config import load
    from themetrail.plan.asking import ask
    from themetrail.plan.steps import steps
    from themetrail.plan.words import WIDTH, as_data, as_text

    with only_run(root):
        answer = ask(command(arguments, root))
    if answer.status:
        print(answer.said, file=sys.stderr)
        return 1
    study, _ = load(root)
    sites = [site.site for site in study.active_sites]
    found = steps(study, answer.jobs)
    if arguments.json:
        print(json.dumps(as_data(found, sites), ensure_ascii=False, indent=1))
    else:
        print(as_text(found, sites))
        if found:
            for site, why in _left_over(root).items():
                said = f"It would also remove what was made of {site}, {why}."
                print(textwrap.fill(said, WIDTH))
    return 0


def _left_over(root: Path) -> dict[str, str]:
    """Sites of which results are left though they are not in the study, and why they are not."""
    from themetrail import manifest
    from themetrail.config import SITES, read_sites
    from themetrail.errors import Problems

    known = {site.site: site.status for site in read_sites(root, Problems())}
    active = [name for name, status in known.items() if status == "active"]
    said = {}
    for name in sorted({folder.name for folder in manifest.left_over(root, active)}):
        there = (root / "data" / name).is_dir()
        why = f"which is {known[name]} in {SITES}" if name in known else f"which {SITES} has not"
        said[name] = why + (
            f"; data/{name} stays, and a run makes it anew once the site is active"
            if there
            else f"; nor is there a folder data/{name}"
        )
    return said


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for Snakemake; an interrupt reaches it first, so that it can end its jobs."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)


def _look_at_exit(root: Path) -> str:
    """Look at what single targets left, since the gate of a whole run has not; what to say of it.

    Raises
    ------
    InputError
        Something must not leave; it was moved aside.
    """
    from themetrail.audit.exit_single import look_at, not_looked_at
    from themetrail.config import load

    study, _ = load(root)
    files = not_looked_at(root, study)
    if not files:
        return ""
    names = ", ".join(files)
    if look_at(root, study, files):
        return f"The gate at the exit found nothing that must not leave in {names}.\n"
    return f"Not for handing on: the gate at the exit has not looked at {names}.\n"


#: what a run is for, where it lies
_OUTPUTS = {
    "paper": ("reports/paper.*", "reports/paper-review.pdf"),
    "evidence": ("reports/explorer/index.html",),
    "to decide": ("reports/adjudicate.html",),
    "crate": ("reports/crate.zip",),
}


def _say_where(root: Path, seconds: float) -> None:
    """Name the outputs."""
    print(f"The study is up to date ({seconds:.0f} s):")
    for what, patterns in _OUTPUTS.items():
        found = sorted({path for pattern in patterns for path in root.glob(pattern)})
        if found:
            names = ", ".join(path.relative_to(root).as_posix() for path in found)
            print(f"  {what:<14}{names}")

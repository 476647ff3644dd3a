"""``themetrail export``: the study's coding and codebook for coders' tools."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from themetrail.cli.common import add_study, study_root


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "export",
        help="the consensus coding or the codebook for coders' tools",
        description="Writes the consensus coding of the last run, all coders' codings, or the "
        "codebook, in the format of OUT's extension (.qdpx, .qdc, .sqlite3, .rock, .csv, .xlsx).",
    )
    parser.add_argument("target", type=Path, metavar="OUT")
    parser.add_argument(
        "--what", choices=("consensus", "codings", "codebook"), help="default: consensus; "
        "codebook for .qdc",
    )  # fmt: skip
    parser.add_argument("--site", metavar="SITE", help="only this site's transcripts")
    add_study(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say what it holds."""
    from themetrail.coding.convert import write_project
    from themetrail.errors import InputError

    target: Path = arguments.target
    if target.exists():
        message = f"{target} is there already; remove it, or give another name"
        raise InputError(message)
    what = arguments.what or ("codebook" if target.suffix == ".qdc" else "consensus")
    project = _project(study_root(arguments), what, arguments.site)
    write_project(project, target)
    held = "" if what == "codebook" else f", {len(project.codings)} codings"
    texts = f", {len(project.texts)} transcripts" if project.texts else ""
    print(f"Written: {target} ({len(project.codes)} codes{texts}{held})")
    return 0


def _project(root: Path, what: str, site: str | None) -> Any:
    """What is asked for, as a project."""
    from themetrail import Study
    from themetrail.coding.export import consensus_project
    from themetrail.coding.project import Project, codes_of, project_of
    from themetrail.config import load
    from themetrail.errors import InputError, did_you_mean

    config, _ = load(root)
    name = str(config.settings["study"]["title"])
    if what == "codebook":
        return Project(name, {}, codes_of(config.codebook, retired=True))
    study = Study(root)
    transcripts = study.transcripts
    if site is not None:
        transcripts = transcripts[transcripts["site"] == site]
        if transcripts.empty:
            known = [known.site for known in config.sites]
            message = f"no transcript of a site {site!r}. {did_you_mean(site, known)}"
            raise InputError(message)
    if what == "codings":
        return project_of(name, transcripts, study.codings, config.codebook)
    return consensus_project(name, transcripts, study.segments, config.codebook)

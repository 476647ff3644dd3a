"""``themetrail pack``: what a coder needs to code a site, in the coder's tool."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, study_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from themetrail.coding.passage import Transcript
    from themetrail.config import StudyConfig

TOOLS = ("qdpx", "qualcoder", "taguette", "rock", "csv", "xlsx")


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "pack",
        help="transcripts and codebook for a coder, in the coder's tool",
        description="Makes a coder's pack: the site's transcripts and the codebook, no codings of "
        "anyone, one page of instruction. What was sent is recorded in data/SITE/packs, who was "
        "asked to code what in data/SITE/assignments.csv.",
    )
    parser.add_argument("site", metavar="SITE")
    parser.add_argument("--coder", required=True, metavar="NAME")
    parser.add_argument("--tool", required=True, choices=TOOLS, help="qdpx: NVivo, ATLAS.ti, …")
    parser.add_argument(
        "--sample", type=float, metavar="SHARE", help="only this share of them, drawn by the seed"
    )
    parser.add_argument("--seed", type=int, default=0, help="of order and sample (default: 0)")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="default: results/packs/SITE/CODER of the study"
    )
    parser.add_argument(
        "--suggestions",
        action="store_true",
        help="add a machine's proposals; the coder is then not blind to them",
    )
    add_study(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the pack and say where it is."""
    from themetrail.coding.assignments import Drawn, record_assignments
    from themetrail.coding.kept import keep
    from themetrail.coding.pack import make_pack, sample, write_pack
    from themetrail.config import IDENTIFIER, load
    from themetrail.errors import InputError

    root = study_root(arguments)
    if not IDENTIFIER.match(arguments.coder):
        message = f"{arguments.coder!r} is no coder's name: use letters, digits, '.', '_' and '-'"
        raise InputError(message)
    study, _ = load(root)
    texts = _transcripts(study, arguments.site)
    ready = [name for name, text in texts.items() if not text.held]
    only: Sequence[str] = ready
    drawn = Drawn(arguments.site, len(ready))
    if arguments.sample is not None:
        drawn = Drawn(arguments.site, len(ready), arguments.seed)
        only = sample({arguments.site: ready}, arguments.sample, arguments.seed)[arguments.site]
    pack = make_pack(
        str(study.settings["study"]["title"]),
        arguments.coder,
        arguments.tool,
        texts,
        study.codebook,
        only=only,
        seed=arguments.seed,
    )
    if arguments.suggestions:
        from themetrail.machine.suggest import measured_words, read_proposals, with_suggestions

        proposals = read_proposals(root)
        pack = with_suggestions(pack, proposals, texts, only, measured_words(root))
    folder = arguments.out or root / "results" / "packs" / arguments.site / arguments.coder
    record = root / "data" / arguments.site / "packs" / f"{arguments.coder}.json"
    write_pack(pack, folder, record)
    asked = record.parents[1] / "assignments.csv"
    record_assignments(asked, arguments.coder, only, drawn)
    keep(asked.parent, root, [(arguments.coder, texts[name]) for name in only])
    print(f"The pack for {arguments.coder} is in {folder}; begin with READ-ME-FIRST.txt.")
    number = "all" if len(only) == len(ready) else f"{len(only)} of {len(ready)}"
    print(f"{number} transcripts, written down in {asked.relative_to(root).as_posix()}.")
    print("It holds transcripts: send it only as the study's protocol allows.")
    return 0


def _transcripts(study: StudyConfig, site: str) -> dict[str, Transcript]:
    """The site's transcripts as intake reads them; withdrawn ones are not among them."""
    from themetrail.coding.site import transcripts_of
    from themetrail.errors import InputError, Problems, did_you_mean
    from themetrail.exclusions import read_dropped
    from themetrail.intake import read_site
    from themetrail.intake.configured import intake_settings

    names = [known.site for known in study.sites]
    if site not in names:
        message = f"no site {site!r}. {did_you_mean(site, names)}"
        raise InputError(message)
    problems, settings = Problems(), study.settings
    intake = read_site(
        study.root,
        site,
        intake_settings(
            study.root,
            intake=settings["intake"],
            disclosure=settings["disclosure"],
            unit=settings["analysis"]["unit"],
            dropped=read_dropped(study.root, problems),
            problems=problems,
        ),
    )
    return transcripts_of(intake.transcripts, intake.turns)

"""``themetrail site add`` and ``site keep``: a new site; texts kept before they are corrected."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.cli.common import add_study, study_root

if TYPE_CHECKING:
    from themetrail.check import Looked
    from themetrail.config import StudyConfig


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("site", help="add a site", description="Sites of the study.")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = actions.add_parser(
        "add",
        help="make a site's folder and its row in config/sites.tsv",
        description="Makes data/SLUG and its row, copies transcripts, people and codings in, "
        "checks them, and says what to do next.",
    )
    add.add_argument("slug", metavar="SLUG", help="the site's folder name, e.g. elm")
    add.add_argument("--label", help="its name as printed (default: SLUG)")
    add.add_argument("--setting", default="", help="what kind of place it is")
    add.add_argument("--wave", default="", help="wave of data collection")
    add.add_argument("--added", default="", help="when it was added, as text")
    add.add_argument("--note", default="", help="anything to remember")
    add.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="copy from here")
    add.add_argument(
        "--id-column",
        default="",
        metavar="NAME",
        help="the column of the participants' sheet that holds their ids (default: found by name)",
    )
    add_study(add)
    add.set_defaults(func=run)
    keep = actions.add_parser(
        "keep",
        help="keep the transcripts' texts as they were coded, before correcting them",
        description="Keeps the texts that coders' codings count in, in data/SLUG/coded_texts, so "
        "that codings by offsets or turn numbers alone follow when a transcript is corrected. "
        "Decisions in adjudications.csv that only offsets hold in place follow likewise. "
        "Coders whose texts are kept already, by a pack or an earlier call, are left as they are.",
    )
    keep.add_argument("slug", metavar="SLUG", help="the site's folder name")
    keep.add_argument(
        "--coder",
        default="",
        metavar="NAME",
        help="what NAME sent counts in the texts as they are now, whatever was written down before",
    )
    keep.add_argument(
        "--blot",
        action="store_true",
        help="blot out in kept texts what looks like an identifier and was taken out of the "
        "transcripts since",
    )
    add_study(keep)
    keep.set_defaults(func=run_keep)


def run(arguments: argparse.Namespace) -> int:
    """Add the site, then check it; 1 where its data have errors."""
    from themetrail.check import check_site
    from themetrail.config import load
    from themetrail.errors import InputError, Problems
    from themetrail.exclusions import read_dropped
    from themetrail.reporting import counted, report
    from themetrail.sites import add_site

    root, source = study_root(arguments), arguments.source
    if source is not None and not source.is_dir():
        message = f"{source}: there is no such folder"
        raise InputError(message)
    names = ("setting", "wave", "added", "note")
    row = {name: getattr(arguments, name) for name in names}
    row |= {"site": arguments.slug, "label": arguments.label or arguments.slug, "status": "active"}
    handover = add_site(root, row, source, id_column=arguments.id_column)
    slug = arguments.slug
    print(f"Site {slug} is in data/{slug} and in config/sites.tsv.")
    for sentence in _first(handover.says):
        print(f"  {sentence}")
    if handover.left:
        left = ", ".join(sorted(handover.left))
        print(f"Not copied, since they are no part of a site: {left}")
        print("  (coders' tables and documents belong into a folder 'codings')")
    if not list((root / "data" / slug / "transcripts").glob("*")):
        print(
            f"Put transcripts into data/{slug}/transcripts, codings into data/{slug}/codings and "
            f"people into data/{slug}/participants.csv, then: themetrail check"
        )
        return 0
    study, _ = load(root)
    looked = check_site(study, slug, read_dropped(root, Problems()))
    held = _keep_unkept(looked, root, study, slug)
    if held:
        print(
            f"{counted(held, 'text')} kept in data/{slug}/coded_texts, since offsets or turn "
            "numbers alone say where some codings are: they follow when a transcript is corrected."
        )
        looked = check_site(study, slug, read_dropped(root, Problems()))
    coded = looked.coverage["transcript_id"].nunique()
    coders = counted(looked.coverage["coder"].nunique(), "coder")
    number = len(looked.transcripts)
    print(
        f"{counted(number, 'transcript')}, {coders}; "
        f"{counted(number - coded, 'transcript')} waiting to be coded."
    )
    print(report(looked.problems, notes=True))
    broken = bool(looked.problems.errors)
    print(
        f"Mend these in data/{slug}, then: themetrail check"
        if broken
        else "Next: themetrail run --dry, then themetrail run"
    )
    return 1 if broken else 0


def _first(sentences: list[str]) -> list[str]:
    """Sentences, the first twelve."""
    return [*sentences[:12], *([f"and {len(sentences) - 12} more"] if sentences[12:] else [])]


def _keep_unkept(looked: Looked, root: Path, study: StudyConfig, slug: str) -> int:
    """Keep the texts of codings and decisions that only numbers hold in place; how many."""
    from themetrail.coding.kept import keep
    from themetrail.coding.site import transcripts_of
    from themetrail.consensus import held_by_offsets

    tables = looked.transcripts, looked.turns
    texts = transcripts_of(*tables)
    pairs = [(coder, texts[name]) for coder, name in sorted(looked.unkept)]
    pairs += held_by_offsets(root, slug, *tables, study.codebook)
    return keep(root / "data" / slug, root, pairs) if pairs else 0


def run_keep(arguments: argparse.Namespace) -> int:
    """Keep the site's texts for every coder who has coded them."""
    from themetrail.check import check_site
    from themetrail.coding.kept import keep, listed
    from themetrail.coding.kept_gate import blot
    from themetrail.coding.site import transcripts_of
    from themetrail.config import load
    from themetrail.consensus import held_by_offsets
    from themetrail.errors import InputError, Problems, did_you_mean
    from themetrail.exclusions import read_dropped
    from themetrail.reporting import counted

    root, slug = study_root(arguments), arguments.slug
    study, _ = load(root)
    names = [known.site for known in study.sites]
    if slug not in names:
        message = f"no site {slug!r}. {did_you_mean(slug, names)}"
        raise InputError(message)
    looked = check_site(study, slug, read_dropped(root, Problems()))
    texts = transcripts_of(looked.transcripts, looked.turns)
    folder = root / "data" / slug
    if arguments.blot:
        number = blot(folder, root, texts, looked.settings)
        print(f"blotted out: {counted(number, 'place')} in data/{slug}/coded_texts")
        return 0
    known, anew = listed(folder, root), arguments.coder
    coded = looked.coverage[looked.coverage["n_spans"] > 0]
    coders = {*map(str, looked.coverage["coder"]), *(coder for coder, _ in known)}
    if anew and anew not in coders:
        message = f"no codings of {anew!r} at {slug}. {did_you_mean(anew, coders)}"
        raise InputError(message)
    theirs = zip(map(str, coded["coder"]), map(str, coded["transcript_id"]), strict=True)
    # What was written down counts as coded, even where none of it could be placed any more.
    wanted = {
        pair for pair in [*theirs, *known] if (pair[0] == anew if anew else pair not in known)
    }
    pairs = [(coder, texts[name]) for coder, name in sorted(wanted) if name in texts]
    if not anew:
        pairs += held_by_offsets(root, slug, looked.transcripts, looked.turns, study.codebook)
    number = keep(folder, root, pairs) if pairs else 0
    print(f"kept: {counted(number, 'text')} that coders have coded, in data/{slug}/coded_texts")
    return 0

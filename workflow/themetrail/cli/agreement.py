"""``themetrail agreement``: coefficients of any ratings, spans or coders' files."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

EPILOG = """\
one table of ratings (CSV, TSV, XLSX): a row a unit, a column a coder, blank = missing; a first
  column named unit, item, id or the like holds unit ids
    themetrail agreement ratings.csv --level ordinal --categories 1,2,3,4,5 --replicates 2000
spans of one text: columns coder, start, end, code
    themetrail agreement spans.csv --spans --length 12000
two or more coders' files (CSV, XLSX, QDPX, …) and the folder of their transcripts
    themetrail agreement anna.csv ben.qdpx --transcripts interviews/ --replicates 2000
"""


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "agreement",
        help="agreement of any ratings, spans or coders' files",
        description="Agreement coefficients with intervals, outside a study.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--level", default="nominal", choices=("nominal", "ordinal", "interval", "ratio", "set")
    )
    parser.add_argument(
        "--categories",
        type=_names,
        metavar="A,B,…",
        help="the declared categories in order; of two, the last is the positive one",
    )
    parser.add_argument(
        "--statistics", type=_names, metavar="NAME,…", help="only these (default: all that suit)"
    )
    parser.add_argument("--unit", metavar="COL", help="the column of unit ids")
    parser.add_argument("--cluster", metavar="COL", help="the column of clusters (transcripts)")
    parser.add_argument(
        "--replicates", type=_count, default=0, metavar="N", help="bootstrap replicates"
    )
    parser.add_argument("--seed", type=_count, default=0, help="of the bootstrap (default: 0)")
    parser.add_argument("--confidence", type=_share, default=0.95, help="default: 0.95")
    parser.add_argument(
        "--interval",
        choices=("analytic", "jackknife", "percentile", "bca"),
        help="default: analytic, or percentile with --replicates",
    )
    parser.add_argument(
        "--scale",
        choices=("landis_koch", "altman", "mchugh", "krippendorff"),
        help="add the probability of each of the scale's bands",
    )
    parser.add_argument("--spans", action="store_true", help="the file lists spans of one text")
    parser.add_argument(
        "--length", type=_count, metavar="N", help="with --spans: characters of the text"
    )
    parser.add_argument(
        "--coders",
        type=_names,
        metavar="A,B,…",
        help="with --spans: all who judged the text, those who marked nothing included",
    )
    parser.add_argument(
        "--transcripts", type=Path, metavar="DIR", help="with coders' files: what they coded"
    )
    parser.add_argument(
        "--by",
        default="turn",
        choices=("turn", "sentence", "document"),
        help="with coders' files: the unit (default: turn of a participant)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(func=run, misuse=parser.error)


def _names(text: str) -> list[str]:
    """Names between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _count(text: str) -> int:
    """A whole number from 0."""
    if not text.isascii() or not text.isdigit():
        message = f"{text!r} is no whole number from 0"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _share(text: str) -> float:
    """A number between 0 and 1."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < 1:
        message = f"{text!r} is no number between 0 and 1"
        raise argparse.ArgumentTypeError(message)
    return number


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 1 where a file has problems, 2 where options do not go together."""
    from themetrail.reliability import appendix

    misuse = _misuse(arguments)
    if misuse:
        arguments.misuse(misuse)
    if arguments.spans:
        result = appendix.of_spans(arguments.files[0], arguments.length, arguments)
    elif arguments.transcripts is not None:
        result = appendix.of_coded_files(arguments.files, arguments)
    else:
        result = appendix.of_ratings(arguments.files[0], arguments)
    print(result.as_json() if arguments.json else result.as_text())
    return 1 if result.errors else 0


def _misuse(arguments: argparse.Namespace) -> str:
    """What is wrong with the options; empty where nothing is."""
    if arguments.spans and arguments.length is None:
        return "--spans needs --length, the number of characters of the text"
    if arguments.length is not None and not arguments.spans:
        return "--length goes with --spans"
    if arguments.coders is not None and not arguments.spans:
        return "--coders goes with --spans"
    if arguments.transcripts is not None and arguments.spans:
        return "--spans and --transcripts exclude each other"
    if len(arguments.files) > 1 and arguments.transcripts is None:
        return "several files are coders' files: they need --transcripts DIR"
    if len(arguments.files) > 1 and arguments.spans:
        return "--spans reads one file"
    if arguments.interval in ("percentile", "bca") and arguments.replicates == 0:
        return f"a {arguments.interval} interval needs --replicates"
    return ""

"""The ``themetrail`` command: a thin, friendly front on Snakemake and the package."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from themetrail import __version__
from themetrail.errors import ThemetrailError, system_error

# A module a command; each has ``add_parser(subparsers)`` and is cheap to import.
COMMANDS = (
    "run",
    "check",
    "status",
    "site",
    "facts",
    "why",
    "verify",
    "release",
    "compare",
    "acknowledge",
    "withdraw",
    "agreement",
    "pack",
    "machine",
    "convert",
    "export",
    "codebook",
)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="themetrail",
        description="A qualitative interview study as a reproducible pipeline.",
        epilog="Exit status: 0 done and nothing wrong; 1 the study has problems or a check "
        "failed; 2 the command was used wrongly.",
    )
    parser.add_argument("--version", action="version", version=f"themetrail {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"themetrail.cli.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.func(arguments))
    except ThemetrailError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the next run goes on from here", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        sys.stderr.close()
        return 0
    except OSError as error:
        print(system_error(error), file=sys.stderr)
        return 1

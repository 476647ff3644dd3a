"""What analysts write down beside the codings, in tab-separated files of ``data/``.

The interview guide and which of its questions were put in which interview; and, for meaning
saturation, which facets of a code an interview brought. All are optional.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from themetrail.contracts import CODE_MEANINGS, INTERVIEW_GUIDE, QUESTIONS_ASKED, Contract
from themetrail.errors import Problem, Problems, did_you_mean

GUIDE = "data/interview_guide.tsv"
ASKED = "data/questions_asked.tsv"
MEANINGS = "data/code_meanings.tsv"
FILES = (GUIDE, ASKED, MEANINGS)

Row = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Notes:
    """Rows of the three files, each with its line; none where a study lacks the file."""

    guide: tuple[Row, ...] = ()
    asked: tuple[Row, ...] = ()
    meanings: tuple[Row, ...] = ()


def read_notes(root: Path) -> tuple[Notes, list[Problem]]:
    """Read a study's guide, what was asked, and the meanings of codes."""
    problems = Problems()
    wanted: Sequence[tuple[str, Contract]] = (
        (GUIDE, INTERVIEW_GUIDE),
        (ASKED, QUESTIONS_ASKED),
        (MEANINGS, CODE_MEANINGS),
    )
    read = [tuple(read_rows(root, file, contract, problems)) for file, contract in wanted]
    return Notes(*read), problems.rows


def read_rows(root: Path, file: str, contract: Contract, problems: Problems) -> list[Row]:
    """Rows of a tab-separated file with their line; none without it or its needed columns."""
    if not (root / file).exists():
        return []
    try:
        text = (root / file).read_text(encoding="utf-8-sig")
        reader = csv.DictReader(text.splitlines(), delimiter="\t")
        found = [name for name in reader.fieldnames or [] if name]
        missing = [c.name for c in contract.columns if c.name not in found and not c.optional]
        for name in missing:
            hint = did_you_mean(name, found) or "Separate by tabs."
            problems.add("error", "missing_column", file, f"no column {name!r}", hint, line=1)
        if missing:
            return []
        return [
            (reader.line_num, {name: (row.get(name) or "").strip() for name in contract.names})
            for row in reader
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"can't be read as tab-separated UTF-8 text: {error}"
        problems.add("error", "unreadable", file, message)
        return []

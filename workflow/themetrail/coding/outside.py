"""Read one coder's file of any format outside a study."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.coding.files import read_file
from themetrail.coding.model import CodedFile, FoundCode
from themetrail.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "coder",
    "source",
    "start",
    "end",
    "code",
    "quote",
    "memo",
    "coded_at",
    "turn",
    "prefix",
    "suffix",
    "row",
)


@dataclass(frozen=True)
class CodingTables:
    """What a coder's file holds.

    Attributes
    ----------
    kind : csv, tsv, xlsx, qdpx, …
    spans : one row a coding: coder, source (the document's name), start and end (code points of
        the file's own text, half-open; missing where the file gives words only), code, quote,
        memo, coded_at, turn, prefix, suffix, row (line or position in the file).
    texts : the file's own copies of the texts by document name, LF line ends.
    codes : its own codebook; for a format without one, the codes that were used.
    users : names of the users it records.
    problems : everything in it that could not be read.
    """

    kind: str
    spans: pd.DataFrame
    texts: dict[str, str]
    codes: list[FoundCode]
    users: list[str]
    problems: list[Problem]


def read_coding(path: str | Path, *, coder: str | None = None) -> CodingTables:
    """Read a coder's file of any format.

    Parameters
    ----------
    path : the file.
    coder : who coded; by default the users that the file records, else the file's stem.

    Returns
    -------
    tables : the codings as the file has them, not placed on any transcript.
    """
    import pandas as pd

    file = Path(path)
    found = read_file(file, file.name, file.stem)
    rows = [
        (
            coder or mark.user or file.stem,
            mark.source,
            mark.start,
            mark.end,
            mark.code,
            mark.quote,
            mark.memo,
            mark.coded_at,
            mark.turn,
            mark.prefix,
            mark.suffix,
            mark.row,
        )
        for mark in found.marks
    ]
    spans = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("start", "end", "turn", "row"):
        spans[name] = spans[name].astype("Int64")
    texts = {copy.source: copy.text for copy in found.texts.values()}
    return CodingTables(found.kind, spans, texts, _codes(found), found.users, list(found.problems))


def _codes(found: CodedFile) -> list[FoundCode]:
    used = dict.fromkeys(mark.code for mark in found.marks)
    return found.codes or [FoundCode(name, (name,)) for name in used]

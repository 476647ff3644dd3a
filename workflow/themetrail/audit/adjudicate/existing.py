"""The decisions that a site's ``adjudications.csv`` holds already, as the page gives them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from themetrail.coding.sheets import read_delimited
from themetrail.consensus.adjudications import NAME
from themetrail.errors import InputError
from themetrail.exclusions import Dropped, stems_of_dropped
from themetrail.manifest import people_of

KEY = "transcript_id"


def existing_rows(root: Path, site: str, withdrawn: Collection[str]) -> dict[str, Any]:
    """A site's rows as its file has them, every column kept.

    Parameters
    ----------
    root : the study folder.
    site : the site's folder name.
    withdrawn : transcripts of people who withdrew; rows about them are not in the page.

    Returns
    -------
    ``header``, ``rows`` (as long as the header), ``left_out`` (how many rows), and ``trouble``:
    why the file can't be read, where it can't; its site can't be saved then, lest a row be lost.
    """
    path = root / "data" / site / NAME
    empty: dict[str, Any] = {"header": [], "rows": [], "left_out": 0, "trouble": ""}
    if not path.is_file():
        return empty
    try:
        sheet = read_delimited(path.read_bytes(), f"data/{site}/{NAME}")
    except (OSError, InputError) as error:
        return {**empty, "trouble": str(error)}
    width = len(sheet.header)
    trouble = "; ".join(problem.message for problem in sheet.problems.errors)
    if any(len(cells) > width for _, cells in sheet.rows):
        trouble = trouble or "a row has more fields than the header"
    names = [name.casefold().replace(" ", "_") for name in sheet.header]
    at = names.index(KEY) if KEY in names else -1
    rows = [[*cells, *[""] * (width - len(cells))] for _, cells in sheet.rows]
    kept = [row for row in rows if at < 0 or row[at].strip() not in withdrawn]
    return {
        "header": sheet.header,
        "rows": kept,
        "left_out": len(rows) - len(kept),
        "trouble": trouble,
    }


def withdrawn_transcripts(
    root: Path, sites: Iterable[str], dropped: Sequence[Dropped]
) -> frozenset[str]:
    """Transcripts of people who withdrew; those merely excluded may come back, and stay."""
    rows = [row for row in dropped if row.why == "withdrawn"]
    gone = [stems_of_dropped(rows, people_of(root / "data" / site)) for site in sites]
    return frozenset().union(*gone) if rows else frozenset()

"""The framework matrix as a workbook: an overview with links, and one sheet a theme.

Words come from transcripts and analysts: every cell is text, whatever it begins with, and the
same tables give the same bytes.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.config import Codebook, Theme
from themetrail.synthesis.base import split
from themetrail.synthesis.room import UNLIMITED, first_words, room
from themetrail.tables import records, whole

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHARACTERS = 32_000
"""A cell holds 32,767; the rest is left for the sentence that says that it was cut."""
MOST_WORDS = 20_000_000
"""Characters of excerpts in all sheets together; a spreadsheet opens no more in good time."""
EPOCH = datetime.datetime(2000, 1, 1)  # noqa: DTZ001
OVERVIEW = "Overview"
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
# XML can't hold these; their pictures (U+2400 on) show that they were there.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = {"Person": 12, "Site": 14, "Segments": 10, "Codes": 34, "Summary": 60, "Excerpts": 80}


@dataclass(frozen=True)
class Matrix:
    """What the workbook shows.

    Attributes
    ----------
    table : contract ``framework_matrix``.
    themes, codebook : the study's.
    title, notice : what stands above the overview, for instance that the data are fictional.
    sites : folder name to label.
    excerpts : segment_id to its words, for the team; none in what is public.
    """

    table: pd.DataFrame
    themes: Sequence[Theme]
    codebook: Codebook
    title: str
    notice: str = ""
    sites: Mapping[str, str] = field(default_factory=dict)
    excerpts: Mapping[str, str] = field(default_factory=dict)


def excerpts_for(
    audience: str, segments: pd.DataFrame, transcripts: pd.DataFrame
) -> dict[str, str]:
    """Words of each segment where the workbook is for the team; none for the public."""
    if audience != "team":
        return {}
    texts = dict(zip(transcripts["transcript_id"], transcripts["text"], strict=True))
    return {
        row["segment_id"]: texts[row["transcript_id"]][row["start"] : row["end"]]
        for row in records(segments)
    }


def notice_for(audience: str, *, demonstration: bool) -> str:
    """What a reader must know first."""
    parts = []
    if demonstration:
        parts.append("Demonstration: every person and every word is fictional.")
    if audience == "team":
        parts.append("For the study team only: words of transcripts are in it.")
    return " ".join(parts)


def write_workbook(matrix: Matrix, path: str | Path) -> None:
    """Write the matrix as XLSX, whole or not at all.

    Rows of a theme's sheet are people; filters on every column, heads and names in view while
    scrolling, links from each cell of the overview to its row.
    """
    from openpyxl.workbook import Workbook

    book = Workbook()
    titles = _titles(matrix.themes)
    cells = {(r["participant_id"], r["theme"]): r for r in records(matrix.table)}
    people = list(dict.fromkeys(key[0] for key in cells))
    overview = book.active
    most = room((sum(map(len, excerpts_of(cell, matrix))) for cell in cells.values()), MOST_WORDS)
    _overview(overview, matrix, people, cells, titles)  # type: ignore[arg-type]
    if most < UNLIMITED:
        _put(overview, 4, 1, _cut_at(most))  # type: ignore[arg-type]
    for theme in matrix.themes:
        sheet = book.create_sheet(titles[theme.id])
        _theme(sheet, matrix, theme, [cells[person, theme.id] for person in people], most)
    book.properties.creator = "Themetrail"
    book.properties.created = EPOCH
    with whole(path) as part:
        part.write_bytes(_same_bytes(book))


def _titles(themes: Sequence[Theme]) -> dict[str, str]:
    """Theme to a sheet's title: at most 31 characters, none twice, none that Excel refuses."""
    taken = {OVERVIEW.casefold(), "history"}
    titles = {}
    for theme in themes:
        plain = _NOT_IN_TITLES.sub(" ", f"{theme.id} {theme.title}").translate(_CONTROLS).strip()
        title, number = _cut(plain, 31), 2
        while title.casefold() in taken:
            tail = f" {number}"
            title, number = _cut(plain, 31 - len(tail)) + tail, number + 1
        taken.add(title.casefold())
        titles[theme.id] = title
    return titles


def _cut(text: str, most: int) -> str:
    """A text of at most so many characters, whole words where it has several."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].strip() if " " in text[:most] else text[:most]


def _overview(
    sheet: Worksheet,
    matrix: Matrix,
    people: Sequence[str],
    cells: Mapping[tuple[str, str], Mapping[str, Any]],
    titles: Mapping[str, str],
) -> None:
    """People × themes: how many segments, and whether the summary is current; each a link."""
    sheet.title = OVERVIEW
    _put(sheet, 1, 1, f"Framework matrix: {matrix.title}", bold=True)
    _put(sheet, 2, 1, matrix.notice)
    _put(
        sheet,
        3,
        1,
        "Segments of each person on each theme, and the state of the summary. Summaries are "
        "written in data/framework_summaries.tsv; the column Evidence holds the value to copy.",
    )
    head = 5
    for column, name in enumerate(["Person", "Site", *(t.id for t in matrix.themes)], start=1):
        _put(sheet, head, column, name, bold=True, fill="DDE5EA")
    for row, person in enumerate(people, start=1):
        own = [cells[person, theme.id] for theme in matrix.themes]
        _put(sheet, head + row, 1, person, bold=True)
        if own:
            _put(sheet, head + row, 2, matrix.sites.get(own[0]["site"], own[0]["site"]))
        for column, cell in enumerate(own, start=3):
            words = f"{cell['n_segments']} · {cell['status']}"
            _put(sheet, head + row, column, words, fill=_FILLS.get(cell["status"], ""))
            _link(sheet, head + row, column, titles[cell["theme"]], row + _HEAD)
    _frame(sheet, head, len(people), 2 + len(matrix.themes), "C")
    for column in range(1, 3 + len(matrix.themes)):
        sheet.column_dimensions[_letter(column)].width = 14


_FILLS = {"stale": "FCE4C4", "to write": "FFF8DC", "current": "E2F0E5"}
_HEAD = 4


def _theme(
    sheet: Worksheet, matrix: Matrix, theme: Theme, cells: Sequence[Mapping[str, Any]], most: int
) -> None:
    """One theme: a row for each person."""
    _put(sheet, 1, 1, f"{theme.id} {theme.title}", bold=True)
    _put(sheet, 2, 1, theme.claim)
    _put(sheet, 3, 1, "Overview")
    _link(sheet, 3, 1, OVERVIEW, 1)
    heads = ["Person", "Site", "Segments", "Codes", "Summary", "Status", "Evidence", "Segment ids"]
    if matrix.excerpts:
        heads.append("Excerpts")
    for column, name in enumerate(heads, start=1):
        _put(sheet, _HEAD, column, name, bold=True, fill="DDE5EA")
        sheet.column_dimensions[_letter(column)].width = _WIDTHS.get(name, 16)
    for row, cell in enumerate(cells, start=_HEAD + 1):
        for column, value in enumerate(_values(cell, matrix, most), start=1):
            _put(sheet, row, column, value, wrap=True)
        _put(sheet, row, 6, cell["status"], fill=_FILLS.get(cell["status"], ""))
    _frame(sheet, _HEAD, len(cells), len(heads), "B")


def _cut_at(most: int) -> str:
    """What the overview says where excerpts are cut."""
    return (
        f"So that this workbook opens, each cell of excerpts stops after {most:,} characters and "
        "says so; the transcripts hold every passage, and the column Segment ids names them all."
    )


def excerpts_of(cell: Mapping[str, Any], matrix: Matrix) -> list[str]:
    """Words of a cell's passages, where the matrix has them."""
    names = split(cell["segment_ids"])
    return [matrix.excerpts[name] for name in names if name in matrix.excerpts]


def _values(cell: Mapping[str, Any], matrix: Matrix, most: int) -> Iterator[str | int]:
    """The cells of one person's row."""
    yield cell["participant_id"]
    yield matrix.sites.get(cell["site"], cell["site"])
    yield int(cell["n_segments"])
    yield ", ".join(matrix.codebook.label(code) for code in split(cell["codes"]))
    yield cell["summary"]
    yield cell["status"]
    yield cell["evidence"]
    yield cell["segment_ids"]
    if matrix.excerpts:
        shown, missing = first_words(excerpts_of(cell, matrix), most)
        rest = [f"({missing:,} more or cut short)"] if missing else []
        yield "\n\n".join([*shown, *rest])


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | int,
    *,
    bold: bool = False,
    fill: str = "",
    wrap: bool = False,
) -> None:
    """Set a cell: numbers as numbers, words as words, never a formula."""
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = sheet.cell(row, column)
    if isinstance(value, int):
        cell.value = value
    else:
        words = value.translate(_CONTROLS)
        if len(words) > MOST_CHARACTERS:
            words = words[:MOST_CHARACTERS] + " … (cut: longer than a cell of a workbook holds)"
        cell.value = words
        cell.data_type = "s"
        # Or a spreadsheet would read it as a formula once someone edits the cell.
        cell.quotePrefix = words.startswith(_FORMULA_LIKE)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    if bold:
        cell.font = Font(bold=True)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)


def _link(sheet: Worksheet, row: int, column: int, target: str, target_row: int) -> None:
    """Make a cell a link to a row of another sheet."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell = sheet.cell(row, column)
    place = f"'{target}'!A{target_row}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=str(cell.value))
    cell.font = Font(underline="single", color="1F4E79")


def _frame(sheet: Worksheet, head: int, n_rows: int, n_columns: int, free: str) -> None:
    """Filters under the heads; heads and first columns stay in view; print across the page."""
    sheet.auto_filter.ref = f"A{head}:{_letter(n_columns)}{head + n_rows}"
    sheet.freeze_panes = f"{free}{head + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"{head}:{head}"


def _letter(column: int) -> str:
    """A column's letters."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def _same_bytes(book: Workbook) -> bytes:
    """The workbook's file without the hour of its making."""
    raw, done = io.BytesIO(), io.BytesIO()
    book.save(raw)
    stamp = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = stamp.sub(rb"\g<1>" + EPOCH.isoformat().encode() + b"Z", data)
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return done.getvalue()

"""PDF files with a text layer."""

from __future__ import annotations

import io
import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from themetrail.intake.decode import lines_normalised
from themetrail.intake.document import Document, Remark, Unreadable

MAX_PAGES = 2_000
# How far from a page's top and bottom its running lines are looked for.
_MARGIN_LINES = 3
_NUMBERED = re.compile(r"\s*(\d{1,5})(?=\s|$)")


def read_pdf(data: bytes) -> Document:
    """Read a PDF's text, without its running headers, footers, page numbers and line numbers.

    Raises
    ------
    Unreadable
        Not a PDF, damaged, encrypted, or without text (a scan).
    """
    pages = _pages(data)
    if not any(page.strip() for page in pages):
        message = "holds no text; it may be a scan"
        raise Unreadable(message, "Recognise its text (OCR) first.", kind="no_text_layer")
    lines = [page.split("\n") for page in map(lines_normalised, pages)]
    kept, removed = without_running_lines(lines)
    flat, numbers = without_line_numbers([line for page in kept for line in page])
    message = "is a PDF: the spaces and line ends of its text are those of the page"
    if removed or numbers:
        message += f"; {removed} running lines and {numbers} line numbers were left out"
    remedy = "Prefer the file that it was made from."
    remark = Remark("note", "pdf_text", message, remedy)
    return Document("\n".join(flat), "pdf", "pdf", remarks=(remark,))


def _pages(data: bytes) -> list[str]:
    """The text of each page."""
    from pypdf import PdfReader

    # What pypdf says of a damaged file repeats some of its bytes.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
        texts = [page.extract_text() for page in reader.pages] if 0 < count <= MAX_PAGES else []
    except Exception:  # noqa: BLE001  # pypdf raises anything at all on damaged files
        message = "is not a readable PDF, or damaged"
        raise Unreadable(message, "Save it again, or as .docx.", kind="corrupt_file") from None
    if locked:
        message = "is protected by a password"
        raise Unreadable(message, "Save it without one.", kind="corrupt_file")
    if count > MAX_PAGES:
        message = f"has more than {MAX_PAGES} pages"
        raise Unreadable(message, "This is no transcript.", kind="hostile_file")
    return texts


def without_running_lines(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], int]:
    """Leave out headers, footers and page numbers.

    A line goes where it stands at one place within three lines of the top or bottom of more than
    half of the pages, the same but for numbers that go up with the pages; without such a number it
    must stand on three pages at least.

    Returns
    -------
    pages, removed : the lines that stay, and how many went.
    """
    places: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for place, index in _margin(page):
            places[place, _shape(page[index])].append((number, index))
    running: set[tuple[int, int]] = set()
    for lines in places.values():
        steady, paged = _numbers_go_with_pages([(n, pages[n][index]) for n, index in lines])
        if steady and 2 * len(lines) > len(pages) and len(lines) >= (2 if paged else 3):
            running.update(lines)
    kept = [
        [line for index, line in enumerate(page) if (number, index) not in running]
        for number, page in enumerate(pages)
    ]
    return kept, len(running)


def _margin(page: Sequence[str]) -> list[tuple[int, int]]:
    """The places (0, 1, … from the top, -1, -2, … from the bottom) and indices of outer lines."""
    filled = [index for index, line in enumerate(page) if line.strip()]
    top = list(enumerate(filled[:_MARGIN_LINES]))
    bottom = [(-place, filled[-place]) for place in range(1, min(_MARGIN_LINES, len(filled)) + 1)]
    return top + bottom


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _numbers_go_with_pages(lines: Sequence[tuple[int, str]]) -> tuple[bool, bool]:
    """Whether every number of a recurring line stays or counts the pages; whether one counts."""
    columns = zip(*([int(n) for n in re.findall(r"\d+", line)] for _, line in lines), strict=True)
    paged = False
    for column in columns:
        ahead = {value - page for value, (page, _) in zip(column, lines, strict=True)}
        if len(ahead) == 1 and len(lines) > 1:
            paged = True
        elif len(set(column)) > 1:
            return False, False
    return True, paged


def without_line_numbers(lines: Sequence[str]) -> tuple[list[str], int]:
    """Leave out the numbers of a text whose lines are numbered.

    Lines count as numbered where nine in ten of those with words begin with a number that is one
    (or five) more than the last.

    Returns
    -------
    lines, removed : the lines, and how many numbers went.
    """
    filled = [line for line in lines if line.strip()]
    matches = [_NUMBERED.match(line) for line in filled]
    numbers = [int(match.group(1)) for match in matches if match]
    if len(numbers) < 10 or 10 * len(numbers) < 9 * len(filled):
        return list(lines), 0
    steps = sum(1 for a, b in pairwise(numbers) if b - a == 1)
    if 10 * steps < 9 * (len(numbers) - 1):
        return list(lines), 0
    return [_NUMBERED.sub("", line, count=1).lstrip(" ") for line in lines], len(numbers)

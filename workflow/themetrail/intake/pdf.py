"""PDF files with a text layer."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from themetrail.intake.decode import lines_normalised
from themetrail.intake.document import Document, Remark, Unreadable

MAX_PAGES = 2_000
# How far from a page's top and bottom its running lines are looked for.
_MARGIN_LINES = 3
_PAGE_NUMBER = re.compile(
    r"\s*(?:page\s*)?[-–]?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*[-–]?\s*", re.I
)
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

    A line within three of a page's top or bottom goes where it is a page number, or where, its
    digits aside, it stands in that margin on more than half of at least three pages.

    Returns
    -------
    pages, removed : the lines that stay, and how many went.
    """
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in _margins(page)})
    running = {
        shape for shape, times in seen.items() if shape and times >= 3 and 2 * times > len(pages)
    }
    kept = []
    for page in pages:
        margins = _margin_indices(page)
        kept.append(
            [
                line
                for index, line in enumerate(page)
                if index not in margins
                or not (_shape(line) in running or _lone_number(line, index, page))
            ]
        )
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _margin_indices(page: Sequence[str]) -> set[int]:
    filled = [index for index, line in enumerate(page) if line.strip()]
    return {*filled[:_MARGIN_LINES], *filled[-_MARGIN_LINES:]}


def _margins(page: Sequence[str]) -> list[str]:
    return [page[index] for index in sorted(_margin_indices(page))]


def _lone_number(line: str, index: int, page: Sequence[str]) -> bool:
    """Whether a line is a page number: nothing else, and the first or last of its page."""
    filled = [i for i, other in enumerate(page) if other.strip()]
    return index in {filled[0], filled[-1]} and _PAGE_NUMBER.fullmatch(line) is not None


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


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

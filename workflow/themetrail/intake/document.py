"""What a reader of a format gives: the canonical text and what only the format knew about it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from themetrail.errors import Severity, ThemetrailError


class Unreadable(ThemetrailError):  # noqa: N818  # a state of a file, turned into a problem row
    """A file that cannot be read, with the slug of the problem it becomes."""

    def __init__(
        self, message: str, remedy: str = "", *, kind: str, line: int | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.remedy = remedy
        self.line = line


@dataclass(frozen=True)
class Remark:
    """Something a reader noticed and was not sure of; becomes a problem row.

    ``offset`` is a position in the canonical text, or None where the remark is about the file.
    """

    severity: Severity
    kind: str
    message: str
    remedy: str = ""
    offset: int | None = None


@dataclass(frozen=True)
class Mark:
    """A speaker label that the format itself shows (a voice tag, a bold name, a table's column).

    Attributes
    ----------
    at : offset of the first character of the line or paragraph that the label opens.
    label : the speaker as the file has it.
    said : offset at which the words begin.
    sure : False for a mere bold beginning, which need not be a name.
    """

    at: int
    label: str
    said: int
    sure: bool = True


@dataclass(frozen=True)
class Document:
    r"""One file, read.

    Attributes
    ----------
    text : canonical text: ``\n`` line ends, characters otherwise as they are.
    format : the format's usual extension.
    encoding : how the bytes were decoded.
    marks : labels that the format shows, by position.
    complete : the marks are all labels there are; the text is not searched for more.
    line_starts, file_lines : offsets into ``text``, ascending, and the file's line at each; empty
        where the text's own lines are the file's.
    paragraphs : every line is a paragraph of its own (word processors), rather than every block
        between blank lines (plain text).
    duration_min : minutes, where the format tells; else None.
    remarks : what the reader was unsure of.
    aside : what the file holds beside its text (comments, headers, deletions, properties), for the
        disclosure gate alone.
    """

    text: str
    format: str
    encoding: str
    marks: tuple[Mark, ...] = ()
    complete: bool = False
    line_starts: Sequence[int] = ()
    file_lines: Sequence[int] = ()
    paragraphs: bool = False
    duration_min: float | None = None
    remarks: tuple[Remark, ...] = ()
    aside: str = ""

    def line(self, offset: int) -> int:
        """The 1-based line of the file at an offset of the text."""
        if self.line_starts:
            return self.file_lines[max(bisect_right(self.line_starts, offset) - 1, 0)]
        return self.text.count("\n", 0, offset) + 1

"""Paragraphs and tables of a word processor, laid out as canonical text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from themetrail.intake.document import Document, Mark, Remark

# A paragraph's text, and how many of its first characters are bold.
Paragraph = tuple[str, int]
Cell = list[Paragraph]

_SPEAKER_HEADS = {"speaker", "name", "who", "speaker name", "person"}
_TEXT_HEADS = {"content", "text", "transcript", "utterance", "speech", "said", "dialogue", "words"}


def paragraph_of(pieces: Iterable[tuple[str, bool]]) -> Paragraph:
    """A paragraph from runs of text, each bold or not."""
    parts = list(pieces)
    text = "".join(part for part, _ in parts)
    if not any(is_bold and part.strip() for part, is_bold in parts):
        return text, 0
    bold = 0
    for part, is_bold in parts:
        if not is_bold and part.strip():
            break
        bold += len(part)
    return text, bold


@dataclass
class Flow:
    """Canonical text as it grows, paragraph by paragraph."""

    parts: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    length: int = 0

    def add(self, paragraph: Paragraph) -> None:
        """Append one paragraph on a line of its own."""
        text, bold = paragraph
        text = text.replace("\r", "\n")
        at = self._append(text)
        label = text[:bold].strip().strip("[]").rstrip(":").strip()
        if label and len(label) <= 60 and text[bold:].strip():
            self.marks.append(Mark(at, label, at + bold, sure=False))

    def add_table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Append a table: a row a line, cells separated by tabs.

        A table with a column of speakers marks each row's label; its header row is left out.
        """
        cells = [["\n".join(text for text, _ in cell) for cell in row] for row in rows]
        columns = speaker_columns(cells)
        for number, row in enumerate(cells):
            if columns is None:
                self._append("\t".join(row))
                continue
            who, what, has_header = columns
            if has_header and number == 0:
                continue
            label = row[who].strip() if who < len(row) else ""
            said = row[what].strip() if what < len(row) else ""
            if not label and not said:
                continue
            prefix = f"{' '.join(label.rstrip(':').split())}: " if label else ""
            at = self._append(prefix + said)
            if label:
                self.marks.append(Mark(at, prefix[:-2], at + len(prefix)))

    def document(
        self, format: str, encoding: str, remarks: tuple[Remark, ...] = (), aside: str = ""
    ) -> Document:
        """The finished document."""
        return Document(
            "\n".join(self.parts), format, encoding, tuple(self.marks), paragraphs=True,
            remarks=remarks, aside=aside,
        )  # fmt: skip

    def _append(self, text: str) -> int:
        at = self.length
        self.parts.append(text)
        self.length += len(text) + 1
        return at


def speaker_columns(rows: Sequence[Sequence[str]]) -> tuple[int, int, bool] | None:
    """Which columns of a table hold the speaker and the words, and whether a header says so.

    Without a header, a table of two to four columns counts when one column holds at most a third
    as many different short values as it has rows.

    Returns
    -------
    (speaker column, words column, has a header row), or None where it is an ordinary table.
    """
    width = max((len(row) for row in rows), default=0)
    if width < 2 or not rows:
        return None
    heads = [cell.strip().rstrip(":").casefold() for cell in rows[0]]
    who = next((i for i, head in enumerate(heads) if head in _SPEAKER_HEADS), None)
    what = next((i for i, head in enumerate(heads) if head in _TEXT_HEADS), None)
    if who is not None:
        others = [i for i in range(width) if i != who]
        longest = max(others, key=lambda i: sum(len(r[i]) for r in rows[1:] if i < len(r)))
        return who, longest if what is None else what, True
    if len(rows) < 4 or width > 4:
        return None
    columns = [[row[i].strip() for row in rows if i < len(row)] for i in range(width)]
    what = max(range(width), key=lambda i: sum(map(len, columns[i])))
    for index, values in enumerate(columns):
        names = {value for value in values if value}
        short = all(len(value) <= 40 and re.search(r"[^\W\d_]", value) for value in names)
        if index != what and names and short and 3 * len(names) <= len(values) + 2:
            return index, what, False
    return None

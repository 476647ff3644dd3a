"""Compare texts that differ only in how they are typed, without losing the place.

White space of any kind and length counts as one space, typographic quotation marks and dashes
as the plain ones, composed and decomposed letters as the same, invisible characters as nothing.
The text itself is never changed: each character of the normal form remembers where it was.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# Soft hyphen, zero-width space, word joiner, BOM and the marks of writing direction. The
# joiners U+200C and U+200D stay: they change words in Persian and Hindi, and make emoji.
_INVISIBLE = "\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
# Words that stand in more places than this tell no place from another.
MOST_PLACES = 10_000
_SAME = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    "\u2026": "...",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
}
_SPECIAL = re.compile(
    rf"(?P<space>[\s{_INVISIBLE}]{{2,}}|[^\S ]|[{_INVISIBLE}])"
    rf"|(?P<dash>[{_DASHES}\-]{{2,}}|[{_DASHES}])"
    rf"|(?P<other>`|[!-,./-~]?[^\x00-\x7f\s{_DASHES}{_INVISIBLE}]+)"
)


@dataclass(frozen=True)
class Normal:
    """The normal form of a text; character ``k`` stands for ``[starts[k], ends[k])`` of it."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text that ``[start, end)`` of the normal form stands for."""
        return self.starts[start], self.ends[end - 1]

    def inside(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the normal form that ``[start, end)`` of the text covers."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def whole_at(self, place: int) -> bool:
        """Whether a stretch may begin or end here without cutting a character in two."""
        if place in (0, len(self.text)):
            return True
        cut = self.starts[place] == self.starts[place - 1]
        return not cut and not unicodedata.combining(self.text[place])


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each letter with the marks that combine with it."""
    edges = [i for i, char in enumerate(text) if i == 0 or not unicodedata.combining(char)]
    return list(zip(edges, [*edges[1:], len(text)], strict=True))


def normalise(text: str, offset: int = 0) -> Normal:
    r"""Give the normal form of a text, with positions counted from ``offset``.

    >>> normalise("“Yes”,\r\n she said").text
    '"Yes", she said'
    >>> normalise("cafe\u0301").text == normalise("caf\u00e9").text
    True
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def add(piece: str, start: int, end: int) -> None:
        out.append(piece)
        starts.extend([offset + start] * len(piece))
        ends.extend([offset + end] * len(piece))

    def plain(start: int, end: int) -> None:
        out.append(text[start:end])
        starts.extend(range(offset + start, offset + end))
        ends.extend(range(offset + start + 1, offset + end + 1))

    done = 0
    for found in _SPECIAL.finditer(text):
        start, end = found.span()
        plain(done, start)
        done = end
        if found.lastgroup == "space":
            add(" " if any(char.isspace() for char in found[0]) else "", start, end)
        elif found.lastgroup == "dash":
            add("-", start, end)
        else:
            for left, right in _clusters(found[0]):
                letters = found[0][left:right]
                same = "".join(_SAME.get(char, char) for char in letters)
                apart = unicodedata.normalize("NFD", same)
                if apart == letters:
                    plain(start + left, start + right)
                else:
                    add(apart, start + left, start + right)
    plain(done, len(text))
    return Normal("".join(out), starts, ends)


def plain_form(text: str) -> str:
    """The normal form alone, without white space at its ends."""
    return normalise(text).text.strip()


def occurrences(needle: str, hay: str) -> list[int]:
    """Places where ``needle`` begins in ``hay``, overlapping ones too, at most ``MOST_PLACES``."""
    places: list[int] = []
    at = hay.find(needle) if needle else -1
    while at >= 0 and len(places) < MOST_PLACES:
        places.append(at)
        at = hay.find(needle, at + 1)
    return places

"""The words of a segment that a paper can quote: whole sentences, within bounds, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from themetrail.intake.segment import sentences

Stretch = tuple[int, int]
How = Literal["whole", "sentences", "cut"]
# A colon ends a speaker's label.
_ENDS = re.compile(r"[.!?…。！？:>][\"'”’»›)\]}]*\s*\Z")
_WORD = re.compile(r"\S+")
_CLAUSE = re.compile(r"[,;:–—][\"'”’»›)\]}]*\Z")


@dataclass(frozen=True)
class Excerpt:
    """Where it is, its words, and how it was cut out of its segment.

    ``whole``: the segment itself; ``sentences``: whole sentences of it; ``cut``: its beginning,
    to the end of a clause or word, where no run of whole sentences is within bounds.
    """

    start: int
    end: int
    n_words: int
    how: How


def count_words(text: str) -> int:
    """Stretches between white space."""
    return len(text.split())


def excerpt(
    text: str, segment: Stretch, marked: Sequence[Stretch], min_words: int, max_words: int
) -> Excerpt | None:
    """What can be quoted of a segment; None where it is too short.

    A segment longer than ``max_words`` gives the run of its whole sentences within bounds that
    the coders marked most densely (``marked`` holds every coder's stretches, repeated where
    several coders marked the same), the longest of equals, the first of those.
    """
    start, end = _trimmed(text, *segment)
    n_words = count_words(text[start:end])
    if n_words < min_words:
        return None
    if n_words <= max_words:
        return Excerpt(start, end, n_words, "whole")
    runs = [r for r in _runs(text, _whole(text, start, end), max_words) if r.n_words >= min_words]
    if runs:
        return max(runs, key=lambda run: (_density(run, marked), run.n_words, -run.start))
    return _cut(text, start, end, min_words, max_words)


def _trimmed(text: str, start: int, end: int) -> Stretch:
    """The stretch without white space at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def _whole(text: str, start: int, end: int) -> list[Stretch]:
    """The sentences of a stretch that neither begin before it nor end after it."""
    found = [(start + a, start + b) for a, b in sentences(text[start:end])]
    before = text[:start].rstrip(" \t")
    if found and not (not before or before.endswith("\n") or _ENDS.search(before)):
        found = found[1:]
    if found and not _ENDS.search(text[found[-1][0] : found[-1][1]]):
        after = text[end:].lstrip(" \t")
        found = found if not after or after.startswith("\n") else found[:-1]
    return found


def _runs(text: str, whole: Sequence[Stretch], max_words: int) -> Iterator[Excerpt]:
    """Every run of neighbouring sentences that is not too long."""
    for at, (start, _) in enumerate(whole):
        n_words = 0
        for first, end in whole[at:]:
            n_words += count_words(text[first:end])
            if n_words > max_words:
                break
            yield Excerpt(start, end, n_words, "sentences")


def _density(run: Excerpt, marked: Sequence[Stretch]) -> float:
    """Marks per character, to two places so that length decides between near equals."""
    shared = sum(max(0, min(end, run.end) - max(start, run.start)) for start, end in marked)
    return round(shared / (run.end - run.start), 2)


def _cut(text: str, start: int, end: int, min_words: int, max_words: int) -> Excerpt:
    """The beginning, to the last clause that ends within bounds, else to the last word."""
    words = list(_WORD.finditer(text, start, end))[:max_words]
    ends = [n for n, word in enumerate(words, 1) if n >= min_words and _CLAUSE.search(word[0])]
    n_words = ends[-1] if ends else len(words)
    return Excerpt(words[0].start(), words[n_words - 1].end(), n_words, "cut")

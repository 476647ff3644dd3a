"""The words of a segment that a paper can quote: whole sentences, within bounds, verbatim."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from themetrail.intake.segment import sentences

Stretch = tuple[int, int]
How = Literal["whole", "part", "sentences", "cut"]
_WORD = re.compile(r"\S+")
_CLAUSE = re.compile(r"[,;:–—][\"'”’»›)\]}]*\Z")


@dataclass(frozen=True)
class Excerpt:
    """Where it is, its words, and how it was cut out of its segment.

    ``whole``: the segment, which is whole sentences; ``part``: the segment, which begins or ends
    within a sentence; ``sentences``: whole sentences of a longer segment; ``cut``: the beginning
    of one, to the end of a clause or word, where no run of whole sentences is within bounds.
    """

    start: int
    end: int
    n_words: int
    how: How


class Speech:
    """A transcript's text, and what participants say in it, turn by turn.

    Parameters
    ----------
    text : the canonical text.
    turns : start, end and speaker of the participants' turns; none for a document without
        speakers, all of whose text counts.
    """

    def __init__(self, text: str, turns: Sequence[tuple[int, int, str]] = ()) -> None:
        self.text = text
        self._turns = sorted(turns) or [(0, len(text), "")]

    def _touched(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Turns that share a character with a stretch, in order."""
        first = max(bisect_right(self._turns, (start, len(self.text) + 1)) - 1, 0)
        shared = itertools.takewhile(lambda turn: turn[0] < end, self._turns[first:])
        return [turn for turn in shared if start < turn[1]]

    def pieces(self, start: int, end: int) -> list[Stretch]:
        """A stretch cut into turns, without what others say and white space at the ends."""
        cut = [(max(start, a), min(end, b)) for a, b, _ in self._touched(start, end)]
        return [self._trimmed(*piece) for piece in cut]

    def speaker(self, place: int) -> str:
        """Who speaks at a place; empty where nobody does."""
        return next((who for start, end, who in self._turns if start <= place < end), "")

    def inside(self, start: int, end: int) -> list[Stretch]:
        """Sentences that neither begin before a stretch nor end after it.

        None reaches over the end of a turn. They are looked for where they are asked for: most
        turns of a large study are in no segment.
        """
        return [
            (first + a, first + b)
            for first, last, _ in self._touched(start, end)
            for a, b in sentences(self.text[first:last])
            if start <= first + a and first + b <= end
        ]

    def count(self, start: int, end: int) -> int:
        """Words of a stretch."""
        return len(self.text[start:end].split())

    def _trimmed(self, start: int, end: int) -> Stretch:
        """The stretch without white space at its ends."""
        words = self.text[start:end]
        return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def excerpt(
    speech: Speech, segment: Stretch, marked: Sequence[Stretch], min_words: int, max_words: int
) -> Excerpt | None:
    """What can be quoted of a segment; None where it is too short.

    A segment longer than ``max_words`` gives the run of its whole sentences within bounds that
    the coders marked most densely (``marked`` holds every coder's stretches, repeated where
    several coders marked the same), the longest of equals, the first of those. Of a segment over
    several turns, one turn is quoted.
    """
    pieces = speech.pieces(*segment)
    found = [
        words
        for piece in pieces
        if (words := _of_turn(speech, piece, marked, min_words, max_words)) is not None
    ]
    if not found:
        return None
    best = max(found, key=lambda words: _preference(words, marked))
    longer = len(pieces) > 1 and best.how == "whole"
    return replace(best, how="sentences") if longer else best


def _of_turn(
    speech: Speech, piece: Stretch, marked: Sequence[Stretch], min_words: int, max_words: int
) -> Excerpt | None:
    """What can be quoted of a stretch within one turn."""
    start, end = piece
    n_words = speech.count(start, end)
    if n_words < min_words:
        return None
    within = speech.inside(start, end)
    if n_words <= max_words:
        whole = within and within[0][0] == start and within[-1][1] == end
        return Excerpt(start, end, n_words, "whole" if whole else "part")
    runs = [run for run in _runs(speech, within, max_words) if run.n_words >= min_words]
    if runs:
        return max(runs, key=lambda run: _preference(run, marked))
    return _cut(speech.text, start, end, min_words, max_words)


def _preference(words: Excerpt, marked: Sequence[Stretch]) -> tuple[float, int, int]:
    """What makes words the ones to quote: the largest is best."""
    return _density(words, marked), words.n_words, -words.start


def _runs(speech: Speech, whole: Sequence[Stretch], max_words: int) -> Iterator[Excerpt]:
    """Every run of neighbouring sentences that is not too long."""
    for at, (start, _) in enumerate(whole):
        n_words = 0
        for first, end in whole[at:]:
            n_words += speech.count(first, end)
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

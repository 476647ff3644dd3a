"""The words of a segment that a paper can quote: whole sentences, within bounds, verbatim."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from themetrail.coding.passage import Transcript
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
    """A transcript's text and the sentences of what was said."""

    def __init__(self, transcript: Transcript) -> None:
        self.text = transcript.text
        self._turns = transcript.turns

    @cached_property
    def sentences(self) -> list[Stretch]:
        """All sentences, turn by turn."""
        return [
            (turn.start + start, turn.start + end)
            for turn in self._turns
            for start, end in sentences(self.text[turn.start : turn.end])
        ]

    def inside(self, start: int, end: int) -> list[Stretch]:
        """Sentences that neither begin before a stretch nor end after it."""
        at = bisect_left(self.sentences, (start, 0))
        found = []
        for sentence in self.sentences[at:]:
            if sentence[1] > end:
                break
            found.append(sentence)
        return found

    def trimmed(self, start: int, end: int) -> Stretch:
        """The stretch without white space at its ends."""
        words = self.text[start:end]
        return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())

    def count(self, start: int, end: int) -> int:
        """Words of a stretch."""
        return len(self.text[start:end].split())


def excerpt(
    speech: Speech, segment: Stretch, marked: Sequence[Stretch], min_words: int, max_words: int
) -> Excerpt | None:
    """What can be quoted of a segment; None where it is too short.

    A segment longer than ``max_words`` gives the run of its whole sentences within bounds that
    the coders marked most densely (``marked`` holds every coder's stretches, repeated where
    several coders marked the same), the longest of equals, the first of those.
    """
    start, end = speech.trimmed(*segment)
    n_words = speech.count(start, end)
    if n_words < min_words:
        return None
    within = speech.inside(start, end)
    if n_words <= max_words:
        whole = within and within[0][0] == start and within[-1][1] == end
        return Excerpt(start, end, n_words, "whole" if whole else "part")
    runs = [run for run in _runs(speech, within, max_words) if run.n_words >= min_words]
    if runs:
        return max(runs, key=lambda run: (_density(run, marked), run.n_words, -run.start))
    return _cut(speech.text, start, end, min_words, max_words)


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

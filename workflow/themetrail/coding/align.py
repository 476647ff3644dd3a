"""Carry a coding from a tool's own copy of a text to the canonical text, by evidence.

Where the two texts are equal a place is what it was. Elsewhere both are cut into words, the
words are aligned by their edit distance, and a span is moved only where its own words, and not
merely its neighbours, arrive. A passage that was moved about is found by its words and by what
stands around it. What can't be shown to be the same passage is lost, and said to be.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

from themetrail.coding.normal import Normal, normalise, plain_form
from themetrail.coding.passage import Span, Transcript
from themetrail.coding.slide import slide, slide_out

# Words are what stands between spaces and signs, with the marks that combine with their letters;
# where a script puts no spaces between words (Chinese, Japanese, Thai), each character is one.
_SIGNS = r"!-/:-@\[-`{-~\u00a1-\u00bf\u3000-\u303f\uff00-\uff0f"
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\s{_SIGNS}{_UNSPACED}]+|[{_SIGNS}]")
# Comparing takes time that grows with the product of the lengths: 100,000 words are a book, far
# beyond any interview, and still take seconds.
MOST_TOKENS = 100_000
SAME_WORDS = 0.75
# Enough where the words before and after the span stand beside it still.
SAME_WORDS_BESIDE = 0.5
_STOPS = (".", "?", "!")
_CLOSE = 3
_STRETCH = 3
_SHORT = 6
_NEAR = 8
_AROUND = 60
_LIKE, _CLEARLY = 60.0, 15.0


@dataclass(frozen=True)
class Carried:
    """Where a span arrived: ``exact``, ``moved`` (and whether its words changed), or ``lost``."""

    anchor: Literal["exact", "moved", "lost"]
    start: int = 0
    end: int = 0
    moved_by: int = 0
    changed: bool = False
    places: tuple[Span, ...] = ()


@dataclass(frozen=True)
class _Tokens:
    """The words and signs of a normal form, and where each stands in it."""

    words: list[str]
    starts: list[int]
    ends: list[int]

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """First and one past the last token that ``[start, end)`` of the normal form touches."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def _tokens(text: str) -> _Tokens:
    found = list(_TOKEN.finditer(text))
    return _Tokens([m[0] for m in found], [m.start() for m in found], [m.end() for m in found])


def _begins(text: str, normal: Normal, tokens: _Tokens, place: int) -> int:
    """How well what was put in or taken out may begin with a word of a text: at a line best."""
    if place == 0:
        return 2
    if place == len(tokens.words):
        return 0
    between = slice(normal.ends[tokens.ends[place - 1] - 1], normal.starts[tokens.starts[place]])
    return 2 if "\n" in text[between] else int(tokens.words[place - 1] in _STOPS)


class Alignment:
    """A copy of a text laid beside the canonical one.

    Parameters
    ----------
    copy : the tool's text, LF line ends, no byte order mark.
    transcript : the canonical text with its turns.
    """

    def __init__(self, copy: str, transcript: Transcript) -> None:
        self.copy = copy
        self.transcript = transcript
        self.equal = copy == transcript.text

    @cached_property
    def _normal(self) -> Normal:
        return normalise(self.copy)

    @cached_property
    def _ours(self) -> _Tokens:
        return _tokens(self._normal.text)

    @cached_property
    def _theirs(self) -> _Tokens:
        return _tokens(self.transcript.normal.text)

    @cached_property
    def _map(self) -> list[int]:
        """For each word of the copy the same word of the canonical text, or -1."""
        from rapidfuzz.distance import Levenshtein

        mapped = [-1] * len(self._ours.words)
        if max(len(self._ours.words), len(self._theirs.words)) > MOST_TOKENS:
            return mapped
        added: list[tuple[int, int, int]] = []
        gone: list[tuple[int, int]] = []
        for step in Levenshtein.opcodes(self._ours.words, self._theirs.words):
            if step.tag == "equal":
                mapped[step.src_start : step.src_end] = range(step.dest_start, step.dest_end)
            elif step.tag == "insert":
                added.append((step.src_start, step.dest_start, step.dest_end))
            elif step.tag == "delete":
                gone.append((step.src_start, step.src_end))
        begins_there = partial(_begins, self.transcript.text, self.transcript.normal, self._theirs)
        for at, first, last in added:
            slide(mapped, self._theirs.words, at, first, last, begins_there)
        begins_here = partial(_begins, self.copy, self._normal, self._ours)
        for first, last in gone:
            slide_out(mapped, self._ours.words, first, last, begins_here)
        return mapped

    @cached_property
    def _back(self) -> dict[int, int]:
        """For each word of the canonical text that was reached, the word of the copy."""
        return {place: token for token, place in enumerate(self._map) if place >= 0}

    @cached_property
    def shared(self) -> float:
        """Share of the copy's words that the canonical text has at the same place."""
        if self.equal or not self._map:
            return 1.0
        return sum(place >= 0 for place in self._map) / len(self._map)

    def carry(self, start: int, end: int) -> Carried:
        """Carry the span ``[start, end)`` of the copy to the canonical text."""
        if self.equal:
            return Carried("exact", start, end)
        words = self.copy[start:end]
        left = start + len(words) - len(words.lstrip())
        right = end - (len(words) - len(words.rstrip()))
        if left >= right:
            return Carried("lost")
        return self._by_alignment(left, right) or self._by_words(left, right)

    def _done(self, left: int, right: int, span: Span, *, changed: bool = False) -> Carried:
        same = self.transcript.text[span[0] : span[1]] == self.copy[left:right]
        anchor: Literal["exact", "moved"] = "exact" if same and span[0] == left else "moved"
        return Carried(anchor, *span, span[0] - left, changed)

    def _by_alignment(self, left: int, right: int) -> Carried | None:
        """Where the aligned words stand, if enough of them arrived and at a place that fits."""
        ours, theirs = self._ours, self._theirs
        low, high = self._normal.inside(left, right)
        first, last = ours.covering(low, high)
        arrived = [place for place in self._map[first:last] if place >= 0]
        if not arrived or not self._fits(first, last):
            return None
        begin, stop = self._edges(low, high, first, last)
        if begin >= stop:
            return None
        inside = theirs.covering(begin, stop)
        said = [t for t in range(*inside) if self._said(t)]
        missing = sum(
            self._map[t] < 0 and not self._between_turns(t, first, last) for t in range(first, last)
        )
        extra = len(set(said) - set(arrived))
        # A word that was mended is missing here and extra there: one change, not two.
        share = len(arrived) / (len(arrived) + max(missing, extra))
        enough = SAME_WORDS_BESIDE if self._beside(first, last, inside) else SAME_WORDS
        if share < enough:
            return None
        span = self.transcript.normal.span(begin, stop)
        return self._done(left, right, span, changed=share < 1 or self._differs(left, right, span))

    def _differs(self, left: int, right: int, span: Span) -> bool:
        """Whether a passage within one turn says other characters than its copy does."""
        if len(self.transcript.turns_of(span)) > 1:
            return False  # labels stand between, and are another's words
        here, there = self.copy[left:right], self.transcript.text[span[0] : span[1]]
        return "".join(plain_form(here).split()) != "".join(plain_form(there).split())

    def _beside(self, first: int, last: int, inside: tuple[int, int]) -> bool:
        """Whether the words next to a span on both sides arrived next to its place."""
        before = [self._map[t] for t in range(max(first - _CLOSE, 0), first)]
        after = [self._map[t] for t in range(last, min(last + _CLOSE, len(self._map)))]
        left = any(inside[0] - _CLOSE <= place < inside[0] for place in before)
        right = any(inside[1] <= place < inside[1] + _CLOSE for place in after)
        return (left or not before) and (right or not after)

    def _edges(self, low: int, high: int, first: int, last: int) -> tuple[int, int]:
        """The stretch of the canonical normal form that the span's own words reach.

        A span may begin or end inside a word. Where its first words were replaced it begins
        after the word that stood before them, and likewise at its end.
        """
        ours, theirs = self._ours, self._theirs
        held = [t for t in range(first, last) if self._map[t] >= 0]
        head, tail = self._map[held[0]], self._map[held[-1]]
        if held[0] == first:
            begin = theirs.starts[head] + max(low - ours.starts[first], 0)
        else:
            before = self._map[first - 1] if first else -1
            begin = theirs.starts[self._outward(head, before, held[0] - first, -1)]
        if held[-1] == last - 1:
            stop = theirs.ends[tail] - max(ours.ends[last - 1] - high, 0)
        else:
            after = self._map[last] if last < len(self._map) else -1
            stop = theirs.ends[self._outward(tail, after, last - 1 - held[-1], 1)]
        return begin, stop

    def _outward(self, place: int, limit: int, lost: int, step: int) -> int:
        """The last word said on the way from a place to the neighbour, if that is near enough.

        ``lost`` words of the copy stood there; without a near neighbour so many are taken.
        """
        reach = lost if limit < 0 or abs(limit - place) - 1 > _STRETCH * lost else None
        stop = place + step * (reach + 1) if reach is not None else limit
        for token in range(place + step, stop, step):
            if not 0 <= token < len(self._theirs.words) or not self._said(token):
                break
            place = token
        return place

    def _said(self, token: int) -> bool:
        """Whether a word of the canonical text is spoken, not part of a label."""
        span = self.transcript.normal.span(self._theirs.starts[token], self._theirs.ends[token])
        return bool(self.transcript.turns_of(span))

    def _between_turns(self, token: int, first: int, last: int) -> bool:
        """Whether a word of the copy stands where the canonical text goes from turn to turn."""
        before = next((self._map[t] for t in range(token, first - 1, -1) if self._map[t] >= 0), -1)
        after = next((self._map[t] for t in range(token, last) if self._map[t] >= 0), -1)
        if before < 0 or after < 0:
            return False
        normal, theirs = self.transcript.normal, self._theirs
        here = self.transcript.turn_at(normal.starts[theirs.starts[before]])
        there = self.transcript.turn_at(normal.starts[theirs.starts[after]])
        return here != there or not self._said(before) or not self._said(after)

    def _fits(self, first: int, last: int) -> bool:
        """Whether the words around a short span arrived beside it.

        An alignment may give a lone "Yes." to another "Yes." where its own was cut out; with
        half of the words on one side arriving close by, it is the same place.
        """
        if last - first >= _SHORT:
            return True
        held = [self._map[t] for t in range(first, last) if self._map[t] >= 0]
        for side in (range(max(first - _NEAR, 0), first), range(last, last + _NEAR)):
            near = [self._map[t] for t in side if t < len(self._map)]
            beside = [p for p in near if p >= 0 and abs(p - held[0]) <= 2 * _NEAR + last - first]
            if not near or 2 * len(beside) >= len(near):
                return True
        return False

    def left_out(self, start: int, end: int) -> bool:
        """Whether a lost span's words stood where the transcript has somebody's blanks now."""
        first, last = self._ours.covering(*self._normal.inside(start, end))
        normal, theirs = self.transcript.normal, self._theirs
        before = next((p for p in reversed(self._map[:first]) if p >= 0), -1)
        after = next((p for p in self._map[last:] if p >= 0), len(theirs.words))
        low = normal.ends[theirs.ends[before] - 1] if before >= 0 else 0
        whole = after == len(theirs.words)
        high = len(self.transcript.text) if whole else normal.starts[theirs.starts[after]]
        return self.transcript.blanks(low, high) >= len(self.copy[start:end].strip())

    def _by_words(self, left: int, right: int) -> Carried:
        """The place of the same words that stands among the same words, if one clearly does."""
        places = self.transcript.look_for(self.copy[left:right]).spans
        low, high = self._normal.inside(left, right)
        first, last = self._ours.covering(low, high)
        free = [place for place in places if not self._taken(place, first, last)]
        if not free:
            return Carried("lost", places=places)
        likeness = sorted(((self._around(left, right, p), p) for p in free), reverse=True)
        best, span = likeness[0]
        second = likeness[1][0] if len(likeness) > 1 else 0.0
        alone = len(free) == 1 and last - first >= _SHORT
        if alone or (best >= _LIKE and best - second >= _CLEARLY):
            return self._done(left, right, span)
        return Carried("lost", places=places)

    def _taken(self, place: Span, first: int, last: int) -> bool:
        """Whether the words at a place are already known to be those of another passage."""
        tokens = range(*self._theirs.covering(*self.transcript.normal.inside(*place)))
        others = [t for t in tokens if t in self._back and not first <= self._back[t] < last]
        return 2 * len(others) > len(tokens)

    def _around(self, left: int, right: int, place: Span) -> float:
        """How like what stands around a span is to what stands around a place, 0 to 100."""
        from rapidfuzz import fuzz

        text = self.transcript.text
        head = plain_form(self.copy[max(left - _AROUND, 0) : left])
        tail = plain_form(self.copy[right : right + _AROUND])
        before = plain_form(text[max(place[0] - _AROUND, 0) : place[0]])
        after = plain_form(text[place[1] : place[1] + _AROUND])
        return max(fuzz.ratio(head, before), fuzz.ratio(tail, after))

"""Find a quotation in a transcript: the very words, and never a guess."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from themetrail.coding.normal import Normal, normalise, occurrences, plain_form

Span = tuple[int, int]
Anchor = Literal["exact", "moved"]
_CONTEXT = 400
_GOES_ON = "[](). …\n\t"
# What somebody said who was left out of a talk of several people: intake leaves blanks.
_LEFT_OUT = re.compile(r"^[^\S\n]{3,}$", re.MULTILINE)
_ELLIPSIS = re.compile(r"^[\s\[(]*(…|\.{3})|(…|\.{3})[\s\])]*$")
# What coders put around a quotation: marks that open and close, a dash or dot of a list before.
_QUOTED = re.compile(r"""^\s*["'“”„«»‘’‚‹›](.*\S)\s*["'“”„«»‘’‚‹›]\s*$""", re.DOTALL)
_LISTED = re.compile(r"^\s*[-–—•*]\s+")


def _bare(words: str) -> str:
    """A quotation without what a coder put around it to show that it is one.

    >>> _bare("– “… one more log-in”"), _bare("Yes.")
    ('one more log-in', 'Yes.')
    """
    inside = _LISTED.sub("", words)
    if found := _QUOTED.match(inside):
        inside = found[1].strip()
    return inside.strip(_GOES_ON) if _ELLIPSIS.search(inside) else inside


@dataclass(frozen=True)
class Turn:
    """One turn: its number, what was said, without the speaker's label, and the label."""

    turn: int
    start: int
    end: int
    speaker: str = ""


@dataclass(frozen=True)
class Found:
    """Where a quotation may be, and whether its characters are the text's own."""

    spans: tuple[Span, ...]
    anchor: Anchor = "exact"


class Transcript:
    """A transcript's canonical text with its turns, ready to be searched.

    Parameters
    ----------
    transcript_id : its name.
    text : the canonical text.
    turns : in order; none for a document without speakers, whose whole text is then one turn.
    held : whether the disclosure gate keeps the text back.
    """

    def __init__(
        self, transcript_id: str, text: str, turns: Sequence[Turn] = (), *, held: bool = False
    ) -> None:
        self.id = transcript_id
        self.text = text
        self.turns = sorted(turns, key=lambda t: t.start) or [Turn(1, 0, len(text))]
        self.held = held
        self._found: dict[str, Found] = {}

    @cached_property
    def normal(self) -> Normal:
        """The normal form of the whole text."""
        return normalise(self.text)

    @cached_property
    def left_out(self) -> list[Span]:
        """Stretches of blanks where somebody was left out, in order."""
        return [match.span() for match in _LEFT_OUT.finditer(self.text)]

    def blanks(self, start: int, end: int) -> int:
        """How many characters of a stretch are of somebody who was left out."""
        return sum(max(min(stop, end) - max(begin, start), 0) for begin, stop in self.left_out)

    @cached_property
    def spoken(self) -> Normal:
        """The normal form of what was said, turn after turn, without labels between."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for turn in self.turns:
            part = normalise(self.text[turn.start : turn.end], turn.start)
            if text:
                text.append(" ")
                starts.append(ends[-1] if ends else turn.start)
                ends.append(turn.start)
            text.append(part.text)
            starts.extend(part.starts)
            ends.extend(part.ends)
        return Normal("".join(text), starts, ends)

    @cached_property
    def _turn_starts(self) -> list[int]:
        return [turn.start for turn in self.turns]

    def turn_at(self, place: int) -> int:
        """The number of the turn that a place lies in or, between turns, comes after."""
        at = bisect_right(self._turn_starts, place) - 1
        return self.turns[max(at, 0)].turn

    def turns_of(self, span: Span) -> list[int]:
        """Numbers of the turns in which a span covers something said."""
        first = max(bisect_right(self._turn_starts, span[0]) - 1, 0)
        numbers = []
        for turn in self.turns[first:]:
            if turn.start >= span[1]:
                break
            if max(turn.start, span[0]) < min(turn.end, span[1]):
                numbers.append(turn.turn)
        return numbers

    def find(self, quote: str) -> Found:
        """Every place of a quotation where something is said, the closest kind of match first.

        The very characters; else the same words typed otherwise; else the same words across
        turns, with the speaker's label left out. Dots that a coder put at the ends, to show that
        the speaker went on, quotation marks around the whole and a dash before it are no words.
        """
        if quote not in self._found:
            words = quote.replace("\r\n", "\n")
            found = self.look_for(words)
            bare = _bare(words)
            if not found.spans and bare and bare != words:
                found = replace(self.look_for(bare), anchor="moved")
            self._found[quote] = found
        return self._found[quote]

    def look_for(self, quote: str) -> Found:
        """Every place of the words, by the closest kind of match that has any."""
        very = [(at, at + len(quote)) for at in occurrences(quote, self.text)]
        spans = tuple(span for span in very if self.turns_of(span))
        if spans:
            return Found(_at_word_edges(self.text, spans))
        needle = plain_form(quote)
        for normal in (self.normal, self.spoken):
            spans = tuple(s for s in _matches(needle, normal) if self.turns_of(s))
            if spans:
                return Found(_at_word_edges(self.text, spans), "moved")
        return Found(())

    def choose(self, spans: Sequence[Span], prefix: str, suffix: str) -> list[Span]:
        """Those of the places that stand between these words."""
        return [span for span in spans if self._fits(span, prefix, suffix)]

    def _fits(self, span: Span, prefix: str, suffix: str) -> bool:
        """Whether a place stands between these words, labels counted or not."""
        before, after = plain_form(prefix), plain_form(suffix)
        left = max(span[0] - _CONTEXT - 2 * len(prefix), 0)
        right = span[1] + _CONTEXT + 2 * len(suffix)
        views = (
            (self.text[left : span[0]], self.text[span[1] : right]),
            (self._said(left, span[0]), self._said(span[1], right)),
        )
        return any(
            plain_form(head).endswith(before) and plain_form(tail).startswith(after)
            for head, tail in views
        )

    def _said(self, start: int, end: int) -> str:
        """What was said in a stretch, without labels."""
        parts = [
            self.text[max(start, turn.start) : min(end, turn.end)]
            for turn in self.turns
            if turn.start < end and turn.end > start
        ]
        return " ".join(parts)

    def nearest(self, quote: str) -> tuple[int, float, str]:
        """The passage most like a quotation: its turn, how like it is (0 to 100), its words."""
        from rapidfuzz import fuzz

        needle, hay = plain_form(quote)[:2000], self.spoken.text
        if not needle or not hay:
            return 0, 0.0, ""
        match = fuzz.partial_ratio_alignment(needle, hay)
        if match is None:
            return 0, 0.0, ""
        # The match may begin in the turn before; its middle is where it is.
        place = min((match.dest_start + match.dest_end) // 2, len(self.spoken.starts) - 1)
        start, end = match.dest_start, match.dest_end
        while start and not hay[start - 1].isspace():  # whole words
            start -= 1
        while end < len(hay) and not hay[end].isspace():
            end += 1
        turn = self.turn_at(self.spoken.starts[place])
        return turn, float(match.score), hay[start:end].strip()


def _matches(needle: str, normal: Normal) -> list[Span]:
    """Places of a normal form in another that cut no character in two."""
    return [
        normal.span(at, at + len(needle))
        for at in occurrences(needle, normal.text)
        if normal.whole_at(at) and normal.whole_at(at + len(needle))
    ]


def word_edge(text: str, place: int) -> bool:
    """Whether a place is not inside a word."""
    if place <= 0 or place >= len(text):
        return True
    return not (text[place - 1].isalnum() and text[place].isalnum())


def _at_word_edges(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Places that cut no word in two, or all where every one does."""
    if len(spans) < 2:
        return spans
    whole = tuple(s for s in spans if word_edge(text, s[0]) and word_edge(text, s[1]))
    return whole or spans

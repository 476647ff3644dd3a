"""Place one coding on its transcript, or say why it can't be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from themetrail.coding.align import Alignment
from themetrail.coding.model import Copy, Mark
from themetrail.coding.normal import plain_form
from themetrail.coding.passage import Anchor, Span, Transcript
from themetrail.errors import Problem, Severity
from themetrail.intake.disclosure import blotted, scan

QUOTED = 60
# Looking for the passage most like a quotation is slow; a file with more quotations that are
# not found than this is another text's.
MOST_NEAREST = 100
#: how like a quotation a passage must be to be spoken of, in percent
LIKE = 70
#: a quotation that parts from a passage in more places than this has no one word that differs
MOST_PARTS = 3
MOST_GAPS = 10
MOST_COMPARED = 2000  # characters
# Dots within a quotation, in brackets or not: a coder left words out.
_GAP = re.compile(r"[\[(]?(?:…|\.{3,})[\])]?")


@dataclass(frozen=True)
class Doubt:
    """What is wrong or doubtful about placing a coding."""

    severity: Severity
    kind: str
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Placed:
    """Where a coding is in the canonical text."""

    start: int
    end: int
    anchor: Anchor
    moved_by: int = 0


Outcome = tuple[Placed | None, Doubt | None]
# What somebody said who was left out: no message may repeat it, nor say that it was there.
LEFT_OUT = Doubt(
    "error",
    "left_out",
    "a passage that the transcript does not hold any more: blanks stand there",
    "Take the coding out of the file.",
)


def shown(quote: str, transcript: Transcript) -> str:
    """A quotation cut short for a message, without what would identify somebody.

    Where somebody was left out of a talk the words may be theirs, and are not shown.
    """
    if transcript.left_out:
        return "a passage"
    words = " ".join(quote.split())[: 4 * QUOTED]
    words = blotted(words, [hit for hit in scan(words) if hit.severity == "hard"])
    return f"“{words}”" if len(words) <= QUOTED else f"“{words[:QUOTED]}…”"


def tactful(problem: Problem, forbidden_names: Sequence[str]) -> Problem:
    """A problem whose message says none of these names: words that coders quote may hold one."""
    if not forbidden_names:
        return problem
    hits = scan(problem.message, forbidden_names)
    named = [hit for hit in hits if hit.kind == "forbidden_name"]
    return replace(problem, message=blotted(problem.message, named)) if named else problem


class Placer:
    """Places the codings of one coder's file, comparing each copy of a text only once."""

    def __init__(self, texts: dict[str, Copy]) -> None:
        self._texts = dict(texts)
        self._laid: dict[tuple[str, str], Alignment] = {}
        self._nearest = 0

    def add(self, key: str, copy: Copy) -> str:
        """Take in another copy of a text, under its key."""
        self._texts.setdefault(key, copy)
        return key

    def alignment(self, copy: str, transcript: Transcript) -> Alignment:
        """The file's copy laid beside the transcript."""
        key = copy, transcript.id
        if key not in self._laid:
            self._laid[key] = Alignment(self._texts[copy].text, transcript)
        return self._laid[key]

    def place(self, mark: Mark, transcript: Transcript) -> Outcome:
        """Place a coding: through the file's copy, by its offsets, or by its words."""
        if mark.copy:
            return self._through_copy(mark, transcript)
        if mark.start is not None and mark.end is not None:
            return self._by_offsets(mark, mark.start, mark.end, transcript)
        if not mark.quote:
            return _whole_turn(mark, transcript)
        return self._by_words(mark, transcript)

    def _through_copy(self, mark: Mark, transcript: Transcript) -> Outcome:
        carried = self.alignment(mark.copy, transcript).carry(mark.start or 0, mark.end or 0)
        words = mark.quote
        if carried.anchor == "lost":
            if transcript.left_out and self.alignment(mark.copy, transcript).left_out(
                mark.start or 0, mark.end or 0
            ):
                return None, LEFT_OUT
            why = _why_lost(carried.places, transcript)
            return None, Doubt(
                "error",
                "lost",
                f"{shown(words, transcript)} of {transcript.id}: {why}",
                "Code the passage again in the transcript as it is now, or mend the transcript.",
            )
        doubt = None
        if carried.changed:
            doubt = Doubt(
                "warning",
                "words_changed",
                f"{shown(words, transcript)} of {transcript.id}: the transcript has partly other "
                f"words there (turn {transcript.turn_at(carried.start)})",
                "See that the coding still fits.",
            )
        return Placed(carried.start, carried.end, carried.anchor, carried.moved_by), doubt

    def _by_offsets(self, mark: Mark, start: int, end: int, transcript: Transcript) -> Outcome:
        wrong = _wrong_offsets(start, end, transcript)
        if wrong is not None and transcript.blanks(start, end):
            return None, LEFT_OUT
        if mark.quote:
            if wrong is None:
                there = transcript.text[start:end]
                if there == mark.quote or plain_form(there) == plain_form(mark.quote):
                    return Placed(start, end, "exact"), None
            return self._displaced(mark, start, transcript, wrong)
        if wrong is not None:
            return None, wrong
        return Placed(start, end, "exact"), _unsaid(start, end, transcript)

    def _displaced(
        self, mark: Mark, start: int, transcript: Transcript, wrong: Doubt | None
    ) -> Outcome:
        """Offsets and words disagree: the words decide, if they stand in one place."""
        placed, doubt = self._by_words(mark, transcript)
        if placed is None:
            return None, wrong or doubt
        moved = placed.start - start
        return Placed(placed.start, placed.end, "moved", moved), Doubt(
            "warning",
            "offsets_disagree",
            f"{shown(mark.quote, transcript)} of {transcript.id} is not at {mark.start} to "
            f"{mark.end} but at {placed.start} to {placed.end}, where the words are",
            "Correct the offsets, or leave them out.",
        )

    def _by_words(self, mark: Mark, transcript: Transcript) -> Outcome:
        found = transcript.find(mark.quote)
        if not found.spans:
            return None, self._not_found(mark, transcript)
        spans: Sequence[Span] = found.spans
        doubt: Doubt | None = None
        if mark.turn is not None:
            here = [span for span in spans if mark.turn in transcript.turns_of(span)]
            if not here and len(spans) == 1:
                doubt = Doubt(
                    "warning",
                    "other_turn",
                    f"{shown(mark.quote, transcript)} of {transcript.id} is in turn "
                    f"{transcript.turn_at(spans[0][0])}, not in turn {mark.turn}",
                    "Correct the turn.",
                )
            spans = here or spans
        if len(spans) > 1 and (mark.prefix or mark.suffix):
            spans = transcript.choose(spans, mark.prefix, mark.suffix) or spans
        if len(spans) > 1:
            return None, _ambiguous(mark, spans, transcript)
        return Placed(*spans[0], found.anchor), doubt

    def _not_found(self, mark: Mark, transcript: Transcript) -> Doubt:
        near, remedy = "", "Copy the words from the transcript as it is now"
        parts = [part for part in _GAP.split(mark.quote) if plain_form(part)]
        if 1 < len(parts) <= MOST_GAPS and all(transcript.find(part).spans for part in parts):
            return Doubt(
                "error",
                "quote_not_found",
                f"{shown(mark.quote, transcript)} leaves out words that stand in {transcript.id}",
                "Quote the passage whole, or give each part a row of its own.",
            )
        self._nearest += 1
        if self._nearest <= MOST_NEAREST:
            turn, likeness, reads = transcript.nearest(mark.quote)
            if likeness >= LIKE:
                near = f"; the passage most like it is in turn {turn} ({likeness:.0f} % alike)"
                near += _other_words(mark.quote, reads, transcript)
            else:
                near, remedy = ", nor anything like it", f"{remedy}, or take the row out"
        if transcript.left_out:
            remedy += "; take the row out if they are of somebody left out"
        return Doubt(
            "error",
            "quote_not_found",
            f"{shown(mark.quote, transcript)} is nowhere in {transcript.id}{near}",
            f"{remedy}.",
        )


def _other_words(quote: str, reads: str, transcript: Transcript) -> str:
    """The first words in which a quotation and the passage most like it part; "" where many do."""
    from difflib import SequenceMatcher

    said, there = plain_form(quote[:MOST_COMPARED]).split(), reads[:MOST_COMPARED].split()
    steps = SequenceMatcher(None, said, there, autojunk=False).get_opcodes()
    parts = [step for step in steps if step[0] != "equal"]
    inner = [step for step in parts if step[3] > 0 and step[4] < len(there)]
    if transcript.left_out or not inner or len(parts) > MOST_PARTS:
        return ""
    _, first, last, start, end = inner[0]
    old, new = " ".join(said[first:last]), " ".join(there[start:end])
    if not old:
        return f", and has {shown(new, transcript)} beside it"
    return (
        f", where {shown(old, transcript)} {f'is {shown(new, transcript)}' if new else 'is gone'}"
    )


def _wrong_offsets(start: int, end: int, transcript: Transcript) -> Doubt | None:
    """What is wrong with offsets into the canonical text."""
    length = len(transcript.text)
    reason = ""
    if start < 0:
        reason = "begins before the text"
    elif end > length:
        reason = f"ends past the end, which is {length}"
    elif end < start:
        reason = "ends before it begins"
    elif end == start or not transcript.text[start:end].strip():
        reason = "is empty"
    if not reason:
        return None
    return Doubt(
        "error",
        "bad_offsets",
        f"the span {start} to {end} of {transcript.id} {reason}",
        "Offsets count Unicode characters of the transcript's text from 0; the end is excluded.",
    )


def _whole_turn(mark: Mark, transcript: Transcript) -> Outcome:
    """A segment that is a turn, known by its number."""
    turn = next((turn for turn in transcript.turns if turn.turn == mark.turn), None)
    if turn is None:
        return None, Doubt(
            "error",
            "unknown_turn",
            f"{transcript.id} has no turn {mark.turn}; it has {len(transcript.turns)}",
            "Number the turns from 1, the interviewer's too.",
        )
    return Placed(turn.start, turn.end, "exact"), None


def _unsaid(start: int, end: int, transcript: Transcript) -> Doubt | None:
    if transcript.turns_of((start, end)):
        return None
    return Doubt(
        "warning",
        "nothing_said",
        f"the span {start} to {end} of {transcript.id} covers a label or blank, nothing said",
        "Check the offsets.",
    )


def _ambiguous(mark: Mark, spans: Sequence[Span], transcript: Transcript) -> Doubt:
    turns = ", ".join(str(transcript.turn_at(span[0])) for span in spans[:20])
    more = ", …" if len(spans) > 20 else ""
    told = " in the turn and between the words given" if mark.prefix or mark.suffix else ""
    return Doubt(
        "error",
        "quote_ambiguous",
        f"{shown(mark.quote, transcript)} occurs {len(spans)} times in {transcript.id}{told}: "
        f"turns {turns}{more}",
        "Say which in column 'turn', or give words before or after it in 'prefix' or 'suffix'.",
    )


def _why_lost(places: Sequence[Span], transcript: Transcript) -> str:
    if not places:
        return "the transcript does not have these words"
    turns = ", ".join(str(transcript.turn_at(span[0])) for span in places[:20])
    where: Literal["turn", "turns"] = "turn" if len(places) == 1 else "turns"
    return f"the words occur in {where} {turns}, and nothing shows that one of them is the place"

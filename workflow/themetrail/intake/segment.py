"""Units of analysis: turns, sentences, whole documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from themetrail.contracts import UNITS
from themetrail.errors import InputError
from themetrail.intake.lexicon import ABBREVIATIONS, TITLES
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd

_CLOSERS = "\"'”’»›)\\]}"
_OPENERS = "\"'“‘„«‹([{¿¡–—-"
_STOPS = ".!?…。！？"
# A place where a sentence may end: its stops, what closes after them, the white space; or a line
# end. One class of characters first, by which the search skips what is between. Nothing here
# is possessive: before 3.11.4, Python's re fails on a possessive repeat inside a group.
_STOP = re.compile(
    rf"(?P<stop>[{_STOPS}\n](?:(?<!\n)[{_STOPS}])*)(?P<close>(?:(?<!\n)[{_CLOSERS}])*)"
    r"(?P<space>\s*)"
)
_ASIDE = re.compile(r"(?:[\[(][^\])\n]{0,60}[\])]\s*)+")
_BEFORE = re.compile(r"(?:^|[\s(\[\"“'‘-])((?:[^\W\d_]\.)*[^\W\d_]+|\d+)$")


def sentences(text: str) -> list[tuple[int, int]]:
    """Cut a stretch of speech into sentences.

    A sentence ends at ``. ! ? …`` with the quotation marks and brackets that close after it, when
    white space follows and what comes next does not begin with a small letter ("he said "No!" and
    left" is one sentence); not after titles and abbreviations, initials, or within numbers. A blank
    line ends a sentence; a single line end does not, since lines may be wrapped.

    Parameters
    ----------
    text : what was said.

    Returns
    -------
    list of (start, end)
        In code points of ``text``, half-open, ascending; every character that is not white space
        lies in exactly one.

    Examples
    --------
    >>> [text[a:b] for text in ["Dr. Lee came. Did she? No."] for a, b in sentences(text)]
    ['Dr. Lee came.', 'Did she?', 'No.']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end, after in _breaks(text):
        _put(text, start, end, spans)
        start = after
    _put(text, start, len(text), spans)
    return spans


def _put(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(stripped)))


def _breaks(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences end and the next begins."""
    for match in _STOP.finditer(text):
        if match["stop"] == "\n":
            if "\n" in match["space"]:
                yield match.start(), match.end()
        elif _ends(text, match):
            yield match.start("space"), match.end()


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence."""
    following = text[match.end() : match.end() + 120]
    if not following or match["stop"][0] in "。！？" or match["space"].count("\n") > 1:
        return True
    if not match["space"]:
        return False
    # A transcriber's "[laughs]" goes with the sentence after it, or else with the one before; in
    # "[sister] said" it stands for a name, so what follows it may begin small.
    aside = _ASIDE.match(following)
    following = following[aside.end() if aside else 0 :].lstrip(_OPENERS).lstrip()
    if not following or (aside is None and following[0].islower()):
        return False
    if match["stop"] != "." or match["close"]:
        return True
    before = _BEFORE.search(text, max(0, match.start() - 24), match.start())
    return before is None or not _abbreviated(text, before, following)


def _abbreviated(text: str, before: re.Match[str], following: str) -> bool:
    """Whether the full stop after a word belongs to the word."""
    word = before.group(1)
    folded = word.casefold()
    if folded == "no":  # "No. 7" is a number, "No. Seven years" an answer
        return following[0].isdigit()
    if folded in TITLES:
        return True
    if folded in ABBREVIATIONS:
        return not following[0].isupper()
    # An initial, as in "J. R. Smith"; but "it was plan B. We" and "so did I. Then".
    opens = text[: before.start(1)].rstrip()[-1:] in {"", ".", "(", "?", "!"}
    return len(word) == 1 and word.isupper() and word != "I" and opens


def units(turns: pd.DataFrame, transcripts: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The units of analysis of ready transcripts.

    Interviewers' turns are not units.

    Parameters
    ----------
    turns, transcripts : tables under the contracts TURNS and TRANSCRIPTS.
    unit : "turn", "sentence" or "document".

    Returns
    -------
    DataFrame
        Under the contract UNITS, by transcript and position.

    Raises
    ------
    InputError
        ``unit`` is none of the three.
    """
    if unit not in {"turn", "sentence", "document"}:
        message = f"unit of analysis is {unit!r}; it may be turn, sentence or document"
        raise InputError(message)
    spoken: dict[str, list[dict[str, Any]]] = {}
    columns = ["transcript_id", "turn", "role", "participant_id", "start", "end"]
    for row in zip(*(turns[name].tolist() for name in columns), strict=True):
        turn = dict(zip(columns, row, strict=True))
        if turn["role"] != "interviewer":
            spoken.setdefault(turn["transcript_id"], []).append(turn)
    ready = transcripts[transcripts["status"] == "ready"]
    texts = dict(zip(ready["transcript_id"].tolist(), ready["text"].tolist(), strict=True))
    rows = [
        {"transcript_id": name, "unit": number, **row}
        for name, text in sorted(texts.items())
        for number, row in enumerate(_units(_ordered(spoken.get(name, [])), text, unit), start=1)
    ]
    return frame(rows, UNITS)


def _ordered(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(turns, key=lambda turn: turn["turn"])


def _units(turns: list[dict[str, Any]], text: str, unit: str) -> Iterator[dict[str, Any]]:
    """The units of one transcript."""
    if unit == "document":
        if turns:
            who = {turn["participant_id"] for turn in turns}
            yield {
                "turn": 0,
                "participant_id": who.pop() if len(who) == 1 else "",
                "start": 0,
                "end": len(text),
            }
        return
    for turn in turns:
        common = {"turn": turn["turn"], "participant_id": turn["participant_id"]}
        start, end = turn["start"], turn["end"]
        if unit == "turn":
            yield {**common, "start": start, "end": end}
        else:
            for first, last in sentences(text[start:end]):
                yield {**common, "start": start + first, "end": start + last}

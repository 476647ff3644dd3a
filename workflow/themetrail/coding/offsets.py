"""Which characters a project's offsets count: decided by evidence, one text at a time.

The REFI-QDA standard says code points; NVivo counts UTF-16 units, on Windows those of the text
with its CRLF line ends; QualCoder counts LF line ends in a CRLF file. The right way of counting
makes selections begin and end at the edges of words, and the others do not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from themetrail.coding.normal import plain_form
from themetrail.coding.passage import Span, word_edge

# What we ourselves call the program that wrote a project.
ORIGIN = "Themetrail"
SURE = 0.9
CLEARLY = 0.8
MANY = 5
Convention = tuple[str, str]
_ALL: tuple[Convention, ...] = (
    ("raw", "code points"),
    ("raw", "UTF-16 units"),
    ("LF", "code points"),
    ("LF", "UTF-16 units"),
)


class Selection(NamedTuple):
    """A selection's offsets as the file has them, and its name, often its first words."""

    start: int
    end: int
    name: str = ""


@dataclass(frozen=True)
class Reading:
    """The way of counting that fits best.

    Attributes
    ----------
    spans : code points into the text with LF line ends, one for each selection; None where the
        selection has no place in the text.
    convention : line ends and characters counted.
    edges : share of the selections that begin and end at the edges of words.
    sure : whether the evidence suffices, or nothing depends on it.
    """

    spans: list[Span | None]
    convention: Convention
    edges: float
    sure: bool


def lf(text: str) -> str:
    r"""The text with ``\n`` line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _to_lf(raw: str, convention: Convention) -> Callable[[int], int | None]:
    """A function from an offset of the file to code points of the text with LF line ends."""
    ends, unit = convention
    counted = lf(raw) if ends == "LF" else raw
    astral = unit == "UTF-16 units" and any(ord(char) > 0xFFFF for char in counted)
    crlf = ends == "raw" and "\r\n" in raw
    length = len(counted)
    if not astral and not crlf:
        return lambda offset: offset if 0 <= offset <= length else None
    widths = (2 if astral and ord(char) > 0xFFFF else 1 for char in counted)
    edges = list(accumulate(widths, initial=0))
    # An LF after a CR adds nothing to the text with LF line ends.
    kept = (
        0 if crlf and char == "\n" and i and counted[i - 1] == "\r" else 1
        for i, char in enumerate(counted)
    )
    places = list(accumulate(kept, initial=0))

    def place(offset: int) -> int | None:
        at = bisect_left(edges, offset)
        return places[at] if offset >= 0 and at < len(edges) and edges[at] == offset else None

    return place


def _spans(raw: str, selections: Sequence[Selection], convention: Convention) -> list[Span | None]:
    place = _to_lf(raw, convention)
    spans: list[Span | None] = []
    for selection in selections:
        start, end = place(selection.start), place(selection.end)
        spans.append(None if start is None or end is None else (start, end))
    return spans


def _telling(name: str) -> bool:
    """Whether a selection's name is likely to be its words."""
    return bool(name.strip()) and not name.startswith("line:") and not name.isdigit()


def _agrees(text: str, span: Span, name: str) -> bool:
    """Whether a selection's name is what the span says, whole or cut short."""
    words, said = plain_form(name), plain_form(text[span[0] : span[1]])
    return said.startswith(words.removesuffix("...").rstrip())


def read_offsets(raw: str, selections: Sequence[Selection], origin: str = "") -> Reading:
    """Choose the way of counting under which the selections make sense.

    Parameters
    ----------
    raw : the text with the file's own line ends, without its byte order mark.
    selections : as the file has them.
    origin : the program that wrote the file; decides between readings that fit equally well.
    """
    text = lf(raw)
    order = _by_origin(origin)
    readings = {convention: _spans(raw, selections, convention) for convention in order}
    scores = {convention: _score(text, selections, readings[convention]) for convention in order}
    # Edges count double: a name may be a wrong import's words, an edge can't be.
    worth = {convention: 2 * edges + named for convention, (edges, named) in scores.items()}
    best = max(order, key=lambda convention: worth[convention])
    edges, named = scores[best]
    others = [worth[c] for c in order if readings[c] != readings[best]]
    clear = edges >= SURE or (named >= SURE and worth[best] - max(others, default=0) >= CLEARLY)
    named_at_all = named > 0 or len(selections) >= MANY
    return Reading(readings[best], best, edges, not others or (clear and named_at_all))


def _by_origin(origin: str) -> list[Convention]:
    """The ways of counting, the one that a program is known for first."""
    known = origin.casefold()
    first = _ALL[0]
    if known == ORIGIN.casefold():
        return [first]  # ours: there is nothing to find out
    if "nvivo" in known:
        first = _ALL[1]
    elif "qualcoder" in known:
        first = _ALL[2]
    return [first, *(convention for convention in _ALL if convention != first)]


def _score(
    text: str, selections: Sequence[Selection], spans: Sequence[Span | None]
) -> tuple[float, float]:
    """Shares of the selections at word edges, and of those with a telling name that agree."""
    usable = [(s, span) for s, span in zip(selections, spans, strict=True) if s.start < s.end]
    if not usable:
        return 1.0, 1.0
    edges = sum(
        span is not None and word_edge(text, span[0]) and word_edge(text, span[1])
        for _, span in usable
    )
    told = [(s, span) for s, span in usable if _telling(s.name)]
    named = sum(span is not None and _agrees(text, span, s.name) for s, span in told)
    return edges / len(usable), named / len(told) if told else 1.0

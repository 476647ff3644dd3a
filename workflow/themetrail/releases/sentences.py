r"""The sentences of a paper that hold numbers, one a line, each number with the fact it is.

``The [four]{n.sites} sites were written to differ.`` A table's row is a line too, its cells
between bars. A backslash stands before a bracket or backslash of the text itself.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themetrail.audit.explorer.paper import Block, Run, outline
from themetrail.report import ast

_MARK = re.compile(r"\[(?P<text>(?:[^\\\[\]]|\\.)*)\]\{(?P<fact>[^{}]+)\}")
_ESCAPED = re.compile(r"\\(.)")
_TO_ESCAPE = re.compile(r"([\\\[\]])")
#: where one sentence may end and the next begin; an opened mark counts as a capital
_END = re.compile(r"[.!?][\"’”)]*(?P<gap>\s+)(?=[\"“‘(]*(?:[A-Z0-9]|\[))")
_ABBREVIATED = re.compile(r"(?:\b(?:et al|e\.g|i\.e|vs|cf|no|approx|Fig|Dr|Mr|Ms|Mrs|St)|\b[A-Z])$")
#: a space that stood before a citation
_GAP = re.compile(r" (?=[,;:.](?: |$))")
#: what a caption says of the number of cases: it may change, and the table is the same
_SAMPLE = re.compile(r"\s*\(n = [^()]*\)")
#: sentences less alike than this are two, not one that was rewritten
ALIKE = 0.6


@dataclass(frozen=True)
class Line:
    """One sentence or row with numbers.

    Attributes
    ----------
    section : headings that lead to it, from the outermost; a table's label and caption.
    marked : its text with marks.
    table : whether it is a row of a table.
    """

    section: str
    marked: str
    table: bool = False

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Facts in order, each with its text as printed."""
        found = _MARK.finditer(self.marked)
        return [(one["fact"], _ESCAPED.sub(r"\1", one["text"])) for one in found]

    @property
    def template(self) -> str:
        """The sentence with each number replaced by its fact: the same while authors leave it."""
        return _MARK.sub(lambda one: f"{{{one['fact']}}}", self.marked)

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The text in pieces, each with its fact or nothing."""
        made: list[tuple[str, str]] = []
        place = 0
        for one in _MARK.finditer(self.marked):
            if one.start() > place:
                made.append((_ESCAPED.sub(r"\1", self.marked[place : one.start()]), ""))
            made.append((_ESCAPED.sub(r"\1", one["text"]), one["fact"]))
            place = one.end()
        rest = self.marked[place:]
        return [*made, (_ESCAPED.sub(r"\1", rest), "")] if rest else made

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return "".join(text for text, _ in self.pieces)


# ------------------------------------------------------------------ from a paper
def of_document(document: Mapping[str, Any]) -> list[Line]:
    """Every sentence and row with a number, in the order of the paper; quotations left out."""
    headings: list[tuple[int, str]] = []
    found: list[Line] = []
    for block in outline(ast.rewrite(document, _in_brackets)):
        if "h" in block:
            headings = [one for one in headings if one[0] < block["h"]]
            headings.append((block["h"], _one_line(block["text"])))
        elif "table" in block:
            found += _rows(block)
        elif "p" in block and "quote" not in block:
            section = " / ".join(text for _, text in headings)
            found += [Line(section, said) for said in _sentences(_marked(block["p"]))]
    return [line for line in found if _MARK.search(line.marked)]


def _in_brackets(node: ast.Node) -> list[Any] | None:
    """Nothing for a citation in brackets: it is put in by the renderer, and is no number."""
    bracketed = node["t"] == "Cite" and all(
        one["citationMode"]["t"] == "NormalCitation" for one in node["c"][0]
    )
    return [] if bracketed else None


def _rows(block: Block) -> Iterator[Line]:
    caption = _one_line(
        "".join(run if isinstance(run, str) else run[0] for run in block["caption"])
    )
    section = f"{block['table']}: {_SAMPLE.sub('', caption)}".strip(" :.")
    yield from (Line(section, said, table=True) for said in _sentences(_marked(block["caption"])))
    for row in block["rows"]:
        yield Line(section, " | ".join(_marked(cell) for cell in row), table=True)


def _marked(runs: Iterable[Run]) -> str:
    parts = []
    for run in runs:
        if isinstance(run, str):
            parts.append(_escaped(run))
        elif run[1] == "fact":
            parts.append(f"[{_escaped(run[0])}]{{{run[2]}}}")
        else:
            parts.append("…")  # words of a participant stand in quotes.csv alone
    return _GAP.sub("", _one_line("".join(parts)))


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\1", text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentences(marked: str) -> list[str]:
    """A paragraph's sentences; an abbreviation ends none."""
    inside = [one.span() for one in _MARK.finditer(marked)]
    found, start = [], 0
    for end in _END.finditer(marked):
        within = any(a < end.start() < b for a, b in inside)
        if within or (marked[end.start()] == "." and _ABBREVIATED.search(marked[: end.start()])):
            continue
        found.append(marked[start : end.start("gap")])
        start = end.end()
    return [said for said in [*found, marked[start:]] if said]


# ------------------------------------------------------------------ as a file
def as_text(lines: Iterable[Line]) -> str:
    """Sentences below their headings: ``#`` a section of the text, ``##`` a table."""
    parts: list[str] = []
    before: tuple[str, bool] | None = None
    for line in lines:
        if (line.section, line.table) != before:
            sign = "##" if line.table else "#"
            parts += (
                ["", f"{sign} {line.section}".rstrip()] if parts else [f"{sign} {line.section}"]
            )
        before = (line.section, line.table)
        parts.append(f"\\{line.marked}" if line.marked.startswith("#") else line.marked)
    return "\n".join(parts) + "\n" if parts else ""


def from_text(text: str) -> list[Line]:
    """What ``as_text`` was given."""
    found: list[Line] = []
    section, table = "", False
    for line in text.split("\n"):
        if line.startswith("#"):
            sign, _, section = line.partition(" ")
            table = sign == "##"
        elif line:
            found.append(
                Line(section, line.removeprefix("\\") if line[:2] == "\\#" else line, table)
            )
    return found


# ------------------------------------------------------------------ before and after
@dataclass(frozen=True)
class Pair:
    """A sentence before and after; one of them is missing where it is new, or gone."""

    before: Line | None
    after: Line | None

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """Facts whose printed text changed: id, before, after."""
        if self.before is None or self.after is None:
            return []
        then, now = _by_fact(self.before), _by_fact(self.after)
        return [
            (name, ", ".join(then[name]), ", ".join(now[name]))
            for name in now
            if name in then and then[name] != now[name]
        ]

    @property
    def reworded(self) -> bool:
        """Whether the words around the numbers changed."""
        both = self.before is not None and self.after is not None
        return both and self.before.template != self.after.template  # type: ignore[union-attr]


def _by_fact(line: Line) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, text in line.facts:
        found[name].append(text)
    return found


def paired(before: Sequence[Line], after: Sequence[Line]) -> list[Pair]:
    """Sentences of two papers, each with the one it was or became; in the order of the later."""
    left: dict[str, list[Line]] = defaultdict(list)
    for line in before:
        left[line.template].append(line)
    partner: dict[int, Line] = {}
    for place, line in enumerate(after):
        if left[line.template]:
            partner[place] = left[line.template].pop(0)
    rest = [line for line in before if any(line is one for one in left[line.template])]
    for place, line in enumerate(after):
        if place not in partner:
            near = _nearest(line, rest)
            if near is not None:
                partner[place] = near
                rest = [one for one in rest if one is not near]
    pairs = [Pair(partner.get(place), line) for place, line in enumerate(after)]
    return [*pairs, *(Pair(line, None) for line in rest)]


def _nearest(line: Line, others: Iterable[Line]) -> Line | None:
    """The sentence most alike that shares a fact, of the same kind; None where none is alike."""
    names = {name for name, _ in line.facts}
    best, found = ALIKE, None
    for other in others:
        if other.table == line.table and names & {name for name, _ in other.facts}:
            alike = difflib.SequenceMatcher(None, other.template, line.template, False).ratio()
            if alike > best:
                best, found = alike, other
    return found

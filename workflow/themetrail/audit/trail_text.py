"""A trail as text for a terminal, or as plain values for a program."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Any

from themetrail.audit.trail import Node

#: segments below a code or theme that are opened down to the transcript
OPENED = 3
STEP = "  "


def to_text(node: Node, width: int, *, full: bool = False) -> str:
    """A trail as indented lines.

    Parameters
    ----------
    node : where it begins.
    width : columns of the terminal.
    full : open every segment; otherwise those below a code are named, and the segment, decision
        or place that was asked for is opened.
    """
    return "\n".join(_lines(node, max(40, width), "", full=full, deep=node.kind in _OPEN)) + "\n"


#: kinds whose own evidence is always shown; what stands below a code is listed first
_OPEN = frozenset({"segment", "quotation", "mark", "place"})


def _lines(node: Node, width: int, margin: str, *, full: bool, deep: bool) -> Iterator[str]:
    name = f" {node.id}" if node.id and node.kind != "transcript" else ""
    yield from _wrapped(f"{node.kind}{name}  {node.title}", width, margin, margin + STEP * 2)
    for label, text in node.says.items():
        head = f"{margin}{STEP}{label}: "
        yield from _wrapped(text, width, head, margin + STEP * 3)
    opened = deep or full
    listed = 0
    for step in node.rests_on:
        if step.kind in ("segment", "quotation") and not opened:
            listed += 1
            if listed > OPENED * 4 and step.kind == "segment":
                continue
            title = visible(f"{step.kind} {step.id}  {step.title}")
            room = max(20, width - len(margin) - len(STEP))
            yield margin + STEP + textwrap.shorten(title, room, placeholder="…")
        else:
            yield from _lines(step, width, margin + STEP, full=full, deep=deep)
    hidden = sum(step.kind == "segment" for step in node.rests_on) - OPENED * 4
    if not opened and hidden > 0:
        yield f"{margin}{STEP}and {hidden:,} segments more (--full shows all)"


def visible(text: str) -> str:
    r"""Text of a file on one line, without what would command a terminal.

    >>> visible("a\x1b[31m b\n c")
    'a␛[31m b c'
    """
    said = []
    for character in " ".join(text.split()):
        kind = unicodedata.category(character)
        if kind == "Cc":
            said.append(chr(0x2400 + ord(character)) if ord(character) < 0x20 else "␡")
        elif kind in ("Cf", "Cs", "Co"):
            # Marks that reverse the reading order could make a line say something else.
            said.append(character if character in "\u200d\u00ad" else "�")
        else:
            said.append(character)
    return "".join(said)


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    filled = textwrap.wrap(
        visible(text), width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    return filled or [first.rstrip()]


def to_plain(node: Node) -> dict[str, Any]:
    """A trail as nested mappings."""
    return {
        "kind": node.kind,
        "id": node.id,
        "title": node.title,
        "says": dict(node.says),
        "rests_on": [to_plain(step) for step in node.rests_on],
    }

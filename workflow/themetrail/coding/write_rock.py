"""Write ROCK sources: a turn or line an utterance, its codes behind it in square brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from themetrail.coding.project import Project

_NOT_CODE = re.compile(r"[^a-zA-Z0-9._>-]")


def rock(project: Project) -> bytes:
    """One source of all texts; what ROCK can't hold (parts of a line, memos) widens or goes.

    Each line of a text is an utterance with a stable id; a code stands on every line that its
    coding touches, which is as fine as the format goes.

    Raises
    ------
    InputError
        A coding has no place in a text.
    """
    by_source: dict[str, list[tuple[int, int, str]]] = {}
    for coding, start, end in project.placed("ROCK"):
        by_source.setdefault(coding.source, []).append((start, end, coding.code))
    blocks = [
        rock_source(name, text, by_source.get(name, ()), project)
        for name, text in project.texts.items()
    ]
    return "\n---<<source_break>>---\n".join(blocks).encode("utf-8", "replace")


def rock_source(
    name: str, text: str, codings: Sequence[tuple[int, int, str]], project: Project
) -> str:
    """One text as a ROCK source."""
    lines = [f"[[sourceId={name}]]", ""]
    at = 0
    for number, line in enumerate(text.split("\n"), start=1):
        end = at + len(line)
        codes = dict.fromkeys(c for s, e, c in codings if s < end and e > at)
        marks = "".join(f" [[{rock_code(code)}]]" for code in codes)
        uid = project.guid("utterance", name, str(number)).replace("-", "")[:12]
        lines.append(f"[[uid={uid}]] {line}{marks}" if line.strip() else "")
        at = end + 1
    return "\n".join([*lines, ""])


def rock_code(code: str) -> str:
    """A code as ROCK allows it.

    >>> rock_code("double entry/all")
    'double_entry_all'
    """
    return _NOT_CODE.sub("_", code)

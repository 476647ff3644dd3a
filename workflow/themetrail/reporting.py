"""Problems as one report for people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from themetrail.errors import InputError, Problem

_NUMBER = re.compile("[0-9]+")
_ORDER = {"error": 0, "warning": 1, "note": 2}


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "error"), counted(3, "error")
    ('1 error', '3 errors')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def summary(problems: Iterable[Problem]) -> str:
    """How many of each severity, in words."""
    rows = list(problems)
    counts = {severity: sum(row.severity == severity for row in rows) for severity in _ORDER}
    said = [counted(number, severity) for severity, number in counts.items() if number]
    return ", ".join(said) or "no problems"


def _counting(text: str) -> str:
    """A text that sorts by its numbers' size: item 2 before item 10."""
    return _NUMBER.sub(lambda found: found[0].zfill(9), text)


def report(problems: Iterable[Problem], *, notes: bool = False) -> str:
    """Every problem with file, line and remedy, the gravest first, and a closing count."""
    rows = sorted(
        set(problems),
        key=lambda p: (_ORDER[p.severity], p.file, p.line or 0, p.kind, _counting(p.message)),
    )
    shown = [row for row in rows if notes or row.severity != "note"]
    return "\n".join([*(str(row) for row in shown), summary(rows)])


def stop_if_errors(problems: Iterable[Problem]) -> None:
    """Raise one report of everything where an error is among the problems.

    Raises
    ------
    InputError
        At least one problem is an error.
    """
    rows = list(problems)
    if any(row.severity == "error" for row in rows):
        raise InputError("The study has errors; nothing was reported from it.\n" + report(rows))

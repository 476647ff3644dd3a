"""What can be wrong with a study, said so that its team can mend it.

A *problem* is a row: it is collected, never raised, so that one run reports all of them.
An exception is for what makes going on impossible at once.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

#: control characters, and those that turn the direction of writing
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
Severity = Literal["error", "warning", "note"]


class ThemetrailError(Exception):
    """Base of every error that is the user's to mend; its text is the whole message."""


class InputError(ThemetrailError):
    """Data or settings break a contract."""


class NotEstimableError(ThemetrailError):
    """The data are valid and the statistic has no value for them; the text is the reason."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that could not be read, placed or matched.

    Attributes
    ----------
    severity : "error" stops the paper; "warning" is worth a look; "note" is for the record.
    kind : a short stable slug, e.g. ``unknown_code``.
    file : path relative to the study folder, with ``/``.
    line : 1-based line (or row of a sheet) in that file; None where it has none.
    message : what was found and what was expected. Never holds an identifier of a person.
    remedy : how to mend it.
    """

    severity: Severity
    kind: str
    file: str
    line: int | None
    message: str
    remedy: str = ""
    site: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        remedy = f"\n    {self.remedy}" if self.remedy else ""
        return f"{self.severity}: {_shown(where)}: {_shown(self.message)}{remedy}"


def _shown(text: str) -> str:
    """A text as a terminal may show it: what would turn or break the line is written out."""
    return _UNSHOWN.sub(lambda found: repr(found[0])[1:-1], text)


@dataclass
class Problems:
    """A growing list of problems."""

    rows: list[Problem] = field(default_factory=list)

    def add(
        self,
        severity: Severity,
        kind: str,
        file: str,
        message: str,
        remedy: str = "",
        *,
        line: int | None = None,
        site: str = "",
    ) -> None:
        """Append one problem."""
        self.rows.append(Problem(severity, kind, file, line, message, remedy, site))

    def extend(self, rows: Iterable[Problem]) -> None:
        """Append many."""
        self.rows.extend(rows)

    @property
    def errors(self) -> list[Problem]:
        """Those that stop the paper."""
        return [row for row in self.rows if row.severity == "error"]

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to ``name``, or None where none is close.

    >>> nearest("reliabilty", ["reliability", "report"])
    'reliability'
    """
    from rapidfuzz import fuzz, process

    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=60)
    return str(found[0]) if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known name, or lists what is known.

    >>> did_you_mean("reliabilty", ["reliability", "report"])
    "Did you mean 'reliability'?"
    """
    names = sorted(known)
    near = nearest(name, names)
    if near is not None:
        return f"Did you mean {near!r}?"
    listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"Known: {listed}." if names else ""


def renamed(code: str, known: Iterable[str]) -> str:
    """What to do about a code that the codebook does not have.

    >>> renamed("workloda", ["workload", "time"])
    "Did you mean 'workload'?"
    >>> renamed("burden", ["workload", "time"])
    "If it was renamed, merged or split, say so under 'changes' in config/codebook.yaml."
    """
    near = nearest(code, sorted(known))
    if near is not None:
        return f"Did you mean {near!r}?"
    return "If it was renamed, merged or split, say so under 'changes' in config/codebook.yaml."


_ROOM = "Make room there; the next run goes on from here."
_RIGHT = "Ask for the right to write there, or work on a copy of the study."
_REFUSED = {
    errno.ENOSPC: ("the disk is full", _ROOM),
    errno.EDQUOT: ("your share of the disk is used up", _ROOM),
    errno.EFBIG: ("the system allows no file as large as this one", _ROOM),
    errno.EROFS: ("the disk can only be read", _RIGHT),
    errno.EACCES: ("you may not write or read there", _RIGHT),
    errno.EPERM: ("you may not write or read there", _RIGHT),
}


def is_refusal(error: OSError) -> bool:
    """Whether the system refused what no program can do: a full disk, a folder without rights."""
    return error.errno in _REFUSED


def system_error(error: OSError) -> str:
    """What the system refused, where, and what to do.

    >>> print(system_error(OSError(errno.ENOSPC, "No space left on device", "a.csv")))
    a.csv: the disk is full
        Make room there; the next run goes on from here.
    """
    what, remedy = _REFUSED.get(error.errno or 0, (error.strerror or str(error), ""))
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{what}" + (f"\n    {remedy}" if remedy else "")

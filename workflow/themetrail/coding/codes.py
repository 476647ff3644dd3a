"""Which code of the codebook a coder's code is, after the codebook's changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from themetrail.config import Change, Codebook

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Resolved:
    """What became of a code: its id now, and whether it may be used.

    Attributes
    ----------
    status : "known"; "retired" (used, with a warning); "split" (a person must decide); "unclear"
        (split, but the id is still in use and the coding undated: used, with a warning);
        "unknown".
    code : id in the codebook; empty where split or unknown.
    choices : where split, the codes to choose from.
    """

    status: Literal["known", "retired", "split", "unclear", "unknown"]
    code: str = ""
    choices: tuple[str, ...] = ()


def _plain(name: str) -> str:
    """A code's name without regard to case, white space, hyphens and underscores."""
    return " ".join(re.sub(r"[\s_-]+", " ", name).casefold().split())


class CodeResolver:
    """Finds codes by id, label or earlier id, and applies the change log."""

    def __init__(self, codebook: Codebook) -> None:
        self._book = codebook
        self._by_id = {code.id: code for code in codebook.codes}
        self._changes: dict[str, Change] = {}
        for change in codebook.changes:
            for old in change.from_:
                self._changes[old] = change
        names: dict[str, set[str]] = {}
        for code in codebook.codes:
            for name in (code.id, code.label, f"{code.family}/{code.id}"):
                names.setdefault(_plain(name), set()).add(code.id)
            names.setdefault(_plain(f"{code.family}/{code.label}"), set()).add(code.id)
        for old in self._changes:
            names.setdefault(_plain(old), set()).add(old)
        # A name that two codes share tells neither.
        self._by_name = {name: min(ids) for name, ids in names.items() if len(ids) == 1}
        self._seen: dict[tuple[str, tuple[str, ...], str], Resolved] = {}

    @property
    def known(self) -> list[str]:
        """Ids and labels, for suggesting the nearest."""
        return [name for code in self._book.codes for name in (code.id, code.label)]

    def resolve(self, name: str, aliases: Iterable[str] = (), coded_at: str = "") -> Resolved:
        """Find a code by its name, else by its other names; ``coded_at`` dates the coding."""
        key = (name, tuple(aliases), coded_at[:10])
        if key not in self._seen:
            self._seen[key] = self._resolve(*key)
        return self._seen[key]

    def _resolve(self, name: str, aliases: tuple[str, ...], day: str) -> Resolved:
        for candidate in (name, *aliases):
            code = self._exact(candidate)
            if code is not None:
                return self._changed(code, day)
        return Resolved("unknown")

    def _exact(self, name: str) -> str | None:
        if name in self._by_id or name in self._changes:
            return name
        return self._by_name.get(_plain(name)) if name.strip() else None

    def _changed(self, code: str, day: str) -> Resolved:
        """Follow the change log from a code to what it is now."""
        seen = {code}
        while True:
            change = self._changes.get(code)
            entry = self._by_id.get(code)
            if change is not None and not self._later(day, change.on):
                if change.kind == "split":
                    return self._split(code, change, day)
                targets = change.to
            elif entry is not None and entry.status == "retired" and entry.replaced_by:
                targets = (entry.replaced_by,)
            else:
                targets = ()
            if not targets or targets[0] in seen:
                break
            code = targets[0]
            seen.add(code)
        if entry is None:
            return Resolved("unknown")
        return Resolved("retired" if entry.status == "retired" else "known", code)

    def _split(self, code: str, change: Change, day: str) -> Resolved:
        entry = self._by_id.get(code)
        if entry is not None and entry.status == "active" and not _DATE.match(day):
            return Resolved("unclear", code, change.to)
        return Resolved("split", "", change.to)

    @staticmethod
    def _later(day: str, changed_on: str) -> bool:
        """Whether a coding was surely made after a change."""
        dated = bool(_DATE.match(day)) and bool(_DATE.match(changed_on))
        return dated and day[:10] > changed_on[:10]

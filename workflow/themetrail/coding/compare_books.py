"""What changed between two codebooks, in the words of a change log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from themetrail.errors import InputError, Problems, nearest

SAME_WORDS = 90.0


@dataclass(frozen=True)
class Entry:
    """One code as either kind of codebook has it."""

    name: str
    family: str = ""
    description: str = ""
    status: str = "active"


@dataclass(frozen=True)
class Difference:
    """One difference; ``code`` is the later name, ``before`` the earlier one where it differs."""

    kind: Literal["added", "removed", "renamed", "moved", "redefined", "retired", "revived"]
    code: str
    before: str = ""
    detail: str = ""

    def __str__(self) -> str:
        was = f" (was {self.before})" if self.before else ""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.kind:10} {self.code}{was}{detail}"


def read_book(path: Path) -> dict[str, Entry]:
    """Codes by name from ``codebook.yaml``, a ``.qdc``, or any coder's file with a codebook.

    Raises
    ------
    InputError
        The file holds no codebook.
    """
    if path.suffix.casefold() in (".yaml", ".yml"):
        return _from_yaml(path)
    from themetrail.coding.files import read_file

    found = read_file(path, path.name)
    if not found.codes:
        reason = found.problems.errors[0].message if found.problems.errors else "no codes in it"
        message = f"{path}: no codebook ({reason})"
        raise InputError(message)
    return {
        code.name: Entry(code.name, "/".join(code.path[:-1]), code.description)
        for code in found.codes
        if code.codable
    }


def _from_yaml(path: Path) -> dict[str, Entry]:
    from themetrail.yamlfile import read_yaml

    problems = Problems()
    value, _ = read_yaml(path, path.name, problems)
    codes = value.get("codes") if isinstance(value, Mapping) else None
    if not isinstance(codes, list):
        reason = problems.errors[0].message if problems.errors else "no list of codes"
        message = f"{path}: no codebook ({reason})"
        raise InputError(message)
    entries = {}
    for row in codes:
        if isinstance(row, Mapping) and row.get("id"):
            words = [str(row.get(key) or "") for key in ("definition", "apply", "not", "example")]
            entries[str(row["id"])] = Entry(
                str(row["id"]),
                str(row.get("family") or row.get("parent") or ""),
                "\n".join(word for word in words if word),
                str(row.get("status") or "active"),
            )
    return entries


def compare(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> list[Difference]:
    """Differences in the order of the later book, what was removed last.

    A code that is gone and one that is new are a renaming where they say the same, or nearly.
    """
    gone = {name: entry for name, entry in before.items() if name not in after}
    rows: list[Difference] = []
    for name, entry in after.items():
        if name in before:
            rows += _changes(before[name], entry)
            continue
        earlier = _earlier(entry, gone)
        if earlier is None:
            rows.append(Difference("added", name))
        else:
            rows.append(Difference("renamed", name, earlier))
            rows += _changes(gone.pop(earlier), entry)
    return rows + [Difference("removed", name) for name in gone]


def _earlier(entry: Entry, gone: Mapping[str, Entry]) -> str | None:
    """The removed code whose description this one has."""
    if not entry.description:
        return None
    by_words = {old.description: name for name, old in gone.items() if old.description}
    near = nearest(entry.description, by_words)
    if near is None:
        return None
    from rapidfuzz import fuzz

    alike = fuzz.ratio(entry.description, near) >= SAME_WORDS
    return by_words[near] if alike else None


def _changes(old: Entry, new: Entry) -> list[Difference]:
    """How one code changed."""
    rows: list[Difference] = []
    if old.status != new.status:
        rows.append(Difference("retired" if new.status == "retired" else "revived", new.name))
    if old.family != new.family:
        detail = f"{old.family or 'no family'} → {new.family or 'no family'}"
        rows.append(Difference("moved", new.name, detail=detail))
    if old.description != new.description:
        rows.append(Difference("redefined", new.name, detail=_first_line(new.description)))
    return rows


def _first_line(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= 80 else f"{line[:79]}…"

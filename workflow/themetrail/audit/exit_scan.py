"""Identifiers in what a run hands out: file names, words, properties, logs, the crate.

What is found is named by file, part and kind, never repeated.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from themetrail.audit.exit_texts import APART, words_in
from themetrail.errors import Problems
from themetrail.intake.disclosure import scan
from themetrail.intake.forbidden import forbidden
from themetrail.intake.gate import kind_in_words

WITHDRAWN = "withdrawn_id"
#: an id of digits alone is any number: only longer ones are looked for in texts
_SHORTEST_NUMBER = 4
_PIECES = re.compile(r"\d+")
_REMEDY = (
    "Take it out of where it comes from (a label, memo, setting, the manuscript, a file's "
    "properties) and run again; or, if it identifies nobody, allow it under disclosure: allow: "
    "with this file, the kind and a reason."
)


@dataclass(frozen=True)
class Sought:
    """What may not leave.

    Attributes
    ----------
    names : the study's list of forbidden names.
    withdrawn : ids of people and transcripts that were withdrawn.
    known : pseudonyms, which are no identifiers whatever they look like.
    stated : texts that hold what the study states of itself on purpose: its authors' addresses.
    allowed : words that passed the gate of the intake for a reason, by kind.
    allow : entries of ``disclosure.allow``; ``file`` may be a pattern such as ``reports/*``.
    """

    names: tuple[str, ...] = ()
    withdrawn: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    stated: str = ""
    allowed: frozenset[tuple[str, str]] = frozenset()
    allow: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @cached_property
    def cited(self) -> frozenset[str]:
        """Names of the list that authors or cited authors bear: in a paper they are theirs."""
        return frozenset(name for name in self.names if any(forbidden(self.stated, [name])))

    def permits(self, file: str, kind: str) -> bool:
        """Whether an entry of the configuration lets this kind pass in this file, for a reason."""
        return any(
            fnmatch.fnmatchcase(file, str(entry.get("file") or ""))
            and entry.get("kind") == kind
            and str(entry.get("reason") or "").strip()
            for entry in self.allow
        )


def scan_files(root: Path, paths: Iterable[str], sought: Sought, problems: Problems) -> None:
    """Look into every file; an error names each kind found in each part.

    A file that another holds too (a paper within the crate) is read once.

    Parameters
    ----------
    root : the study's folder.
    paths : files relative to it.
    sought : what may not leave.
    problems : errors are added.
    """
    seen: set[bytes] = set()
    # Archives last: what they hold of other files is named by the file.
    for path in sorted(paths, key=lambda path: (path.endswith(".zip"), path)):
        where = _safely(path, sought)
        if where != path:
            kinds = _kinds_in(path.replace("/", APART), sought, whole=True)
            _tell(where, "its name", [k for k in kinds if not sought.permits(path, k)], problems)
        try:
            for part, text in words_in((root / path).read_bytes(), path, seen):
                inside = part.removeprefix(path).removeprefix(", ")
                found = [k for k in _kinds_in(text, sought) if not sought.permits(path, k)]
                _tell(where, _safely(inside, sought), found, problems)
        except Exception as error:  # noqa: BLE001  # what can't be read can't be vouched for
            message = f"could not be looked into ({type(error).__name__})"
            problems.add("error", "exit_unreadable", where, message, "Make it again.")


def _safely(name: str, sought: Sought) -> str:
    """A name as messages may say it: one that holds an identifier is told by its hash."""
    if not _kinds_in(name.replace("/", APART), sought, whole=True):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{name.partition('/')[0]}/ (the name whose SHA-256 begins {digest})"


def _kinds_in(text: str, sought: Sought, *, whole: bool = False) -> list[str]:
    """Kinds of identifiers in a text; ``whole`` takes the names of authors too."""
    names = sought.names if whole else [name for name in sought.names if name not in sought.cited]
    found = {
        hit.kind
        for hit in scan(text, names, known=sought.known)
        if hit.severity == "hard" and _counts(text[hit.start : hit.end], hit.kind, sought)
    }
    if _ids_in(text, sought.withdrawn, short=whole):
        found.add(WITHDRAWN)
    return sorted(found)


def _counts(words: str, kind: str, sought: Sought) -> bool:
    """Whether a hit is one: not a row of single digits, nothing stated or allowed elsewhere."""
    if kind == "forbidden_name":
        return True
    runs = _PIECES.findall(words)
    if kind in ("nhs_number", "phone") and len("".join(runs)) < 2 * len(runs):
        return False
    return words not in sought.stated and (kind, plain(words)) not in sought.allowed


def plain(words: str) -> str:
    """Letters and digits of an identifier, however it is spaced.

    >>> plain("0161 496-0000")
    '01614960000'
    """
    return "".join(character for character in words.casefold() if character.isalnum())


def _ids_in(text: str, ids: Iterable[str], *, short: bool) -> bool:
    wanted = [i for i in sorted(ids) if short or len(i) >= _SHORTEST_NUMBER or not i.isdecimal()]
    if not wanted:
        return False
    return re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", text) is not None


def _tell(where: str, part: str, kinds: Iterable[str], problems: Problems) -> None:
    at = f", in {part}," if part else ""
    for kind in kinds:
        what = "an id that was withdrawn" if kind == WITHDRAWN else kind_in_words(kind)
        problems.add(
            "error", "exit_disclosure", where, f"holds{at} what looks like {what}", _REMEDY
        )


# ------------------------------------------------------------------ what is sought
def allowed_words(
    transcripts: Iterable[tuple[str, str]], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Kind and plain form of hard hits that an entry of the configuration let pass at intake.

    Parameters
    ----------
    transcripts : file and canonical text.
    rows : of the disclosure tables.
    """
    passed: dict[str, set[str]] = {}
    for row in rows:
        if row["allowed"] and row["severity"] == "hard":
            passed.setdefault(str(row["file"]), set()).add(str(row["kind"]))
    for file, text in transcripts:
        for hit in scan(text) if file in passed else ():
            if hit.kind in passed[file]:
                yield hit.kind, plain(text[hit.start : hit.end])

"""Contradictions that the authors have acknowledged, and releases, as decisions of the log.

An acknowledgement is a row of ``data/decisions.csv`` of the kind ``contradiction``: ``about`` is
the claim, ``decision`` says ``acknowledged`` and the key of the contradiction, ``by`` and
``reason`` are filled.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from themetrail.audit.decisions import Decision
from themetrail.errors import InputError
from themetrail.releases import files, reading
from themetrail.report.claims import Judged

KIND = "contradiction"
RELEASE = "release"
_WORD = re.compile(r"acknowledged[:\s]+(?P<key>[0-9a-f]{8})\Z")


def key_of(decision: Decision) -> str:
    """The key that an acknowledgement names; empty where it is none that counts."""
    found = _WORD.match(decision.decision) if decision.kind == KIND else None
    complete = bool(decision.by and decision.reason and decision.about)
    return found["key"] if found is not None and complete else ""


def acknowledgements(memos: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """Claim and key to the decision that acknowledges it."""
    found = ((one, key_of(one)) for one in memos)
    return {(one.about, key): one for one, key in found if key}


def flagged(claims: Iterable[Judged], known: Mapping[tuple[str, str], Decision]) -> list[Judged]:
    """Claims that the evidence contradicts and nobody has acknowledged so."""
    wrong = (one for one in claims if one.state == "contradicted")
    return [one for one in wrong if (one.claim.id, one.key) not in known]


def idle(memos: Iterable[Decision], claims: Iterable[Judged]) -> list[tuple[Decision, str]]:
    """Rows of the kind that acknowledge nothing now, and why."""
    now = {one.claim.id: one for one in claims}
    found = []
    for memo in memos:
        if memo.kind != KIND:
            continue
        claim = now.get(memo.about)
        if not key_of(memo):
            found.append(
                (memo, "it needs about, by, reason, and “acknowledged KEY” as its decision")
            )
        elif claim is None:
            found.append((memo, f"there is no claim {memo.about!r}"))
        elif claim.state == "contradicted" and claim.key != key_of(memo):
            found.append((memo, "another contradiction of this claim was acknowledged"))
    return found


def row(claim: Judged, *, on: str, by: str, reason: str) -> dict[str, str]:
    """The row of ``data/decisions.csv`` that acknowledges a contradiction."""
    return {
        "on": on,
        "kind": KIND,
        "about": claim.claim.id,
        "decision": f"acknowledged {claim.key}",
        "by": by,
        "reason": reason,
    }


def append(path: Path, given: Mapping[str, str], columns: Iterable[str]) -> None:
    """Add a row to a CSV file; its other rows stay to the byte, the file is made where needed.

    Raises
    ------
    InputError
        The file can't be read, or lacks a column that the row needs.
    """
    from themetrail.tables import write_text

    wanted = list(columns)
    try:
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
        first = io.StringIO(text.removeprefix("\ufeff"), newline="")
        head = next(csv.reader(first), []) if text.strip() else wanted
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path.name} can't be read as UTF-8 CSV: {error}"
        raise InputError(message) from error
    names = [name.strip() for name in head]
    missing = [name for name in wanted if name not in names and given.get(name)]
    if missing:
        message = f"{path.name} has no column {missing[0]!r}; add it to its first line"
        raise InputError(message)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n" if "\r\n" in text else "\n")
    if not text.strip():
        text = ""
        writer.writerow(names)
    writer.writerow([given.get(name, "") for name in names])
    gap = "" if not text or text.endswith("\n") else "\n"
    write_text(text + gap + target.getvalue(), path)


def release_decisions(root: Path) -> list[Decision]:
    """Every release as a decision of the log.

    Raises
    ------
    InputError
        One of them can't be read.
    """
    return [
        Decision(
            on=one.about.on,
            kind=RELEASE,
            about=one.about.name,
            decision=f"frozen, SHA-256 {one.digest}",
            by=one.about.by,
            reason=one.about.note,
            source=f"{files.FOLDER}/{one.about.name}/{files.SEAL}",
        )
        for one in reading.releases(root)
    ]

"""Exclusions and withdrawals: who and what is left out, read from ``data/``."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from themetrail.errors import Problems, did_you_mean

FILES: tuple[tuple[Literal["excluded", "withdrawn"], str], ...] = (
    ("excluded", "data/exclusions.csv"),
    ("withdrawn", "data/withdrawals.csv"),
)
COLUMNS = ("participant_id", "transcript_id", "on", "reason", "site")


@dataclass(frozen=True)
class Dropped:
    """One person or transcript left out.

    ``site`` says where, so that the tombstone stands there even when the site's files no longer
    hold the id.
    """

    why: Literal["excluded", "withdrawn"]
    participant_id: str
    transcript_id: str
    on: str
    reason: str
    site: str = ""

    @property
    def ids(self) -> frozenset[str]:
        """The ids named."""
        return frozenset(name for name in (self.participant_id, self.transcript_id) if name)


def read_dropped(root: Path, problems: Problems) -> list[Dropped]:
    """All rows of data/exclusions.csv and data/withdrawals.csv; ids are never in a message."""
    rows: list[Dropped] = []
    for why, file in FILES:
        path = root / file
        if path.exists():
            rows += _read(path, file, why, problems)
    return rows


def _read(
    path: Path, file: str, why: Literal["excluded", "withdrawn"], problems: Problems
) -> list[Dropped]:
    """Rows of one of the two files."""
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        columns = [name for name in reader.fieldnames or [] if name]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.add("error", "unreadable", file, f"can't be read as UTF-8 CSV: {error}")
        return []
    for name in columns:
        if name not in COLUMNS:
            message = f"unknown column {name!r}"
            problems.add(
                "error", "unknown_column", file, message, did_you_mean(name, COLUMNS), line=1
            )
    rows = []
    for row in reader:
        values = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not values["participant_id"] and not values["transcript_id"]:
            problems.add(
                "error",
                "missing_id",
                file,
                "a row names neither a participant nor a transcript",
                "Fill participant_id or transcript_id.",
                line=reader.line_num,
            )
        else:
            rows.append(Dropped(why=why, **values))
    return rows


def dropped_ids(rows: Iterable[Dropped]) -> frozenset[str]:
    """Every id that must not appear in anything derived."""
    return frozenset(name for row in rows for name in row.ids)


def masked(text: str, ids: Iterable[str]) -> str:
    """What somebody wrote about others (a memo, a reason) without the ids of those left out.

    An id of fewer than four digits and nothing else is any number, and stays.

    >>> masked("as N2 said; compare N21", {"N2"})
    'as […] said; compare N21'
    """
    named = [name for name in sorted(ids) if not (name.isdecimal() and len(name) < 4)]
    if not named or not text:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, named))})(?!\w)", "[…]", text)


def stems_of_dropped(
    rows: Iterable[Dropped], transcripts_of: Mapping[str, Iterable[str]]
) -> frozenset[str]:
    """Transcript ids left out, given each transcript's participants.

    A transcript goes when it is named, when its id is the person's (the usual naming), or when
    its only participant is left out.
    """
    ids = dropped_ids(rows)
    gone = set(ids)
    for transcript, people in transcripts_of.items():
        listed = set(people)
        if listed and listed <= ids:
            gone.add(transcript)
    return frozenset(gone)


def fingerprint(rows: Iterable[Dropped], names: Iterable[str], site: str = "") -> str:
    """A digest of the rows that concern these ids or this site, so that only it reruns."""
    known = set(names)
    relevant = sorted(
        (row.why, row.participant_id, row.transcript_id, row.on, row.reason)
        for row in rows
        if row.ids & known or (site and row.site == site)
    )
    return hashlib.sha256(repr(relevant).encode()).hexdigest()

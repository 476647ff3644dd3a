"""Participants and transcripts that are left out: excluded, or withdrawn.

Of what is left out only a tombstone remains: what, why and when, without the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from themetrail.intake.names import label_key
from themetrail.intake.settings import IntakeSettings
from themetrail.intake.sheets import Particulars, People


@dataclass
class Left:
    """What a site leaves out.

    Attributes
    ----------
    participants : label keys of the people, with the id as recorded.
    transcripts : casefolded ids of transcripts that are not read at all.
    tombstones : rows of the table of what was dropped.
    """

    participants: dict[str, str] = field(default_factory=dict)
    transcripts: set[str] = field(default_factory=set)
    tombstones: list[dict[str, str]] = field(default_factory=list)


def recorded(settings: IntakeSettings) -> set[str]:
    """Every id of the study's records, casefolded: of these no message may speak."""
    records = [*settings.withdrawn, *settings.excluded]
    columns = ("participant_id", "transcript_id")
    return {_cell(record, column).casefold() for record in records for column in columns} - {""}


def leave_out(
    site: str,
    settings: IntakeSettings,
    people: People,
    particulars: Mapping[str, Particulars],
    transcript_ids: Iterable[str],
) -> Left:
    """Which of a site's people and transcripts the study's records leave out.

    A record without a ``site`` holds wherever its id occurs. A transcript goes with its only
    participant; in a transcript of several people the one person's turns go.
    """
    left = Left()
    ids = list(transcript_ids)
    transcripts = {name.casefold() for name in ids} | set(particulars)
    persons = {*people.by_key, *(label_key(name) for name in ids)}
    persons |= {label_key(name) for row in particulars.values() for name in row.participants}
    persons |= {label_key(target) for target in _targets(settings.speakers)}
    for why, records in (("withdrawn", settings.withdrawn), ("excluded", settings.excluded)):
        for record in records:
            of_site = _cell(record, "site")
            who, what = _cell(record, "participant_id"), _cell(record, "transcript_id")
            if of_site not in {"", site}:
                continue
            if who and (of_site or label_key(who) in persons):
                if label_key(who) not in left.participants:
                    left.tombstones.append(_tombstone(site, "participant", why, record))
                left.participants[label_key(who)] = who
            elif what and (of_site or what.casefold() in transcripts):
                if what.casefold() not in left.transcripts:
                    left.tombstones.append(_tombstone(site, "transcript", why, record))
                left.transcripts.add(what.casefold())
    for name in {*ids, *particulars}:
        row = particulars.get(name.casefold())
        who_speaks = row.participants if row is not None and row.participants else (name,)
        if all(label_key(person) in left.participants for person in who_speaks):
            left.transcripts.add(name.casefold())
    return left


def _targets(speakers: Mapping[str, Any]) -> Iterable[str]:
    for value in speakers.values():
        if isinstance(value, Mapping):
            yield from _targets(value)
        else:
            yield str(value)


def _cell(record: Mapping[str, Any], column: str) -> str:
    value = record.get(column)
    return "" if value is None or value != value else str(value).strip()


def _tombstone(site: str, what: str, why: str, record: Mapping[str, Any]) -> dict[str, str]:
    reason = _cell(record, "reason") if why == "excluded" else ""
    for column in ("participant_id", "transcript_id"):
        if name := _cell(record, column):
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            reason = re.sub(pattern, f"[{what}]", reason, flags=re.IGNORECASE)
    return {"site": site, "what": what, "why": why, "on": _cell(record, "on"), "reason": reason}

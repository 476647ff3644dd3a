"""What a study decides about reading its transcripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Unit = Literal["turn", "sentence", "document"]

INTERVIEWERS = (
    "Interviewer",
    "Int",
    "IV",
    "IVR",
    "I",
    "Q",
    "Moderator",
    "Mod",
    "Facilitator",
    "Fac",
    "Researcher",
)
OTHERS = ("Observer", "Notetaker", "Note taker", "Interpreter", "Transcriber")
# Labels that mean "the person interviewed" where a transcript has only one.
GENERIC = (
    "Respondent",
    "Resp",
    "Res",
    "Participant",
    "Part",
    "Interviewee",
    "IE",
    "Patient",
    "P",
    "R",
    "A",
)


@dataclass(frozen=True)
class IntakeSettings:
    """The choices of one study's intake, from plain configuration values.

    Attributes
    ----------
    unit : the unit of analysis.
    interviewers, others, generic : speaker labels, compared without case; a number after the
        label is understood ("Interviewer 2"). ``others`` are neither interviewer nor participant;
        ``generic`` labels mean the participant where the transcript has exactly one.
    speakers : label → participant id (or "interviewer", "other"). A value that is itself a
        mapping applies to the site, transcript id, or ``site/transcript_id`` that is its key.
    not_speakers : words before a colon at the start of a line that are not a label.
    encoding : what to try when a file is neither UTF-8 nor has a byte-order mark, e.g. "cp1252".
    preamble : "skip" leaves text before the first speaker label out of the turns; "turn" keeps it
        as a turn of nobody.
    forbidden_names : names that may not occur anywhere in a transcript.
    allow : entries ``{file, line, kind, reason}`` that let a disclosure hit pass; ``line`` may be
        left out to cover the kind in the whole file.
    excluded, withdrawn : records ``{participant_id | transcript_id, on, reason, site}``.
    """

    unit: Unit = "turn"
    interviewers: Sequence[str] = INTERVIEWERS
    others: Sequence[str] = OTHERS
    generic: Sequence[str] = GENERIC
    speakers: Mapping[str, Any] = field(default_factory=dict)
    not_speakers: Sequence[str] = ()
    encoding: str | None = None
    preamble: Literal["skip", "turn"] = "skip"
    forbidden_names: Sequence[str] = ()
    allow: Sequence[Mapping[str, Any]] = ()
    excluded: Sequence[Mapping[str, Any]] = ()
    withdrawn: Sequence[Mapping[str, Any]] = ()

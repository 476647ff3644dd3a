"""Speaker labels and ids: how they are compared, and to whom a label belongs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from themetrail.intake.lexicon import NAME_PARTICLES, PRONOUNS, SENTENCE_OPENERS
from themetrail.intake.settings import IntakeSettings

Role = Literal["participant", "interviewer", "other"]
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ROLES: dict[str, Role] = {"interviewer": "interviewer", "other": "other"}


def label_key(label: str) -> str:
    """A label as it is compared: without case, width, markup or surrounding punctuation."""
    if label.isascii() and label.isalnum():
        return label.lower()
    folded = unicodedata.normalize("NFKC", label).casefold()
    return unicodedata.normalize("NFC", " ".join(folded.split()).strip(" :.*_[]"))


def _without_number(key: str) -> str:
    return re.sub(r"[ ._#-]*\d{1,2}$", "", key).rstrip(" .")


def opens_sentence(label: str) -> bool:
    """Whether words begin as a sentence does, "And …" or "I said …", rather than a name."""
    first, *others = label.casefold().split() or [""]
    return first in SENTENCE_OPENERS or (bool(others) and first in PRONOUNS)


def label_shaped(label: str) -> bool:
    """Whether a label is written like a name, a code or a role, in at most four words."""
    words = re.sub(r"\([^)]*\)", " ", label).split()
    if not 1 <= len(words) <= 4 or len(label) > 60 or label[-1] in "'’&/-":
        return False
    if opens_sentence(label) or not any(map(str.isalpha, label)):
        return False
    return all(
        word.casefold() in NAME_PARTICLES or not word[0].islower() or any(map(str.isdigit, word))
        for word in words
    )


@dataclass
class Speakers:
    """The people of one transcript, by label.

    Attributes
    ----------
    participants : label key → participant id, of the whole site.
    mapped : label key → participant id, "interviewer" or "other", as configured.
    interviewers, others, generic, ignored : label keys.
    sole : the participant that a generic label means; None where there may be several.
    """

    participants: Mapping[str, str]
    mapped: Mapping[str, str]
    interviewers: frozenset[str]
    others: frozenset[str]
    generic: frozenset[str]
    ignored: frozenset[str]
    sole: str | None
    _memo: dict[str, tuple[Role, str] | None] = field(default_factory=dict)

    def resolve(self, label: str) -> tuple[Role, str] | None:
        """The role and participant id ("" for none) of a label; None where nobody knows it."""
        if label not in self._memo:
            keys = [label_key(label)]
            if "(" in label:  # "A01 (laughing)", "Jane (Interviewer)"
                keys += [label_key(part) for part in re.split(r"[()]", label) if part.strip()]
            found = (self._lookup(key) for key in keys if key)
            self._memo[label] = next((who for who in found if who is not None), None)
        return self._memo[label]

    def known(self, label: str) -> bool:
        """Whether a label is somebody's."""
        return self.resolve(label) is not None

    def is_words(self, label: str) -> bool:
        """Whether the study says that this is no label."""
        return label_key(label) in self.ignored

    def _lookup(self, key: str) -> tuple[Role, str] | None:
        if key in self.mapped:
            target = self.mapped[key]
            role = _ROLES.get(target.casefold())
            if role is not None and label_key(target) not in self.participants:
                return role, ""
            return "participant", self.participants.get(label_key(target), target)
        if key in self.participants:
            return "participant", self.participants[key]
        base = _without_number(key)
        if key in self.interviewers or base in self.interviewers:
            return "interviewer", ""
        if key in self.others or base in self.others:
            return "other", ""
        if self.sole is not None and (key in self.generic or base in self.generic):
            return "participant", self.sole
        return None

    def labels(self) -> list[str]:
        """Every label that is known, for a suggestion."""
        names = {*self.participants.values(), *self.mapped, "Interviewer"}
        return sorted(names)


def speakers_of(
    settings: IntakeSettings,
    participants: Mapping[str, str],
    site: str,
    transcript_id: str,
    sole: str | None,
) -> Speakers:
    """The speakers of one transcript under a study's settings.

    Parameters
    ----------
    settings : the study's choices.
    participants : label key → participant id, of the site.
    site, transcript_id : which transcript.
    sole : its only participant, or None.
    """
    return Speakers(
        participants,
        scoped(settings.speakers, site, transcript_id),
        _keys(settings.interviewers),
        _keys(settings.others),
        _keys(settings.generic),
        _keys(settings.not_speakers),
        sole,
    )


def scoped(speakers: Mapping[str, Any], site: str, transcript_id: str) -> dict[str, str]:
    """The label → participant entries that hold for a transcript; the narrowest scope wins."""
    scopes = [speakers, speakers.get(site), speakers.get(transcript_id)]
    scopes.append(speakers.get(f"{site}/{transcript_id}"))
    if isinstance(of_site := speakers.get(site), Mapping):
        scopes.append(of_site.get(transcript_id))
    chosen: dict[str, str] = {}
    for scope in scopes:
        if isinstance(scope, Mapping):
            chosen |= {
                label_key(str(label)): str(target)
                for label, target in scope.items()
                if not isinstance(target, Mapping)
            }
    return chosen


def _keys(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(label_key(label) for label in labels)

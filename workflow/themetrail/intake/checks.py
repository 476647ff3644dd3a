"""Whether the people who speak in a transcript are the people of the study."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from themetrail.errors import did_you_mean, nearest
from themetrail.intake.document import Remark
from themetrail.intake.names import Speakers, label_key
from themetrail.intake.speech import Speech

if TYPE_CHECKING:
    from themetrail.intake.transcript import Around, Turn


def check_people(
    around: Around,
    transcript_id: str,
    turns: Sequence[Turn],
    speech: Speech,
    speakers: Speakers,
) -> Iterator[Remark]:
    """What is wrong with the speakers of a transcript.

    Labels that nobody knows, labels mapped to people without a row, transcripts in which nobody of
    the study speaks, and differences from what transcripts.csv says.

    Parameters
    ----------
    around : the site.
    transcript_id : which transcript.
    turns : its turns, those of people left out apart.
    speech : all its turns, with the places of their labels.
    speakers : the labels that it may have.
    """
    if not speech.labelled:
        yield _unlabelled(speakers)
        return
    places = dict(zip((u.start for u in speech.utterances), speech.labels, strict=True))
    unknown: dict[str, list[Turn]] = {}
    for turn in turns:
        if turn.speaker and not speakers.known(turn.speaker):
            unknown.setdefault(label_key(turn.speaker), []).append(turn)
    roles = {turn.role for turn in turns if not turn.speaker or speakers.known(turn.speaker)}
    if "participant" not in roles:
        if _rowless(around, transcript_id):
            message = "no row of participants.csv is about a person who speaks here"
            remedy = "Add the person, or name the participants in transcripts.csv."
            yield Remark("error", "transcript_without_participant", message, remedy)
            unknown.pop(label_key(transcript_id), None)
        elif not unknown:
            yield _nobody(roles)
    yield from _differing(around.declared(transcript_id), {t.participant_id for t in turns} - {""})
    yield from _mapped_to_nobody(around, turns, places)
    suggestions = [n for n in speakers.labels() if label_key(n) not in around.left.participants]
    for said in unknown.values():
        yield _unknown(said[0].speaker, len(said), suggestions, places[said[0].start])


def _unlabelled(speakers: Speakers) -> Remark:
    if speakers.sole is None:
        message = (
            "no speaker is named and no participant belongs to it; its paragraphs are nobody's"
        )
        remedy = "Label the speakers, or name one participant in transcripts.csv."
    else:
        message = f"no speaker is named; each paragraph was taken as a turn of {speakers.sole}"
        remedy = "If others speak in it too, label the speakers."
    return Remark("warning", "no_speakers", message, remedy, 0)


def _nobody(roles: Collection[str]) -> Remark:
    message = "only the interviewer speaks" if "interviewer" in roles else "nobody known speaks"
    remedy = "Check the speaker labels: the participant's may be missing."
    return Remark("error", "interviewer_only", message, remedy)


def _rowless(around: Around, transcript_id: str) -> bool:
    """Whether participants.csv is there and no row of it, by id or by mention, is meant."""
    if not around.people.present or around.declared(transcript_id):
        return False
    return label_key(transcript_id) not in around.people.by_key


def _differing(declared: Sequence[str], spoke: Collection[str]) -> Iterator[Remark]:
    """Where transcripts.csv and the transcript name other participants."""
    if not declared or set(declared) == set(spoke):
        return
    silent = ", ".join(sorted(set(declared) - set(spoke)))
    others = ", ".join(sorted(set(spoke) - set(declared)))
    said = [f"named in transcripts.csv and silent here: {silent}"] if silent else []
    said += [f"speaking here and not named there: {others}"] if others else []
    remedy = "Correct the participants column, or the speaker labels."
    yield Remark("warning", "participants_differ", "; ".join(said), remedy)


def _mapped_to_nobody(
    around: Around, turns: Sequence[Turn], places: Mapping[int, int]
) -> Iterator[Remark]:
    """Labels that the configuration gives to people without a row in participants.csv."""
    rowless: dict[str, Turn] = {}
    for turn in turns if around.people.present else ():
        if turn.participant_id and turn.participant_id not in around.people.rows:
            rowless.setdefault(turn.participant_id, turn)
    for who, turn in rowless.items():
        message = f"a speaker is mapped to {who!r}, who has no row in participants.csv"
        remedy = did_you_mean(who, around.people.rows) or "Add the row."
        yield Remark("error", "unknown_participant", message, remedy, places[turn.start])


def _unknown(label: str, turns: int, known: Sequence[str], at: int) -> Remark:
    """A label that nobody knows; repeated only where it can hardly be a person's real name."""
    near = nearest(label, known)
    coded = re.fullmatch(r"(?:[A-Za-z]{1,3}|Speaker|Person|Participant|Respondent)[ _-]?\d+", label)
    shown = repr(label) if near is not None or coded else f"of {len(label)} characters"
    message = f"nobody knows the speaker label {shown} (turns: {turns})"
    remedy = f"Did you mean {near!r}? " if near else ""
    remedy += "Correct it, or say under intake: speakers: whose it is."
    return Remark("error", "unknown_speaker", message, remedy, at)

"""One transcript: its text, its turns, and who speaks in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themetrail.errors import Problems, did_you_mean, nearest
from themetrail.intake.document import Document, Unreadable
from themetrail.intake.dropped import Left
from themetrail.intake.files import TranscriptFile
from themetrail.intake.gate import Gate
from themetrail.intake.names import Role, Speakers, label_key, speakers_of
from themetrail.intake.reading import read_document
from themetrail.intake.settings import IntakeSettings
from themetrail.intake.sheets import Particulars, People
from themetrail.intake.speech import Speech, parse_turns


@dataclass(frozen=True)
class Around:
    """What reading a transcript needs to know of its site."""

    site: str
    settings: IntakeSettings
    people: People
    particulars: Mapping[str, Particulars]
    left: Left
    gate: Gate
    problems: Problems


@dataclass(frozen=True)
class Turn:
    """One row of the turns table."""

    transcript_id: str
    turn: int
    speaker: str
    role: Role
    participant_id: str
    start: int
    end: int
    n_words: int


@dataclass(frozen=True)
class Transcript:
    """One row of the transcripts table, and its turns; ``spoke`` is who speaks, held or not."""

    row: dict[str, Any]
    turns: tuple[Turn, ...]
    spoke: tuple[str, ...]


def read_transcript(around: Around, file: TranscriptFile) -> Transcript | None:
    """Read one transcript file; None where nothing of it can go on, with the reason in problems."""
    try:
        data = file.path.read_bytes()
        document = read_document(data, file.path.suffix[1:], around.settings.encoding)
    except OSError as error:
        _problem(around, file, "unreadable", f"cannot be opened: {error.strerror}", "Check it.")
        return None
    except Unreadable as error:
        _problem(around, file, error.kind, error.message, error.remedy, error.line)
        return None
    for remark in document.remarks:
        line = None if remark.offset is None else document.line(remark.offset)
        around.problems.add(
            remark.severity, remark.kind, file.file, remark.message, remark.remedy,
            line=line, site=around.site,
        )  # fmt: skip
    if not document.text.strip():
        message = "holds no words"
        _problem(around, file, "empty_transcript", message, "Put the transcript in, or remove it.")
        return None
    return _interpreted(around, file, document, hashlib.sha256(data).hexdigest())


def _interpreted(
    around: Around, file: TranscriptFile, document: Document, sha256: str
) -> Transcript | None:
    """A document as a transcript of its site."""
    speakers = _speakers(around, file.id)
    speech = parse_turns(
        document, speakers.known, words=speakers.is_words, preamble=around.settings.preamble
    )
    _remark(around, file, document, speech)
    turns = _turns(file.id, document.text, speech, speakers)
    gone = [
        i for i, t in enumerate(turns) if label_key(t.participant_id) in around.left.participants
    ]
    text = _masked(document.text, speech.labels, gone)
    kept = [turn for index, turn in enumerate(turns) if index not in set(gone)]
    if gone and not any(turn.role == "participant" for turn in kept):
        return None
    spoke = tuple(dict.fromkeys(t.participant_id for t in kept if t.participant_id))
    _check_people(around, file, document, kept, speech, speakers)
    if "\ufffd" in text:
        message = "holds replacement characters: letters were lost before the file came here"
        line = document.line(text.index("\ufffd"))
        around.problems.add(
            "warning", "replacement_characters", file.file, message,
            "Export it again from its source, as UTF-8.", line=line, site=around.site,
        )  # fmt: skip
    if not around.gate.passes(file.file, document, text, around.problems):
        text, kept = "", []
    return Transcript(_row(around, file, document, sha256, text, kept, spoke), tuple(kept), spoke)


def _speakers(around: Around, transcript_id: str) -> Speakers:
    """The labels that a transcript may have."""
    left = around.left.participants
    participants = {**around.people.by_key, **left}
    row = around.particulars.get(transcript_id.casefold())
    declared = row.participants if row is not None else ()
    sole = None
    if len(declared) == 1:
        sole = declared[0]
    elif not declared:
        sole = participants.get(label_key(transcript_id))
    if not around.people.present and not declared:
        # Without participants.csv, which is reported once, a transcript stands for its person.
        sole = transcript_id
        participants.setdefault(label_key(transcript_id), transcript_id)
    return speakers_of(around.settings, participants, around.site, transcript_id, sole)


def _turns(transcript_id: str, text: str, speech: Speech, speakers: Speakers) -> list[Turn]:
    turns = []
    for number, said in enumerate(speech.utterances, start=1):
        role, who = speakers.resolve(said.speaker) or ("other", "")
        if not speech.labelled and speakers.sole is not None:
            role, who = "participant", speakers.sole
        n_words = len(text[said.start : said.end].split())
        turns.append(
            Turn(transcript_id, number, said.speaker, role, who, said.start, said.end, n_words)
        )
    return turns


def _masked(text: str, labels: Sequence[int], gone: Sequence[int]) -> str:
    """The text with the turns of people left out, labels too, as white space of equal length.

    Equal length keeps every other offset, and with it everybody else's coding, in its place.
    """
    for index in gone:
        start = labels[index]
        end = labels[index + 1] if index + 1 < len(labels) else len(text)
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _row(
    around: Around,
    file: TranscriptFile,
    document: Document,
    sha256: str,
    text: str,
    turns: Sequence[Turn],
    spoke: Sequence[str],
) -> dict[str, Any]:
    particulars = around.particulars.get(file.id.casefold(), Particulars(0))
    declared = [p for p in particulars.participants if label_key(p) not in around.left.participants]
    people = list(dict.fromkeys([*declared, *spoke]))
    person = around.people.rows.get(people[0], {}) if len(people) == 1 else {}
    values = particulars.values
    minutes = particulars.duration_min
    return {
        "transcript_id": file.id,
        "site": around.site,
        "file": file.file,
        "format": document.format,
        "encoding": document.encoding,
        "sha256": sha256,
        "text_sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if text
        else "",
        "status": "ready" if text else "held",
        "text": text,
        "n_chars": len(text),
        "n_words": sum(turn.n_words for turn in turns),
        "n_turns": len(turns),
        "participants": ";".join(people),
        "interviewer": values.get("interviewer", ""),
        "date": values.get("date") or person.get("interview_date", ""),
        "mode": values.get("mode") or person.get("interview_mode", ""),
        "duration_min": document.duration_min if minutes is None else minutes,
        "language": values.get("language", ""),
    }


def _check_people(
    around: Around,
    file: TranscriptFile,
    document: Document,
    turns: Sequence[Turn],
    speech: Speech,
    speakers: Speakers,
) -> None:
    """Report speakers nobody knows, and transcripts in which nobody of the study speaks."""
    if not speech.labelled:
        _check_unlabelled(around, file, speakers)
        return
    starts = dict(zip((u.start for u in speech.utterances), speech.labels, strict=True))
    unknown: dict[str, list[Turn]] = {}
    for turn in turns:
        if turn.speaker and not speakers.known(turn.speaker):
            unknown.setdefault(label_key(turn.speaker), []).append(turn)
    spoken = {turn.role for turn in turns if not turn.speaker or speakers.known(turn.speaker)}
    own = label_key(file.id)
    if "participant" not in spoken and _rowless(around, file) and around.people.present:
        message = "no row of participants.csv is about a person who speaks here"
        remedy = "Add the person, or name the participants in transcripts.csv."
        _problem(around, file, "transcript_without_participant", message, remedy)
        unknown.pop(own, None)
    elif "participant" not in spoken and not unknown:
        message = (
            "only the interviewer speaks" if "interviewer" in spoken else "nobody known speaks"
        )
        remedy = "Check the speaker labels: the participant's may be missing."
        _problem(around, file, "interviewer_only", message, remedy)
    _check_declared(around, file, {turn.participant_id for turn in turns if turn.participant_id})
    _check_mapped(around, file, document, [t for t in turns if t.participant_id], starts)
    for said in unknown.values():
        line = document.line(starts[said[0].start])
        message, remedy = _about_unknown(said[0].speaker, len(said), _suggestions(around, speakers))
        _problem(around, file, "unknown_speaker", message, remedy, line)


def _check_declared(around: Around, file: TranscriptFile, spoke: Collection[str]) -> None:
    """Report where transcripts.csv and the transcript name other participants."""
    declared = around.particulars.get(file.id.casefold(), Particulars(0)).participants
    declared = tuple(p for p in declared if label_key(p) not in around.left.participants)
    if not declared or set(declared) == set(spoke):
        return
    silent = sorted(set(declared) - set(spoke))
    others = sorted(set(spoke) - set(declared))
    message = "; ".join(
        f"{what}: {', '.join(ids)}"
        for what, ids in (
            ("named in transcripts.csv and silent here", silent),
            ("speaking here and not named there", others),
        )
        if ids
    )
    remedy = "Correct the participants column, or the speaker labels."
    around.problems.add(
        "warning", "participants_differ", file.file, message, remedy, site=around.site
    )


def _check_mapped(
    around: Around,
    file: TranscriptFile,
    document: Document,
    turns: Sequence[Turn],
    starts: Mapping[int, int],
) -> None:
    """Report labels that the configuration gives to people without a row in participants.csv."""
    rowless: dict[str, Turn] = {}
    for turn in turns:
        if turn.participant_id not in around.people.rows and around.people.present:
            rowless.setdefault(turn.participant_id, turn)
    for who, turn in rowless.items():
        message = f"a speaker is mapped to {who!r}, who has no row in participants.csv"
        remedy = did_you_mean(who, around.people.rows) or "Add the row."
        line = document.line(starts[turn.start])
        _problem(around, file, "unknown_participant", message, remedy, line)


def _check_unlabelled(around: Around, file: TranscriptFile, speakers: Speakers) -> None:
    if speakers.sole is None:
        message = (
            "no speaker is named and no participant belongs to it; its paragraphs are nobody's"
        )
        remedy = "Label the speakers, or name one participant in transcripts.csv."
    else:
        message = f"no speaker is named; each paragraph was taken as a turn of {speakers.sole}"
        remedy = "If others speak in it too, label the speakers."
    around.problems.add(
        "warning", "no_speakers", file.file, message, remedy, line=1, site=around.site
    )


def _rowless(around: Around, file: TranscriptFile) -> bool:
    declared = around.particulars.get(file.id.casefold(), Particulars(0)).participants
    return not declared and label_key(file.id) not in around.people.by_key


def _suggestions(around: Around, speakers: Speakers) -> list[str]:
    left = around.left.participants
    return [name for name in speakers.labels() if label_key(name) not in left]


def _about_unknown(label: str, turns: int, known: Sequence[str]) -> tuple[str, str]:
    """Message and remedy; a label is repeated only where it can hardly be a person's real name."""
    near = nearest(label, known)
    coded = re.fullmatch(r"(?:[A-Za-z]{1,3}|Speaker|Person|Participant|Respondent)[ _-]?\d+", label)
    shown = repr(label) if near is not None or coded else f"of {len(label)} characters"
    message = f"nobody knows the speaker label {shown} (turns: {turns})"
    remedy = f"Did you mean {near!r}? " if near else ""
    remedy += "Correct it, or say under intake: speakers: whose it is."
    return message, remedy


def _remark(around: Around, file: TranscriptFile, document: Document, speech: Speech) -> None:
    for remark in speech.remarks:
        line = None if remark.offset is None else document.line(remark.offset)
        around.problems.add(
            remark.severity, remark.kind, file.file, remark.message, remark.remedy,
            line=line, site=around.site,
        )  # fmt: skip


def _problem(
    around: Around,
    file: TranscriptFile,
    kind: str,
    message: str,
    remedy: str,
    line: int | None = None,
) -> None:
    around.problems.add("error", kind, file.file, message, remedy, line=line, site=around.site)

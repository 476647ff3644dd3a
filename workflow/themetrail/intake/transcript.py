"""One transcript: its text, its turns, and who speaks in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themetrail.errors import Problems
from themetrail.intake.checks import check_people
from themetrail.intake.document import Document, Remark, Unreadable
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

    def report(self, file: str, remark: Remark, line: int | None = None) -> None:
        """Turn a remark about one of the site's files into a problem row."""
        self.problems.add(
            remark.severity, remark.kind, file, remark.message, remark.remedy,
            line=line, site=self.site,
        )  # fmt: skip

    def declared(self, transcript_id: str) -> tuple[str, ...]:
        """The participants that transcripts.csv names, those left out apart."""
        row = self.particulars.get(transcript_id.casefold(), Particulars(0))
        return tuple(p for p in row.participants if label_key(p) not in self.left.participants)


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
        message = f"cannot be opened: {error.strerror}"
        around.report(file.file, Remark("error", "unreadable", message, "Check its permissions."))
        return None
    except Unreadable as error:
        remark = Remark("error", error.kind, error.message, error.remedy)
        around.report(file.file, remark, error.line)
        return None
    if not document.text.strip():
        remedy = "Put the transcript in, or remove the file."
        around.report(file.file, Remark("error", "empty_transcript", "holds no words", remedy))
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
    left = around.left.participants
    turns = _turns(file.id, document.text, speech, speakers)
    gone = {index for index, turn in enumerate(turns) if label_key(turn.participant_id) in left}
    kept = [turn for index, turn in enumerate(turns) if index not in gone]
    if gone and not any(turn.role == "participant" for turn in kept):
        return None
    text = _masked(document.text, speech.labels, sorted(gone), list(left.values()))
    remarks = [*document.remarks, *speech.remarks, *_lost_letters(text)]
    remarks += check_people(around, file.id, kept, speech, speakers)
    for remark in remarks:
        line = None if remark.offset is None else document.line(remark.offset)
        around.report(file.file, remark, line)
    spoke = tuple(dict.fromkeys(turn.participant_id for turn in kept if turn.participant_id))
    if not around.gate.passes(file.file, document, text, around.problems):
        text, kept = "", []
    return Transcript(_row(around, file, document, sha256, text, kept, spoke), tuple(kept), spoke)


def _lost_letters(text: str) -> Iterator[Remark]:
    if "\ufffd" in text:
        message = "holds replacement characters: letters were lost before the file came here"
        remedy = "Export it again from its source, as UTF-8."
        at = text.index("\ufffd")
        yield Remark("warning", "replacement_characters", message, remedy, at)


def _speakers(around: Around, transcript_id: str) -> Speakers:
    """The labels that a transcript may have."""
    left = around.left.participants
    participants = {**around.people.by_key, **left}
    row = around.particulars.get(transcript_id.casefold(), Particulars(0))
    declared = row.participants
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


def _masked(text: str, labels: Sequence[int], gone: Sequence[int], ids: Sequence[str]) -> str:
    """The text without the turns and ids of people left out: white space of equal length.

    Equal length keeps every other offset, and with it everybody else's coding, in its place.
    """
    for index in gone:
        start = labels[index]
        end = labels[index + 1] if index + 1 < len(labels) else len(text)
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    for name in ids:
        whole = rf"(?<!\w){re.escape(name)}(?!\w)"
        text = re.sub(whole, " " * len(name), text, flags=re.IGNORECASE)
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
    people = list(dict.fromkeys([*around.declared(file.id), *spoke]))
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

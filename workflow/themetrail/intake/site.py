"""One site's raw material to the tables of the intake stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.contracts import DISCLOSURE, DROPPED, PARTICIPANTS, TRANSCRIPTS, TURNS
from themetrail.errors import Problem, Problems
from themetrail.intake.dropped import Left, leave_out, recorded
from themetrail.intake.files import TranscriptFile, transcript_files
from themetrail.intake.gate import Gate
from themetrail.intake.names import label_key
from themetrail.intake.segment import units
from themetrail.intake.settings import IntakeSettings
from themetrail.intake.sheets import People, read_participants, read_particulars
from themetrail.intake.transcript import Around, Transcript, read_transcript
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Intake:
    """A site's tables, under the contracts of the same names, and what is wrong with the site."""

    transcripts: pd.DataFrame
    turns: pd.DataFrame
    units: pd.DataFrame
    participants: pd.DataFrame
    disclosure: pd.DataFrame
    dropped: pd.DataFrame
    problems: list[Problem]


def read_site(root: Path, site: str, settings: IntakeSettings) -> Intake:
    """Read a site's transcripts and participants.

    Parameters
    ----------
    root : the study folder.
    site : the site's folder name under ``data/``.
    settings : the study's choices.

    Returns
    -------
    Intake
        Rows in order of transcript id and position. What could not be read is in ``problems``,
        whose errors stop the paper; everything else of the site is read nevertheless.
    """
    problems = Problems()
    prefix = f"data/{site}"
    folder = root / "data" / site
    if not folder.is_dir():
        message = f"the site {site!r} has no folder"
        remedy = "Create it, or remove the site from config/sites.tsv."
        problems.add("error", "missing_site", prefix, message, remedy, site=site)
        return _tables([], [], [], [], settings, problems)
    gone = recorded(settings)
    people = read_participants(folder, prefix, site, settings.encoding, problems)
    particulars = read_particulars(folder, prefix, site, settings.encoding, people, gone, problems)
    files = transcript_files(
        root, site, problems, forbidden_names=settings.forbidden_names, gone=gone
    )
    left = leave_out(site, settings, people, particulars, [file.id for file in files])
    gate = Gate(site, settings.forbidden_names, settings.allow, sorted(people.rows))
    around = Around(site, settings, people, particulars, left, gate, problems)
    wanted = [file for file in files if file.id.casefold() not in left.transcripts]
    read = [found for file in wanted if (found := read_transcript(around, file)) is not None]
    gate.report_unused(problems)
    _cross_check(around, files, read)
    rows = _participants(site, people, left, read)
    return _tables(read, rows, gate.rows, left.tombstones, settings, problems)


def _tables(
    read: Sequence[Transcript],
    participants: Iterable[Mapping[str, Any]],
    disclosure: Iterable[Mapping[str, Any]],
    tombstones: Iterable[Mapping[str, str]],
    settings: IntakeSettings,
    problems: Problems,
) -> Intake:
    transcripts = frame([found.row for found in read], TRANSCRIPTS)
    turns = frame([vars(turn) for found in read for turn in found.turns], TURNS)
    return Intake(
        transcripts,
        turns,
        units(turns, transcripts, settings.unit),
        frame(participants, PARTICIPANTS),
        frame(disclosure, DISCLOSURE),
        frame(tombstones, DROPPED),
        problems.rows,
    )


def _participants(
    site: str, people: People, left: Left, read: Sequence[Transcript]
) -> list[dict[str, Any]]:
    """Everybody who is not left out, with the number of ready transcripts they speak in."""
    counts = Counter(
        who
        for found in read
        for who in {turn.participant_id for turn in found.turns if turn.participant_id}
    )
    return [
        {"participant_id": who, "site": site, "n_transcripts": counts[who], **attributes}
        for who, attributes in sorted(people.rows.items())
        if label_key(who) not in left.participants
    ]


def _cross_check(
    around: Around, files: Sequence[TranscriptFile], read: Sequence[Transcript]
) -> None:
    """Report transcripts that are recorded and not there, and people who speak nowhere."""
    prefix, site, left = f"data/{around.site}", around.site, around.left
    there = {file.id.casefold() for file in files}
    for name, row in sorted(around.particulars.items()):
        if name not in there | left.transcripts and not _reported(around, name):
            message = f"records the transcript {row.transcript_id!r}, of which there is no file"
            remedy = f"Put it into {prefix}/transcripts/, or remove the row."
            around.problems.add(
                "error", "missing_transcript", f"{prefix}/transcripts.csv", message, remedy,
                line=row.line, site=site,
            )  # fmt: skip
    heard = {label_key(who) for found in read for who in found.spoke}
    # A transcript that is there but could not be read has its own problem row.
    waiting = there | {label_key(p) for r in around.particulars.values() for p in r.participants}
    for who, line in around.people.lines.items():
        key = label_key(who)
        if key not in heard | waiting | set(left.participants) and not _reported(around, who):
            message = f"the participant {who!r} speaks in no transcript"
            remedy = f"Put the transcript into {prefix}/transcripts/, or record an exclusion."
            around.problems.add(
                "error", "participant_without_transcript", f"{prefix}/participants.csv", message,
                remedy, line=line, site=site,
            )  # fmt: skip


def _reported(around: Around, name: str) -> bool:
    """Whether a file of this id was there and has its own problem row."""
    stem = f"data/{around.site}/transcripts/{name}.".casefold()
    return any(problem.file.casefold().startswith(stem) for problem in around.problems)

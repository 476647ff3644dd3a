"""Who speaks to each theme at one site, counted so that sites can be added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from themetrail.coding.passage import Transcript
from themetrail.config import Theme
from themetrail.synthesis.base import bearing_codes, split
from themetrail.synthesis.marks import Placed, flagged, place_rows

Row = dict[str, Any]


@dataclass
class Voices:
    """What bears on a theme: segments, the people who speak, passages against the claim."""

    n_segments: int = 0
    n_counter: int = 0
    people: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Tally:
    """One site in one way of doing the analysis.

    Attributes
    ----------
    people : ids of those with a coded transcript.
    themes : theme to what bears on it, every theme of the study.
    """

    people: frozenset[str]
    themes: Mapping[str, Voices]


def tally(
    segments: Iterable[Row],
    interviews: Mapping[str, Sequence[str]],
    themes: Sequence[Theme],
    texts: Mapping[str, Transcript],
) -> Tally:
    """Count a site's segments as ``synthesis.gather`` and ``counter_table`` count the study's.

    Parameters
    ----------
    segments : rows of the contract ``segments``.
    interviews : coded transcripts and their participants; segments of others do not count.
    themes : the study's.
    texts : the coded transcripts in which themes.yaml singles out passages.
    """
    rows = [
        _with_speaker(row, interviews) for row in segments if row["transcript_id"] in interviews
    ]
    near = [row for row in rows if row["transcript_id"] in texts]
    marks, _ = place_rows(themes, texts, near)
    against = flagged(marks)
    voices = {theme.id: Voices() for theme in themes}
    for theme, number in _named(marks).items():
        voices[theme].n_counter = number
    of_code = _themes_of_code(themes)
    for row in rows:
        for theme, counts_against in of_code.get(row["code"], ()):
            own, covered = voices[theme], (theme, row["segment_id"]) in against
            own.n_segments += 1
            own.n_counter += not covered and (counts_against or row["stance"] == "counter")
            if row["participant_id"]:
                own.people.add(row["participant_id"])
    return Tally(frozenset(p for people in interviews.values() for p in people), voices)


def interviews_of(
    transcripts: Iterable[str], participants: Iterable[str], coded: Iterable[str]
) -> dict[str, list[str]]:
    """The coded transcripts with the ids of their participants."""
    known = set(coded)
    pairs = zip(transcripts, participants, strict=True)
    return {name: split(people) for name, people in pairs if name in known}


def _with_speaker(row: Row, interviews: Mapping[str, Sequence[str]]) -> Row:
    """A segment with its speaker; a document's only participant speaks all of it."""
    people = interviews[row["transcript_id"]]
    if row["participant_id"] or len(people) != 1:
        return row
    return {**row, "participant_id": people[0]}


def _themes_of_code(themes: Iterable[Theme]) -> dict[str, list[tuple[str, bool]]]:
    """Code to the themes that it bears on, and whether it speaks against them."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for theme in themes:
        for code in bearing_codes(theme):
            found[code].append((theme.id, code in theme.counter_codes))
    return found


def _named(marks: Iterable[Placed]) -> dict[str, int]:
    """Theme to how many passages themes.yaml names against it."""
    counts: dict[str, int] = defaultdict(int)
    for mark in dict.fromkeys(mark for mark in marks if mark.kind == "counter"):
        counts[mark.theme] += 1
    return counts

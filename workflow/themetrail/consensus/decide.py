"""From several coders' spans to one set of decisions and segments."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from themetrail.consensus.extent import Extent, Stretch
from themetrail.consensus.overlap import touching
from themetrail.consensus.unused import idle, leaderless, outside
from themetrail.consensus.verdict import Cell, Key, Marking, Rule, Ruling, Verdict, verdict
from themetrail.contracts import DECISIONS, SEGMENTS
from themetrail.errors import Problem
from themetrail.tables import frame, records

if TYPE_CHECKING:
    import pandas as pd

COUNTER_TAG = "#counter"


@dataclass(frozen=True)
class Consensus:
    """What the coders' work became: decisions (before and after), segments, what to look at."""

    decisions: pd.DataFrame
    segments: pd.DataFrame
    problems: list[Problem]


def decide(
    units: pd.DataFrame,
    spans: pd.DataFrame,
    coverage: pd.DataFrame,
    adjudications: pd.DataFrame,
    *,
    site: str,
    rule: Rule,
    extent: Extent,
    lead: str = "",
    transcripts: pd.DataFrame | None = None,
) -> Consensus:
    """Decide every unit and code that at least one coder marked.

    A coder marked a unit with a code where one of their spans with that code shares at least one
    character with the unit. Who judged a transcript and left the unit unmarked judged the code
    absent; who did not judge the transcript has no say. What all judges marked is unanimous; else
    an adjudication that overlaps the unit and has the code decides; else the rule among those
    who judged. A single judge's markings stand.

    Parameters
    ----------
    units : contract ``units``. Of one site, as are the other tables.
    spans : contract ``spans``. A memo that holds ``#counter`` flags the coding as one that speaks
        against the themes of its code.
    coverage : contract ``coverage``.
    adjudications : contract ``adjudications``, from ``read_adjudications``.
    site : the site's folder name.
    rule : for what nobody adjudicated: majority (strictly more than half), any, all, lead.
    extent : which stretch a segment covers: union, intersection, longest (``extent_of``).
    lead : the lead coder, for the rule lead.
    transcripts : contract ``transcripts``; with it a segment's id changes when its words do.

    Returns
    -------
    consensus : decisions and segments in order of transcript, unit and code, and problems: spans
        that lie in no unit, decisions that decided nothing.
    """
    cells = cells_of(units, spans, coverage, adjudications)
    verdicts = {key: verdict(cell, rule, lead) for key, cell in cells.items()}
    rows = sorted(_rows(cells, verdicts), key=lambda row: (row.unit, row.code))
    places = records(units)
    problems = [*outside(spans, units, site), *idle(adjudications, cells, verdicts, site)]
    if rule == "lead":
        problems += leaderless(lead, coverage, site)
    return Consensus(
        frame((_decision(row, places[row.unit], site) for row in rows), DECISIONS),
        frame(_kept(rows, places, site, extent, _texts(transcripts)), SEGMENTS),
        problems,
    )


def segments_of(
    cells: Mapping[Key, Cell],
    places: Sequence[Mapping[str, Any]],
    *,
    site: str,
    rule: Rule,
    extent: Extent,
    lead: str = "",
) -> Iterator[dict[str, Any]]:
    """The segments that ``decide`` would leave, for whoever decides the same cells many ways.

    Parameters
    ----------
    cells : from ``cells_of``; their rulings taken away where adjudications shall not count.
    places : the rows of the units that the cells are about.
    site, rule, extent, lead : as for ``decide``.

    Returns
    -------
    rows of the contract ``segments``, by unit and code. Their ids do not depend on the words.
    """
    verdicts = {key: verdict(cell, rule, lead) for key, cell in cells.items()}
    rows = sorted(_rows(cells, verdicts), key=lambda row: (row.unit, row.code))
    return _kept(rows, places, site, extent, {})


def _kept(
    rows: Iterable[_Row],
    places: Sequence[Mapping[str, Any]],
    site: str,
    extent: Extent,
    texts: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    """The segments of the rows that are kept."""
    for row in rows:
        if row.verdict.outcome == "keep":
            yield _segment(row, places[row.unit], site, extent, texts)


@dataclass(frozen=True)
class _Row:
    """One unit and code of the decisions."""

    unit: int
    code: str
    cell: Cell
    verdict: Verdict


def cells_of(
    units: pd.DataFrame, spans: pd.DataFrame, coverage: pd.DataFrame, adjudications: pd.DataFrame
) -> dict[Key, Cell]:
    """Every unit and code that somebody marked, in the order of the units."""
    judges = _judges(spans, coverage)
    ids = units["transcript_id"].tolist()
    markings: dict[Key, list[Marking]] = defaultdict(list)
    for unit, start, end, row in _clipped(units, spans, ["coder", "code", "memo"]):
        flagged = COUNTER_TAG in str(row["memo"])
        markings[unit, row["code"]].append(Marking(row["coder"], start, end, flagged))
    rulings: dict[Key, list[Ruling]] = defaultdict(list)
    for unit, _, _, row in _clipped(units, adjudications, list(adjudications.columns)):
        rulings[unit, row["code"]].append(_ruling(row))
    return {
        key: Cell(
            tuple(sorted(markings[key], key=lambda m: (m.coder, m.start, m.end))),
            judges[ids[key[0]]],
            tuple(sorted(rulings.get(key, []), key=lambda r: (r.start, r.end, r.row))),
        )
        for key in sorted(markings)
    }


def _clipped(
    units: pd.DataFrame, stretches: pd.DataFrame, columns: list[str]
) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
    """Each unit that a stretch touches: its position, the shared stretch, the stretch's row."""
    import numpy as np

    left, right = touching(stretches, units)
    starts = np.maximum(stretches["start"].to_numpy()[left], units["start"].to_numpy()[right])
    ends = np.minimum(stretches["end"].to_numpy()[left], units["end"].to_numpy()[right])
    rows = records(stretches[columns].assign(row=range(len(stretches))))
    for at, unit, start, end in zip(left, right, starts, ends, strict=True):
        yield int(unit), int(start), int(end), rows[at]


def _ruling(row: Mapping[str, Any]) -> Ruling:
    """A row of the adjudications as a decision."""
    names = ("row", "start", "end", "decision", "new_code", "extent", "by", "on", "reason")
    return Ruling(**{name: row[name] for name in names})


def _judges(spans: pd.DataFrame, coverage: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Transcript to the coders who judged it; who coded there judged it, assigned or not."""
    judges: dict[str, set[str]] = defaultdict(set)
    for table in (coverage, spans):
        for coder, transcript in zip(table["coder"], table["transcript_id"], strict=True):
            judges[transcript].add(coder)
    return {transcript: tuple(sorted(coders)) for transcript, coders in judges.items()}


def _rows(cells: Mapping[Key, Cell], verdicts: Mapping[Key, Verdict]) -> Iterator[_Row]:
    """The cells with their verdicts; markings moved to another code join that code's cell."""
    arrived: dict[Key, list[Verdict]] = defaultdict(list)
    for (unit, code), given in verdicts.items():
        if given.new_code and given.new_code != code:
            arrived[unit, given.new_code].append(given)
    for key, cell in cells.items():
        moved = arrived.pop(key, [])
        yield _Row(*key, cell, _joined(verdicts[key], moved) if moved else verdicts[key])
    for key, moved in arrived.items():
        judges = next(cell.judges for place, cell in cells.items() if place[0] == key[0])
        yield _Row(*key, Cell((), judges), _joined(None, moved))


def _joined(own: Verdict | None, moved: list[Verdict]) -> Verdict:
    """A cell's verdict with markings that an adjudicator moved here."""
    arrived = tuple(marking for given in moved for marking in given.kept)
    if own is not None and own.outcome == "keep":
        return replace(own, kept=own.kept + arrived)
    return Verdict("keep", "adjudication", moved[0].ruling, arrived)


def _decision(row: _Row, unit: Mapping[str, Any], site: str) -> dict[str, Any]:
    """A row of the decisions."""
    ruling = row.verdict.ruling
    marks = row.cell.markings or row.verdict.kept
    return {
        "site": site,
        "transcript_id": unit["transcript_id"],
        "unit": unit["unit"],
        "code": row.code,
        "start": min(mark.start for mark in marks),
        "end": max(mark.end for mark in marks),
        "marked_by": ";".join(row.cell.marked_by),
        "unmarked_by": ";".join(row.cell.unmarked_by),
        "outcome": row.verdict.outcome,
        "new_code": row.verdict.new_code,
        "decided_by": row.verdict.decided_by,
        "by": ruling.by if ruling else "",
        "on": ruling.on if ruling else "",
        "reason": ruling.reason if ruling else "",
    }


def _segment(
    row: _Row,
    unit: Mapping[str, Any],
    site: str,
    extent: Extent,
    texts: Mapping[str, str],
) -> dict[str, Any]:
    """A row of the segments."""
    start, end = stretch = row.verdict.stretch(extent)
    transcript = unit["transcript_id"]
    return {
        "segment_id": segment_id(transcript, stretch, row.code, texts.get(transcript, "")),
        "site": site,
        "transcript_id": transcript,
        "participant_id": unit["participant_id"],
        "unit": unit["unit"],
        "turn": unit["turn"],
        "start": start,
        "end": end,
        "code": row.code,
        "coders": ";".join(sorted({marking.coder for marking in row.verdict.kept})),
        "decided_by": row.verdict.decided_by,
        "stance": "counter" if any(m.flagged for m in row.verdict.kept) else "supports",
    }


def segment_id(transcript_id: str, stretch: Stretch, code: str, text: str = "") -> str:
    """A name for a segment that stays while its place, code and words stay.

    It says nothing of who speaks: 60 bits of a SHA-256 digest in lower-case Base32, after "s".
    """
    start, end = stretch
    words = hashlib.sha256(text[start:end].encode()).hexdigest()
    parts = "\x1f".join((transcript_id, str(start), str(end), code, words))
    digest = hashlib.sha256(parts.encode()).digest()
    return "s" + base64.b32encode(digest).decode()[:12].lower()


def _texts(transcripts: pd.DataFrame | None) -> dict[str, str]:
    """Transcript to its canonical text."""
    if transcripts is None:
        return {}
    return dict(zip(transcripts["transcript_id"], transcripts["text"], strict=True))

"""One site's evidence for the explorer: texts, turns, every coder's marks, every decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
Row = dict[str, Any]

#: Columns of ``marks`` and ``decisions``, in order: rows are lists, since names repeated in every
#: row would be most of the page.
MARK = ("span", "coder", "code", "start", "end", "memo", "source", "row", "as_coded")
DECISION = (
    "unit", "turn", "person", "code", "start", "end", "marked", "unmarked", "outcome", "new_code",
    "decided_by", "by", "on", "reason", "segment", "seg_start", "seg_end", "stance",
)  # fmt: skip
TURN = ("turn", "speaker", "role", "person", "start", "end")


def site_data(site: str, tables: Tables) -> Row:
    """Everything of one site that the explorer shows.

    Parameters
    ----------
    site : the site's folder name.
    tables : transcripts, turns, units, participants, spans, coverage, decisions, segments of the
        site, under the contracts of those names.

    Returns
    -------
    ``site``, ``people`` (id to attributes) and ``transcripts``, each with its text, turns, marks
    and decisions; places are code points of its text, half-open. A transcript that the disclosure
    gate holds back has no text here either.
    """
    parts = {
        name: _by_transcript(tables[name])
        for name in ("turns", "units", "spans", "coverage", "decisions", "segments")
    }
    return {
        "site": site,
        "people": _people(tables["participants"]),
        "transcripts": [_transcript(row, parts) for row in _rows(tables["transcripts"])],
    }


def _rows(table: pd.DataFrame) -> list[Row]:
    """A table's rows as mappings of plain values."""
    import pandas as pd

    plain = table.astype(object).where(pd.notna(table), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def _by_transcript(table: pd.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(table):
        found[row["transcript_id"]].append(row)
    return found


def _people(participants: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Participant id to what is recorded of the person."""
    left_out = ("participant_id", "site", "n_transcripts")
    return {
        row["participant_id"]: {
            name: value for name, value in row.items() if name not in left_out and value
        }
        for row in _rows(participants)
    }


def _transcript(row: Row, parts: Mapping[str, Mapping[str, list[Row]]]) -> Row:
    here = {name: table.get(row["transcript_id"], []) for name, table in parts.items()}
    about = ("file", "sha256", "status", "interviewer", "date", "mode", "language", "text")
    return {
        "id": row["transcript_id"],
        **{name: row[name] for name in about},
        "minutes": row["duration_min"],
        "words": row["n_words"],
        "people": _split(row["participants"]),
        "coders": sorted(part["coder"] for part in here["coverage"]),
        "turns": [_turn(turn) for turn in here["turns"]],
        "marks": [_mark(span) for span in _in_place(here["spans"], "coder")],
        "decisions": _decisions(here),
    }


def _turn(turn: Row) -> list[Any]:
    names = ("turn", "speaker", "role", "participant_id", "start", "end")
    return [turn[name] for name in names]


def _mark(span: Row) -> list[Any]:
    as_coded = span["code_as_coded"] if span["code_as_coded"] != span["code"] else ""
    names = ("span_id", "coder", "code", "start", "end", "memo", "source", "row")
    return [*(span[name] for name in names), as_coded]


def _in_place(rows: Iterable[Row], then: str) -> list[Row]:
    return sorted(rows, key=lambda row: (row["start"], row["end"], row["code"], row[then]))


def _decisions(here: Mapping[str, list[Row]]) -> list[list[Any]]:
    """Decisions in order of place, each with the segment that it became."""
    units = {unit["unit"]: unit for unit in here["units"]}
    segments = {(s["unit"], s["code"]): s for s in here["segments"]}
    return [
        _decision(row, units.get(row["unit"], {}), segments.get((row["unit"], row["code"])))
        for row in _in_place(here["decisions"], "outcome")
    ]


def _decision(row: Row, unit: Row, segment: Row | None) -> list[Any]:
    plain = ("outcome", "new_code", "decided_by", "by", "on", "reason")
    kept = segment or {"segment_id": "", "start": None, "end": None, "stance": ""}
    return [
        row["unit"],
        unit.get("turn", 0),
        unit.get("participant_id", ""),
        *(row[name] for name in ("code", "start", "end")),
        _split(row["marked_by"]),
        _split(row["unmarked_by"]),
        *(row[name] for name in plain),
        *(kept[name] for name in ("segment_id", "start", "end", "stance")),
    ]


def _split(joined: str) -> list[str]:
    return [name for name in joined.split(";") if name]

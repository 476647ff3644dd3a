"""Decisions on disagreements, ``data/<site>/adjudications.csv``, placed on the text.

A decision is keyed by the words it is about and the code, so that it is replayed on every run and
survives a new export of the coders' work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.coding.codes import CodeResolver
from themetrail.coding.names import TranscriptNames
from themetrail.coding.passage import Span, Transcript, Turn
from themetrail.coding.sheets import Sheet, read_delimited
from themetrail.config import Codebook
from themetrail.contracts import ADJUDICATIONS
from themetrail.errors import InputError, Problem, Problems, did_you_mean
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd

NAME = "adjudications.csv"
REQUIRED = ("transcript_id", "code", "decision", "reason")
PLACE = ("quote", "start", "end", "turn", "prefix", "suffix")
COLUMNS = (*REQUIRED, *PLACE, "by", "on", "new_code")
DECISIONS = ("keep", "drop", "change")


@dataclass
class _Reader:
    """One site's file while it is read."""

    file: str
    site: str
    names: TranscriptNames
    texts: Mapping[str, Transcript]
    codes: CodeResolver
    dropped: frozenset[str]
    problems: Problems = field(default_factory=Problems)

    def add(
        self, kind: str, line: int | None, message: str, remedy: str = "", *, note: bool = False
    ) -> None:
        """Record a problem of a line."""
        severity = "note" if note else "error"
        self.problems.add(severity, kind, self.file, message, remedy, line=line, site=self.site)  # type: ignore[arg-type]


def read_adjudications(
    root: Path,
    site: str,
    transcripts: pd.DataFrame,
    turns: pd.DataFrame,
    codebook: Codebook,
    dropped_ids: frozenset[str] = frozenset(),
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a site's decisions and place each on the canonical text.

    Parameters
    ----------
    root : the study folder.
    site : the site's folder name.
    transcripts, turns : contracts of those names, of this site.
    codebook : its change log is applied to the codes that decisions name.
    dropped_ids : transcripts left out; decisions on them vanish without being named.

    Returns
    -------
    adjudications : contract ``adjudications``, in the order of the file; empty without a file.
    problems : every row that can't be used, with its line; contradictory rows are all left out.
    """
    file = f"data/{site}/{NAME}"
    path = root / file
    reader = _Reader(
        file,
        site,
        TranscriptNames(transcripts["transcript_id"]),
        _texts(transcripts, turns),
        CodeResolver(codebook),
        dropped_ids,
    )
    sheet = _sheet(path, reader)
    rows = _rows(sheet, reader) if sheet is not None else []
    placed = [row for row in (_read_row(*item, reader) for item in rows) if row is not None]
    return frame(_consistent(placed, reader), ADJUDICATIONS), reader.problems.rows


def _sheet(path: Path, reader: _Reader) -> Sheet | None:
    """The file as a table; None where there is none, or none that can be read."""
    if not path.exists():
        return None
    try:
        sheet = read_delimited(path.read_bytes(), reader.file)
    except (OSError, InputError) as error:
        reader.add("unreadable", None, str(error), "Save it as a CSV file in UTF-8.")
        return None
    reader.problems.extend(sheet.problems)
    return sheet


def _rows(sheet: Sheet, reader: _Reader) -> list[tuple[int, dict[str, str]]]:
    """Lines and named values; none where a column that every decision needs is missing."""
    header = [name.casefold().replace(" ", "_") for name in sheet.header]
    missing = [name for name in REQUIRED if name not in header]
    if "quote" not in header and not {"start", "end"} <= set(header):
        missing.append("quote")
    for name in missing:
        hint = did_you_mean(name, [h for h in header if h and h not in COLUMNS])
        reader.add("missing_column", sheet.header_line, f"no column {name!r}", hint)
    for name in header:
        if name and name not in COLUMNS:
            message = f"column {name!r} is not used"
            reader.add("column_ignored", sheet.header_line, message, note=True)
    if missing:
        return []
    rows = []
    for line, cells in sheet.rows:
        if any(cell.strip() for cell in cells[len(header) :]):
            message = f"{len(cells)} fields where the header has {len(header)}"
            reader.add("malformed_row", line, message, "Quote every field that holds a comma.")
        else:
            named = zip(header, cells, strict=False)
            rows.append((line, dict.fromkeys(COLUMNS, "") | {k: v.strip() for k, v in named}))
    return rows


def _read_row(line: int, row: Mapping[str, str], reader: _Reader) -> dict[str, Any] | None:
    """One decision, placed; None (and a problem) where it can't be used."""
    if row["transcript_id"] in reader.dropped:
        return None
    transcript = reader.names.find(row["transcript_id"])
    if transcript is None:
        if row["transcript_id"]:
            message = "names a transcript that this site does not have"
            hint = "Check transcript_id; it is the transcript's file name without its extension."
        else:
            message, hint = "names no transcript", "Fill transcript_id."
        reader.add("unknown_transcript", line, message, hint)
        return None
    if transcript in reader.dropped:
        return None
    decision = row["decision"].casefold()
    sound = _sound(line, row, decision, reader)
    code = _code(line, row["code"], row["on"], reader)
    new_code = _code(line, row["new_code"], "", reader) if decision == "change" else ""
    place = _place(line, row, reader.texts[transcript], reader)
    if not sound or code is None or new_code is None or place is None:
        return None
    return {
        "transcript_id": transcript,
        "start": place[0],
        "end": place[1],
        "code": code,
        "decision": decision,
        "new_code": new_code,
        "by": row["by"],
        "on": row["on"],
        "reason": row["reason"],
        "file": reader.file,
        "line": line,
    }


def _sound(line: int, row: Mapping[str, str], decision: str, reader: _Reader) -> bool:
    """Whether the decision is a known word with a reason."""
    if decision not in DECISIONS:
        message = f"decision {row['decision'][:40]!r}; it is one of {', '.join(DECISIONS)}"
        reader.add("unknown_decision", line, message, did_you_mean(decision, DECISIONS))
    if not row["reason"]:
        message = "a decision without a reason"
        reader.add("missing_reason", line, message, "Say why, in the column reason.")
    return decision in DECISIONS and bool(row["reason"])


def _code(line: int, name: str, on: str, reader: _Reader) -> str | None:
    """The code's id now; None (and a problem) where there is no such code."""
    if not name:
        reader.add("empty_cell", line, "names no code", "Fill code, and new_code for a change.")
        return None
    found = reader.codes.resolve(name, coded_at=on)
    if found.status == "split":
        message = f"code {name[:60]!r} was split into {', '.join(found.choices)}"
        reader.add("split_code", line, message, "Name the one that the decision is about.")
        return None
    if found.status == "unknown":
        message = f"code {name[:60]!r} is not in the codebook"
        reader.add("unknown_code", line, message, did_you_mean(name, reader.codes.known))
        return None
    return found.code


def _place(line: int, row: Mapping[str, str], text: Transcript, reader: _Reader) -> Span | None:
    """Where the decision's passage stands; None (and a problem) where that is not clear."""
    if text.held:
        message = "the transcript's text is held back by the disclosure gate"
        reader.add("held", line, message, note=True)
        return None
    if not row["quote"]:
        return _offsets(line, row, text, reader)
    found = list(text.find(row["quote"]).spans)
    if row["prefix"] or row["suffix"]:
        found = text.choose(found, row["prefix"], row["suffix"])
    if row["turn"]:
        found = [span for span in found if row["turn"] in map(str, text.turns_of(span))]
    if len(found) == 1:
        return found[0]
    if found:
        turns = ", ".join(str(text.turn_at(span[0])) for span in found[:8])
        message = f"the quotation stands {len(found)} times in the transcript: in turns {turns}"
        remedy = "Tell which one it is: fill turn, prefix or suffix, or quote more."
        reader.add("ambiguous_quote", line, message, remedy)
        return None
    turn, likeness = text.nearest(row["quote"])
    near = f"; turn {turn} is most like it" if likeness >= 60 else ""
    message = f"the quotation is not in the transcript as it is given{near}"
    reader.add("quote_not_found", line, message, "Copy the words from the transcript.")
    return None


def _offsets(line: int, row: Mapping[str, str], text: Transcript, reader: _Reader) -> Span | None:
    """A passage given by its characters."""
    given = [row["start"], row["end"]]
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in given):
        message = "neither a quotation nor whole numbers for start and end"
        reader.add("no_place", line, message, "Fill quote, or start and end.")
        return None
    start, end = int(given[0]), int(given[1])
    if not start < end <= len(text.text):
        message = f"[{start}, {end}) is no stretch of a text of {len(text.text)} characters"
        reader.add("bad_offsets", line, message)
        return None
    return start, end


def _consistent(rows: Sequence[dict[str, Any]], reader: _Reader) -> list[dict[str, Any]]:
    """Rows without those that decide the same words and code in two ways."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["transcript_id"], row["code"]].append(row)
    bad: set[int] = set()
    for group in groups.values():
        ordered = sorted(group, key=lambda row: (row["start"], row["end"]))
        for at, first in enumerate(ordered):
            for second in ordered[at + 1 :]:
                if second["start"] >= first["end"]:
                    break
                if _verdict(first) != _verdict(second):
                    lines = sorted((first["line"], second["line"]))
                    bad.update(lines)
                    message = (
                        f"decides {first['code']!r} otherwise than line {lines[0]} does for "
                        "words that both quote"
                    )
                    reader.add("contradiction", lines[1], message, "Keep one of the two decisions.")
    return [row for row in rows if row["line"] not in bad]


def _verdict(row: Mapping[str, Any]) -> tuple[str, str]:
    """What a decision says."""
    return row["decision"], row["new_code"]


def _texts(transcripts: pd.DataFrame, turns: pd.DataFrame) -> dict[str, Transcript]:
    """Transcript id to its text and turns, ready to be searched."""
    found: dict[str, list[Turn]] = defaultdict(list)
    columns = (turns[name] for name in ("transcript_id", "turn", "start", "end"))
    for transcript, turn, start, end in zip(*columns, strict=True):
        found[transcript].append(Turn(int(turn), int(start), int(end)))
    return {
        row["transcript_id"]: Transcript(
            row["transcript_id"],
            row["text"],
            found[row["transcript_id"]],
            held=row["status"] == "held",
        )
        for row in transcripts[["transcript_id", "text", "status"]].to_dict("records")
    }

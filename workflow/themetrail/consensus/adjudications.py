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
from themetrail.coding.kept import KeptTexts, numbered, offsets_alone
from themetrail.coding.model import Mark
from themetrail.coding.names import TranscriptNames
from themetrail.coding.passage import Transcript
from themetrail.coding.place import LEFT_OUT, Placed, Placer, tactful
from themetrail.coding.sheets import Sheet, read_delimited
from themetrail.coding.site import transcripts_of
from themetrail.config import Codebook
from themetrail.contracts import ADJUDICATIONS
from themetrail.errors import InputError, Problem, Problems, did_you_mean, renamed
from themetrail.exclusions import masked
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd

NAME = "adjudications.csv"
REQUIRED = ("transcript_id", "code", "decision", "reason")
PLACE = ("quote", "start", "end", "turn", "prefix", "suffix")
COLUMNS = (*REQUIRED, *PLACE, "by", "on", "new_code", "extent")
DECISIONS = ("keep", "drop", "change")


@dataclass
class _Reader:
    """One site's file while it is read."""

    file: str
    site: str
    names: TranscriptNames
    texts: Mapping[str, Transcript]
    codes: CodeResolver
    dropped: TranscriptNames
    kept: KeptTexts
    placer: Placer = field(default_factory=lambda: Placer({}))
    unkept: list[tuple[int, str, Transcript]] = field(default_factory=list)
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
    forbidden_names: Sequence[str] = (),
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a site's decisions and place each on the canonical text.

    Parameters
    ----------
    root : the study folder.
    site : the site's folder name.
    transcripts, turns : contracts of those names, of this site.
    codebook : its change log is applied to the codes that decisions name.
    dropped_ids : transcripts left out; decisions on them vanish without being named. So do those
        on transcripts whose file is there and which intake left out, for reasons that it gives.
    forbidden_names : the study's list; no message says one.

    Returns
    -------
    adjudications : contract ``adjudications``, in the order of the file; empty without a file.
    problems : every row that can't be used, with its line; contradictory rows are all left out.
    """
    reader = _reader(root, site, transcripts, turns, codebook, dropped_ids)
    found = [
        row | {"reason": masked(row["reason"], dropped_ids)}
        for row in _consistent(_placed(root, reader), reader)
    ]
    lines = [line for line, _, _ in reader.unkept]
    if lines:
        reader.problems.extend([offsets_alone(lines, reader.file, site, "decision")])
    problems = [tactful(row, forbidden_names) for row in reader.problems]
    return frame(found, ADJUDICATIONS), problems


def held_by_offsets(
    root: Path, site: str, transcripts: pd.DataFrame, turns: pd.DataFrame, codebook: Codebook
) -> list[tuple[str, Transcript]]:
    """Decisions that only offsets hold in place, and of which no text is written down.

    Returns
    -------
    what ``coding.kept.keep`` is given: the decision's name in its list, and the transcript.
    """
    reader = _reader(root, site, transcripts, turns, codebook, frozenset())
    _placed(root, reader)
    return [(name, transcript) for _, name, transcript in reader.unkept]


def _reader(
    root: Path,
    site: str,
    transcripts: pd.DataFrame,
    turns: pd.DataFrame,
    codebook: Codebook,
    dropped_ids: frozenset[str],
) -> _Reader:
    """What reading a site's file needs."""
    known = set(transcripts["transcript_id"])
    files = {found.stem for found in (root / "data" / site / "transcripts").glob("*")}
    return _Reader(
        f"data/{site}/{NAME}",
        site,
        TranscriptNames(known),
        transcripts_of(transcripts, turns),
        CodeResolver(codebook),
        TranscriptNames((files | dropped_ids) - known),
        KeptTexts(root / "data" / site, root),
    )


def _placed(root: Path, reader: _Reader) -> list[dict[str, Any]]:
    """The rows that can be used, each placed on its text."""
    sheet = _sheet(root / reader.file, reader)
    rows = _rows(sheet, reader) if sheet is not None else []
    return [row for row in (_read_row(*item, reader) for item in rows) if row is not None]


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
    transcript = reader.names.find(row["transcript_id"])
    if transcript is None:
        if reader.dropped.find(row["transcript_id"]) is not None:
            return None
        if row["transcript_id"]:
            message = "names a transcript that this site does not have"
            hint = "Check transcript_id; it is the transcript's file name without its extension."
        else:
            message, hint = "names no transcript", "Fill transcript_id."
        reader.add("unknown_transcript", line, message, hint)
        return None
    decision = row["decision"].casefold()
    sound = _sound(line, row, decision, reader)
    code = _code(line, row["code"], row["on"], reader)
    new_code = _code(line, row["new_code"], "", reader) if decision == "change" else ""
    place = _place(line, row, reader.texts[transcript], reader)
    if not sound or code is None or new_code is None or place is None:
        return None
    if decision == "change" and new_code == code:
        # The codebook has since made of the old code what the decision asked for.
        decision, new_code = "keep", ""
    return {
        "transcript_id": transcript,
        "start": place.start,
        "end": place.end,
        "code": code,
        "decision": decision,
        "new_code": new_code,
        "extent": row["extent"].casefold(),
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
    bounds = row["extent"].casefold()
    bounding = bounds == "" or (bounds == "quote" and decision == "keep")
    if not bounding:
        message = f"extent {row['extent'][:40]!r} with the decision {row['decision'][:40]!r}"
        hint = "Leave extent empty, or write quote where the decision is keep."
        reader.add("unknown_extent", line, message, hint)
    return decision in DECISIONS and bool(row["reason"]) and bounding


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
        reader.add("unknown_code", line, message, renamed(name, reader.codes.known))
        return None
    return found.code


def _place(line: int, row: Mapping[str, str], text: Transcript, reader: _Reader) -> Placed | None:
    """Where the decision's passage stands; None (and a problem) where that is not clear."""
    if text.held:
        message = "the transcript's text is held back by the disclosure gate"
        reader.add("held", line, message, note=True)
        return None
    numbers = {name: row[name] for name in ("start", "end", "turn") if row[name]}
    wrong = [name for name, value in numbers.items() if not _is_number(value)]
    if wrong or not (row["quote"] or {"start", "end"} <= set(numbers)):
        message = "neither a quotation nor whole numbers for start and end"
        if wrong:
            message = f"{wrong[0]} is {row[wrong[0]][:40]!r}, not a whole number"
        reader.add("no_place", line, message, "Fill quote, or start and end.")
        return None
    both = {"start", "end"} <= set(numbers)
    mark = Mark(
        row=line,
        source=text.id,
        code=row["code"],
        start=int(row["start"]) if both else None,
        end=int(row["end"]) if both else None,
        quote=row["quote"],
        turn=int(row["turn"]) if row["turn"] else None,
        prefix=row["prefix"],
        suffix=row["suffix"],
    )
    name = f"{NAME} {mark.start}-{mark.end}"
    placed, doubt = reader.kept.place(mark, name, text, reader.placer)
    sure = placed is not None and doubt is None and both
    if sure and not reader.kept.known(name, text.id) and numbered(mark, text):
        reader.unkept.append((line, name, text))
    if doubt is not None and not (doubt is LEFT_OUT and reader.dropped.ids):
        reader.problems.add(
            doubt.severity,
            doubt.kind,
            reader.file,
            doubt.message,
            doubt.remedy,
            line=line,
            site=reader.site,
        )
    return placed


def _is_number(text: str) -> bool:
    """Whether a cell is a whole number of a sane size."""
    return text.isascii() and text.isdigit() and len(text) < 16


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
                if _contradict(first, second):
                    lines = sorted((first["line"], second["line"]))
                    bad.update(lines)
                    message = (
                        f"decides {first['code']!r} otherwise than line {lines[0]} does for "
                        "words that both quote; neither is applied"
                    )
                    reader.add("contradiction", lines[1], message, "Keep one of the two decisions.")
    return [row for row in rows if row["line"] not in bad]


def _contradict(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two decisions on the same words can't both hold."""
    if _verdict(first) != _verdict(second):
        return True
    bounds = {(row["start"], row["end"]) for row in (first, second) if row["extent"]}
    return len(bounds) > 1


def _verdict(row: Mapping[str, Any]) -> tuple[str, str]:
    """What a decision says."""
    return row["decision"], row["new_code"]

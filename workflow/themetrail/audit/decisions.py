"""The decision log: who decided what, when and why, each entry linked to the one before.

The log is made anew from the files that hold the decisions, so the same study gives the same
log; nothing in it names a transcript, a person or a passage, only the file and line that do.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from themetrail.config import CODEBOOK, THEMES, StudyConfig
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd

LOG = "reports/decisions.jsonl"
START = "0" * 64
LEFT_OUT = "[left out]"
END = "end of the log"
_KINDS = (
    "codebook",
    "adjudication",
    "exclusion",
    "withdrawal",
    "quotation pinned",
    "quotation excluded",
    "passage against a claim",
    "release",
)


@dataclass(frozen=True)
class Decision:
    """One decision.

    Attributes
    ----------
    on : date as recorded; empty where none is.
    kind : codebook, adjudication, exclusion, withdrawal, quotation pinned or excluded, passage
        against a claim, release, or a kind of the study's own (``data/decisions.csv``).
    about : code, theme or site.
    decision : what was decided.
    by : who, where recorded.
    reason : why, where recorded.
    source : file and line that hold it.
    """

    on: str
    kind: str
    about: str
    decision: str
    by: str
    reason: str
    source: str


def collect(
    study: StudyConfig,
    adjudications: pd.DataFrame,
    dropped: pd.DataFrame,
    transcripts: Iterable[str],
    memos: Iterable[Decision] = (),
    ids: Iterable[str] = (),
) -> list[Decision]:
    """Every decision of a study, by date.

    Parameters
    ----------
    study : its choices: changes of the codebook, quotations pinned and excluded.
    adjudications : contract ``adjudications``, all sites.
    dropped : contract ``dropped``, all sites: tombstones without ids.
    transcripts : ids of the transcripts in use; marks on others are not spoken of.
    memos : decisions that the team writes down itself (``memos.read_memos``).
    ids : of people and transcripts left out; they are blotted out of reasons.
    """
    known = set(transcripts)
    found = [*_codebook(study), *_adjudicated(adjudications), *_tombstones(dropped)]
    found += [*_marks(study, known), *memos]
    hidden = sorted({name for name in ids if name}, key=lambda name: (-len(name), name))
    clean = [_without(one, hidden) for one in found]
    return sorted(clean, key=_order)


def _order(one: Decision) -> tuple[Any, ...]:
    """By date, kind and place; lines as numbers."""
    file, _, line = one.source.rpartition(":")
    place = (file, int(line)) if line.isdecimal() else (one.source, 0)
    kind = _KINDS.index(one.kind) if one.kind in _KINDS else len(_KINDS)
    return (one.on, kind, place, one.about, one.decision, one.by, one.reason)


def _without(one: Decision, hidden: Sequence[str]) -> Decision:
    """A decision whose texts name nobody who is left out."""
    if not hidden:
        return one
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, hidden))})(?!\w)", re.IGNORECASE)
    return Decision(**{key: pattern.sub(LEFT_OUT, text) for key, text in asdict(one).items()})


def _codebook(study: StudyConfig) -> list[Decision]:
    lines = study.lines.get(CODEBOOK, {})
    found = []
    for number, change in enumerate(study.codebook.changes):
        said = f"{change.kind} {', '.join(change.from_)}"
        if change.to:
            said += f" to {', '.join(change.to)}"
        source = _source(CODEBOOK, lines.get(("changes", number)))
        about = ", ".join(change.from_)
        found.append(Decision(change.on, "codebook", about, said, "", change.reason, source))
    return found


def _adjudicated(table: pd.DataFrame) -> list[Decision]:
    return [
        Decision(
            row["on"],
            "adjudication",
            row["code"],
            f"change to {row['new_code']}" if row["new_code"] else row["decision"],
            row["by"],
            row["reason"],
            _source(row["file"], int(row["line"])),
        )
        for row in records(table)
    ]


def _tombstones(table: pd.DataFrame) -> list[Decision]:
    kinds = {"excluded": ("exclusion", "exclusions"), "withdrawn": ("withdrawal", "withdrawals")}
    found = []
    for row in records(table):
        kind, file = kinds[row["why"]]
        said = f"a {row['what']} left out"
        found.append(
            Decision(row["on"], kind, row["site"], said, "", row["reason"], f"data/{file}.csv")
        )
    return found


def _marks(study: StudyConfig, known: set[str]) -> list[Decision]:
    """Quotations pinned and excluded, and passages named against a claim, without their words."""
    kinds = {
        "pinned": "quotation pinned",
        "excluded": "quotation excluded",
        "counter": "passage against a claim",
    }
    lines = study.lines.get(THEMES, {})
    found = []
    for number, theme in enumerate(study.themes):
        for name, kind in kinds.items():
            for place, mark in enumerate(getattr(theme, name)):
                if mark.transcript_id in known:
                    line = lines.get(("themes", number, name, place))
                    source = _source(THEMES, line)
                    found.append(Decision("", kind, theme.id, name, "", mark.reason, source))
    return found


def _source(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"


# ------------------------------------------------------------------ the chain
def chained(decisions: Iterable[Decision]) -> str:
    """Decisions as JSON lines, each with the digest of the line before; a last line closes them.

    An entry's ``hash`` is the SHA-256 of its other fields as JSON with sorted keys, in UTF-8.
    """
    lines: list[str] = []
    previous = START
    entries: list[dict[str, Any]] = [asdict(one) for one in decisions]
    for number, entry in enumerate([*entries, {"kind": END}], 1):
        linked = {"n": number, **entry, "previous": previous}
        previous = digest(linked)
        lines.append(json.dumps({**linked, "hash": previous}, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def lines_of(text: str) -> list[str]:
    """A log's lines: ended by a line feed alone, since other breaks may stand within a text."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def digest(entry: Mapping[str, Any]) -> str:
    """The hash of an entry, whatever it says of itself."""
    rest = {key: value for key, value in entry.items() if key != "hash"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def breaks(text: str) -> list[tuple[int, str]]:
    """Where a log's chain is broken: line and what is wrong there; none where it is whole."""
    found: list[tuple[int, str]] = []
    previous, last, away = START, "", 0
    for number, line in enumerate(lines_of(text), 1):
        try:
            entry = json.loads(line)
            given, before = entry["hash"], entry["previous"]
            last = str(entry.get("kind", ""))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            found.append((number, "is not an entry"))
            continue
        if digest(entry) != given:
            found.append((number, "was altered: its hash is another"))
        if before != previous:
            found.append((number, "does not follow the line before it"))
        # One line too few or too many moves every number after it: said once.
        if entry.get("n") != number + away:
            found.append((number, f"is numbered {entry.get('n')}"))
            away = entry["n"] - number if isinstance(entry.get("n"), int) else away
        previous = given
    if last != END:
        found.append((len(lines_of(text)) + 1, "the line that closes the log is not there"))
    return found


def entries(text: str) -> list[Decision]:
    """The decisions of a log.

    Raises
    ------
    ValueError, KeyError, TypeError
        A line is no entry; ``breaks`` says which.
    """
    names = list(Decision.__dataclass_fields__)
    rows = [json.loads(line) for line in lines_of(text)]
    return [Decision(**{name: row[name] for name in names}) for row in rows if row["kind"] != END]


def missing(wanted: Iterable[Decision], there: Iterable[Decision]) -> list[Decision]:
    """Decisions that another log does not have, wherever in its file a decision stands.

    A row that was put in moves those below it, which are the same decisions still.
    """
    left = Counter(map(_wherever, there))
    found = []
    for one in wanted:
        key = _wherever(one)
        if left[key]:
            left[key] -= 1
        else:
            found.append(one)
    return found


def _wherever(one: Decision) -> Decision:
    return replace(one, source=re.sub(r":\d+$", "", one.source))


def named(one: Decision) -> str:
    """A decision as messages name it: what the log says of it, and the file and line."""
    said = " ".join(part for part in (one.on, one.kind, one.about, one.decision) if part)
    return f"“{said}” ({one.source})"

"""Coders that are programs of the team's own: what they are asked, and their recorded answers.

A program reads JSON lines and writes JSON lines. The workflow never starts it: answers are
recorded once (``themetrail machine ask``) in a tracked file, keyed by a hash of what was asked,
and replayed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.errors import Problems, did_you_mean

if TYPE_CHECKING:
    from themetrail.config import Codebook

PROTOCOL = 1
#: an answer that is larger than this is none
MOST_BYTES = 200_000
MOST_SPANS = 200


@dataclass(frozen=True)
class Span:
    """A code on a stretch of a unit: code points within the unit's words."""

    start: int
    end: int
    code: str


@dataclass(frozen=True)
class Answers:
    """Recorded answers by input hash; an input that is not there was never answered."""

    file: str
    spans: Mapping[str, tuple[Span, ...]]


def answers_file(name: str) -> str:
    """Where a coder's answers are recorded, relative to the study."""
    return f"data/machine/{name}.jsonl"


def codebook_line(codebook: Codebook) -> dict[str, Any]:
    """The first line that a program reads."""
    return {
        "type": "codebook",
        "protocol": PROTOCOL,
        "version": codebook.version,
        "codes": [
            {
                "id": code.id,
                "label": code.label,
                "definition": code.definition,
                "apply": code.apply,
                "not": code.exclude,
                "example": code.example,
            }
            for code in codebook.codes
            if code.status == "active"
        ],
    }


def keys(texts: Iterable[str], codebook: Codebook) -> list[str]:
    """A hash for each text of all that an answer may depend on: protocol, codebook, words."""
    asked = json.dumps(codebook_line(codebook), sort_keys=True, ensure_ascii=False)
    start = hashlib.sha256(f"{asked}\x1f".encode("utf-8", "replace"))
    found = []
    for text in texts:
        digest = start.copy()
        digest.update(text.encode("utf-8", "replace"))
        found.append(digest.hexdigest())
    return found


def parse_answer(
    line: str, asked: Mapping[str, str], codes: Sequence[str]
) -> tuple[str, tuple[Span, ...]] | str:
    """Read one line of a program's output.

    Parameters
    ----------
    line : ``{"key": …, "spans": [{"start": 0, "end": 9, "code": "workload", "quote": "…"}]}``;
        ``quote`` is optional, and holds the words at that place where it is given.
    asked : input hash to words.
    codes : ids of the codes in use.

    Returns
    -------
    The key and its spans, or a sentence that says what is wrong; it never repeats a word of the
    answer but the name of a code.
    """
    if len(line.encode("utf-8", "replace")) > MOST_BYTES:
        return "the line is too long for an answer"
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return "the line is not JSON"
    if not isinstance(value, dict) or not isinstance(value.get("key"), str):
        return "the line has no text 'key'"
    if value["key"] not in asked:
        return "the key is none that was asked"
    listed = value.get("spans")
    if not isinstance(listed, list) or len(listed) > MOST_SPANS:
        return f"'spans' is not a list of at most {MOST_SPANS}"
    spans = []
    for one in listed:
        span = _span(one, asked[value["key"]], codes)
        if isinstance(span, str):
            return span
        spans.append(span)
    unique = sorted(set(spans), key=lambda span: (span.start, span.end, span.code))
    return value["key"], tuple(unique)


def _span(value: Any, text: str, codes: Sequence[str]) -> Span | str:
    """One span, or what is wrong with it."""
    if not isinstance(value, dict):
        return "a span is not a mapping"
    start, end, code = (value.get(name) for name in ("start", "end", "code"))
    whole = all(isinstance(at, int) and not isinstance(at, bool) for at in (start, end))
    if not whole or not isinstance(code, str):
        return "a span needs whole numbers 'start' and 'end' and a text 'code'"
    if not 0 <= start < end <= len(text):  # type: ignore[operator]
        return f"the span {start} to {end} is not within the {len(text)} characters asked"
    if code not in codes:
        return f"code {code[:60]!r} is not in the codebook. {did_you_mean(code[:60], codes)}"
    quote = value.get("quote")
    if quote is not None and quote != text[start:end]:
        return f"the quote is not what stands at {start} to {end}"
    return Span(start, end, code)  # type: ignore[arg-type]


def record_line(key: str, spans: Sequence[Span]) -> str:
    """A recorded answer: places and codes, never words."""
    return json.dumps(
        {"key": key, "spans": [{"start": s.start, "end": s.end, "code": s.code} for s in spans]},
        ensure_ascii=False,
    )


def read_answers(
    root: Path, name: str, asked: Mapping[str, str], codes: Sequence[str], problems: Problems
) -> Answers:
    """Recorded answers to what is asked now; each is checked against the words again.

    An answer to something that is no longer asked (a text was corrected, a person has withdrawn)
    is left out and counted in a note.
    """
    file = answers_file(name)
    found: dict[str, tuple[Span, ...]] = {}
    lines = _lines(root / file, file, problems)
    old = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        answer = parse_answer(line, asked, codes)
        if answer == "the key is none that was asked":
            old += 1
        elif isinstance(answer, str):
            remedy = f"Take the line out and run `themetrail machine ask {name}`."
            problems.add("warning", "bad_answer", file, answer, remedy, line=number)
        else:
            found[answer[0]] = answer[1]
    if old:
        message = f"{old} recorded answers are to nothing that is asked now"
        remedy = f"`themetrail machine ask {name}` takes them out."
        problems.add("note", "old_answer", file, message, remedy)
    missing = len(asked) - len(found)
    if missing:
        message = f"{missing} of {len(asked)} turns have no recorded answer: missing, not absent"
        problems.add("note", "no_answer", file, message, f"Run `themetrail machine ask {name}`.")
    return Answers(file, found)


def _lines(path: Path, file: str, problems: Problems) -> list[str]:
    if not path.is_file():
        return []
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.add("error", "unreadable", file, f"can't be read as UTF-8 text: {error}")
        return []

"""The trail of one id: what stands in the paper, down to the line of a transcript's file.

A trail is a tree of nodes: fact or quotation, theme, code, segment, decision, each coder's
marks, transcript. It is built from the tables of the last run alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from themetrail.audit.records import Records
from themetrail.errors import InputError, nearest
from themetrail.report.evidence import split

Row = Mapping[str, Any]
_PLACE = re.compile(r"(?P<transcript>.+):(?P<start>\d+)(?:[-–](?P<end>\d+))?\Z")
_QUOTE = re.compile(r"(?P<theme>[^/]+)/(?:(?P<counter>counter)/)?(?P<number>\d+)\Z")
#: rows of a fact's source table that are shown
MOST_ROWS = 5


@dataclass(frozen=True)
class Node:
    """One step of a trail.

    Attributes
    ----------
    kind : fact, quotation, theme, code, segment, decision, mark, unmarked, transcript or place.
    id : what ``themetrail why`` takes; empty for a step that has no id of its own.
    title : one line.
    says : what is known of it, label to text.
    rests_on : the next steps.
    """

    kind: str
    id: str
    title: str
    says: Mapping[str, str] = field(default_factory=dict)
    rests_on: tuple[Node, ...] = ()


def trail(records: Records, name: str) -> Node:
    """The trail of an id.

    Parameters
    ----------
    records : a study's tables (``records.Records``).
    name : a fact (``theme.T1.participants``), a quotation (``T1/2``, ``T1/counter/1``), a theme,
        code, segment, span or transcript, or a place in a transcript (``A01:1234``).

    Raises
    ------
    InputError
        The study has nothing of that name; the message names the nearest.
    """
    name = name.strip()
    makers = (_fact, _quotation, _theme, _code, _segment, _span, _place)
    for maker in makers:
        found = maker(records, name)
        if found is not None:
            return found
    near = nearest(name, records.ids())
    hint = f"Did you mean {near!r}?" if near else "`themetrail facts` lists every fact."
    message = f"nothing in this study is called {name!r}. {hint}"
    raise InputError(message)


# ------------------------------------------------------------------ numbers
def _fact(records: Records, name: str) -> Node | None:
    fact = records.facts.get(name)
    if fact is None:
        return None
    source, row = fact["source"], fact["source"]["row"]
    says = {
        "value": fact["text"] if fact["value"] is None else f"{_value(fact)} {fact['unit']}",
        "means": fact["definition"],
        "rule": fact["rule"],
        "table": f"{source['file']} ({source['table']})",
        "row": ", ".join(f"{key} = {value}" for key, value in row.items()),
        "no value": fact["reason"],
    }
    rows, more = records.rows_of(source["table"], source["file"], row, MOST_ROWS)
    shown = [Node("row", "", _cells(found)) for found in rows]
    if more:
        shown.append(Node("row", "", f"and {more:,} rows more"))
    named = {str(value) for value in row.values()} | set(name.split("."))
    return Node("fact", name, f"“{fact['text']}”", _kept(says), (*shown, *_bears(records, named)))


def _value(fact: Row) -> str:
    parts = [str(fact["value"])]
    if fact["high"] is not None:
        parts.append(f"to {fact['high']}")
    if fact["of"] is not None:
        parts.append(f"of {fact['of']}")
    return " ".join(parts)


def _cells(row: Row) -> str:
    """A table's row as text; long texts are cut, words of a transcript stand elsewhere."""
    cells = (f"{key} = {_cut(str(value), 60)}" for key, value in row.items() if _there(value))
    return ", ".join(cells)


def _there(value: Any) -> bool:
    return value is not None and value == value and value != ""


def _bears(records: Records, named: set[str]) -> Iterator[Node]:
    """The theme or code that a fact speaks of."""
    for theme in records.themes:
        if theme in named:
            yield _of_theme(records, theme)
    for code in records.codes:
        if code in named:
            yield _of_code(records, code)


# ------------------------------------------------------------------ themes and codes
def _theme(records: Records, name: str) -> Node | None:
    return _of_theme(records, name) if name in records.themes else None


def _of_theme(records: Records, name: str) -> Node:
    theme, row = records.themes[name], records.theme_rows.get(name)
    says = {"claim": theme.claim, "description": theme.description}
    if row is not None:
        reach = f"{row['n_participants']} of {row['of_participants']} people"
        says["reach"] = f"{reach}, {row['n_sites']} of {row['of_sites']} sites"
        says["against"] = f"{row['n_counter']} passages" if row["n_counter"] else ""
    quotes = tuple(_listed_quote(records, quote) for quote in records.quotes.get(name, ()))
    codes = tuple(_of_code(records, c) for c in records.theme_codes[name] if c in records.codes)
    return Node("theme", name, theme.title, _kept(says), quotes + codes)


def _code(records: Records, name: str) -> Node | None:
    return _of_code(records, name) if name in records.codes else None


def _of_code(records: Records, name: str) -> Node:
    code = records.codes[name]
    segments = records.segments_of.get(name, [])
    says = {
        "means": code.definition,
        "apply": code.apply,
        "not": code.exclude,
        "family": code.family,
        "status": code.status if code.status != "active" else "",
        "segments": f"{len(segments):,}",
    }
    return Node(
        "code", name, code.label, _kept(says), tuple(_of_segment(records, row) for row in segments)
    )


# ------------------------------------------------------------------ words
def _quotation(records: Records, name: str) -> Node | None:
    match = _QUOTE.match(name)
    if match is None or match["theme"] not in records.quotes:
        return None
    counter = match["counter"] is not None
    rows = [
        row for row in records.quotes[match["theme"]] if (row["stance"] == "counter") == counter
    ]
    number = int(match["number"])
    if not 1 <= number <= len(rows):
        kind = "counter quotations" if counter else "quotations"
        message = f"theme {match['theme']!r} has {len(rows)} {kind}, and no {name!r}"
        raise InputError(message)
    row = rows[number - 1]
    says = {
        "printed as": row["attribution"],
        "chosen as": row["reason"],
        "theme": f"{row['theme']} {records.themes[row['theme']].title}"
        if row["theme"] in records.themes
        else row["theme"],
    }
    segment = records.segments.get(row["segment_id"])
    rests = _of_segment(records, segment) if segment else _of_place(records, row)
    return Node("quotation", name, f"“{row['text']}”", _kept(says), (rests,))


def _listed_quote(records: Records, quote: Row) -> Node:
    said = f"“{quote['text']}” — {quote['attribution']}"
    return Node("quotation", _quote_name(records, quote), said)


def _quote_name(records: Records, quote: Row) -> str:
    """How ``themetrail why`` and the manuscript call a quotation."""
    alike = [q for q in records.quotes[quote["theme"]] if q["stance"] == quote["stance"]]
    middle = "counter/" if quote["stance"] == "counter" else ""
    return f"{quote['theme']}/{middle}{[row['rank'] for row in alike].index(quote['rank']) + 1}"


def _segment(records: Records, name: str) -> Node | None:
    row = records.segments.get(name)
    return None if row is None else _of_segment(records, row)


def _of_segment(records: Records, row: Row) -> Node:
    says = {
        "place": _place_of(row),
        "said by": f"{row['participant_id']}, {records.sites.get(row['site'], row['site'])}",
        "code": _with_label(records, row["code"]),
        "stance": row["stance"],
        "themes": ", ".join(records.themes_of.get(row["code"], ())),
    }
    codes, rests = {row["code"]}, []
    for decision in records.decisions.get((row["transcript_id"], row["unit"]), ()):
        if row["code"] in (decision["code"], decision["new_code"]):
            codes.add(decision["code"])
            rests.append(_of_decision(records, decision))
    marks = [
        _of_span(mark, records)
        for mark in records.spans.get(row["transcript_id"], ())
        if mark["code"] in codes and mark["start"] < row["end"] and row["start"] < mark["end"]
    ]
    words = records.words(row["transcript_id"], row["start"], row["end"])
    return Node(
        "segment",
        row["segment_id"],
        f"“{words}”",
        _kept(says),
        (*rests, *marks, _of_place(records, row)),
    )


def _of_decision(records: Records, row: Row) -> Node:
    outcome = row["outcome"]
    if outcome == "change":
        outcome = f"changed to {_with_label(records, row['new_code'])}"
    says = {
        "code": _with_label(records, row["code"]),
        "marked by": ", ".join(split(row["marked_by"])) or "nobody",
        "judged and not marked by": ", ".join(split(row["unmarked_by"])),
        "decided by": " ".join(part for part in (row["by"], row["on"]) if part),
        "reason": row["reason"],
    }
    return Node("decision", "", f"{outcome}, {row['decided_by']}", _kept(says))


def _span(records: Records, name: str) -> Node | None:
    row = records.span_by_id.get(name)
    if row is None:
        return None
    units = {
        (segment["transcript_id"], segment["segment_id"]): segment
        for segment in records.segments_at(row["transcript_id"], row["start"], row["end"])
        if segment["code"] == row["code"]
    }
    rests = (
        *(_of_segment(records, segment) for segment in units.values()),
        *(() if units else (_of_place(records, row),)),
    )
    mark = _of_span(row, records)
    return Node("mark", name, mark.title, mark.says, rests)


def _of_span(row: Row, records: Records) -> Node:
    moved = f"moved by {row['moved_by']} characters to its words" if row["moved_by"] else ""
    recoded = row["code_as_coded"] if row["code_as_coded"] != row["code"] else ""
    says = {
        "code": _with_label(records, row["code"]),
        "coded as": recoded,
        "place": _place_of(row),
        "memo": row["memo"],
        "coded": row["coded_at"],
        "file": f"{row['source']}, row {row['row']}",
        "placed": moved,
    }
    words = records.words(row["transcript_id"], row["start"], row["end"])
    return Node("mark", row["span_id"], f"{row['coder']}: “{words}”", _kept(says))


# ------------------------------------------------------------------ the transcript
def _place(records: Records, name: str) -> Node | None:
    if name in records.transcripts:
        return _of_transcript(records, name)
    match = _PLACE.match(name)
    if match is None or match["transcript"] not in records.transcripts:
        return None
    transcript, start = match["transcript"], int(match["start"])
    length = int(records.transcripts[transcript]["n_chars"])
    end = min(int(match["end"]) if match["end"] else start + 1, length)
    if not start < end:
        message = f"{name!r}: {transcript} has {length:,} characters, counted from 0"
        raise InputError(message)
    segments = records.segments_at(transcript, start, end)
    marks = [
        _of_span(row, records)
        for row in records.spans.get(transcript, ())
        if row["start"] < end and start < row["end"]
    ]
    undone = [
        _of_decision(records, row)
        for row in records.decisions_at(transcript, start, end)
        if row["outcome"] != "keep"
    ]
    rests = undone + ([_of_segment(records, row) for row in segments] or marks)
    row = {"transcript_id": transcript, "start": start, "end": end}
    said = "coded" if segments else "marked, and not kept" if marks else "nobody marked it"
    # Not marked means something only of those who judged the transcript.
    judged = "" if marks or segments else ", ".join(records.coders_of.get(transcript, ()))
    says = _kept({"judged and not marked by": judged})
    return Node("place", name, said, says, (*rests, _of_place(records, row)))


def _of_transcript(records: Records, name: str) -> Node:
    """A transcript's file, and the segments in it."""
    row = records.transcripts[name]
    rests = tuple(
        Node("segment", s["segment_id"], f"{s['start']}–{s['end']} {s['code']}")
        for s in records.segments_at(name, 0, int(row["n_chars"]))
    )
    says = {
        "words": f"{row['n_words']:,} in {row['n_turns']:,} turns",
        "coders": ", ".join(records.coders_of.get(name, ())),
        **_file(row),
    }
    return Node("transcript", name, records.sites.get(row["site"], row["site"]), _kept(says), rests)


def _of_place(records: Records, row: Row) -> Node:
    """Where words stand: speaker, line of the file, the words around them, the file's hash."""
    name, start, end = row["transcript_id"], int(row["start"]), int(row["end"])
    transcript = records.transcripts[name]
    first, last = records.lines(name, start, end)
    before, after = records.around(name, start, end)
    turn = records.turn_at(name, start)
    says = {
        "speaker": f"{turn['speaker'] or turn['role']}, turn {turn['turn']}" if turn else "",
        "line": str(first) if first == last else f"{first} to {last}",
        "words": f"{before}[{records.words(name, start, end)}]{after}",
        **_file(transcript),
    }
    return Node("transcript", name, f"{name}, characters {start} to {end}", _kept(says))


def _file(transcript: Row) -> dict[str, str]:
    held = "held back by the disclosure gate" if transcript["status"] == "held" else ""
    return {"file": transcript["file"], "sha256": transcript["sha256"], "status": held}


def _place_of(row: Row) -> str:
    return f"{row['transcript_id']}:{row['start']}-{row['end']}"


def _with_label(records: Records, code: str) -> str:
    label = records.codes[code].label if code in records.codes else ""
    return f"{code} ({label})" if label and label != code else code


def _kept(says: Mapping[str, str]) -> dict[str, str]:
    """Only what is said."""
    return {label: text for label, text in says.items() if text}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"

r"""WebVTT and SubRip captions: cues to turns.

The canonical text is ``Speaker: words of the turn's cues joined by a space``, a blank line between
turns; a turn is a run of cues by one speaker. Follows W3C WebVTT for structure and is lenient where
meeting software departs from it (no blank line before a cue, ``,`` for ``.``, no hours).
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from themetrail.intake.document import Document, Mark, Remark, Unreadable
from themetrail.intake.names import label_shaped, opens_sentence

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_BLOCK = re.compile(r"^(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,200})?(?:[ \t]+([^<>\n]{0,200}))?>")
# Only the tags that WebVTT and SubRip define: "<UNSURE>" or "<3" are a transcriber's own.
_TAG = re.compile(
    r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^<>\n]{0,200})?>|<\d[\d:.]*>|\{\\an?\d\}",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"\s*(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}(?:[/-]\d+)*)\s*", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*(?:>>\s*)?\[?([^\W_](?:[\w .,'’&()/-]{0,58}[\w.)])?)\]?[:：]\s+(?=\S)")
_PAUSE = 2.0


@dataclass(frozen=True)
class Cue:
    """One caption: the file's line of its timing, its times in seconds, and its lines of text."""

    line: int
    start: float
    end: float
    payload: tuple[str, ...]


@dataclass
class _Turn:
    speaker: str
    words: list[str]
    lines: list[int]


def read_captions(text: str, format: str, encoding: str) -> Document:
    """Read captions from decoded text with normalised line ends.

    Parameters
    ----------
    text : the file's text.
    format : "vtt" or "srt".
    encoding : how it was decoded, handed on.

    Raises
    ------
    Unreadable
        A ``.vtt`` file without its ``WEBVTT`` header, or no cue at all.
    """
    lines = text.split("\n")
    if format == "vtt" and not lines[0].startswith("WEBVTT"):
        message = f"begins with {_short(lines[0])} where a WebVTT file begins with WEBVTT"
        raise Unreadable(message, "Export the captions again as .vtt.", line=1, kind="corrupt_file")
    for number, line in enumerate(lines, 1):
        if "-->" in line and not _TIMING.match(line):
            message = "a cue's times are not of the form 00:00:01.000 --> 00:00:02.000"
            remedy = "Correct the line, or export the captions again."
            raise Unreadable(message, remedy, line=number, kind="corrupt_file")
    cues = list(parse_cues(lines))
    turns, silent = _turns(cues)
    remarks = []
    if silent and any(turn.speaker for turn in turns):
        message = f"{len(silent)} cues name no speaker and were taken to go on with the one before"
        message += f" (the first on line {silent[0]})"
        remarks.append(Remark("note", "cue_without_speaker", message))
    seconds = max((cue.end for cue in cues), default=0.0)
    return replace(
        _layout(turns, seconds), format=format, encoding=encoding, remarks=tuple(remarks)
    )


def parse_cues(lines: Sequence[str]) -> Iterator[Cue]:
    """The cues of a caption file, in the file's order; header, notes and styles are left out.

    A cue's text goes on to the next cue's identifier: what stands after a blank line belongs to no
    other cue, and is kept unless it is a note.
    """
    timings = [(n, match) for n, line in enumerate(lines) if (match := _TIMING.match(line))]
    for index, (number, match) in enumerate(timings):
        following = timings[index + 1][0] if index + 1 < len(timings) else None
        region = list(lines[number + 1 : following])
        if following is not None and _names_next(region):
            region.pop()
        groups = match.groups()
        yield Cue(number + 1, _seconds(groups[:4]), _seconds(groups[4:]), tuple(_payload(region)))


def _names_next(region: Sequence[str]) -> bool:
    """Whether the last line before a cue's timing is its identifier."""
    if not region or not region[-1].strip():
        return False
    apart = len(region) == 1 or not region[-2].strip()
    return (apart and len(region) > 1) or _IDENTIFIER.fullmatch(region[-1]) is not None


def _payload(region: Sequence[str]) -> Iterator[str]:
    """The lines of text, without note, style and region blocks."""
    skipping = False
    for index, line in enumerate(region):
        if not line.strip():
            skipping = False
            continue
        opens = index > 0 and not region[index - 1].strip()
        skipping = skipping or (opens and _BLOCK.match(line) is not None)
        if not skipping:
            yield line


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _said(cue: Cue, prefixes: Collection[str]) -> Iterator[tuple[str | None, str]]:
    """What a cue says: (speaker, words); speaker None goes on with the one before."""
    text = "\n".join(cue.payload)
    pieces = _VOICE.split(text)
    yield from _lines(pieces[0], prefixes)
    for name, words in zip(pieces[1::2], pieces[2::2], strict=True):
        label = " ".join(html.unescape(_TAG.sub("", name or "")).split())
        yield label or None, _plain(words)


def _lines(text: str, prefixes: Collection[str]) -> Iterator[tuple[str | None, str]]:
    """A cue's text without voice tags, cut where a line names a speaker."""
    speaker: str | None = None
    held: list[str] = []
    for line in map(_plain, text.split("\n")):
        label = _prefix(line)
        if label is not None and label[0] in prefixes:
            if held:
                yield speaker, " ".join(held)
            speaker, words = label
            held = [words]
        elif line:
            held.append(line)
    if held:
        yield speaker, " ".join(held)


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _prefix(line: str) -> tuple[str, str] | None:
    """The speaker and the words of a line that begins with ``Name:``."""
    match = _PREFIX.match(line)
    return None if match is None else (match.group(1), line[match.end() :])


def _prefixes(cues: Sequence[Cue]) -> frozenset[str]:
    """The names that a file puts before a colon; none where it has voice tags.

    A name recurs; where one does, everything of a name's form is taken as one. What has not the
    form of a name ("Jo Bloggs - Anytown Trust") must come three times.
    """
    if any(_VOICE.search(line) for cue in cues for line in cue.payload):
        return frozenset()
    lines = [line for cue in cues for line in cue.payload]
    found = Counter(label[0] for line in lines if (label := _prefix(_plain(line))))
    shaped = {name for name in found if label_shaped(name)}
    often = {name for name, times in found.items() if times >= 3 and not opens_sentence(name)}
    recur = any(found[name] > 1 for name in shaped) or sum(found.values()) == len(cues)
    return frozenset(often | shaped if recur or often else ())


def _turns(cues: Sequence[Cue]) -> tuple[list[_Turn], list[int]]:
    """Join cues of one speaker; those that name nobody go on with the speaker before.

    Returns
    -------
    turns, silent : and the file's lines of the cues that name nobody.
    """
    turns: list[_Turn] = []
    silent: list[int] = []
    prefixes = _prefixes(cues)
    last_end = 0.0
    for cue in cues:
        for name, words in _said(cue, prefixes):
            if not words:
                continue
            current = turns[-1] if turns else None
            if name is None:
                silent.append(cue.line)
            # Without names at all, a pause ends a paragraph.
            paused = cue.start - last_end > _PAUSE and current is not None and not current.speaker
            if current is not None and not paused and name in {None, current.speaker}:
                current.words.append(words)
                current.lines.append(cue.line)
            else:
                turns.append(_Turn(name or "", [words], [cue.line]))
        last_end = max(last_end, cue.end)
    return turns, silent


def _layout(turns: Sequence[_Turn], seconds: float) -> Document:
    """Write turns as canonical text, remembering the file's line of every cue."""
    parts: list[str] = []
    marks: list[Mark] = []
    starts: list[int] = []
    file_lines: list[int] = []
    at = 0
    for turn in turns:
        prefix = f"{turn.speaker}: " if turn.speaker else ""
        if turn.speaker:
            marks.append(Mark(at, turn.speaker, at + len(prefix)))
        place = at
        for word, line in zip(turn.words, turn.lines, strict=True):
            starts.append(place)
            file_lines.append(line)
            place += len(word) + 1 + (len(prefix) if place == at else 0)
        parts.append(prefix + " ".join(turn.words))
        at += len(parts[-1]) + 2
    return Document(
        "\n\n".join(parts), "", "", tuple(marks), complete=bool(marks), line_starts=starts,
        file_lines=file_lines, duration_min=seconds / 60 if seconds else None,
    )  # fmt: skip


def _short(line: str) -> str:
    """A harmless description of a line: never its words."""
    return "an empty line" if not line.strip() else f"{len(line)} other characters"

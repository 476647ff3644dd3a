r"""WebVTT and SubRip captions: cues to turns.

The canonical text is ``Speaker: words of the turn's cues joined by a space``, a blank line between
turns; a turn is a run of cues by one speaker. Follows W3C WebVTT for structure and is lenient where
meeting software departs from it (no blank line before a cue, ``,`` for ``.``, no hours).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from themetrail.intake.document import Document, Mark, Unreadable

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_BLOCK = re.compile(r"^(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t]+([^>]*))?>")
# Only the tags that WebVTT and SubRip define: "<UNSURE>" or "<3" are a transcriber's own.
_TAG = re.compile(
    r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^>]*)?>|<\d[\d:.]*>|\{\\an?\d\}", re.IGNORECASE
)
_PREFIX = re.compile(r"^\s*(?:>>\s*)?\[?([^\W_](?:[\w .'’&()/-]{0,38}[\w.)])?)\]?[:：]\s+(?=\S)")
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
    cues = list(parse_cues(lines))
    if not cues and any(_TIMING.match(line) is None and "-->" in line for line in lines):
        line = next(n for n, line in enumerate(lines, 1) if "-->" in line)
        message = "a cue's times are not of the form 00:00:01.000 --> 00:00:02.000"
        raise Unreadable(message, "Export the captions again.", line=line, kind="corrupt_file")
    turns = _turns(cues)
    return _layout(turns, format, encoding, max((cue.end for cue in cues), default=0.0))


def parse_cues(lines: Sequence[str]) -> Iterator[Cue]:
    """The cues of a caption file, in the file's order; header, notes and styles are left out."""
    timings = [(n, match) for n, line in enumerate(lines) if (match := _TIMING.match(line))]
    for (number, match), following in zip(
        timings, [*[n for n, _ in timings[1:]], None], strict=True
    ):
        payload: list[str] = []
        stop = len(lines) if following is None else following
        for line in lines[number + 1 : stop]:
            if not line.strip():
                break
            payload.append(line)
        else:
            # No blank line before the next cue: its identifier would be taken for words.
            if following is not None and payload and _identifier(payload[-1]):
                payload.pop()
        groups = match.groups()
        yield Cue(number + 1, _seconds(groups[:4]), _seconds(groups[4:]), tuple(payload))


def _identifier(line: str) -> bool:
    return re.fullmatch(r"\s*(?:\d+|[0-9a-f-]{36}(?:/[\d-]+)?)\s*", line) is not None


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _said(cue: Cue) -> Iterator[tuple[str | None, str]]:
    """What a cue says: (speaker, words); speaker None goes on with the one before."""
    for line in _voices(cue.payload):
        speaker, words = line
        words = html.unescape(_TAG.sub("", words))
        if speaker is None and (match := _PREFIX.match(words)):
            speaker, words = match.group(1), words[match.end() :]
        words = " ".join(words.split())
        if words or speaker is not None:
            yield speaker, words


def _voices(payload: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    """Split a cue's text at voice tags, and at line beginnings that name a speaker."""
    text = "\n".join(payload)
    if _VOICE.search(text):
        pieces = _VOICE.split(text)
        if pieces[0].strip():
            yield None, pieces[0]
        for name, words in zip(pieces[1::2], pieces[2::2], strict=True):
            label = html.unescape(_TAG.sub("", name or "")).strip()
            # What follows </v> in the same cue has no voice of its own.
            yield label or None, words
        return
    held: list[str] = []
    for line in payload:
        if held and _PREFIX.match(html.unescape(_TAG.sub("", line))):
            yield None, "\n".join(held)
            held = []
        held.append(line)
    if held:
        yield None, "\n".join(held)


def _turns(cues: Sequence[Cue]) -> list[_Turn]:
    """Join cues of one speaker; cues that name nobody go on with the speaker before."""
    turns: list[_Turn] = []
    last_end = 0.0
    for cue in cues:
        for speaker, words in _said(cue):
            current = turns[-1] if turns else None
            name = " ".join(speaker.split()) if speaker is not None else None
            pause = cue.start - last_end > _PAUSE
            goes_on = current is not None and (
                name == current.speaker or (name is None and (current.speaker != "" or not pause))
            )
            if goes_on and current is not None:
                current.words.append(words)
                current.lines.append(cue.line)
            else:
                turns.append(_Turn(name or "", [words], [cue.line]))
        last_end = max(last_end, cue.end)
    return turns


def _layout(turns: Sequence[_Turn], format: str, encoding: str, seconds: float) -> Document:
    """Write turns as canonical text, remembering the file's line of every cue."""
    parts: list[str] = []
    marks: list[Mark] = []
    starts: list[int] = []
    file_lines: list[int] = []
    at = 0
    for turn in turns:
        prefix = f"{turn.speaker}: " if turn.speaker else ""
        words = [word for word in turn.words if word]
        if turn.speaker:
            marks.append(Mark(at, turn.speaker, at + len(prefix)))
        place = at + len(prefix)
        for word, line in zip(turn.words, turn.lines, strict=True):
            starts.append(at if not starts or place == at + len(prefix) else place)
            file_lines.append(line)
            place += len(word) + 1 if word else 0
        part = prefix + " ".join(words)
        parts.append(part)
        at += len(part) + 2
    return Document(
        "\n\n".join(parts), format, encoding, tuple(marks), complete=bool(marks),
        line_starts=starts, file_lines=file_lines, duration_min=seconds / 60 if seconds else None,
    )  # fmt: skip


def _short(line: str) -> str:
    """A harmless description of a line: never its words."""
    return "an empty line" if not line.strip() else f"{len(line)} other characters"

r"""Placeholders of a manuscript: ``{{ fact('n.participants') }}`` and its sisters.

This is the whole language: a name, and arguments that are quoted texts or whole numbers. There
are no expressions, loops or variables, so that nothing in a manuscript or in a transcript can be
run. Code spans, code blocks and ``\{{`` are left as they are; HTML comments are the authors' own.
"""

from __future__ import annotations

import bisect
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from themetrail.errors import Problems, did_you_mean

Argument = str | int

#: name -> (fewest arguments, most arguments, usage)
SIGNATURES: dict[str, tuple[int, int, str]] = {
    "fact": (1, 2, "{{ fact('n.participants') }} or {{ fact('n.participants', 'words') }}"),
    "quote": (2, 3, "{{ quote('T1', 1) }} or {{ quote('T1', 'counter', 1) }}"),
    "table": (1, 1, "{{ table('participants') }}"),
    "figure": (1, 1, "{{ figure('saturation') }}"),
    "text": (1, 1, "{{ text('study.ethics') }}"),
    "findings": (0, 1, "{{ findings() }} or {{ findings('T1') }}"),
}
BLOCKS = frozenset({"quote", "table", "figure", "findings"})

_PARTS = re.compile(
    r"""
    (?P<fence>^[ ]{0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]{0,3}(?P=mark)[`~]*[ \t]*$|\Z))
  | (?P<comment><!--.*?-->)
  | (?P<open><!--)
  | (?P<escape>\\.)
  | (?P<code>(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`))
  | (?P<placeholder>\{\{(?P<inside>(?:'[^'\n]*'|"[^"\n]*"|(?!\}\}|\{\{)[^'"])*)\}\})
  | (?P<loose>\{\{)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_CALL = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\s*\((?P<arguments>.*)\)\s*\Z", re.DOTALL)
_ARGUMENT = re.compile(r"""\s*(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<number>\d{1,6}))\s*""")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder: what is asked for, where, and the token that stands for it."""

    name: str
    arguments: tuple[Argument, ...]
    line: int
    token: str
    source: str


@dataclass(frozen=True)
class Scanned:
    """A manuscript with tokens in place of placeholders, and without comments."""

    text: str
    placeholders: tuple[Placeholder, ...]
    stem: str


def _arguments(text: str) -> tuple[Argument, ...] | None:
    """Arguments between the brackets; None where they are not quoted texts or whole numbers."""
    if not text.strip():
        return ()
    found: list[Argument] = []
    place = 0
    while True:
        match = _ARGUMENT.match(text, place)
        if match is None:
            return None
        number = match["number"]
        word = match["single"] if match["single"] is not None else match["double"]
        found.append(int(number) if number is not None else str(word))
        place = match.end()
        if place == len(text):
            return tuple(found)
        if text[place] != ",":
            return None
        place += 1


def stem_for(text: str) -> str:
    """Letters and digits that begin every token and occur nowhere in the text, in any case.

    Made from the text, so that the same manuscript gives the same tokens.
    """
    lowered = text.lower()
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    for start in range(48):
        stem = f"zq{digest[start : start + 16]}x"
        if stem not in lowered:
            return stem
    message = "no token could be made that the manuscript does not contain"
    raise ValueError(message)


def token_pattern(stem: str) -> re.Pattern[str]:
    """Matches any token of a stem; group 1 is its number."""
    return re.compile(rf"{stem}(\d+)z")


class _Lines:
    """Line numbers of places in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [match.end() for match in re.finditer("\n", text)]

    def __call__(self, place: int) -> int:
        return bisect.bisect_right(self._starts, place) + 1


def _check(name: str, arguments: Sequence[Argument], report: _Report, line: int) -> bool:
    """Whether a placeholder of that name takes those arguments; a problem where it does not."""
    if name not in SIGNATURES:
        report.add(line, "unknown_placeholder", f"unknown placeholder {name!r}", _near(name))
        return False
    fewest, most, usage = SIGNATURES[name]
    if not fewest <= len(arguments) <= most:
        said = f"{name!r} was given {len(arguments)} arguments"
        report.add(line, "malformed_placeholder", said, f"Write {usage}.")
        return False
    return True


def _near(name: str) -> str:
    return did_you_mean(name, SIGNATURES)


class _Report:
    """Problems of one file."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems

    def add(self, line: int, kind: str, message: str, remedy: str) -> None:
        self.problems.add("error", kind, self.file, message, remedy, line=line)


def scan(text: str, file: str, problems: Problems) -> Scanned:
    """Find every placeholder and comment of a manuscript.

    Parameters
    ----------
    text : Pandoc Markdown with placeholders.
    file : its name, for problems.
    problems : grows by what can't be read: an unknown name, wrong arguments, ``{{`` without
        ``}}``, a comment that is not closed.

    Returns
    -------
    The text with an inert token (letters and digits) for each placeholder and without comments.
    """
    stem, report, line_of = stem_for(text), _Report(file, problems), _Lines(text)
    found: list[Placeholder] = []
    out: list[str] = []
    place = 0
    for match in _PARTS.finditer(text):
        if match.start() < place:
            continue
        out.append(text[place : match.start()])
        place = match.end()
        line = line_of(match.start())
        if match["placeholder"] is not None:
            made = _read(
                match["placeholder"], match["inside"], line, f"{stem}{len(found)}z", report
            )
            if made is not None:
                found.append(made)
                out.append(made.token)
        elif match["comment"] is not None:
            place = _after_comment(text, match.start(), match.end())
        elif match["open"] is not None:
            report.add(line, "open_comment", "a comment '<!--' is never closed", "Close it: -->.")
        elif match["loose"] is not None:
            said = "'{{' opens a placeholder that is not closed"
            report.add(line, "malformed_placeholder", said, r"Close it with }}, or write \{{.")
        else:
            out.append(match[0])
    out.append(text[place:])
    return Scanned("".join(out), tuple(found), stem)


def _read(source: str, inside: str, line: int, token: str, report: _Report) -> Placeholder | None:
    """One placeholder, or a problem."""
    call = _CALL.match(inside)
    arguments = None if call is None else _arguments(call["arguments"])
    if call is None or arguments is None:
        usage = "Write {{ name('argument') }}; arguments are quoted texts or whole numbers."
        report.add(line, "malformed_placeholder", f"{_short(source)} can't be read", usage)
        return None
    if not _check(call["name"], arguments, report, line):
        return None
    return Placeholder(call["name"], arguments, line, token, source)


def _short(source: str, most: int = 60) -> str:
    one_line = " ".join(source.split())
    return repr(one_line if len(one_line) <= most else one_line[: most - 1] + "…")


def _after_comment(text: str, start: int, end: int) -> int:
    """Where the text goes on: past the line end where the comment has its lines to itself."""
    before = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    after = len(text) if after < 0 else after
    alone = not text[before:start].strip() and not text[end:after].strip()
    return min(after + 1, len(text)) if alone else end

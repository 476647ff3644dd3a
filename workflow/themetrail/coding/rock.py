"""Read a ROCK source (``.rock``): codes in double square brackets on the line that they code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themetrail.coding.model import CodedFile, Copy, FoundCode, Mark
from themetrail.coding.offsets import lf
from themetrail.strangers import decode

# As the Reproducible Open Coding Kit's own patterns have it (rock 0.9.6, opts$codeRegexes,
# idRegexes), and codes with spaces and any letters too: coders write them.
_CODE = re.compile(r"\[\[([^\[\]|=:]+)\]\]")
# A code with a value, an arrow between two: what the kit knows and no coding is.
_VALUED = re.compile(r"\[\[[^\[\]]*\|\|[^\[\]]*\]\]")
_ANY = re.compile(r"\[\[[^\[\]]*\]\]")
_ID = re.compile(r"\[\[(sourceId|coderId|uid|utteranceId)[=:]([^\[\]]+)\]\]", re.IGNORECASE)
_BREAK = re.compile(r"^\s*(---<<.*>>---|--\+-\{.*\}-\+--|-{3,}|#.*)\s*$")


def read_rock(data: bytes, file: str, source: str = "") -> CodedFile:
    """Read a source: each code on a line is a coding of what the line says.

    Parameters
    ----------
    data, file : the bytes, and how the file is named in problems.
    source : the document's name where the file does not say it (``[[sourceId=…]]``).

    Raises
    ------
    InputError
        It is not text.
    """
    content, _ = decode(data)
    found = CodedFile(file, "rock")
    said: dict[str, list[str]] = {}
    length: dict[str, int] = {}
    name, coder = source, ""
    valued: list[int] = []
    for number, line in _lines(lf(content)):
        for kind, value in _ID.findall(line):
            if kind.casefold() == "sourceid":
                name = value.strip()
            elif kind.casefold() == "coderid":
                coder = value.strip()
        words = "" if _BREAK.match(line) else " ".join(_ANY.sub(" ", line).split())
        start = length.get(name, 0)
        for code in filter(str.strip, _CODE.findall(line)):
            _add(number, code.strip(), words, start, (name, coder), found)
        valued += [number] * len(_VALUED.findall(line))
        if "[[" in _ANY.sub("", line):
            _report_open(number, found)
        if words:
            said.setdefault(name, []).append(words)
            length[name] = start + len(words) + 1
    if valued:
        found.problems.add(
            "note",
            "not_used",
            file,
            f"{len(valued)} marks with values or arrows (||) are no codes: not used",
            line=valued[0],
        )
    for key, lines in said.items():
        found.texts[key or " "] = Copy(key, "\n".join(lines))
    found.codes = [
        FoundCode(code, tuple(code.split(">")))
        for code in dict.fromkeys(m.code for m in found.marks)
    ]
    found.users = list(dict.fromkeys(m.user for m in found.marks if m.user))
    return found


def _lines(content: str) -> Iterator[tuple[int, str]]:
    """The lines outside YAML blocks, with their numbers."""
    inside = False
    for number, line in enumerate(content.split("\n"), start=1):
        if line.rstrip() == "---":
            inside = not inside
        elif not inside:
            yield number, line


def _report_open(number: int, found: CodedFile) -> None:
    """Say that a line opens a code and does not close it."""
    found.problems.add(
        "error",
        "malformed_row",
        found.file,
        "a line opens double square brackets and does not close them: no code was read there",
        "Close them: [[code]].",
        line=number,
    )


def _add(
    number: int, code: str, words: str, start: int, who: tuple[str, str], found: CodedFile
) -> None:
    """One code on one line."""
    source, coder = who
    if not words:
        found.problems.add(
            "warning",
            "nothing_said",
            found.file,
            f"code {code[:60]!r} stands on a line without words: not a coding",
            line=number,
        )
        return
    found.marks.append(
        Mark(
            row=number,
            source=source,
            code=code,
            user=coder,
            start=start,
            end=start + len(words),
            quote=words,
            copy=source or " ",
            aliases=(code.replace(">", "/"), code.rpartition(">")[2]),
        )
    )

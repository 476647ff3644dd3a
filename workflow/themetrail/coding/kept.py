"""Texts as they were when they were coded, for codings that have no words to be found by.

A coding by offsets or by a turn's number alone points elsewhere as soon as its transcript is
corrected. ``coded_texts.csv`` says which text each coder's codings of a transcript count in, and
``coded_texts/`` keeps those texts, so that such codings follow a correction as those in a tool's
own copy do: exact, moved, or lost and said to be.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from themetrail.coding.model import Copy, Mark
from themetrail.coding.passage import Transcript, Turn
from themetrail.coding.place import Doubt, Outcome, Placer
from themetrail.coding.reading import codings
from themetrail.coding.sheets import read_delimited
from themetrail.errors import InputError, Problem, Problems

LIST, FOLDER = "coded_texts.csv", "coded_texts"
COLUMNS = ("coder", "transcript_id", "text_sha256")
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_BYTES = 64 * 2**20


def digest(text: str) -> str:
    """SHA-256 of a canonical text, as in ``contracts.TRANSCRIPTS``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def path_of(folder: Path, transcript_id: str, sha256: str) -> Path:
    """Where a site's folder keeps a text of a transcript."""
    return folder / FOLDER / sha256[:16] / f"{transcript_id}.json"


def numbered(mark: Mark, transcript: Transcript) -> bool:
    """Whether nothing but offsets or a turn's number says where a coding is.

    Words that stand in several places say no more than that.
    """
    if mark.copy or not mark.quote:
        return not mark.copy
    told = mark.start is not None or mark.turn is not None
    return told and not (mark.prefix or mark.suffix) and len(transcript.find(mark.quote).spans) > 1


def offsets_alone(rows: Sequence[int], file: str, site: str, noun: str = "coding") -> Problem:
    """That rows of a file hold to numbers alone, and nobody wrote down in which text."""
    return Problem(
        "warning",
        "offsets_alone",
        file,
        min(rows),
        f"offsets or turn numbers alone place {codings(rows, noun)}, and nothing says in which "
        "text: once a transcript is corrected they point elsewhere, and nobody can tell",
        f"While the transcripts are as they were coded: themetrail site keep {site}. Or give "
        "words that stand in one place only, in the column quote.",
        site,
    )


class KeptTexts:
    """The texts that coders' codings, and decisions on them, of one site count in.

    Parameters
    ----------
    folder : the site's folder.
    root : the study's, which files are named relative to.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.problems = Problems()
        self._folder = folder
        self._current: dict[str, str] = {}
        self._texts: dict[tuple[str, str], Transcript | None] = {}
        self._hashes = _hashes(folder / LIST, root, self.problems)

    def known(self, coder: str, transcript_id: str) -> bool:
        """Whether it is written down which text a coder's codings of a transcript count in."""
        return (coder, transcript_id) in self._hashes

    def place(self, mark: Mark, coder: str, transcript: Transcript, placer: Placer) -> Outcome:
        """Place a coding by way of the text that it was made on, where that is another one."""
        sha256 = self._hashes.get((coder, transcript.id))
        if mark.copy or sha256 is None or sha256 == self._digest(transcript):
            return placer.place(mark, transcript)
        before = self._text(transcript.id, sha256)
        if before is None:
            if not numbered(mark, transcript):
                return placer.place(mark, transcript)
            return None, Doubt(
                "error",
                "coded_text_gone",
                f"{transcript.id} was corrected since, and the text that offsets and turn numbers "
                "count in here is not kept",
                f"Put it back as {path_of(Path(), transcript.id, sha256).as_posix()} of the site, "
                "or code with quotations.",
            )
        placed, doubt = placer.place(mark, before)
        if placed is None:
            return None, doubt
        words = before.text[placed.start : placed.end]
        key = placer.add(f"{FOLDER}/{sha256}/{transcript.id}", Copy(transcript.id, before.text))
        there = replace(mark, start=placed.start, end=placed.end, quote=words, copy=key)
        arrived, changed = placer.place(there, transcript)
        return arrived, changed or doubt

    def _digest(self, transcript: Transcript) -> str:
        if transcript.id not in self._current:
            self._current[transcript.id] = digest(transcript.text)
        return self._current[transcript.id]

    def _text(self, transcript_id: str, sha256: str) -> Transcript | None:
        key = transcript_id, sha256
        if key not in self._texts:
            self._texts[key] = read_kept(path_of(self._folder, *key), *key)
        return self._texts[key]


def _hashes(path: Path, root: Path, problems: Problems) -> dict[tuple[str, str], str]:
    """Coder and transcript to the text, by ``coded_texts.csv``; what is wrong becomes a problem."""
    if not path.is_file():
        return {}
    file = path.relative_to(root).as_posix()
    remedy = f"The columns are {', '.join(COLUMNS)}."
    try:
        sheet = read_delimited(path.read_bytes(), file)
    except (OSError, InputError) as error:
        problems.add("error", "unreadable", file, f"can't be read: {error}", remedy)
        return {}
    problems.extend(sheet.problems)
    header = [name.casefold() for name in sheet.header]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        message = f"no column {missing[0]!r}"
        problems.add("error", "missing_column", file, message, remedy, line=sheet.header_line)
        return {}
    hashes = {}
    for line, cells in sheet.rows:
        row = dict(zip(header, map(str.strip, cells), strict=False))
        if all(row.get(name) for name in COLUMNS) and _HASH.fullmatch(row["text_sha256"]):
            hashes[row["coder"], row["transcript_id"]] = row["text_sha256"]
        else:
            message = "a row is incomplete, or its text_sha256 is no SHA-256"
            problems.add("error", "empty_cell", file, message, remedy, line=line)
    return hashes


def read_kept(path: Path, transcript_id: str, sha256: str) -> Transcript | None:
    """A kept text with its turns; None where it is not there, or is not the text that it was."""
    try:
        if path.is_symlink() or path.stat().st_size > _MOST_BYTES:
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
        text = str(content["text"])
        turns = [Turn(int(n), int(start), int(end)) for n, start, end in content["turns"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    inside = all(0 <= turn.start <= turn.end <= len(text) for turn in turns)
    return Transcript(transcript_id, text, turns) if inside and digest(text) == sha256 else None


def keep(folder: Path, root: Path, pairs: Iterable[tuple[str, Transcript]]) -> int:
    """Keep the texts as they are now, and that these coders' codings count in them.

    Parameters
    ----------
    folder, root : the site's folder, and the study's.
    pairs : a coder and a transcript each; what was written down of them before is replaced.

    Returns
    -------
    how many pairs were written down.

    Raises
    ------
    InputError
        ``coded_texts.csv`` is there and can't be read.
    """
    from themetrail.tables import write_text

    hashes = listed(folder, root)
    number = 0
    for coder, transcript in pairs:
        sha256 = digest(transcript.text)
        hashes[coder, transcript.id] = sha256
        number += 1
        turns = [[turn.turn, turn.start, turn.end] for turn in transcript.turns]
        target = path_of(folder, transcript.id, sha256)
        if not target.exists():
            content = {"text": transcript.text, "turns": turns}
            write_text(json.dumps(content, ensure_ascii=False) + "\n", target)
    write_list(folder, hashes)
    return number


def listed(folder: Path, root: Path) -> dict[tuple[str, str], str]:
    """Coder and transcript to the text that codings count in, as a site's list has them.

    Raises
    ------
    InputError
        ``coded_texts.csv`` is there and can't be read.
    """
    problems = Problems()
    hashes = _hashes(folder / LIST, root, problems)
    if problems.errors:
        raise InputError(str(problems.errors[0]))
    return hashes


def write_list(folder: Path, hashes: Mapping[tuple[str, str], str]) -> None:
    """Write ``coded_texts.csv``."""
    from themetrail.tables import write_text

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((*pair, sha256) for pair, sha256 in sorted(hashes.items()))
    write_text(stream.getvalue(), folder / LIST)

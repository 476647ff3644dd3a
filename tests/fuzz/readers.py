"""What each reader promises of any file at all, and a watch on what it reaches for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fuzz.seeds import CODINGS, TEXTS, extension
from themetrail.coding.codes import CodeResolver
from themetrail.coding.files import read_file
from themetrail.coding.kept import KeptTexts
from themetrail.coding.model import CodingSettings
from themetrail.coding.names import TranscriptNames
from themetrail.coding.passage import Transcript
from themetrail.coding.reading import Reading
from themetrail.coding.site import _read_coder
from themetrail.config import Change, Code, Codebook
from themetrail.errors import Problems
from themetrail.intake.dropped import Left
from themetrail.intake.files import TranscriptFile
from themetrail.intake.gate import Gate
from themetrail.intake.settings import IntakeSettings
from themetrail.intake.sheets import Particulars, People
from themetrail.intake.transcript import Around, read_transcript

_BOOK = Codebook(
    (Code("workload", "Workload", family="work"), Code("other", "Other"), Code("late", "Late")),
    (Change("rename", ("tardy",), ("late",)), Change("split", ("mixed",), ("late", "other"))),
)


class EscapeError(Exception):
    """A reader reached for what is not its file."""


_WATCHED = False
_WRITES = ("w", "a", "x", "+")
_NEVER = (
    "os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket.connect", "os.rename",
    "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "shutil.rmtree",
)  # fmt: skip


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise where a reader writes, opens what is not its file or a module, or runs something."""
    if not _WATCHED:
        return
    if event in _NEVER:
        message = f"{event} {arguments}"
        raise EscapeError(message)
    if event == "open" and isinstance(arguments[0], str):
        path, mode = arguments[0], arguments[1] or ""
        modules = path.startswith((sys.prefix, sys.base_prefix)) or path.endswith((".py", ".pyc"))
        if any(letter in mode for letter in _WRITES) or not (modules or "fuzzed" in path):
            message = f"open {path!r} {mode!r}"
            raise EscapeError(message)


@contextmanager
def watched() -> Iterator[None]:
    """Within, nothing but the file that is read may be opened, and nothing written or run."""
    global _WATCHED  # audit hooks can't be taken away again
    if _hook not in _HOOKED:
        sys.addaudithook(_hook)
        _HOOKED.append(_hook)
    # A module that a reader brings in is no escape; that Python would keep it compiled is none.
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    _WATCHED = True
    try:
        yield
    finally:
        _WATCHED, sys.dont_write_bytecode = False, kept


_HOOKED: list[Any] = []


class Target:
    """One reader, fed with bytes by way of a file in a folder.

    Raises
    ------
    AssertionError, EscapeError, Exception
        By ``__call__``: what the reader did not survive, or a promise that it broke.
    """

    def __init__(self, reader: str, folder: Path) -> None:
        self.reader = reader
        self.path = folder / f"fuzzed.{extension(reader)}"
        self.transcripts = {n: Transcript(n, text) for n, text in TEXTS.items()}

    def __call__(self, data: bytes) -> None:
        self.path.write_bytes(data)
        with watched():
            if self.reader in CODINGS:
                self._codings()
            else:
                self._transcript()

    def _codings(self) -> None:
        """Codings are placed within their texts, or a problem says why not."""
        found = read_file(self.path, self.path.name, "A01")
        reading = Reading(
            "s",
            self.transcripts,
            TranscriptNames(TEXTS),
            TranscriptNames([]),
            TranscriptNames([]),
            TranscriptNames([]),
            CodeResolver(_BOOK),
            CodingSettings(),
        )
        nowhere = self.path.parent / "data" / "s"
        _read_coder(found, "ann", reading, KeptTexts(nowhere, self.path.parent))
        problems = list(reading.problems)
        assert not [p for p in problems if "no reader expects" in p.message], problems
        for row in reading.rows.values():
            text = TEXTS[row.transcript_id]
            assert 0 <= row.start < row.end <= len(text), row
            assert row.code in _BOOK.ids, row
        told = [p for p in problems if p.kind != "not_coded"]
        assert len(reading.rows) == len(found.marks) or told, "codings lost without a word"
        for problem in problems:
            problem_is_printable(str(problem))

    def _transcript(self) -> None:
        """Turns are in order within the text, which is Unicode with plain line ends."""
        problems = Problems()
        around = Around(
            "s",
            IntakeSettings(),
            People(rows={"P1": {}}, by_key={"p1": "P1"}, present=True),
            {"fuzzed": Particulars(2, "fuzzed")},
            Left(),
            Gate("s", ["Annabel Lee"], [], ["P1"]),
            problems,
        )
        found = read_transcript(around, TranscriptFile("fuzzed", self.path, "fuzzed"))
        for problem in problems:
            problem_is_printable(str(problem))
        if found is None:
            assert [p for p in problems if p.severity == "error"]
            return
        text = found.row["text"]
        text.encode()
        assert "\r" not in text
        at = 0
        for turn in found.turns:
            assert at <= turn.start < turn.end <= len(text), turn
            at = turn.end


def problem_is_printable(message: str) -> None:
    """A message can be written to a table and shown: Unicode, and not a file's length."""
    message.encode()
    assert len(message) < 5_000, len(message)

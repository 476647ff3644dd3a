"""Asks a team's own program once and records what it answers; only a person starts this."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from themetrail.errors import InputError, Problems
from themetrail.machine.external import (
    MOST_BYTES,
    Span,
    answers_file,
    codebook_line,
    parse_answer,
    read_answers,
    record_line,
)
from themetrail.tables import write_text

if TYPE_CHECKING:
    from themetrail.config import Codebook


@dataclass
class Asked:
    """What came of asking: how many were known, answered now, and what was wrong."""

    known: int = 0
    answered: int = 0
    of: int = 0
    problems: Problems = field(default_factory=Problems)


def ask(
    root: Path,
    name: str,
    command: Sequence[str],
    asked: Mapping[str, str],
    codebook: Codebook,
    *,
    timeout_s: float,
) -> Asked:
    """Run a program on what it has not answered yet, and record its answers.

    The program runs in the study's folder with its own standard input and output, no shell, and is
    stopped with everything that it started when its time is up. What it answered by then counts.

    Parameters
    ----------
    root : the study's folder.
    name : the coder's name in the configuration.
    command : program and arguments.
    asked : input hash to words (``external.keys``).
    codebook : goes first.
    timeout_s : seconds for the whole run.

    Raises
    ------
    InputError
        The program can't be started.
    """
    done = Asked(of=len(asked))
    codes = codebook.active
    before = read_answers(root, name, asked, codes, Problems())
    done.known = len(before.spans)
    waiting = {key: text for key, text in asked.items() if key not in before.spans}
    answers = dict(before.spans)
    if waiting:
        answers |= _run(root, name, command, waiting, codebook, timeout_s, done)
    done.answered = len(answers) - done.known
    lines = [record_line(key, answers[key]) for key in sorted(answers)]
    write_text("".join(f"{line}\n" for line in lines), root / answers_file(name))
    return done


def _run(
    root: Path,
    name: str,
    command: Sequence[str],
    waiting: Mapping[str, str],
    codebook: Codebook,
    timeout_s: float,
    done: Asked,
) -> dict[str, tuple[Span, ...]]:
    """Answers of one run of the program."""
    source = f"the output of {name}"
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
        for line in _lines(waiting, codebook):
            given.write(line)
        given.seek(0)
        status = _wait(root, command, given, told, timeout_s)
        told.seek(0)
        found = _read(told, waiting, codebook.active, source, done.problems)
    if status is None:
        message = f"was stopped after {timeout_s:g} s"
        remedy = "Its answers by then are recorded; ask again, or raise timeout_s."
        done.problems.add("warning", "timeout", source, message, remedy)
    elif status:
        done.problems.add("warning", "failed", source, f"the program ended with status {status}")
    return found


def _lines(waiting: Mapping[str, str], codebook: Codebook) -> Iterator[bytes]:
    rows: Iterable[object] = [
        codebook_line(codebook),
        *({"type": "turn", "key": key, "text": waiting[key]} for key in sorted(waiting)),
    ]
    for row in rows:
        yield (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _wait(
    root: Path, command: Sequence[str], given: IO[bytes], told: IO[bytes], timeout_s: float
) -> int | None:
    """Exit status; None where the program had to be stopped."""
    try:
        process = subprocess.Popen(
            list(command),
            cwd=root,
            stdin=given,
            stdout=told,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        message = f"{command[0]!r} can't be started: {error.strerror or error}"
        raise InputError(message) from error
    try:
        return process.wait(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # The whole group: a program's children must not outlive its time.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(
    told: IO[bytes],
    waiting: Mapping[str, str],
    codes: Sequence[str],
    source: str,
    problems: Problems,
) -> dict[str, tuple[Span, ...]]:
    """Every good answer; each bad line is a problem with its number."""
    found: dict[str, tuple[Span, ...]] = {}
    number = 0
    while data := told.readline(MOST_BYTES + 1):
        number += 1
        long = len(data) > MOST_BYTES
        while long and not data.endswith(b"\n") and (data := told.readline(MOST_BYTES + 1)):
            continue
        if not data.strip():
            continue
        line = " " * (MOST_BYTES + 1) if long else data.decode("utf-8", "replace")
        answer = parse_answer(line, waiting, codes)
        if isinstance(answer, str):
            problems.add("warning", "bad_answer", source, answer, line=number)
        elif answer[0] in found and found[answer[0]] != answer[1]:
            what = "a second, different answer to the same turn; the first counts"
            problems.add("warning", "second_answer", source, what, line=number)
        else:
            found[answer[0]] = answer[1]
    return found

"""All coders' work on one site: read, checked, placed, and who judged what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.coding.codes import CodeResolver
from themetrail.coding.coverage import Coverage, read_assignments
from themetrail.coding.files import coder_files, read_file
from themetrail.coding.model import CodedFile, CodingSettings, Mark
from themetrail.coding.names import TranscriptNames
from themetrail.coding.normal import plain_form
from themetrail.coding.passage import Transcript, Turn
from themetrail.coding.place import Doubt, Placed, Placer
from themetrail.errors import Problem, Problems, did_you_mean, nearest

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook


@dataclass(frozen=True)
class Coding:
    """A site's coding.

    Attributes
    ----------
    spans : table ``contracts.SPANS``.
    coverage : table ``contracts.COVERAGE``.
    problems : everything that could not be read, placed or matched.
    """

    spans: pd.DataFrame
    coverage: pd.DataFrame
    problems: list[Problem]


@dataclass
class _Row:
    """One row of the spans table, in the order of its columns."""

    span_id: str
    coder: str
    transcript_id: str
    start: int
    end: int
    code: str
    code_as_coded: str
    memo: str
    coded_at: str
    source: str
    row: int
    anchor: str
    moved_by: int


@dataclass
class _Reading:
    """What is gathered while a site's files are read."""

    site: str
    transcripts: dict[str, Transcript]
    names: TranscriptNames
    dropped: TranscriptNames
    codes: CodeResolver
    settings: CodingSettings
    rows: dict[str, _Row] = field(default_factory=dict)
    judged: set[tuple[str, str]] = field(default_factory=set)
    coders: set[str] = field(default_factory=set)
    problems: Problems = field(default_factory=Problems)


def span_id(transcript_id: str, coder: str, start: int, end: int, code: str) -> str:
    """A coding's name: the same for the same coding, whatever file or tool it came in.

    >>> span_id("A01", "coder_a", 10, 20, "workload")
    's9f6b3d2b6a7d8d5'
    """
    text = "\x1f".join((transcript_id, coder, str(start), str(end), code))
    return "s" + hashlib.sha256(text.encode()).hexdigest()[:15]


def read_site(
    root: Path,
    site: str,
    transcripts: pd.DataFrame,
    turns: pd.DataFrame,
    codebook: Codebook,
    settings: CodingSettings | None = None,
) -> Coding:
    """Read every coder's file of a site.

    Parameters
    ----------
    root : the study folder; files are named relative to it.
    site : the site's folder name under ``data/``.
    transcripts, turns : the site's intake tables (``contracts.TRANSCRIPTS``, ``TURNS``).
    codebook : with its change log, which is applied.
    settings : how files are read.

    Returns
    -------
    coding : spans sorted by transcript, start, end, code and coder; coverage; problems.
    """
    chosen = settings or CodingSettings()
    texts = transcripts_of(transcripts, turns)
    reading = _Reading(
        site,
        texts,
        TranscriptNames(texts),
        TranscriptNames(chosen.dropped_ids - set(texts)),
        CodeResolver(codebook),
        chosen,
    )
    folder = root / "data" / site
    for stem, path in coder_files(folder / "codings"):
        file = path.relative_to(root).as_posix()
        _read_coder(read_file(path, file), stem, reading)
    assignments = read_assignments(folder / "assignments.csv", root, reading.names, reading.dropped)
    reading.problems.extend(assignments.problems)
    coverage = Coverage(
        counts=_counts(reading.rows.values()),
        judged=reading.judged,
        coders=reading.coders,
        transcripts=sorted(texts),
        folder=folder.relative_to(root).as_posix(),
    )
    covered = coverage.table(assignments)
    reading.problems.extend(coverage.problems)
    return _tables(reading, covered)


def transcripts_of(transcripts: pd.DataFrame, turns: pd.DataFrame) -> dict[str, Transcript]:
    """The intake tables' transcripts by id, with their turns."""
    by_id: dict[str, list[Turn]] = {}
    columns = [turns[name] for name in ("transcript_id", "turn", "start", "end")]
    for name, turn, start, end in zip(*columns, strict=True):
        by_id.setdefault(str(name), []).append(Turn(int(turn), int(start), int(end)))
    columns = [transcripts[name] for name in ("transcript_id", "text", "status")]
    return {
        str(name): Transcript(str(name), text, by_id.get(str(name), ()), held=status == "held")
        for name, text, status in zip(*columns, strict=True)
    }


def _counts(rows: Iterable[_Row]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row.coder, row.transcript_id
        counts[key] = counts.get(key, 0) + 1
    return counts


def coder_names(found: CodedFile, stem: str, settings: CodingSettings) -> dict[str, str]:
    """Each user of a file to the coder's name.

    Where the codings name one user or none, the file's name says who coded: a user's name is
    often a machine's. Where they name several, each coding is its own user's.
    """
    users = list(dict.fromkeys(mark.user for mark in found.marks))
    named = [user for user in users if user]
    own = settings.coders.get(stem, stem)
    if len(named) > 1:
        return {user: settings.coders.get(user, user) if user else own for user in ["", *named]}
    return dict.fromkeys(["", *named], own)


def _read_coder(found: CodedFile, stem: str, reading: _Reading) -> None:
    """Place one file's codings and report what can't be."""
    reading.problems.extend(found.problems)
    names = coder_names(found, stem, reading.settings)
    if len(names) == 2 and names[""] not in (*names, stem):  # one user, called otherwise
        _report_other_user(found, reading)
    placer = Placer(found.texts)
    documents = _Documents(found, placer, reading)
    codes = _CodesOf(found, reading)
    reading.coders.update(names.values() if found.marks or found.judged else [names[""]])
    for user, source in sorted(found.judged):
        transcript = documents.find(source, "", 1)
        if transcript is not None:
            reading.judged.add((names.get(user, names[""]), transcript.id))
    for mark in found.marks:
        transcript = documents.find(mark.source, mark.copy, mark.row)
        if transcript is None:
            continue
        coder = names[mark.user]
        reading.judged.add((coder, transcript.id))
        code = codes.find(mark)
        placed, doubt = placer.place(mark, transcript)
        if doubt is not None:
            _report(doubt, mark, found.file, reading)
        if placed is not None and code:
            _keep(mark, placed, (coder, transcript.id, code), found.file, reading)
    documents.report()
    codes.report()


def _report_other_user(found: CodedFile, reading: _Reading) -> None:
    reading.problems.add(
        "note",
        "coder_by_file_name",
        found.file,
        "the user recorded in the file is not called as the file is; the file's name is the coder",
        "Set coding.coders in config.yaml if the coder's name is another.",
    )


def _report(doubt: Doubt, mark: Mark, file: str, reading: _Reading) -> None:
    reading.problems.add(
        doubt.severity,
        doubt.kind,
        file,
        doubt.message,
        doubt.remedy,
        line=mark.row,
        site=reading.site,
    )


def _keep(
    mark: Mark, placed: Placed, who: tuple[str, str, str], file: str, reading: _Reading
) -> None:
    """Keep a coding; the same one twice is one, with both memos."""
    coder, transcript, code = who
    key = span_id(transcript, coder, placed.start, placed.end, code)
    earlier = reading.rows.get(key)
    if earlier is None:
        reading.rows[key] = _Row(
            key,
            coder,
            transcript,
            placed.start,
            placed.end,
            code,
            mark.code,
            mark.memo,
            mark.coded_at,
            file,
            mark.row,
            placed.anchor,
            placed.moved_by,
        )
        return
    if mark.memo and mark.memo not in earlier.memo.split("\n"):
        earlier.memo = "\n".join(filter(None, (earlier.memo, mark.memo)))
    where = f"line {earlier.row}"
    if earlier.source != file:
        where += f" of {earlier.source}"
    reading.problems.add(
        "note",
        "duplicate_coding",
        file,
        f"the same coding ({code} on the same passage of {transcript}) as in {where}: kept once",
        line=mark.row,
        site=reading.site,
    )


def lines_text(lines: Sequence[int]) -> str:
    """Line numbers as a reader would list them.

    >>> lines_text([3, 4, 5, 9])
    '3-5, 9'
    """
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


class _Documents:
    """Which transcript each document of a file is; each unknown one is reported once."""

    def __init__(self, found: CodedFile, placer: Placer, reading: _Reading) -> None:
        self._found = found
        self._placer = placer
        self._reading = reading
        self._known: dict[tuple[str, str], Transcript | None] = {}
        self._unknown: dict[str, list[int]] = {}
        self._held: dict[str, list[int]] = {}
        self._by_words: dict[str, str] | None = None

    def find(self, source: str, copy: str, row: int) -> Transcript | None:
        """The transcript, or None where there is none or its text is held back."""
        key = source, copy
        if key not in self._known:
            self._known[key] = self._match(source, copy)
        transcript = self._known[key]
        if transcript is None:
            if self._reading.dropped.find(source) is None:
                self._unknown.setdefault(source, []).append(row)
        elif transcript.held:
            self._held.setdefault(transcript.id, []).append(row)
            return None
        return transcript

    def _match(self, source: str, copy: str) -> Transcript | None:
        reading = self._reading
        name = reading.names.find(source)
        if name is None and copy and reading.dropped.find(source) is None:
            name = self._by_text(copy)
        if name is None:
            return None
        transcript = reading.transcripts[name]
        if copy and not transcript.held:
            self._compare(source, copy, transcript)
        return transcript

    def _by_text(self, copy: str) -> str | None:
        """The transcript that has the very words of a copy, whatever the copy is called."""
        if self._by_words is None:
            self._by_words = {
                "".join(t.normal.text.split()): t.id
                for t in self._reading.transcripts.values()
                if t.text.strip()
            }
        return self._by_words.get("".join(plain_form(self._found.texts[copy].text).split()))

    def _compare(self, source: str, copy: str, transcript: Transcript) -> None:
        """Report a copy that is another text under the transcript's name."""
        shared = self._placer.alignment(copy, transcript).shared
        if shared < 0.5:
            self._reading.problems.add(
                "error",
                "other_text",
                self._found.file,
                f"the file's text {source[:60]!r} shares {shared:.0%} of its words with the "
                f"transcript {transcript.id}: not the same interview, or a much changed one",
                "Give the coder the present transcript, or the transcript its own id.",
                site=self._reading.site,
            )

    def report(self) -> None:
        """Report the unknown documents and the held transcripts."""
        reading, file = self._reading, self._found.file
        for source, rows in self._unknown.items():
            reading.problems.add(
                "error",
                "unknown_transcript",
                file,
                f"no transcript {source[:60]!r} at this site; {_codings(rows)}",
                did_you_mean(source, reading.names.ids),
                line=min(rows),
                site=reading.site,
            )
        for name, rows in self._held.items():
            reading.problems.add(
                "warning",
                "held_transcript",
                file,
                f"{name} is held back by the disclosure gate; {_codings(rows)} wait for it",
                "Clear what the gate found.",
                line=min(rows),
                site=reading.site,
            )


def _codings(rows: Sequence[int]) -> str:
    if len(rows) == 1:
        return f"1 coding (line {rows[0]})"
    return f"{len(rows)} codings (lines {lines_text(rows)})"


class _CodesOf:
    """What became of each code of a file; each doubtful one is reported once, with its lines."""

    def __init__(self, found: CodedFile, reading: _Reading) -> None:
        self._found = found
        self._reading = reading
        self._odd: dict[tuple[str, str, str, tuple[str, ...]], list[int]] = {}

    def find(self, mark: Mark) -> str:
        """The code's id now, or nothing where it may not be used."""
        result = self._reading.codes.resolve(mark.code, mark.aliases, mark.coded_at)
        if result.status != "known":
            key = result.status, mark.code, result.code, result.choices
            self._odd.setdefault(key, []).append(mark.row)
        return result.code

    def report(self) -> None:
        """One row for each code that is unknown, retired or split."""
        for (status, name, code, choices), rows in self._odd.items():
            severity, kind, message, remedy = self._words(status, name, code, choices)
            self._reading.problems.add(
                severity,  # type: ignore[arg-type]
                kind,
                self._found.file,
                f"{message}; {_codings(rows)}",
                remedy,
                line=min(rows),
                site=self._reading.site,
            )

    def _words(
        self, status: str, name: str, code: str, choices: tuple[str, ...]
    ) -> tuple[str, str, str, str]:
        shown = name[:60]
        between = " or ".join(choices)
        if status == "retired":
            return (
                "warning",
                "retired_code",
                f"code {shown!r} is retired, and nothing replaces it",
                "Say in codebook.yaml what replaces it, or recode the passages.",
            )
        if status == "split":
            return (
                "warning",
                "split_code",
                f"code {shown!r} was split into {between}: not used until someone decides",
                f"Recode the passages as {between}.",
            )
        if status == "unclear":
            return (
                "warning",
                "split_code",
                f"code {shown!r} was split into {between}, and the codings have no date: "
                f"taken as {code!r} of today",
                "Give the date in column 'coded_at'.",
            )
        near = nearest(name, self._reading.codes.known)
        remedy = f"Did you mean {near!r}? Otherwise " if near else "Otherwise "
        if not near:
            remedy = "It is the coder's proposal: "
        return (
            "error",
            "unknown_code",
            f"code {shown!r} is not in the codebook",
            remedy + "add it to config/codebook.yaml if the team wants it.",
        )


def _tables(reading: _Reading, covered: pd.DataFrame) -> Coding:
    """The gathered rows as tables, in their order."""
    from themetrail.contracts import SPANS
    from themetrail.tables import frame

    order = sorted(
        reading.rows.values(),
        key=lambda row: (row.transcript_id, row.start, row.end, row.code, row.coder),
    )
    problems = [
        p
        if p.site
        else Problem(p.severity, p.kind, p.file, p.line, p.message, p.remedy, reading.site)
        for p in reading.problems
    ]
    return Coding(frame(order, SPANS), covered, problems)

"""All coders' work on one site: read, checked, placed, and who judged what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.coding.assignments import read_assignments
from themetrail.coding.codes import CodeResolver
from themetrail.coding.coverage import Coverage
from themetrail.coding.documents import Documents
from themetrail.coding.files import coder_files, read_file
from themetrail.coding.kept import KeptTexts, numbered, offsets_alone
from themetrail.coding.kept_gate import left_in_kept_texts
from themetrail.coding.model import CodedFile, CodingSettings
from themetrail.coding.names import TranscriptNames
from themetrail.coding.passage import Transcript, Turn
from themetrail.coding.place import LEFT_OUT, Placer, tactful
from themetrail.coding.proposals import Proposals
from themetrail.coding.reading import Reading
from themetrail.errors import Problem
from themetrail.exclusions import masked

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook


_NAME = re.compile(r"\w[\w .,'’@()&+-]{0,79}")


@dataclass(frozen=True)
class Coding:
    """A site's coding.

    Attributes
    ----------
    spans : table ``contracts.SPANS``.
    coverage : table ``contracts.COVERAGE``.
    problems : everything that could not be read, placed or matched.
    unkept : coder and transcript of codings that only numbers hold in place, and of which it is
        not written down in which text they count.
    """

    spans: pd.DataFrame
    coverage: pd.DataFrame
    problems: list[Problem]
    unkept: frozenset[tuple[str, str]] = frozenset()


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
    folder = root / "data" / site
    gone = chosen.dropped_ids - set(texts)
    present = {path.stem for path in (folder / "transcripts").glob("*") if path.is_file()}
    reading = Reading(
        site,
        texts,
        TranscriptNames(texts),
        TranscriptNames(gone),
        TranscriptNames(present - set(texts) - gone),
        _elsewhere(root, site, gone),
        CodeResolver(codebook),
        chosen,
    )
    kept = KeptTexts(folder, root)
    reading.problems.extend(kept.problems)
    reading.problems.extend(left_in_kept_texts(folder, root, texts, chosen))
    files = list(coder_files(folder / "codings"))
    _report_several(files, root, reading)
    for stem, path, source in files:
        found = read_file(path, path.relative_to(root).as_posix(), source)
        _read_coder(found, stem, reading, kept)
    covered = _coverage(reading, folder, root)
    problems = [replace(row, site=row.site or site) for row in reading.problems]
    said = [tactful(row, chosen.forbidden_names) for row in problems]
    return Coding(_spans(reading), covered, said, frozenset(reading.unkept))


def _elsewhere(root: Path, site: str, gone: frozenset[str]) -> TranscriptNames:
    """Names of the transcripts of the study's other sites."""
    paths = (root / "data").glob("*/transcripts/*")
    return TranscriptNames({p.stem for p in paths if p.parts[-3] != site} - gone)


def transcripts_of(transcripts: pd.DataFrame, turns: pd.DataFrame) -> dict[str, Transcript]:
    """The intake tables' transcripts by id, with their turns."""
    by_id: dict[str, list[Turn]] = {}
    speakers = turns["speaker"] if "speaker" in turns else [""] * len(turns)
    columns = [turns[name] for name in ("transcript_id", "turn", "start", "end")]
    for name, turn, start, end, speaker in zip(*columns, speakers, strict=True):
        by_id.setdefault(str(name), []).append(Turn(int(turn), int(start), int(end), str(speaker)))
    columns = [transcripts[name] for name in ("transcript_id", "text", "status")]
    return {
        str(name): Transcript(str(name), text, by_id.get(str(name), ()), held=status == "held")
        for name, text, status in zip(*columns, strict=True)
    }


def _report_several(files: Sequence[tuple[str, Path, str]], root: Path, reading: Reading) -> None:
    """Say where a coder has two files side by side; one may be an older copy of the other."""
    coded = [(stem, path) for stem, path, source in files if not source and path.suffix != ".qdc"]
    stems = Counter(stem for stem, _ in coded)
    for stem, path in coded:
        if stems[stem] > 1:
            reading.problems.add(
                "warning",
                "several_files",
                path.relative_to(root).as_posix(),
                f"one of {stems[stem]} files of {stem}: all of them count",
                "Remove the one that the other replaces.",
            )


def _read_coder(found: CodedFile, stem: str, reading: Reading, kept: KeptTexts) -> None:
    """Place one file's codings and report what can't be."""
    reading.problems.extend(found.problems)
    names = coder_names(found, stem, reading.settings)
    _report_other_user(found, stem, reading)
    _report_names(sorted({*names.values()}), found, reading)
    if not (found.marks or found.judged or found.problems):
        reading.problems.add("note", "nothing_coded", found.file, "nothing is coded in it")
    placer = Placer(found.texts)
    documents, codes = Documents(found, placer, reading), Proposals(found.file, reading)
    # A file that could not be read says nothing about what its coder left unmarked.
    if found.marks or not found.problems.errors:
        reading.coders.update(names.values() if len(set(names.values())) > 1 else [names[""]])
    for user, source in sorted(found.judged):
        transcript = documents.find(source, "", 1)
        if transcript is not None:
            reading.judged.add((names.get(user, names[""]), transcript.id))
    alone: list[int] = []
    for mark in found.marks:
        transcript = documents.find(mark.source, mark.copy, mark.row)
        if transcript is None:
            continue
        coder = names[mark.user]
        reading.attempted.add(transcript.id)
        code = codes.find(mark)
        placed, doubt = kept.place(mark, coder, transcript, placer)
        if doubt is LEFT_OUT and reading.settings.dropped_ids:
            continue
        unknown = placed is not None and not kept.known(coder, transcript.id)
        if unknown and numbered(mark, transcript):
            alone.append(mark.row)
            reading.unkept.add((coder, transcript.id))
        if doubt is not None:
            reading.problems.add(
                doubt.severity, doubt.kind, found.file, doubt.message, doubt.remedy, line=mark.row
            )
        if placed is not None and code:
            reading.keep(mark, placed, found.file, coder=coder, transcript=transcript.id, code=code)
    documents.report()
    codes.report()
    _report_alone(alone, found, reading)


def _report_alone(rows: Sequence[int], found: CodedFile, reading: Reading) -> None:
    """Say how many codings nothing but offsets or turn numbers hold in place."""
    if rows:
        reading.problems.extend([offsets_alone(rows, found.file, reading.site)])


def coder_names(found: CodedFile, stem: str, settings: CodingSettings) -> dict[str, str]:
    """Each user of a file to the coder's name; the empty user too.

    Where the codings name one user or none, the file's name says who coded: a user's name is
    often a machine's. Where they name several, each coding is its own user's.
    """
    own = settings.coders.get(stem, stem)
    users = {mark.user for mark in found.marks} | {user for user, _ in found.judged}
    named = sorted(user for user in users if user)
    if len(named) > 1:
        return {"": own, **{user: settings.coders.get(user, user) for user in named}}
    return dict.fromkeys(["", *named], own)


def _report_names(names: Sequence[str], found: CodedFile, reading: Reading) -> None:
    """Refuse names that tables, pages and lists of coders could not hold."""
    for name in names:
        if not _NAME.fullmatch(name):
            reading.problems.add(
                "error",
                "coder_name",
                found.file,
                f"{name[:60]!r} can't be a coder's name",
                "Letters, digits, spaces, '.', '_', '-' and the like, beginning with a letter or "
                "digit: rename the file, or name the coder in coding.coders of config/config.yaml.",
            )


def _report_other_user(found: CodedFile, stem: str, reading: Reading) -> None:
    """Say so where a file's one user is not called as the file is; the name is not repeated."""
    users = {mark.user for mark in found.marks if mark.user}
    if len(users) == 1 and not users & {stem, reading.settings.coders.get(stem, stem)}:
        reading.problems.add(
            "note",
            "coder_by_file_name",
            found.file,
            "the user recorded in it has another name; the file's name says who coded",
            "Set coding.coders in config/config.yaml if the coder is called otherwise.",
        )


def _coverage(reading: Reading, folder: Path, root: Path) -> pd.DataFrame:
    """Who judged what, held against the site's assignments."""
    assignments = read_assignments(folder / "assignments.csv", root, reading.names, reading.hidden)
    reading.problems.extend(assignments.problems)
    counts = Counter((row.coder, row.transcript_id) for row in reading.rows.values())
    coverage = Coverage(
        counts=counts,
        judged=reading.judged | set(counts),
        attempted=reading.attempted,
        coders=reading.coders,
        transcripts=sorted(t.id for t in reading.transcripts.values() if not t.held),
        folder=folder.relative_to(root).as_posix(),
    )
    table = coverage.table(assignments)
    reading.problems.extend(coverage.problems)
    return table


def _spans(reading: Reading) -> pd.DataFrame:
    """The gathered rows as a table, in its order."""
    from themetrail.contracts import SPANS
    from themetrail.tables import frame

    order = sorted(
        reading.rows.values(),
        key=lambda row: (row.transcript_id, row.start, row.end, row.code, row.coder),
    )
    for row in order:
        row.memo = masked(row.memo, reading.settings.dropped_ids)
    return frame(order, SPANS)

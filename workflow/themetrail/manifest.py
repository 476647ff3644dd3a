"""A site's files by content: what the site's jobs depend on.

A manifest lists path, size and SHA-256 of the files of one kind. It is refreshed while the
Snakefile is read and rewritten only when its text changes, so reruns follow content, not time,
and the DAG stays small however many transcripts there are.
"""

from __future__ import annotations

import csv
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from themetrail.errors import Problem, Problems
from themetrail.exclusions import Dropped, dropped_ids, stems_of_dropped
from themetrail.provenance import sha256_file
from themetrail.tables import PART, write_text

#: nanoseconds by which the clocks of machines that share a disk may differ
CLOCKS_DIFFER = 60 * 10**9
#: stages that keep a folder a site under results/
OF_SITES = ("manifests", "intake", "coding", "reliability", "consensus")
KINDS: dict[str, tuple[str, ...]] = {
    "transcripts": ("participants.csv", "transcripts.csv", "transcripts"),
    "codings": ("assignments.csv", "codings", "coded_texts.csv", "coded_texts"),
    "adjudications": ("adjudications.csv",),
}


def _files(folder: Path, names: Iterable[str]) -> Iterator[Path]:
    """Regular files under the named files and folders, hidden ones and links aside, sorted."""
    for name in names:
        path = folder / name
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                hidden = any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
                if file.is_file() and not file.is_symlink() and not hidden:
                    yield file
        elif path.is_file():
            yield path


def people_of(folder: Path) -> dict[str, list[str]]:
    """Transcript id to participants as ``transcripts.csv`` lists them; empty without the file."""
    path = folder / "transcripts.csv"
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    people: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        listed = (row.get("participants") or "").replace(",", ";").split(";")
        people[(row.get("transcript_id") or "").strip()] = [p.strip() for p in listed if p.strip()]
    return people


def manifest(root: Path, site: str, kind: str, dropped: Iterable[Dropped] = ()) -> str:
    """The text of one manifest: a line a file (path, bytes, SHA-256), tab-separated.

    Transcripts that are left out are not listed: their names would be a trace of a person.
    """
    folder = root / "data" / site
    rows = list(dropped)
    gone = stems_of_dropped(rows, people_of(folder)) if rows else frozenset()
    lines = ["path\tbytes\tsha256"]
    for file in _files(folder, KINDS[kind]):
        if file.parent.name == "transcripts" and file.stem in gone:
            continue
        path = file.relative_to(root).as_posix()
        lines.append(f"{path}\t{file.stat().st_size}\t{sha256_file(file)}")
    return "\n".join(lines) + "\n"


def refresh(root: Path, sites: Iterable[str], dropped: Iterable[Dropped] = ()) -> None:
    """Bring every site's manifests up to date; those whose content stands are left alone."""
    rows = list(dropped)
    for site in sites:
        for kind in KINDS:
            path = root / manifest_path(site, kind)
            text = manifest(root, site, kind, rows)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                write_text(text, path)


def manifest_path(site: str, kind: str) -> str:
    """Where a manifest stands, relative to the study."""
    return f"results/manifests/{site}/{kind}.tsv"


def seen_path(site: str, stage: str) -> str:
    """Where a step keeps the manifest that it read, relative to the study."""
    return f"results/{stage}/{site}/read.tsv"


def keep(manifest_file: str, seen_file: str) -> None:
    """Keep the manifest that a step read beside what it made: what is new since is told by it."""
    write_text(Path(manifest_file).read_text(encoding="utf-8"), Path(seen_file))


def seen(root: Path, site: str) -> bool:
    """Whether the site's transcripts were read by a run."""
    return (root / seen_path(site, "intake")).is_file()


def site_ids(root: Path, site: str) -> set[str]:
    """Ids that a site's files mention: stems of transcripts, and participants' first column."""
    folder = root / "data" / site
    ids = {file.stem for file in _files(folder, ("transcripts",))}
    for name in ("participants.csv", "transcripts.csv"):
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            ids |= {row[0].strip() for row in csv.reader(text.splitlines()) if row}
    return ids


def clashes(root: Path, sites: Iterable[str]) -> list[Problem]:
    """Transcript ids that two sites share: ids are the study's, not a site's."""
    first: dict[str, Path] = {}
    problems = Problems()
    for site in sites:
        for file in _files(root / "data" / site, ("transcripts",)):
            other = first.setdefault(file.stem.casefold(), file)
            if other.parent != file.parent:
                problems.add(
                    "error",
                    "duplicate_transcript",
                    file.relative_to(root).as_posix(),
                    f"the transcript id {file.stem!r} is taken by "
                    f"{other.relative_to(root).as_posix()}",
                    "Rename one of the two, in its codings too.",
                    site=site,
                )
    return list(problems)


def concerned(root: Path, site: str, dropped: Iterable[Dropped]) -> frozenset[str]:
    """Ids left out that this site's files mention."""
    return dropped_ids(dropped) & site_ids(root, site)


def sweep(root: Path, sites: Iterable[str]) -> int:
    """Remove what a killed process left half-written, and tables of sites no longer in the study.

    Returns
    -------
    How many files and folders that were.
    """
    count = 0
    for top in ("results", "reports"):
        for file in (root / top).rglob(f".*{PART}*"):
            file.unlink(missing_ok=True)
            count += 1
    for folder in left_over(root, sites):
        shutil.rmtree(folder)
        count += 1
    return count


def left_over(root: Path, sites: Iterable[str]) -> list[Path]:
    """Folders of results of sites that are not in the study (paused, renamed, taken out).

    They are derived from ``data/``, which is never touched, and are not kept: they hold
    transcripts, which somebody who left the study may have asked to have removed.
    """
    known = set(sites)
    return [
        folder
        for stage in OF_SITES
        for folder in sorted((root / "results" / stage).glob("*/"))
        if folder.name not in known and not folder.is_symlink()
    ]


def from_the_future(root: Path) -> int:
    """Give files of a run that are dated after now a date of now, in the order that they had.

    Steps are repeated where an input is newer than an output. After a clock was set back, or with
    files from a machine whose clock is ahead, what changes now would look older than what was made
    of it, and results would be stale.

    Returns
    -------
    How many files that were.
    """
    now = time.time_ns()
    files = [file for top in ("results", "reports") for file in (root / top).rglob("*")]
    times = {file: file.stat().st_mtime_ns for file in files if file.is_file()}
    if max(times.values(), default=0) < now + CLOCKS_DIFFER:
        return 0
    dated = sorted((when, file) for file, when in times.items() if when > now)
    order = sorted({when for when, _ in dated})
    rank = {when: len(order) - number for number, when in enumerate(order)}
    for when, file in dated:
        # A millisecond apart: file systems keep no finer times than that everywhere.
        new = now - rank[when] * 1_000_000
        os.utime(file, ns=(new, new))
    return len(dated)

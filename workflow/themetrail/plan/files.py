"""What became of a site's files since the step that read them was run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from themetrail import manifest
from themetrail.reporting import counted

SHOWN = 6
#: kind of file -> the step that reads it
READ_BY = {"transcripts": "intake", "codings": "coding", "adjudications": "consensus"}


def read_by_last_run(root: Path, site: str, kind: str) -> str | None:
    """The list of files that the last run's step was made from; None where it has not run."""
    path = root / manifest.seen_path(site, READ_BY[kind])
    return path.read_text(encoding="utf-8") if path.is_file() else None


def changes(root: Path, site: str, kind: str, now: str) -> list[str]:
    """What changed among a site's files of one kind, in words; empty where nothing did.

    Parameters
    ----------
    root : the study's folder.
    site : the site.
    kind : transcripts, codings or adjudications.
    now : the list of files as they are (``manifest.manifest``).
    """
    before = _entries(read_by_last_run(root, site, kind) or "")
    after = _entries(now)
    groups = {
        "new": [path for path in after if path not in before],
        "changed": [path for path in after if path in before and before[path] != after[path]],
        "gone": [path for path in before if path not in after],
    }
    return [
        sentence
        for word, paths in groups.items()
        for sentence in _sentences(paths, word, kind, f"data/{site}/")
    ]


def _entries(text: str) -> Mapping[str, str]:
    """Path to digest, from a manifest's text."""
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {row[0]: row[-1] for row in rows if len(row) == 3}


def _sentences(paths: Iterable[str], word: str, kind: str, folder: str) -> list[str]:
    """One sentence for the files of a folder, one for each file beside it."""
    short = [path.removeprefix(folder) for path in paths]
    inside = [path.removeprefix(f"{kind}/") for path in short if path.startswith(f"{kind}/")]
    noun = "transcript" if kind == "transcripts" else "coder's file"
    said = [f"{path} is {word}" for path in short if not path.startswith(f"{kind}/")]
    if inside:
        verb = "is" if len(inside) == 1 else "are"
        names = [name.rsplit(".", 1)[0] if kind == "transcripts" else name for name in inside]
        listed = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
        number = counted(len(inside), noun) if len(inside) == 1 else _many(len(inside), noun)
        said.insert(0, f"{number} {verb} {word} ({listed})")
    return said


def _many(number: int, noun: str) -> str:
    """Several of a noun.

    >>> _many(2, "coder's file")
    "2 coders' files"
    """
    return f"{number} coders' files" if noun.startswith("coder") else f"{number} {noun}s"

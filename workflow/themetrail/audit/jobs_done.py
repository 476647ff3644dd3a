"""Which jobs made the files of a run: read from Snakemake's own records of them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themetrail.report.sources import shown_path

RECORDS = ".snakemake/metadata"


@dataclass(frozen=True, order=True)
class Job:
    """One job: its rule, what it read and what it wrote, as paths of the study.

    A file that the package ships stands by its name (``paper.md (shipped)``).
    """

    rule: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def id(self) -> str:
        """A name that is the same in every run that does the same."""
        text = "\n".join((self.rule, *self.outputs))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def jobs_behind(root: Path, targets: Iterable[str]) -> list[Job]:
    """Every job whose outputs led to the targets, by rule and output.

    Records of files that are no longer made are left aside; a file without a record (the run's
    records were removed) has no job.
    """
    of_file: dict[str, tuple[str, ...]] = {}
    together: dict[tuple[str, ...], set[str]] = {}
    inputs: dict[tuple[str, ...], tuple[str, ...]] = {}
    for output, record in _records(root / RECORDS):
        key = (str(record.get("rule")), *map(str, record.get("log") or ()))
        of_file[output] = key
        together.setdefault(key, set()).add(output)
        inputs[key] = tuple(sorted({_shown(str(path), root) for path in record.get("input") or ()}))
    reached: set[tuple[str, ...]] = set()
    waiting = list(targets)
    while waiting:
        job = of_file.get(waiting.pop())
        if job is not None and job not in reached:
            reached.add(job)
            waiting += inputs[job]
    done = (
        Job(key[0], inputs[key], tuple(sorted(f for f in together[key] if (root / f).is_file())))
        for key in reached
    )
    return sorted(done, key=lambda job: (job.rule, job.outputs))


def _records(folder: Path) -> Iterable[tuple[str, dict[str, Any]]]:
    """Output and record of every file; a name too long for one file is spread over folders."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not file.is_file():
            continue
        name = "".join(part.removeprefix("@") for part in file.relative_to(folder).parts)
        try:
            output = base64.b64decode(name).decode("utf-8")
            record = json.loads(file.read_text(encoding="utf-8"))
        except (binascii.Error, UnicodeDecodeError, ValueError, OSError):
            continue
        if isinstance(record, dict):
            yield output, record


def _shown(path: str, root: Path) -> str:
    return shown_path(Path(path), root) if Path(path).is_absolute() else path

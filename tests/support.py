"""Real runs of the command and the workflow, and what they left."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STEP = re.compile(r"^\[ *\d+/\d+\] +[\d.]+ s +(\S+) ?(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What a run printed and which steps it ran."""

    status: int
    output: str

    @property
    def steps(self) -> Counter[str]:
        """Steps by rule."""
        return Counter(match[1] for match in STEP.finditer(self.output))

    def of(self, rule: str) -> set[str]:
        """Wildcards of a rule's steps."""
        return {match[2] for match in STEP.finditer(self.output) if match[1] == rule}


def environment(workflow: Path | None = None) -> dict[str, str]:
    """The environment of a run, importing the package from another copy where one is given."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    if workflow is not None:
        variables["PYTHONPATH"] = str(workflow)
    return variables


def themetrail(*arguments: str, workflow: Path | None = None, prefix: tuple[str, ...] = ()) -> Run:
    """Run the command as a user would."""
    line = [*prefix, sys.executable, "-m", "themetrail", *arguments]
    done = subprocess.run(
        line, capture_output=True, text=True, env=environment(workflow), cwd="/", check=False
    )
    return Run(done.returncode, done.stdout + done.stderr)


def digests(study: Path) -> dict[str, str]:
    """SHA-256 of every file that a run makes in results/ and reports/, hidden ones too."""
    return {
        file.relative_to(study).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for top in ("results", "reports")
        for file in sorted((study / top).rglob("*"))
        if file.is_file() and file.parent.name != "manuscript"
    }


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")

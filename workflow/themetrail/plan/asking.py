"""Ask Snakemake what it would run; nothing is run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: the progress display writes each step that would run to the file that this variable names
PLAN = "THEMETRAIL_PLAN"
_WHERE = re.compile(
    r'^(?:WorkflowError in file ".*", line \d+:| *File ".*", line \d+, in .*)\n?', re.MULTILINE
)


@dataclass(frozen=True)
class Answer:
    """What a dry run gave: its jobs, its exit status, and what it said."""

    jobs: list[dict[str, Any]]
    status: int
    said: str


def ask(command: Sequence[str]) -> Answer:
    """Run a dry run's command line; its jobs as rule, wildcards and reason."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.jsonl"
        environment = {**os.environ, "PYTHONHASHSEED": "0", PLAN: str(file)}
        done = subprocess.run(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        text = file.read_text(encoding="utf-8") if file.exists() else ""
    jobs = [json.loads(line) for line in text.splitlines()]
    return Answer(jobs, done.returncode, in_our_words(done.stderr.decode("utf-8", "replace")))


def in_our_words(said: str) -> str:
    r"""What a run that can't be planned says, without the line of the workflow that noticed it.

    >>> in_our_words('WorkflowError in file "/w/common.smk", line 23:\nerror: no\n')
    'error: no'
    """
    return _WHERE.sub("", said).strip()

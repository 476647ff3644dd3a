"""Run ``snakemake --lint`` and fail on anything but its wish for an environment per rule.

The project has one environment, made before Snakemake starts (docs/design.md says why).
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = "Specify a conda environment or container for each rule."
WHERE = re.compile(r"Lints for (?P<where>.+):$")
TITLE = re.compile(r"    \* (?P<title>.+):$")


def lints(text: str) -> list[tuple[str, str]]:
    """Every lint as (where, title), from what Snakemake prints; its JSON is not to be had."""
    found, where = [], ""
    for line in text.splitlines():
        if match := WHERE.match(line):
            where = match["where"].replace(f"{ROOT}/", "")
        elif match := TITLE.match(line):
            found.append((where, match["title"]))
    return found


def main() -> int:
    """Print what is left and say whether anything is."""
    command = [sys.executable, "-m", "snakemake", "--lint", "--cores", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    found = lints(text)
    if done.returncode and not found:
        sys.stderr.write(text)
        return 1
    left = [(where, title) for where, title in found if title != ACCEPTED]
    for where, title in left:
        sys.stdout.write(f"{where}: {title}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())

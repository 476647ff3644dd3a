"""Run ``snakemake --lint`` and fail on anything but its wish for an environment per rule.

The project has one environment, made before Snakemake starts (docs/design.md says why).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ACCEPTED = "Specify a conda environment or container for each rule."


def lints() -> list[tuple[str, dict[str, Any]]]:
    """Every lint with the rule or file that it is about."""
    command = [sys.executable, "-m", "snakemake", "--lint", "json", "--cores", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    start = done.stdout.find("{")
    if start < 0:
        # Snakemake says that all is well in words, and also prints no JSON where it can't parse.
        if done.returncode == 0:
            return []
        sys.stderr.write(done.stdout + done.stderr)
        sys.exit(1)
    found = json.loads(done.stdout[start:])
    rows = [(rule["for"]["rule"], lint) for rule in found["rules"] for lint in rule["lints"]]
    rows += [
        (str(part["for"]["snakefile"]), lint)
        for part in found["snakefiles"]
        for lint in part["lints"]
    ]
    return rows


def main() -> int:
    """Print what is left and say whether anything is."""
    left = [(where, lint) for where, lint in lints() if lint["title"] != ACCEPTED]
    for where, lint in left:
        sys.stdout.write(f"{where}: {lint['title']}\n    {lint['body']}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())

"""Measure what a run of the demonstration study costs, on this machine.

    python workflow/tools/cost.py [CORES]

Prints the tables of docs/cost.md: a cold run, a run with nothing to do, a run after one site's
coding changed, and what of it is the start of Python and Snakemake. Processor time is given beside
wall time, because it says the same on a busy machine.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DONE = re.compile(r"done in ([\d.]+) s, at most (\d+) MB")
STEP = re.compile(r"^\[ *(\d+)/\d+\]", re.MULTILINE)
IMPORTS = ("snakemake.api", "pandas", "pyarrow.parquet", "scipy.stats", "matplotlib.figure")


def cpu() -> float:
    """Processor seconds of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(*command: str, times: int = 3) -> float:
    """Median processor time of a command that must succeed."""
    taken = []
    for _ in range(times):
        start = cpu()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        taken.append(cpu() - start)
    return statistics.median(taken)


def study_copy(folder: Path) -> Path:
    """The demonstration study's own files in another folder."""
    study = folder / "study"
    for name in ("config", "data", "notebooks"):
        shutil.copytree(ROOT / name, study / name)
    shutil.copytree(ROOT / "reports/manuscript", study / "reports/manuscript")
    return study


def run(study: Path, cores: str) -> tuple[str, str, int]:
    """Wall time and processor time of a run, and how many steps it had."""
    wall, used = time.perf_counter(), cpu()
    done = subprocess.run(
        [sys.executable, "-m", "themetrail", "run", "--study", str(study), "--cores", cores],
        check=True,
        capture_output=True,
        text=True,
    )
    taken = f"{time.perf_counter() - wall:.1f} s", f"{cpu() - used:.1f} s"
    return *taken, len(STEP.findall(done.stdout + done.stderr))


def steps(study: Path) -> dict[str, tuple[float, int]]:
    """Seconds and megabytes by rule, summed and maximal, as the steps' logs have them."""
    found: dict[str, tuple[float, int]] = {}
    for log in sorted((study / "logs").rglob("*.log")):
        rule = log.relative_to(study / "logs").parts[0].removesuffix(".log")
        for taken, memory in DONE.findall(log.read_text(encoding="utf-8")):
            before = found.get(rule, (0.0, 0))
            found[rule] = (before[0] + float(taken), max(before[1], int(memory)))
    return found


def table(heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Measure and print."""
    cores = arguments[0] if arguments else str(os.cpu_count())
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        study = study_copy(Path(folder))
        cold = run(study, cores)
        by_step = steps(study)
        idle = run(study, cores)
        coding = study / "data/birch/codings/coder_a.csv"
        coding.write_text("\n".join(coding.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
        site = run(study, cores)
        paper = study / "reports/manuscript/paper.md"
        paper.write_text(paper.read_text("utf-8") + "\n<!-- a comment -->\n", "utf-8")
        text = run(study, cores)
    runs: list[tuple[object, ...]] = [
        ("cold: nothing there yet", *cold),
        ("nothing to do", *idle),
        ("a coding less at one site", *site),
        ("a comment in the paper", *text),
    ]
    heads = (f"run, {cores} cores", "wall time", "processor time", "steps")
    sys.stdout.write(table(heads, runs) + "\n")
    rows: list[tuple[object, ...]] = [
        (name, f"{taken:.2f} s", f"{memory} MB") for name, (taken, memory) in by_step.items()
    ]
    total = sum(taken for taken, _ in by_step.values())
    rows.append(("**all steps**", f"**{total:.1f} s**", ""))
    sys.stdout.write(table(("step (all its jobs)", "its own work", "memory"), rows) + "\n")
    empty = seconds(python, "-c", "pass")
    starts: list[tuple[object, ...]] = [("python", f"{empty:.2f} s")]
    for name in IMPORTS:
        starts.append(
            (f"import {name}", f"{seconds(python, '-c', f'import {name}') - empty:.2f} s")
        )
    version = seconds(python, "-m", "themetrail", "--version")
    starts.append(("themetrail --version", f"{version:.2f} s"))
    idle_start = seconds(python, "-m", "snakemake", "--list-rules")
    starts.append(("snakemake --list-rules: Snakemake, and the study read", f"{idle_start:.2f} s"))
    sys.stdout.write(table(("start", "processor time"), starts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

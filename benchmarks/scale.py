"""What studies of 10 to 10,000 interviews cost: each stage's time, memory and disk.

    python benchmarks/scale.py run 10 100 1000 --work FOLDER [--cores 2]
    python benchmarks/scale.py report --work FOLDER --out docs

``run`` makes a study of each size (``tests/studies/grown.py``: 8,000 words an interview, three
coders, thirty codes, fifty sites where there are interviews enough), runs it from nothing, runs it
again with nothing to do, adds a site and runs once more. What came out is compared with what was
planted. A size that was measured before is left alone; ``FOLDER/SIZE.json`` holds its figures and
the study itself is removed, unless ``--keep``. ``report`` writes ``scale.csv`` and ``scale.svg``
and prints the tables of docs/scale.md.

Processor time counts all processes, their starts included, and says much the same on a busy
machine as on an idle one. A stage's own figures come from the logs that every run writes.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from studies import grown  # noqa: E402

DONE = re.compile(r"done in ([\d.]+) s, at most (\d+) MB, ([\d.]+) s of processor time")
STEP = re.compile(r"^\[ *\d+/\d+\]", re.MULTILINE)
FOLDERS = {"notebooks": "notebook"}
DISK = ("data", "results/intake", "results/coding", "results/reliability", "results/consensus",
        "results/synthesis", "results/figures", "results/report", "reports")  # fmt: skip


def processor() -> float:
    """Processor seconds of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Memory(threading.Thread):
    """The most memory that a process and all below it held at a time, in MB.

    Proportional set size: what processes share is counted once.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.most, self.over = process, 0.0, threading.Event()

    def run(self) -> None:
        """Look twice a second."""
        while not self.over.wait(0.5):
            self.most = max(self.most, sum(map(held, descendants(self.process))))


def descendants(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def held(process: int) -> float:
    """Megabytes of one process; none where it has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    match = re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def run(study: Path, cores: str) -> dict[str, Any]:
    """Run a study; seconds, processor seconds, most memory, steps."""
    started, used = time.perf_counter(), processor()
    line = [sys.executable, "-m", "themetrail", "run", "--study", str(study), "--cores", cores]
    with (study / "run.log").open("w+") as log:
        process = subprocess.Popen(line, stdout=log, stderr=subprocess.STDOUT)
        memory = Memory(process.pid)
        memory.start()
        status = process.wait()
        memory.over.set()
        log.seek(0)
        said = log.read()
    if status:
        raise SystemExit(said)
    return {
        "seconds": time.perf_counter() - started,
        "processor": processor() - used,
        "memory": memory.most,
        "steps": len(STEP.findall(said)),
    }


def stages(study: Path) -> dict[str, dict[str, float]]:
    """Jobs, seconds, processor seconds and megabytes of each rule, as its jobs' logs have them."""
    found: dict[str, dict[str, float]] = {}
    for log in sorted((study / "logs").rglob("*.log")):
        top = log.relative_to(study / "logs").parts[0].removesuffix(".log")
        rule = FOLDERS.get(top, top)
        for seconds, memory, used in DONE.findall(log.read_text(encoding="utf-8")):
            before = found.get(rule, {"jobs": 0, "seconds": 0.0, "processor": 0.0, "memory": 0.0})
            found[rule] = {
                "jobs": before["jobs"] + 1,
                "seconds": before["seconds"] + float(seconds),
                "processor": before["processor"] + float(used),
                "memory": max(before["memory"], float(memory)),
            }
    return found


def disk(study: Path) -> dict[str, float]:
    """Megabytes of what is read and made."""
    return {
        name: sum(f.stat().st_size for f in (study / name).rglob("*") if f.is_file()) / 1e6
        for name in DISK
    }


def largest(study: Path) -> dict[str, float]:
    """Megabytes of the files that are made to be opened."""
    files = (f for f in (study / "reports").rglob("*") if f.is_file())
    return {f.relative_to(study).as_posix(): f.stat().st_size / 1e6 for f in sorted(files)}


def differences(study: Path, planted: grown.Planted) -> list[str]:
    """What did not come out as it was planted."""
    with (study / "results/synthesis/themes.csv").open(encoding="utf-8", newline="") as handle:
        reach = {row["theme"]: int(row["n_participants"]) for row in csv.DictReader(handle)}
    facts = json.loads((study / "results/facts.json").read_text(encoding="utf-8"))["facts"]
    values = {fact["id"]: fact["value"] for fact in facts}
    pairs = {
        "people by theme": (reach, dict(planted.reach)),
        "segments": (values["n.segments"], planted.segments),
        "codings": (values["n.codings"], planted.codings),
        "conflicts": (values["n.conflicts"], planted.overlooked + planted.invented),
    }
    return [f"{name}: {got} is not {want}" for name, (got, want) in pairs.items() if got != want]


def measure(size: int, work: Path, cores: str) -> dict[str, Any]:
    """Make, run and re-run a study of one size."""
    study = work / f"study-{size}"
    shutil.rmtree(study, ignore_errors=True)
    started = time.process_time()
    planted = grown.write(study, size)
    made = time.process_time() - started
    cold = run(study, cores)
    figures = {
        "transcripts": size,
        "sites": len(grown.sites_of(size)),
        "planted": {"segments": planted.segments, "codings": planted.codings},
        "made": made,
        "cold": cold,
        "stages": stages(study),
        "disk": disk(study),
        "files": largest(study),
        "wrong": differences(study, planted),
        "idle": run(study, cores),
    }
    add_site(study, size)
    figures["site"] = run(study, cores)
    return figures


def add_site(study: Path, size: int) -> None:
    """One site more, as large as the others."""
    sizes = grown.sites_of(size)
    number = len(sizes) + 1
    grown.write_site(study, number, sizes[0], grown.code_names(), grown.Planted())
    with (study / "config/sites.tsv").open("a", encoding="utf-8") as handle:
        handle.write(f"{grown.site_name(number)}\tSite {number}\n")


# ---------------------------------------------------------------------- the report
def exponent(small: tuple[float, float], large: tuple[float, float]) -> float:
    """Slope between two points on double logarithmic paper."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def read(work: Path) -> list[dict[str, Any]]:
    """The figures of every size, ascending."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in work.glob("*.json")]
    return sorted(found, key=lambda one: one["transcripts"])


def long_form(sizes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of scale.csv: transcripts, what, seconds, processor seconds, megabytes, jobs."""
    rows = []
    for one in sizes:
        for name in ("cold", "idle", "site"):
            if name in one:
                rows.append(_row(one["transcripts"], f"run: {name}", one[name], "steps"))
        for rule, used in sorted(one["stages"].items()):
            rows.append(_row(one["transcripts"], rule, used, "jobs"))
        for name, size in one["disk"].items():
            rows.append({"transcripts": one["transcripts"], "what": f"disk: {name}"}
                        | {"disk_mb": round(size, 3)})  # fmt: skip
    return rows


def _row(transcripts: int, what: str, used: Mapping[str, float], jobs: str) -> dict[str, Any]:
    return {
        "transcripts": transcripts,
        "what": what,
        "jobs": int(used[jobs]),
        "seconds": round(used["seconds"], 2),
        "processor_seconds": round(used["processor"], 2),
        "memory_mb": round(used["memory"]),
    }


def report(work: Path, out: Path) -> None:
    """Write the CSV and the plot, print the tables."""
    sizes = read(work)
    rows = long_form(sizes)
    names = ("transcripts", "what", "jobs", "seconds", "processor_seconds", "memory_mb", "disk_mb")
    with (out / "scale.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    plot(sizes, out / "scale.svg")
    print(_runs(sizes))
    print(_stages(sizes))
    print(_disk(sizes))


def _runs(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Whole runs by size."""
    heads = ["transcripts", "sites", "codings", "cold: wall", "processor", "memory", "steps"]
    heads += ["nothing to do: wall", "processor", "a site more: wall", "processor", "steps"]
    rows = []
    for one in sizes:
        cold, row = one["cold"], [f"{one['transcripts']:,}", one["sites"]]
        row += [f"{one['planted']['codings']:,}", f"{cold['seconds']:.0f} s"]
        row += [f"{cold['processor']:.0f} s", f"{cold['memory']:.0f} MB", cold["steps"]]
        for name in ("idle", "site"):
            used = one.get(name)
            row += [f"{used['seconds']:.1f} s", f"{used['processor']:.1f} s"] if used else ["–"] * 2
        row.append(one["site"]["steps"] if "site" in one else "–")
        rows.append(row)
    return table(heads, rows)


def _stages(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Processor seconds of each rule by size, the memory of the largest, and the exponents."""
    numbers = [one["transcripts"] for one in sizes]
    last = sizes[-1]["stages"]
    rows = []
    for rule in sorted(last, key=lambda name: -last[name]["processor"]):
        used = [one["stages"].get(rule, {}).get("processor") for one in sizes]
        row = [rule, *(f"{value:.1f}" if value else "–" for value in used)]
        pairs = zip(zip(numbers, used, strict=True), zip(numbers[1:], used[1:], strict=True),
                    strict=False)  # fmt: skip
        slopes = [exponent(a, b) if a[1] and b[1] else None for a, b in pairs]
        row += [f"{slopes[-1]:.2f}" if slopes and slopes[-1] is not None else "–"]
        row.append(f"{last[rule]['memory']:.0f} MB")
        rows.append(row)
    heads = ["rule, all its jobs", *(f"{n:,}" for n in numbers), "exponent, last step", "memory"]
    return table(heads, rows)


def _disk(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Megabytes by folder and size."""
    rows = [[f"`{name}`", *(f"{one['disk'][name]:.1f}" for one in sizes)] for name in DISK]
    return table(["MB", *(f"{one['transcripts']:,}" for one in sizes)], rows)


def plot(sizes: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Processor seconds by size on double logarithmic paper."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "scale"
    figure = Figure(figsize=(7, 4.6), layout="constrained")
    axes = figure.add_subplot()
    numbers = [one["transcripts"] for one in sizes]
    axes.plot(numbers, [one["cold"]["processor"] for one in sizes], "k-o", label="whole run", lw=2)
    last = sizes[-1]["stages"]
    dearest = sorted(last, key=lambda name: -last[name]["processor"])[:8]
    for rule, marker in zip(dearest, "s^vD<>ph", strict=False):
        used = [one["stages"].get(rule, {}).get("processor", math.nan) for one in sizes]
        axes.plot(numbers, used, marker=marker, ms=4, lw=1, label=rule)
    first = sizes[0]["cold"]["processor"]
    axes.plot(numbers, [first * n / numbers[0] / 20 for n in numbers], ":", color="0.5",
              label="proportional")  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="transcripts of 8,000 words",
             ylabel="processor seconds, starts included")  # fmt: skip
    axes.legend(fontsize=7, frameon=False, ncols=2)
    figure.savefig(file, metadata={"Date": None})


def main() -> int:
    """Measure or report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run")
    running.add_argument("sizes", nargs="+", type=int)
    running.add_argument("--cores", default="2")
    running.add_argument("--keep", action="store_true")
    reporting = commands.add_parser("report")
    reporting.add_argument("--out", type=Path, default=ROOT / "docs")
    for command in (running, reporting):
        command.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    if given.command == "report":
        report(given.work, given.out)
        return 0
    given.work.mkdir(parents=True, exist_ok=True)
    for size in given.sizes:
        file = given.work / f"{size}.json"
        if not file.exists():
            figures = measure(size, given.work, given.cores)
            file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
            if not given.keep:
                shutil.rmtree(given.work / f"study-{size}")
        print(f"{size}: {json.loads(file.read_text())['cold']}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

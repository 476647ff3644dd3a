"""Fuzz one reader for a time, from where the last run left off, and write down how long.

    python tests/fuzz/run.py qdpx --minutes 60
    python tests/fuzz/run.py --minutes 600 --each 10      all of them, the least fuzzed first

Atheris (the extra ``fuzz``) mutates files that grew into the corpus by reaching new lines, and
``damage.py`` puts the damage past archives, databases and XML. A run of a reader ends early where
a file is not survived; the file goes to ``found/<reader>/``, where ``test_found.py`` reads it for
ever after. Slow files are read again by themselves before they count: the machine may have been
busy. ``hours.tsv`` adds up minutes of the processor.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "workflow")]

HOURS = HERE / "hours.tsv"
COLUMNS = ("reader", "minutes", "cases", "failures", "commit")
# A reader that takes longer for a file of at most a quarter megabyte hangs.
MOST_SECONDS = 20
MOST_MEGABYTES = 2048
_MOST_BYTES = 1 << 18


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz the readers asked for, in turns, until the time is over."""
    from fuzz.seeds import READERS

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--each", type=float, default=60, help="minutes at a time for one reader")
    parser.add_argument("--corpus", type=Path, default=HERE / ".corpus", help="where files grow")
    parser.add_argument("--also", type=Path, action="append", default=[], help="more to begin from")
    parser.add_argument("--child", metavar="READER", help=argparse.SUPPRESS)
    parser.add_argument("--replay", metavar="READER", help=argparse.SUPPRESS)
    chosen, rest = parser.parse_known_args(arguments)
    if chosen.child:
        return _child(chosen.child, rest)
    if chosen.replay:
        return _replay(chosen.replay, Path(rest[0]))
    unknown = [name for name in chosen.readers if name not in READERS]
    if unknown or rest:
        parser.error(f"no reader {(unknown or rest)[0]!r}; there are {', '.join(READERS)}")
    until = time.monotonic() + 60 * chosen.minutes
    while (left := (until - time.monotonic()) / 60) > 0.1:
        reader = min(chosen.readers or READERS, key=lambda name: _hours().get(name, _NONE)[0])
        _fuzz(reader, min(left, chosen.each), chosen.corpus, chosen.also)
    return 0


Row = tuple[float, int, int]
_NONE: Row = (0.0, 0, 0)


def _hours() -> dict[str, Row]:
    """Minutes, cases and failures of each reader so far."""
    if not HOURS.exists():
        return {}
    with HOURS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return {r["reader"]: (float(r["minutes"]), int(r["cases"]), int(r["failures"])) for r in rows}


def _write_down(reader: str, minutes: float, cases: int, failures: int) -> None:
    """Add to a reader's row; the commit is that of its last run."""
    from fuzz.seeds import READERS

    rows: dict[str, list[str]] = {}
    if HOURS.exists():
        with HOURS.open(encoding="utf-8", newline="") as stream:
            rows = {row[0]: row for row in list(csv.reader(stream, delimiter="\t"))[1:]}
    before = _hours().get(reader, _NONE)
    git = ["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    total = f"{before[0] + minutes:.1f}", str(before[1] + cases), str(before[2] + failures)
    rows[reader] = [reader, *total, commit]
    lines = [list(COLUMNS), *(rows[name] for name in READERS if name in rows)]
    HOURS.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


def _fuzz(reader: str, minutes: float, corpus: Path, also: Sequence[Path]) -> None:
    """One stretch of one reader, in a process that may die."""
    from fuzz.seeds import extension, seeds

    folder, found = corpus / reader, HERE / "found" / reader
    folder.mkdir(parents=True, exist_ok=True)
    for data in seeds(reader):
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    for more in also:
        for path in sorted(more.rglob(f"*.{extension(reader)}")):
            if path.stat().st_size <= _MOST_BYTES:
                (folder / f"also-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}").write_bytes(
                    path.read_bytes()
                )
    with tempfile.TemporaryDirectory() as artefacts:
        options = [
            f"-max_total_time={max(int(60 * minutes), 1)}", f"-timeout={3 * MOST_SECONDS}",
            f"-rss_limit_mb={MOST_MEGABYTES}", f"-max_len={_MOST_BYTES}", "-print_final_stats=1",
            f"-artifact_prefix={artefacts}/", "-verbosity=1", str(folder),
        ]  # fmt: skip
        began = _processor_seconds()
        program = [sys.executable, __file__, "--child", reader]
        run = subprocess.run([*program, *options], capture_output=True, text=True, errors="replace")
        spent = (_processor_seconds() - began) / 60
        cases = max(map(int, re.findall(r"(?:units:\s+|^#)(\d+)", run.stderr, re.M)), default=0)
        failures = 0
        for path in sorted(Path(artefacts).iterdir()):
            slow = path.name.startswith(("timeout", "oom", "slow"))
            if path.name.startswith("slow-unit") or (slow and not _fails(reader, path)):
                continue
            failures += 1
            found.mkdir(parents=True, exist_ok=True)
            (found / path.name[-16:]).write_bytes(path.read_bytes())
            print(f"{reader}: {path.name}\n{_last_words(run.stderr + run.stdout)}", flush=True)
        if run.returncode and not any(Path(artefacts).iterdir()):
            print(f"{reader}: stopped\n{run.stderr[-2000:]}", flush=True)
            raise SystemExit(1)
    _write_down(reader, spent, cases, failures)
    print(f"{reader}: {spent:.1f} minutes, {cases} cases, {failures} failures", flush=True)


def _processor_seconds() -> float:
    """What finished processes of this one took: other work on the machine does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _last_words(output: str) -> str:
    """The traceback of what was not survived."""
    at = output.find("Uncaught Python exception")
    return output[at : at + 3000] if at >= 0 else output[-2000:]


def _fails(reader: str, path: Path) -> bool:
    """Whether a file is too much for a process that has nothing else to do."""
    program = [sys.executable, __file__, "--replay", reader, str(path)]
    return subprocess.run(program, capture_output=True, check=False).returncode != 0


def _replay(reader: str, path: Path) -> int:
    """Read one file within the limits of time and memory; the process ends where it can't."""
    from fuzz.readers import Target

    most = MOST_MEGABYTES << 20
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS + 10, MOST_SECONDS + 20))
    resource.setrlimit(resource.RLIMIT_AS, (2 * most, 2 * most))
    with tempfile.TemporaryDirectory() as folder:
        target = Target(reader, Path(folder))
        began = time.process_time()
        target(path.read_bytes())
        return int(time.process_time() - began > MOST_SECONDS)


# Modules that are otherwise imported when a file comes.
_IMPORTED_LATE = (
    *("striprtf.striprtf", "pypdf", "themetrail.coding.site", "themetrail.intake.transcript"),
    *(
        f"themetrail.coding.{name}"
        for name in ("qdpx", "selections", "taguette", "qualcoder", "word", "rock", "grid")
    ),
)


def _child(reader: str, options: Sequence[str]) -> int:
    """Let atheris run the reader; never returns where a file is not survived."""
    import atheris

    with atheris.instrument_imports(include=["themetrail", "striprtf", "pypdf"]):
        for name in _IMPORTED_LATE:
            import_module(name)
    from fuzz.damage import damaged, scrambler
    from fuzz.readers import Target
    from fuzz.seeds import seeds

    target = Target(reader, Path(tempfile.mkdtemp()))
    for data in seeds(reader):
        target(data)  # what is imported late is imported now

    def scramble(part: bytes) -> bytes:
        return bytes(atheris.Mutate(part, len(part) + 64))

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        return damaged(data, rng, scramble if rng.random() < 0.5 else scrambler(rng))[:most]

    atheris.Setup([sys.argv[0], *options], target, custom_mutator=mutate)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

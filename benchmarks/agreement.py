"""Agreement: ours against every other program at hand, on the same ratings, in one run.

    python benchmarks/agreement.py --peer OTHER_ENVIRONMENT/bin/python --out docs/reliability

The work: binary codes, five coders, 10 % missing, in memory; all coefficients of
``agreement_by_code`` and ten pair kappas a code with 1,000-replicate cluster-bootstrap intervals.
No other program does that, so each is timed on one replicate of one coefficient of one code: the
rows of the drawn transcripts are taken, then its function is called, from whatever form of the data
suits it best. That time × replicates × codes is its extrapolation; the ratio compares the whole of
our work with one coefficient of theirs. Ours is measured before the peers and after them, and the
slower of the two medians counts. Seconds are the clock's; the second ratio is that of processor
seconds, all threads added up, which other programs on the machine disturb less.

``irrCAC`` and ``simpledorff`` live in an environment of their own, given by ``--peer``: this file
runs in both.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CODERS = 5
MISSING = 0.1
REPLICATES = 1000
SEED = 20211101


def ratings(units: int, codes: int) -> Any:
    """Ratings 1, 0 or -1 (missing): codes × coders × units."""
    import numpy as np

    draw = np.random.default_rng(SEED)
    found = np.empty((codes, CODERS, units), dtype=np.int8)
    for code in range(codes):
        share = draw.uniform(0.02, 0.3)
        truth = draw.random(units) < share
        for coder in range(CODERS):
            guess = draw.random(units) < 0.1
            found[code, coder] = np.where(guess, draw.random(units) < share, truth)
            found[code, coder][draw.random(units) < MISSING] = -1
    return found


def drawn_rows(units: int, clusters: int) -> Any:
    """Row numbers of one replicate: every unit of the drawn transcripts."""
    import numpy as np

    size = units // clusters
    chosen = np.random.default_rng(SEED).integers(clusters, size=clusters)
    return (chosen[:, None] * size + np.arange(size)).reshape(-1)


def best(work: Callable[[], Any], times: int = 3) -> tuple[float, float, Any]:
    """The shortest of some runs by clock and by processor, and what it gave: the kindest time."""
    clock, processor, value = [], [], None
    for _ in range(times):
        started, used = time.perf_counter(), time.process_time()
        value = work()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return min(clock), min(processor), value


def peers_here(data: Any, rows: Any) -> dict[str, tuple[str, Callable[[], Any], int]]:
    """Program -> coefficient, one replicate of it, runs; one code's data, coders × units."""
    import krippendorff
    import numpy as np
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    real = np.where(data < 0, np.nan, data.astype(np.float64))
    counts = np.stack([(data == value).sum(axis=0) for value in (0, 1)], axis=1)
    full = np.ascontiguousarray(data[:, (data >= 0).all(axis=0)].T)
    # Complete units only, since the program takes no others; as many drawn as there are.
    some = np.random.default_rng(SEED).integers(len(full), size=len(full))

    def ten_pairs() -> None:
        for g in range(CODERS):
            for h in range(g):
                cohen_kappa_score(full[some, g], full[some, h])

    return {
        "krippendorff, ratings": (
            "alpha",
            lambda: krippendorff.alpha(real[:, rows], level_of_measurement="nominal"),
            3,
        ),
        "krippendorff, value counts": (
            "alpha",
            lambda: krippendorff.alpha(value_counts=counts[rows], level_of_measurement="nominal"),
            3,
        ),
        "statsmodels": (
            "Fleiss, complete units",
            lambda: fleiss_kappa(aggregate_raters(full[some])[0]),
            3,
        ),
        "scikit-learn": ("ten Cohen, complete units", ten_pairs, 1),
    }


def peers_elsewhere(data: Any, rows: Any) -> dict[str, tuple[str, Callable[[], Any], int]]:
    """The same for programs of the other environment."""
    import numpy as np
    import pandas as pd

    found: dict[str, tuple[str, Callable[[], Any], int]] = {}
    real = np.where(data < 0, np.nan, data.astype(np.float64)).T

    if importlib.util.find_spec("irrCAC"):
        from irrCAC.raw import CAC

        found["irrCAC"] = ("AC1", lambda: CAC(pd.DataFrame(real[rows])).gwet()["est"], 1)
    if importlib.util.find_spec("simpledorff"):
        import simpledorff

        part = rows[: len(rows) // 100]  # a hundredth, for the reader's patience

        def alpha() -> Any:
            unit, coder = np.nonzero(~np.isnan(real[part]))
            table = pd.DataFrame(
                {"unit": unit, "coder": coder, "value": real[part][unit, coder].astype(int)}
            )
            return simpledorff.calculate_krippendorffs_alpha_for_df(
                table, experiment_col="unit", annotator_col="coder", class_col="value"
            )

        found["simpledorff (× 100)"] = ("alpha", alpha, 1)
    return found


def measure_peers(folder: Path, elsewhere: bool) -> dict[str, list[Any]]:
    """Seconds of one replicate of each program of this environment."""
    import numpy as np

    data, rows = np.load(folder / "code.npy"), np.load(folder / "rows.npy")
    peers = peers_elsewhere(data, rows) if elsewhere else peers_here(data, rows)
    times = {}
    for name, (coefficient, work, runs) in peers.items():
        clock, processor, _ = best(work, runs)
        by = 100 if "× 100" in name else 1
        times[name] = [coefficient, clock * by, processor * by]
    return times


def measure_nltk(units: int) -> list[Any]:
    """Nltk's alpha on a hundredth of the units, complete; times 100."""
    from nltk.metrics.agreement import AnnotationTask

    data = ratings(units // 100, 1)[0]
    triples = [
        (coder, unit, int(value))
        for coder in range(CODERS)
        for unit, value in enumerate(data[coder])
        if value >= 0
    ]
    clock, processor, _ = best(lambda: AnnotationTask(triples).alpha(), 1)
    return ["alpha", clock * 100, processor * 100]


def measure_ours(data: Any, cluster: Any) -> tuple[float, float, Any]:
    """Medians of five runs of the whole work, by clock and by processor, and its table."""
    from themetrail.reliability import agreement_by_code

    ratings = data.transpose(2, 1, 0)
    runs, table = [], None
    for _ in range(5):
        started, used = time.perf_counter(), time.process_time()
        table = agreement_by_code(ratings, cluster, replicates=REPLICATES, seed=SEED)
        runs.append((time.perf_counter() - started, time.process_time() - used))
    clock, processor = (statistics.median(column) for column in zip(*runs, strict=True))
    return clock, processor, table


def memory(units: int, codes: int, clusters: int) -> float:
    """Megabytes that the work needs beyond the data and the program (Linux: /proc/self)."""
    import numpy as np
    from themetrail.reliability import agreement_by_code

    data = ratings(units, codes)
    cluster = np.repeat(np.arange(clusters), units // clusters)
    # Imports and first-use tables are the program's; a small run brings them in.
    agreement_by_code(data[:1, :, :1000].transpose(2, 1, 0), cluster[:1000], replicates=10)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    before = _status("VmRSS")
    agreement_by_code(data.transpose(2, 1, 0), cluster, replicates=REPLICATES, seed=SEED)
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    """One line of this process's status, in kB. Not ru_maxrss: it counts the parent's peak too."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)


def memory_elsewhere(units: int, codes: int, clusters: int) -> float:
    """The same in a new process."""
    sizes = ["--units", str(units), "--codes", str(codes), "--clusters", str(clusters)]
    command = [sys.executable, __file__, "--memory", *sizes]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def check_values(table: Any, data: Any) -> float:
    """Our first alpha against krippendorff's; a quick wrong answer is no answer."""
    import krippendorff
    import numpy as np

    real = np.where(data[0] < 0, np.nan, data[0].astype(np.float64))
    expected = krippendorff.alpha(real, level_of_measurement="nominal")
    mine = table[table["coefficient"] == "krippendorff_alpha_nominal"]["estimate"].iloc[0]
    assert abs(mine - expected) < 1e-12, (mine, expected)
    return float(mine)


def run(units: int, codes: int, clusters: int, other: Path | None) -> list[dict[str, Any]]:
    """All rows of one number of clusters."""
    import numpy as np

    data = ratings(units, codes)
    cluster = np.repeat(np.arange(clusters), units // clusters)
    *first, table = measure_ours(data, cluster)
    alpha = check_values(table, data)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "code.npy", data[0])
        np.save(folder / "rows.npy", drawn_rows(units, clusters))
        times = measure_peers(folder, elsewhere=False)
        if other is not None:
            command = [str(other), __file__, "--measure", str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            times |= json.loads(done.stdout.splitlines()[-1])
    times["nltk (× 100)"] = measure_nltk(units)
    ours, ours_used = map(max, first, measure_ours(data, cluster)[:2])
    n_statistics = table[table["code"] == "1"].shape[0]
    rows = [
        {
            "clusters": clusters,
            "program": "themetrail",
            "coefficient": f"all {n_statistics}, all {codes} codes, intervals",
            "seconds_one": "",
            "seconds_all": ours,
            "processor_seconds_all": ours_used,
            "ratio": 1.0,
            "processor_ratio": 1.0,
            "alpha": alpha,
            "megabytes": memory_elsewhere(units, codes, clusters),
        }
    ]
    for program, (coefficient, one, used) in sorted(times.items(), key=lambda row: row[1][1]):
        whole, processor = (seconds * REPLICATES * codes for seconds in (one, used))
        rows.append(
            {
                "clusters": clusters,
                "program": program,
                "coefficient": coefficient,
                "seconds_one": one,
                "seconds_all": whole,
                "processor_seconds_all": processor,
                "ratio": whole / ours,
                "processor_ratio": processor / ours_used,
                "alpha": "",
                "megabytes": "",
            }
        )
    return rows


def measure_import() -> float:
    """Median seconds of ``import themetrail.reliability`` in a new process, less Python's own."""
    code = "import time; a = time.perf_counter(); import {}; print(time.perf_counter() - a)"
    command = [sys.executable, "-c", code.format("themetrail.reliability")]
    runs = [
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(5)
    ]
    return statistics.median(runs)


def measure_spans() -> list[dict[str, Any]]:
    """Seconds to read a spans table, and to count its patterns, at growing sizes."""
    import numpy as np
    import pandas as pd
    from themetrail import contracts, tables
    from themetrail.reliability import count_patterns

    rows = []
    for transcripts in (100, 400, 1600):
        draw = np.random.default_rng(SEED)
        names = np.array([f"T{n:05d}" for n in range(transcripts)], dtype=object)
        number = np.tile(np.arange(100), transcripts)
        units = pd.DataFrame(
            {
                "transcript_id": np.repeat(names, 100),
                "unit": number + 1,
                "turn": number + 1,
                "participant_id": "P",
                "start": number * 300,
                "end": number * 300 + 280,
            }
        )
        marked = draw.random((CODERS, len(units), 30)) < 0.03
        coder, unit, code = np.nonzero(marked)
        start = number[unit] * 300 + draw.integers(0, 100, len(unit))
        labels = [f"code_{k:02d}" for k in range(30)]
        spans = pd.DataFrame(
            {
                "span_id": [f"s{n}" for n in range(len(unit))],
                "coder": np.array([f"coder_{k}" for k in range(CODERS)], dtype=object)[coder],
                "transcript_id": names[unit // 100],
                "start": start,
                "end": start + draw.integers(20, 180, len(unit)),
                "code": np.array(labels, dtype=object)[code],
                "code_as_coded": "",
                "memo": "",
                "coded_at": "",
                "source": "coder.csv",
                "row": 1,
                "anchor": "exact",
                "moved_by": 0,
            }
        )
        pairs = [(f"coder_{k}", name, 1, "codings") for name in names for k in range(CODERS)]
        coverage = pd.DataFrame(pairs, columns=contracts.COVERAGE.names)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "spans.parquet"
            tables.write(spans, path, contracts.SPANS)
            read, _, table = best(lambda path=path: tables.read(path, contracts.SPANS))
        count, _, _ = best(
            lambda u=units, t=table, c=coverage, names=labels: count_patterns(u, t, c, names)
        )
        rows.append({"spans": len(spans), "read": read, "count": count, "ratio": count / read})
    return rows


def results_table(rows: list[dict[str, Any]]) -> str:
    """The ratios as a Markdown table."""
    lines = [
        "| transcripts | program | timed | one [s] | all [s] | ratio | ratio, processor time |",
        "|---:|---|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        one = f"{row['seconds_one']:.3f}" if row["seconds_one"] else ""
        everything = row["seconds_all"]
        shown = f"{everything:.2f}" if everything < 10 else f"{everything:,.0f}"
        lines.append(
            f"| {row['clusters']:,} | {row['program']} | {row['coefficient']} | {one} | {shown} "
            f"| {row['ratio']:,.0f} × | {row['processor_ratio']:,.0f} × |"
        )
    sizes = [(row["clusters"], row["megabytes"]) for row in rows if row["megabytes"] != ""]
    said = ", ".join(f"{size:,} transcripts {megabytes:.0f} MB" for size, megabytes in sizes)
    return "\n".join([*lines, "", f"Memory of ours beyond the data: {said}."])


def spans_table(rows: list[dict[str, Any]]) -> str:
    """Reading and counting spans as a Markdown table."""
    lines = ["| spans | read [s] | counted [s] | ratio |", "|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(
            f"| {row['spans']:,} | {row['read']:.2f} | {row['count']:.2f} | {row['ratio']:.2f} |"
        )
    return "\n".join(lines)


def fill(page: Path, name: str, table: str) -> None:
    """Put a table between its marks in a page."""
    text = page.read_text(encoding="utf-8")
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = text.split(start)
    after = rest.split(end)[1]
    page.write_text(f"{before}{start}\n\n{table}\n\n{end}{after}", encoding="utf-8")


def write(out: Path, rows: list[dict[str, Any]], spans: list[dict[str, Any]]) -> None:
    """The tables as CSV and in the page, and a plot of the ratios."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    out.mkdir(parents=True, exist_ok=True)
    for name, table in (("benchmark.csv", rows), ("benchmark-spans.csv", spans)):
        with (out / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    page = out / "benchmark.md"
    if page.exists():
        fill(page, "results", results_table(rows))
        fill(page, "spans", spans_table(spans))
    mpl.rcParams["svg.hashsalt"] = "themetrail"
    sizes = sorted({row["clusters"] for row in rows})
    programs = [r["program"] for r in rows if r["clusters"] == sizes[0] and r["ratio"] != 1]
    figure, axes = plt.subplots(figsize=(7, 0.6 + 0.45 * len(programs)))
    for place, size in enumerate(sizes):
        ratios = {r["program"]: r["ratio"] for r in rows if r["clusters"] == size}
        heights = [n + 0.36 * place for n in range(len(programs))]
        axes.barh(heights, [ratios[p] for p in programs], 0.34, label=f"{size:,} transcripts")
    axes.set_yticks([n + 0.18 for n in range(len(programs))], programs)
    axes.set_xscale("log")
    axes.set_xlabel("time of one coefficient of theirs / time of all of ours")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(out / "benchmark.svg", metadata={"Date": None})


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--codes", type=int, default=30)
    parser.add_argument("--clusters", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--peer", type=Path, help="Python of the other environment")
    parser.add_argument("--out", type=Path, help="folder for the tables and the plot")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory:
        print(memory(arguments.units, arguments.codes, arguments.clusters[0]))
        return
    if arguments.measure:
        print(json.dumps(measure_peers(arguments.measure, elsewhere=True)))
        return
    rows = []
    for clusters in arguments.clusters:
        rows += run(arguments.units, arguments.codes, clusters, arguments.peer)
    spans = measure_spans()
    print(f"{'clusters':>9} {'program':28} {'one [s]':>9} {'all [s]':>12} {'ratio':>9} {'cpu':>9}")
    for row in rows:
        one = f"{row['seconds_one']:.3f}" if row["seconds_one"] else ""
        print(
            f"{row['clusters']:>9} {row['program']:28} {one:>9} "
            f"{row['seconds_all']:>12.3f} {row['ratio']:>9,.0f} {row['processor_ratio']:>9,.0f}"
        )
    for row in rows:
        if row["megabytes"]:
            print(f"{row['clusters']:>9} clusters: {row['megabytes']:.0f} MB beyond the data")
    for row in spans:
        print(
            f"{row['spans']:>9,} spans: read {row['read']:.3f} s, counted {row['count']:.3f} s, "
            f"{row['ratio']:.2f} ×"
        )
    print(f"import themetrail.reliability {measure_import():.3f} s; {os.cpu_count()} cores")
    if arguments.out:
        write(arguments.out, rows, spans)


if __name__ == "__main__":
    main()

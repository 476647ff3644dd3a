"""Gamma: ours against pygamma-agreement, on the same spans, in one run.

    python benchmarks/gamma.py --peer OTHER_ENVIRONMENT/bin/python --out docs/reliability

The peer lives in an environment of its own (``pip install pygamma-agreement``), since it brings a
compiler and another data frame's worth of dependencies. This file runs in both: the process that
measures the peer gets the same spans as JSON and gives back seconds, disorders and gamma. Left out
of the peer's time: its import (10 to 15 s) and the compilation of its functions, by a small
alignment before. It uses every core; ours is measured with one thread and with two, before the
peer and after it, and the slower counts.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CASES = ((2, 50), (2, 200), (2, 1000), (3, 50), (3, 200))
SAMPLES = 30
SEED = 0
COLUMNS = (
    "coders",
    "spans_a_coder",
    "samples",
    "seconds_1_thread",
    "seconds_2_threads",
    "peer_seconds",
    "ratio_1_thread",
    "ratio_2_threads",
    "observed_disorder",
    "peer_observed_disorder",
    "gamma",
    "peer_gamma",
    "gamma_difference_in_standard_errors",
)


def spans(coders: int, units: int, seed: int) -> tuple[list[tuple[str, int, int, str]], int]:
    """Coders who agree roughly: boundaries moved, one in ten left out, one in seven recoded."""
    import numpy as np

    generator = np.random.default_rng(seed)
    gaps, lengths = generator.integers(5, 60, units), generator.integers(20, 120, units)
    end = np.cumsum(gaps + lengths)
    code = generator.integers(0, 5, units)
    rows = []
    for coder in range(coders):
        last = 0
        for k in range(units):
            if generator.random() < 0.1:
                continue
            start = max(last, int(end[k] - lengths[k] + generator.normal(0, 8)))
            last = max(start + 3, int(end[k] + generator.normal(0, 8)))
            other = generator.random() < 0.15
            label = int(generator.integers(5)) if other else int(code[k])
            rows.append((f"coder{coder}", start, last, f"code{label}"))
    return rows, int(end[-1]) + 200


def measure_ours(rows: list[Any], length: int, threads: int) -> dict[str, Any]:
    """Seconds (median of three), disorders and gamma."""
    from themetrail.reliability.gamma import Settings, gamma
    from themetrail.reliability.unitizing_input import continuum

    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        how = Settings(samples=SAMPLES, seed=SEED, threads=threads)
        found = gamma(continuum(rows, length), how)
        seconds.append(time.perf_counter() - begun)
    return {
        "seconds": statistics.median(seconds),
        "observed": found.observed,
        "chance": found.chance.tolist(),
        "gamma": found.value,
    }


def measure_peer(rows: list[Any]) -> dict[str, Any]:
    """The same by pygamma-agreement; runs in its environment."""
    import numpy as np
    from pyannote.core import Segment
    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum

    dissimilarity = CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
    text, small = Continuum(), Continuum()
    for coder, start, end, code in rows:
        text.add(coder, Segment(start, end), code)
        if end < 600:
            small.add(coder, Segment(start, end), code)
    small.compute_gamma(dissimilarity, n_samples=2)
    np.random.seed(SEED)  # noqa: NPY002 - the peer draws from numpy's global state
    begun = time.perf_counter()
    found = text.compute_gamma(dissimilarity, n_samples=SAMPLES)
    return {
        "seconds": time.perf_counter() - begun,
        "observed": float(found.observed_disorder),
        "chance": [float(alignment.disorder) for alignment in found.chance_alignments],
        "gamma": float(found.gamma),
    }


def ask_peer(python: str, rows: list[Any]) -> dict[str, Any]:
    """Measure the peer in its own interpreter."""
    done = subprocess.run(
        [python, __file__, "--worker"],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def standard_error(found: dict[str, Any]) -> float:
    """Monte-Carlo standard error of gamma."""
    chance = found["chance"]
    mean = statistics.mean(chance)
    spread = statistics.stdev(chance) / math.sqrt(len(chance))
    return float(found["observed"] * spread / mean**2)


def compare(coders: int, units: int, peer: str) -> dict[str, Any]:
    """One line of the table; stops where the two do not measure the same thing."""
    rows, length = spans(coders, units, SEED)
    before = [measure_ours(rows, length, threads) for threads in (1, 2)]
    other = ask_peer(peer, rows)
    after = [measure_ours(rows, length, threads) for threads in (1, 2)]
    # The slower of ours: the machine may have been busier before the peer or after.
    one, two = (
        max(pair, key=lambda found: found["seconds"]) for pair in zip(before, after, strict=True)
    )
    error = math.hypot(standard_error(one), standard_error(other))
    assert one["chance"] == two["chance"]
    assert math.isclose(one["observed"], other["observed"], rel_tol=1e-5)
    values = (
        coders,
        units,
        SAMPLES,
        round(one["seconds"], 4),
        round(two["seconds"], 4),
        round(other["seconds"], 3),
        round(other["seconds"] / one["seconds"], 1),
        round(other["seconds"] / two["seconds"], 1),
        round(one["observed"], 7),
        round(other["observed"], 7),
        round(one["gamma"], 4),
        round(other["gamma"], 4),
        round((one["gamma"] - other["gamma"]) / error, 1),
    )
    return dict(zip(COLUMNS, values, strict=True))


def markdown(table: list[dict[str, Any]]) -> str:
    """The table as it stands in docs/reliability/gamma.md."""
    lines = [
        "| coders × spans | ours, 1 thread | 2 threads | pygamma | ratio (1, 2) | γ ours, theirs |"
    ]
    lines.append("|---|---|---|---|---|---|")
    for row in table:
        lines.append(
            f"| {row['coders']} × {row['spans_a_coder']} | {row['seconds_1_thread']:.3f} s "
            f"| {row['seconds_2_threads']:.3f} s | {row['peer_seconds']:.2f} s "
            f"| {row['ratio_1_thread']:.0f} ×, {row['ratio_2_threads']:.0f} × "
            f"| {row['gamma']:.3f}, {row['peer_gamma']:.3f} |"
        )
    return "\n".join(lines)


def draw(table: list[dict[str, Any]], path: Path) -> None:
    """Seconds of both, on a logarithmic scale."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "themetrail"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    places = range(len(table))
    axes.barh([p + 0.2 for p in places], [r["peer_seconds"] for r in table], 0.38, color="#b8b8b8")
    ours = [row["seconds_2_threads"] for row in table]
    axes.barh([p - 0.2 for p in places], ours, 0.38, color="#1f5673")
    for place, row in zip(places, table, strict=True):
        axes.annotate(f" {row['ratio_2_threads']:.0f} ×", (ours[place], place - 0.2), va="center")
    labels = [f"{row['coders']} coders × {row['spans_a_coder']} spans" for row in table]
    axes.set_yticks(list(places), labels)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel(f"seconds for gamma with {SAMPLES} samples, two cores")
    axes.legend(["pygamma-agreement", "themetrail"], frameon=False, loc="upper right")
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--peer", help="Python of an environment with pygamma-agreement")
    parser.add_argument("--out", type=Path, help="folder for gamma-benchmark.csv and .svg")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        print(json.dumps(measure_peer(json.load(sys.stdin))))
        return
    if arguments.peer is None:
        parser.error("give --peer, the Python of an environment with pygamma-agreement")
    table = []
    for coders, units in CASES:
        table.append(compare(coders, units, arguments.peer))
        print("  ".join(f"{name}={value}" for name, value in table[-1].items()), flush=True)
    print(markdown(table))
    if arguments.out is not None:
        with (arguments.out / "gamma-benchmark.csv").open(
            "w", newline="", encoding="utf-8"
        ) as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
        draw(table, arguments.out / "gamma-benchmark.svg")


if __name__ == "__main__":
    main()

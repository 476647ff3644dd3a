"""Four times the interviews are four times the work of sites, and no more of anything else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from studies import grown
from support import Run, themetrail

pytestmark = pytest.mark.slow

SIZES = (10, 40)
OF_SITES = {"intake", "coding", "patterns", "consensus"}
TARGETS = ("results/reliability/coefficients.csv", "results/synthesis/robustness.csv")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, grown.Planted, Run]]:
    """Give studies of two sizes after their runs."""
    made = {}
    for size in SIZES:
        root = tmp_path_factory.mktemp("grown") / str(size)
        config = "reliability: {replicates: 100}\n"
        planted = grown.write(root, size, words=600, codes=6, config=config)
        run = themetrail("run", *TARGETS, "--study", str(root), "--cores", "2")
        assert run.status == 0, run.output
        made[size] = (root, planted, run)
    return made


def rows(root: Path, pattern: str) -> int:
    """Rows of all sites' tables of one name."""
    import pyarrow.parquet as pq

    files = (root / "results").glob(f"{pattern}.parquet")
    return sum(pq.read_metadata(file).num_rows for file in files)


def test_jobs_follow_sites_and_never_interviews(
    runs: dict[int, tuple[Path, grown.Planted, Run]],
) -> None:
    """Guards against a job a transcript, and against a job a pair of sites."""
    for size, (_, _, run) in runs.items():
        sites = len(grown.sites_of(size))
        of_sites = Counter({rule: n for rule, n in run.steps.items() if n > 1})
        assert of_sites == dict.fromkeys(OF_SITES, sites)
    alone = [{rule for rule, n in run.steps.items() if n == 1} for _, _, run in runs.values()]
    assert alone[0] == alone[1] == {"gate", "agreement", "robustness"}


def test_tables_grow_with_what_they_are_of(
    runs: dict[int, tuple[Path, grown.Planted, Run]],
) -> None:
    """Guards against a table that grows faster than interviews and codings do."""
    (small, planted, _), (large, more, _) = (runs[size] for size in SIZES)
    assert rows(large, "intake/*/turns") == more.turns == 4 * planted.turns
    for root, made in ((small, planted), (large, more)):
        assert rows(root, "coding/*/spans") == made.codings
        assert rows(root, "consensus/*/segments") == made.segments
        assert rows(root, "intake/*/units") == made.turns // 2
    assert rows(large, "reliability/*/patterns") <= 5 * rows(small, "reliability/*/patterns")


def test_files_grow_no_faster_than_interviews(
    runs: dict[int, tuple[Path, grown.Planted, Run]],
) -> None:
    """Guards the disk: bytes of each stage, at most proportional with a little to spare."""
    sizes = {
        size: {
            stage: sum(f.stat().st_size for f in (root / "results" / stage).rglob("*.parquet"))
            for stage in ("intake", "coding", "reliability", "consensus")
        }
        for size, (root, _, _) in runs.items()
    }
    for stage, small in sizes[SIZES[0]].items():
        assert sizes[SIZES[1]][stage] <= 4.2 * small, stage


def test_what_was_planted_comes_back(runs: dict[int, tuple[Path, grown.Planted, Run]]) -> None:
    """Guards the measure itself: a study whose results are wrong costs nothing worth knowing."""
    import csv

    for root, planted, _ in runs.values():
        with (root / TARGETS[1]).open(encoding="utf-8", newline="") as handle:
            found = [row for row in csv.DictReader(handle) if row["scenario"] == "as done"]
        assert {row["theme"]: int(row["n_participants"]) for row in found} == planted.reach


def test_the_same_interview_in_studies_of_any_size(
    runs: dict[int, tuple[Path, grown.Planted, Run]],
) -> None:
    """Guards the generator: a site is the same however many there are beside it."""
    (small, _, _), (large, _, _) = (runs[size] for size in SIZES)
    for file in sorted((small / "data/s02").rglob("*")):
        if file.is_file():
            assert file.read_bytes() == (large / file.relative_to(small)).read_bytes(), file

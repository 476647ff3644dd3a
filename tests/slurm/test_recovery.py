"""A study done by a SLURM cluster where everything goes wrong once, and the same study at home.

One run, broken five times: a job cancelled, a process killed, a job that hangs until its time is
up, a job with too little memory, a node that loses its power. What is checked: the run ends right
by itself, each fault was the one that was meant, the next attempt asked for more, and the bytes
are the same as those of a run on one machine.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from slurm_cluster import Cluster, Job
from support import ROOT, digests, themetrail

pytestmark = pytest.mark.slow
LIMIT = 1800  # on a busy machine; on a quiet one it takes a few minutes
# Short waits; squeue, for this cluster keeps no accounting database; and a request for memory that
# is too small at first: 60, 240, 960 MB, where Snakemake alone takes 170.
OPTIONS = [
    *("--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "1"),
    *("--seconds-between-status-checks", "2", "--latency-wait", "10"),
    "--set-resources",
    *(f"{rule}:mem_mb=60*4**(attempt-1)" for rule in ("consensus", "explorer_site")),
]


def small(folder: Path) -> Path:
    """Copy the small study, with one format of the paper and one notebook."""
    study = Path(shutil.copytree(ROOT / "tests" / "studies" / "mini", folder / "mini"))
    config = study / "config" / "config.yaml"
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    settings.setdefault("report", {})["formats"] = ["html"]
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    (study / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "saturation.ipynb", study / "notebooks")
    return study


@dataclass(frozen=True)
class Broken:
    """What became of the run."""

    study: Path
    status: int
    output: str
    jobs: list[Job]

    def of(self, group: str) -> list[Job]:
        return [job for job in self.jobs if job.group == group]


def sabotage(cluster: Cluster) -> None:
    """Break one thing after the other, each when there is something to break."""
    first = cluster.running("site")
    cluster.call("scancel", first.number)
    second = cluster.running("site", attempt=2)
    cluster.send(second, signal.SIGKILL)

    hanging = cluster.running("study")
    cluster.send(hanging, signal.SIGSTOP)
    cluster.call("scontrol", "update", f"JobId={hanging.number}", "TimeLimit=1")

    cluster.lose_node(cluster.running("pages").node)


@pytest.fixture(scope="module")
def broken(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """Give the run that was broken, and the cluster's account of it."""
    study = small(tmp_path_factory.mktemp("cluster"))
    command = [sys.executable, "-m", "themetrail", "run", "--study", str(study)]
    command += ["--profile", "slurm", "--", *OPTIONS]
    said = study.parent / "said.txt"
    with said.open("w", encoding="utf-8") as sink:
        run = subprocess.Popen(
            command, stdout=sink, stderr=sink, env=cluster.environment, start_new_session=True
        )
        try:
            sabotage(cluster)
            status = run.wait(timeout=LIMIT)
        finally:
            if run.poll() is None:  # it started a session of its own: all that belongs to it ends
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
            sys.stdout.write(said.read_text(encoding="utf-8"))
            sys.stdout.write("\n".join(map(str, cluster.jobs())))
    return Broken(study, status, said.read_text(encoding="utf-8"), cluster.jobs())


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the same study, done by this machine alone."""
    study = small(tmp_path_factory.mktemp("home"))
    run = themetrail("run", "--study", str(study), "--cores", "2")
    assert run.status == 0, run.output
    return study


def test_a_run_that_loses_jobs_and_a_node_ends_right(broken: Broken) -> None:
    """Nobody sits beside a run on a cluster: it must come through by itself."""
    assert broken.status == 0, broken.output
    for group in ("site", "consensus", "study", "pages"):
        assert broken.of(group)[-1].state == "COMPLETED", broken.jobs


def test_the_bytes_are_those_of_a_run_at_home(broken: Broken, at_home: Path) -> None:
    """Where a study was computed, and how often a step was tried, is not to be seen in it."""
    assert digests(broken.study) == digests(at_home)


def test_a_cancelled_and_a_killed_job_are_tried_again(broken: Broken) -> None:
    """An administrator's scancel, and a process that something killed."""
    cancelled, killed, done = broken.of("site")
    assert (cancelled.state, killed.state, done.state) == ("CANCELLED", "FAILED", "COMPLETED")


def test_a_job_that_hangs_ends_at_its_limit_and_gets_twice_the_time(broken: Broken) -> None:
    """The limit that was asked for doubles; the one minute was set by the test, later."""
    hanging, done = broken.of("study")
    assert (hanging.state, done.state) == ("TIMEOUT", "COMPLETED")
    first, second, third = (minutes_of(job.minutes) for job in broken.of("site"))
    assert (second, third) == (2 * first, 4 * first)


def minutes_of(text: str) -> int:
    """Minutes of a time below a day as SLURM writes it: [HOURS:]MINUTES:SECONDS."""
    *hours, minutes, _ = (int(part) for part in text.split(":"))
    return 60 * sum(hours) + minutes


def test_a_job_with_too_little_memory_gets_more(broken: Broken) -> None:
    """The scheduler kills it; each attempt asks for more until it suffices."""
    jobs = broken.of("consensus")
    assert [job.memory for job in jobs] == ["60M", "240M", "960M"][: len(jobs)]
    assert len(jobs) > 1
    assert jobs[0].state in {"OUT_OF_MEMORY", "FAILED", "CANCELLED"}
    assert jobs[-1].state == "COMPLETED"
    (log,) = (broken.study / ".snakemake" / "slurm_logs").rglob(f"{jobs[0].number}.log")
    assert "memory limit" in log.read_text(encoding="utf-8")


def test_what_ran_on_a_lost_node_runs_elsewhere(broken: Broken) -> None:
    """The node stays down: the other one does the rest."""
    lost = [job for job in broken.jobs if job.state == "NODE_FAIL"]
    assert lost
    (node,) = {job.node for job in lost}
    after = [job for job in broken.jobs if int(job.number) > max(int(j.number) for j in lost)]
    assert after
    assert node not in {job.node for job in after}

"""A cluster on this machine, and a hand that breaks things in it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """A job of the cluster, as the scheduler tells of it."""

    number: str
    state: str
    minutes: str
    memory: str
    node: str
    name: str

    @property
    def group(self) -> str:
        """The group of steps that it does, or the rule."""
        return self.name.removeprefix("rule_").split("_")[0]


@dataclass(frozen=True)
class Cluster:
    """The scheduler's programs, called for our cluster only."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What whoever submits jobs needs."""
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "SLURM"))},
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
        }

    def call(self, *line: str) -> str:
        """Call a program of SLURM's; what it prints."""
        done = subprocess.run(
            line, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout

    def jobs(self) -> list[Job]:
        """Every job so far, in the order of submission."""
        text = self.call("squeue", "-h", "-t", "all", "-S", "i", "-o", "%i|%T|%l|%m|%N|%k")
        return [Job(*line.split("|")) for line in text.splitlines()]

    def of(self, group: str) -> list[Job]:
        """The jobs of a group, first attempt first."""
        return [job for job in self.jobs() if job.group == group]

    def running(self, group: str, attempt: int = 1, seconds: float = 900) -> Job:
        """Wait until a group's given attempt has processes of Snakemake's at work."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            jobs = self.of(group)
            if len(jobs) >= attempt and jobs[attempt - 1].state == "RUNNING":
                job = jobs[attempt - 1]
                if any("snakemake" in command for _, command in self.processes(job)):
                    return job
            time.sleep(0.3)
        message = f"no attempt {attempt} of {group} ran within {seconds:.0f} s: {self.jobs()}"
        raise AssertionError(message)

    def processes(self, job: Job) -> list[tuple[int, str]]:
        """Numbers and command lines of a job's processes, those that watch over it included."""
        found = []
        ours = str(self.folder).encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal():
                continue
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                variables = (entry / "environ").read_bytes()
            except OSError:  # it has ended meanwhile
                continue
            watcher = command.startswith(f"slurmstepd: [{job.number}.".encode())
            worker = f"SLURM_JOB_ID={job.number}\0".encode() in variables and ours in variables
            if watcher or worker:
                found.append((int(entry.name), command.decode(errors="replace")))
        return found

    def send(self, job: Job, what: signal.Signals, *, watchers: bool = False) -> None:
        """Send a signal to a job's processes, to those that watch over it only where asked."""
        for number, command in self.processes(job):
            if watchers or not command.startswith("slurmstepd"):
                with_suppressed(lambda number=number: os.kill(number, what))

    def lose_node(self, node: str) -> None:
        """Take a node's power: its daemon and all that runs there are gone at once."""
        there = [job for job in self.jobs() if job.node == node and job.state == "RUNNING"]
        pid = int((self.folder / f"slurmd.{node}.pid").read_text(encoding="utf-8"))
        with_suppressed(lambda: os.kill(pid, signal.SIGKILL))
        for job in there:
            self.send(job, signal.SIGKILL, watchers=True)


def with_suppressed(kill: Callable[[], None]) -> None:
    """Kill what may be gone already."""
    try:
        kill()
    except ProcessLookupError:
        return

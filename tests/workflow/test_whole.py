"""A run ends with the same bytes, whatever happened on the way. Real Snakemake runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import digests, environment, themetrail

pytestmark = pytest.mark.slow


def test_two_folders_give_the_same_bytes(mini: Path, finished: Path, tmp_path: Path) -> None:
    """Protects reproducibility: no path, time or order of jobs may reach an output."""
    other = Path(shutil.move(mini, tmp_path / "another folder, elsewhere"))
    run = themetrail("run", "--study", str(other), "--cores", "1")
    assert run.status == 0, run.output
    assert digests(other) == digests(finished)


def test_a_killed_run_ends_with_the_same_bytes(mini: Path, finished: Path) -> None:
    """Protects work on a laptop whose battery dies: SIGKILL at any moment, then run again."""
    line = [sys.executable, "-m", "themetrail", "run", "--study", str(mini), "--cores", "2"]
    for seconds in (1.5, 3.0, 4.5, 6.0):
        process = subprocess.Popen(
            line,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    run = themetrail("run", "--study", str(mini))
    assert run.status == 0, run.output
    assert digests(mini) == digests(finished)


def test_the_run_needs_no_network(mini: Path, finished: Path) -> None:
    """Protects transcripts: a run inside a namespace without any network ends the same."""
    prefix = ("unshare", "-n") if os.geteuid() == 0 else ("unshare", "-rn")
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("this system does not let a user make a network namespace")
    run = themetrail("run", "--study", str(mini), prefix=prefix)
    assert run.status == 0, run.output
    assert digests(mini) == digests(finished)

"""A cluster on this machine, where it is asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from slurm_cluster import Cluster

CLUSTER = Path(__file__).with_name("cluster.sh")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Start a cluster, and stop all of it whatever happens."""
    if os.environ.get("THEMETRAIL_SLURM") != "yes":
        pytest.skip("a cluster is only started by: make test-slurm")
    # Short, because a socket's path may have a hundred characters only.
    folder = Path(tempfile.mkdtemp(prefix="slurm-", dir="/var/tmp"))
    try:
        started = subprocess.run(
            [CLUSTER, "up", folder], capture_output=True, text=True, check=False, timeout=120
        )
        assert started.returncode == 0, started.stderr
        yield Cluster(folder)
    finally:
        subprocess.run([CLUSTER, "down", folder], check=False, timeout=120)
        shutil.rmtree(folder, ignore_errors=True)

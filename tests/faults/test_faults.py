"""What a machine can do to a run. Real runs: nothing is lost, a clear word, the same bytes after.

SIGKILL of the whole run, a run without network and other folders are in tests/workflow/test_whole.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT, Run, digests, environment, replace, themetrail

pytestmark = pytest.mark.slow
TARGET = "results/reliability/coefficients.csv"


def run(study: Path, *more: str, prefix: tuple[str, ...] = ()) -> Run:
    """Run the study up to its agreement coefficients."""
    return themetrail("run", TARGET, "--study", str(study), *more, prefix=prefix)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The bytes that an undisturbed run leaves."""
    study = Path(
        shutil.copytree(ROOT / "tests/studies/mini", tmp_path_factory.mktemp("r") / "mini")
    )
    done = run(study)
    assert done.status == 0, done.output
    return digests(study)


def clear(said: Run, *words: str) -> None:
    """The run failed, says why, and shows no traceback."""
    assert said.status == 1, said.output
    assert "Traceback" not in said.output, said.output
    for word in words:
        assert word in said.output, said.output


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, too small for a run."""
    disk = tmp_path / "disk"
    disk.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(line, capture_output=True, check=False).returncode:
        pytest.skip("this system does not let us mount a disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=False)


def test_a_full_disk(small_disk: Path, right: dict[str, str]) -> None:
    """Protects what was made before the disk was full, and the study's own files."""
    study = Path(shutil.copytree(ROOT / "tests/studies/mini", small_disk / "mini"))
    before = {p: p.read_bytes() for p in study.rglob("*") if p.is_file()}
    clear(run(study), "the disk is full", "Make room there")
    assert before == {p: p.read_bytes() for p in before}
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    again = run(study)
    assert again.status == 0, again.output
    assert digests(study) == right


def test_a_limit_on_the_size_of_files(mini: Path, right: dict[str, str]) -> None:
    """Protects against half a table where the system allows no larger file (a quota, ulimit)."""
    limited = ("bash", "-c", 'ulimit -f 4; trap "" XFSZ; exec "$0" "$@"')
    clear(run(mini, prefix=limited), "the system allows no file as large as this one")
    assert run(mini).status == 0
    assert digests(mini) == right


def test_results_that_may_not_be_written(mini: Path, right: dict[str, str]) -> None:
    """Protects an archived copy: a clear word, nothing changed, and the run goes on elsewhere."""
    assert run(mini).status == 0
    replace(mini / "data/north/codings/ben.csv", "N2,asked what they needed,asked,\n", "")
    before = digests(mini)
    script = (
        f'mount --bind "{mini}" "{mini}" && mount -o remount,ro,bind "{mini}" && exec "$0" "$@"'
    )
    prefix = ("unshare", "-m", "bash", "-c", script)
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system does not let us make a folder read-only")
    clear(run(mini, prefix=prefix), "can only be read")
    assert digests(mini) == before
    (mini / "data/north/codings/ben.csv").write_bytes(
        (ROOT / "tests/studies/mini/data/north/codings/ben.csv").read_bytes()
    )
    assert run(mini).status == 0
    assert digests(mini) == right


def test_a_killed_worker(mini: Path, right: dict[str, str]) -> None:
    """Protects against a worker that the system kills (out of memory): named, and made up for."""
    line = [sys.executable, "-m", "themetrail", "run", TARGET, "--study", str(mini), "--cores", "1"]
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(), text=True
    )
    victim = _worker_of(process.pid)
    os.kill(victim, signal.SIGKILL)
    said = process.communicate(timeout=300)[0]
    clear(Run(process.returncode, said), "failed")
    again = run(mini)
    assert again.status == 0, again.output
    assert digests(mini) == right


def _worker_of(pid: int) -> int:
    """The first process of a run that runs a step's script."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        family = {pid}
        for _ in range(6):
            for entry in Path("/proc").glob("[0-9]*/stat"):
                try:
                    parent = int(entry.read_text().rpartition(")")[2].split()[1])
                    words = (entry.parent / "cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue
                if parent in family:
                    child = int(entry.parent.name)
                    family.add(child)
                    if any(word.endswith(b".py") and b"snakemake" not in words for word in words):
                        return child
        time.sleep(0.02)
    pytest.fail("no step was started")


def test_two_runs_at_once_are_one_run_and_a_clear_refusal(mini: Path) -> None:
    """Protects against two runs writing the same files; status says that one is working."""
    line = [sys.executable, "-m", "themetrail", "run", "--study", str(mini)]
    first = subprocess.Popen(
        line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    )
    try:
        deadline = time.monotonic() + 60
        while not (mini / ".snakemake/themetrail.lock").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        clear(themetrail("run", "--study", str(mini)), "another run is working on this study")
        plain = [sys.executable, "-m", "snakemake", "-s", str(ROOT / "Snakefile"), "--nolock"]
        plain += ["-d", str(mini), "--cores", "1", TARGET]
        said = subprocess.run(plain, capture_output=True, text=True, env=environment(), check=False)
        clear(Run(said.returncode, said.stderr), "another run is working on this study")
        status = themetrail("status", "--study", str(mini))
        assert "A run is working on this study now." in status.output
    finally:
        first.send_signal(signal.SIGINT)
        first.wait(timeout=120)


def test_a_clock_set_back(mini: Path, right: dict[str, str]) -> None:
    """Protects against stale results: what is changed now looks older than what was made of it."""
    assert run(mini).status == 0
    ahead = time.time() + 3 * 86_400
    for file in sorted((mini / "results").rglob("*"), key=lambda p: p.stat().st_mtime_ns):
        late = file.stat().st_mtime - time.time() + ahead
        os.utime(file, (late, late))
    quiet = run(mini)
    assert not quiet.steps, quiet.output
    replace(mini / "data/north/codings/ben.csv", "N2,asked what they needed,asked,\n", "")
    changed = run(mini)
    assert changed.of("coding") == {"north"}, changed.output
    assert digests(mini) != right
    (mini / "data/north/codings/ben.csv").write_bytes(
        (ROOT / "tests/studies/mini/data/north/codings/ben.csv").read_bytes()
    )
    assert run(mini).of("coding") == {"north"}
    assert digests(mini) == right


def test_an_interrupted_site_add(mini: Path, tmp_path: Path) -> None:
    """Protects the study from half a site: killed at any moment, it runs as before; then again."""
    source = tmp_path / "west"
    (source / "transcripts").mkdir(parents=True)
    for number in range(300):
        text = f"Interviewer: Well?\n\nW{number}: {'It took the whole summer. ' * 400}\n"
        (source / f"transcripts/W{number}.txt").write_text(text, encoding="utf-8")
    line = [sys.executable, "-m", "themetrail", "site", "add", "west", "--from", str(source)]
    for moment in range(4):
        process = subprocess.Popen(
            [*line, "--study", str(mini)], stdout=subprocess.DEVNULL, env=environment()
        )
        while not (mini / "data/.west.part").exists() and process.poll() is None:
            time.sleep(0.001)
        time.sleep(0.02 * moment)
        process.kill()
        process.wait()
        folder = mini / "data/west/transcripts"
        assert not folder.exists() or len(list(folder.iterdir())) == 300
        assert themetrail("check", "--study", str(mini)).status == 0
    themetrail("site", "add", "west", "--from", str(source), "--study", str(mini))
    assert (mini / "config/sites.tsv").read_text(encoding="utf-8").count("\nwest\t") == 1
    assert len(list((mini / "data/west/transcripts").iterdir())) == 300
    assert not list((mini / "data").glob(".*"))


def test_a_site_folder_renamed(mini: Path, right: dict[str, str]) -> None:
    """Protects a site whose folder got another name: said, not lost, right after either cure."""
    assert run(mini).status == 0
    (mini / "data/south").rename(mini / "data/southern")
    clear(run(mini), "site 'south' has no folder data/south", "southern")
    assert digests(mini) == right
    table = mini / "config/sites.tsv"
    before = table.read_text(encoding="utf-8")
    table.write_text(before.replace("south\t", "southern\t", 1), encoding="utf-8")
    renamed = run(mini)
    assert renamed.status == 0, renamed.output
    assert renamed.of("intake") == {"southern"}
    said = " ".join(renamed.output.split())
    assert "Removed what was made of south, which config/sites.tsv has not" in said
    assert not list((mini / "results").glob("*/south"))
    (mini / "data/southern").rename(mini / "data/south")
    table.write_text(before, encoding="utf-8")
    assert run(mini).status == 0
    assert digests(mini) == right

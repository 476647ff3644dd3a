"""The installer of the environment, with a Python and a pip that only say what they were asked."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

# What a bare Debian has, and the installer uses.
PROGRAMS = [
    *("sh", "cat", "cksum", "dirname", "awk", "grep", "head", "tail", "mktemp", "mkdir"),
    *("rm", "sed", "tee", "env", "id", "cp", "chmod", "touch"),
]
FAKE_PYTHON = """\
#!/bin/sh
case "$*" in
    *version_info*) cat "{state}/version" ;;
    *'import ensurepip'*) [ -e "{state}/has-venv" ] ;;
    *platform*) echo "$(cat "{state}/version").0" ;;
    '-m venv '*)
        mkdir -p "$3/bin"
        cp "$0" "$3/bin/python"
        echo "#!$PWD/$3/bin/python" >"$3/bin/pip" ;;
    '-m pip '*) echo "$*" >>"{state}/pip"; [ ! -e "{state}/pip-fails" ] ;;
esac
"""
FAKE_APT = """\
#!/bin/sh
echo "$*" >>"{state}/apt"
[ -e "{state}/apt-fails" ] || touch "{state}/has-venv"
"""


@dataclass
class Machine:
    """A folder with the project's installer, and a PATH that holds nothing else."""

    home: Path
    project: Path = field(init=False)
    state: Path = field(init=False)
    programs: Path = field(init=False)

    def __post_init__(self) -> None:
        self.project = self.home / "project"
        self.state = self.home / "state"
        self.programs = self.home / "bin"
        for folder in (self.project, self.state, self.programs):
            folder.mkdir()
        for name in PROGRAMS:
            found = shutil.which(name)
            assert found, name
            (self.programs / name).symlink_to(found)
        self.write("pyproject.toml", "")
        self.write("requirements.lock", "one==1\nsetuptools==80 \\\n    --hash=sha256:0\n")
        self.write("requirements-test.lock", "one==1\nsetuptools==80\ntwo==2\n")

    def write(self, name: str, text: str) -> None:
        (self.project / name).write_text(text, encoding="utf-8")

    def program(self, name: str, text: str) -> None:
        path = self.programs / name
        path.unlink(missing_ok=True)  # never write through a link into the system
        path.write_text(text.format(state=self.state), encoding="utf-8")
        path.chmod(0o755)

    def python(self, version: str = "3.11", *, makes_environments: bool = True) -> None:
        self.program("python3", FAKE_PYTHON)
        (self.state / "version").write_text(version, encoding="utf-8")
        if makes_environments:
            (self.state / "has-venv").touch()

    def calls(self, name: str) -> list[str]:
        path = self.state / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def install(self, purpose: str = "study", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["workflow/tools/environment.sh", purpose],
            cwd=self.project,
            env={"PATH": str(self.programs), **settings},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @property
    def venv(self) -> Path:
        return self.project / ".venv"


@pytest.fixture
def machine(tmp_path: Path, root: Path) -> Machine:
    made = Machine(tmp_path)
    tools = made.project / "workflow" / "tools"
    tools.mkdir(parents=True)
    for name in ("environment.sh", "system.sh"):
        shutil.copy(root / "workflow" / "tools" / name, tools / name)
    return made


def test_a_machine_without_python_is_told_what_to_install(machine: Machine) -> None:
    """One sentence and no leftover, not a shell's "command not found"."""
    done = machine.install()
    assert done.returncode == 1
    assert "no Python 3.11 or newer was found" in done.stderr
    assert not machine.venv.exists()


@pytest.mark.parametrize("version", ["2.7", "3.9", "3.10"])
def test_an_old_python_is_not_used(machine: Machine, version: str) -> None:
    """An interpreter below 3.11 would fail late, in the middle of an installation."""
    machine.python(version)
    assert "no Python 3.11 or newer" in machine.install().stderr
    assert "PYTHON=python3 is not" in machine.install(PYTHON="python3").stderr


def test_debians_missing_package_is_installed(machine: Machine) -> None:
    """Debian keeps ensurepip in python3.11-venv; where apt may be used, the user need not know."""
    machine.python(makes_environments=False)
    machine.program("apt-get", FAKE_APT)
    machine.program("id", "#!/bin/sh\necho 0\n")
    done = machine.install()
    assert done.returncode == 0, done.stderr
    assert machine.calls("apt") == ["install -y --no-install-recommends python3.11-venv"]


def test_debians_missing_package_is_named_where_it_cannot_be_installed(machine: Machine) -> None:
    """Without root the one command to type is printed, and nothing half-made stays."""
    machine.python(makes_environments=False)
    done = machine.install()
    assert done.returncode == 1
    assert "sudo apt install python3.11-venv" in done.stderr
    assert not machine.venv.exists()


def test_everything_is_installed_by_hash_and_nothing_is_fetched_beside_the_lock(
    machine: Machine,
) -> None:
    """What builds source packages comes from the lock too, before the rest."""
    machine.python()
    assert machine.install().returncode == 0
    builders, packages, project = machine.calls("pip")
    assert "--require-hashes" in builders
    assert "--no-deps" in builders
    for flag in ("--require-hashes", "--no-deps", "--no-build-isolation"):
        assert flag in packages
    assert packages.endswith("-r requirements.lock")
    assert "--no-deps --no-build-isolation --editable ." in project


def test_a_second_call_does_nothing(machine: Machine) -> None:
    """The environment is checked before every command, so that must cost nothing."""
    machine.python()
    machine.install()
    before = machine.calls("pip")
    done = machine.install()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.calls("pip") == before


def test_the_tests_environment_serves_the_study(machine: Machine) -> None:
    """Its lock holds the study's versions, so that ``make study`` after ``make test`` is quick."""
    machine.python()
    machine.install("test")
    before = machine.calls("pip")
    machine.install("study")
    assert machine.calls("pip") == before


def test_a_changed_lock_is_installed(machine: Machine) -> None:
    """By content: a newer time alone, as after a checkout, installs nothing."""
    machine.python()
    machine.install()
    before = len(machine.calls("pip"))
    (machine.project / "requirements.lock").touch()
    machine.install()
    assert len(machine.calls("pip")) == before
    machine.write("requirements.lock", "one==2\nsetuptools==80\n")
    machine.install()
    assert len(machine.calls("pip")) == 2 * before


def test_an_interrupted_installation_is_repaired(machine: Machine) -> None:
    """A killed pip can leave packages that look installed, so the environment is made anew."""
    machine.python()
    machine.install()
    (machine.venv / ".half-made").touch()
    (machine.venv / "leftover").touch()
    done = machine.install()
    assert "interrupted" in done.stdout
    assert done.returncode == 0
    assert not (machine.venv / "leftover").exists()


def test_a_failed_first_installation_leaves_nothing(machine: Machine) -> None:
    """No half-made environment that a later command would take for a whole one."""
    machine.python()
    (machine.state / "pip-fails").touch()
    done = machine.install()
    assert done.returncode == 1
    assert "the installation failed" in done.stderr
    assert not machine.venv.exists()


def test_a_failed_update_keeps_what_worked(machine: Machine) -> None:
    """Without a network a changed lock must not cost the environment that is there."""
    machine.python()
    machine.install()
    machine.write("requirements.lock", "one==2\nsetuptools==80\n")
    (machine.state / "pip-fails").touch()
    assert machine.install().returncode == 1
    assert (machine.venv / "bin/python").exists()
    (machine.state / "pip-fails").unlink()
    done = machine.install()
    assert done.returncode == 0
    assert "interrupted" not in done.stdout


def test_a_path_that_snakemake_cannot_use_is_refused_with_a_way_out(machine: Machine) -> None:
    """Snakemake does not quote the path of Python; the project may stand there, Python may not."""
    machine.python()
    moved = machine.home / "my project"
    machine.project.rename(moved)
    machine.project = moved
    done = machine.install()
    assert done.returncode == 1
    assert "VENV=" in done.stderr
    assert machine.install(VENV=str(machine.home / "environment")).returncode == 0


def test_a_moved_project_gets_an_environment_that_runs_there(machine: Machine) -> None:
    """The programs of an environment name the folder they were made for."""
    machine.python()
    machine.install()
    moved = machine.home / "elsewhere"
    machine.project.rename(moved)
    machine.project = moved
    done = machine.install()
    assert "made for another folder" in done.stdout
    assert done.returncode == 0

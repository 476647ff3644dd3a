"""Write environment.yml: the lock's versions of the direct dependencies, by their conda names.

``make lock`` has it write the file; ``--check`` says whether the file is current.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "3.12"
# Names that differ there; bioconda's snakemake-minimal is Snakemake without optional back ends.
CONDA_NAMES = {"snakemake": "snakemake-minimal", "matplotlib": "matplotlib-base"}
# Not there, or there under other terms (bindings that lag, a fuller package): from PyPI.
FROM_PYPI = ("font-source-sans-pro", "phonenumberslite", "pypandoc-binary", "typst", "webvtt-py")
HEAD = """\
# Made by workflow/tools/conda_environment.py from pyproject.toml and requirements.lock; don't edit.
#
#   conda env create -f environment.yml && conda activate themetrail && themetrail run
#
# Direct dependencies have the lock's versions. Quarto fixes the Pandoc it works with, so Pandoc
# has only a lower bound here: the same bytes as everyone else's are the promise of `make study`.
name: themetrail
channels: [conda-forge, bioconda, nodefaults]
dependencies:
"""
PROGRAMS = ("pandoc>=3.9", "typst>=0.15", "quarto")


def direct() -> list[str]:
    """Names of the packages that the project itself asks for, and what builds it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["build"]
    return [canonicalize_name(Requirement(line).name) for line in asked]


def locked(lock: Path) -> dict[str, str]:
    """Package to version, as the lock has them for the environment's Python."""
    here = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0"}
    versions = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", line)
        if found and (found[3] is None or Marker(found[3]).evaluate(here)):
            versions[canonicalize_name(found[1])] = found[2]
    return versions


def environment() -> str:
    """The text of environment.yml."""
    versions = locked(ROOT / "requirements.lock")
    names = direct()
    conda = [f"python={PYTHON}", "pip", "make", "git", *PROGRAMS]
    conda += [f"{CONDA_NAMES.get(n, n)}={versions[n]}" for n in names if n not in FROM_PYPI]
    pypi = [f"{name}=={versions[name]}" for name in names if name in FROM_PYPI]
    lines = [f"  - {entry}" for entry in conda]
    lines += ["  - pip:", *(f"      - {entry}" for entry in (*pypi, "-e ."))]
    return HEAD + "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` compare it."""
    path = ROOT / "environment.yml"
    text = environment()
    if "--check" not in arguments:
        path.write_text(text, encoding="utf-8")
        return 0
    current = path.is_file() and path.read_text(encoding="utf-8") == text
    if not current:
        sys.stderr.write(
            f"{path.name} is not current; run: python workflow/tools/conda_environment.py\n"
        )
    return 0 if current else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The pages around the code say what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)|!\[[^\]]*\]\(([^)\s]+)\)")


def pages(root: Path) -> list[Path]:
    """Every Markdown page of the project."""
    tops = [*root.glob("*.md"), *(root / "config").glob("*.md"), *(root / "data").glob("*.md")]
    return sorted([*tops, *(root / "docs").rglob("*.md")])


def test_reference_pages_are_current(root: Path) -> None:
    """Keys and tables are documented from the schemas and contracts themselves."""
    done = subprocess.run(
        [sys.executable, "workflow/tools/reference.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_links_lead_somewhere(root: Path) -> None:
    """A page that moved takes its links along."""
    broken = []
    for page in pages(root):
        for pair in LINK.findall(page.read_text(encoding="utf-8")):
            target = pair[0] or pair[1]
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(root)}: {target}")
    assert broken == []


def test_the_citation_is_of_this_version(root: Path) -> None:
    """CITATION.cff, CHANGELOG.md and the package name one version and licence."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {project['version']}" in changelog


def test_the_catalogue_finds_what_it_expects(root: Path) -> None:
    """Snakemake's catalogue wants these files, and a word on how software is deployed."""
    for name in ("workflow/Snakefile", "config/README.md", "LICENSE"):
        assert (root / name).is_file(), name
    usage = yaml.safe_load((root / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert {"software-stack-deployment", "report"} <= usage.keys()


def test_fictional_data_are_called_fictional(root: Path) -> None:
    """Whoever opens the README or the datasheet reads that no real person speaks here."""
    for name in ("README.md", "data/README.md"):
        text = (root / name).read_text(encoding="utf-8")
        assert "fictional" in text, name
        assert "automated readers" in text, name

"""The tutorial and the how-to do what they say: their commands are run as they stand."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import themetrail

BLOCK = re.compile(r"^```bash(?P<info>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One block of commands, where it stands, and whether it is said to fail."""

    line: int
    code: str
    fails: bool


def blocks(page: Path) -> list[Block]:
    """Blocks marked ``bash``; those marked otherwise (``sh``, ``console``) are to be read."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(text.count("\n", 0, found.start()) + 1, found["code"], "fails" in found["info"])
        for found in BLOCK.finditer(text)
    ]


def run_page(page: Path, folder: Path) -> str:
    """Run a page's blocks one after another in a folder; all that they print."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed = []
    for block in blocks(page):
        done = subprocess.run(
            ["bash", "-e", "-u", "-o", "pipefail", "-c", block.code],
            cwd=folder,
            env={**os.environ, "PATH": programs},
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert (done.returncode == 1) if block.fails else (done.returncode == 0), (
            f"{page.name}:{block.line} exited {done.returncode}\n{said}"
        )
        printed.append(said)
    return "".join(printed)


@pytest.mark.slow
def test_a_study_of_ones_own(root: Path, tmp_path: Path) -> None:
    """From an empty folder to a paper, as the how-to has it."""
    said = run_page(root / "docs/howto-new-study.md", tmp_path)
    assert "data/north/codings/ben.csv:4" in said
    assert "extra_work" in said
    assert (tmp_path / "wounds/reports/paper.html").is_file()


@pytest.mark.slow
def test_a_release_and_what_changed(root: Path, tmp_path: Path) -> None:
    """A release, a second site, a contradiction that is acknowledged, as the how-to has it."""
    said = run_page(root / "docs/howto-releases.md", tmp_path)
    assert "one site joined (South) and one transcript came in" in " ".join(said.split())
    assert "the evidence contradicts the claim 'every-site'" in said
    page = (tmp_path / "wounds/reports/changes.html").read_text(encoding="utf-8")
    assert "acknowledged by E. Bird" in page


def copy_of_the_project(root: Path, folder: Path, *tops: str) -> None:
    """The project's own files under some of its folders, in a folder of their own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *tops], cwd=root, capture_output=True, text=True, check=False
    )
    names = [name for name in listed.stdout.split("\0") if name and (root / name).is_file()]
    if not names:
        pytest.skip("not a git checkout")
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((root / name).read_bytes())


@pytest.fixture(scope="module")
def demonstration(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own files in a folder of their own, after the command that both begin with."""
    folder = tmp_path_factory.mktemp("demonstration")
    copy_of_the_project(root, folder, "config", "data", "notebooks", "reports", "docs/examples")
    done = themetrail("run", "--study", str(folder))
    assert done.status == 0, done.output
    return folder


@pytest.mark.slow
def test_a_first_run(root: Path, demonstration: Path, tmp_path: Path) -> None:
    """The tutorial on the demonstration study, in a copy of the project's own files."""
    shutil.copytree(demonstration, tmp_path, dirs_exist_ok=True)
    run_page(root / "docs/tutorial-first-run.md", tmp_path)
    assert (tmp_path / "reports/paper.html").is_file()


@pytest.mark.slow
def test_an_auditors_ten_questions(root: Path, demonstration: Path, tmp_path: Path) -> None:
    """Every command of the page, on the demonstration, and that each answer is what it promises."""
    shutil.copytree(demonstration, tmp_path, dirs_exist_ok=True)
    said = " ".join(run_page(root / "docs/audit.md", tmp_path).split())
    for answer in (
        "means: People with at least one segment of “Engagement decides acceptance”",  # 1
        "table: results/synthesis/themes.csv (themes)",
        "file: data/alder/codings/coder_b.qdpx, row",  # opened in full
        "printed as: A01, practitioner, Alder",  # 2
        "speaks against the claim",
        "sha256: ",
        "decision keep, adjudication",  # 3
        "judged and not marked by: coder_a, coder_c decided by: adjudicator 2021-11",
        "place A01:770 marked, and not kept",
        "place A01:1234 nobody marked it judged and not marked by: coder_a, coder_b",
        "✓ Quotations are verbatim (30 quotations)",  # 4
        "✓ The crate is as it was written",  # 5
        "24 transcripts among them: whether quotations are verbatim",
        "✓ No decision was taken out since earlier-crate.zip",  # 6
        "Nothing of the person is left",  # 9
    ):
        assert answer in said, answer
    assert said.count("Nothing was altered.") == 3


@pytest.mark.slow
def test_a_new_site(root: Path, demonstration: Path, tmp_path: Path) -> None:
    """The fifth site: waiting transcripts wait, other sites stay, the paper is another."""
    shutil.copytree(demonstration, tmp_path, dirs_exist_ok=True)
    said = run_page(root / "docs/tutorial-new-site.md", tmp_path)
    assert "5 transcripts, 2 coders; 1 transcript waiting to be coded." in said
    assert "Not touched: alder, birch, cedar, damson." in said
    assert "elm: E05 waits to be coded" in said
    assert "elm: 1 coder's file is changed (coder_a.csv)" in said
    facts = {
        row["id"]: row["value"]
        for row in json.loads((tmp_path / "results/facts.json").read_text())["facts"]
    }
    assert (facts["n.transcripts"], facts["n.transcripts.waiting"]) == (29, 1)
    assert facts["n.sites"] == 5
    # Who is waiting is no silent voice: themes are counted of those with a coded transcript.
    themes = Path(tmp_path / "results/synthesis/themes.csv").read_text().splitlines()
    of = themes[0].split(",").index("of_participants")
    assert {row[of] for row in csv.reader(themes[1:])} == {"28"}
    paper = (tmp_path / "reports/paper.html").read_text(encoding="utf-8")
    assert "Transcripts waiting to be coded:" in paper
    assert not (tmp_path / "data/elm").exists()

"""Notebooks for the public: an author's tag is a promise, and the gate looks whether it is kept."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from support import ROOT, replace, themetrail
from themetrail.audit.exit_notebooks import check_notebooks
from themetrail.errors import Problem, Problems

SAID = "nobody ever asked me whether the calls were any good at all"
PEOPLE = pd.DataFrame(
    {
        "participant_id": ["N1", "N2", "S1", "7"],
        "site": ["north", "north", "south", "north"],
        "role": ["nurse", "nurse", "gp_partner", "2"],
    }
)
TEXTS = pd.DataFrame({"transcript_id": ["N1", "S1"], "text": ["N1: Yes.", f"S1: {SAID}."]})


def found(output: str, paper: str = "It was good (N1, North).") -> list[Problem]:
    """What is said of a page with one output."""
    page = (
        f'<main><div class="cell code"><pre>x</pre><div class="output">{output}</div></div></main>'
    )
    problems = Problems()
    tables = {"participants": PEOPLE, "transcripts": TEXTS}
    labels = {"north": "North Ward", "south": "South"}
    check_notebooks({"reports/notebooks/a.html": page}, paper, tables, labels, 3, problems)
    return problems.rows


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (f"<pre>{SAID}</pre>", "exit_transcript_words"),
        (f"<table><tr><td>{SAID.upper()}!</td></tr></table>", "exit_transcript_words"),
        ("<pre>S1    4\nName: count</pre>", "exit_pseudonym"),
        ("<pre>so said N1-S1.</pre>", "exit_pseudonym"),
        ("<pre>gp_partner    1\nName: count</pre>", "exit_small_count"),
        ("<pre>gp partner   1</pre>", "exit_small_count"),
        (
            "<table><tr><td></td><th>codes</th><th>n_participants</th></tr>"
            "<tr><th>North Ward</th><td>9</td><td>2</td></tr></table>",
            "exit_small_count",
        ),
        ("<pre>site   North Ward  South\nnurse           2      5</pre>", "exit_small_count"),
    ],
)
def test_what_a_tag_may_not_let_out_is_found(output: str, kind: str) -> None:
    """Protects people: a slip of the author's is no release."""
    rows = found(output)
    assert [row.kind for row in rows] == [kind]
    assert "in the output of code 1" in rows[0].message
    assert "public" in rows[0].remedy
    assert not any(word in str(rows[0]) for word in ("S1", "nobody", "partner"))


def test_words_drawn_in_a_picture_are_read() -> None:
    """Protects people: a figure's labels are words too."""
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg'><text>{SAID}</text></svg>"
    coded = base64.b64encode(drawing.encode()).decode()
    rows = found(f'<img src="data:image/svg+xml;base64,{coded}" alt="x">')
    assert [row.kind for row in rows] == ["exit_transcript_words"]


@pytest.mark.parametrize(
    "output",
    [
        "<pre>N1 said so</pre>",
        "<pre>7    2</pre>",
        "<pre>North Ward    3\nSouth    0</pre>",
        "<table><tr><td></td><th>codes</th><th>coders</th></tr>"
        "<tr><th>North Ward</th><td>12</td><td>2</td></tr></table>",
        "<table><tr><th>theme</th><th>n_participants</th></tr><tr><th>T1</th><td>2</td></tr></table>",
    ],
)
def test_what_the_paper_prints_too_passes(output: str) -> None:
    """Protects the tag's use: pseudonyms under quotations, counts of themes, large groups."""
    assert found(output) == []


def test_words_that_the_paper_quotes_pass() -> None:
    """Protects the tag's use: a quotation that is published is no secret."""
    assert found(f"<pre>{SAID}</pre>", f"They said: “{SAID}”.") == []


def notebook(path: Path, source: str) -> None:
    """A notebook of one cell with the tag."""
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {"tags": ["public"]},
        "outputs": [],
        "source": source,
    }
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(book), encoding="utf-8")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Copies of the small study as if its people were real, after a run that ended well."""
    study = tmp_path_factory.mktemp("real") / "mini"
    shutil.copytree(ROOT / "tests/studies/mini", study)
    replace(study / "config/config.yaml", "demonstration: true", "demonstration: false")
    replace(study / "config/config.yaml", "min_cell: 1", "min_cell: 3")
    notebook(study / "notebooks/people.ipynb", "print('nothing of anybody')")
    done = themetrail("run", "--study", str(study), "--cores", "2")
    assert done.status == 0, done.output
    return lambda: Path(shutil.copytree(study, tmp_path_factory.mktemp("copy") / "mini"))


@pytest.mark.slow
def test_a_run_releases_no_notebook_that_tells_of_people(real: Callable[[], Path]) -> None:
    """Protects people, with the whole workflow: the tag alone publishes nothing."""
    study = real()
    cells = "from themetrail import Study\nStudy().participants[['participant_id', 'role']]"
    notebook(study / "notebooks/people.ipynb", cells)
    for wanted in ((), ("reports/notebooks/people.html",)):
        done = themetrail("run", *wanted, "--study", str(study), "--cores", "2")
        assert done.status == 1
        said = " ".join(done.output.split())
        assert "Nothing is released" in said
        assert "reports/notebooks/people.html: holds, in the output of code 1, a pseudonym" in said
        assert "Take the tag 'public' from the cell" in said
        assert not (study / "reports/notebooks/people.html").exists()
    notebook(study / "notebooks/people.ipynb", "print('nothing of anybody')")
    done = themetrail("run", "--study", str(study), "--cores", "2")
    assert done.status == 0, done.output

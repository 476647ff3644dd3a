"""Notebooks: run by this interpreter, over no network, to the same page every time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from browser import browser, open_page, overflow, violations  # noqa: F401
from lxml import html
from themetrail.errors import InputError
from themetrail.provenance import PACKAGE, code_of, modules_of
from themetrail.report.notebook_html import sanitised
from themetrail.report.notebook_page import page
from themetrail.report.notebooks import execute
from themetrail.report.sources import notebooks_of

PICTURE = """\
import base64
class Picture:
    def _repr_png_(self):
        return base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg"
                                "YGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==")
Picture()
"""
CELLS = (
    ("markdown", "# A *small* notebook\n\nA formula $\\alpha = 1 - x$ and `code`."),
    ("code", "import sys, os\nprint(sys.executable)\nprint(os.path.basename(os.getcwd()))"),
    ("code", "import pandas as pd\npd.DataFrame({'a': [1, 2], 'text': ['<b>$x$</b>', 'y']})"),
    ("code", "object()"),
    ("code", "import pathlib\npathlib.Path.cwd()"),
    ("code", PICTURE),
    ("code", "hash('the same in every run')"),
)


def write(place: Path, cells: tuple[tuple[str, str], ...] = CELLS) -> Path:
    """A notebook with cells, and outputs of an earlier life."""
    place.mkdir(parents=True, exist_ok=True)
    old = {"output_type": "stream", "name": "stdout", "text": "stale"}
    made: list[dict[str, Any]] = []
    for number, (kind, source) in enumerate(cells):
        cell: dict[str, Any] = {"cell_type": kind, "id": f"c{number}", "metadata": {}}
        cell["source"] = source
        if kind == "code":
            cell |= {"outputs": [old], "execution_count": 9}
        made.append(cell)
    book = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (place / "small.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return place / "small.ipynb"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the pages of two runs in different folders; one notebook, two studies."""
    made = []
    for name in ("one", "two"):
        place = tmp_path_factory.mktemp(name)
        study = place / "study"
        study.mkdir()
        page = place / "small.html"
        execute(write(place), page, study_root=study, demonstration=True)
        made.append(page)
    return made


def test_two_runs_give_the_same_page(pages: list[Path]) -> None:
    """Protects byte-identical pages: no counts, times, folders or addresses in memory."""
    first, second = (page.read_text(encoding="utf-8") for page in pages)
    assert first == second
    assert str(pages[0].parent) not in first
    assert "stale" not in first
    assert "&lt;object at 0x…" in first


def test_what_is_printed_slowly_is_one_output(tmp_path: Path) -> None:
    """Protects byte-identical pages on a busy machine, where a stream arrives in pieces."""
    slow = "import time\nprint('first', flush=True)\ntime.sleep(1)\nprint('second', flush=True)"
    page = tmp_path / "page.html"
    execute(write(tmp_path, (("code", slow),)), page, study_root=tmp_path, demonstration=True)
    assert "first\nsecond" in page.read_text(encoding="utf-8")


def test_cells_run_in_this_interpreter_and_in_the_studys_folder(pages: list[Path]) -> None:
    """Protects against another environment's kernel."""
    said = html.fromstring(pages[0].read_text(encoding="utf-8")).text_content()
    assert sys.executable in said
    assert "study" in said


def test_outputs_are_of_their_kind(pages: list[Path]) -> None:
    """Formulas as MathML, tables as tables with their text as text, pictures within the page."""
    tree = html.fromstring(pages[0].read_text(encoding="utf-8"))
    assert tree.xpath("//*[local-name()='math']")
    assert "<b>$x$</b>" in [cell.text_content() for cell in tree.xpath("//td")]
    assert [src[:22] for src in tree.xpath("//img/@src")] == ["data:image/png;base64,"]
    assert all(tree.xpath("//img/@alt"))
    assert tree.xpath("//title")[0].text == "A small notebook"
    assert "No person was interviewed" in tree.text_content()
    assert not tree.xpath("//script | //link")


def test_a_failing_cell_is_named(tmp_path: Path) -> None:
    """Protects whoever has to mend it: which notebook, which cell, which error; and no page."""
    bad = write(tmp_path, (("code", "a = 1"), ("code", "assert a == 2, 'the counts differ'")))
    with pytest.raises(InputError) as caught:
        execute(bad, tmp_path / "page.html", study_root=tmp_path)
    said = str(caught.value)
    assert said.startswith("small.ipynb, code cell 2 (assert a == 2")
    assert "AssertionError: the counts differ" in said
    assert "Traceback" not in said
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"cells": 1, "nbformat": 4}'])
def test_what_is_no_notebook_is_refused_in_words(text: str, tmp_path: Path) -> None:
    """Protects against a traceback for a broken file."""
    (tmp_path / "bad.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.ipynb is no notebook"):
        execute(tmp_path / "bad.ipynb", tmp_path / "page.html", study_root=tmp_path)


def test_a_users_own_start_up_files_play_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the result from what somebody's IPython does at its start."""
    startup = tmp_path / "home" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("intruder = 1", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "home"))
    book = write(tmp_path, (("code", "'intruder' in globals()"),))
    execute(book, tmp_path / "page.html", study_root=tmp_path)
    assert "<code>False</code>" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_notebook_runs_without_a_network(tmp_path: Path) -> None:
    """Protects the promise that no run touches the network, not even the machine's own."""
    alone = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this machine allows no process without network")
    script = (
        "import sys; from pathlib import Path; from themetrail.report.notebooks import execute\n"
        "here = Path(sys.argv[1])\n"
        "execute(here / 'small.ipynb', here / 'page.html', study_root=here)"
    )
    write(tmp_path, CELLS[:2])
    command = [*alone, sys.executable, "-c", script, str(tmp_path)]
    # no home either: nothing of a user's Jupyter is needed
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "nowhere"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=bare)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page.html").exists()


@pytest.mark.slow
def test_the_page_suits_a_phone_and_axe(pages: list[Path], browser: Any) -> None:  # noqa: F811
    """Protects readers: nothing sticks out, no rule of accessibility is broken."""
    for width in (390, 1280):
        page = open_page(browser, pages[0], width)
        assert overflow(page) <= 0
        assert violations(page) == ""
        page.close()


def test_of_html_only_tables_are_left() -> None:
    """Protects readers from what an output brings along; its words are kept, as words."""
    hostile = (
        "<script>alert(1)</script><style>td{color:red}</style><img src=x onerror=alert(1)>"
        '<table onclick="x()"><thead><tr><th></th><th colspan="2">a</th></tr></thead><tbody>'
        '<tr><th rowspan="2" style="x">r</th><td>&lt;b&gt; <a href="javascript:x">words</a></td>'
        "</tr></tbody></table>"
    )
    assert sanitised(hostile) == (
        '<table><thead><tr><td></td><th scope="colgroup" colspan="2">a</th></tr></thead><tbody>'
        '<tr><th scope="rowgroup" rowspan="2">r</th><td>&lt;b&gt; words</td></tr></tbody></table>'
    )


def test_markup_of_a_text_is_text_and_names_of_headings_differ() -> None:
    """Protects the page from HTML in a Markdown cell, and links from leading to the wrong place."""
    texts = ("# One\n\n<script>alert(1)</script> $x < y$", "# One\n\n```html\n<b>\n```")
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    made = page({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, "a.ipynb")
    tree = html.fromstring(made)
    assert not tree.xpath("//script")
    assert "<script>alert(1)</script>" in tree.text_content()
    assert "<b>" in tree.text_content()
    assert [part.get("id") for part in tree.xpath("//section")] == ["one", "one-2"]


def test_the_public_sees_the_outputs_of_tagged_cells_alone(tmp_path: Path) -> None:
    """Protects people: what nobody vouched for is kept back, and said to be."""
    book = write(tmp_path, (("code", "print('told')"), ("code", "print('kept ' + 'back')")))
    cells = json.loads(book.read_text(encoding="utf-8"))
    cells["cells"][0]["metadata"] = {"tags": ["public", "other"]}
    book.write_text(json.dumps(cells), encoding="utf-8")
    said = {}
    for name, how in (
        ("team", {}),
        ("public", {"public": True}),
        ("fictional", {"public": True, "demonstration": True}),
    ):
        execute(book, tmp_path / f"{name}.html", study_root=tmp_path, **how)
        page_text = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        said[name] = html.fromstring(page_text).text_content()
    assert "told" in said["public"]
    assert "kept back\n" not in said["public"]
    assert "Output kept back: for the study team alone." in said["public"]
    assert "Public." in said["public"]
    for name in ("team", "fictional"):
        assert "kept back\n" in said[name]
        assert "Output kept back" not in said[name]


def test_what_a_notebook_imports_is_code_of_its_page(tmp_path: Path) -> None:
    """Protects against stale pages: a change of what cells import must run them again."""
    shipped = notebooks_of(tmp_path)["themes"]
    names = {
        path.relative_to(PACKAGE).as_posix() for path in modules_of(shipped) if path != shipped
    }
    assert {"study.py", "config.py", "contracts.py"} <= names
    cells = "%matplotlib inline\nfrom themetrail.coding import rock"
    book = write(tmp_path, (("code", cells), ("code", "this is no Python")))
    assert PACKAGE / "coding/rock.py" in modules_of(book)
    assert code_of("notebook_page.py", book) != code_of("notebook_page.py")
    assert code_of("notebook_page.py", write(tmp_path / "b")) == code_of("notebook_page.py")

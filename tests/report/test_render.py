"""The paper in every format: the same bytes, nothing fetched, nothing silently wrong."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import paper_sample
import pytest
from themetrail.errors import InputError
from themetrail.report import ast
from themetrail.report.render import EXTENSIONS, render

FORMATS = tuple(EXTENSIONS)


def write(place: Path, form: str, document: dict[str, Any] | None = None, **more: Any) -> bytes:
    """Render the sample into a folder of its own."""
    resources, references = paper_sample.folders(place / "pictures")
    output = place / f"paper.{EXTENSIONS[form]}"
    arguments = {"study": paper_sample.STUDY, "csl": None, "engine": "pandoc", **more}
    render(
        document or paper_sample.document(),
        output,
        format=form,
        bibliography=references,
        resources=resources,
        **arguments,
    )
    return output.read_bytes()


def unpacked(data: bytes) -> bytes:
    """The parts of a Word file one after the other; any other file as it is."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"\n".join(name.encode() + archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("form", FORMATS)
def test_two_runs_in_different_places_give_the_same_bytes(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects byte-identical papers: no clock, no folder, no language of the machine in them."""
    first = write(tmp_path / "a", form)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    second = write(tmp_path / "b" / "deeper", form)
    assert first == second
    assert str(tmp_path).encode() not in unpacked(first)


@pytest.mark.parametrize("form", ["html", "docx", "jats"])
def test_fictional_data_are_named_so_on_the_face_of_it(form: str, tmp_path: Path) -> None:
    """Protects readers: a demonstration can't be taken for evidence, and a study is none."""
    real = {**paper_sample.STUDY, "demonstration": False}
    assert b"No person was interviewed" in unpacked(write(tmp_path / "a", form))
    assert b"No person was interviewed" not in unpacked(write(tmp_path / "b", form, study=real))


def test_an_unresolved_reference_stops_the_paper_and_leaves_the_old_one(tmp_path: Path) -> None:
    """Protects against a paper with a hole, and against losing the last good one."""
    before = write(tmp_path, "html")
    bad = paper_sample.document(*ast.parse("See @fig-nowhere.")["blocks"])
    with pytest.raises(InputError, match="unresolved cross reference @fig-nowhere"):
        write(tmp_path, "html", bad)
    assert (tmp_path / "paper.html").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paper.html", "pictures"]


@pytest.mark.parametrize("form", ["html", "jats"])
def test_an_unknown_citation_is_named(form: str, tmp_path: Path) -> None:
    """Protects against '???' in print."""
    bad = paper_sample.document(*ast.parse("As shown [@nobody1999].")["blocks"])
    with pytest.raises(InputError, match="nobody1999"):
        write(tmp_path, form, bad)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("https://example.org/a.png", "no address is fetched"),
        ("//example.org/a.png", "no address is fetched"),
        ("../../secret.png", "is not in"),
        ("missing.png", "is not in"),
        ("paper.tex", "is none of"),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_pictures_come_from_the_study_alone(
    form: str, target: str, said: str, tmp_path: Path
) -> None:
    """Protects against network access and files that are none of the paper's."""
    (tmp_path / "secret.png").write_bytes(paper_sample.PNG)
    bad = ast.figure("fig-two", target, "alt", ast.inlines("caption"), {})
    with pytest.raises(InputError, match=said):
        write(tmp_path / "a", form, paper_sample.document(bad))


def test_a_bibliography_is_not_needed(tmp_path: Path) -> None:
    """A study without references has a paper too."""
    resources, _ = paper_sample.folders(tmp_path / "pictures")
    plain = {**paper_sample.document(), "blocks": [ast.para(ast.inlines("Text."))]}
    for form in FORMATS:
        output = tmp_path / f"paper.{EXTENSIONS[form]}"
        render(
            plain,
            output,
            format=form,
            study={"title": "A title"},
            bibliography=tmp_path / "none.bib",
            csl=None,
            resources=resources,
            engine="pandoc",
        )
        assert output.stat().st_size > 1000


def test_wrong_words_are_named_with_the_nearest_right_one(tmp_path: Path) -> None:
    """An unknown format or engine is an error in words."""
    with pytest.raises(InputError, match="Did you mean 'docx'"):
        render(
            paper_sample.document(),
            tmp_path / "a",
            format="docy",
            study={},
            bibliography=None,
            csl=None,
            resources=tmp_path,
        )
    with pytest.raises(InputError, match="no engine 'pandok'"):
        write(tmp_path, "html", engine="pandok")


def test_a_users_own_pandoc_settings_play_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the bytes from templates and reference documents in somebody's home."""
    home = tmp_path / "data"
    (home / "pandoc").mkdir(parents=True)
    (home / "pandoc" / "reference.docx").write_bytes(b"not a Word file")
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    assert write(tmp_path / "a", "docx").startswith(b"PK")


@pytest.mark.slow
def test_every_format_is_made_without_a_network(tmp_path: Path) -> None:
    """Protects the promise that no run touches the network."""
    alone = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this machine allows no process without network")
    script = "\n".join(
        [
            "import sys; from pathlib import Path",
            "sys.path[:0] = sys.argv[2:]",
            "from report.test_render import FORMATS, write",
            "for form in FORMATS: write(Path(sys.argv[1]) / form, form)",
        ]
    )
    tests = str(Path(__file__).parents[1])
    command = [*alone, sys.executable, "-c", script, str(tmp_path), tests]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*/paper.*"))) == len(FORMATS)


# ------------------------------------------------------------------ Quarto
def words_of(blocks: Any) -> str:
    """The text of blocks without blanks, so that line breaks don't count."""
    return re.sub(r"[\s\u200b]", "", ast.text_of(blocks))


def test_what_quarto_gets_reads_back_as_what_was_said(tmp_path: Path) -> None:
    """Protects literal text on the way through Markdown: nothing becomes code or a shortcode."""
    from themetrail.report.render import quarto
    from themetrail.report.render.document import front_of

    resources, _ = paper_sample.folders(tmp_path / "pictures")
    document = paper_sample.document()
    front = front_of(document, paper_sample.STUDY)
    quarto.source(document, tmp_path, front, "html", folders=[resources])
    written = (tmp_path / "paper.qmd").read_text(encoding="utf-8")
    back = ast.parse(written)
    assert words_of(paper_sample.quote(paper_sample.HOSTILE)) in words_of(back["blocks"])
    # A backslash keeps Quarto from reading a shortcode, an include or a cell.
    assert "{{<" not in written
    assert not re.search(r"^```\{", written, re.MULTILINE)
    assert {"#fig-one}", "#tbl-long}", "#sec-methods}"} <= set(re.findall(r"#[\w-]+\}", written))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_quarto_makes_the_same_paper(form: str, tmp_path: Path) -> None:
    """The other engine, where it is installed."""
    if shutil.which("quarto") is None:
        pytest.skip("quarto is not on the PATH (no package of it can be installed here)")
    made = unpacked(write(tmp_path, form, engine="quarto"))
    assert made


def test_a_missing_quarto_is_an_error_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configured engine that is not there is named with the way out."""
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(InputError, match="quarto is not on the PATH"):
        write(tmp_path, "html", engine="quarto")


def test_the_document_is_left_as_it_was(tmp_path: Path) -> None:
    """Rendering reads its input and changes nothing of it."""
    document = paper_sample.document()
    before = json.dumps(document)
    write(tmp_path, "pdf", document)
    assert json.dumps(document) == before


@pytest.mark.parametrize("form", FORMATS)
def test_a_paper_may_have_next_to_no_title_block(form: str, tmp_path: Path) -> None:
    """A study that sets only a title has a paper; so has one in another language."""
    bare = paper_sample.document()
    for language in ("de", "cy-GB"):
        bare["meta"] = {"lang": {"t": "MetaInlines", "c": ast.inlines(language)}}
        assert write(tmp_path / language, form, bare, study={"title": "Only a title"})


@pytest.mark.parametrize("form", FORMATS)
def test_wide_tables_may_stand_anywhere(form: str, tmp_path: Path) -> None:
    """Protects authors: between paragraphs, one after the other, within a group of blocks."""
    between = ast.para(ast.inlines("Between."))
    group = ast.div([*paper_sample.table("grouped", 3, wide=True), between], ["theirs"])
    more = [*paper_sample.table("first", 3, wide=True), *paper_sample.table("second", 3, wide=True)]
    assert write(tmp_path, form, paper_sample.document(*more, between, group))

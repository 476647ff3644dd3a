"""What is written can be read again, by us and by the standard's schema, to the same codings."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from themetrail.coding import read_coding
from themetrail.coding.convert import WRITERS, convert, write_project
from themetrail.coding.model import FoundCode
from themetrail.coding.project import Coded, Project
from themetrail.coding.write_refi import qdc, qde
from themetrail.errors import InputError

# The examples of a test may share its folder: each writes the same file anew.
SHARED = [HealthCheck.function_scoped_fixture]
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from(
    "\n\t 🙂"
)
NAMES = st.sampled_from(["workload", "double_entry", "=SUM(A1)", "é>ü", "-x", "a.b"])
MEMOS = st.text(CHARACTERS, max_size=20).filter(lambda t: not t or bool(t.strip()))


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Any project: texts of any characters, codings anywhere in them."""
    texts = {
        name: draw(
            st.text(CHARACTERS, min_size=2, max_size=60).filter(lambda t: len(t.strip()) > 1)
        )
        for name in draw(st.lists(st.sampled_from(["A01", "A02", "B 3"]), min_size=1, unique=True))
    }
    codings = []
    for _ in range(draw(st.integers(0, 6))):
        source = draw(st.sampled_from(sorted(texts)))
        text = texts[source]
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        coder = draw(st.sampled_from(["ann", "bob"]))
        codings.append(Coded(source, draw(NAMES), coder, start, end, "", draw(MEMOS)))
    codes = [FoundCode(n, (n,)) for n in dict.fromkeys(c.code for c in codings)]
    return Project("study", texts, codes, codings, ("ann",))


def rows(project: Project, *names: str) -> Counter[tuple[Any, ...]]:
    """The codings of a project, as these columns."""
    return Counter(tuple(getattr(c, name) for name in names) for c in project.codings)


def read(path: Path, *names: str) -> Counter[tuple[Any, ...]]:
    """The codings of a file, as these columns."""
    return Counter(read_coding(path).spans[list(names)].itertuples(index=False, name=None))


ALL = ("source", "code", "coder", "start", "end", "memo")


@pytest.mark.parametrize("extension", [".csv", ".tsv", ".xlsx", ".qdpx"])
@given(project=projects())
@settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
def test_nothing_is_lost_on_the_way(tmp_path: Path, extension: str, project: Project) -> None:
    """Every span, code, coder and memo comes back."""
    path = tmp_path / f"ann{extension}"
    write_project(project, path)
    assert read(path, *ALL) == rows(project, *ALL)


@given(project=projects())
@settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
def test_taguette_keeps_what_it_can(tmp_path: Path, project: Project) -> None:
    """Taguette has no memos; everything else comes back, also beside emoji."""
    path = tmp_path / "ann.sqlite3"
    write_project(project, path)
    found = read_coding(path)
    assert found.texts == project.texts
    names = ("source", "coder", "start", "end")
    assert read(path, *names) == rows(project, *names)


@given(project=projects())
@settings(max_examples=40, deadline=None, suppress_health_check=SHARED)
def test_texts_travel_unchanged(tmp_path: Path, project: Project) -> None:
    """A project's texts are the canonical ones, character by character."""
    path = tmp_path / "ann.qdpx"
    write_project(project, path)
    assert read_coding(path).texts == project.texts


PLAIN = Project(
    "study",
    {"A01": "P1: Nobody asked us.\nP1: It was one more log-in.", "A02": "P2: =Fine 🙂."},
    [
        FoundCode("workload", ("work", "workload"), "Too <much> & more"),
        FoundCode("other", ("other",)),
    ],
    [
        Coded("A01", "workload", "ann", 4, 20, memo="a\r\n memo "),
        Coded("A01", "other", "bob", 25, 49, coded_at="2026-01-02"),
        Coded("A02", "other", "bob", 4, 12),
    ],
    ("ann",),
)


def test_projects_are_valid(shared: Path) -> None:
    """The standard's own schemas accept our projects and codebooks."""
    from lxml import etree

    folder = shared / "samples" / "schema"
    if not folder.is_dir():
        pytest.skip("no schemas")
    for name, data in (("Project.xsd", qde(PLAIN)), ("Codebook.xsd", qdc(PLAIN))):
        schema = etree.XMLSchema(etree.parse(folder / name))
        schema.assertValid(etree.fromstring(data))


def test_archives_are_as_programs_expect(tmp_path: Path) -> None:
    """project.qde and sources/ with GUIDs for names, LF, no byte order mark, no clock."""
    path = tmp_path / "ann.qdpx"
    write_project(PLAIN, path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert names[0] == "project.qde"
        assert all(n.startswith("sources/") and n.endswith(".txt") for n in names[1:])
        assert archive.read(names[1]).decode() == PLAIN.texts["A01"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("extension", sorted(WRITERS))
def test_the_same_project_gives_the_same_bytes(tmp_path: Path, extension: str) -> None:
    """No clock, no chance, no order of memory."""
    first, second = tmp_path / f"a{extension}", tmp_path / f"b{extension}"
    write_project(PLAIN, first)
    write_project(PLAIN, second)
    assert first.read_bytes() == second.read_bytes()


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """Names that begin like formulas are text in CSV and in XLSX."""
    project = Project(
        "s", {"A": "=1+1 is two"}, (), [Coded("A", "=cmd()", "@ann", 0, 4, memo="+1")]
    )
    write_project(project, tmp_path / "a.csv")
    write_project(project, tmp_path / "a.xlsx")
    assert "'=cmd()" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert read(tmp_path / "a.csv", *ALL) == rows(project, *ALL)


def test_words_without_a_text_have_no_place(tmp_path: Path) -> None:
    """A table of quotations alone can't become a project, and that is said."""
    source = tmp_path / "ann.csv"
    source.write_text("transcript_id,quote,code\nA01,Nobody,workload\n")
    with pytest.raises(InputError, match="words only"):
        convert(source, tmp_path / "ann.qdpx")
    assert not (tmp_path / "ann.qdpx").exists()
    with pytest.raises(InputError, match=r"no codings are written as '\.doc'"):
        convert(source, tmp_path / "ann.doc")


@pytest.mark.parametrize("middle", [".csv", ".xlsx", ".sqlite3", ".qdpx"])
def test_conversions_chain(tmp_path: Path, root: Path, middle: str) -> None:
    """A real coder's project through another format and back says the same."""
    source = root / "data" / "alder" / "codings" / "coder_b.qdpx"
    assert convert(source, tmp_path / f"coder_b{middle}") == []
    names = ("source", "start", "end", "coder")
    assert read(tmp_path / f"coder_b{middle}", *names) == read(source, *names)


def test_rock_is_read_again(tmp_path: Path) -> None:
    """Codes come back on the lines that they touch."""
    write_project(PLAIN, tmp_path / "ann.rock")
    spans = read_coding(tmp_path / "ann.rock").spans
    assert sorted(zip(spans["source"], spans["code"], spans["quote"], strict=True)) == [
        ("A01", "other", "P1: It was one more log-in."),
        ("A01", "workload", "P1: Nobody asked us."),
        ("A02", "other", "P2: =Fine 🙂."),
    ]


def test_codes_of_one_name_stay_two(tmp_path: Path) -> None:
    """NVivo allows a name twice under different parents; both survive, each with its codings."""
    codes = [FoundCode("x", ("a", "x"), guid="1"), FoundCode("x", ("b", "x"), guid="2")]
    codings = [
        Coded("A", "x", "ann", 0, 3, path=("a", "x")),
        Coded("A", "x", "ann", 4, 7, path=("b", "x")),
    ]
    write_project(Project("s", {"A": "one two"}, codes, codings), tmp_path / "a.qdpx")
    convert(tmp_path / "a.qdpx", tmp_path / "b.qdpx")
    found = read_coding(tmp_path / "b.qdpx")
    assert [c.path for c in found.codes if c.codable] == [("a", "x"), ("b", "x")]


def test_long_words_fit_a_workbook(tmp_path: Path) -> None:
    """Words longer than a cell are left to the offsets; a longer memo is refused, not cut."""
    text = "word " * 10_000
    whole = Project("s", {"A": text}, (), [Coded("A", "x", "ann", 0, len(text))])
    write_project(whole, tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx", "start", "end") == Counter({(0, len(text)): 1})
    memo = Project("s", {"A": text}, (), [Coded("A", "x", "ann", 0, 4, memo=text)])
    with pytest.raises(InputError, match="more than a cell"):
        write_project(memo, tmp_path / "b.xlsx")


def test_study_goes_out_and_comes_back(
    make_site: Callable[..., Any], tmp_path: Path, refi: Any
) -> None:
    """Study to project to study: every span, code, coder and memo is the same."""
    from themetrail.coding.project import project_of

    site = make_site()
    site.put(
        "ann.csv",
        "transcript_id,quote,code,memo\nA01,Nobody asked us.,workload,why?\n"
        "A02,I don't “do” log-ins.,double_entry,\nA01,in March,early_involvement,\n",
    )
    first = site.read().spans
    import pandas as pd

    transcripts = pd.DataFrame(
        [{"transcript_id": n, "status": "ready", "text": t} for n, t in site.texts.items()]
    )
    (site.folder / "codings" / "ann.csv").unlink()
    project = project_of("study", transcripts, first, site.codebook)
    for extension in (".qdpx", ".sqlite3", ".csv", ".xlsx"):
        path = site.folder / "codings" / f"ann{extension}"
        write_project(project, path)
        again = site.read().spans
        path.unlink()
        same = ["span_id", "coder", "transcript_id", "start", "end", "code", "anchor"]
        if extension != ".sqlite3":
            same.append("memo")
            assert list(again["anchor"]) == ["exact"] * 3
        pd.testing.assert_frame_equal(again[same[:6]], first[same[:6]])

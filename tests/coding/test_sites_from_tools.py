"""A site that comes with codings of each tool is added by one command, and all count alike."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from coding.made_files import qualcoder_project, word_document
from themetrail.check import check_site
from themetrail.cli import main
from themetrail.coding import read_site
from themetrail.coding.convert import WRITERS
from themetrail.coding.files import read_file
from themetrail.coding.kept import LIST
from themetrail.coding.names import as_id
from themetrail.coding.project import Coded, Project
from themetrail.config import load


def spans_of(study: Path, site: str) -> dict[str, Counter[tuple[str, int, int, str]]]:
    """Each coder's spans as the check reads them."""
    config, _ = load(study)
    looked = check_site(config, site, [])
    found = read_site(
        study, site, looked.transcripts, looked.turns, config.codebook, looked.settings
    ).spans
    columns = [found[name] for name in ("coder", "transcript_id", "start", "end", "code")]
    told: dict[str, Counter[tuple[str, int, int, str]]] = {}
    for coder, *span in zip(*columns, strict=True):
        told.setdefault(coder, Counter())[tuple(span)] += 1  # type: ignore[index]
    return told


def test_one_coders_work_in_every_tools_file_is_the_same(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """REFI-QDA, QualCoder, Taguette, Word, ROCK and tables: the same spans to the character.

    ROCK knows whole lines only: there each coding is on the lines that it touches.
    """
    shutil.copytree(root / "config", tmp_path / "config")
    shutil.copytree(root / "data" / "damson", tmp_path / "data" / "damson")
    team = tmp_path / "team"
    shutil.copytree(root / "docs" / "examples" / "elm", team)
    (team / "codings" / "coder_a.csv").unlink()
    source = team / "codings" / "coder_b.qdpx"
    found = read_file(source, source.name)
    texts = {copy.source: copy.text for copy in found.texts.values()}
    for name, text in texts.items():
        (team / "transcripts" / f"{name}.docx").unlink()
        (team / "transcripts" / f"{name}.txt").write_text(text, encoding="utf-8")
    codings = [
        Coded(m.source, m.code, "x", m.start, m.end, quote=m.quote, memo=m.memo)
        for m in found.marks
    ]
    project = Project("elm", texts, found.codes, codings)
    folder = team / "codings"
    for extension in (".csv", ".tsv", ".xlsx", ".sqlite3", ".rock"):
        (folder / f"b{extension[1:]}{extension}").write_bytes(WRITERS[extension](project))
    (folder / "bqda.qda").write_bytes(qualcoder_project(texts, found.codes, codings))
    for name, text in texts.items():
        mine = [coding for coding in codings if coding.source == name]
        (folder / "bdocx").mkdir(exist_ok=True)
        (folder / "bdocx" / f"{name}.docx").write_bytes(word_document(text, mine))
    offsets = "".join(f"{c.source},{c.start},{c.end},{c.code}\n" for c in codings)
    (folder / "boffsets.csv").write_text(f"transcript_id,start,end,code\n{offsets}")
    line = ["site", "add", "elm", "--from", str(team), "--study", str(tmp_path)]
    assert main(line) == 0
    said = capsys.readouterr().out
    assert "5 transcripts, 9 coders; 1 transcript waiting to be coded." in said
    told = spans_of(tmp_path, "elm")
    rock = told.pop("brock")
    assert len(told) == 8
    assert all(spans == told["coder_b"] for spans in told.values()), {
        coder: len(spans) for coder, spans in told.items()
    }
    assert {(t, code) for t, _, _, code in rock} == {(t, code) for t, _, _, code in told["bcsv"]}
    kept = (tmp_path / "data" / "elm" / LIST).read_text().splitlines()[1:]
    assert {row.split(",")[0] for row in kept} >= {"boffsets"}


SAMPLES = (
    "qualitative-coding/demo.qdpx",
    "qualcoder/exports/qualcoder-4.0b_p02_ascii_two_users.qdpx",
    "qualcoder/exports/qualcoder-4.0b_p03_emoji_codepoints.qdpx",
    "qualcoder/exports/qualcoder-4.0b_p22_notes_cases_variables_sets_eol-maxqda.qdpx",
    "taguette/exports/taguette-1.5.2_p03_project.sqlite3",
    "dedoose/dedoose-irr-tool_coder_a.docx",
)


@pytest.mark.parametrize("name", SAMPLES)
def test_real_programs_files_make_a_site(
    root: Path, tmp_path: Path, shared: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program's own export, added with its texts as transcripts: every coding is counted."""
    folder = shared / "samples"
    if not folder.is_dir():
        pytest.skip("no samples")
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    expected = next(entry["expected"] for entry in entries if entry["file"] == name)
    counts = expected.get("counts", {})
    wanted = counts.get("codings", counts.get("highlight_tags", expected.get("codings")))
    path = folder / "files" / name
    found = read_file(path, path.name)
    team = tmp_path / "team"
    (team / "transcripts").mkdir(parents=True)
    (team / "codings").mkdir()
    for number, copy in enumerate(found.texts.values()):
        named = copy.source.removesuffix(".txt")
        stem = named if as_id(named) == named and named else f"T{number}"
        (team / "transcripts" / f"{stem}.txt").write_text(copy.text)
    shutil.copy(path, team / "codings" / f"ann{path.suffix}")
    study = tmp_path / "study"
    (study / "config").mkdir(parents=True)
    (study / "data").mkdir()
    (study / "config" / "config.yaml").write_text("study: {title: T, questions: [Q?]}\n")
    codes = sorted({mark.code for mark in found.marks})
    book = [{"id": f"c{n}", "label": code, "definition": "d"} for n, code in enumerate(codes)]
    (study / "config" / "codebook.yaml").write_text(json.dumps({"version": 1, "codes": book}))
    main(["site", "add", "west", "--from", str(team), "--study", str(study)])
    said = capsys.readouterr().out
    told = spans_of(study, "west")
    twice = said.count("kept once")
    assert sum(sum(spans.values()) for spans in told.values()) + twice == wanted, said

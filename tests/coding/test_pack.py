"""A coder's pack: blind, the same every time, and known again when it comes back."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from themetrail.coding import read_coding
from themetrail.coding.pack import TOOLS, make_pack, sample, write_pack
from themetrail.coding.passage import Transcript
from themetrail.coding.site import transcripts_of
from themetrail.errors import InputError


def transcripts(site: Any) -> dict[str, Transcript]:
    """The site's transcripts."""
    from_intake: Any = site.tables()
    return transcripts_of(*from_intake)


@pytest.mark.parametrize("tool", TOOLS)
def test_packs_hold_no_one_elses_work(make_site: Callable[..., Any], tool: str) -> None:
    """Transcripts, codebook and one name; no codings, no other coder, and the same bytes again."""
    site = make_site()
    first, second = (
        make_pack("study", "ann", tool, transcripts(site), site.codebook) for _ in range(2)
    )
    assert first == second
    assert "READ-ME-FIRST.txt" in first.files
    assert {row["transcript_id"] for row in first.record["transcripts"]} == {"A01", "A02"}
    assert not any(name.startswith(("/", "..")) for name in first.files)


@pytest.mark.parametrize(
    ("tool", "file"), [("qdpx", "ann.qdpx"), ("qualcoder", "ann.qdpx"), ("taguette", "ann.sqlite3")]
)
def test_projects_are_empty_and_whole(
    make_site: Callable[..., Any], tmp_path: Path, tool: str, file: str
) -> None:
    """A project has all texts and codes, one user, and nothing coded."""
    site = make_site()
    pack = make_pack("study", "ann", tool, transcripts(site), site.codebook)
    write_pack(pack, tmp_path / "pack", tmp_path / "record.json")
    found = read_coding(tmp_path / "pack" / file)
    assert found.texts == dict(site.texts)
    assert [c.name for c in found.codes if (c.codable and "." not in c.name) or "f." in c.name]
    assert found.users == ["ann"]
    assert found.spans.empty
    assert found.problems == []
    assert json.loads((tmp_path / "record.json").read_text())["coder"] == "ann"


@pytest.mark.parametrize("tool", ["csv", "xlsx"])
def test_filled_sheets_come_back(make_site: Callable[..., Any], tool: str) -> None:
    """Codes written beside turns are codings of those turns, the repeated ones too."""
    site = make_site()
    pack = make_pack("study", "ann", tool, transcripts(site), site.codebook)
    data = pack.files[f"ann.{tool}"]
    if tool == "csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
        rows = [[str(c or "") for c in row] for row in sheet.iter_rows(values_only=True)]
    codes, turn = rows[0].index("codes"), rows[0].index("turn")
    for row in rows[1:]:
        if row[0] == "A01" and row[turn] in ("2", "4"):
            row[codes] = "workload; double_entry"
    if tool == "csv":
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        site.put("ann.csv", stream.getvalue())
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        target = site.put("ann.xlsx", b"")
        book.save(target)
    coding = site.read()
    assert len(coding.spans) == 4
    assert [p for p in coding.problems if p.kind != "waiting_for_coding"] == []
    assert list(coding.coverage["transcript_id"]) == ["A01"]


def test_coded_rock_comes_back(make_site: Callable[..., Any]) -> None:
    """A code written behind a line of the pack is a coding of that line."""
    site = make_site()
    pack = make_pack("study", "ann", "rock", transcripts(site), site.codebook)
    for name in ("A01", "A02"):
        text = pack.files[f"ann/{name}.rock"].decode()
        site.put(f"ann/{name}.rock", text.replace("asked us.", "asked us. [[workload]]"))
    coding = site.read()
    said = [site.texts[r.transcript_id][r.start : r.end] for r in coding.spans.itertuples()]
    assert said == ["P1: We got the tablets in March. Nobody asked us."] * 2


def test_each_coder_has_an_order_of_their_own(make_site: Callable[..., Any]) -> None:
    """Chance and the seed decide the order; the transcripts are the same."""
    texts = {f"A{n:02}": "P1: Yes." for n in range(12)}
    site = make_site(texts)
    orders = []
    for coder, seed in (("ann", 0), ("ann", 0), ("bob", 0), ("ann", 1)):
        pack = make_pack("s", coder, "csv", transcripts(site), site.codebook, seed=seed)
        orders.append([row["transcript_id"] for row in pack.record["transcripts"]])
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert orders[0] != orders[3]
    assert {frozenset(order) for order in orders} == {frozenset(texts)}


def test_held_and_retired_stay_out(
    make_site: Callable[..., Any], make_book: Callable[..., Any]
) -> None:
    """A text that the gate holds back, and a code that is no longer used, are in no pack."""
    site = make_site(book=make_book(retired={"old": ""}), held=["A02"])
    pack = make_pack("s", "ann", "qdpx", transcripts(site), site.codebook)
    with zipfile.ZipFile(io.BytesIO(pack.files["ann.qdpx"])) as archive:
        assert len(archive.namelist()) == 2
        assert b'name="old"' not in archive.read("project.qde")


def test_wrong_wishes_are_named(make_site: Callable[..., Any], tmp_path: Path) -> None:
    """An unknown tool or transcript, nothing to code, and a pack that is there already."""
    site = make_site()
    for tool, only, says in (
        ("qdp", None, "Did you mean 'qdpx'"),
        ("csv", ["A1"], "Did you mean 'A01'"),
    ):
        with pytest.raises(InputError, match=says):
            make_pack("s", "ann", tool, transcripts(site), site.codebook, only=only)
    with pytest.raises(InputError, match="no transcript to code"):
        make_pack("s", "ann", "csv", {}, site.codebook)
    pack = make_pack("s", "ann", "csv", transcripts(site), site.codebook)
    write_pack(pack, tmp_path / "p", tmp_path / "r.json")
    with pytest.raises(InputError, match="there already"):
        write_pack(pack, tmp_path / "p", tmp_path / "r.json")


def test_samples_are_stratified_and_nested() -> None:
    """Each site gives its share, at least one; more is the same and some."""
    sites = {"alder": [f"A{n}" for n in range(20)], "birch": ["B1", "B2"]}
    small, large = sample(sites, 0.1, 7), sample(sites, 0.5, 7)
    assert {site: len(ids) for site, ids in small.items()} == {"alder": 2, "birch": 1}
    assert {site: len(ids) for site, ids in large.items()} == {"alder": 10, "birch": 1}
    assert set(small["alder"]) <= set(large["alder"])
    assert sample(sites, 0.1, 7) == small
    assert sample(sites, 0.1, 8) != small
    with pytest.raises(InputError, match="share"):
        sample(sites, 0, 1)

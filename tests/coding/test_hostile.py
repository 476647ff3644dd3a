"""Files that attack: refused with a reason, quickly, and nothing is written anywhere."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from themetrail import strangers as archives
from themetrail.coding import read_coding


def refused(site: Any, name: str, data: bytes) -> str:
    """The message with which a file is refused."""
    site.put(name, data)
    coding = site.read()
    assert coding.spans.empty
    errors = [p for p in coding.problems if p.severity == "error"]
    assert [p.file for p in errors] == [f"data/alder/codings/{name}"]
    return str(errors[0])


def zip_of(members: list[tuple[zipfile.ZipInfo | str, bytes]]) -> bytes:
    """An archive that may hold anything."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members:
            zipped.writestr(name, content)
    return stream.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    """A member that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ([("../../outside.txt", b"x")], "leaves the archive"),
        ([("/etc/outside.txt", b"x")], "leaves the archive"),
        ([("sources\\..\\outside.txt", b"x")], "leaves the archive"),
        ([("C:/outside.txt", b"x")], "leaves the archive"),
        ([(link("sources/a.txt"), b"/etc/passwd")], "is a link"),
        ([("sources/a.txt", b"x"), ("Sources/A.TXT", b"y")], "two members"),
        ([("sources/a.txt", b"\0" * 30_000_000)], "times its size"),
        ([("other.qde", b"<x/>")], "2 project files"),
        ([("nameless", b"x")], "has no name"),
    ],
)
def test_bad_archives_are_refused(
    make_site: Callable[..., Any],
    refi: SimpleNamespace,
    tmp_path: Path,
    extra: list[tuple[zipfile.ZipInfo | str, bytes]],
    says: str,
) -> None:
    """Each trick that archives are known for is named, and no file appears."""
    site = make_site()
    before = sorted(p for p in tmp_path.rglob("*") if "codings" not in p.parts)
    data = zip_of([("project.qde", refi.qde({}).encode()), *extra])
    data = data.replace(b"nameless", b"\0ameless")  # which zipfile reads as an empty name
    assert says in refused(site, "ann.qdpx", data)
    after = sorted(p for p in tmp_path.rglob("*") if "codings" not in p.parts and p.is_file())
    assert after == before


def test_lying_sizes_are_not_believed(
    make_site: Callable[..., Any], refi: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read counts, not what the archive's directory says."""
    monkeypatch.setattr(archives, "MOST_BYTES", 100_000)
    site = make_site()
    text = os.urandom(200_000).hex().encode()
    says = refused(site, "ann.qdpx", refi.qdpx(refi.qde({"A01": []}), {"A01": text}))
    assert "unpacks" in says


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        ('<!DOCTYPE p [<!ENTITY a "aaaa">]><Project>&a;</Project>', "document type"),
        ('<!DOCTYPE p SYSTEM "file:///etc/passwd"><Project/>', "document type"),
        ("<Project>" + "<Code>" * 500 + "</Code>" * 500 + "</Project>", "deeper ones"),
        ("<Project><Users></Project>", "not well-formed"),
        ("<Other/>", "root is 'Other'"),
    ],
    ids=["entities", "external", "deep", "broken", "other"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_bad_xml_is_refused(
    make_site: Callable[..., Any], refi: SimpleNamespace, xml: str, says: str, encoding: str
) -> None:
    """Entities are never expanded, depth is bounded, and damage has its line."""
    site = make_site()
    data = f'<?xml version="1.0" encoding="{encoding}"?>{xml}'.encode(encoding)
    assert says in refused(site, "ann.qdpx", refi.archive({"project.qde": data}))


def test_names_are_never_paths(
    make_site: Callable[..., Any], refi: SimpleNamespace, tmp_path: Path
) -> None:
    """A document whose name or path points outside is read as a name and never opened."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    xml = refi.qde({"A01": [refi.Selection(0, 3, "workload")]})
    site = make_site()
    for path in (f"absolute://{secret}", "relative://../secret.txt", "internal://../../secret.txt"):
        site.put("ann.qdpx", refi.archive({"project.qde": xml.replace("internal://A01.txt", path)}))
        coding = site.read()
        assert coding.spans.empty
        assert [p.kind for p in coding.problems if p.severity == "error"] == ["text_missing"]
        assert "secret words" not in str(coding.problems)


def test_cut_off_archives_are_refused(make_site: Callable[..., Any], refi: SimpleNamespace) -> None:
    """A file that did not arrive whole is said to be cut off, wherever it was cut."""
    whole = refi.qdpx(refi.qde({"A01": []}), {"A01": "x" * 1000})
    site = make_site()
    for length in (10, len(whole) // 2, len(whole) - 5):
        assert "cut-off" in refused(site, "ann.qdpx", whole[:length])


def test_workbook_with_entities_is_refused(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """Office files are XML too, and are held to the same rule."""
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    with zipfile.ZipFile(stream) as zipped:
        members: dict[str, str | bytes] = {n: zipped.read(n) for n in zipped.namelist()}
    members["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + bytes(
        members["xl/workbook.xml"]
    )
    assert "document type" in refused(make_site(), "ann.xlsx", refi.archive(members))


def test_damaged_workbook_is_refused(make_site: Callable[..., Any], refi: SimpleNamespace) -> None:
    """Whatever openpyxl meets in a damaged workbook becomes one sentence."""
    says = refused(make_site(), "ann.xlsx", refi.archive({"xl/workbook.xml": "<workbook/>"}))
    assert "damaged workbook" in says


def test_links_in_the_folder_are_not_followed(
    make_site: Callable[..., Any], tmp_path: Path
) -> None:
    """A symbolic link among the coders' files is passed over."""
    site = make_site()
    outside = tmp_path / "outside.csv"
    outside.write_text("transcript_id,quote,code\nA01,Nobody asked us.,workload\n")
    site.folder.joinpath("codings").mkdir(parents=True)
    (site.folder / "codings" / "ann.csv").symlink_to(outside)
    coding = site.read()
    assert coding.spans.empty


def test_known_attacks_are_survived(shared: Path) -> None:
    """The collection of hostile projects: read or refused, each in a moment."""
    folder = shared / "samples" / "hostile"
    if not folder.is_dir():
        pytest.skip("no hostile samples")
    refused_ones = {p.name[:3] for p in folder.glob("*.qdpx") if read_coding(p).problems}
    assert refused_ones == {"h02", "h04"}


def test_pipes_in_the_folder_do_not_hang(make_site: Callable[..., Any]) -> None:
    """What is no regular file is not waited for."""
    site = make_site()
    (site.folder / "codings").mkdir(parents=True)
    os.mkfifo(site.folder / "codings" / "ann.csv")
    (error,) = [p for p in site.read().problems if p.severity == "error"]
    assert "not a file" in error.message

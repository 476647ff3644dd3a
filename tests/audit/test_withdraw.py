"""Withdrawal: the person is gone from everything that a run makes, and it is proved."""

from __future__ import annotations

import contextlib
import gzip
import html
import io
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader
from support import ROOT, themetrail
from themetrail.audit.traces import person, search, shingles, texts_of
from themetrail.audit.withdrawal import DERIVED, find, record, without_rows
from themetrail.config import load
from themetrail.errors import InputError, Problems
from themetrail.exclusions import fingerprint, read_dropped

SAID = ("After that we had to pay for it ourselves", "asked what they needed")


# ------------------------------------------------------------------ the whole command
def layers(data: bytes) -> Iterator[bytes]:
    """A file's bytes and all that is packed in it, by means other than the command's own."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from layers(archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield from layers(gzip.decompress(data))
    elif data.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(data)).pages
        yield " ".join("".join(page.extract_text() for page in pages).split()).encode()
    elif data.startswith(b"SQLite format 3"):
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            with contextlib.closing(sqlite3.connect(file.name)) as database:
                yield "\n".join(database.iterdump()).encode()
    elif data.startswith(b"PAR1"):
        for column in pq.read_table(io.BytesIO(data)).columns:
            yield "\n".join(map(str, column.to_pylist())).encode()


def holding(study: Path, words: str) -> set[str]:
    """Files made by a run that hold some words, tags and line ends aside."""
    wanted = "".join(words.split()).encode()
    found = set()
    for top in DERIVED:
        for file in (study / top).rglob("*"):
            for layer in layers(file.read_bytes()) if file.is_file() else ():
                bare = re.sub(rb"<[^<>]*>|\s+", b"", layer)
                if wanted in bare:
                    found.add(file.relative_to(study).as_posix())
    return found


@pytest.mark.slow
def test_a_person_who_withdraws_leaves_no_trace_in_anything_made(
    finished: Path, tmp_path: Path
) -> None:
    # The promise to whoever takes part in a study.
    study = Path(shutil.copytree(finished, tmp_path / "mini"))
    sent = themetrail("pack", "north", "--coder", "dora", "--tool", "csv", "--study", str(study))
    assert sent.status == 0, sent.output
    assert "N2" in (study / "data/north/packs/dora.json").read_text(encoding="utf-8")
    before = {words: holding(study, words) for words in SAID}
    assert {"reports/paper.html", "reports/paper.pdf", "reports/paper.docx"} <= before[SAID[0]]
    assert "results/intake/north/transcripts.parquet" in before[SAID[1]]
    done = themetrail(
        "withdraw", "N2", "--reason", "asked by letter", "--delete", "--study", str(study)
    )
    assert done.status == 0, done.output
    assert "Nothing of the person is left" in done.output
    assert "beyond reach: copies" in done.output
    for words in SAID:
        assert holding(study, words) == set()
    for file in (study / "data").rglob("*"):
        if file.is_file() and file.name != "withdrawals.csv":
            assert not re.search(r"\bN2\b", file.read_text(encoding="utf-8"))
    assert "transcript_id" in (study / "data/north/packs/dora.json").read_text(encoding="utf-8")
    assert "north,participant,withdrawn" in (study / "results/intake/north/dropped.csv").read_text()
    # The record is the only place that still knows; the log says that it happened.
    assert '"withdrawal"' in (study / "reports/decisions.jsonl").read_text(encoding="utf-8")
    assert themetrail("verify", "--study", str(study)).status == 0


@pytest.mark.slow
def test_a_person_leaves_no_trace_in_the_demonstration(tmp_path: Path) -> None:
    # The study that we show, with every format of transcript and coding; others' memos name the
    # person, and the proof is made here by means other than the command's own.
    study = tmp_path / "study"
    for name in ("config", "data", "notebooks", "reports/manuscript"):
        shutil.copytree(ROOT / name, study / name)
    before, _ = load(study)
    theirs = find(study, before, "B03")
    assert len(theirs.who.shingles) > 1000
    done = themetrail(
        "withdraw", "B03", "--reason", "asked", "--delete", "--cores", "2", "--study", str(study)
    )
    assert done.status == 0, done.output
    assert "Nothing of the person is left" in done.output
    # What a program can't mend is named: a project of a coding program, what the team wrote.
    assert "by hand: data/birch/codings/coder_b.qdpx" in done.output
    assert "left in what people wrote: config/themes.yaml: an id" in done.output
    found, looked_at = remains(study, {"B03"}, theirs.who.shingles)
    assert looked_at > 300
    assert found == set()


def remains(study: Path, ids: set[str], said: frozenset[tuple[str, ...]]) -> tuple[set[str], int]:
    """Files made by a run that hold an id or a run of words, by an independent look."""
    found, looked_at = set(), 0
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(sorted(ids))})(?![A-Za-z0-9])")
    for file in sorted(f for top in DERIVED for f in (study / top).rglob("*") if f.is_file()):
        where = file.relative_to(study).as_posix()
        if where.startswith("reports/manuscript/"):
            continue
        looked_at += 1
        if pattern.search(where):
            found.add(f"{where}: name")
        for layer in layers(file.read_bytes()):
            if layer.startswith((b"PK", b"\x1f\x8b", b"%PDF", b"PAR1", b"\x89PNG", b"SQLite")):
                continue  # packed: its inner layers follow
            text = html.unescape(re.sub(r"<[^<>]*>", " ", layer.decode("utf-8", "replace")))
            if pattern.search(re.sub(r"[A-Za-z0-9+/=]{60,}", " ", text)):
                found.add(f"{where}: an id")
            words = re.findall(r"\w+", text.casefold())
            if any(tuple(words[at : at + 8]) in said for at in range(len(words))):
                found.add(f"{where}: words")
    return found, looked_at


@pytest.mark.slow
def test_the_search_finds_a_person_wherever_they_stand(finished: Path) -> None:
    # A search that finds nothing proves something only when it finds what is there.
    study, _ = load(finished)
    theirs = find(finished, study, "N2")
    found, looked_at = search(finished, DERIVED, theirs.who)
    assert looked_at > 100
    by_words = {t.where.partition(",")[0] for t in found if t.what == "words of the person"}
    assert {
        "reports/paper.html",
        "reports/paper.pdf",
        "reports/paper.docx",
        "reports/paper.xml",
        "reports/crate.zip",
        "results/intake/north/transcripts.parquet",
        "results/synthesis/quotes.csv",
        "results/report/paper.json",
    } <= by_words
    if study.settings["report"]["audience"] == "team":
        assert "reports/explorer/index.html" in by_words
    assert not any("N2" in trace.where for trace in found)


# ------------------------------------------------------------------ its parts
@pytest.mark.parametrize(
    "pack", ["plain", "gzip", "zip in zip", "page", "embedded", "escaped", "database"]
)
def test_words_are_found_in_every_wrapping(pack: str) -> None:
    import base64

    words = "we had to pay for it all ourselves “then”"
    data = words.encode()
    if pack == "gzip":
        data = gzip.compress(data)
    elif pack == "zip in zip":
        for _ in range(2):
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("inner", data)
            data = target.getvalue()
    elif pack == "page":
        data = b"<p>we had <b>to</b> pay for it&#32;all our<i>selves</i> &ldquo;then&rdquo;</p>"
    elif pack == "embedded":
        blob = base64.b64encode(gzip.compress(data + bytes(range(200)))).decode()
        data = f'<script>const x = "{blob}";</script>'.encode()
    elif pack == "database":
        with contextlib.closing(sqlite3.connect(":memory:")) as database:
            database.execute("create table codings (memo text)")
            database.execute("insert into codings values (?)", [words])
            database.commit()
            data = database.serialize()
    elif pack == "escaped":
        data = rb'"we had to pay for it all ourselves \u201cthen\u201d"'
    wanted = shingles(words)
    texts = [text for _, text in texts_of(data, "file")]
    assert any(shingles(text) & wanted for text in texts)


def test_words_that_others_said_too_are_no_trace() -> None:
    # A greeting that everybody uses must not stop the proof.
    who = person(
        {"P1"}, ["thank you very much for having me"], ["thank you very much for having me"]
    )
    assert who.shingles == frozenset()


def test_an_id_is_a_whole_word() -> None:
    who = person({"N1"}, [], [])
    from themetrail.audit.traces import _names

    assert _names("said N1, who", who)
    assert not _names("N12 and PN1", who)


def test_rows_are_taken_out_and_the_rest_stays_to_the_byte() -> None:
    text = 'transcript_id,quote\r\nA,"one\r\ntwo"\r\nB, x \r\nA,y'
    kept, count = without_rows(text, lambda row: row["transcript_id"] == "A")
    assert (kept, count) == ("transcript_id,quote\r\nB, x \r\n", 2)


def test_an_unknown_person_is_refused_without_repeating_the_id(tmp_path: Path) -> None:
    (tmp_path / "data" / "a" / "transcripts").mkdir(parents=True)
    study, _ = load(tmp_path)
    with pytest.raises(InputError, match="no site knows a participant") as caught:
        find(tmp_path, study, "Zoe9")
    assert "Zoe9" not in str(caught.value)


def test_the_record_keeps_other_rows_and_is_made_once(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "withdrawals.csv"
    path.write_text('participant_id,reason\nA,"one, two"\n', encoding="utf-8")
    row = {"participant_id": "B", "on": "2026-01-02", "reason": "asked", "site": "north"}
    assert record(tmp_path, row)
    assert not record(tmp_path, row)
    rows = read_dropped(tmp_path, Problems())
    assert [(one.participant_id, one.reason, one.site) for one in rows] == [
        ("A", "one, two", ""),
        ("B", "asked", "north"),
    ]


def test_a_record_with_a_site_concerns_that_site_alone(tmp_path: Path) -> None:
    # So that the site runs again after its files have forgotten the id, and no other does.
    (tmp_path / "data").mkdir()
    row = {"participant_id": "B", "on": "", "reason": "", "site": "north"}
    record(tmp_path, row)
    rows = read_dropped(tmp_path, Problems())
    assert fingerprint(rows, [], "north") != fingerprint([], [], "north")
    assert fingerprint(rows, [], "south") == fingerprint([], [], "south")

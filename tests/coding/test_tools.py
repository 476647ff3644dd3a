"""Taguette, QualCoder, ROCK, Word comments and 0/1 sheets, as those tools write them."""

from __future__ import annotations

import io
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

import pytest
from themetrail.coding import read_coding

TEXT = (
    "Interviewer: Was it cold?\n\nP1: Yes. The waiting room 🥶 was cold.\n\n"
    "Interviewer: And then?\n\nP1: Yes. Nobody told us & we left."
)
WORDS = "Nobody told us & we left."


def database(statements: Iterable[str | tuple[str, tuple[Any, ...]]]) -> bytes:
    """The bytes of an SQLite database."""
    connection = sqlite3.connect(":memory:")
    for statement in statements:
        sql, values = (statement, ()) if isinstance(statement, str) else statement
        connection.execute(sql, values)
    connection.commit()
    return connection.serialize()


def taguette(text: str, highlights: list[tuple[str, str, str]]) -> bytes:
    """A Taguette project: highlights are (words, tag, login)."""
    html = "".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n\n"))
    plain = text.replace("\n\n", "\n")
    rows: list[str | tuple[str, tuple[Any, ...]]] = [
        "CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT, contents TEXT)",
        "CREATE TABLE tags (id INTEGER PRIMARY KEY, path TEXT, description TEXT)",
        "CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, "
        "start_offset INTEGER, end_offset INTEGER, snippet TEXT)",
        "CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER)",
        "CREATE TABLE commands (id INTEGER PRIMARY KEY, date TEXT, user_login TEXT, payload TEXT)",
        "CREATE TABLE users (login TEXT)",
        ("INSERT INTO documents VALUES (1, 'A01', ?)", (html,)),
    ]
    tags = sorted({tag for _, tag, _ in highlights})
    rows += [("INSERT INTO tags VALUES (?, ?, '')", (n, tag)) for n, tag in enumerate(tags, 1)]
    for n, (words, tag, login) in enumerate(highlights, 1):
        start = len(plain[: plain.index(words)].encode())
        end = start + len(words.encode())
        event = json.dumps({"type": "highlight_add", "highlight_id": n})
        rows += [
            ("INSERT INTO highlights VALUES (?, 1, ?, ?, ?)", (n, start, end, escape(words))),
            ("INSERT INTO highlight_tags VALUES (?, ?)", (n, tags.index(tag) + 1)),
            ("INSERT INTO commands VALUES (?, '2026-01-02', ?, ?)", (n, login, event)),
            ("INSERT INTO users VALUES (?)", (login,)),
        ]
    return database(rows)


def test_taguette_counts_bytes_of_its_html(make_site: Callable[..., Any]) -> None:
    """Byte offsets of another layout arrive on the same words; nested tags are their last part."""
    site = make_site({"A01": TEXT})
    highlights = [(WORDS, "work.workload", "admin"), ("room 🥶 was", "double_entry", "admin")]
    site.put("ann.sqlite3", taguette(TEXT, highlights))
    coding = site.read()
    said = {r.code: TEXT[r.start : r.end] for r in coding.spans.itertuples()}
    assert said == {"workload": WORDS, "double_entry": "room 🥶 was"}
    assert set(coding.spans["coder"]) == {"ann"}
    assert [p for p in coding.problems if p.severity == "error"] == []


def test_taguette_log_says_who_coded(make_site: Callable[..., Any]) -> None:
    """On a shared server each highlight is its maker's."""
    site = make_site({"A01": TEXT})
    site.put(
        "team.sqlite3", taguette(TEXT, [(WORDS, "workload", "ann"), (WORDS, "workload", "bob")])
    )
    assert sorted(site.read().spans["coder"]) == ["ann", "bob"]


def qualcoder(text: str, codings: list[tuple[int, int, str, str]]) -> bytes:
    """A QualCoder database: codings are (start, end, code, words kept)."""
    rows: list[str | tuple[str, tuple[Any, ...]]] = [
        "CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, "
        "memo text, owner text, date text)",
        "CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, "
        "memo text, supercatid integer)",
        "CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, "
        "owner text, date text, color text)",
        "CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, "
        "pos0 integer, pos1 integer, owner text, date text, memo text, avid integer)",
        ("INSERT INTO source VALUES (1, 'A01.txt', ?, null, '', 'x', '')", (text,)),
        "INSERT INTO code_cat VALUES (1, 'work', 'x', '', '', 1)",
    ]
    names = sorted({code for _, _, code, _ in codings})
    rows += [
        ("INSERT INTO code_name VALUES (?, ?, '', 1, 'x', '', '#fff')", (n, name))
        for n, name in enumerate(names, 1)
    ]
    rows += [
        (
            "INSERT INTO code_text VALUES (null, ?, 1, ?, ?, ?, 'x', '2026-01-02', 'note', null)",
            (names.index(code) + 1, words, start, end),
        )
        for start, end, code, words in codings
    ]
    return database(rows)


@pytest.mark.parametrize("packed", ["folder", "zip", "bare"])
def test_qualcoder_projects_are_read(
    make_site: Callable[..., Any], refi: SimpleNamespace, packed: str
) -> None:
    """The .qda folder, its zip, or the database alone."""
    site = make_site({"A01": TEXT})
    at = TEXT.index(WORDS)
    data = qualcoder(TEXT, [(at, at + len(WORDS), "workload", WORDS)])
    if packed == "folder":
        site.put("ann.qda/data.qda", data)
        site.put("ann.qda/documents/A01.txt", TEXT)
    else:
        site.put("ann.qda", refi.archive({"ann.qda/data.qda": data}) if packed == "zip" else data)
    (span,) = site.read().spans.itertuples()
    assert (span.coder, TEXT[span.start : span.end], span.memo) == ("ann", WORDS, "note")


def test_qualcoder_words_are_verified(make_site: Callable[..., Any]) -> None:
    """A coding that QualCoder has shifted is said to be doubtful; one past the end is an error."""
    site = make_site({"A01": TEXT})
    site.put(
        "ann.qda",
        qualcoder(TEXT, [(5, 20, "workload", "other words"), (9, 9999, "double_entry", "")]),
    )
    kinds = [p.kind for p in site.read().problems]
    assert "offsets_doubtful" in kinds
    assert "bad_offsets" in kinds


def test_rock_codes_are_lines(make_site: Callable[..., Any]) -> None:
    """A code stands on its line; a folder of a coder's name holds a source a transcript."""
    site = make_site({"A01": TEXT, "A02": TEXT})
    lines = TEXT.replace("\n\n", "\n").replace(WORDS, f"{WORDS} [[work>workload]] [[double_entry]]")
    rock = "---\nmetadata: x [[nothing]]\n---\n[[uid=1]] " + lines + "\n---<<end>>---\n[[lone]]\n"
    site.put("ann/A02.rock", rock)
    site.put("bob.rock", "[[sourceId=A01]]\n" + rock)
    coding = site.read()
    got = {(r.coder, r.transcript_id, r.code) for r in coding.spans.itertuples()}
    assert got == {
        (coder, source, code)
        for coder, source in (("ann", "A02"), ("bob", "A01"))
        for code in ("workload", "double_entry")
    }
    assert all(TEXT[r.start : r.end].endswith(WORDS) for r in coding.spans.itertuples())
    assert [p.kind for p in coding.problems].count("nothing_said") == 2


def word(text: str, comments: list[tuple[str, str]], archive: Callable[..., bytes]) -> bytes:
    """A Word document whose comments are tied to (words, comment)."""
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = []
    for paragraph in text.split("\n\n"):
        xml = f'<w:r><w:t xml:space="preserve">{escape(paragraph)}</w:t></w:r>'
        for n, (words, _) in enumerate(comments):
            inner = escape(words)
            xml = xml.replace(
                inner,
                f'</w:t></w:r><w:commentRangeStart w:id="{n}"/><w:r><w:t>{inner}</w:t></w:r>'
                f'<w:commentRangeEnd w:id="{n}"/><w:r><w:t xml:space="preserve">',
            )
        body.append(f"<w:p>{xml}</w:p>")
    notes = "".join(
        f'<w:comment w:id="{n}" w:author="Ann" w:date="2026-01-02">'
        + "".join(f"<w:p><w:r><w:t>{escape(p)}</w:t></w:r></w:p>" for p in comment.split("\n"))
        + "</w:comment>"
        for n, (_, comment) in enumerate(comments)
    )
    return archive(
        {
            "word/document.xml": f"<w:document {ns}><w:body>{''.join(body)}</w:body></w:document>",
            "word/comments.xml": f"<w:comments {ns}>{notes}</w:comments>",
        }
    )


def test_word_comments_are_codes(make_site: Callable[..., Any], refi: SimpleNamespace) -> None:
    """A code a line, a memo after a colon; the transcript is known by its words."""
    site = make_site({"A01": TEXT, "A02": "P2: Something else was said here."})
    comments = [(WORDS, "workload: too much\ndouble entry"), ("room 🥶 was cold", "Workload")]
    site.put("ann.docx", word(TEXT, comments, refi.archive))
    coding = site.read()
    got = {(TEXT[r.start : r.end], r.code, r.memo) for r in coding.spans.itertuples()}
    assert got == {
        (WORDS, "workload", "too much"),
        (WORDS, "double_entry", ""),
        ("room 🥶 was cold", "workload", ""),
    }
    assert set(coding.spans["transcript_id"]) == {"A01"}


def test_sheet_with_a_column_a_code(make_site: Callable[..., Any]) -> None:
    """Ones are codings of whole turns; zeros are judged and absent, so the transcript counts."""
    site = make_site({"A01": TEXT, "A02": TEXT})
    site.put(
        "ann.csv",
        "transcript_id,turn,text_shown,workload,double_entry\n"
        "A01,2,Yes,1,0\nA01,4,Yes,0,0\nA02,2,Yes,0,0\nA02,4,Yes,,0\n",
    )
    coding = site.read()
    ((start, end, code),) = coding.spans[["start", "end", "code"]].itertuples(index=False)
    assert TEXT[start:end] == "Yes. The waiting room 🥶 was cold."
    assert code == "workload"
    assert list(coding.coverage["n_spans"]) == [1, 0]
    assert "judged_in_part" in [p.kind for p in coding.problems]


def test_sheet_with_a_column_a_coder(make_site: Callable[..., Any]) -> None:
    """A row a segment and code, a column a coder."""
    site = make_site({"A01": TEXT})
    site.put(
        "all.csv",
        "transcript_id,turn,code,ann,bob,cat\nA01,2,workload,1,0,\nA01,4,workload,1,1,\n"
        "A01,9,workload,1,0,\n",
    )
    coding = site.read()
    assert Counter(coding.spans["coder"]) == {"ann": 2, "bob": 1}
    assert sorted(coding.coverage["coder"]) == ["ann", "bob"]
    (problem,) = [p for p in coding.problems if p.severity == "error"]
    assert "has no turn 9; it has 4" in problem.message


def test_a_slip_in_a_column_of_ones_and_noughts_is_named(make_site: Callable[..., Any]) -> None:
    """One “2” or “1?” must not take a code's whole column out of the study."""
    site = make_site()
    rows = "A01,2,1,1,good\nA01,4,0,0,\nA01,6,1,1?,\n"
    site.put("ann.csv", f"transcript_id,turn,workload,double_entry,remark\n{rows}")
    coding = site.read()
    errors = [p for p in coding.problems if p.severity == "error"]
    assert [p.line for p in errors] == [4]
    assert "column 'double_entry' is of 0 and 1, but holds '1?' in this row" in errors[0].message
    assert "Write 1 where the code fits" in errors[0].remedy
    assert [p.message for p in coding.problems if p.kind == "column_ignored"] == [
        "columns that are not 0 and 1, not used: remark"
    ]


def test_a_remark_of_ones_and_noughts_is_no_coder(make_site: Callable[..., Any]) -> None:
    """A long table with a column like 'certain' stays a long table."""
    site = make_site({"A01": TEXT})
    site.put("ann.csv", f"transcript_id,quote,code,certain\nA01,{WORDS},workload,1\n")
    assert list(site.read().spans["coder"]) == ["ann"]


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE VIEW code_text AS SELECT 1", "CREATE TABLE code_name (cid, name)"],
        ["CREATE TABLE code_text (x)", "CREATE TABLE code_name (cid, name)"],
        [
            "CREATE TABLE code_name (cid, name)",
            "CREATE TABLE real_text (cid, fid, pos0, pos1, owner)",
            "CREATE TABLE source (id, name, fulltext)",
            "CREATE VIEW code_text AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n)"
            " SELECT i AS cid, 1 AS fid, 0 AS pos0, 1 AS pos1, 'x' AS owner FROM n",
        ],
        ["CREATE VIRTUAL TABLE code_text USING fts5(a)", "CREATE TABLE code_name (cid, name)"],
    ],
    ids=["view", "columns", "endless view", "virtual"],
)
def test_bad_databases_are_refused(make_site: Callable[..., Any], statements: list[str]) -> None:
    """Views, virtual tables and other people's tables are not read as ours."""
    site = make_site({"A01": TEXT})
    site.put("ann.qda", database(statements))
    coding = site.read()
    assert coding.spans.empty
    assert [p.kind for p in coding.problems if p.severity == "error"] == ["unreadable"]


def test_damaged_databases_are_refused(make_site: Callable[..., Any]) -> None:
    """Bytes cut off or overwritten give one error, whatever SQLite makes of them."""
    whole = qualcoder(TEXT, [(5, 20, "workload", "")] * 200)
    site = make_site({"A01": TEXT})
    for data in (whole[:3000], whole[:4096] + b"\xff" * 9000, whole[:100] + b"\0" * 9000):
        site.put("ann.qda", data)
        assert [p for p in site.read().problems if p.severity == "error"]


def test_what_tools_send_by_mistake_is_named(shared: Path) -> None:
    """Exchange files of other kinds are called by their names, with what to send instead."""
    folder = shared / "samples" / "files"
    if not folder.is_dir():
        pytest.skip("no samples")
    for name, says in (
        ("maxqda/maxqdar_test.mex", "MAXQDA exchange file"),
        ("maxqda/maxqdar_test_coded-segments.xls", "old Excel workbook"),
        ("requal/test_basic.requal", "requal"),
    ):
        (problem,) = read_coding(folder / name).problems
        assert says in problem.message


def test_other_samples_are_read_as_the_manifest_says(shared: Path) -> None:
    """Codebooks, ROCK sources, Taguette projects and Word comments of real programs."""
    folder = shared / "samples"
    if not folder.is_dir():
        pytest.skip("no samples")
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        expected, path = entry["expected"], folder / "files" / entry["file"]
        found = read_coding(path)
        kinds = Counter(p.kind for p in found.problems)
        if expected["kind"] == "qdc":
            assert len(found.codes) == expected["counts"]["codes"], path
        elif expected["kind"] == "rock":
            assert len(found.spans) + kinds["nothing_said"] == expected["code_marks"], path
        elif expected["kind"] == "docx" and "codings" in expected:
            assert len(found.spans) == expected["codings"], path
        elif expected["kind"] == "sqlite3":
            assert len(found.spans) == expected["counts"]["highlight_tags"], path
            assert len(found.codes) == expected["counts"]["tags"], path


def test_workbook_of_several_sheets(make_site: Callable[..., Any]) -> None:
    """Every sheet that holds codings is read, and each row has its own number."""
    import openpyxl

    book = openpyxl.Workbook()
    for name, words in (("A", WORDS), ("B", "room 🥶 was cold")):
        sheet = book.create_sheet(name)
        sheet.append(["transcript_id", "quote", "code", "coded_at"])
        sheet.append(["A01", words, "workload", "2026-01-02"])
    stream = io.BytesIO()
    book.save(stream)
    site = make_site({"A01": TEXT})
    site.put("ann.xlsx", stream.getvalue())
    coding = site.read()
    assert len(coding.spans) == 2
    assert coding.problems == []


def test_sheets_beside_the_codings_are_passed_over(make_site: Callable[..., Any]) -> None:
    """A workbook's codebook or notes are no broken table of codings, and that is said once."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["transcript_id", "quote", "code"], ["A01", WORDS, "workload"]):
        book.worksheets[0].append(row)
    book.create_sheet("Codebook").append(["code", "definition"])
    site = make_site({"A01": TEXT})
    target = site.put("ann.xlsx", b"")
    book.save(target)
    coding = site.read()
    assert len(coding.spans) == 1
    (note,) = coding.problems
    assert (note.severity, note.kind) == ("note", "sheet_ignored")
    assert "Codebook" in note.message


def test_damaged_names_of_a_database_are_refused(make_site: Callable[..., Any]) -> None:
    """SQLite's message about a damaged schema may itself be undecodable; found by the fuzzer."""
    site = make_site({"A01": TEXT})
    data = qualcoder(TEXT, [(5, 20, "workload", "")])
    site.put("ann.qda", data.replace(b"CREATE TABLE code_cat (", b"CREATE TABLE \xa2ode_cat #"))
    (error,) = [p for p in site.read().problems if p.severity == "error"]
    assert error.kind == "unreadable"


def test_characters_that_a_workbook_writes_by_number(make_site: Callable[..., Any]) -> None:
    """Excel writes a line end of Windows as _x000D_: no coder typed that."""
    import openpyxl

    site = make_site()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["transcript_id", "quote", "code", "memo"])
    sheet.append(["A01", "Nobody asked us._x000D_\n", "workload", "one_x000D_\ntwo _x005F_x0041_"])
    hidden = book.create_sheet("old")
    hidden.sheet_state = "hidden"
    hidden.append(["transcript_id", "quote", "code"])
    hidden.append(["A01", "one more log-in", "workload"])
    stream = io.BytesIO()
    book.save(stream)
    site.put("ann.xlsx", stream.getvalue())
    coding = site.read()
    assert "hidden_sheet" in {p.kind for p in coding.problems}
    assert {p.severity for p in coding.problems} == {"note"}
    words = [site.texts["A01"][span.start : span.end] for span in coding.spans.itertuples()]
    assert sorted(words) == ["Nobody asked us.", "one more log-in"]
    assert "one\r\ntwo _x0041_" in set(coding.spans["memo"])


@pytest.mark.parametrize("text", ["_x000D_", "a\rb", "bell\x07", "_x005F_", "_x000d_x000D_"])
def test_a_workbook_gives_every_character_back(text: str) -> None:
    """Text of people that looks like a number of a character stays what it is."""
    from themetrail.coding.sheets import read_workbook
    from themetrail.coding.write_tables import workbook

    (sheet,) = read_workbook(workbook([["memo"], [text]]))
    assert sheet.rows == [(2, [text])]

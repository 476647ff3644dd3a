"""Files that are honest and odd: read as they are meant, or named with what to do about them."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

QUOTE = "Nobody asked us."
ROWS = f"transcript_id,quote,code\nA01,{QUOTE},workload\n"
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def said(site: Any) -> list[str]:
    """The words that a site's codings mark."""
    return [site.texts[r.transcript_id][r.start : r.end] for r in site.read().spans.itertuples()]


def first(site: Any) -> Any:
    """The gravest problem of a site."""
    return min(site.read().problems)


@pytest.mark.parametrize(
    ("name", "data", "says", "remedy"),
    [
        ("ann.csv", b"PK\x05\x06" + b"\0" * 18, "a zip archive that is no project", "once more"),
        ("ann.xlsx", ROWS.encode(), "is plain text", "the extension .csv"),
        ("ann.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password",
         "without a password"),
        ("ann.csv", ROWS.encode("utf-16-le"), "not text", "once more"),
        ("ann/deep/A01.csv", ROWS.encode(), "a folder within", "Move its files up"),
        ("ann.qda/other.txt", b"x", "without data.qda", "zipped"),
        ("ann.csv", f"My codings\n\n{ROWS}".encode(), "no column", "stands above row 3"),
        ("a;b.csv", ROWS.encode(), "'a;b' can't be a coder's name", "coding.coders"),
        ("=cmd.csv", ROWS.encode(), "'=cmd' can't be a coder's name", "rename the file"),
        ("ann.csv", b"transcript_id,quote,code,coder\nA01,Nobody asked us.,workload,../up\n"
         b"A01,Nobody asked us.,workload,bob\n", "'../up' can't be a coder's name", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_a_way_out(
    make_site: Callable[..., Any], name: str, data: bytes, says: str, remedy: str
) -> None:
    """The gravest problem names the trouble, and what to do."""
    site = make_site()
    site.put(name, data)
    problem = first(site)
    assert problem.severity == "error"
    assert says in problem.message
    assert remedy in problem.remedy


def test_a_table_without_rows_is_said_to_be_one(make_site: Callable[..., Any]) -> None:
    """A coder who found nothing, or a file that lost its rows: the record says which."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code\n")
    assert ("nothing_coded", "data/alder/codings/ann.csv") in [
        (p.kind, p.file) for p in site.read().problems
    ]


def test_formulas_count_with_their_values(make_site: Callable[..., Any]) -> None:
    """A formula that was never computed is no empty cell: it is named with its place."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["transcript_id", "quote", "code"], ["A01", QUOTE, '=CONCATENATE("work","load")']):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    site = make_site()
    site.put("ann.xlsx", stream.getvalue())
    problems = {p.kind: p for p in site.read().problems}
    assert "first in cell C2" in problems["no_value"].message
    assert "save it" in problems["no_value"].remedy


def test_codes_in_double_brackets_may_have_spaces_and_letters(
    make_site: Callable[..., Any],
) -> None:
    """What ROCK itself would pass over is a coding to its coder; an open bracket is an error."""
    site = make_site({"A01": f"P1: {QUOTE}\n\nP1: Yes, yes.\n\nP1: No."})
    site.put(
        "ann/A01.rock", f"P1: {QUOTE} [[Double entry]]\nP1: Yes, yes. [[naïve]]\nNo. [[workload\n"
    )
    coding = site.read()
    assert coding.spans["code"].tolist() == ["double_entry"]
    wrong = {(p.kind, p.line) for p in coding.problems if p.severity == "error"}
    assert wrong == {("unknown_code", 2), ("malformed_row", 3)}


def document(body: str, comments: str, refi: SimpleNamespace, threads: str = "") -> bytes:
    """A Word document with comments, of which some may answer others."""
    members: dict[str, str | bytes] = {
        "word/document.xml": f"<w:document {NS}><w:body><w:p>{body}</w:p></w:body></w:document>",
        "word/comments.xml": f"<w:comments {NS}>{comments}</w:comments>",
    }
    if threads:
        members["word/commentsExtended.xml"] = f"<w15:x {NS}>{threads}</w15:x>"
    return refi.archive(members)  # type: ignore[no-any-return]


def comment(number: int, words: str) -> str:
    """A comment, its paragraph's id made of its number."""
    return (
        f'<w:comment w:id="{number}" w:author="ann"><w:p w14:paraId="A{number}"><w:r>'
        f"<w:t>{words}</w:t></w:r></w:p></w:comment>"
    )


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


START, END = '<w:commentRangeStart w:id="0"/>', '<w:commentRangeEnd w:id="0"/>'
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>" + run("A box, a box.") + "</w:p>"
    "</w:txbxContent></mc:Choice><mc:Fallback><w:p>" + run("A box.") + "</w:p></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    "inside",
    [
        run(QUOTE),
        f"<w:moveFrom>{run('It was moved away from here, all of it.')}</w:moveFrom>{run(QUOTE)}",
        f"<w:del><w:r><w:delText>Well, deleted.</w:delText></w:r></w:del>{run(QUOTE)}",
        f"{run('Nobody ')}<w:ins>{run('asked us.')}</w:ins>",
        f"{run(QUOTE)}{BOX}",
    ],
    ids=["plain", "moved", "deleted", "inserted", "text box"],
)
def test_word_codings_say_what_the_page_says(
    make_site: Callable[..., Any], refi: SimpleNamespace, inside: str
) -> None:
    """Tracked changes count as accepted, text boxes not at all, as in a transcript."""
    site = make_site({"A01": f"P1: Well. {QUOTE} And so on it went."})
    body = f"{run('P1: Well. ')}{START}{inside}{END}{run(' And so on it went.')}"
    site.put("ann/A01.docx", document(body, comment(0, "workload"), refi))
    assert said(site) == [QUOTE]


def test_answers_to_comments_are_no_codings(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """Coders talk in Word's threads; what answers a code is no code, and is counted."""
    site = make_site({"A01": f"P1: Well. {QUOTE}"})
    both = START + START.replace("0", "1")
    body = f"{run('P1: Well. ')}{both}{run(QUOTE)}{END}{END.replace('0', '1')}"
    comments = comment(0, "workload") + comment(1, "Do you think so?")
    threads = (
        '<w15:commentEx w15:paraId="A0"/><w15:commentEx w15:paraId="A1" w15:paraIdParent="A0"/>'
    )
    site.put("ann/A01.docx", document(body, comments, refi, threads))
    coding = site.read()
    assert coding.spans["code"].tolist() == ["workload"]
    assert [p.message for p in coding.problems if p.kind == "not_used"] == [
        "1 answers to comments: talk between coders, not codings"
    ]


def test_a_comment_in_a_footnote_is_named(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """Its code is in the problem: a coding that has no place is listed, not forgotten."""
    site = make_site({"A01": f"P1: {QUOTE}"})
    site.put("ann/A01.docx", document(run(f"P1: {QUOTE}"), comment(0, "workload"), refi))
    problem = next(p for p in site.read().problems if p.kind == "not_coded")
    assert "'workload'" in problem.message
    assert "footnote" in problem.remedy


def test_two_codes_of_one_guid_are_an_error(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """Which of the two a coding means can't be known, and is not decided in silence."""
    site = make_site({"A01": f"P1: {QUOTE}"})
    xml = refi.qde({"A01": [refi.Selection(4, 4 + len(QUOTE), "workload")]})
    at = xml.index("<Code guid=")
    guid = xml[at:].split('"')[1]
    xml = xml.replace("</Codes>", f'<Code guid="{guid}" name="other" isCodable="true"/></Codes>')
    site.put("ann.qdpx", refi.qdpx(xml, {"A01": f"P1: {QUOTE}"}))
    problem = next(p for p in site.read().problems if p.kind == "duplicate_guid")
    assert (problem.severity, "'other'" in problem.message) == ("error", True)


def project(text: str, start: int, end: int, words: str) -> bytes:
    """A QualCoder project with one coding."""
    connection = sqlite3.connect(":memory:")
    for statement in (
        "CREATE TABLE source (id, name, fulltext)",
        "CREATE TABLE code_name (cid, name)",
        "CREATE TABLE code_text (cid, fid, seltext, pos0, pos1, owner)",
        "INSERT INTO code_name VALUES (1, 'workload')",
    ):
        connection.execute(statement)
    connection.execute("INSERT INTO source VALUES (1, 'A01', ?)", (text,))
    connection.execute("INSERT INTO code_text VALUES (1, 1, ?, ?, ?, 'x')", (words, start, end))
    connection.commit()
    return bytes(connection.serialize())


@pytest.mark.parametrize("ends", ["lf", "crlf"])
def test_qualcoder_counts_line_ends_once_or_twice(make_site: Callable[..., Any], ends: str) -> None:
    """The words that QualCoder keeps say how its offsets count the line ends of a CRLF text."""
    text = f"P1: Well.\n\nP1: {QUOTE}\n\nP1: Then."
    crlf = text.replace("\n", "\r\n")
    start = (text if ends == "lf" else crlf).index(QUOTE)
    site = make_site({"A01": text})
    site.put("ann.qda", project(crlf, start, start + len(QUOTE), QUOTE))
    assert said(site) == [QUOTE]
    assert not [p for p in site.read().problems if p.severity != "note"]


def test_columns_that_a_database_computes_are_refused(make_site: Callable[..., Any]) -> None:
    """A generated column runs a stranger's expression on every row: it is not evaluated."""
    connection = sqlite3.connect(":memory:")
    for statement in (
        "CREATE TABLE source (id, name, fulltext)",
        "CREATE TABLE code_name (cid, name AS (hex(zeroblob(400000000))))",
        "CREATE TABLE code_text (cid, fid, seltext, pos0, pos1, owner)",
        "INSERT INTO code_name (cid) VALUES (1)",
    ):
        connection.execute(statement)
    connection.commit()
    site = make_site()
    site.put("ann.qda", bytes(connection.serialize()))
    assert "computes its columns" in first(site).message


def test_names_with_control_characters_are_written_out(make_site: Callable[..., Any]) -> None:
    """A file's name neither breaks the line of its problem nor turns it round."""
    site = make_site()
    site.put("a\n\u202eb.csv", ROWS)
    said = str(first(site))
    assert said.startswith(r"error: data/alder/codings/a\n\u202eb.csv: ")

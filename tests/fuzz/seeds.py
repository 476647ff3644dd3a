"""What is fuzzed, and files as programs write them, small, to begin from."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable

from fuzz.damage import packed
from themetrail.coding.convert import WRITERS
from themetrail.coding.model import FoundCode
from themetrail.coding.project import Coded, Project

CODINGS = ("qdpx", "qdc", "taguette", "qualcoder", "rock", "csv", "tsv", "xlsx", "comments")
TRANSCRIPTS = ("docx", "odt", "rtf", "vtt", "srt", "pdf", "html", "txt")
READERS = (*CODINGS, *TRANSCRIPTS)
_EXTENSION = {"taguette": "sqlite3", "qualcoder": "qda", "comments": "docx"}

TEXTS = {
    "A01": "Interviewer: Was it cold?\n\nP1: Yes. Nobody asked us 🙂.\n\nP1: Café – yes. Yes.",
    "A02": "P2: No.\n\nP2: It was one more log-in, and I don't “do” log-ins. No.",
}
_STUDY = Project(
    "study",
    TEXTS,
    [FoundCode("workload", ("work", "workload"), "much"), FoundCode("other", ("other",))],
    [
        Coded("A01", "workload", "ann", 31, 35, memo="m"),
        Coded("A01", "other", "bob", 36, 53),
        Coded("A02", "other", "bob", 4, 7),
    ],
)


def extension(reader: str) -> str:
    """The extension of the files that a reader reads."""
    return _EXTENSION.get(reader, reader)


def seeds(reader: str) -> list[bytes]:
    """The files that a reader's fuzzing begins from."""
    writer = WRITERS.get(f".{extension(reader)}")
    ours = [writer(_STUDY)] if writer and reader in CODINGS else []
    return ours + _MORE.get(reader, list)()


def _unpacked(data: bytes) -> bytes:
    """The same archive with its members stored, so that damage reaches them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()})


def _qdpx() -> list[bytes]:
    crlf = TEXTS["A01"].replace("\n", "\r\n")
    head = (
        '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="p" '
        'origin="NVivo 12"><Users><User guid="u1" name="ann"/></Users><CodeBook><Codes>'
        '<Code guid="c1" name="work" isCodable="false"><Code guid="c2" name="workload" '
        'isCodable="true"><Description>much</Description></Code></Code></Codes></CodeBook>'
        '<Variables><Variable guid="v1" name="role" typeOfVariable="Text"/></Variables>'
        '<Cases><Case guid="k1" name="P1"><SourceRef targetGUID="s1"/></Case></Cases><Sources>'
    )
    source = (
        '<TextSource guid="s1" name="A01" plainTextPath="internal://s1.txt">'
        '<PlainTextSelection guid="x1" name="Yes." startPosition="33" endPosition="37" '
        'creatingUser="u1"><Description>why</Description><Coding guid="y1" creatingUser="u1">'
        '<CodeRef targetGUID="c2"/><NoteRef targetGUID="n1"/></Coding></PlainTextSelection>'
        "</TextSource>"
    )
    inline = (
        '<TextSource guid="s2" name="A02"><PlainTextContent>P2: No.</PlainTextContent>'
        '<PlainTextSelection guid="x2" startPosition="4" endPosition="7" creatingUser="u1"><Coding '
        'guid="y2"><CodeRef targetGUID="c2"/></Coding></PlainTextSelection></TextSource>'
        '<AudioSource guid="s3" name="a"><Transcript guid="t1" plainTextPath="internal://s1.txt">'
        '<SyncPoint guid="p1" position="33"/><SyncPoint guid="p2" position="37"/>'
        '<TranscriptSelection guid="x3" fromSyncPoint="p1" toSyncPoint="p2"><Coding guid="y3">'
        '<CodeRef targetGUID="c2"/></Coding></TranscriptSelection></Transcript></AudioSource>'
        '<PDFSource guid="s4" name="b"><PDFSelection guid="x4" page="0"><Coding guid="y4">'
        '<CodeRef targetGUID="c2"/></Coding></PDFSelection></PDFSource>'
    )
    tail = (
        '</Sources><Notes><Note guid="n1" name="n"><PlainTextContent>memo</PlainTextContent></Note>'
        '</Notes><Links><Link guid="l1" originGUID="x1" targetGUID="n1"/></Links></Project>'
    )
    xml = (head + source + inline + tail).encode()
    return [packed({"project.qde": xml, "sources/s1.txt": b"\xef\xbb\xbf" + crlf.encode()})]


def _qdc() -> list[bytes]:
    return [
        b'\xef\xbb\xbf<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:0:4" origin="x">'
        b'<Codes><Code guid="A" name="a" isCodable="true" color="#FF0000"><Description>d</Description>'
        b'<Code guid="B" name="b" isCodable="false"/></Code></Codes><Sets><Set guid="S" name="s">'
        b'<MemberCode guid="A"/></Set></Sets></CodeBook>'
    ]


def _database(statements: list[str]) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA page_size=512")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    return bytes(connection.serialize())


def _qualcoder() -> list[bytes]:
    text = TEXTS["A01"]
    data = _database(
        [
            "CREATE TABLE source (id integer primary key, name text, fulltext text, memo text)",
            "CREATE TABLE code_cat (catid integer primary key, name text, supercatid integer)",
            "CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer)",
            "CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext "
            "text, pos0 integer, pos1 integer, owner text, date text, memo text)",
            "CREATE TABLE code_image (imid integer primary key)",
            f"INSERT INTO source VALUES (1, 'A01.txt', '{text}', '')",
            "INSERT INTO code_cat VALUES (1, 'work', null), (2, 'deep', 1)",
            "INSERT INTO code_name VALUES (1, 'workload', 'm', 2), (2, 'other', '', null)",
            "INSERT INTO code_text VALUES (1, 1, 1, 'Yes.', 31, 35, 'ann', '2026-01-02', 'n'), "
            "(2, 2, 1, 'Nobody', 36, 42, 'bob', '', '')",
        ]
    )
    return [data, packed({"p.qda/data.qda": data, "p.qda/documents/A01.txt": b"x"})]


def _taguette() -> list[bytes]:
    event = '{"type": "highlight_add", "highlight_id": 1}'
    return [
        _database(
            [
                "CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT, contents TEXT)",
                "CREATE TABLE tags (id INTEGER PRIMARY KEY, path TEXT, description TEXT)",
                "CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, "
                "start_offset INTEGER, end_offset INTEGER, snippet TEXT)",
                "CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER)",
                "CREATE TABLE commands (id INTEGER, date TEXT, user_login TEXT, payload TEXT)",
                "INSERT INTO documents VALUES (1, 'A02', '<p>P2: No.</p><p>P2: &amp; <b>é</b></p>')",
                "INSERT INTO tags VALUES (1, 'work.workload', 'd')",
                "INSERT INTO highlights VALUES (1, 1, 4, 7, 'No.')",
                "INSERT INTO highlight_tags VALUES (1, 1)",
                f"INSERT INTO commands VALUES (1, '2026-01-02', 'ann', '{event}')",
            ]
        )
    ]


def _rock() -> list[bytes]:
    return [
        b"---\nROCK_attributes:\n  - caseId: 1\n---\n\n###-----P1\nP1: Yes. [[workload]] [[uid=7a]]\n"
        b"---<<break>>---\nP1: Nobody asked us. [[work>workload]][[other||4]] [[cid=1]]\n"
    ]


def _tables(mark: str) -> list[bytes]:
    rows = [
        ["transcript_id,turn,quote,code,memo,coded_at,prefix,suffix", "A01,2,Yes.,workload,m,2026-01-02,,",
         "A02,,No.,other;late,,,,"],
        ["transcript_id,start,end,codes,coder", "A01,31,35,workload;other,ann", "A02,4,7,late,bob"],
        ["transcript_id,turn,workload,other", "A01,2,1,0", "A01,3,,1", "A02,1,0,0"],
        ["transcript_id,quote,code,ann,bob", '"A02","No.",other,1,0', "A02,It was,late,,1"],
    ]  # fmt: skip
    return ["\n".join(row).replace(",", mark).encode() for row in rows]


def _xlsx() -> list[bytes]:
    import openpyxl

    found = []
    for sheet in _tables(","):
        book = openpyxl.Workbook()
        for row in sheet.decode().split("\n"):
            book.active.append([int(c) if c.isdigit() else c for c in row.split(",")])
        out = io.BytesIO()
        book.save(out)
        found.append(_unpacked(out.getvalue()))
    return found


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _comments() -> list[bytes]:
    body = (
        f'<w:document {_W}><w:body><w:p><w:r><w:t xml:space="preserve">P1: Yes. </w:t></w:r>'
        '<w:commentRangeStart w:id="0"/><w:r><w:t>Nobody asked</w:t></w:r><w:r><w:t> us 🙂.</w:t>'
        '</w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
        "</w:body></w:document>"
    )
    notes = (
        f'<w:comments {_W}><w:comment w:id="0" w:author="ann" w:date="2026-01-02T03:04:05Z"><w:p>'
        "<w:r><w:t>workload: memo</w:t></w:r></w:p><w:p><w:r><w:t>other</w:t></w:r></w:p>"
        "</w:comment></w:comments>"
    )
    return [packed({"word/document.xml": body.encode(), "word/comments.xml": notes.encode()})]


def _docx() -> list[bytes]:
    body = (
        f"<w:document {_W}><w:body><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>P1:"
        "</w:t></w:r><w:r><w:tab/><w:t>Yes.</w:t><w:br/></w:r><w:ins><w:r><w:t>And</w:t></w:r>"
        "</w:ins><w:del><w:r><w:delText>no</w:delText></w:r></w:del></w:p><w:tbl><w:tr><w:tc><w:p>"
        "<w:r><w:t>P1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>No.</w:t></w:r></w:p></w:tc>"
        '</w:tr></w:tbl><w:p><w:r><w:t>Interviewer: What?</w:t><w:sym w:char="F04A"/></w:r></w:p>'
        "<w:sectPr/></w:body></w:document>"
    )
    core = "<a><b>x</b></a>"
    return [packed({"word/document.xml": body.encode(), "docProps/core.xml": core.encode()})]


def _odt() -> list[bytes]:
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(
        f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "text", "table", "style", "draw")
    )
    body = (
        f'<office:document-content {names} xmlns:fo="{urn}:xsl-fo-compatible:1.0">'
        '<office:automatic-styles><style:style style:name="T1"><style:text-properties '
        'fo:font-weight="bold"/></style:style></office:automatic-styles><office:body><office:text>'
        '<text:p><text:span text:style-name="T1">P1:</text:span> Yes.<text:s text:c="3"/>And<text:tab/>'
        "<text:line-break/>no<text:note><text:p>n</text:p></text:note></text:p><table:table>"
        "<table:table-row><table:table-cell><text:p>P1</text:p></table:table-cell><table:table-cell>"
        "<text:p>No.</text:p></table:table-cell></table:table-row></table:table><text:list>"
        "<text:list-item><text:p>Interviewer: What?</text:p></text:list-item></text:list>"
        "</office:text></office:body></office:document-content>"
    )
    return [packed({"content.xml": body.encode(), "meta.xml": b"<a>x</a>"})]


def _pdf() -> list[bytes]:
    """A page of text, its stream not compressed."""
    lines = b"BT /F1 12 Tf 72 720 Td (P1: Yes.) Tj 0 -14 Td (Interviewer: What?) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(lines), lines),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return [out + b"xref\n0 6\n0000000000 65535 f \n" + table + end]


_TALK = (
    "Interviewer: Was it cold?\n\nP1 [00:01:02]: Yes – “cold”.\nVery.\n\nP1: E-mail me: a@b.uk\n"
)
_MORE: dict[str, Callable[[], list[bytes]]] = {
    "qdpx": _qdpx,
    "qdc": _qdc,
    "qualcoder": _qualcoder,
    "taguette": _taguette,
    "rock": _rock,
    "csv": lambda: _tables(","),
    "tsv": lambda: _tables("\t"),
    "xlsx": _xlsx,
    "comments": _comments,
    "docx": lambda: [*_docx(), *_comments()],
    "odt": _odt,
    "pdf": _pdf,
    "rtf": lambda: [
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}\b P1:\b0  Yes \'93c\'94 "
        rb"\u8211? \u-3913? no.\par Interviewer: What?\line\tab {\field{\*\fldinst x}{\fldrslt y}}}"
    ],
    "vtt": lambda: [
        b"WEBVTT\n\nNOTE x\n\n1\n00:00:01.000 --> 00:00:02.000 align:left\n<v P1>Yes &amp; <i>no</i>\n\n"
        b"00:02.500 --> 00:03.000\nInterviewer: What?\n"
    ],
    "srt": lambda: [
        b"1\r\n00:00:01,000 --> 00:00:02,000\r\nP1: Yes.\r\n\r\n2\r\n00:00:02,500 --> 00:00:03,000\r\n"
        b"Interviewer: What?\r\nNo.\r\n"
    ],
    "html": lambda: [
        b'<html><head><meta charset="utf-8"></head><body><p><b>P1:</b> Yes &amp; no.<br>And</p><table>'
        b"<tr><td>P1</td><td>No.</td></tr></table><pre>Interviewer:  What?</pre></body></html>"
    ],
    "txt": lambda: [
        _TALK.encode(),
        _TALK.encode("utf-16"),
        _TALK.replace("\n", "\r\n").encode("cp1252"),
        "".join(f"{n} P1: line {n}\n" for n in range(1, 14)).encode(),
        b"Speaker 1  0:01\nYes.\n\nSpeaker 2  0:05\nNo. My NHS number is 943 476 5919.\n\n"
        b"0:00:10.0 --> 0:00:12.0\nAnn Lee\nborn 12 March 1950, aged 93, SW1A 1AA, Dr Jones\n",
    ],
}  # fmt: skip

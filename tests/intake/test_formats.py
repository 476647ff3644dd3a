"""Word processors' files, web pages and PDFs: the same interview in each gives the same turns."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.intake import FORMATS, Document, Intake, Unreadable, parse_turns, read_document
from themetrail.intake.names import label_key
from themetrail.intake.pdf import without_running_lines

Reader = Callable[..., Intake]
TURNS = [
    ("Interviewer", "How did it start?"),
    ("P1", "By accident – “truly” & 2 < 3.\nAnd then: nothing."),
    ("Interviewer", "And the phone?"),
    ("P1", "[laughs] Naïve 😀."),
]


def said(document: Document) -> list[tuple[str, str]]:
    speech = parse_turns(document, lambda label: label_key(label) in {"interviewer", "p1"})
    return [(u.speaker, document.text[u.start : u.end]) for u in speech.utterances]


def word(build: Callable[[docx.document.Document], None]) -> Document:
    file = docx.Document()
    build(file)
    data = io.BytesIO()
    file.save(data)
    return read_document(data.getvalue(), "docx")


def test_word_bold_labels() -> None:
    # The commonest transcript of all: a bold name, a colon, words.
    def build(file: docx.document.Document) -> None:
        for who, what in TURNS:
            first, *others = what.split("\n")
            paragraph = file.add_paragraph()
            paragraph.add_run(f"{who}: ").bold = True
            paragraph.add_run(first)
            for other in others:
                file.add_paragraph(other)
        file.sections[0].header.paragraphs[0].text = "Secret: header"

    document = word(build)
    assert said(document) == TURNS
    assert "Secret" not in document.text


def test_word_bold_names_without_colon() -> None:
    # Bold alone tells who speaks; a bold word inside a turn does not.
    def build(file: docx.document.Document) -> None:
        for who, what in TURNS:
            paragraph = file.add_paragraph()
            paragraph.add_run(who).bold = True
            paragraph.add_run(f" {what}")

    assert said(word(build)) == TURNS


def test_teams_word_export() -> None:
    # Name and time in bold, a line break, the words: all in one paragraph.
    def build(file: docx.document.Document) -> None:
        for number, (who, what) in enumerate(TURNS):
            paragraph = file.add_paragraph()
            paragraph.add_run(who).bold = True
            paragraph.add_run(f"   0:{number:02d}")
            paragraph.add_run().add_break()
            paragraph.add_run(what)

    assert said(word(build)) == TURNS


@pytest.mark.parametrize("header", [True, False])
def test_word_tables_with_a_speaker_column(header: bool) -> None:
    # NVivo and many typists: time, words, speaker - with or without a header row.
    def build(file: docx.document.Document) -> None:
        rows = [("Timespan", "Content", "Speaker")] if header else []
        rows += [(f"0:0{n}", what, who) for n, (who, what) in enumerate(TURNS)]
        table = file.add_table(rows=0, cols=3)
        for row in rows:
            cells = table.add_row().cells
            for cell, text in zip(cells, row, strict=True):
                cell.text = text

    assert said(word(build)) == TURNS


def test_word_ordinary_tables_stay_text() -> None:
    # A table that somebody described is not a conversation.
    def build(file: docx.document.Document) -> None:
        file.add_paragraph("P1: See here.")
        table = file.add_table(rows=2, cols=2)
        for number, cell in enumerate(c for row in table.rows for c in row.cells):
            cell.text = f"cell {number}"

    assert said(word(build)) == [("P1", "See here.\ncell 0\tcell 1\ncell 2\tcell 3")]


def document_xml(body: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    text = f'<w:document xmlns:w="{space}" xmlns:mc="{mc}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": text.encode()})


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def test_word_tracked_and_hidden_text() -> None:
    # Deleted words are often the names that were taken out: they must not come back.
    body = (
        f"<w:p>{run('P1: Kept ')}<w:del><w:r><w:delText>Jane</w:delText></w:r></w:del>"
        f"<w:ins>{run('[name]')}</w:ins><w:moveFrom>{run('moved')}</w:moveFrom>"
        f"{run(' hidden', '<w:vanish/>')}<w:r><w:tab/><w:noBreakHyphen/></w:r>{run(' on.')}</w:p>"
    )
    document = read_document(document_xml(body), "docx")
    assert document.text == "P1: Kept [name]\t\u2011 on."
    assert {remark.kind for remark in document.remarks} == {"tracked_changes", "hidden_text"}


def test_word_blank_paragraphs_are_lines() -> None:
    # The canonical text has a line a paragraph, blank ones too.
    body = f"<w:p>{run('One')}</w:p><w:p/><w:sdt><w:sdtContent><w:p>{run('Two')}</w:p>"
    body += "</w:sdtContent></w:sdt>"
    assert read_document(document_xml(body), "docx").text == "One\n\nTwo"


ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
    '<office:automatic-styles><style:style style:name="T1"><style:text-properties '
    'fo:font-weight="bold"/></style:style></office:automatic-styles>'
    "<office:body><office:text>{body}</office:text></office:body></office:document-content>"
)


def odt(body: str) -> Document:
    return read_document(zipped({"content.xml": ODT.format(body=body).encode()}), "odt")


def test_opendocument() -> None:
    # Spaces, tabs and line breaks are elements; white space of the file is not the author's.
    paragraphs = "".join(
        f'<text:p><text:span text:style-name="T1">{who}</text:span>: '
        f"{escape(what).replace(chr(10), '<text:line-break/>')}</text:p>\n"
        for who, what in TURNS
    )
    assert said(odt(paragraphs)) == TURNS
    spaced = '<text:p>a\n  b<text:s text:c="3"/>c<text:tab/>d</text:p>'
    assert odt(spaced).text == "a b   c\td"


def test_web_pages() -> None:
    # What the page shows, and nothing of what it runs.
    rows = "".join(
        f"<p><b>{who}:</b>\n {escape(what).replace(chr(10), '<br>')}</p>" for who, what in TURNS
    )
    page = (
        f"<!DOCTYPE html><html><head><title>T</title></head><body><script>x</script>{rows}</body>"
    )
    document = read_document(page.encode(), "html")
    assert said(document) == TURNS
    assert "x" not in document.text.split()
    latin = '<meta charset="windows-1252"><p>P1: naïve'.encode("cp1252")
    assert read_document(latin, "htm").text == "P1: naïve"


def test_rich_text() -> None:
    # Letters come as bytes of a code page and as numbers, some of them in two halves.
    rtf = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 "
        r"{\b Interviewer:} How did it start?\par {\b P1:} By accident \'96 "
        r"\ldblquote truly\rdblquote  & 2 < 3.\line And then: nothing.\par "
        r"{\b Interviewer:} And the phone?\par "
        r"{\b P1:} [laughs] Na\'efve \u-10179?\u-8704?.\par}"
    )
    assert said(read_document(rtf.encode("ascii"), "rtf")) == TURNS


def pdf(source: str) -> bytes:
    return bytes(typst.compile(source.encode()))


def test_pdf_without_its_furniture() -> None:
    # Running headers, footers and page numbers are not what anybody said.
    talk = "\n\n".join(
        f"{who}: Word{n} was said, and then word{n} again.\n\n#v(3cm)"
        for n in range(40)
        for who in ["Interviewer" if n % 2 else "P1"]
    )
    page = "#set page(header: [Study of telehealth, draft], footer: context [Page #counter(page)."
    page += "display() of 9])\n"
    document = read_document(pdf(page + talk), "pdf")
    assert "draft" not in document.text
    assert "Page" not in document.text
    assert [what.split()[0] for _, what in said(document)] == [f"Word{n}" for n in range(40)]
    assert [remark.kind for remark in document.remarks] == ["pdf_text"]


def test_pdf_keeps_what_only_looks_like_furniture() -> None:
    # The same short answer at the top of every page, and a year alone on a line, are words.
    pages = [["P1: In", "2019", "x"], ["P1: In", "1", "y"], ["P1: Out", "2024", "z"]]
    assert without_running_lines(pages) == (pages, 0)
    numbered = [["Draft 3", f"P{n}: Words"] for n in (4, 9, 5)]
    kept, removed = without_running_lines(
        [[*page[:2], f"{n}/3"] for n, page in enumerate(numbered)]
    )
    assert (kept, removed) == ([["P4: Words"], ["P9: Words"], ["P5: Words"]], 6)


def test_pdf_line_numbers() -> None:
    # Transcripts for courts and some journals number their lines.
    lines = "\n\n".join(
        f"{n} {'P1' if n % 2 else 'Interviewer'}: Line number {n} here." for n in range(1, 31)
    )
    document = read_document(pdf(lines), "pdf")
    assert said(document)[2] == ("P1", "Line number 3 here.")


@pytest.mark.parametrize("data", [b"PK\x03\x04x", b"\xd0\xcf\x11\xe0x", b"%PDF-1.7", rb"{\rtf1 x}"])
def test_files_of_another_kind_are_no_text(data: bytes) -> None:
    """A Word file renamed to .txt is called what it is, with the way out."""
    with pytest.raises(Unreadable, match=r"is named \.txt but is") as refused:
        read_document(data, "txt")
    assert refused.value.kind == "wrong_kind"
    assert "extension" in refused.value.remedy


def test_a_damaged_pdf_is_not_quoted(capfd: pytest.CaptureFixture[str]) -> None:
    """What the PDF library says of a file's bytes may be somebody's words: it is not printed."""
    with pytest.raises(Unreadable):
        read_document(b"Annabel said so.", "pdf")
    assert capfd.readouterr().err == ""


def test_a_scan_has_no_text() -> None:
    # An empty transcript would be a riddle; this says what to do.
    with pytest.raises(Unreadable, match="scan") as caught:
        read_document(pdf("#rect()"), "pdf")
    assert caught.value.kind == "no_text_layer"


# ------------------------------------------------------------------------------ hostile files
BOMB = b"<w:x/>" * 1_000_000
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w:document '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)
EXTERNAL = LAUGHS.replace('"ha"', 'SYSTEM "file:///etc/passwd"')
HOSTILE = {
    "no zip": (b"hello", "docx", "corrupt_file"),
    "truncated zip": (zipped({"word/document.xml": b"x" * 5000})[:-40], "docx", "corrupt_file"),
    "other zip": (zipped({"a.txt": b"x"}), "docx", "corrupt_file"),
    "old or locked Word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "docx", "corrupt_file",
    ),
    "zip bomb": (zipped({"word/document.xml": BOMB + b"<"}), "docx", "hostile_file"),
    "many members": (zipped({str(n): b"" for n in range(20_001)}), "odt", "hostile_file"),
    "laughs": (zipped({"word/document.xml": LAUGHS.encode()}), "docx", "hostile_file"),
    "laughs in UTF-16": (
        zipped({"word/document.xml": LAUGHS.encode("utf-16")}), "docx", "hostile_file",
    ),
    "external entity": (zipped({"content.xml": EXTERNAL.encode()}), "odt", "hostile_file"),
    "broken XML": (zipped({"content.xml": b"<a><b></a>"}), "odt", "corrupt_file"),
    "deep XML": (zipped({"content.xml": b"<a>" * 100_000}), "odt", "hostile_file"),
    "deep page": (b"<div>" * 100_000, "html", "hostile_file"),
    "no RTF": (b"hello", "rtf", "corrupt_file"),
    "bad RTF": (rb"{\rtf1 \u99999999999 x}", "rtf", "corrupt_file"),
    "no PDF": (b"hello", "pdf", "corrupt_file"),
    "truncated PDF": (b"%PDF-1.7\n1 0 obj <<", "pdf", "corrupt_file"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_and_damaged_files_are_refused(case: str) -> None:
    # With a reason, at once, and never by another exception.
    data, extension, kind = HOSTILE[case]
    with pytest.raises(Unreadable) as caught:
        read_document(data, extension)
    assert caught.value.kind == kind
    assert caught.value.remedy


def test_a_member_that_lies_about_its_size() -> None:
    # The header says 10 bytes; what unpacks is not read to the end.
    data = bytearray(zipped({"word/document.xml": b"a" * 5000}))
    for at in (data.index(b"PK\x03\x04") + 22, data.index(b"PK\x01\x02") + 24):
        data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        read_document(bytes(data), "docx")


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(FORMATS), st.integers(0, 300))
def test_any_bytes_are_read_or_refused(data: bytes, extension: str, cut: int) -> None:
    # Pure noise, and a true file with noise in its middle.
    true = document_xml(f"<w:p>{run('P1: Yes.')}</w:p>")
    for attempt in (data, true[:cut] + data + true[cut + len(data) :]):
        with contextlib.suppress(Unreadable):
            parse_turns(read_document(attempt, extension))


def test_real_word_files_of_others(shared: Path) -> None:
    # Files that no one here made.
    files = sorted((shared / "samples/files").rglob("*.docx"))
    if not files:
        pytest.skip("the samples are not there")
    for file in files:
        assert read_document(file.read_bytes(), "docx").text.strip(), file.name


def test_what_word_keeps_beside_the_text_is_scanned(site: Reader) -> None:
    # The deleted name, the author, a header: not read, but in the file that is handed on.
    body = f"<w:p>{run('P1: Kept ')}<w:del><w:r><w:delText>Wetherby</w:delText></w:r></w:del></w:p>"
    intake = site({"P1.docx": document_xml(body)}, forbidden_names=["Wetherby"])
    warned = [p for p in intake.problems if p.kind == "disclosure"]
    assert [p.severity for p in warned] == ["warning"]
    assert "beside its text" in warned[0].message
    assert "Wetherby" not in str(warned[0])
    assert intake.transcripts["status"].tolist() == ["ready"]

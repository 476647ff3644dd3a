"""The PDF: what a press, a screen reader and a reader's eye want of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import paper_sample
import pypdf
import pytest
from pypdf.generic import ContentStream
from themetrail.report.render import render


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> pypdf.PdfReader:
    """Give the sample's PDF."""
    place = tmp_path_factory.mktemp("pdf")
    resources, references = paper_sample.folders(place)
    output = place / "paper.pdf"
    render(
        paper_sample.document(),
        output,
        format="pdf",
        study=paper_sample.STUDY,
        bibliography=references,
        csl=None,
        resources=resources,
    )
    return pypdf.PdfReader(io.BytesIO(output.read_bytes()))


def fonts(pdf: pypdf.PdfReader) -> Iterator[tuple[str, Any]]:
    """Name and descendant of every composite font."""
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            for part in font.get("/DescendantFonts", [font]):
                yield str(font["/BaseFont"]), part.get_object()


def text_of(pdf: pypdf.PdfReader) -> str:
    """The text of all pages without blanks and places to break."""
    return re.sub(r"[\s\u200b\u00ad]", "", "".join(page.extract_text() for page in pdf.pages))


def test_every_font_is_embedded(pdf: pypdf.PdfReader) -> None:
    """Protects the look on machines without our fonts; and that it is ours that are used."""
    found = dict(fonts(pdf))
    assert any("SourceSans" in name for name in found)
    assert any("Libertinus" in name for name in found)
    for name, part in found.items():
        descriptor = part["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), name


def test_no_glyph_is_missing(pdf: pypdf.PdfReader) -> None:
    """Protects against empty boxes: glyph 0 of a font is never shown."""
    for page in pdf.pages:
        stream = ContentStream(page["/Contents"].get_object(), pdf)
        for operands, operator in stream.operations:
            shown = operands[0] if operator in (b"Tj", b"TJ") else []
            for item in shown if isinstance(shown, list) else [shown]:
                data = getattr(item, "original_bytes", b"")
                codes = [data[at : at + 2] for at in range(0, len(data), 2)]
                assert b"\x00\x00" not in codes


def test_each_page_says_that_the_data_are_fictional(pdf: pypdf.PdfReader) -> None:
    """Protects readers of a single page."""
    for page in pdf.pages:
        assert "Fictional data" in page.extract_text()


def test_a_long_table_repeats_its_heads_and_a_wide_one_lies_on_its_side(
    pdf: pypdf.PdfReader,
) -> None:
    """Protects tables that no page can hold."""
    long = [p for p in pdf.pages if "long row" in re.sub(r"\s+", " ", p.extract_text())]
    assert len(long) > 1
    assert all("Definition" in page.extract_text() for page in long)
    wide = [p for p in pdf.pages if p.mediabox.width > p.mediabox.height]
    assert wide
    assert all("matrix" in page.extract_text() for page in wide)
    # The section that only holds the wide table begins on its page.
    assert "Appendix" in wide[0].extract_text()
    assert "Notes of matrix." in wide[-1].extract_text()


def test_nothing_stands_alone_at_the_foot_of_a_page(pdf: pypdf.PdfReader) -> None:
    """Protects against orphaned headings: the last line of text on a page is no heading."""
    headings = ("1 Methods", "1.1 Agreement", "2 Results", "2.1 Theme: being asked", "References")
    for page in pdf.pages:
        lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        body = [line for line in lines if not re.fullmatch(r"\d+ of \d+", line)]
        assert re.sub(r"\s+", " ", body[-1]) not in headings


def test_text_from_data_is_printed_as_it_is(pdf: pypdf.PdfReader) -> None:
    """Protects literal text: no markup of Typst's or anybody's is read into it."""
    text = text_of(pdf)
    assert re.sub(r"\s", "", paper_sample.HOSTILE) in text
    assert "W" * 600 in text
    assert "שלום" in text or "םולש" in text


def test_the_file_says_what_it_is_and_nothing_of_where_it_was_made(pdf: pypdf.PdfReader) -> None:
    """Protects the properties: title, authors, language; no date, no user."""
    info = pdf.metadata
    assert info is not None
    assert info.title == "Being asked: a study of $5 and <b>markup</b>"
    assert info.author is not None
    assert "Ann O’Hara" in info.author
    assert info.creation_date is None
    assert "Fictional data" in str(info.subject)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"].value is True


def test_links_lead_somewhere(pdf: pypdf.PdfReader) -> None:
    """Cross references and citations are links to places in the file, or addresses."""
    inner = outer = 0
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            if link["/Subtype"] != "/Link":
                continue
            if "/A" in link:
                outer += link["/A"]["/S"] == "/URI"
            inner += "/Dest" in link
    assert inner >= 4
    assert outer >= 1

"""The Word file: styles, tables, sections and properties that a journal's editor expects."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import docx
import paper_sample
import pytest
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from themetrail.report.render import render


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the sample's Word file."""
    place = tmp_path_factory.mktemp("docx")
    resources, references = paper_sample.folders(place)
    render(
        paper_sample.document(),
        place / "paper.docx",
        format="docx",
        study=paper_sample.STUDY,
        bibliography=references,
        csl=None,
        resources=resources,
    )
    return place / "paper.docx"


@pytest.fixture(scope="module")
def word(file: Path) -> Any:
    """Give the file as Word's object tree."""
    return docx.Document(str(file))


def test_the_title_block_is_made_of_styles(word: Any) -> None:
    """Protects whoever restyles it: title, authors, affiliations, abstract by name."""
    said = [(p.style.name, p.text) for p in word.paragraphs[:8]]
    assert said[0] == ("Title", "Being asked: a study of $5 and <b>markup</b>")
    assert ("Author", "Ann O’Hara1, Ben Li2") in said
    assert ("Affiliation", "1 University of North") in said
    assert any(style == "Abstract" and "in short" in text for style, text in said)


def test_quotations_and_captions_have_styles_of_their_own(word: Any) -> None:
    """Protects quotations: the words and who says them, each by its style."""
    by_style: dict[str, list[str]] = {}
    for paragraph in word.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert paper_sample.HOSTILE in by_style["Quotation"]
    assert by_style["Attribution"][0] == "— nurse, North"
    assert by_style["Table Caption"][0].startswith("Table\xa01. The short table")
    assert by_style["Image Caption"][0].startswith("Figure\xa01. A line")
    assert by_style["Table Notes"] == ["Notes of short.", "Notes of long.", "Notes of matrix."]


def test_tables_repeat_their_heads_and_keep_rows_whole(word: Any) -> None:
    """Protects long tables in Word."""
    for table in word.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_wide_tables_lie_on_pages_of_their_own_with_the_same_heads(word: Any) -> None:
    """Protects the running head: every section names the paper and the fictional data."""
    turned = [section.orientation for section in word.sections]
    assert turned == [WD_ORIENTATION.PORTRAIT, WD_ORIENTATION.LANDSCAPE]
    for section in word.sections:
        head = section.header.paragraphs[0].text
        assert head.startswith("Being asked")
        assert "Fictional data" in head
        assert "PAGE" in section.footer._element.xml


def test_pictures_have_words_and_are_png(word: Any, file: Path) -> None:
    """Protects old Words and readers who can't see."""
    properties = word.element.body.findall(f".//{qn('wp:docPr')}")
    assert [element.get("descr") for element in properties] == ["A line that goes down"]
    with zipfile.ZipFile(file) as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert [Path(name).suffix for name in media] == [".png"]


def test_properties_name_the_authors_and_nobody_else(word: Any) -> None:
    """Protects people: no user's name, no time of the machine."""
    properties = word.core_properties
    assert properties.author == "Ann O’Hara; Ben Li"
    assert properties.last_modified_by == ""
    assert properties.created.year == 1970
    assert "Fictional data" in properties.comments

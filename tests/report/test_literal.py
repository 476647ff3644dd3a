"""Literal text: what people said, coded or called a thing comes out as it went in.

The same hostile texts stand in a quotation, an attribution, a code's label and definition, a
theme's title and claim, a site's name, a role, an adjudicator's name and a table's cell; the paper
is written in each format and read back.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from themetrail.config import Code, Codebook, Site, StudyConfig, Theme
from themetrail.report import ast, manuscript, paper_tables
from themetrail.report.facts import collect

HOSTILE = {
    "placeholder": "{{ fact('n.words') }} {% include 'x' %} {# y #}",
    "formula": "$x^2$ and \\(y\\) and $$z$$",
    "citation": "@cite [@gale2013] [^1] [x](http://example.org) ![i](a.png)",
    "markup": "<script>alert(1)</script> <b>&amp;</b> &lt; <!-- note -->",
    "latex": "\\input{secret} \\textbf{x} % comment",
    "typst": '#include "secret" #set page(width: 1pt) // rest /* c */ <label>',
    "table": "| a | b | `code` ``` ~~x~~ *e* _f_ ~s~ ^t^",
    "shorthand": "wait... -5 -? a--b c---d it's \"so\" 'quoted'",
    "start": "= head",
    "list": "- item",
    "number": "1. item",
    "sheet": '=HYPERLINK("http://example.org","x")',
    "long": "W" * 2000,
    "name": "O’Brien-Łukasz, Zoë & 李",
}
RIGHT_TO_LEFT = "left \u202eright\u202c \u05e9\u05dc\u05d5\u05dd \u200fend"
MANUSCRIPT = """
## {{ fact('theme.T1.title') }}

{{ fact('theme.T1.claim') }}

*{{ fact('site.north.label') }}*, {{ fact('code.asked.label') }}.

{{ quote('T1', 1) }}

{{ table('codebook') }}

{{ table('participants') }}

{{ table('counter_examples') }}

{{ findings() }}
"""
Build = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def build(study_with: Any, tables_with: Any, quote_row: Any) -> Build:
    """Give the function that makes a paper in which one text stands in every place."""

    def made(text: str) -> dict[str, Any]:
        plain = study_with()
        study = StudyConfig(
            Path(),
            plain.settings,
            (Site("north", text, text), Site("south", "South")),
            Codebook((Code("asked", text, text, text), Code("time", "Time"))),
            (Theme("T1", text, text, codes=("asked",)), Theme("T2", "Time", codes=("time",))),
        )
        tables = tables_with(
            quotes=[quote_row("T1", 1, text, attribution=text)],
            counter_examples=[
                {
                    "theme": "T1",
                    "segment_id": "s1",
                    "transcript_id": "t1",
                    "start": 0,
                    "end": len(text),
                    "participant_id": "p1",
                    "site": "north",
                    "code": "asked",
                    "text": text,
                    "why": text,
                }
            ],
            participants=[
                {"participant_id": "p1", "site": "north", "n_transcripts": 1, "role": text}
            ],
        )
        facts = collect(tables, study)
        built = paper_tables.build(facts, study, tables)
        document, problems = manuscript.fill(MANUSCRIPT, facts, tables["quotes"], built, {}, study)
        assert not [row for row in problems if row.severity == "error"]
        return document

    return made


def write(document: dict[str, Any], form: str) -> bytes:
    """The document in a format, by Pandoc."""
    done = subprocess.run(
        [ast.pandoc(), "--from", "json", "--to", form, "--wrap", "none", "--output", "-"],
        input=json.dumps(document).encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout


def squeezed(text: str) -> str:
    """Without white space, and without what only helps to break or to turn lines."""
    return re.sub(r"[\s\u200b\u200e\u200f\u202a-\u202e\u00ad]", "", text)


def read_html(document: dict[str, Any]) -> str:
    """The text of the HTML."""
    tree = html.fromstring(b"<div>" + write(document, "html") + b"</div>", parser=PARSER)
    assert not tree.xpath("//script|//b|//img|//math|//a[starts-with(@href,'http')]")
    return str(tree.text_content())


PARSER = html.HTMLParser(encoding="utf-8")
SAFE = etree.XMLParser(resolve_entities=False, no_network=True)


def read_jats(document: dict[str, Any]) -> str:
    """The text of the JATS."""
    tree = etree.fromstring(b"<body>" + write(document, "jats") + b"</body>", SAFE)
    return "".join(str(part) for part in tree.itertext())


def read_docx(document: dict[str, Any]) -> str:
    """The text of the DOCX."""
    with zipfile.ZipFile(io.BytesIO(write(document, "docx"))) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"), SAFE)
    assert not tree.xpath("//*[local-name()='instrText' or local-name()='oMath']")
    return "\n".join("".join(map(str, p.itertext())) for p in tree.iter("{*}p"))


def read_pdf(document: dict[str, Any], folder: Path) -> str:
    """The text of the PDF that Typst makes."""
    import pypdf
    import typst

    source = folder / "paper.typ"
    head = b"#set page(width: 60cm, height: auto)\n#set text(hyphenate: false)\n"
    source.write_bytes(head + write(ast.for_typst(document), "typst"))
    pages = pypdf.PdfReader(io.BytesIO(typst.compile(str(source)))).pages
    return "\n".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("kind", [*HOSTILE, "turned"])
@pytest.mark.parametrize("reader", [read_html, read_jats, read_docx])
def test_text_comes_out_as_it_went_in(build: Build, reader: Any, kind: str) -> None:
    """Guards readers against words that were changed, run or lost in HTML, JATS and DOCX."""
    text = {**HOSTILE, "turned": RIGHT_TO_LEFT}[kind]
    said = reader(build(text))
    # heading, claim, site, code; quotation and attribution; the three tables; and findings again
    assert said.count(text) >= 14


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_text_comes_out_of_the_pdf_as_it_went_in(build: Build, tmp_path: Path, kind: str) -> None:
    """Guards the PDF: Typst's shorthands change no quotation, long words stay on the page."""
    if kind == "name":
        pytest.skip("the plain fonts of this test have no Chinese")
    said = squeezed(read_pdf(build(HOSTILE[kind]), tmp_path))
    assert said.count(squeezed(HOSTILE[kind])) >= 14


def test_text_that_turns_the_line_is_kept_to_itself(build: Build) -> None:
    """Guards the sentence around a name that is written from right to left."""
    document = build(RIGHT_TO_LEFT)
    spans = [node["c"][0] for node in ast.elements(document) if node["t"] == "Span"]
    turned = [dict(pairs).get("dir") for _, classes, pairs in spans if "quotation" in classes]
    assert turned
    assert set(turned) == {"auto"}


def test_control_characters_are_shown(build: Build) -> None:
    """Guards files that XML readers would refuse."""
    document = build("before\x0bafter\x00\x1b[31m")
    for reader in (read_html, read_jats, read_docx):
        assert "before␋after␀␛[31m" in reader(document)


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_survives_the_tree(text: str) -> None:
    """Guards words, spaces and line breaks of any text, and that Typst's strings are closed."""
    made = ast.inlines(text)
    assert ast.text_of(made) == ast.visible(text).replace("\n", " ")
    for node in ast.for_typst({"blocks": [ast.para(made)]})["blocks"][0]["c"]:
        if node["t"] == "RawInline":
            inside = node["c"][1].removeprefix('#"').removesuffix('";')
            assert not re.search(r'(?<!\\)(?:\\\\)*"', inside)

"""A filled paper with everything that a paper can hold, for the tests of its rendering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from themetrail.report import ast
from themetrail.report.ast import Column, Node

HOSTILE = (
    "{{ x }} {% y %} {{< include a >}} $x^2$ @cite [^1] <script>alert(1)</script> \\input{a} "
    '#include "b" #set page(width: 1pt) /* c */ | `d` *e* _f_ -5 ... --- don\'t'
)
RIGHT_TO_LEFT = "left \u05e9\u05dc\u05d5\u05dd right"
BIBLIOGRAPHY = """
@article{gale2013, author={Gale, Nicola K and Heath, Gemma}, title={Using the framework method},
 journal={BMC Medical Research Methodology}, volume={13}, pages={117}, year={2013},
 doi={10.1186/1471-2288-13-117}}
@book{krippendorff2019, author={Krippendorff, Klaus}, title={Content analysis}, year={2019},
 publisher={SAGE}}
"""
STUDY = {"title": "A title", "demonstration": True}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80"><path d="M0 0L200 80"/></svg>'
)


def folders(place: Path) -> tuple[Path, Path]:
    """Write the pictures and the bibliography: the folder of the first, the second's file."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "one.svg").write_text(SVG, encoding="utf-8")
    (place / "one.png").write_bytes(PNG)
    references = place / "references.bib"
    references.write_text(BIBLIOGRAPHY, encoding="utf-8")
    return place, references


def _meta(text: str) -> Node:
    return {"t": "MetaInlines", "c": ast.inlines(text)}


def _author(name: str, affiliation: str, **more: str) -> Node:
    fields = {"name": name, "affiliation": affiliation, **more}
    return {"t": "MetaMap", "c": {key: _meta(value) for key, value in fields.items()}}


def quote(text: str, who: str = "nurse, North") -> Node:
    """A quotation with its attribution, as the manuscript's filling makes it."""
    words = ast.data_span(text, ["quotation"], {})
    said = [*ast.inlines("— "), ast.data_span(who, ["attribution"], {})]
    block = ast.block_quote([ast.para([words]), ast.para(said)])
    return ast.div([block], ["quote"], {"data-quote": "s1", "data-theme": "T1"})


def table(name: str, rows: int, *, wide: bool = False) -> list[Node]:
    """A table of so many rows with notes."""
    columns = [Column("Code", "left"), Column("Definition", "left"), Column("People", "right")]
    cells = [
        [ast.inlines(f"Code {row}"), ast.inlines(f"{name} row {row}"), ast.inlines("3 of 5")]
        for row in range(1, rows + 1)
    ]
    cells.append([[], ast.inlines("the heading of this row is left empty"), ast.inlines("1")])
    made = ast.table(
        f"tbl-{name}",
        ast.inlines(f"The {name} table (n = 5 people)."),
        columns,
        cells,
        classes=["wide"] if wide else [],
        pairs={"data-table": name},
    )
    return [made, ast.div([ast.para(ast.inlines(f"Notes of {name}."))], ["table-notes"])]


def document(*blocks: Node) -> dict[str, Any]:
    """The sample; further blocks stand at its end."""
    text = ast.parse(
        "# Methods {#sec-methods}\n\nWe used the framework method [@gale2013, p. 3; "
        "@krippendorff2019]. See @fig-one, [@tbl-short; @tbl-long] and @sec-results.\n\n"
        "**Ethics.** None was needed -- “quoted” text’s end.\n\n"
        "## Agreement {#sec-agreement}\n\nA list:\n\n- one\n- two\n\n"
    )
    end = ast.parse("# References {.unnumbered}\n\n::: {#refs}\n:::\n")
    fact = ast.data_span("0.75", ["fact"], {"data-fact": "alpha.study"})
    caption = ast.inlines("A line (n = 5 people).")
    body = [
        *text["blocks"],
        ast.header(1, "sec-results", ast.inlines("Results")),
        ast.para([*ast.inlines("Alpha was "), fact, *ast.inlines(".")]),
        ast.figure("fig-one", "one.svg", "A line that goes down", caption, {"data-figure": "one"}),
        ast.header(2, "sec-theme", ast.inlines("Theme: being asked")),
        quote("I was not asked."),
        quote(HOSTILE),
        quote(RIGHT_TO_LEFT),
        quote("W" * 600),
        *table("short", 4),
        *table("long", 90),
        *blocks,
        *end["blocks"],
        ast.header(1, "appendix", ast.inlines("Appendix")),
        *table("matrix", 60, wide=True),
    ]
    return {
        "pandoc-api-version": text["pandoc-api-version"],
        "meta": {
            "title": _meta("Being asked: a study of $5 and <b>markup</b>"),
            "short-title": _meta("Being asked"),
            "date": _meta("November 2021"),
            "lang": _meta("en-GB"),
            "keywords": {"t": "MetaList", "c": [_meta('asking "first"'), _meta("telehealth")]},
            "author": {
                "t": "MetaList",
                "c": [
                    _author("Ann O’Hara", "University of North", orcid="0000-0002-1825-0097"),
                    _author("Ben Li", "University of South"),
                ],
            },
            "abstract": {
                "t": "MetaBlocks",
                "c": [ast.para([*ast.inlines("Alpha was "), fact, *ast.inlines(" in short.")])],
            },
        },
        "blocks": body,
    }

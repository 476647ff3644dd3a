"""The manuscript: placeholders are filled; what can't be filled stops the build with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.errors import Problem, Problems
from themetrail.report import ast, catalogue, manuscript, paper_tables
from themetrail.report.facts import collect
from themetrail.report.placeholders import scan

Fill = Callable[..., tuple[dict[str, Any], list[Problem]]]
FIGURES = {"saturation": {"path": "s.svg", "caption": "Codes seen (n = 4).", "alt": "A curve."}}


@pytest.fixture
def fill(small_study: Any, small_tables: Any) -> Fill:
    """Give the function that fills a text with the small study's results."""

    def filled(text: str, study: Any = small_study, tables: Any = small_tables) -> Any:
        facts = collect(tables, study)
        built = paper_tables.build(facts, study, tables)
        return manuscript.fill(
            text, facts, tables["quotes"], built, FIGURES, study, file="paper.md"
        )

    return filled


def kinds(problems: list[Problem]) -> list[tuple[str, int | None]]:
    """Kinds and lines of the errors."""
    return [(row.kind, row.line) for row in problems if row.severity == "error"]


def test_a_fact_keeps_its_id(fill: Fill) -> None:
    """Guards the trail from a printed number to its evidence."""
    document, problems = fill("We met {{ fact('n.participants') }}.")
    assert not problems
    assert ast.text_of(document["blocks"]) == "We met 5."
    spans = [node for node in ast.elements(document["blocks"]) if node["t"] == "Span"]
    assert spans[0]["c"][0] == ["", ["fact"], [["data-fact", "n.participants"]]]


def test_a_placeholder_works_in_headings_emphasis_captions_and_the_header(fill: Fill) -> None:
    """Guards all places that authors write numbers in."""
    text = (
        "---\nabstract: We met {{ fact('n.participants') }} people.\n---\n\n"
        "## {{ fact('theme.T1.title') }}\n\n*{{ fact('n.sites', 'Words') }}* sites[^1].\n\n"
        "[^1]: At {{ fact('n.sites') }}.\n\n| a |\n|---|\n| {{ fact('n.words') }} |\n\n"
        ": Of {{ fact('n.participants') }} {#tbl-own}\n"
    )
    document, problems = fill(text)
    assert not problems
    assert ast.text_of(document["meta"]["abstract"]) == "We met 5 people."
    assert document["blocks"][0]["c"][1][0] == "ask-first"
    said = ast.text_of(document["blocks"])
    assert "Two sites" in said
    assert "At 2." in said
    assert "15,000" in said
    assert "Of 5" in said


def test_the_title_block_comes_from_the_configuration_unless_the_manuscript_has_one(
    fill: Fill,
) -> None:
    """Guards one source for title and authors, and the authors' last word."""
    document, _ = fill("Text.")
    assert ast.text_of(document["meta"]["title"]) == "A small study"
    assert document["meta"]["demonstration"] == {"t": "MetaBool", "c": True}
    document, _ = fill("---\ntitle: Ours\n---\n\nText.")
    assert ast.text_of(document["meta"]["title"]) == "Ours"


def test_a_quotation_stands_with_its_attribution_and_segment(fill: Fill) -> None:
    """Guards verbatim words, their line breaks, and that no person's id is printed with them."""
    document, problems = fill("{{ quote('T1', 1) }}\n\n{{ quote('T1', 'counter') }}")
    assert not problems
    first, second = document["blocks"]
    assert first["c"][0] == ["", ["quote"], [["data-quote", "sT11"], ["data-theme", "T1"]]]
    assert second["c"][0][1] == ["quote", "counter"]
    assert ast.text_of(first) == "They asked us. Twice.— nurse, North"
    assert sum(node["t"] == "LineBreak" for node in ast.elements(first)) == 1
    assert '"p1"' not in str(document).replace("'", '"')


def test_tables_and_figures_have_identifiers_captions_and_alt_text(fill: Fill) -> None:
    """Guards cross references and readers who can't see the figure."""
    text = (
        "See @tbl-themes and @fig-saturation.\n\n{{ table('themes') }}\n\n"
        "{{ figure('saturation') }}"
    )
    document, problems = fill(text)
    assert not problems
    table = next(node for node in document["blocks"] if node["t"] == "Table")
    assert table["c"][0] == ["tbl-themes", [], [["data-table", "themes"]]]
    assert "n = 4 people" in ast.text_of(table["c"][1])
    figure = next(node for node in document["blocks"] if node["t"] == "Figure")
    assert figure["c"][0][0] == "fig-saturation"
    image = next(node for node in ast.elements(figure) if node["t"] == "Image")
    assert ast.text_of(image["c"][1]) == "A curve."


def test_findings_make_a_section_a_theme(fill: Fill) -> None:
    """Guards the general manuscript, which knows no theme."""
    document, problems = fill("{{ findings() }}")
    assert not problems
    headings = [node for node in document["blocks"] if node["t"] == "Header"]
    assert [ast.text_of(node["c"][2]) for node in headings] == ["Ask first", "Time"]
    assert [node["c"][0] for node in headings] == [1, 1]
    assert "Most of the participants (3 of 4, at 2 of 2 sites)" in ast.text_of(document["blocks"])


def test_texts_of_the_configuration_are_put_in_lists_as_lists(study_with: Any, fill: Fill) -> None:
    """Guards declarations, and words where nothing was stated."""
    study = study_with(study={"title": "T", "questions": ["Who?", "Why *not*?"]})
    document, problems = fill(
        "{{ text('study.questions') }}\n\nEthics: {{ text('study.ethics') }}.", study
    )
    assert not problems
    assert document["blocks"][0]["t"] == "BulletList"
    assert ast.text_of(document["blocks"]) == "Who?Why *not*?Ethics: not stated."


@pytest.mark.parametrize(
    ("text", "kind", "line", "says"),
    [
        ("\n\n{{ fact('n.participant') }}", "unknown_fact", 3, "'n.participants'"),
        ("{{ fact('alpha.code.tme') }}", "unknown_fact", 1, "'alpha.code.time'"),
        ("{{ fact('n.words', 'word') }}", "unknown_variant", 1, "'words'"),
        ("{{ fact('theme.T1.claim', 'percent') }}", "unknown_variant", 1, "is a text"),
        ("{{ quote('T3', 1) }}", "unknown_theme", 1, "T1, T2"),
        ("{{ quote('T1', 9) }}", "unknown_quote", 1, "1 supporting and 1 counter"),
        ("{{ quote('T1', 0) }}", "malformed_placeholder", 1, "begin at 1"),
        ("{{ table('theme') }}", "unknown_table", 1, "'themes'"),
        ("{{ figure('saturatoin') }}", "unknown_figure", 1, "'saturation'"),
        ("{{ figure('theme_map') }}", "missing_figure", 1, "was not made"),
        ("{{ text('study.ethic') }}", "unknown_text", 1, "'study.ethics'"),
        ("{{ facts('n.words') }}", "unknown_placeholder", 1, "'fact'"),
        ("{{ fact() }}", "malformed_placeholder", 1, "0 arguments"),
        ("{{ fact(n.words) }}", "malformed_placeholder", 1, "quoted"),
        ("{{ fact('n.words' }}", "malformed_placeholder", 1, "can't be read"),
        ("a\n{{ fact('n.words')", "malformed_placeholder", 2, "not closed"),
        ("{{ __import__('os') }}", "unknown_placeholder", 1, "__import__"),
        ("a\n\n<script>alert(1)</script>", "raw_markup", 3, "in Markdown"),
        ("a <b>bold</b>", "raw_markup", 1, "raw html"),
        ("a \\newpage", "raw_markup", 1, "raw tex"),
        ("a\n\n[x](javascript:alert(1))", "unsafe_link", 3, "https:"),
        ("<!-- {{ fact('x') }}", "open_comment", 1, "never closed"),
        ("So {{ quote('T1', 1) }} here.", "misplaced_placeholder", 1, "paragraph of its own"),
        ("[x]({{ fact('n.words') }})", "misplaced_placeholder", 1, "address"),
        ("$a + {{ fact('n.words') }}$", "misplaced_placeholder", 1, "formula"),
        ("a\n\nSee @tbl-theme.\n\n{{ table('themes') }}", "unknown_reference", 3, "'tbl-themes'"),
        ('::: {when="codde"}\nx\n:::', "unknown_condition", 1, "'coded'"),
        ("---\ntitle: [\n---\n\nx", "unreadable_manuscript", None, "YAML"),
    ],
)
def test_what_can_not_be_filled_is_an_error_with_line_and_help(
    fill: Fill, text: str, kind: str, line: int | None, says: str
) -> None:
    """Guards against a paper with a hole in it, and against guessing what is wrong."""
    _, problems = fill(text)
    assert (kind, line) in kinds(problems)
    assert says in "".join(str(row) for row in problems)


def test_a_table_given_twice_is_an_error(fill: Fill) -> None:
    """Guards identifiers that cross references rely on."""
    _, problems = fill("{{ table('themes') }}\n\n{{ table('themes') }}")
    assert [kind for kind, _ in kinds(problems)] == ["duplicate_identifier"]


def test_a_fact_without_value_is_a_warning(fill: Fill) -> None:
    """Guards against words in place of a number that nobody noticed."""
    document, problems = fill("Alpha: {{ fact('alpha.code.time') }}.")
    assert [(row.severity, row.kind, row.line) for row in problems] == [
        ("warning", "undefined_fact", 1)
    ]
    assert ast.text_of(document["blocks"]) == "Alpha: not available (no coder ever marked it)."


def test_comments_reach_no_output_and_change_nothing(fill: Fill) -> None:
    """Guards authors' notes, with placeholders in them, wherever they stand."""
    text = (
        "One <!-- {{ fact('nothing') }}\n\nstill a note --> two.\n"
        "<!-- alone -->\nthree.\n\n<!-- before -->\n# Heading\n"
    )
    document, problems = fill(text)
    assert not problems
    assert [node["t"] for node in document["blocks"]] == ["Para", "Header"]
    assert ast.text_of(document["blocks"]) == "One  two. three.Heading".replace("  ", " ")


def test_code_and_escapes_stay_literal(fill: Fill) -> None:
    """Guards authors who write about placeholders."""
    text = (
        "`{{ fact('x') }}` and \\{{ fact('x') }}\n\n```\n{{ y }} <!-- z -->\n```\n\n    {{ z }}\n"
    )
    document, problems = fill(text.replace("    {{ z }}", "    {{ fact('n.words') }}"))
    assert not problems
    codes = [n["c"][1] for n in ast.elements(document) if n["t"] in ("Code", "CodeBlock")]
    assert codes == ["{{ fact('x') }}", "{{ y }} <!-- z -->", "{{ fact('n.words') }}"]
    assert "{{ fact(’x’) }}" in ast.text_of(document["blocks"]).replace("‘", "’").replace("'", "’")


def test_parts_stand_only_where_they_apply(study_with: Any, fill: Fill) -> None:
    """Guards one manuscript for studies with and without agreement."""
    text = (
        "::: {when=\"agreement\"}\nAlpha {{ fact('alpha.study') }}.\n\n"
        "{{ table('agreement') }}\n:::\n\n"
        '::: {unless="agreement"}\nNo coefficient.\n:::\n'
    )
    document, problems = fill(text)
    assert not problems
    assert "Alpha 0.75." in ast.text_of(document["blocks"])
    reflexive = study_with(analysis={"approach": "reflexive"})
    document, problems = fill(text, reflexive)
    assert not problems
    assert ast.text_of(document["blocks"]) == "No coefficient."
    assert not catalogue.check(text, reflexive)


def test_a_reflexive_study_refuses_agreement_and_says_why(study_with: Any, fill: Fill) -> None:
    """Guards the approach that the study chose."""
    study = study_with(analysis={"approach": "reflexive"})
    text = "{{ fact('alpha.study') }}\n\n{{ table('agreement') }}\n\n{{ figure('agreement') }}"
    _, problems = fill(text, study)
    assert [kind for kind, _ in kinds(problems)] == ["not_applicable"] * 3
    assert "reflexive" in problems[0].message
    found = catalogue.check(text, study)
    assert [row.kind for row in found] == ["not_applicable"] * 3


@pytest.mark.parametrize("approach", ["codebook", "reflexive"])
@pytest.mark.parametrize("coded", [True, False])
def test_the_general_manuscript_fills_for_any_study(
    study_with: Any, tables_with: Any, approach: str, *, coded: bool
) -> None:
    """Guards studies without a manuscript of their own, before coding and whatever the approach."""
    from themetrail.report.sources import SHIPPED

    text = (SHIPPED / "manuscript" / "paper.md").read_text(encoding="utf-8")
    study = study_with(analysis={"approach": approach})
    tables = tables_with()
    if not coded:
        tables = {name: tables[name] for name in ("transcripts", "participants", "dropped")}
    facts = collect(tables, study)
    figures = {
        name: {"path": f"{name}.svg", "caption": "C.", "alt": "A."}
        for name in (catalogue.FIGURES if coded else ())
    }
    quotes = tables.get("quotes", tables_with(quotes=[])["quotes"])
    built = paper_tables.build(facts, study, tables)
    document, problems = manuscript.fill(text, facts, quotes, built, figures, study)
    assert kinds(problems) == []
    said, _ = ast.text_of(document["blocks"]).split("Appendix: methods as executed")
    assert ("Krippendorff" in said) == (coded and approach == "codebook")
    assert ("No transcript has been coded yet." in said) == (not coded)


def test_check_needs_no_run(root: Path) -> None:
    """Guards the editor's check: the demonstration's names are known from its files alone."""
    from themetrail.config import load

    study, _ = load(root)
    good = (
        "{{ fact('n.codings.coder_c') }} {{ fact('n.participants.grade_group.executive') }} "
        "{{ fact('reach.T3.champion.yes') }} {{ fact('alpha.pair.coder_a.coder_b') }}"
    )
    assert not catalogue.check(good, study)
    bad = catalogue.check("\n{{ fact('reach.T3.champion.yess') }}", study)
    assert [(row.kind, row.line) for row in bad] == [("unknown_fact", 2)]
    assert "'reach.T3.champion.yes'" in bad[0].remedy


def test_the_demonstration_paper_asks_for_nothing_unknown(root: Path) -> None:
    """Guards the paper that ships against a slip in a placeholder."""
    from themetrail.config import load

    study, _ = load(root)
    text = (root / catalogue.MANUSCRIPT).read_text(encoding="utf-8")
    assert [str(row) for row in catalogue.check(text, study)] == []


@given(st.text(alphabet="{}'()<!->`\\ \nafct#:~", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_scanned(text: str) -> None:
    """Guards against a crash on what an author may type; without placeholders nothing changes."""
    problems = Problems()
    scanned = scan(text, "paper.md", problems)
    assert len(scanned.placeholders) == 0
    if "{{" not in text and "<!--" not in text:
        assert scanned.text == text
        assert not problems

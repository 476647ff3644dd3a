"""What goes into the explorer's page, and what must not."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from themetrail.audit.explorer import build, page
from themetrail.audit.explorer.links import evidence_of
from themetrail.audit.explorer.paper import outline, used
from themetrail.audit.explorer.site import site_data
from themetrail.errors import InputError

TALK = {"T1": [("Q", "How?"), ("P1", "It was 😀 slow at first."), ("Q", "And?"), ("P1", "Fine.")]}
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_what_is_embedded_comes_back(value: Any) -> None:
    """No text can end the element that holds it, small or packed."""
    packed = page.embed_packed("b", page.packed(value))
    assert page.blocks(page.embed("a", value) + packed) == {"a": value, "b": value}


def test_an_embedded_text_can_not_close_its_element() -> None:
    """The browser's parser ends a script at the first end tag, whatever JSON says."""
    made = page.embed("a", "</script><!--<script>\u2028")
    assert made.count("<") == 2
    assert page.blocks(made) == {"a": "</script><!--<script>\u2028"}


def test_the_policy_names_the_script_and_the_style() -> None:
    """Nothing else may run: the hashes are of what stands in the page."""
    made = build.page(_index(), {})
    script = re.search(r'<script type="module">(.*?)</script>', made, re.DOTALL)
    style = re.search(r"<style>(.*?)</style>", made, re.DOTALL)
    assert script is not None
    assert style is not None
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made)
    assert policy is not None
    for name, text in (("script-src", script[1]), ("style-src", style[1])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "import " not in script[1].split("\n", 1)[0]


def test_no_module_writes_markup() -> None:
    """Text nodes only: what would parse a string as markup or code is in no module."""
    for module in sorted(Path(build.ASSETS).parent.parent.rglob("*.js")):
        text = module.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                     "new Function", "fetch(", "XMLHttpRequest"):  # fmt: skip
            assert word not in text, f"{module.name} uses {word}"


def test_a_module_before_what_it_imports_is_refused(tmp_path: Path) -> None:
    """A bundle in the wrong order would fail in the browser only."""
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = b;\n')
    (tmp_path / "b.js").write_text("export const b = 1;\n")
    order = [tmp_path / "b.js", tmp_path / "a.js"]
    assert page.bundle(order) == "const b = 1;\n\nconst a = b;\n"
    with pytest.raises(InputError, match=r"a\.js imports b\.js, which must stand before it"):
        page.bundle(order[::-1])


def test_a_site_holds_every_mark_and_decision(make: Callable[..., Any]) -> None:
    """Both coders' own words, the decision, and the segment that it became."""
    made = make(
        TALK, [("a", "T1", "It was 😀 slow", "pace"), ("b", "T1", "slow at first.", "pace")]
    )
    consensus = made.decide()
    tables = {name: getattr(made, name) for name in
              ("transcripts", "turns", "units", "participants", "spans", "coverage")}  # fmt: skip
    tables |= {"decisions": consensus.decisions, "segments": consensus.segments}
    transcript = site_data("s", tables)["transcripts"][0]
    text = transcript["text"]
    said = {mark[1]: text[mark[3] : mark[4]] for mark in transcript["marks"]}
    assert said == {"a": "It was 😀 slow", "b": "slow at first."}
    decision = transcript["decisions"][0]
    assert decision[3] == "pace"
    assert decision[6:9] == [["a", "b"], [], "keep"]
    assert decision[14] == consensus.segments["segment_id"][0]
    assert text[decision[15] : decision[16]] == "It was 😀 slow at first."
    assert page.packed(site_data("s", tables)) == page.packed(site_data("s", tables))


def test_every_source_of_facts_leads_somewhere() -> None:
    """Facts about people, passages and agreement have evidence; settings have none."""
    for row in ({}, {"code": "c"}, {"kind": "theme", "code": "T"}, {"site": "x"}):
        for table in ("reach", "coefficients", "segments", "transcripts", "quotes", "decisions"):
            links = evidence_of({"table": table, "row": row}, ["T"], ["c"])
            assert {link["view"] for link in links} <= {"excerpts", "transcripts", "quotes"}
            assert links
    row = {"code": "T", "level": "theme", "site": "x"}
    assert evidence_of({"table": "coefficients", "row": row}, ["T"], ["c"]) == [
        {"view": "excerpts", "theme": "T", "site": "x", "state": "contested"}
    ]
    assert evidence_of({"table": "config", "row": {"key": "a.b"}}, [], []) == []


def test_the_outline_keeps_the_place_of_numbers() -> None:
    """A sentence, its number, a quotation and a cross reference, as the paper prints them."""
    number = {"t": "Span", "c": [["", ["fact"], [["data-fact", "n.sites"]]], [_str("2")]]}
    cite = {"t": "Cite", "c": [[{"citationId": "tbl-a"}], [_str("@tbl-a")]]}
    table = {
        "t": "Table",
        "c": [["tbl-a", [], []], [None, [_para(number)]], [], [[], []], [], [[], []]],
    }
    quote = {"t": "Div", "c": [["", ["quote"], [["data-quote", "s1"]]], [_para(_str("Yes."))]]}
    header = {"t": "Header", "c": [1, ["sec", [], []], [_str("Results")]]}
    blocks = outline(
        {"meta": {}, "blocks": [header, _para(number, _str(" in "), cite), table, quote]}
    )
    assert blocks[1] == {"p": [["2", "fact", "n.sites"], " in Table 1"]}
    assert used(blocks) == {"fact:n.sites": [1, 2], "quote:s1": [3]}


@pytest.mark.slow
def test_the_public_page_holds_no_transcript(public_study: Path, team_study: Path) -> None:
    """Only what the paper prints: no turn beyond the quotations, no coder's memo."""
    made = (public_study / "reports/explorer/index.html").read_text(encoding="utf-8")
    held = page.blocks(made)
    assert sorted(held) == ["index"]
    quoted = " ".join(quote["text"] for quote in held["index"]["quotes"])
    everything = json.dumps(held, ensure_ascii=False) + made
    team = page.blocks((team_study / "reports/explorer/index.html").read_text(encoding="utf-8"))
    turns = [
        transcript["text"][turn[4] : turn[5]]
        for name, site in team.items()
        if name.startswith("site:")
        for transcript in site["transcripts"]
        for turn in transcript["turns"]
    ]
    unquoted = [words for words in turns if len(words.split()) > 4 and words not in quoted]
    assert len(unquoted) > 5
    leaked = [w for w in unquoted if w in everything and not _is_printed(w, held["index"])]
    assert leaked == []
    assert "</b>memo" not in everything
    assert not (public_study / "reports/adjudicate.html").exists()
    for quote in held["index"]["quotes"]:
        assert not {"site", "transcript", "reason"} & set(quote)


def _is_printed(words: str, index: dict[str, Any]) -> bool:
    """Whether the paper itself prints the words."""
    return words in json.dumps(index["paper"], ensure_ascii=False)


def _str(text: str) -> dict[str, Any]:
    return {"t": "Str", "c": text}


def _para(*inlines: dict[str, Any]) -> dict[str, Any]:
    return {"t": "Para", "c": list(inlines)}


def _index() -> dict[str, Any]:
    study = {"title": "A & B", "short": "A", "audience": "public", "demonstration": True}
    return {"study": study}

"""Claims: what their conditions mean, and what is said of those that mean nothing."""

from __future__ import annotations

import pytest
from themetrail.audit.decisions import Decision
from themetrail.config import Theme
from themetrail.errors import InputError
from themetrail.releases.acknowledged import acknowledgements, flagged, idle, row
from themetrail.releases.snapshot import Number
from themetrail.report import ast, claims
from themetrail.report.claim_terms import judge, read

FACTS = {
    "n.sites": Number(4, None, None, "sites", "4"),
    "n.words": Number(None, None, None, "words", "not shown"),
    "theme.T1.sites": Number(4, 4, None, "sites", "4 of 4"),
    "theme.T2.sites": Number(3, 4, None, "sites", "3 of 4"),
    "theme.T1.participants": Number(18, 24, None, "participants", "18 of 24"),
    "theme.T1.support.participants": Number(18, 24, None, "participants", "18 of 24"),
    "theme.T1.counter.participants": Number(3, 24, None, "participants", "3 of 24"),
    "theme.T1.quantifier": Number(None, None, None, "text", "most"),
    "theme.T3.participants": Number(0, 0, None, "participants", "0 of 0"),
    "alpha.study": Number(0.75, None, None, "coefficient", "0.75"),
    "share.conflicts": Number(0.2, None, None, "share", "20%"),
}


@pytest.mark.parametrize(
    ("condition", "holds", "against"),
    [
        ("n.sites = 4", True, ()),
        ("n.sites >= 4 and alpha.study > 0.7", True, ()),
        ("n.sites >= 4 and alpha.study > 0.8", False, ("alpha.study",)),
        ("theme.*.sites = of", False, ("theme.T2.sites",)),
        ("theme.*.sites ≥ 75%", True, ()),
        ("theme.T1.participants > 75%", False, ("theme.T1.participants",)),
        ("share.conflicts <= 20%", True, ()),
        ("theme.T1.support.participants > theme.T1.counter.participants", True, ()),
        ("theme.T2.sites != theme.T1.sites", True, ()),
        ("n.words > 100", None, ()),
        ("theme.T3.participants > 0", None, ()),
        ("theme.T9.participants > 0", None, ()),
        ("n.words > 100 and n.sites < 3", False, ("n.sites",)),
    ],
)
def test_a_condition_means_what_it_says(
    condition: str, holds: bool | None, against: tuple[str, ...]
) -> None:
    # Also: a star stands for one part (participants of support are not meant by theme.*.sites),
    # and what has no value is not held against a claim.
    verdict = judge(read(condition), FACTS)
    assert (verdict.holds, verdict.against) == (holds, against)


def test_a_text_is_compared_as_printed() -> None:
    # The word for how many is a text.
    fact = {"theme.T1.quantifier": Number(1, None, None, "text", "most")}
    assert judge(read("theme.T1.quantifier = 'most'"), fact).holds is True
    assert judge(read("theme.T1.quantifier != 'most'"), fact).holds is False


@pytest.mark.parametrize(
    "condition",
    ["", "n.sites", "n.sites >> 2", "n.sites = 2 or n.sites = 3", "a > 'b'", "__import__('os')"],
)
def test_what_is_no_condition_is_refused(condition: str) -> None:
    # Nothing in a manuscript can be run, and nothing is guessed.
    with pytest.raises(InputError, match=r"condition|orders"):
        read(condition)


def test_wrong_claims_are_named_with_their_lines() -> None:
    # Before a run, with the nearest fact.
    text = (
        'a [b]{.claim #x holds="n.site >= 2"}\n<!-- [c]{.claim} -->\n'
        '[d]{.claim #x holds="n.sites > 1"}\n'
        '[e]{.claim holds="n.sites > 1"}\n[f]{.claim #y}\n[g]{.claim #T1 holds="n.sites > 1"}\n'
        '[h]{.claim #z holds="n.sites"}\n'
    )
    found = claims.check(text, [Theme("T1", "One")], ["n.sites"], "paper.md")
    assert [one.line for one in found] == [1, 3, 4, 5, 6, 7]
    assert "n.sites" in found[0].remedy
    assert found[4].message == "the claim 'T1' has the id of another, or of a theme"


def test_claims_are_found_where_the_paper_makes_them() -> None:
    # With the words as printed, from spans and blocks.
    document = ast.parse(
        '[Every site]{.claim #a holds="n.sites = 4"} and\n\n::: {.claim #b holds="n.sites > 1"}\n'
        "Two *or* more.\n:::\n\n[none]{#c holds='n.sites > 1'}\n"
    )
    found = claims.of_document(document)
    assert [(one.id, one.says, one.condition) for one in found] == [
        ("a", "Every site", "n.sites = 4"),
        ("b", "Two or more.", "n.sites > 1"),
    ]


def test_a_themes_claim_rests_on_who_supports_it() -> None:
    # Support is the share of people; a theme without a claim makes none.
    made = claims.of_themes([Theme("T1", "One", "It is so."), Theme("T2", "Two")])
    (one,) = claims.judged(made, FACTS)
    assert (one.state, one.support, one.support_text) == ("holds", 0.75, "18 of 24")


def test_an_acknowledgement_is_of_one_contradiction() -> None:
    # Its key changes with the facts that fail; a row that lacks a reason does not count.
    claim = claims.Claim("all", "manuscript", "Everywhere", "theme.*.sites = of")
    (one,) = claims.judged([claim], FACTS)
    worse = {**FACTS, "theme.T1.sites": Number(3, 4, None, "sites", "3 of 4")}
    (two,) = claims.judged([claim], worse)
    memo = Decision(
        **row(one, on="2026-01-01", by="me", reason="so"), source="data/decisions.csv:2"
    )
    assert flagged([one], acknowledgements([memo])) == []
    assert flagged([two], acknowledgements([memo])) == [two]
    assert [why for _, why in idle([memo], [two])] == [
        "another contradiction of this claim was acknowledged"
    ]
    bare = Decision(**row(one, on="", by="me", reason=""), source="data/decisions.csv:3")
    assert flagged([one], acknowledgements([bare])) == [one]
    assert len(idle([bare], [one])) == 1

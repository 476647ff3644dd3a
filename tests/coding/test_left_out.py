"""Codings of somebody who was left out of a talk of several people leave no trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from coding.made_files import qualcoder_project, word_document
from themetrail.coding import CodingSettings
from themetrail.coding.convert import WRITERS
from themetrail.coding.kept import FOLDER, keep
from themetrail.coding.kept_gate import take_out
from themetrail.coding.model import FoundCode
from themetrail.coding.project import Coded, Project
from themetrail.coding.site import transcripts_of

TOLD = "I told them in confidence."
AGAIN = "Yes, that is so."
SAID = "The saving went to the hospital."
TALK = f"P1: Nobody asked us. It was there.\n\nP2: {TOLD}\n\nP1: {SAID}\n\nP2: {AGAIN}\n\nP1: Well."
GONE = CodingSettings(dropped_ids=frozenset({"P2"}))


def without(text: str) -> str:
    """The talk as intake has it without P2: blanks of the same length."""
    return "\n".join(" " * len(x) if x.startswith("P2:") else x for x in text.split("\n"))


def coded(words: str, code: str) -> Coded:
    start = TALK.index(words)
    return Coded("A01", code, "ann", start, start + len(words), quote=words)


CODINGS = [coded(TOLD, "workload"), coded(SAID, "double_entry"), coded(AGAIN, "workload")]
CODES = [FoundCode(name, (name,)) for name in ("workload", "double_entry")]
PROJECT = Project("p", {"A01": TALK}, CODES, CODINGS)
OFFSETS = "transcript_id,start,end,code\n" + "".join(
    f"A01,{c.start},{c.end},{c.code}\n" for c in CODINGS
)
FILES: dict[str, tuple[str, bytes]] = {
    **{e: (f"ann{e}", WRITERS[e](PROJECT)) for e in (".csv", ".xlsx", ".qdpx", ".sqlite3")},
    "word": ("ann/A01.docx", word_document(TALK, CODINGS)),
    "qualcoder": ("ann.qda", qualcoder_project({"A01": TALK}, CODES, CODINGS)),
    "offsets": ("ann.csv", OFFSETS.encode()),
    "kept": ("ann.csv", OFFSETS.encode()),
}


@pytest.mark.parametrize("kind", FILES)
def test_their_codings_vanish_and_others_stay(make_site: Callable[..., Any], kind: str) -> None:
    """No error stops the paper for what a person took back, and no message says their words."""
    site = make_site({"A01": TALK})
    site.put(*FILES[kind])
    if kind == "kept":
        keep(site.folder, site.root, [("ann", transcripts_of(*site.tables())["A01"])])
    site.texts = {"A01": without(TALK)}
    coding = site.read(GONE)
    (span,) = coding.spans.itertuples()
    assert site.texts["A01"][span.start : span.end] == SAID
    assert span.anchor == "exact"
    assert [p for p in coding.problems if p.severity != "note" and p.kind != "offsets_alone"] == []


def test_a_quotation_of_theirs_is_not_repeated(make_site: Callable[..., Any]) -> None:
    """Words alone can't be told from a slip: the row is named, its words are not."""
    site = make_site({"A01": without(TALK)})
    site.put("ann.csv", f"transcript_id,quote,code\nA01,{TOLD},workload\n")
    (problem,) = site.read(GONE).problems
    assert (problem.kind, problem.line) == ("quote_not_found", 2)
    assert "confidence" not in str(problem)
    assert "take the row out" in problem.remedy


def test_blanks_where_nobody_was_left_out_are_an_error(make_site: Callable[..., Any]) -> None:
    """Without a record of somebody left out, a coding of nothing is not passed over."""
    site = make_site({"A01": without(TALK)})
    site.put("ann.csv", OFFSETS)
    assert [p.kind for p in site.read().problems if p.severity == "error"] == ["left_out"] * 2


def test_a_turn_taken_out_after_a_passage_changes_nothing_of_it(
    make_site: Callable[..., Any],
) -> None:
    """The passage keeps its own full stop; there is no warning that its words changed."""
    site = make_site({"A01": TALK.replace(f"P2: {AGAIN}\n\n", "")})
    site.put("ann.qdpx", WRITERS[".qdpx"](Project("p", {"A01": TALK}, CODES, CODINGS[1:2])))
    coding = site.read()
    assert coding.spans["anchor"].tolist() == ["exact"]
    assert [p for p in coding.problems if p.severity != "note"] == []


def test_their_turns_are_blanked_out_of_kept_texts(make_site: Callable[..., Any]) -> None:
    """What a withdrawal deletes is not left in a text kept for codings by offsets."""
    site = make_site({"A01": TALK})
    site.put("ann.csv", OFFSETS)
    keep(site.folder, site.root, [("ann", transcripts_of(*site.tables())["A01"])])
    assert take_out(site.folder, site.root, {"A01"}, "P2", [TOLD, AGAIN]) == 1
    (path,) = (site.folder / FOLDER).rglob("*.json")
    held = path.read_text()
    assert not [words for words in (TOLD, AGAIN, "P2") if words in held]
    site.texts = {"A01": without(TALK).replace("Nobody asked us.", "Nobody ever asked us.")}
    coding = site.read(GONE)
    (span,) = coding.spans.itertuples()
    assert site.texts["A01"][span.start : span.end] == SAID
    assert [p for p in coding.problems if p.severity != "note"] == []

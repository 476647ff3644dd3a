"""A release on disk: what it holds and hides, what may be called so, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import themetrail
from themetrail.errors import InputError
from themetrail.releases import files, reading, snapshot
from themetrail.releases.acknowledged import append
from themetrail.releases.compare import compare
from themetrail.releases.compare_agreement import _what_of_it
from themetrail.releases.page import page
from themetrail.releases.sentences import Line, as_text, from_text, of_document, paired
from themetrail.releases.snapshot import (
    POOLED,
    About,
    Material,
    Number,
    Quotation,
    Snapshot,
    ThemeState,
)
from themetrail.releases.text import text
from themetrail.report import ast
from themetrail.report.claims import Claim, Judged

HOSTILE = '<script>alert(1)</script>, "said"\n=cmd|x & \\ [a]{b}'


def made(name: str = "first", **more: Any) -> Snapshot:
    """A snapshot with hostile words in every place."""
    facts = {
        "n.participants": Number(5, None, None, "participants", "5"),
        "setting.min_cell": Number(5, None, None, "participants", "5"),
        "site.north.label": Number(None, None, None, "text", HOSTILE),
        "agreement.study": Number(0.1 + 0.2, None, None, "coefficient", "0.30"),
        "agreement.name": Number(None, None, None, "text", "α"),
        "theme.T1.participants": Number(3, 5, None, "participants", "3 of 5"),
    }
    parts: dict[str, Any] = {
        "facts": facts,
        "themes": (ThemeState("T1", HOSTILE, HOSTILE, ("a", "b")),),
        "codes": {"a": HOSTILE, "b": "B"},
        "claims": (
            Judged(Claim("T1", "theme", HOSTILE, "n.participants > 2"), "holds", 0.6, "3 of 5", ()),
        ),
        "lines": (Line("One / Two", r"\[a\] [5]{n.participants} people"),),
        "quotes": (
            Quotation(
                "T1", "supports", 1, "a", snapshot.quotation_id("P1", HOSTILE), HOSTILE, "P1"
            ),
        ),
        "material": (Material("north", "0123456789abcdef", coded=True),),
    }
    return Snapshot(About(name, 1, "2026-05-03", "me", HOSTILE, HOSTILE), **{**parts, **more})


def test_a_release_reads_back_as_it_was(tmp_path: Path) -> None:
    # Numbers to the last digit, words to the last character.
    files.write(tmp_path, made(), previous=None)
    assert reading.read(tmp_path, "first") == made()
    assert [one.about.name for one in reading.releases(tmp_path)] == ["first"]


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "../x", ".hidden", "now", "Now", "a b", "a\n", "x" * 61, "é", "a."]
)
def test_bad_names_are_refused(tmp_path: Path, name: str) -> None:
    # A name becomes a folder and a word in commands.
    with pytest.raises(InputError, match="release"):
        files.write(tmp_path, made(name), previous=None)
    assert not (tmp_path / "releases").exists() or not list((tmp_path / "releases").iterdir())


def test_a_release_is_not_written_over(tmp_path: Path) -> None:
    # Frozen is frozen, whatever the case of letters on the disk.
    files.write(tmp_path, made(), previous=None)
    for name in ("first", "FIRST"):
        with pytest.raises(InputError, match="already"):
            files.write(tmp_path, made(name), previous=None)


@pytest.mark.parametrize("file", [*files.FILES, files.SEAL])
def test_an_altered_release_is_seen(tmp_path: Path, file: str) -> None:
    # Whoever compares with it would be misled.
    files.write(tmp_path, made(), previous=None)
    path = tmp_path / "releases/first" / file
    path.write_bytes(path.read_bytes().replace(b"5", b"6").replace(b"a,", b"b,") + b" ")
    if file == files.SEAL:
        path.write_text(
            path.read_text(encoding="utf-8").replace('"by": "me"', '"by": "you"'), encoding="utf-8"
        )
    with pytest.raises(InputError, match=file.replace(".", r"\.")):
        reading.read(tmp_path, "first")


def test_altered_words_are_seen_and_words_taken_out_are_not_altered(tmp_path: Path) -> None:
    # A row of words vouches for itself, so a person can leave.
    sealed = files.write(tmp_path, made(), previous=None)
    assert reading.take_out(tmp_path, "first", ["something else"]) == 0
    path = tmp_path / "releases/first/words.csv"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("said", "sand"), encoding="utf-8")
    assert [name for name, _ in reading.altered(tmp_path, sealed)] == ["words.csv"]
    path.write_text(whole, encoding="utf-8")
    assert reading.take_out(tmp_path, "first", [f"Well. {HOSTILE} Yes."]) == 1
    assert reading.altered(tmp_path, sealed) == []
    (quote,) = reading.read(tmp_path, "first").quotes
    assert (quote.text, quote.attribution) == (None, "")
    assert "P1" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "seal", [b"", b"[]", b"{", b'{"name": 1}', b"\xff", b"[" * 9999, b'{"name":"other"}']
)
def test_a_broken_seal_is_named_without_a_traceback(tmp_path: Path, seal: bytes) -> None:
    # Releases travel by hand and by merge.
    files.write(tmp_path, made(), previous=None)
    (tmp_path / "releases/first/release.json").write_bytes(seal)
    with pytest.raises(InputError, match=r"releases/first/release\.json can't be read"):
        reading.releases(tmp_path)


def test_a_release_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    # A slip of the finger.
    files.write(tmp_path, made(), previous=None)
    with pytest.raises(InputError, match="Did you mean 'first'"):
        reading.read(tmp_path, "frist")


def test_each_release_names_the_one_before(tmp_path: Path) -> None:
    # The chain shows where one was put in another's place.
    first = files.write(tmp_path, made(), previous=None)
    second = files.write(tmp_path, made("second"), previous=first)
    assert second.previous == ("first", first.digest)


def test_page_and_terminal_hold_hostile_words_as_words() -> None:
    # Titles, labels, quotations and notes are data in every place.
    after = made("second", quotes=(), themes=(ThemeState("T2", HOSTILE, "", ()),))
    changes = compare(made(), after, {})
    shown = page(changes)
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "said" in text(changes)


def test_few_people_more_are_a_reason_to_think() -> None:
    # Two tables side by side tell what one of them hides.
    more = {**made().facts, "n.participants": Number(7, None, None, "participants", "7")}
    assert "single people" in compare(made(), made("b", facts=more), {}).cautions[0]
    more["n.participants"] = Number(12, None, None, "participants", "12")
    assert compare(made(), made("b", facts=more), {}).cautions == ()


def test_sites_whose_numbers_are_not_shown_stand_together() -> None:
    # The list of transcripts must not count what the paper does not print.
    class Fact:
        value = None

    table = pd.DataFrame(
        {
            "site": ["a", "b"],
            "transcript_id": ["A1", "B1"],
            "status": ["ready", "held"],
            "sha256": ["1" * 64, "2" * 64],
            "text_sha256": ["3" * 64, "4" * 64],
        }
    )
    facts: Any = {f"n.transcripts.site.{site}": Fact for site in "ab"}
    coverage = pd.DataFrame({"transcript_id": ["A1"]})
    found = snapshot._material(table, coverage, facts)
    assert found == [
        Material(POOLED, "2" * 16, coded=False),
        Material(POOLED, "3" * 16, coded=True),
    ]


# ------------------------------------------------------------------ sentences
def test_a_paragraph_becomes_its_sentences_with_numbers() -> None:
    # An abbreviation or a decimal ends none; what has no number is left out.
    document = ast.parse(
        "# Results\n\nSee Smith et al. In all, A B people (e.g. C) came. None left. D said so. "
        "It was E.F here.\n"
    )
    marks = {"A": ["5", "n.participants"], "D": ["Six", "n.sites"], "E.F": ["0.75", "alpha.study"]}

    def fact(node: ast.Node) -> list[ast.Node] | None:
        found = marks.get(node["c"]) if node["t"] == "Str" else None
        return [ast.data_span(found[0], ["fact"], {"data-fact": found[1]})] if found else None

    found = of_document(ast.rewrite(document, fact))
    assert [line.marked for line in found] == [
        "See Smith et al. In all, [5]{n.participants} B people (e.g. C) came.",
        "[Six]{n.sites} said so.",
        "It was [0.75]{alpha.study} here.",
    ]
    assert {line.section for line in found} == {"Results"}


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1), st.booleans()
        )
    )
)
def test_sentences_read_back_as_they_were(parts: list[tuple[str, bool]]) -> None:
    # Brackets, signs and backslashes of the text included.
    lines = [
        Line(
            "A / B",
            f"[{'x'}]{{n.sites}}"
            + "".join("\\" + c if c in "[]\\" else c for c in " ".join(said.split())),
            table,
        )
        for said, table in parts
    ]
    assert from_text(as_text(lines)) == lines


def test_a_sentence_finds_its_earlier_self() -> None:
    # Rewritten sentences are matched by what is alike; others are new or gone.
    before = [Line("s", "We spoke to [5]{n.p} people."), Line("s", "Of [3]{n.s} sites one left.")]
    after = [Line("s", "We spoke with [8]{n.p} people."), Line("s", "Now [2]{n.t} texts wait.")]
    first, second, third = paired(before, after)
    assert (first.changed, first.reworded) == ([("n.p", "5", "8")], True)
    assert second.before is None
    assert (third.before, third.after) == (before[1], None)


@pytest.mark.parametrize(
    ("then", "now", "ends", "said"),
    [
        (0.6, 0.7, (0.5, 0.8), "rose to the threshold"),
        (0.7, 0.6, (0.5, 0.8), "fell below the threshold"),
        (0.7, 0.9, (0.6, 0.8), "outside the earlier interval"),
        (None, 0.9, (0.6, 0.8), "has a value now"),
        (0.7, 0.7, (0.6, 0.8), ""),
    ],
)
def test_what_stands_out_in_agreement(
    then: float | None, now: float, ends: tuple[float, float], said: str
) -> None:
    # A threshold of 0.667, an interval before.
    old = Number(ends[0], None, ends[1], "coefficient", "")
    new = Number(0.1, None, 0.95, "coefficient", "")
    assert _what_of_it([then, now], [old, new], (0.667, 0.667)) == said


# ------------------------------------------------------------------ commands
def test_commands_say_what_is_missing(mini: Path) -> None:
    # Before a run, before a release, with names that are none.
    study = ("--study", str(mini))
    for line, said in (
        (("compare",), "there is no release to compare with"),
        (("compare", "first"), "there is no release 'first'"),
        (("release", "../x"), "is not a release's name"),
        (("release", "first"), "has not been run"),
        (("acknowledge", "T1", "--by", "a", "--reason", "b"), "has not been run"),
    ):
        done = themetrail(*line, *study)
        assert done.status == 1
        assert said in done.output
        assert "Traceback" not in done.output
    assert "No release yet" in themetrail("release", *study).output


def test_a_condition_that_can_not_be_read_stops_the_check(mini: Path) -> None:
    # With the line of the manuscript.
    paper = mini / "reports/manuscript/paper.md"
    paper.parent.mkdir(parents=True)
    paper.write_text('We saw [it]{.claim #it holds="n.sitez > 1"}.\n', encoding="utf-8")
    done = themetrail("check", "--study", str(mini))
    assert done.status == 1
    assert "reports/manuscript/paper.md:1: claim 'it': no fact 'n.sitez'" in done.output


@pytest.mark.parametrize(
    "before",
    [
        "",
        "on,kind,about,decision,by,reason\r\nx,a,b,c,d,e",
        "\ufeffkind,decision,by,reason,about,on\na,b,c,d,e,f\n",
    ],
)
def test_a_row_is_added_and_the_others_stay(tmp_path: Path, before: str) -> None:
    # The team writes the same file by hand.
    path = tmp_path / "decisions.csv"
    if before:
        path.write_bytes(before.encode())
    row = {
        "on": "1",
        "kind": "contradiction",
        "about": "x",
        "decision": "d",
        "by": "b, c",
        "reason": "r",
    }
    append(path, row, ("on", "kind", "about", "decision", "by", "reason"))
    now = path.read_bytes().decode()
    assert now.startswith(before)
    assert now.rstrip().splitlines()[-1].count('"b, c"') == 1

"""REFI-QDA projects: offsets however counted, copies however changed, coders however recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from themetrail.coding import read_coding

TEXT = (
    "Interviewer: Was it cold?\n\nP1: Yes. The waiting room 🥶 was cold.\n\n"
    "Interviewer: And then?\n\nP1: Yes. Nobody told us anything, so we left.\n\n"
    "Interviewer: Really?\n\nP1: Yes. Café, home."
)
SENTENCES = ("The waiting room 🥶 was cold.", "Nobody told us anything, so we left.", "Café, home.")


def utf16(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "BOM"])
@pytest.mark.parametrize("unit", [len, utf16], ids=["code points", "UTF-16"])
@pytest.mark.parametrize(
    ("stored", "counted"),
    [("\n", "\n"), ("\r\n", "\r\n"), ("\r\n", "\n")],
    ids=["LF", "CRLF counted", "CRLF stored, LF counted"],
)
def test_offsets_are_understood_however_counted(
    make_site: Callable[..., Any],
    refi: SimpleNamespace,
    bom: str,
    unit: Callable[[str], int],
    stored: str,
    counted: str,
) -> None:
    """NVivo's, QualCoder's and the standard's ways of counting all find the same passages."""
    copy = TEXT.replace("\n", counted)
    selections = []
    for words in SENTENCES:
        start = unit(copy[: copy.index(words)])
        selections.append(refi.Selection(start, start + unit(words), "workload", words))
    site = make_site({"A01": TEXT})
    data = refi.qdpx(
        refi.qde({"A01": selections}), {"A01": (bom + TEXT.replace("\n", stored)).encode()}
    )
    site.put("ann.qdpx", data)
    coding = site.read()
    assert [TEXT[r.start : r.end] for r in coding.spans.itertuples()] == list(SENTENCES)
    assert set(coding.spans["anchor"]) == {"exact"}
    assert coding.problems == []


def test_names_do_not_prove_offsets(refi: SimpleNamespace) -> None:
    """Names that a wrong import left behind do not outweigh the edges of words."""
    from themetrail.coding.offsets import Selection, read_offsets

    text = "🙂🙂🙂 " + "one two three four five six seven eight nine ten eleven twelve " * 3
    selections = []
    for word in ("two", "four", "six", "eight", "ten", "twelve"):
        start = utf16(text[: text.index(f" {word} ") + 1])
        end = start + len(word)
        selections.append(Selection(start, end, text[start:end]))
    reading = read_offsets(text, selections)
    assert reading.convention[1] == "UTF-16 units"
    assert reading.sure


def test_unclear_offsets_are_refused(make_site: Callable[..., Any], refi: SimpleNamespace) -> None:
    """Where no way of counting makes sense the codings are listed, not guessed."""
    text = TEXT.replace("\n", "\r\n")
    selections = [refi.Selection(s, s + 7, "workload") for s in (31, 41, 84, 103, 120, 141)]
    site = make_site({"A01": TEXT})
    site.put("ann.qdpx", refi.qdpx(refi.qde({"A01": selections}), {"A01": text}))
    coding = site.read()
    assert coding.spans.empty
    assert [p.kind for p in coding.problems if p.severity == "error"] == ["offsets_unclear"]


@pytest.mark.parametrize(
    ("change", "anchors"),
    [
        (lambda t: t.replace("P1: ", "P1  0:12\n"), ["moved", "moved", "moved"]),
        (lambda t: t.replace("Café", "Cafe\u0301"), ["exact", "exact", "moved"]),
        (lambda t: ("Preface.\n\n" if "\n" in t else "") + t, ["moved", "moved", "moved"]),
        (lambda t: t.replace("so we left", "so we all left"), ["exact", "moved", "moved"]),
        (lambda t: t.replace("anything", "anythink"), ["exact", "moved", "exact"]),
        (
            lambda t: t + ("\n\nInterviewer: Thanks." if "\n" in t else ""),
            ["exact", "exact", "exact"],
        ),
    ],
    ids=["other labels", "NFD", "something before", "a word more", "a typing error", "an end"],
)
def test_codings_follow_a_changed_text(
    make_site: Callable[..., Any],
    refi: SimpleNamespace,
    change: Callable[[str], str],
    anchors: list[str],
) -> None:
    """The coder's copy differs from the transcript; the passages are found by their words."""
    ours = change(TEXT)
    selections = [
        refi.Selection(TEXT.index(w), TEXT.index(w) + len(w), "workload", w) for w in SENTENCES
    ]
    site = make_site({"A01": ours})
    site.put("ann.qdpx", refi.qdpx(refi.qde({"A01": selections}), {"A01": TEXT}))
    coding = site.read()
    spans = list(coding.spans.itertuples())
    assert [s.anchor for s in spans] == anchors
    for span, words in zip(spans, SENTENCES, strict=True):
        said = ours[span.start : span.end]
        assert said == change(words)
        assert span.moved_by == span.start - TEXT.index(words)
    errors = [p for p in coding.problems if p.severity == "error"]
    assert errors == []


def test_mended_passage_stays_and_is_said(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """Its first word and another mended, between words that stayed: there, with a warning."""
    words = "Nobody told us anything, so we left."
    at = TEXT.index(words)
    mended = "No one told us anythin, so we left."
    ours = TEXT.replace(words, mended)
    site = make_site({"A01": ours})
    selections = [refi.Selection(at, at + len(words), "workload", words)]
    site.put("ann.qdpx", refi.qdpx(refi.qde({"A01": selections}), {"A01": TEXT}))
    coding = site.read()
    (span,) = coding.spans.itertuples()
    assert ours[span.start : span.end] == mended
    assert [p.kind for p in coding.problems] == ["words_changed"]


def test_repeated_words_never_collapse(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """Each "Yes." stays its own, also after something was put in before them."""
    starts = [i for i in range(len(TEXT)) if TEXT.startswith("Yes.", i)]
    selections = [refi.Selection(s, s + 4, "workload") for s in starts]
    ours = TEXT.replace("Interviewer: And then?", "Interviewer: Well, and what happened then?")
    site = make_site({"A01": ours})
    site.put("ann.qdpx", refi.qdpx(refi.qde({"A01": selections}), {"A01": TEXT}))
    spans = site.read().spans
    assert list(spans["start"]) == [i for i in range(len(ours)) if ours.startswith("Yes.", i)]


def test_cut_out_repetition_is_lost_not_moved(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """A "Yes." whose turn was cut out is not given to another "Yes."."""
    starts = [i for i in range(len(TEXT)) if TEXT.startswith("Yes.", i)]
    selections = [refi.Selection(s, s + 4, "workload") for s in starts]
    cut = "Interviewer: And then?\n\nP1: Yes. Nobody told us anything, so we left.\n\n"
    site = make_site({"A01": TEXT.replace(cut, "")})
    site.put("ann.qdpx", refi.qdpx(refi.qde({"A01": selections}), {"A01": TEXT}))
    coding = site.read()
    assert len(coding.spans) == 2
    (lost,) = [p for p in coding.problems if p.severity == "error"]
    assert lost.kind == "lost"
    assert "“Yes.” of A01" in lost.message


def test_moved_paragraph_is_found(make_site: Callable[..., Any], refi: SimpleNamespace) -> None:
    """A passage that now stands elsewhere is found there by its words."""
    first, second, *rest = TEXT.split("\n\n")
    ours = "\n\n".join([*rest, first, second])
    words = "The waiting room 🥶 was cold."
    at = TEXT.index(words)
    site = make_site({"A01": ours})
    selections = [refi.Selection(at, at + len(words), "workload")]
    site.put("ann.qdpx", refi.qdpx(refi.qde({"A01": selections}), {"A01": TEXT}))
    (span,) = site.read().spans.itertuples()
    assert ours[span.start : span.end] == words
    assert span.anchor == "moved"


def test_another_text_under_the_name_is_refused(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """The same document name with other words is an error, and nothing lands on wrong words."""
    other = "Interviewer: Who?\n\nP2: My sister kept bees in Norfolk for a while, until winter."
    at = other.index("bees")
    site = make_site({"A01": TEXT})
    selections = [refi.Selection(at, at + 15, "workload")]
    site.put("ann.qdpx", refi.qdpx(refi.qde({"A01": selections}), {"A01": other}))
    coding = site.read()
    assert coding.spans.empty
    assert sorted(p.kind for p in coding.problems if p.severity == "error") == [
        "lost",
        "other_text",
    ]


def test_document_is_known_by_its_words(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """A document that a tool has renamed is the transcript whose words it has."""
    words = SENTENCES[1]
    at = TEXT.index(words)
    selections = [refi.Selection(at, at + len(words), "workload")]
    site = make_site({"A01": TEXT, "A02": "P1: Nothing."})
    site.put("ann.qdpx", refi.qdpx(refi.qde({"Source 7": selections}), {"Source 7": TEXT}))
    assert list(site.read().spans["transcript_id"]) == ["A01"]


def test_coders_are_the_codings_users_where_there_are_several(
    make_site: Callable[..., Any], refi: SimpleNamespace
) -> None:
    """The coding's user counts, not the selection's; one user alone is the file's coder."""
    s = refi.Selection
    words = SENTENCES[1]
    at = TEXT.index(words)
    end = at + len(words)
    users = {"u1": "Ann", "u2": "Bob"}
    site = make_site({"A01": TEXT})
    both = [s(at, end, "workload", words, "u1", "u2"), s(at, end, "double_entry", words, "u1")]
    site.put("team.qdpx", refi.qdpx(refi.qde({"A01": both}, users=users), {"A01": TEXT}))
    coding = site.read()
    assert dict(zip(coding.spans["code"], coding.spans["coder"], strict=True)) == {
        "workload": "Bob",
        "double_entry": "Ann",
    }
    one = [s(at, end, "workload", words, "u1", "u2")]
    site.put("team.qdpx", refi.qdpx(refi.qde({"A01": one}, users=users), {"A01": TEXT}))
    coding = site.read()
    assert list(coding.spans["coder"]) == ["team"]
    assert [p.kind for p in coding.problems] == ["user_conflict", "coder_by_file_name"]
    assert "Bob" not in str(coding.problems)


def test_text_may_stand_in_the_xml(make_site: Callable[..., Any], refi: SimpleNamespace) -> None:
    """A bare .qde with its text inside is read as well; its memos are kept."""
    words = SENTENCES[1]
    at = TEXT.index(words)
    selections = [refi.Selection(at, at + len(words), "workload", words, memo="left, of course")]
    site = make_site({"A01": TEXT})
    site.put("ann.qde", refi.qde({"A01": selections}, texts={"A01": TEXT}))
    (span,) = site.read().spans.itertuples()
    assert (span.memo, TEXT[span.start : span.end]) == ("left, of course", words)


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 9999), (50, 40), (40, 40), (-3, 10)],
    ids=["past", "back", "empty", "neg"],
)
def test_impossible_offsets_are_listed(
    make_site: Callable[..., Any], refi: SimpleNamespace, start: int, end: int
) -> None:
    """A selection that has no place in its text is an error with its line."""
    site = make_site({"A01": TEXT})
    xml = refi.qde({"A01": [refi.Selection(start, end, "workload")]})
    site.put("ann.qdpx", refi.qdpx(xml, {"A01": TEXT}))
    coding = site.read()
    assert coding.spans.empty
    (problem,) = [p for p in coding.problems if p.severity == "error"]
    assert (problem.kind, problem.line) == ("bad_offsets", 4)


def test_probes_are_read_as_their_truth_says(shared: Path) -> None:
    """Projects of known content, made to trip importers, are read right."""
    folder = shared / "samples" / "probes"
    if not folder.is_dir():
        pytest.skip("no probes")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    for path in sorted(folder.glob("*.qdpx")):
        spans = read_coding(path).spans
        names = ["source", "code", "coder", "start", "end", "quote"]
        got = sorted(map(list, spans[names].itertuples(index=False, name=None)))
        assert got == sorted(truth.get(path.stem, [])), path.name


def test_samples_are_read_as_the_manifest_says(shared: Path) -> None:
    """Projects of real programs: the same codings, codes and users, or a problem for each."""
    folder = shared / "samples"
    if not folder.is_dir():
        pytest.skip("no samples")
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        expected = entry["expected"]
        if expected.get("kind") not in ("qdpx", "qde"):
            continue
        found = read_coding(folder / "files" / entry["file"])
        counts = expected["counts"]
        assert len(found.codes) == counts["codes"], entry["file"]
        assert len(found.users) == counts["users"], entry["file"]
        kinds = [p.kind for p in found.problems]
        elsewhere = kinds.count("not_text") + kinds.count("coding_of_document")
        missing = sum(
            int(p.message.rpartition("; ")[2].split()[0])
            for p in found.problems
            if p.kind == "text_missing"
        )
        assert len(found.spans) + elsewhere + missing == counts["codings"], entry["file"]

"""What must hold for any text: combining marks, emoji, right-to-left, every kind of space."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from themetrail.coding.align import Alignment
from themetrail.coding.normal import normalise, occurrences, plain_form
from themetrail.coding.offsets import Selection, lf, read_offsets
from themetrail.coding.passage import Transcript, Turn

# A busy machine is no failure.
CALM = settings(deadline=None)
PIECES = st.sampled_from(
    [
        *"abcdefgh .,?!-'\"",
        "é", "e\u0301", "ö", "a\u0323\u0302", "ﬁ", "…", "...", "“", "”", "’", "–", "—", "--",
        "\u00a0", "\u2009", "\t", "\n", "\u00ad", "\u200b", "\u200d", "\u200f",
        "🙂", "👍🏽", "👨‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "שלום", "مرحبا", "हिन्दी", "한국", "각",
        "我们走了", "ไทย", "\u1112\u1161\u11ab",
        "Yes. ", "the ", "doctor ", "waiting room ", "no one asked ",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, min_size=1, max_size=60).map("".join)


def spans(text: str) -> st.SearchStrategy[tuple[int, int]]:
    """Any stretch of a text."""
    ends = st.integers(0, len(text))
    return st.tuples(ends, ends).map(lambda pair: (min(pair), max(pair)))


@CALM
@given(TEXTS)
@example("a\u0323\u0302\u200b \u00a0b--–c")
def test_normal_form_keeps_every_place(text: str) -> None:
    """Each character of the normal form stands for a stretch of the text, in order."""
    normal = normalise(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert normal.starts == sorted(normal.starts)
    assert normal.ends == sorted(normal.ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(normal.starts, normal.ends, strict=True))


@CALM
@given(TEXTS)
def test_normal_form_knows_no_composition(text: str) -> None:
    """Composed and decomposed spellings of a text have one normal form."""
    forms = {plain_form(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {plain_form(text)}


@CALM
@given(st.data())
def test_a_quotation_is_among_the_places_found(data: st.DataObject) -> None:
    """Any stretch of the text, quoted verbatim, is found at its very place."""
    text = data.draw(TEXTS)
    start, end = data.draw(spans(text))
    assume(text[start:end].strip())
    found = Transcript("A", text).find(text[start:end])
    assert found.anchor == "exact"
    assert all(text[s:e] == text[start:end] for s, e in found.spans)
    if len(occurrences(text[start:end], text)) == 1:
        assert found.spans == ((start, end),)


@CALM
@given(st.data(), st.sampled_from(["NFC", "NFD", "plain", "spaces"]))
def test_a_quotation_typed_otherwise_says_the_same(data: st.DataObject, how: str) -> None:
    """However it was retyped, what is found has the quotation's normal form."""
    text = data.draw(TEXTS)
    start, end = data.draw(spans(text))
    quote = text[start:end]
    typed = {
        "NFC": lambda t: unicodedata.normalize("NFC", t),
        "NFD": lambda t: unicodedata.normalize("NFD", t),
        "plain": plain_form,
        "spaces": lambda t: t.replace(" ", " \u00a0\r\n"),
    }[how](quote)
    assume(plain_form(typed) and typed.strip())
    for s, e in Transcript("A", text).find(typed).spans:
        assert plain_form(text[s:e]) == plain_form(typed)


@CALM
@given(st.data())
def test_equal_copies_change_nothing(data: st.DataObject) -> None:
    """In an equal copy every place is what it was."""
    text = data.draw(TEXTS)
    start, end = data.draw(spans(text))
    carried = Alignment(text, Transcript("A", text)).carry(start, end)
    assert (carried.anchor, carried.start, carried.end) == ("exact", start, end)


@CALM
@given(st.data())
def test_carried_spans_say_what_they_said(data: st.DataObject) -> None:
    """Between any two texts a span either arrives on its own words, or says it did not."""
    copy, text = data.draw(TEXTS), data.draw(TEXTS)
    start, end = data.draw(spans(copy))
    assume(copy[start:end].strip())
    carried = Alignment(copy, Transcript("A", text)).carry(start, end)
    if carried.anchor == "lost":
        return
    assert 0 <= carried.start < carried.end <= len(text)
    if not carried.changed:
        there, here = (plain_form(t) for t in (text[carried.start : carried.end], copy[start:end]))
        assert there.replace(" ", "") == here.replace(" ", "")
    if carried.anchor == "exact":
        assert text[carried.start : carried.end].strip() == copy[start:end].strip()


WORDS = tuple("we they it never often asked saw called the nurse doctor app".split())  # noqa: SIM905
SENTENCES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=4, max_size=9).map(" ".join),
    min_size=4, max_size=14, unique=True,
)  # fmt: skip


@CALM
@given(SENTENCES, st.data())
def test_other_sentences_do_not_disturb(sentences: list[str], data: st.DataObject) -> None:
    """Sentences put in, cut out or retyped elsewhere leave a sentence on its own words."""
    target = data.draw(st.integers(0, len(sentences) - 1))
    before = ". ".join(sentences) + "."
    start = len(". ".join(sentences[:target])) + (2 if target else 0)
    end = start + len(sentences[target])
    assume(before.count(sentences[target]) == 1)
    changed = list(sentences)
    for at in range(len(changed)):
        if at != target and data.draw(st.booleans()):
            changed[at] = data.draw(st.sampled_from(["", "Yes indeed", changed[at].upper()]))
    after = ". ".join(changed) + "."
    assume(after.count(sentences[target]) == 1)
    carried = Alignment(before, Transcript("A", after)).carry(start, end)
    if carried.anchor != "lost":
        assert after[carried.start : carried.end] == sentences[target]
        assert carried.moved_by == carried.start - start


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_counted_selections_are_understood(newline: str, data: st.DataObject) -> None:
    """Selections of whole words are read right in each way of counting, or refused as unclear."""
    words = data.draw(
        st.lists(
            st.sampled_from(["yes", "🙂", "👍🏽", "room", "é", "doctor"]), min_size=12, max_size=40
        )
    )
    joins = data.draw(
        st.lists(st.sampled_from([" ", "\n"]), min_size=len(words), max_size=len(words))
    )
    text = "".join(a + b for pair in zip(words, joins, strict=True) for a, b in [pair])
    raw = text.replace("\n", newline)
    starts, at = [], 0
    for word, join in zip(words, joins, strict=True):
        starts.append((at, at + len(word)))
        at += len(word) + len(join)
    for ends, unit in (("raw", 1), ("raw", 2), ("LF", 1), ("LF", 2)):
        counted = raw if ends == "raw" else text

        def offset(place: int, ends: str = ends, unit: int = unit) -> int:
            head = text[:place].replace("\n", newline) if ends == "raw" else text[:place]
            return len(head) if unit == 1 else len(head.encode("utf-16-le")) // 2

        assert lf(counted) == text
        selections = [Selection(offset(s), offset(e), text[s:e]) for s, e in starts]
        reading = read_offsets(raw, selections)
        assert reading.spans == starts


@CALM
@given(st.data())
def test_turns_and_places_agree(data: st.DataObject) -> None:
    """Every quotation found touches something said."""
    parts = data.draw(st.lists(TEXTS, min_size=1, max_size=5))
    text, turns = "", []
    for number, part in enumerate(parts, start=1):
        text += f"P{number}: "
        turns.append(Turn(number, len(text), len(text) + len(part)))
        text += part + "\n\n"
    transcript = Transcript("A", text, turns)
    start, end = data.draw(spans(text))
    for span in transcript.find(text[start:end]).spans:
        assert transcript.turns_of(span)

"""Sentences and units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from themetrail.contracts import TRANSCRIPTS, TURNS
from themetrail.errors import InputError
from themetrail.intake import sentences, units
from themetrail.tables import frame

CASES = {
    "plain": ["It works.", "It does!", "Does it?"],
    "abbreviations": ["Dr. Lee and Mrs. Kay came, e.g. on foot.", "They sat."],
    "time of day": ["It was 9 a.m. when we rang.", "Nobody came."],
    "end in a time": ["We rang at 9 p.m.", "Nobody came."],
    "numbers": ["It fell by 3.5 points, i.e. No. 4 of 10.", "Fine."],
    "the word no": ["No.", "Did I?", "No.", "Never."],
    "initials": ["J. R. Smith said so.", "So did I.", "It was plan B.", "Then he left."],
    "quotation": ['He said, "Who is it?" and left.', '"Me," I said.', '"Go!"', "So I went."],
    "curly quotation": ["“We are delighted.”", "And I thought, who’s we?"],
    "ellipsis": ["It was... you know... fine.", "I think…", "But no."],
    "asides": ["I left.", "[laughs] Twice.", "[sister] said no. [pause]"],
    "many stops": ["Really?!", "Yes!!!", "Oh."],
    "small letter goes on": ["Was it Yahoo! or the other one?", "I forget."],
    "Chinese": ["我们开始吧。", "你好吗？", "好。"],
    "no stop at the end": ["One.", "Then two"],
    "web address": ["See www.nhs.uk for it.", "Or not."],
}


@pytest.mark.parametrize("case", CASES)
def test_sentences(case: str) -> None:
    # A unit of analysis that splits "Dr. Lee" changes every count made of it.
    joined = ("" if case == "Chinese" else " ").join(CASES[case])
    assert [joined[start:end] for start, end in sentences(joined)] == CASES[case]


def test_wrapped_lines_are_one_sentence_and_paragraphs_are_not() -> None:
    # A line end in the middle of a sentence is the typist's, a blank line the speaker's.
    text = "So we began\nin March\n\nand then stopped.\nAgain."
    found = [text[start:end] for start, end in sentences(text)]
    assert found == ["So we began\nin March", "and then stopped.", "Again."]


@given(st.text(alphabet=st.sampled_from('aB .!?…\n"”)([。0iI-'), max_size=80))
def test_sentences_cover_every_character_once(text: str) -> None:
    # No word may fall between two units, or into two.
    spans = sentences(text)
    covered = [i for start, end in spans for i in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(text[i].isspace() for i in set(range(len(text))) - set(covered))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


def _tables(status: str = "ready") -> tuple[object, object]:
    text = "I: So? A: One. Two. O: Three."
    row = dict.fromkeys(TRANSCRIPTS.names, "")
    row |= {"transcript_id": "T1", "status": status, "text": text, "n_chars": len(text)}
    row |= {"n_words": 4, "n_turns": 3, "duration_min": float("nan")}
    turns = [
        ("I", "interviewer", "", 3, 6),
        ("A", "participant", "P1", 10, 19),
        ("O", "other", "", 23, 29),
    ]
    spoken = [
        {
            "transcript_id": "T1", "turn": n, "speaker": s, "role": r, "participant_id": p,
            "start": a, "end": b, "n_words": 1,
        }
        for n, (s, r, p, a, b) in enumerate(turns, 1)
    ]  # fmt: skip
    return frame(spoken, TURNS), frame([row], TRANSCRIPTS)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("turn", [(1, 2, "P1", 10, 19), (2, 3, "", 23, 29)]),
        ("sentence", [(1, 2, "P1", 10, 14), (2, 2, "P1", 15, 19), (3, 3, "", 23, 29)]),
        ("document", [(1, 0, "", 0, 29)]),
    ],
)
def test_units(unit: str, expected: list[tuple[object, ...]]) -> None:
    # Interviewers' questions are not data; everybody else's words are.
    turns, transcripts = _tables()
    found = units(turns, transcripts, unit)  # type: ignore[arg-type]
    columns = ["unit", "turn", "participant_id", "start", "end"]
    assert list(found[columns].itertuples(index=False, name=None)) == expected


def test_held_transcripts_have_no_units() -> None:
    # What the disclosure gate keeps back goes nowhere.
    turns, transcripts = _tables("held")
    assert units(turns, transcripts, "document").empty  # type: ignore[arg-type]


def test_an_unknown_unit_is_refused() -> None:
    # A slip in the configuration.
    turns, transcripts = _tables()
    with pytest.raises(InputError, match="turn, sentence or document"):
        units(turns, transcripts, "line")  # type: ignore[arg-type]

"""Speaker labels in the conventions of people and services, and what only looks like one."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from themetrail.intake import Document, parse_turns, sentences
from themetrail.intake.names import label_key

KNOWN = {"interviewer", "a01", "a02", "i", "r", "q", "a", "josé", "moderator"}


def known(label: str) -> bool:
    return label_key(label) in KNOWN


def said(text: str, **options: object) -> list[tuple[str, str]]:
    speech = parse_turns(text, known, **options)  # type: ignore[arg-type]
    return [(u.speaker, text[u.start : u.end]) for u in speech.utterances]


QUESTION, ANSWER = "How did it start?", "By accident. Truly: by accident."
CONVENTIONS = {
    "name and colon": "Interviewer: {q}\n\nA01: {a}\n",
    "no blank line between": "Interviewer: {q}\nA01: {a}",
    "letters": "I: {q}\nR: {a}",
    "question and answer": "Q: {q}\nA: {a}",
    "indented": "    Interviewer: {q}\n\n    A01: {a}",
    "capitals": "INTERVIEWER: {q}\nA01: {a}",
    "bold in Markdown": "**Interviewer:** {q}\n\n**A01:** {a}",
    "bold without colon": "**Interviewer** {q}\n\n**A01** {a}",
    "quoted in Markdown": "> Interviewer: {q}\n\n> A01: {a}",
    "time before": "[00:00:02] Interviewer: {q}\n[00:00:09] A01: {a}",
    "time span before": "[00:00:02.533 --> 00:00:12.500] Interviewer: {q}\n"
    "[00:00:12.600 --> 00:00:20.100] A01: {a}",
    "time after the name": "Interviewer (0:02): {q}\nA01 (0:09): {a}",
    "time after the colon": "Interviewer: [00:00:02] {q}\nA01: [00:00:09] {a}",
    "line numbers": "1 Interviewer: {q}\n2 A01: {a}",
    "tabs": "Interviewer\t{q}\nA01\t{a}",
    "time and tabs": "0:02\tInterviewer\t{q}\n0:09\tA01\t{a}",
    "bars": "| Interviewer | {q}\n| A01 | {a}",
    "Otter": "Interviewer  0:02  \n{q}\n\nA01  0:09  \n{a}\n\nTranscribed by https://otter.ai",
    "Rev": "Interviewer (00:02):\n{q}\n\nA01 (00:09):\n{a}",
    "Zoom captions": "[Interviewer] 10:01:30\n{q}\n\n[A01] 10:01:42\n{a}",
    "Happy Scribe": "[00:00:02.230] - Interviewer\n{q}\n\n[00:00:09.100] - A01\n{a}",
    "Teams, old": "0:0:0.0 --> 0:0:3.140\nInterviewer\n{q}\n0:0:3.200 --> 0:0:9.0\nA01\n{a}",
    "name on its own line": "Interviewer\n{q}\n\nA01\n{a}",
    "name and colon on its own line": "Interviewer:\n{q}\n\nA01:\n{a}",
    "play": "\n   INTERVIEWER.\n      {q}\n\n   A01.\n      {a}\n",
    "particulars above": "Interview: A01\nDate: 3 May\nInterviewer: JB\n\n"
    "Interviewer: {q}\n\nA01: {a}",
    "title above": "Interview one\n\nInterviewer: {q}\n\nA01: {a}",
    "form feeds and fixed spaces": "\fInterviewer:\u00a0{q}\n\f\u00a0A01:\u00a0{a}",
    "headings in Markdown": "### Interviewer\n{q}\n\n### A01\n{a}",
    "list in Markdown": "- **Interviewer:** {q}\n- **A01:** {a}",
    "dash": "Interviewer – {q}\nA01 – {a}",
    "abbreviation and number": "A01. 1: {q}\nA02: {a}",
    "brackets": "A02 (laughing): {q}\nA01: {a}",
}


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_turns_are_found_in_every_convention(convention: str) -> None:
    # A convention that is not understood silently glues two people's words together.
    text = CONVENTIONS[convention].format(q=QUESTION, a=ANSWER)
    speakers = KNOWN | {"a02 (laughing)", "a01. 1"}
    speech = parse_turns(text, lambda label: label_key(label) in speakers)
    assert [text[u.start : u.end] for u in speech.utterances] == [QUESTION, ANSWER]


def test_a_turn_may_hold_paragraphs_and_colons() -> None:
    # A pause in typing, or "I thought: no", is not a new speaker.
    text = "Interviewer: Go on.\n\nA01: One.\n\nI thought: no. It was 10:30\nand then: nothing.\n"
    assert said(text)[1] == ("A01", "One.\n\nI thought: no. It was 10:30\nand then: nothing.")


def test_single_letters_are_words_unless_they_are_labels() -> None:
    # "I - well" and a line that is only "I" are somebody's hesitation.
    text = "Q: Did you?\nA: Well.\nI - I did.\nI\nreally did.\nresearcher\nA\tB\n"
    assert said(text) == [
        ("Q", "Did you?"),
        ("A", "Well.\nI - I did.\nI\nreally did.\nresearcher\nA\tB"),
    ]


def test_small_letters_that_recur_are_labels() -> None:
    # Captions and typists in a hurry.
    text = "doctor: hello\npatient: hello\n" * 3
    assert [s for s, _ in said(text)] == ["doctor", "patient"] * 3


def test_long_names_that_recur_are_labels() -> None:
    # A display name with an employer; but "I said:" thrice is no person.
    text = "Jo Bloggs - Anytown NHS Trust: hm\nA01: no\nI said: so\nI said: so\nI said: so\n" * 3
    assert {speaker for speaker, _ in said(text)} == {"Jo Bloggs - Anytown NHS Trust", "A01"}


def test_an_unknown_label_is_a_turn_of_its_own() -> None:
    # A slip of the pen must come out as an unknown speaker, not as somebody's words.
    text = "Interviewer: Go on.\nA01: Yes.\nIntervewer: And then?\nA01: No.\n"
    assert [speaker for speaker, _ in said(text)] == ["Interviewer", "A01", "Intervewer", "A01"]


def test_words_in_another_form_than_the_labels_are_words() -> None:
    # In a play "So: komm" at a line's beginning is verse; labels there stand alone.
    text = "A01.\nIch rufe\nFreund: komm her!\n\nA02.\nIch komme.\n\nA01.\nGut.\n"
    assert len(said(text)) == 3


def test_the_study_may_say_that_a_word_is_no_label() -> None:
    # "Verdict: bad" at a line's beginning can be what somebody said.
    text = "Interviewer: And?\nA01: Well.\nVerdict: bad.\nInterviewer: Oh.\n"
    turns = said(text, words=lambda label: label_key(label) == "verdict")
    assert turns[1] == ("A01", "Well.\nVerdict: bad.")


def test_text_before_the_first_label_is_said_to_be_outside() -> None:
    # Nothing is lost silently: the title of a transcript is in no turn, and a remark says so.
    speech = parse_turns("A title here\n\nInterviewer: Go on.\n\nA01: Yes.", known)
    assert [remark.kind for remark in speech.remarks] == ["preamble"]
    assert "3 words" in speech.remarks[0].message


def test_the_preamble_can_be_kept_as_a_turn() -> None:
    # A play's list of persons is coded too.
    assert said("Persons.\n\nA01: Yes.", preamble="turn")[0] == ("", "Persons.")


def test_a_document_without_speakers_is_cut_into_paragraphs() -> None:
    # Field notes and policies are evidence as well.
    text = "First line,\nwrapped.\n\nSecond: a list.\n\n\nThird.\n"
    assert said(text) == [("", "First line,\nwrapped."), ("", "Second: a list."), ("", "Third.")]


def test_word_processors_paragraphs_are_lines() -> None:
    # Word keeps no blank line between paragraphs.
    speech = parse_turns(Document("First.\nSecond.", "docx", "utf-8", paragraphs=True))
    assert len(speech.utterances) == 2


def test_an_interview_of_which_nobody_is_known_is_still_an_interview() -> None:
    # Else its labels would be read as words and nobody would be told.
    text = "Doctor: Hello.\nPatient: Hello.\nDoctor: Well?\nPatient: Bad.\n"
    assert [s for s, _ in said(text)] == ["Doctor", "Patient", "Doctor", "Patient"]


def test_focus_groups_keep_all_speakers_apart() -> None:
    # Six people, some of whom interrupt.
    order = ["Moderator", "P1", "P2", "P1", "P3", "P4", "P5", "P2"]
    text = "\n".join(f"{who}: words {number}." for number, who in enumerate(order))
    assert [s for s, _ in said(text)] == order


def test_a_label_with_nothing_said_is_remarked_on() -> None:
    # Somebody's words may have been deleted.
    speech = parse_turns("Interviewer: Go on.\nA01:\nInterviewer: Well?\nA01: Yes.", known)
    assert [remark.kind for remark in speech.remarks] == ["empty_turn"]


@pytest.mark.parametrize(
    "text",
    ["A01:\n" * 30_000, "-\n" * 100_000, "A01: x\n" + "0:12\n" * 100_000, "a" * 500_000 + ":",
     "[0:12] " * 50_000, "*" * 200_000, "A01 " * 50_000 + ":", "\n\n \n" * 50_000, "." * 200_000,
     "x." * 100_000, "?\n" * 100_000, ")" * 200_000, "| " * 100_000],
)  # fmt: skip
def test_hostile_text_takes_no_time(text: str) -> None:
    # A transcript from others must not stop the run, whatever it holds.
    before = time.process_time()
    parse_turns(text, known)
    sentences(text)
    assert time.process_time() - before < 3


LABELS = ["Interviewer", "A01", "José"]
words = st.text(
    st.characters(
        codec="utf-8", exclude_characters=":：\t|*_[]<>#\r", exclude_categories=["Cs", "Cc"]
    ),
    min_size=1,
    max_size=40,
).map(lambda text: " ".join(("w", *text.split())))


@given(st.lists(st.tuples(st.sampled_from(LABELS), words), min_size=1, max_size=12))
def test_every_word_lies_in_its_turn(turns: list[tuple[str, str]]) -> None:
    # Offsets slice back to what was said, in code points, whatever the letters are.
    text = "\n\n".join(f"{who}: {what}" for who, what in turns)
    found = said(text)
    assert [what for _, what in found] == [what.strip() for _, what in turns]
    assert [label_key(who) for who, _ in found] == [label_key(who) for who, _ in turns]


@given(st.lists(st.tuples(st.sampled_from(LABELS), words), min_size=1, max_size=8))
def test_decomposed_letters_give_the_same_turns(turns: list[tuple[str, str]]) -> None:
    # macOS writes é as two characters; the people and their words are the same.
    text = "\n\n".join(f"{who}: {what}" for who, what in turns)
    apart = unicodedata.normalize("NFD", text)
    nfc = [
        (label_key(who), unicodedata.normalize("NFC", what))
        for who, what in said(unicodedata.normalize("NFC", text))
    ]
    assert nfc == [(label_key(w), unicodedata.normalize("NFC", t)) for w, t in said(apart)]

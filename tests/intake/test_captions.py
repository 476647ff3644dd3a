"""Captions of meeting software: voice tags, prefixes, cues without a speaker, odd blocks."""

from __future__ import annotations

import time

import pytest
from themetrail.intake import Document, Unreadable, parse_turns, read_document


def read(text: str, extension: str = "vtt") -> Document:
    return read_document(text.encode(), extension)


TEAMS = """WEBVTT

NOTE this export is nobody's words

7a1e2b8c-1111-2222-3333-444455556666/12-0
00:00:03.000 --> 00:00:05.000
<v Interviewer>Thanks for coming. Can</v>

7a1e2b8c-1111-2222-3333-444455556666/13-0
00:00:05.100 --> 00:00:06.000
<v Interviewer>you hear me?</v>

7a1e2b8c-1111-2222-3333-444455556666/14-0
00:00:06.200 --> 00:00:08.000 align:start
<v.loud.first C01>Yes &amp; no. <c.yellow>It's</c> &lt;PAUSE&gt;
a bad line.</v>
"""


def test_teams_cues_of_one_voice_are_one_turn() -> None:
    # Meeting software cuts a turn into cues of a few seconds; the turn is what was said.
    assert read(TEAMS).text == (
        "Interviewer: Thanks for coming. Can you hear me?\n\n"
        "C01: Yes & no. It's <PAUSE> a bad line."
    )


def test_lines_are_those_of_the_file() -> None:
    # A problem must name the line that the team sees in its editor.
    document = read(TEAMS)
    assert document.line(document.text.index("Thanks")) == 6
    assert document.line(document.text.index("hear me")) == 10
    assert document.line(document.text.index("bad line")) == 14


def test_duration_is_that_of_the_last_cue() -> None:
    # Checklists ask for the interviews' length; the file knows it.
    assert read(TEAMS).duration_min == pytest.approx(8 / 60)


ZOOM = """\ufeffWEBVTT

1
00:00:01.000 --> 00:00:03.000
Interviewer: Can you hear me?

2
00:00:03.100 --> 00:00:05.000
C01: I can. And I thought: no,

3
00:00:05.100 --> 00:00:06.000
this won't do.

4
00:00:06.100 --> 00:00:07.000
Interviewer: Go on.

5
00:00:07.100 --> 00:00:09.000
C01: That's all.
"""


def test_zoom_prefixes_and_continuation_cues() -> None:
    # A cue that names nobody goes on with the speaker before; the byte-order mark is no text.
    document = read(ZOOM)
    assert document.text.split("\n\n")[1] == "C01: I can. And I thought: no, this won't do."
    assert len(document.text.split("\n\n")) == 4
    assert [remark.kind for remark in document.remarks] == ["cue_without_speaker"]
    assert document.encoding == "utf-8-sig"


def test_names_as_meeting_software_has_them() -> None:
    # Pronouns and employers stand in people's display names.
    names = ["Jo Bloggs (she/her)", "Ann Lee - Anytown Community NHS Trust"]
    cues = [f"00:0{n}.000 --> 00:0{n}.900\n{names[n % 2]}: so, number {n}\n" for n in range(8)]
    document = read("WEBVTT\n\n" + "\n".join(cues))
    assert [mark.label for mark in document.marks] == names * 4


def test_several_voices_in_one_cue() -> None:
    # Overlapping speech.
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>One</v> <v B>Two</v>\n<v A>Three</v>\n"
    assert read(text).text == "A: One\n\nB: Two\n\nA: Three"


def test_speakers_named_on_lines_of_one_cue() -> None:
    # Two people in one caption, as subtitlers write it.
    cue = "00:01.000 --> 00:02.000\nAnn: One\nBo: Two\n\n00:03.000 --> 00:04.000\nAnn: Three\n"
    assert read(f"WEBVTT\n\n{cue}").text == "Ann: One\n\nBo: Two\n\nAnn: Three"


def test_captions_without_speakers_break_at_pauses() -> None:
    # A recording of one voice is a document of paragraphs.
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n00:02.100 --> 00:03.000\ntwo.\n\n"
    text += "00:09.000 --> 00:10.000\nThree: three.\n"
    document = read(text)
    assert document.text == "One two.\n\nThree: three."
    assert not parse_turns(document).labelled


def test_words_after_a_blank_line_in_a_cue_are_kept() -> None:
    # Some exports leave a blank line in the middle of a cue; the words after it are words.
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>One\n\ntwo.</v>\n\nNOTE\nnot this\n\n"
    text += "id-2\n00:03.000 --> 00:04.000\n<v B>Three.</v>\n"
    assert read(text).text == "A: One two.\n\nB: Three."


def test_cues_without_blank_lines_between() -> None:
    # The identifier of the next cue is not the last word of this one.
    text = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v A>One</v>\n"
    text += "2\n00:02.000 --> 00:03.000\n<v A>two.</v>"
    assert read(text).text == "A: One two."


def test_numbers_that_are_said_are_kept() -> None:
    # "How many?" - "7": a cue whose only word is a number.
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>How many?</v>\n\n"
    text += "00:02.000 --> 00:03.000\n<v B>\n7\n\n00:04.000 --> 00:05.000\n<v A>Right.</v>\n"
    assert "B: 7" in read(text).text


def test_styles_and_transcribers_marks() -> None:
    # Only WebVTT's own tags go; what a transcriber put in angle brackets stays.
    text = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000 line:0\n"
    text += "<v A><i>No</i> <00:00:01.500><UNSURE>way</UNSURE>, 2 < 3</v>\n"
    assert read(text).text == "A: No <UNSURE>way</UNSURE>, 2 < 3"


def test_subrip() -> None:
    # The same with commas and numbers.
    text = "1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Well?\n\n"
    text += "2\n00:00:02,100 --> 00:00:03,000\nA01: Yes.\n\n"
    text += "3\n00:00:03,100 --> 00:00:04,000\nA01: No.\n"
    assert read(text, "srt").text == "Interviewer: Well?\n\nA01: Yes. No."


def test_crlf_and_byte_order_mark_change_nothing() -> None:
    # The same meeting exported on another computer.
    windows = "\ufeff" + TEAMS.replace("\n", "\r\n")
    assert read(windows).text == read(TEAMS).text
    assert list(read(windows).file_lines) == list(read(TEAMS).file_lines)


def test_a_file_that_is_no_webvtt_is_refused_without_repeating_it() -> None:
    # The first line may be somebody's words.
    with pytest.raises(Unreadable, match="WEBVTT") as caught:
        read("Jane Bloggs said this\n")
    assert "Jane" not in str(caught.value)
    assert caught.value.line == 1


@pytest.mark.parametrize("tag", ["<v ", "<c ", "&amp", "A: ", "<v>"])
def test_hostile_captions_take_no_time(tag: str) -> None:
    # Tags that never close.
    before = time.process_time()
    read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{tag * 200_000}\n")
    assert time.process_time() - before < 3


def test_malformed_times_are_reported_with_their_line() -> None:
    # Else the file would be "empty".
    with pytest.raises(Unreadable, match=r"00:00:01\.000") as caught:
        read("WEBVTT\n\n1:2 --> 3:4\nHello\n")
    assert caught.value.line == 3

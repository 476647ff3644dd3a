"""A site's tables, and one clear problem row for each thing that is wrong with it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from themetrail.intake import Intake, IntakeSettings, read_site

Reader = Callable[..., Intake]
GOOD = "Interviewer: How was it?\n\nP1: It was fine. We coped.\n"
TWO = "participant_id,role\nP1,nurse\nP2,manager\n"
GROUP = "Moderator: And?\n\nP1: It was fine.\n\nP2: Not for me.\n\nP1: No?\n"


def found(intake: Intake) -> list[tuple[str, str, int | None]]:
    return [(p.kind, p.file.removeprefix("data/s/"), p.line) for p in intake.problems]


# ---------------------------------------------------------------- the demonstration study
SITES = ["alder", "birch", "cedar", "damson"]


@pytest.fixture(scope="module", params=SITES)
def demo(request: pytest.FixtureRequest, root: Path) -> Intake:
    return read_site(root, request.param, IntakeSettings())


def test_demonstration_sites_are_read_whole(demo: Intake) -> None:
    # The README of the data: six interviews a site, 36-44 turns, 1,670-1,890 words with labels.
    assert demo.problems == []
    assert len(demo.transcripts) == 6
    assert demo.transcripts["n_turns"].between(36, 44).all()
    words = demo.transcripts["n_words"] + demo.transcripts["n_turns"]
    assert words.between(1670, 1890).all()
    assert set(demo.turns["role"]) == {"participant", "interviewer"}
    assert demo.participants["n_transcripts"].tolist() == [1] * 6
    assert demo.disclosure.empty


def test_offsets_slice_back_to_turns(demo: Intake) -> None:
    # Everything downstream trusts [start, end).
    texts = dict(zip(demo.transcripts["transcript_id"], demo.transcripts["text"], strict=True))
    for turn in demo.turns.itertuples():
        words = texts[turn.transcript_id][turn.start : turn.end]
        assert words == words.strip()
        assert len(words.split()) == turn.n_words
        assert f"{turn.speaker}:" not in words


def test_coders_quotations_lie_in_one_turn_each(demo: Intake, root: Path) -> None:
    # The coders worked on plain copies; canonical text must hold their words letter by letter.
    name = demo.transcripts["site"][0]
    texts = dict(zip(demo.transcripts["transcript_id"], demo.transcripts["text"], strict=True))
    spoken = dict(list(demo.turns.groupby("transcript_id")))
    with (root / f"data/{name}/codings/coder_a.csv").open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            text, quote = texts[row["transcript_id"]], row["quote"]
            assert text.count(quote) == 1
            turns = spoken[row["transcript_id"]]
            at = text.index(quote)
            assert ((turns["start"] <= at) & (turns["end"] >= at + len(quote))).any()


def test_interview_particulars_come_from_the_participant(demo: Intake) -> None:
    # participants.csv holds interview_date and interview_mode; transcripts.csv is not needed.
    assert (demo.transcripts["date"].str.len() == 7).all()
    assert set(demo.transcripts["mode"]) <= {"in_person", "video", "telephone"}


# ---------------------------------------------------------------- bad input, one row each
def test_a_good_site_has_no_problems(site: Reader) -> None:
    # The measure of all that follows.
    intake = site()
    assert intake.problems == []
    assert intake.turns["participant_id"].tolist() == ["", "P1"]
    assert intake.units["turn"].tolist() == [2]


@pytest.mark.parametrize(
    ("files", "kind", "file", "line"),
    [
        ({"P1.txt": ""}, "empty_transcript", "transcripts/P1.txt", None),
        ({"P1.txt": " \r\n\t\n"}, "empty_transcript", "transcripts/P1.txt", None),
        ({"P1.txt": b"one\nna\xefve"}, "undecodable", "transcripts/P1.txt", 2),
        ({"P1.docx": b"PK\x03\x04 no"}, "corrupt_file", "transcripts/P1.docx", None),
        ({"P1.pages": b"x"}, "unknown_extension", "transcripts/P1.pages", None),
        ({"P1.doc": b"x"}, "unknown_extension", "transcripts/P1.doc", None),
        ({"P1": b"x"}, "unknown_extension", "transcripts/P1", None),
        ({"P1.vtt": "no captions"}, "corrupt_file", "transcripts/P1.vtt", 1),
        ({"P1.txt": GOOD, "p1.md": GOOD}, "duplicate_transcript", "transcripts/P1.txt", None),
        ({"P1.txt": "Interviewer: Anyone?\n"}, "interviewer_only", "transcripts/P1.txt", None),
        ({"P1.txt": GOOD + "\nPl: No.\n"}, "unknown_speaker", "transcripts/P1.txt", 5),
    ],
)
def test_bad_transcripts(
    site: Reader, files: dict[str, str | bytes], kind: str, file: str, line: int | None
) -> None:
    # One row, at the right place, and nothing else: no cascade.
    intake = site(files)
    assert found(intake) == [(kind, file, line)]
    assert intake.problems[0].severity == "error"
    assert intake.problems[0].remedy


def test_the_rest_of_the_site_is_read(site: Reader) -> None:
    # One damaged file must not hide the next problem.
    intake = site({"P1.txt": b"\xff\xfe\x00", "P2.txt": GOOD.replace("P1", "P2")}, TWO)
    assert intake.transcripts["transcript_id"].tolist() == ["P2"]
    assert len(intake.problems) == 1


def test_an_unknown_speaker_is_suggested_the_nearest(site: Reader) -> None:
    # "Intervewer" is a slip; the team should not have to search for it.
    intake = site({"P1.txt": GOOD + "\nIntervewer: And?\n\nP1: Yes.\n"})
    assert "'Intervewer'" in intake.problems[0].message
    assert "'Interviewer'" in intake.problems[0].remedy


def test_a_label_that_may_be_a_real_name_is_not_repeated(site: Reader) -> None:
    # Meeting software writes people's names; a problem list travels further than a transcript.
    intake = site({"P1.txt": GOOD + "\nThomasina Wetherby: Hello.\n"})
    assert [p.kind for p in intake.problems] == ["unknown_speaker"]
    assert "Wetherby" not in str(intake.problems[0])


def test_speakers_are_mapped_per_site_and_transcript(site: Reader) -> None:
    # "Doctor" is another person in every consultation.
    files = {"T1.txt": "Doctor: Well?\nPatient: Bad.\n", "T2.txt": "Doctor: So?\nPatient: Good.\n"}
    speakers = {"Doctor": "interviewer", "s": {"Patient": "P1"}, "s/T2": {"patient": "P2"}}
    intake = site(files, TWO, speakers=speakers)
    assert intake.problems == []
    assert intake.turns["participant_id"].tolist() == ["", "P1", "", "P2"]


def test_a_speaker_mapped_to_nobody(site: Reader) -> None:
    # A slip in the configuration would count the words of a person who does not exist.
    intake = site({"P1.txt": GOOD + "\nDoctor: Hm.\n"}, speakers={"Doctor": "P11"})
    assert found(intake) == [("unknown_participant", "transcripts/P1.txt", 5)]
    assert "'P1'" in intake.problems[0].remedy


def test_numbered_and_abbreviated_interviewers(site: Reader) -> None:
    # Two interviewers, or "Int. 2".
    intake = site({"P1.txt": "Int. 1: A?\nInterviewer 2: B?\nP1 (laughing): C.\n"})
    assert intake.problems == []
    assert intake.turns["role"].tolist() == ["interviewer", "interviewer", "participant"]


def test_a_declared_encoding_is_noted(site: Reader) -> None:
    # It was assumed, not seen.
    intake = site({"P1.txt": GOOD.replace("fine", "naïve").encode("cp1252")}, encoding="cp1252")
    assert [(p.severity, p.kind) for p in intake.problems] == [("note", "declared_encoding")]
    assert "naïve" in intake.transcripts["text"][0]


def test_a_generic_label_means_the_only_participant(site: Reader) -> None:
    # "Respondent:" in the file of P1 is P1; in a group it is nobody in particular.
    generic = "Interviewer: So?\nRespondent: Yes.\n"
    assert site({"P1.txt": generic}).turns["participant_id"].tolist() == ["", "P1"]
    rows = "transcript_id,participants\nG1,P1;P2\n"
    group = site({"P1.txt": generic, "G1.txt": generic}, TWO, rows)
    assert ("unknown_speaker", "transcripts/G1.txt", 2) in found(group)


def test_focus_groups(site: Reader) -> None:
    # Several participants, none of whom the file is named after.
    intake = site({"G1.txt": GROUP}, TWO)
    assert intake.problems == []
    assert intake.transcripts["participants"].tolist() == ["P1;P2"]
    assert intake.participants["n_transcripts"].tolist() == [1, 1]


def test_a_transcript_without_participant_row(site: Reader) -> None:
    # Someone interviewed of whom nothing is known.
    intake = site({"P1.txt": GOOD, "P9.txt": GOOD.replace("P1", "P9")})
    assert found(intake) == [("transcript_without_participant", "transcripts/P9.txt", None)]


def test_a_participant_without_transcript(site: Reader) -> None:
    # Someone who would be counted and says nothing.
    intake = site(participants=TWO)
    assert found(intake) == [("participant_without_transcript", "participants.csv", 3)]


def test_documents_without_speakers(site: Reader) -> None:
    # A diary belongs to its writer; a policy to nobody, and is coded nevertheless.
    intake = site({"P1.txt": "One day.\n\nAnother.\n", "policy.md": "# Policy\n\nText.\n"})
    assert [(p.severity, p.kind) for p in intake.problems] == [("warning", "no_speakers")] * 2
    assert intake.units["participant_id"].tolist() == ["P1", "P1", "", ""]


@pytest.mark.parametrize(
    ("table", "kind", "line"),
    [
        ("participant_id,role\nP1,a\np1,b\n", "duplicate_participant", 3),
        ("participant_id,role\nP1,a\n../P2,b\n", "bad_id", 3),
        ("participant_id,role\nP1,a\n,b\n", "bad_id", 3),
        ("participant_id,role\nP1,a,b\n\nP1,c\n", "ragged_row", 2),
        ("participantid,role\nP1,a\n", "bad_header", 1),
        ("participant_id,role,role\nP1,a,b\n", "bad_header", 1),
        ("", "bad_header", 1),
        ('participant_id,role\nP1,"a\n', "bad_csv", 2),
        ("participant_id,site\nP1,elsewhere\n", "wrong_site", 2),
    ],
)
def test_bad_participants(site: Reader, table: str, kind: str, line: int) -> None:
    # Each names its line; a table that cannot be read does not blame the transcripts.
    intake = site(participants=table)
    assert (kind, "participants.csv", line) in found(intake)
    assert {p.file for p in intake.problems} == {"data/s/participants.csv"}


def test_no_participants_file(site: Reader) -> None:
    # Said once, not once a transcript.
    intake = site({"P1.txt": GOOD, "P2.txt": GOOD.replace("P1", "P2")}, None)
    assert found(intake) == [("missing_participants", "participants.csv", None)]


def test_cells_stay_text(site: Reader) -> None:
    # A band called "NA" or "007" is not a missing number; Excel's semicolons are understood.
    intake = site(participants="participant_id;band;grade\nP1;NA;007\n")
    assert intake.participants[["band", "grade"]].iloc[0].tolist() == ["NA", "007"]


@pytest.mark.parametrize(
    ("table", "kind", "line"),
    [
        ("transcript_id\nP1\nP7\n", "missing_transcript", 3),
        ("transcript_id,participants\nP1,P8\n", "unknown_participant", 2),
        ("transcript_id,duration_min\nP1,long\n", "bad_number", 2),
        ("transcript_id\nP1\np1\n", "duplicate_transcript", 3),
        ("id\nP1\n", "bad_header", 1),
    ],
)
def test_bad_particulars(site: Reader, table: str, kind: str, line: int) -> None:
    # transcripts.csv is optional, but what it says must hold.
    intake = site(transcripts=table)
    assert found(intake) == [(kind, "transcripts.csv", line)]


def test_particulars_go_into_the_table(site: Reader) -> None:
    # What checklists ask for.
    table = (
        "transcript_id,date,mode,interviewer,duration_min,language\nP1,2021-03,video,JB,42.5,en\n"
    )
    row = site(transcripts=table).transcripts.iloc[0]
    columns = ["date", "mode", "interviewer", "duration_min", "language"]
    assert row[columns].tolist() == ["2021-03", "video", "JB", 42.5, "en"]


def test_participants_named_and_speaking_differ(site: Reader) -> None:
    # Either the sheet or a label is wrong.
    intake = site({"G1.txt": GROUP}, TWO, "transcript_id,participants\nG1,P2\n")
    assert [(p.severity, p.kind) for p in intake.problems] == [("warning", "participants_differ")]
    assert "P1" in intake.problems[0].message


def test_numbered_lines_are_remarked_on(site: Reader) -> None:
    # The numbers are in the text, where they would be quoted and counted.
    lines = "".join(f"{n} {who}: Words.\n" for n, who in enumerate(["Interviewer", "P1"] * 8, 1))
    assert [p.kind for p in site({"P1.txt": lines}).problems] == ["numbered_lines"]


def test_no_site_and_no_transcripts(site: Reader, tmp_path: Path) -> None:
    # A site in the list whose folder nobody made.
    assert [p.kind for p in read_site(tmp_path, "x", IntakeSettings()).problems] == ["missing_site"]
    kinds = [p.kind for p in site({}).problems]
    assert kinds == ["missing_transcripts", "participant_without_transcript"]


def test_what_programs_leave_behind_is_passed_over(site: Reader) -> None:
    # Word's lock files and the Mac's folder files are no transcripts.
    files = {"P1.txt": GOOD, ".DS_Store": b"\0", "~$P1.docx": b"x", "README.md": "Notes"}
    assert site(files).problems == []


def test_links_out_of_the_study_are_refused(site: Reader, tmp_path: Path) -> None:
    # A study from others must not read our files.
    outside = tmp_path.parent / f"{tmp_path.name}-outside.txt"
    outside.write_text(GOOD.replace("P1", "P2"))
    site()
    (tmp_path / "data/s/transcripts/P2.txt").symlink_to(outside)
    assert ("hostile_file", "transcripts/P2.txt", None) in found(site(participants=TWO))


# ---------------------------------------------------------------- excluded and withdrawn
GONE = {"participant_id": "P2", "on": "2026-01-02", "reason": "P2 asked us to"}


def everything(intake: Intake) -> str:
    tables = [
        intake.transcripts, intake.turns, intake.units, intake.participants, intake.disclosure,
        intake.dropped,
    ]  # fmt: skip
    return "\n".join(t.to_csv() for t in tables) + "\n".join(map(str, intake.problems))


def test_a_withdrawn_person_leaves_a_tombstone_only(site: Reader) -> None:
    # Not the id, not a word, not the reason.
    files = {"P1.txt": GOOD, "P2.txt": GOOD.replace("P1", "P2").replace("coped", "despaired")}
    intake = site(files, TWO, withdrawn=[GONE])
    assert "P2" not in everything(intake)
    assert "despaired" not in everything(intake)
    row = intake.dropped.iloc[0].tolist()
    assert row == ["s", "participant", "withdrawn", "2026-01-02", ""]


def test_a_withdrawn_person_leaves_a_group_and_others_stay_in_place(site: Reader) -> None:
    # Everybody else's coding by offsets stays right.
    whole = site({"G1.txt": GROUP}, TWO)
    intake = site({"G1.txt": GROUP}, TWO, withdrawn=[GONE])
    assert "P2" not in everything(intake)
    assert "Not for me" not in everything(intake)
    kept = whole.turns[whole.turns["participant_id"] != "P2"]
    assert intake.turns[["turn", "start", "end"]].to_numpy().tolist() == (
        kept[["turn", "start", "end"]].to_numpy().tolist()
    )
    assert len(intake.transcripts["text"][0]) == len(whole.transcripts["text"][0])


def test_a_withdrawn_id_is_masked_wherever_it_stands(site: Reader) -> None:
    # Somebody else's turn may mention it, or a label may have no words.
    text = GROUP + "\nP1: As P2 said.\n\nP2:\n"
    assert "P2" not in everything(site({"G1.txt": text}, TWO, withdrawn=[GONE]))


def test_exclusions_keep_their_reason_without_the_id(site: Reader) -> None:
    # "n interviewed, n excluded and why", but not who.
    intake = site({"P1.txt": GOOD, "P2.txt": GOOD.replace("P1", "P2")}, TWO, excluded=[GONE])
    assert intake.dropped["reason"].tolist() == ["[participant] asked us to"]
    assert "P2" not in everything(intake)


def test_a_withdrawn_person_is_silent_in_problems(site: Reader) -> None:
    # Their files may be gone already, or be damaged; nothing is said of them.
    table = "transcript_id,participants\nP1,P1\nP2,P2\n"
    intake = site({"P1.txt": GOOD, "P2.txt": b"\xff\xff"}, transcripts=table, withdrawn=[GONE])
    assert intake.problems == []
    assert "P2" not in everything(intake)


def test_a_transcript_can_be_excluded(site: Reader) -> None:
    # One interview of somebody who gave two.
    rows = "transcript_id,participants\nP1,P1\nP1b,P1\n"
    record = {"transcript_id": "P1b", "on": "", "reason": "tape failed"}
    intake = site({"P1.txt": GOOD, "P1b.txt": GOOD}, transcripts=rows, excluded=[record])
    assert intake.transcripts["transcript_id"].tolist() == ["P1"]
    assert intake.dropped["what"].tolist() == ["transcript"]
    assert intake.problems == []


def test_records_of_other_sites_leave_no_trace_here(site: Reader) -> None:
    # Withdrawals are recorded for the study; a tombstone stands at one site.
    assert site(withdrawn=[{"participant_id": "Z9"}]).dropped.empty
    assert site(withdrawn=[{"participant_id": "P1", "site": "other"}]).dropped.empty


@pytest.mark.parametrize("variant", ["crlf", "bom", "utf-16", "nfd"])
def test_how_a_file_was_saved_changes_no_turn(site: Reader, variant: str) -> None:
    # The same interview from four computers.
    import unicodedata

    text = "Interviewer: Café?\n\nP1: Naïve – yes. We coped.\n\nIt was Zoë.\n"
    data = {
        "crlf": text.replace("\n", "\r\n").encode(),
        "bom": text.encode("utf-8-sig"),
        "utf-16": text.encode("utf-16"),
        "nfd": unicodedata.normalize("NFD", text).encode(),
    }[variant]
    plain, other = site({"P1.txt": text}), site({"P1.txt": data})
    columns = ["turn", "speaker", "role", "participant_id", "n_words"]
    assert other.turns[columns].equals(plain.turns[columns])
    if variant != "nfd":
        assert other.turns.equals(plain.turns)
        assert other.transcripts["text_sha256"].equals(plain.transcripts["text_sha256"])

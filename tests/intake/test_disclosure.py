"""The disclosure gate: what it must find, what it must leave alone, and what it never prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from themetrail.intake import Intake, read_text
from themetrail.intake.disclosure import KINDS, scan
from themetrail.intake.identifiers import nhs_number_valid

Reader = Callable[..., Intake]

# 943 476 5919 is the NHS Data Dictionary's example, 401 023 2137 made to its rule; 0121 234 5678
# and 07400 123456 are libphonenumber's examples, 020 7219 3000 is Parliament's switchboard.
HARD = {
    "nhs_number": [
        "it's 943 476 5919.", "it's 9434765919", "943-476-5919", "943\u00a0476\u00a05919",
        "943 476\n5919", "NHS number: 94 34 76 59 19", "(401 023 2137)",
    ],
    "ni_number": [
        "AB 12 34 56 C", "AB123456C", "ab123456c", "my National Insurance is ab 12 34 56",
    ],
    "postcode": [
        "CA1 2HQ", "ca1 2hq", "SW1A 1AA", "M1 1AE.", "B33 8TH", "CR2 6XH", "DN55 1PT", "GIR 0AA",
        "W1A\n0AX", "CA12HQ",
    ],
    "phone": [
        "ring 0121 234 5678.", "07400 123456", "+44 7400 123456", "(0121) 234 5678",
        "0044 121 234 5678", "+353 1 679 9000", "020 7219 3000",
    ],
    "email": [
        "jo.bloggs@nhs.net", "j_b+1@uhb.nhs.uk", "me@uni.ac.uk,", "Jo.O'Neill@gmail.com",
        "jo dot bloggs at nhs dot net", "jo at some dot ac dot uk",
    ],
    "date_of_birth": [
        "born 3/4/1956", "DOB: 03.04.56", "date of birth is the 3rd of April 1956",
        "my birthday, April 3rd, 1956", "d.o.b. 1956-04-03", "I was born on 3 Apr 1956",
    ],
    "gmc_number": [
        "GMC number 7012345", "7012345, that's my GMC", "General Medical Council 7012345",
    ],
    "nmc_pin": ["NMC pin 98I1234E", "my NMC is 98 I 1234 E"],
    "hcpc_number": ["HCPC PH123456", "HCPC number PY 23456"],
    "gphc_number": ["GPhC 2012345"],
}  # fmt: skip
HARD_CASES = [(kind, text) for kind, texts in HARD.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), HARD_CASES)
def test_identifiers_are_found(kind: str, text: str) -> None:
    # One that slips through is in the paper.
    hits = scan(f"Well, {text} and so on.\n")
    assert [(hit.kind, hit.severity) for hit in hits] == [(kind, "hard")]


SOFT = {
    "postcode_district": ["the CA1 end of town", "we live in M6 now"],
    "exact_date": ["on 3 April 2021", "it was 03/04/2021", "April 3rd, 2021"],
    "age_over_89": ["she's 94 years old", "a ninety-two-year-old", "aged 101"],
    "titled_name": ["Dr Okafor said", "Sister Jones ran it", "Mrs. Patel"],
    "phone": ["07700 900123", "020 7946 0123", "+44 1632 960123"],
    "email": ["jo@example.com", "jo@clinic.example.org"],
}
SOFT_CASES = [(kind, text) for kind, texts in SOFT.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), SOFT_CASES)
def test_doubtful_places_are_soft(kind: str, text: str) -> None:
    # Worth a look, and no reason to stop; Ofcom's drama numbers are nobody's.
    hits = scan(f"Well, {text} and so on.\n")
    assert [(hit.kind, hit.severity) for hit in hits] == [(kind, "soft")]
    assert bool(hits[0].fictional) == (kind in {"phone", "email"})


INNOCENT = [
    "943 476 5918 is not an NHS number.", "1234567890", "0000000000", "11.943.476.5919",
    "I give it 10 20 30 a go", "room B12, ward 4A, bay 3", "vitamin B12 and the M25 and N95 masks",
    "CO2 was up", "his 1st and 2nd, band 6 1st line", "it's b12 1st then", "S1 2nd floor",
    "at 10:30:00 --> 10:45:12.123", "3.5.2 is the version", "2019-2020", "on 3/4 of them",
    "12,345,678,901 pounds", "ISBN 978-0-306-40615-7", "1-2-3-4-5-6-7-8-9-10", "0800 to 1600",
    "ring 111 or 999", "born in 1956", "in April 2021", "Band 8a, 37.5 hours, 0.6 WTE",
    "the GMC says", "7012345 forms", "94 per cent, 95% and 96 patients", "May 2021 and June 2022",
    "meet me @ 5", "it will rise, may be, in march", "Dr. who?", "the doctor Is in",
    "heart rate 120/80 then 140/90", "70 years old", "P1 said to P2", "WD40 and R2D2",
    "0.12345678901", "2 500 000 000 pounds", "7 dot 4 at five dot two",
]  # fmt: skip


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_speech_is_left_alone(text: str) -> None:
    # A gate that cries wolf is switched off.
    assert scan(f"So {text}.\n") == []


def test_the_studys_own_names() -> None:
    # Any case, accents, possessives and line ends; but not inside other words.
    names = ["Zoë Bloggs", "Grace", "Wetherby", "Mary-Ann", "O'Neill"]
    found = ["Zoe Bloggs", "ZOË\nBLOGGS'S", "Zoe\u0308 Bloggs", "Grace", "Wetherby's", "wetherby"]
    found += ["mary ann", "Mary-Ann’s", "O’Neill"]
    for name in found:
        hits = scan(f"I saw {name} there.", names)
        assert [(h.kind, h.severity) for h in hits] == [("forbidden_name", "hard")], name
    for words in ["with grace", "Wetherbyshire", "Zoe Blogger", "disgrace", "Mary and Ann"]:
        assert scan(f"I saw {words} there.", names) == [], words


def test_pseudonyms_are_no_identifiers() -> None:
    # Participants may be called CA1 and CA2.
    assert scan("CA1 said no.", known=["CA1"]) == []


def test_lines_and_offsets() -> None:
    # The team finds the place from the line alone.
    text = "One.\nTwo.\nIt is 943 476 5919.\n"
    (hit,) = scan(text)
    assert (hit.line, text[hit.start : hit.end]) == (3, "943 476 5919")


@given(st.integers(min_value=0, max_value=999_999_999))
def test_nhs_check_digit(nine: int) -> None:
    # Exactly one tenth digit fits, or none (where it would be 10, or all digits are the same).
    fits = [d for d in range(10) if nhs_number_valid(f"{nine:09d}{d}")]
    weights = sum(int(c) * w for c, w in zip(f"{nine:09d}", range(10, 1, -1), strict=True))
    check = (11 - weights % 11) % 11
    expected = [] if check == 10 or f"{nine:09d}{check}" == str(check) * 10 else [check]
    assert fits == expected


@given(st.text(max_size=300))
def test_any_text_can_be_scanned(text: str) -> None:
    # Rendered outputs and file names are scanned too, whatever they hold.
    hits = scan(text, ["Jo"])
    assert all(0 <= hit.start < hit.end <= len(text) and hit.kind in KINDS for hit in hits)


@pytest.mark.parametrize(
    "text",
    ["0" * 20_000, "1 " * 20_000, "a@" * 20_000, "A1" * 20_000, "dot at " * 5_000, "Dr " * 20_000,
     "a.b." * 10_000 + "@", "+" * 20_000, "(0" * 20_000, "1/1/" * 10_000, "-1" * 20_000,
     "a-" * 50_000 + " dot b", "\u0301" * 50_000, "a\u0301" * 50_000],
)  # fmt: skip
def test_hostile_text_takes_no_time(text: str) -> None:
    # Patterns must not be slow on text made to make them slow.
    import time

    before = time.process_time()
    scan(text, ["Jo Bloggs"])
    assert time.process_time() - before < 3


# ------------------------------------------------------------------------------ in a site
LEAK = "Interviewer: So?\n\nP1: Mine is 943 476 5919, and I live in CA1.\n"


def test_a_hard_hit_holds_the_transcript_back(site: Reader) -> None:
    # Its text goes nowhere; the rest of the site does.
    two = "participant_id\nP1\nP2\n"
    intake = site({"P1.txt": LEAK, "P2.txt": LEAK.replace("943 476 5919", "gone")}, two)
    assert intake.transcripts["status"].tolist() == ["held", "ready"]
    assert intake.transcripts["text"][0] == ""
    assert set(intake.turns["transcript_id"]) == {"P2"}
    assert set(intake.units["transcript_id"]) == {"P2"}
    (error,) = [p for p in intake.problems if p.severity == "error"]
    assert (error.kind, error.file, error.line) == (
        "disclosure", "data/s/transcripts/P1.txt", 3,
    )  # fmt: skip


def test_the_identifier_is_never_written(site: Reader) -> None:
    # Neither in a table nor in a message.
    intake = site({"P1.txt": LEAK})
    tables = [intake.transcripts, intake.turns, intake.units, intake.disclosure]
    said = "\n".join([*(t.to_csv() for t in tables), *map(str, intake.problems)])
    assert "5919" not in said
    assert "CA1" not in said


def allow(**changes: object) -> list[dict[str, object]]:
    entry = {"file": "data/s/transcripts/P1.txt", "line": 3, "kind": "nhs_number"}
    return [{**entry, "reason": "the data dictionary's example", **changes}]


def test_an_allow_list_entry_needs_a_reason(site: Reader) -> None:
    # A click-through without a thought is no safeguard.
    intake = site({"P1.txt": LEAK}, allow=allow(reason=" "))
    assert [p.kind for p in intake.problems if p.severity == "error"] == [
        "disclosure", "allow_without_reason",
    ]  # fmt: skip
    assert intake.transcripts["status"].tolist() == ["held"]


@pytest.mark.parametrize("line", [3, None])
def test_an_allowed_hit_passes_with_its_reason(site: Reader, line: int | None) -> None:
    # The reason stands in the table, for the auditor.
    intake = site({"P1.txt": LEAK}, allow=allow(line=line))
    assert intake.transcripts["status"].tolist() == ["ready"]
    row = intake.disclosure[intake.disclosure["kind"] == "nhs_number"].iloc[0]
    assert (bool(row["allowed"]), row["reason"]) == (True, "the data dictionary's example")
    assert [(p.severity, p.kind) for p in intake.problems] == [("warning", "disclosure")]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"line": 4}, "allow_unused"), ({"kind": "nhs"}, "allow_kind"), ({"line": "3"}, "allow_line")],
)
def test_an_entry_that_covers_nothing_is_reported(
    site: Reader, changes: dict[str, object], kind: str
) -> None:
    # The transcript was edited and the line moved: the entry must not linger.
    intake = site({"P1.txt": LEAK}, allow=allow(**changes))
    assert kind in {p.kind for p in intake.problems}
    assert intake.transcripts["status"].tolist() == ["held"]


def test_lines_of_captions_are_the_files(site: Reader) -> None:
    # The canonical text has other lines than the file that the team opens.
    vtt = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v Interviewer>So?\n\n2\n00:02.000 --> 00:03.000\n"
    intake = site({"P1.vtt": vtt + "<v P1>It's 943 476 5919.\n"})
    assert [p.line for p in intake.problems if p.severity == "error"] == [8]


def test_a_file_named_after_a_person_is_not_named(site: Reader) -> None:
    # The name would stand in every table and every message.
    intake = site({"P1.txt": LEAK, "Jane_Wetherby.txt": LEAK}, forbidden_names=["Wetherby"])
    assert "Wetherby" not in "\n".join(map(str, intake.problems))
    assert "disclosure" in {p.kind for p in intake.problems}


def test_real_transcripts_raise_no_false_alarm(shared: Path, root: Path) -> None:
    # 24 fictional interviews and 57 acted consultations: one spoken e-mail address, rightly.
    files = sorted(root.glob("data/*/transcripts/*.*"))
    assert [hit for file in files for hit in scan(read_text(file)[0])] == []
    acted = sorted((shared / "realdata/primock57/transcripts_txt").glob("*.txt"))
    if not acted:
        pytest.skip("the consultations are not there")
    hard = [
        (file.stem, hit.kind)
        for file in acted
        for hit in scan(read_text(file)[0])
        if hit.severity == "hard"
    ]
    assert hard == [("D3C09", "email")]

"""CSV, TSV and XLSX with one row a coding: what is read, and what is said of what can't be."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from themetrail.coding import Coding, CodingSettings


def workbook(rows: list[list[Any]]) -> bytes:
    """An XLSX file of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def places(coding: Coding) -> list[tuple[Any, ...]]:
    """Coder, transcript, start, end, code, anchor of each span."""
    names = ["coder", "transcript_id", "start", "end", "code", "anchor"]
    return list(coding.spans[names].itertuples(index=False, name=None))


def test_quotations_are_found_verbatim(make_site: Callable[..., Any]) -> None:
    """A quotation that stands once in the text needs no offsets."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code,memo\nA01,Nobody asked us.,workload,why?\n")
    coding = site.read()
    (row,) = coding.spans.to_dict("records")
    text = site.texts["A01"]
    assert text[row["start"] : row["end"]] == "Nobody asked us."
    assert (row["coder"], row["anchor"], row["moved_by"], row["memo"]) == (
        "ann",
        "exact",
        0,
        "why?",
    )
    assert (row["source"], row["row"]) == ("data/alder/codings/ann.csv", 2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ann.csv", "transcript_id,quote,code\nA01,Nobody asked us.,workload\n"),
        ("ann.csv", "\ufefftranscript_id;quote;code\r\nA01;Nobody asked us.;workload\r\n"),
        ("ann.csv", "sep=;\nTranscript ID;Quote;Code\nA01;Nobody asked us.;Workload\n"),
        ("ann.tsv", "transcript_id\tquote\tcode\nA01\tNobody asked us.\tworkload\n"),
        ("ann.csv", "transcript_id,start,end,code\nA01,65,81,workload\n"),
        ("ann.csv", "document,tag,content\nA01.txt,workload,Nobody asked us.\n"),
        ("ann.csv", "transcript_id,quote,code\nA01,Nobody asked us.,workload\n".encode("utf-16")),
        (
            "ann.xlsx",
            workbook([["transcript_id", "quote", "code"], ["A01", "Nobody asked us.", "workload"]]),
        ),
        (
            "ann.xlsx",
            workbook([["transcript_id", "start", "end", "code"], ["A01", 65.0, 81, "workload"]]),
        ),
    ],
    ids=[
        "csv",
        "semicolons, BOM, CRLF",
        "sep line",
        "tsv",
        "offsets",
        "taguette's columns",
        "utf-16",
        "xlsx",
        "xlsx offsets",
    ],
)
def test_every_way_to_write_the_table(
    make_site: Callable[..., Any], name: str, content: str | bytes
) -> None:
    """The same coding, whatever program saved the table."""
    site = make_site()
    site.put(name, content)
    coding = site.read()
    assert places(coding) == [("ann", "A01", 65, 81, "workload", "exact")]
    assert [p for p in coding.problems if p.severity == "error"] == []


def test_typing_differs_but_the_words_do_not(make_site: Callable[..., Any]) -> None:
    """Straight quotation marks, a plain hyphen and odd spaces find the text's own characters."""
    site = make_site()
    site.put(
        "ann.csv",
        'transcript_id,quote,code\nA01,"I don\'t  ""do"" log-ins.",workload\n'
        "A01,It's fine now - mostly.,workload\n",
    )
    coding = site.read()
    said = [site.texts["A01"][s:e] for _, _, s, e, _, _ in places(coding)]
    assert said == ["I don't “do” log-ins.", "It's fine now – mostly."]
    assert set(coding.spans["anchor"]) == {"moved"}


def test_quotation_may_run_on_into_the_next_turn(make_site: Callable[..., Any]) -> None:
    """With the label between or without it, the span covers both turns."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code\nA01,Nobody asked us. Nobody?,workload\n")
    site.put(
        "bob.csv",
        'transcript_id,quote,code\nA01,"Nobody asked us.\n\nInterviewer: Nobody?",workload\n',
    )
    coding = site.read()
    assert len(set(zip(coding.spans["start"], coding.spans["end"], strict=True))) == 1
    assert list(coding.spans["anchor"]) == ["moved", "exact"]


def test_repeated_words_need_a_sign(make_site: Callable[..., Any]) -> None:
    """Words that stand twice are refused with their turns, and told apart by each of the signs."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code\nA01,Yes.,workload\n")
    (problem,) = [p for p in site.read().problems if p.severity == "error"]
    assert problem.kind == "quote_ambiguous"
    assert (problem.severity, problem.line) == ("error", 2)
    assert "2 times" in problem.message
    assert "turns 4, 6" in problem.message
    site.put(
        "ann.csv",
        "transcript_id,quote,code,turn,prefix,suffix\n"
        "A01,Yes.,workload,6,,\n"
        "A01,Yes.,double_entry,,And now? P1:,\n"
        "A01,Yes.,early_involvement,,, It was one\n",
    )
    coding = site.read()
    first, last = (
        i for i in range(len(site.texts["A01"])) if site.texts["A01"].startswith("Yes.", i)
    )
    assert [(s, c) for _, _, s, _, c, _ in places(coding)] == [
        (first, "early_involvement"),
        (last, "double_entry"),
        (last, "workload"),
    ]


def test_label_is_not_speech(make_site: Callable[..., Any]) -> None:
    """A word that only a speaker's label has is not found."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code\nA01,Interviewer,workload\n")
    assert "quote_not_found" in [p.kind for p in site.read().problems]


@pytest.mark.parametrize(
    ("row", "kind", "says"),
    [
        ("A01,0,9999,workload,", "bad_offsets", "past the end, which is "),
        ("A01,20,10,workload,", "bad_offsets", "ends before it begins"),
        ("A01,20,20,workload,", "bad_offsets", "is empty"),
        ("A01,-5,20,workload,", "bad_offsets", "begins before the text"),
        ("A01,ten,20,workload,", "not_a_number", "'ten'"),
        ("A01,,20,workload,", "empty_cell", "no whole span"),
        ("A01,,,workload,Nobody had asked us", "quote_not_found", "turn 2 ("),
        ("A01,,,worklod,Nobody asked us.", "unknown_code", "'worklod'"),
        ("A1,,,workload,Nobody asked us.", "unknown_transcript", "'A1'"),
        (",,,workload,Nobody asked us.", "empty_cell", "transcript_id"),
        ("A01,,,,Nobody asked us.", "empty_cell", "no code"),
        ("A01,,,workload,Nobody asked us.,and,so", "malformed_row", "7 fields"),
    ],
)
def test_bad_rows_are_named(make_site: Callable[..., Any], row: str, kind: str, says: str) -> None:
    """Each bad row is an error with its line, and costs no other row."""
    site = make_site()
    head = "transcript_id,start,end,code,quote"
    site.put(
        "ann.csv", f"{head}\nA02,,,workload,Nobody asked us.\n{row}\nA02,65,81,double_entry,\n"
    )
    coding = site.read()
    assert len(coding.spans) == 2
    (problem,) = [p for p in coding.problems if p.severity == "error"]
    assert (problem.kind, problem.line, problem.file) == (kind, 3, "data/alder/codings/ann.csv")
    assert says in problem.message


def test_nearest_names_are_suggested(make_site: Callable[..., Any]) -> None:
    """A slip of the pen is answered with what was probably meant."""
    site = make_site()
    site.put(
        "ann.csv", "transcript_id,quote,code\nA01,Nobody asked us.,worklaod\nAO1,Yes.,workload\n"
    )
    remedies = {p.kind: p.remedy for p in site.read().problems}
    assert "Did you mean 'workload'?" in remedies["unknown_code"]
    assert "Did you mean 'A01'?" in remedies["unknown_transcript"]


def test_unknown_codes_are_proposals(make_site: Callable[..., Any]) -> None:
    """A coder's own code is listed once with all its lines, and never added."""
    site = make_site()
    rows = "".join(
        f"A01,{quote},pride\n" for quote in ("Nobody asked us.", "It was one", "in March")
    )
    site.put("ann.csv", "transcript_id,quote,code\n" + rows)
    coding = site.read()
    (problem,) = [p for p in coding.problems if p.severity == "error"]
    assert problem.kind == "unknown_code"
    assert "3 codings (lines 2-4)" in problem.message
    assert "proposal" in problem.remedy
    assert coding.spans.empty


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        ("transcript_id,qoute,code\nA01,x,workload\n", "missing_column", "'quote'"),
        ("transcript_id,quote\nA01,x\n", "missing_column", "'code'"),
        ("\n\n", "wrong_kind", "an empty file"),
        ("", "wrong_kind", "an empty file"),
        (
            'transcript_id,quote,code\nA01,"Nobody,workload\nA01,x,y\n',
            "malformed_table",
            "nothing below",
        ),
        ("<html><body><table><tr><td>code</td></tr></table>", "wrong_kind", "an HTML page"),
        (b"PK\x03\x04 and then nothing", "wrong_kind", "damaged or cut-off zip"),
        (b"\x00\x01\x02\x03" * 50, "wrong_kind", "not text"),
        (b"%PDF-1.7", "wrong_kind", "a PDF"),
        ("transcript_id,quote,code\nA01,\0,workload\n", "wrong_kind", "not text"),
    ],
)
def test_bad_tables_are_named(
    make_site: Callable[..., Any], content: str | bytes, kind: str, says: str
) -> None:
    """A table that is none gives one error that says what it is."""
    site = make_site()
    site.put("ann.csv", content)
    problem = next(p for p in site.read().problems if p.severity == "error")
    assert (problem.kind, problem.file) == (kind, "data/alder/codings/ann.csv")
    assert says in problem.message


def test_wrong_extension_is_named(make_site: Callable[..., Any]) -> None:
    """A workbook that is a web page, as some programs write it, and a format that is none."""
    site = make_site()
    site.put("ann.xlsx", "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table></table>")
    site.put("bob.docm", "x")
    site.put("cat.csv", workbook([["transcript_id", "quote", "code"]]))
    site.put("dan.txt", "transcript_id\tquote\tcode\n")
    site.put("~$ann.xlsx", "a lock file")
    found = {p.file.rpartition("/")[2]: p for p in site.read().problems if p.severity == "error"}
    assert "named .xlsx but is an HTML page" in found["ann.xlsx"].message
    assert "save it as .xlsx" in found["ann.xlsx"].remedy
    assert found["bob.docm"].kind == "unknown_format"
    assert "is an Excel workbook" in found["cat.csv"].message
    assert "tabs between its columns .tsv" in found["dan.txt"].remedy
    assert len(found) == 4


def test_words_beat_wrong_offsets(make_site: Callable[..., Any]) -> None:
    """Offsets of an older text are mended by the words beside them, and that is said."""
    site = make_site()
    site.put("ann.csv", "transcript_id,start,end,quote,code\nA01,60,76,Nobody asked us.,workload\n")
    coding = site.read()
    assert places(coding) == [("ann", "A01", 65, 81, "workload", "moved")]
    assert list(coding.spans["moved_by"]) == [5]
    assert "offsets_disagree" in [p.kind for p in coding.problems]


def test_the_same_coding_twice_is_one(make_site: Callable[..., Any]) -> None:
    """A repeated row is kept once, with both memos, and noted; another coder's is another."""
    site = make_site()
    head = "transcript_id,quote,code,memo\n"
    site.put(
        "ann.csv", head + "A01,Nobody asked us.,workload,one\nA01,Nobody asked us.,Workload,two\n"
    )
    site.put("bob.csv", head + "A01,Nobody asked us.,workload,\n")
    coding = site.read()
    assert list(coding.spans["coder"]) == ["ann", "bob"]
    assert coding.spans["memo"][0] == "one\ntwo"
    assert [p.kind for p in coding.problems if p.severity == "note"].count("duplicate_coding") == 1


def test_dropped_transcripts_leave_no_trace(make_site: Callable[..., Any]) -> None:
    """A withdrawn interview's codings vanish without a word of it."""
    site = make_site()
    site.put(
        "ann.csv",
        "transcript_id,quote,code\nA09,Nobody asked us.,pride\nA01,Nobody asked us.,workload\n",
    )
    coding = site.read(CodingSettings(dropped_ids=frozenset({"A09"})))
    assert len(coding.spans) == 1
    assert not any("A09" in str(p) or "pride" in str(p) for p in coding.problems)
    assert [p for p in coding.problems if p.kind not in ("waiting_for_coding",)] == []


def test_transcript_that_intake_left_out_is_not_named(make_site: Callable[..., Any]) -> None:
    """A file that intake passed over is no typing error, and its name stays unsaid."""
    site = make_site()
    (site.folder / "transcripts").mkdir(parents=True)
    (site.folder / "transcripts" / "A09.txt").write_text("P9: gone")
    site.put("ann.csv", "transcript_id,quote,code\nA09,gone,workload\n")
    rows = site.read().problems
    assert [p.kind for p in rows if p.kind != "waiting_for_coding"] == ["left_out"]
    assert not any("A09" in str(p) for p in rows)


def test_held_transcripts_are_not_quoted(make_site: Callable[..., Any]) -> None:
    """While the gate holds a text back, nothing of it is in any message."""
    site = make_site(held=["A01"])
    site.put("ann.csv", "transcript_id,quote,code\nA01,Nobody asked us.,workload\n")
    coding = site.read()
    assert coding.spans.empty
    assert coding.coverage.empty
    assert "held_transcript" in [p.kind for p in coding.problems]
    assert not any("Nobody" in str(p) for p in coding.problems)


def test_long_quotations_are_cut_in_messages(make_site: Callable[..., Any]) -> None:
    """A message shows at most the first sixty characters of a coder's quotation."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code\nA01," + "word " * 60 + "end,workload\n")
    (problem,) = [p for p in site.read().problems if p.severity == "error"]
    assert len(problem.message) < 200


def test_many_quotations_of_another_text_stay_quick(make_site: Callable[..., Any]) -> None:
    """A file of ten thousand quotations that are not there costs seconds, and none is lost."""
    site = make_site({"A01": "P1: " + "so it went on and on. " * 800})
    rows = "".join(f"A01,not there at all {i},workload\n" for i in range(10_000))
    site.put("ann.csv", "transcript_id,quote,code\n" + rows)
    errors = [p for p in site.read().problems if p.severity == "error"]
    assert len(errors) == 10_000


def test_several_coders_in_one_table(make_site: Callable[..., Any]) -> None:
    """A column 'coder' with several names says who coded; with one, the file's name does."""
    site = make_site()
    site.put(
        "both.csv",
        "coder,transcript_id,quote,code\n"
        "ann,A01,Nobody asked us.,workload\nbob,A01,in March,workload\n",
    )
    site.put("cat.csv", "coder,transcript_id,quote,code\nuser1,A01,in March,double_entry\n")
    coding = site.read(CodingSettings(coders={"bob": "robert"}))
    assert sorted(coding.spans["coder"]) == ["ann", "cat", "robert"]
    assert "coder_by_file_name" in [p.kind for p in coding.problems]


def test_dots_at_the_ends_are_no_words(make_site: Callable[..., Any]) -> None:
    """A quotation that shows with dots that the speaker went on is found without them."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code\nA01,... one more log-in […],workload\n")
    (span,) = site.read().spans.itertuples()
    assert site.texts["A01"][span.start : span.end] == "one more log-in"
    assert span.anchor == "moved"


@pytest.mark.parametrize("around", ['"{}"', "“{}”", "‘{}’", "« {} »", "- {}", "• “… {} …”"])
def test_what_a_coder_puts_around_a_quotation_is_no_word(
    make_site: Callable[..., Any], around: str
) -> None:
    """Quotation marks and dashes come with the words from reports and lists."""
    site = make_site()
    quote = around.format("one more log-in").replace('"', '""')
    site.put("ann.csv", f'transcript_id,quote,code\nA01,"{quote}",workload\n')
    (span,) = site.read().spans.itertuples()
    assert site.texts["A01"][span.start : span.end] == "one more log-in"


@pytest.mark.parametrize("gap", ["…", "...", "[…]", "(...)"])
def test_a_quotation_with_a_gap_is_named_for_what_it_is(
    make_site: Callable[..., Any], gap: str
) -> None:
    """Whether the words between are meant, only the coder knows: nothing is placed by guess."""
    site = make_site()
    quote = f"It was one {gap} don't “do” log-ins."
    site.put("ann.csv", f"transcript_id,quote,code\nA01,{quote},workload\n")
    coding = site.read()
    assert len(coding.spans) == 0
    (problem,) = (p for p in coding.problems if p.severity == "error")
    assert "leaves out words that stand in A01" in problem.message
    assert problem.remedy == "Quote the passage whole, or give each part a row of its own."


@pytest.mark.parametrize(
    "quote", [" " * 200_000 + "x", "a..." * 50_000, "[" * 200_000, "“" * 99_999]
)
def test_absurd_quotations_take_no_time(make_site: Callable[..., Any], quote: str) -> None:
    """What is said of a quotation that is not found must not cost more than finding it."""
    site = make_site()
    site.put("ann.csv", f"transcript_id,quote,code\nA01,{quote},workload\n")
    began = time.process_time()
    assert len(site.read().spans) == 0
    assert time.process_time() - began < 20


def test_the_word_that_differs_is_named(make_site: Callable[..., Any]) -> None:
    """Who corrected a transcript sees at once which of the coders' words to mend."""
    site = make_site()
    site.put("ann.csv", "transcript_id,quote,code\nA01,We got the unicorns in March.,workload\n")
    (problem,) = (p for p in site.read().problems if p.severity == "error")
    assert "where “unicorns” is “tablets”" in problem.message


def test_two_files_of_a_coder_are_noticed(make_site: Callable[..., Any]) -> None:
    """An older file left beside the new one would count too: that is worth a warning."""
    site = make_site()
    for name in ("ann.csv", "ann.tsv"):
        site.put(name, "transcript_id\tquote\tcode\nA01\tNobody asked us.\tworkload\n")
    coding = site.read()
    assert len(coding.spans) == 1
    assert [p.kind for p in coding.problems if p.severity == "warning"] == ["several_files"] * 2


def test_one_file_may_serve_several_sites(make_site: Callable[..., Any]) -> None:
    """Codings of another site's transcripts are that site's, and no unknown ones."""
    site = make_site()
    other = site.root / "data" / "birch" / "transcripts"
    other.mkdir(parents=True)
    (other / "B01.txt").write_text("P1: Yes.")
    rows = "A01,Nobody asked us.,workload\nB01,Yes.,workload\n"
    site.put("ann.csv", "transcript_id,quote,code\n" + rows)
    coding = site.read()
    assert len(coding.spans) == 1
    assert [p.kind for p in coding.problems if p.kind != "waiting_for_coding"] == ["other_site"]
    assert not any("B01" in str(p) for p in coding.problems)

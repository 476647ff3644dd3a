"""The codebook's life applied to older codings, and who judged what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from themetrail.coding import Coding, CodingSettings
from themetrail.coding.assignments import Drawn, record_assignments
from themetrail.config import Change, Codebook
from themetrail.errors import InputError

HEAD = "transcript_id,quote,code,coded_at\n"


def rows(coding: Coding) -> list[tuple[str, str]]:
    """Code, and the code as the coder had it, of each span."""
    return list(zip(coding.spans["code"], coding.spans["code_as_coded"], strict=True))


def other_kinds(coding: Coding) -> list[str]:
    """Kinds of the problems but for transcripts that wait."""
    return [p.kind for p in coding.problems if p.kind != "waiting_for_coding"]


@pytest.mark.parametrize(
    ("changes", "retired", "coded", "now", "problems"),
    [
        ([], {}, "workload", "workload", []),
        ([], {}, "Double entry", "double_entry", []),
        ([], {}, "DOUBLE-ENTRY", "double_entry", []),
        ([], {}, "f/workload", "workload", []),
        ([Change("rename", ("load",), ("workload",), "2026-03-01")], {}, "load", "workload", []),
        (
            [
                Change("rename", ("load",), ("burden",), "2026-01-01"),
                Change("merge", ("burden", "stress"), ("workload",), "2026-02-01"),
            ],
            {},
            "load",
            "workload",
            [],
        ),
        ([], {"old": "workload"}, "old", "workload", []),
        ([], {"old": ""}, "old", "old", ["retired_code"]),
        (
            [Change("split", ("big",), ("workload", "double_entry"), "2026-01-01")],
            {},
            "big",
            None,
            ["split_code"],
        ),
        (
            [Change("split", ("workload",), ("workload", "double_entry"), "2026-01-01")],
            {},
            "workload",
            "workload",
            ["split_code"],
        ),
        (
            [Change("rename", ("a",), ("b",), ""), Change("rename", ("b",), ("a",), "")],
            {},
            "a",
            None,
            ["unknown_code"],
        ),
    ],
    ids=["id", "label", "spelling", "path", "rename", "chain", "replaced", "retired", "split",
         "split in use", "circle"],
)  # fmt: skip
def test_codes_become_what_they_are_now(
    make_site: Callable[..., Any],
    make_book: Callable[..., Codebook],
    changes: list[Change],
    retired: dict[str, str],
    coded: str,
    now: str | None,
    problems: list[str],
) -> None:
    """Renames and merges are silent and keep the coder's word; what needs a person is said."""
    site = make_site(book=make_book(*changes, retired=retired))
    site.put("ann.csv", f"{HEAD}A01,Nobody asked us.,{coded},\n")
    coding = site.read()
    assert rows(coding) == ([(now, coded)] if now else [])
    assert other_kinds(coding) == problems


def test_codings_after_a_split_are_taken_as_they_are(
    make_site: Callable[..., Any], make_book: Callable[..., Codebook]
) -> None:
    """A date tells a coding with the old, wide code from one with the new, narrow one."""
    change = Change("split", ("workload",), ("workload", "double_entry"), "2026-03-01")
    site = make_site(book=make_book(change))
    site.put(
        "ann.csv",
        f"{HEAD}A01,Nobody asked us.,workload,2026-02-01\nA01,in March,workload,2026-04-01\n",
    )
    coding = site.read()
    assert len(coding.spans) == 1
    (problem,) = [p for p in coding.problems if p.severity == "warning"]
    assert problem.line == 2
    assert "workload or double_entry" in problem.message


def test_merged_codings_of_one_passage_are_one(
    make_site: Callable[..., Any], make_book: Callable[..., Codebook]
) -> None:
    """Two codes that became one make one coding, and a note."""
    site = make_site(book=make_book(Change("merge", ("a", "b"), ("workload",), "")))
    site.put("ann.csv", f"{HEAD}A01,Nobody asked us.,a,\nA01,Nobody asked us.,b,\n")
    coding = site.read()
    assert len(coding.spans) == 1
    assert other_kinds(coding) == ["duplicate_coding"]


def covered(coding: Coding) -> list[tuple[str, str, int, str]]:
    """Rows of the coverage table."""
    return list(coding.coverage.itertuples(index=False, name=None))


def test_without_assignments_the_coded_counts(make_site: Callable[..., Any]) -> None:
    """A coder judged the transcripts that have a coding of theirs; others are missing."""
    site = make_site()
    site.put("ann.csv", f"{HEAD}A01,Nobody asked us.,workload,\n")
    site.put("bob.csv", HEAD)
    coding = site.read()
    assert covered(coding) == [("ann", "A01", 1, "codings")]
    empty, waiting = coding.problems
    assert (empty.severity, empty.kind) == ("note", "nothing_coded")
    assert (waiting.severity, waiting.kind) == ("note", "waiting_for_coding")
    assert "A02" in waiting.message


def test_assignments_say_who_judged(make_site: Callable[..., Any]) -> None:
    """Assigned and sent is judged, even with nothing found; assigned and not sent is waiting."""
    site = make_site()
    site.put("ann.csv", f"{HEAD}A01,Nobody asked us.,workload,\n")
    site.put("cat.csv", f"{HEAD}A02,Nobody asked us.,workload,\n")
    (site.folder / "assignments.csv").write_text(
        "coder,transcript_id\nann,A01\nann,A02\nbob,A01\nann,A7\n"
    )
    coding = site.read()
    assert covered(coding) == [
        ("ann", "A01", 1, "assignment"),
        ("ann", "A02", 0, "assignment"),
        ("cat", "A02", 1, "codings"),
    ]
    assert sorted((p.severity, p.kind, p.line) for p in coding.problems if p.line) == [
        ("error", "unknown_transcript", 5),
        ("note", "waiting_for_coder", 4),
        ("warning", "no_codings", 3),
    ]
    assert "coder_not_assigned" in [p.kind for p in coding.problems]


def test_unreadable_file_is_not_an_empty_judgement(make_site: Callable[..., Any]) -> None:
    """A damaged file never counts as a coder who found nothing."""
    site = make_site()
    site.put("ann.qdpx", b"PK\x03\x04 broken")
    (site.folder / "assignments.csv").write_text("coder,transcript_id\nann,A01\n")
    coding = site.read()
    assert covered(coding) == []
    assert "wrong_kind" in [p.kind for p in coding.problems]


def test_assignments_of_the_withdrawn_leave_no_trace(make_site: Callable[..., Any]) -> None:
    """A withdrawn interview is not reported as an unknown one."""
    site = make_site()
    site.put("ann.csv", f"{HEAD}A01,Nobody asked us.,workload,\nA02,Nobody asked us.,workload,\n")
    (site.folder / "assignments.csv").write_text("coder,transcript_id\nann,A01\nann,A02\nann,A09\n")
    coding = site.read(CodingSettings(dropped_ids=frozenset({"A09"})))
    assert coding.problems == []


def test_a_site_without_codings_waits(make_site: Callable[..., Any]) -> None:
    """No codings folder: empty tables, and each transcript waits."""
    coding = make_site().read()
    assert coding.spans.empty
    assert coding.coverage.empty
    assert other_kinds(coding) == []
    assert len(coding.problems) == 2


def test_names_of_codings_depend_on_nothing_else(make_site: Callable[..., Any]) -> None:
    """A coding keeps its name in another format, another row, another file."""
    site = make_site()
    site.put("ann.csv", f"{HEAD}A01,Nobody asked us.,workload,\n")
    first = list(site.read().spans["span_id"])
    site.put("ann.csv", "transcript_id,start,end,code\nA01,0,11,double_entry\nA01,65,81,Workload\n")
    assert first[0] in list(site.read().spans["span_id"])


def test_other_coders_names_come_from_settings(make_site: Callable[..., Any]) -> None:
    """A file named by a machine is its coder's by configuration."""
    site = make_site()
    site.put("export (3).csv", f"{HEAD}A01,Nobody asked us.,workload,\n")
    coding = site.read(CodingSettings(coders={"export (3)": "ann"}))
    assert list(coding.spans["coder"]) == ["ann"]


def test_recorded_assignments_leave_other_rows_alone(tmp_path: Path) -> None:
    """A hand-written list keeps its rows and columns; a coder's earlier draw gives way to a new."""
    path = tmp_path / "assignments.csv"
    path.write_text("Coder,note,transcript_id\nann,holiday,A01\n", encoding="utf-8-sig")
    record_assignments(path, "bob", ["A02", "A01"], Drawn("alder", 5, 7))
    record_assignments(path, "ann", ["A01", "A02"], Drawn("alder", 2))
    record_assignments(path, "bob", ["A03"], Drawn("alder", 5, 8))
    assert path.read_text().splitlines() == [
        "coder,note,transcript_id,stratum,drawn,seed",
        "ann,holiday,A01,,,",
        "ann,,A02,alder,2 of 2,",
        "bob,,A03,alder,1 of 5,8",
    ]


def test_assignments_that_cannot_be_read_are_not_overwritten(tmp_path: Path) -> None:
    """A list without the columns stays as it is."""
    path = tmp_path / "assignments.csv"
    path.write_text("who,what\nann,A01\n")
    with pytest.raises(InputError, match="coder and transcript_id"):
        record_assignments(path, "bob", ["A01"], Drawn("alder", 1))
    assert path.read_text() == "who,what\nann,A01\n"


def test_a_coder_whom_the_list_does_not_know_is_named_once(make_site: Callable[..., Any]) -> None:
    """A list begun by a pack does not make a problem of every transcript coded before it."""
    site = make_site()
    site.put("ann.csv", "transcript_id,code,quote\nA01,workload,Nobody?\nA02,workload,Nobody?\n")
    record_assignments(site.folder / "assignments.csv", "bob", ["A01"], Drawn("alder", 2, 0))
    coding = site.read()
    kinds = [p.kind for p in coding.problems]
    assert kinds.count("coder_not_assigned") == 1
    assert "not_assigned" not in kinds
    assert list(coding.coverage["basis"]) == ["codings", "codings"]

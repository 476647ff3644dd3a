"""A study is released, a site joins, and the difference is known beforehand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from release_study import run
from support import replace, themetrail
from themetrail.audit.decisions import breaks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(grown: Path) -> dict[str, Any]:
    """Give what the command says as JSON."""
    done = themetrail("compare", "first", "--json", "--study", str(grown))
    assert done.status == 0, done.output
    return dict(json.loads(done.output))


def by(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    """Rows by a column."""
    return {row[key]: row for row in rows}


def test_the_new_site_and_its_transcripts_are_counted(found: dict[str, Any]) -> None:
    # What joined is said site by site; who waits is no silence.
    sites = by(found["sites"], "site")
    assert (sites["east"]["status"], sites["east"]["new"], sites["east"]["coded"]) == (
        "new",
        3,
        [0, 2],
    )
    assert (sites["north"]["status"], sites["north"]["new"], sites["north"]["gone"]) == (
        "same",
        0,
        0,
    )
    totals = by(found["totals"], "name")
    assert [totals["n.participants"][side] for side in ("before", "after")] == ["5", "8"]
    assert totals["n.transcripts.waiting"]["after"] == "1"


def test_reach_is_given_before_and_after(found: dict[str, Any]) -> None:
    # Two more people are coded; neither speaks of being asked, both of time or money.
    themes = by(found["themes"], "theme")
    first, second = themes["T1"], themes["T2"]
    assert (first["people"]["before"], first["people"]["after"]) == ("3 of 5", "3 of 7")
    assert (second["people"]["before"], second["people"]["after"]) == ("4 of 5", "6 of 7")
    assert first["at_new"] == [["East", "0 of 2"]]
    assert second["at_new"] == [["East", "2 of 2"]]


def test_a_claim_that_the_new_site_contradicts_is_flagged(found: dict[str, Any]) -> None:
    # The condition was met at two sites and is not at three.
    claims = by([{**row, "id": row["now"]["claim"]["id"]} for row in found["claims"]], "id")
    everywhere = claims["everywhere"]
    assert (everywhere["before"], everywhere["now"]["state"]) == ("holds", "contradicted")
    assert everywhere["why"] == ["“Ask first”: 2 of 3 sites"]
    assert claims["asked"]["now"]["state"] == "contradicted"
    assert claims["T1"]["now"]["state"] == "holds"
    assert claims["T1"]["beyond"]
    assert claims["T1"]["moved"] == pytest.approx(3 / 7 - 3 / 5)
    assert not claims["T2"]["beyond"]


def test_numbers_are_given_with_their_sentences(found: dict[str, Any]) -> None:
    # A sentence whose numbers stayed is not among them.
    pairs = [
        (one["before"]["marked"], one["after"]["marked"])
        for one in found["sentences"]
        if one["before"] and one["after"]
    ]
    assert (
        "We spoke to [5]{n.participants} people at [two]{n.sites} sites.",
        "We spoke to [8]{n.participants} people at [three]{n.sites} sites.",
    ) in pairs
    assert not any("threshold" in after for _, after in pairs)


def test_the_summary_is_a_paragraph_in_words(found: dict[str, Any]) -> None:
    # It opens page and terminal alike.
    said = " ".join(found["summary"])
    assert said.startswith(
        "Since release first (3 May 2026), one site joined (East) and three transcripts came in. "
        "The study now has 8 people and 8 transcripts at three sites; one transcript waits to be "
        "coded."
    )
    assert "The reach of one theme moved by more than 10 percentage points: “Ask first”" in said
    assert "Two claims are contradicted by the evidence, and nobody has acknowledged it" in said


def test_the_page_says_what_the_terminal_says(grown: Path) -> None:
    # One comparison, two faces.
    page = (grown / "reports/changes.html").read_text(encoding="utf-8")
    assert "Since release first (3 May 2026), one site joined (East)" in page
    assert "Fictional data." in page
    assert '<del>5</del> <ins><a href="explorer/index.html#fact=n.participants">8</a></ins>' in page
    assert page.count("themetrail acknowledge") == 2
    done = themetrail("compare", "--study", str(grown))
    assert "Claims to look at" in done.output
    assert "n.participants 5 → 8" in done.output


def test_before_the_first_release_one_sentence_says_how_to_make_one(released: Path) -> None:
    # The run that was released had nothing to compare with.
    page = (released / "reports/changes.html").read_text(encoding="utf-8")
    assert "No release of this study has been made yet" in page
    assert "<code>themetrail release NAME</code>" in page
    assert "<table" not in page


@pytest.fixture(scope="module")
def acknowledged(grown: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the grown study, its two contradictions acknowledged."""
    study = Path(shutil.copytree(grown, tmp_path_factory.mktemp("acknowledged") / "mini"))
    who = ("--by", "cara", "--reason", "East had no say, as the text tells", "--on", "2026-06-01")
    for claim in ("everywhere", "asked"):
        done = themetrail("acknowledge", claim, *who, "--study", str(study))
        assert done.status == 0, done.output
    return study


def test_a_contradiction_stands_until_it_is_acknowledged(
    grown: Path, acknowledged: Path, tmp_path: Path
) -> None:
    # A submission fails; a reason in the decision log lets it pass; the log is linked and whole.
    study = Path(shutil.copytree(acknowledged, tmp_path / "mini"))
    before = themetrail("check", "--submission", "--study", str(grown))
    assert before.status == 1
    assert (
        "reports/manuscript/paper.md:8: the evidence contradicts the claim 'everywhere'"
        in before.output
    )
    who = ("--by", "cara", "--reason", "again", "--on", "2026-06-01")
    check = ("check", "--submission", "--study", str(study))
    assert (
        "acknowledged already"
        in themetrail("acknowledge", "asked", *who, "--study", str(study)).output
    )
    assert "contradicts the claim" not in themetrail(*check).output
    run(study, "reports/changes.html", "reports/decisions.jsonl")
    page = (study / "reports/changes.html").read_text(encoding="utf-8")
    assert "acknowledged by cara on 2026-06-01: East had no say, as the text tells" in page
    assert "themetrail acknowledge" not in page
    entries = [
        json.loads(line) for line in (study / "reports/decisions.jsonl").read_text().splitlines()
    ]
    assert [e["about"] for e in entries if e["kind"] == "contradiction"] == ["everywhere", "asked"]
    assert [e["about"] for e in entries if e["kind"] == "release"] == ["first"]
    assert breaks((study / "reports/decisions.jsonl").read_text(encoding="utf-8")) == []


def test_further_evidence_against_a_claim_is_flagged_anew(
    acknowledged: Path, tmp_path: Path
) -> None:
    # An acknowledgement is of one contradiction, not of the claim for ever.
    study = Path(shutil.copytree(acknowledged, tmp_path / "mini"))
    for coder in ("ann", "ben"):
        (study / f"data/east/codings/{coder}.csv").write_text(
            "transcript_id,quote,code\nE1,There was never any money,asked\n", encoding="utf-8"
        )
    run(study, "reports/changes.html")
    done = themetrail("check", "--submission", "--study", str(study))
    assert "contradicts the claim 'everywhere'" in done.output
    assert "theme.T2.sites" in done.output
    assert "another contradiction of this claim was acknowledged" in done.output


@pytest.fixture(scope="module")
def second(grown: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the grown study, released again."""
    study = Path(shutil.copytree(grown, tmp_path_factory.mktemp("second") / "mini"))
    done = themetrail("release", "second", "--on", "2026-07-01", "--study", str(study))
    assert done.status == 0, done.output
    return study


def test_the_same_study_and_release_give_the_same_bytes(
    grown: Path, second: Path, tmp_path: Path
) -> None:
    # Pages are compared by their hash: nothing in them may be of the day, folder or machine.
    # Tables are the same wherever they are made, as the workflow's own tests say; these are taken.
    study = Path(shutil.copytree(grown, tmp_path / "elsewhere"))
    (study / "reports/changes.html").unlink()
    run(study, "reports/changes.html")
    pages = [folder / "reports/changes.html" for folder in (grown, study)]
    assert pages[1].read_bytes() == pages[0].read_bytes()
    done = themetrail("release", "second", "--on", "2026-07-01", "--study", str(study))
    assert done.status == 0, done.output
    first, again = (
        {file.name: file.read_bytes() for file in (folder / "releases/second").iterdir()}
        for folder in (second, study)
    )
    assert again == first


def test_two_releases_are_compared_without_the_present(second: Path, tmp_path: Path) -> None:
    # What was frozen answers for itself.
    study = tmp_path / "mini"
    shutil.copytree(second, study, ignore=shutil.ignore_patterns("results", ".snakemake"))
    done = themetrail("compare", "first", "second", "--study", str(study))
    assert done.status == 0, done.output
    assert "Between release first (3 May 2026) and release second (1 July 2026)" in done.output
    back = themetrail("compare", "second", "first", "--study", str(study))
    assert "one site left (East)" in " ".join(back.output.split())


def test_a_run_that_is_not_of_the_studys_files_is_not_released(grown: Path, tmp_path: Path) -> None:
    # A release of stale results would be believed.
    study = Path(shutil.copytree(grown, tmp_path / "mini"))
    replace(study / "config/themes.yaml", "Ask first", "Ask them first")
    done = themetrail("release", "second", "--study", str(study))
    assert done.status == 1
    assert "out of date: " in done.output
    assert "facts" in done.output
    assert not (study / "releases/second").exists()
    (study / "results/report/paper.json").unlink()
    done = themetrail("release", "second", "--study", str(study))
    assert done.status == 1
    assert "has not been run" in done.output


def test_a_person_who_withdraws_leaves_the_releases(grown: Path, tmp_path: Path) -> None:
    # Their words go, numbers stay and it is said; the seal holds; what is left is named.
    study = Path(shutil.copytree(grown, tmp_path / "mini"))
    words = study / "releases/first/words.csv"
    assert "After that we had to pay for it ourselves" in words.read_text(encoding="utf-8")
    done = themetrail(
        "withdraw", "N2", "--reason", "asked by letter", "--delete", "--study", str(study)
    )
    assert done.status == 0, done.output
    assert "releases/first: 1 quotation of the person taken out" in done.output
    assert "releases keep numbers that counted the person" in done.output
    assert "left in what people wrote: releases" not in done.output
    for file in (study / "releases").rglob("*.*"):
        assert "we had to pay for it ourselves" not in file.read_text(encoding="utf-8")
        assert "N2" not in file.read_text(encoding="utf-8")
    page = (study / "reports/changes.html").read_text(encoding="utf-8")
    assert "The words were taken out of the release: the person withdrew." in page
    checked = themetrail("verify", "--study", str(study))
    assert checked.status == 0, checked.output
    assert "releases/first: 1 quotations were taken out of it" in checked.output


def test_a_withdrawal_by_hand_is_not_forgotten_in_releases(grown: Path, tmp_path: Path) -> None:
    # Whoever writes the row themselves is told that a release still has the words.
    study = Path(shutil.copytree(grown, tmp_path / "mini"))
    (study / "data/withdrawals.csv").write_text("participant_id,on,reason\nN2,2026-06-01,letter\n")
    done = themetrail("check", "--study", str(study))
    assert done.status == 1
    assert (
        "releases/first/words.csv: the release holds words of a person who withdrew" in done.output
    )

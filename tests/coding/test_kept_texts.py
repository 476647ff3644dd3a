"""Codings by offsets or turn numbers alone follow a corrected transcript, or are lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from themetrail.cli import main
from themetrail.coding import Coding, CodingSettings
from themetrail.coding.kept import FOLDER, LIST, keep
from themetrail.coding.kept_gate import blot
from themetrail.coding.passage import Transcript
from themetrail.coding.site import transcripts_of
from themetrail.errors import InputError

BEFORE = (
    "P1: Yes. It began in March, when the building was closed to everyone but staff.\n\n"
    "P1: Yes. Nobody asked us.\n\nP1: We found out by e-mail like the patients did.\n\n"
    "P1: It's fine."
)
AFTER = (
    "P1: Well, yes. It began in March, when the building was closed to everyone but staff.\n\n"
    "P2: Yes. The typist left this out.\n\n"
    "P1: Yes. Nobody asked us.\n\nP1: We found out by e-mail like the patients did."
)
HEAD = "transcript_id,start,end,turn,code\n"


def at(words: str, text: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def row(words: str) -> str:
    """A coding by offsets alone."""
    start, end = at(words, BEFORE)
    return f"A01,{start},{end},,workload\n"


def keep_all(site: Any) -> None:
    texts = transcripts_of(*site.tables())
    keep(site.folder, site.root, [("ann", text) for text in texts.values()])


def said(coding: Coding, text: str) -> list[tuple[str, str]]:
    return [(text[r.start : r.end], r.anchor) for r in coding.spans.itertuples()]


def kinds(coding: Coding) -> list[str]:
    return sorted(p.kind for p in coding.problems)


def corrected(make_site: Callable[..., Any], codings: str) -> Any:
    """A site whose coder coded the text before it was corrected."""
    site = make_site({"A01": BEFORE})
    site.put("ann.csv", HEAD + codings)
    keep_all(site)
    site.texts = {"A01": AFTER}
    return site


def test_offsets_follow_the_words(make_site: Callable[..., Any]) -> None:
    """An untouched passage arrives on its words, not where the old numbers point."""
    coding = corrected(make_site, row("Nobody asked us.")).read()
    assert said(coding, AFTER) == [("Nobody asked us.", "moved")]
    assert kinds(coding) == []


def test_a_turn_is_the_turn_that_it_was(make_site: Callable[..., Any]) -> None:
    """The second turn is the third one since another was put in before it."""
    site = corrected(make_site, "")
    site.put("ann.csv", "transcript_id,turn,workload\nA01,2,1\nA01,1,0\n")
    coding = site.read()
    assert said(coding, AFTER) == [("Yes. Nobody asked us.", "moved")]


def test_what_was_taken_out_is_lost(make_site: Callable[..., Any]) -> None:
    """Words that are not there any more have an error with the words; nothing takes their place."""
    coding = corrected(make_site, row("It's fine.")).read()
    assert said(coding, AFTER) == []
    (lost,) = [p for p in coding.problems if p.kind == "lost"]
    assert "It's fine." in lost.message


def test_without_the_old_text_nothing_is_guessed(make_site: Callable[..., Any]) -> None:
    """Where only the text's hash is known the codings are lost, and the remedy names the file."""
    site = corrected(make_site, row("Nobody asked us."))
    shutil.rmtree(site.folder / FOLDER)
    coding = site.read()
    assert said(coding, AFTER) == []
    (gone,) = [p for p in coding.problems if p.kind == "coded_text_gone"]
    assert f"{FOLDER}/" in gone.remedy


def test_a_kept_text_that_was_changed_counts_for_nothing(make_site: Callable[..., Any]) -> None:
    """Its hash says that it is not the text that was coded."""
    site = corrected(make_site, row("Nobody asked us."))
    (path,) = (site.folder / FOLDER).rglob("*.json")
    path.write_text(path.read_text().replace("March", "Marsh"))
    assert "coded_text_gone" in kinds(site.read())
    path.write_text("[" * 100_000)
    assert "coded_text_gone" in kinds(site.read())


def test_the_present_text_needs_nothing_kept(make_site: Callable[..., Any]) -> None:
    """Equal texts are exact; a coder nobody wrote down has a note that says what to do."""
    site = make_site({"A01": BEFORE})
    site.put("ann.csv", HEAD + row("Nobody asked us."))
    (warned,) = site.read().problems
    assert (warned.kind, warned.severity, warned.line) == ("offsets_alone", "warning", 2)
    assert "themetrail site keep alder" in warned.remedy
    keep_all(site)
    coding = site.read()
    assert said(coding, BEFORE) == [("Nobody asked us.", "exact")]
    assert kinds(coding) == []


def test_a_broken_list_is_named(make_site: Callable[..., Any]) -> None:
    """A wrong column or hash is an error with its line, and is not written over."""
    site = make_site({"A01": BEFORE})
    (site.folder / "codings").mkdir(parents=True)
    (site.folder / LIST).write_text("coder,transcript_id,text_sha256\nann,A01,../../x\n")
    (wrong,) = [p for p in site.read().problems if p.severity == "error"]
    assert (wrong.line, wrong.file) == (2, f"data/alder/{LIST}")
    with pytest.raises(InputError, match="SHA-256"):
        keep_all(site)


@pytest.fixture
def damson(root: Path, tmp_path: Path) -> Path:
    """Give a site of the demonstration study, in a study of its own at ``tmp_path``."""
    shutil.copytree(root / "config", tmp_path / "config")
    return Path(shutil.copytree(root / "data" / "damson", tmp_path / "data" / "damson"))


def test_site_keep_and_packs_keep_texts(
    damson: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both write down who coded which text, each text once; what is known stays as it is."""
    study = ["--study", str(tmp_path)]
    assert main(["site", "keep", "damson", *study]) == 0
    assert "kept: 12 texts" in capsys.readouterr().out
    folder = damson
    assert len(list((folder / FOLDER).rglob("*.json"))) == 6
    before = (folder / LIST).read_text()
    assert main(["site", "keep", "damson", *study]) == 0
    assert "kept: 0 texts" in capsys.readouterr().out
    assert main(["pack", "damson", "--coder", "dora", "--tool", "csv", *study]) == 0
    after = (folder / LIST).read_text()
    assert before.splitlines() == [x for x in after.splitlines() if not x.startswith("dora,")]
    assert after.count("dora,") == 6
    assert main(["site", "keep", "damsons", *study]) == 1
    assert "Did you mean 'damson'" in capsys.readouterr().err


def test_words_that_stand_in_several_places_are_held_by_numbers(
    make_site: Callable[..., Any],
) -> None:
    """A turn's number beside a repeated “Yes.” says where; with the text kept it still does."""
    site = make_site({"A01": "P1: Well.\n\nP1: Yes, no.\n\nP1: Never. Yes, no."})
    site.put("ann.csv", 'transcript_id,turn,quote,code\nA01,2,"Yes, no.",workload\n')
    assert kinds(site.read()) == ["offsets_alone"]
    keep_all(site)
    site.texts = {"A01": "P1: Yes, no.\n\nP1: Well.\n\nP1: Yes, no.\n\nP1: Never. Yes, no."}
    coding = site.read()
    assert coding.spans["start"].tolist() == [site.texts["A01"].index("Yes, no.", 20)]
    shutil.rmtree(site.folder / FOLDER)
    assert kinds(site.read()) == ["coded_text_gone"]


NUMBER = "0161 715 4321"
CALLED = BEFORE.replace("like the patients did", f"or on {NUMBER}")


def test_an_identifier_that_was_taken_out_is_found_in_kept_texts(
    make_site: Callable[..., Any],
) -> None:
    """Kept texts are at the gate too, until it is blotted out; then codings are where they were."""
    site = make_site({"A01": CALLED})
    start, end = at("It's fine.", CALLED)
    site.put("ann.csv", f"{HEAD}A01,{start},{end},,workload\n")
    keep_all(site)
    assert kinds(site.read()) == []  # the transcript's own gate speaks of what it still holds
    site.texts = {"A01": CALLED.replace(NUMBER, "[number]")}
    (wrong,) = site.read().problems
    assert (wrong.kind, wrong.severity) == ("disclosure", "error")
    assert wrong.file.startswith("data/alder/coded_texts/")
    assert NUMBER not in str(wrong)
    assert "--blot" in wrong.remedy
    texts = transcripts_of(*site.tables())
    assert blot(site.folder, site.root, texts, CodingSettings()) == 1
    (path,) = (site.folder / FOLDER).rglob("*.json")
    assert NUMBER not in path.read_text()
    coding = site.read()
    assert said(coding, site.texts["A01"]) == [("It's fine.", "moved")]
    assert kinds(coding) == []


def test_a_forbidden_name_in_kept_texts_is_found(make_site: Callable[..., Any]) -> None:
    """The study's own list counts, and no message repeats what is on it."""
    site = make_site({"A01": BEFORE.replace("Nobody", "Annabel Lee")})
    quote = "Annabel Lee asked us."
    site.put("ann.csv", f"transcript_id,quote,code\nA01,{quote},workload\n")
    keep_all(site)
    site.texts = {"A01": BEFORE.replace("Nobody asked us.", "[name] did.")}
    coding = site.read(CodingSettings(forbidden_names=("Annabel Lee",)))
    assert kinds(coding) == ["disclosure", "lost"]
    assert "Annabel" not in str(coding.problems)


def test_no_message_repeats_an_identifier(make_site: Callable[..., Any]) -> None:
    """A quotation that is not found may be one that was corrected for its telephone number."""
    site = make_site({"A01": BEFORE})
    site.put("ann.csv", f"transcript_id,quote,code\nA01,Ring me on {NUMBER} today,workload\n")
    (missing,) = site.read().problems
    assert missing.kind == "quote_not_found"
    assert "4321" not in missing.message
    assert "Ring me on █" in missing.message


def test_a_coder_who_coded_anew_is_written_down_anew(
    damson: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--coder`` makes one coder's codings count in the texts as they are; others stay."""
    folder, study = damson, ["--study", str(tmp_path)]
    assert main(["site", "keep", "damson", *study]) == 0
    before = (folder / LIST).read_text()
    transcript = next((folder / "transcripts").glob("D01.*"))
    transcript.write_text(transcript.read_text() + "\n")
    assert main(["site", "keep", "damson", "--coder", "coder_a", *study]) == 0
    after = (folder / LIST).read_text()
    changed = sorted(set(after.splitlines()) - set(before.splitlines()))
    assert [row.split(",")[:2] for row in changed] == [["coder_a", "D01"]]
    assert main(["site", "keep", "damson", "--coder", "coder_x", *study]) == 1
    assert "Did you mean" in capsys.readouterr().err


def test_the_command_blots_kept_texts(
    damson: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was taken out of a transcript is said by the check, and one call takes it out here."""
    folder, study = damson, ["--study", str(tmp_path)]
    transcript = next((folder / "transcripts").glob("D01.*"))
    clean = transcript.read_text()
    transcript.write_text(f"{clean.rstrip()} Ring {NUMBER}.\n")
    texts = {"D01": Transcript("D01", transcript.read_text())}
    keep(folder, tmp_path, [("coder_a", texts["D01"])])
    transcript.write_text(clean)
    assert main(["check", *study]) == 1
    assert "site keep damson --blot" in capsys.readouterr().out
    assert main(["site", "keep", "damson", "--blot", *study]) == 0
    assert "blotted out: 1 place in" in capsys.readouterr().out
    main(["check", *study])
    assert "coded_texts" not in capsys.readouterr().out

"""Codings by offsets or turn numbers alone follow a corrected transcript, or are lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from themetrail.cli import main
from themetrail.coding import Coding
from themetrail.coding.kept import FOLDER, LIST, keep
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
    assert kinds(site.read()) == ["offsets_alone"]
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


def test_site_keep_and_packs_keep_texts(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both write down who coded which text, each text once; what is known stays as it is."""
    shutil.copytree(root / "config", tmp_path / "config")
    shutil.copytree(root / "data" / "damson", tmp_path / "data" / "damson")
    study = ["--study", str(tmp_path)]
    assert main(["site", "keep", "damson", *study]) == 0
    assert "kept: 12 texts" in capsys.readouterr().out
    folder = tmp_path / "data" / "damson"
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

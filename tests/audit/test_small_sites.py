"""A study of real people at small sites: nothing that is published counts them."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT, replace, themetrail
from themetrail.audit.exit_texts import words_in
from themetrail.audit.traces import shingles

pytestmark = pytest.mark.slow
#: pseudonyms, which are names of transcripts too; North has three people, South two
IDS = re.compile(r"(?<![A-Za-z0-9])(?:N[123]|S[12])(?![A-Za-z0-9])")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small study as if its people were real, and no group under three is printed."""
    folder = tmp_path_factory.mktemp("real") / "mini"
    shutil.copytree(ROOT / "tests" / "studies" / "mini", folder)
    replace(folder / "config/config.yaml", "demonstration: true", "demonstration: false")
    replace(folder / "config/config.yaml", "min_cell: 1", "min_cell: 3")
    done = themetrail("run", "--study", str(folder), "--cores", "2")
    assert done.status == 0, done.output
    return folder


def published(study: Path) -> Iterator[tuple[str, str]]:
    """Every readable text of everything that a run hands out, with the part that holds it."""
    for file in sorted((study / "reports").rglob("*")):
        if file.is_file():
            yield from words_in(file.read_bytes(), file.relative_to(study).as_posix())


def test_no_pseudonym_stands_where_it_would_count_a_site(study: Path) -> None:
    # South is too small to be named and North would follow from the total: a pseudonym of North
    # stands under its quotations alone, one of South nowhere.
    looked_at = 0
    for part, text in published(study):
        looked_at += 1
        for found in IDS.finditer(text):
            around = text[max(0, found.start() - 60) : found.end() + 60]
            assert re.search(rf"{found[0]},(?: North|\n)", around), part
            assert found[0].startswith("N"), part
    assert looked_at > 100


def test_the_crate_lists_files_of_small_sites_by_digest_alone(study: Path) -> None:
    # A list of transcripts by site is a count of people by site.
    with zipfile.ZipFile(study / "reports/crate.zip") as archive:
        said = archive.read("ro-crate-metadata.json").decode("utf-8")
    assert "#data/" not in said
    assert said.count("A file of a site whose people are not counted") == 12
    alone = themetrail("verify", str(study / "reports/crate.zip"))
    assert alone.status == 0, alone.output
    assert "12 of sites too small to be counted" in alone.output
    whole = themetrail("verify", "--study", str(study))
    assert whole.status == 0, whole.output


def test_an_unnamed_file_that_was_changed_is_found(study: Path, tmp_path: Path) -> None:
    # Without its name a file is as safe as with it: list and crate must agree.
    copy = Path(shutil.copytree(study, tmp_path / "mini"))
    transcript = copy / "data/south/transcripts/S1.txt"
    transcript.write_text(transcript.read_text("utf-8").replace("S1:", "S1: No."), "utf-8")
    done = themetrail("verify", "--study", str(copy))
    assert done.status == 1
    assert "data/south/transcripts/S1.txt: is not as it was" in " ".join(done.output.split())


def test_notebooks_hold_no_words_that_the_paper_does_not_print(study: Path) -> None:
    # They read transcripts; what is public shows only what the paper quotes.
    printed = (study / "reports/paper.html").read_text(encoding="utf-8")
    paper = shingles(re.sub(r"<[^<>]*>", " ", printed))
    texts = [file.read_text("utf-8") for file in (study / "data").glob("*/transcripts/*.txt")]
    turns = [turn.partition(": ")[2] for text in texts for turn in text.split("\n")]
    said = {one for turn in turns for one in shingles(turn) if len(one) == 8} - paper
    assert len(said) > 20
    for page in sorted((study / "reports/notebooks").glob("*.html")):
        text = re.sub(r"<[^<>]*>", " ", page.read_text(encoding="utf-8"))
        assert not shingles(text) & said, page.name
        assert "For the study team." not in text

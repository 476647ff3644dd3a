"""Suggestions reach a coder only where somebody asks, apart from the project that comes back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest
from themetrail.coding.pack import TOOLS, Pack, make_pack
from themetrail.coding.site import transcripts_of
from themetrail.errors import InputError
from themetrail.machine.suggest import FILE, with_suggestions

MEASURED = {"precision": "46%", "recall": "28%"}


@pytest.fixture(scope="module")
def study(plant: Callable[..., Any]) -> Any:
    """Give a study with waiting transcripts, and what is proposed for them."""
    made = plant(each=5, waiting=1)
    turns = made.tables["units"].assign(speaker="P")
    texts = transcripts_of(made.tables["transcripts"], turns)
    return made, made.assist()[0]["machine_proposals"], texts


def packs(study: Any, tool: str) -> tuple[Pack, Pack]:
    """A pack without and with suggestions."""
    made, proposals, texts = study
    only = sorted(set(proposals["transcript_id"]))[:1]
    blind = make_pack("A study", "cleo", tool, texts, made.codebook, only=only)
    return blind, with_suggestions(blind, proposals, texts, only, MEASURED)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_project_itself_is_the_same_bytes(study: Any, tool: str) -> None:
    """What the coder codes in holds nothing of the machine, so nothing of it can come back."""
    blind, told = packs(study, tool)
    assert set(told.files) - set(blind.files) == {FILE}
    for name, data in blind.files.items():
        if name != "READ-ME-FIRST.txt":
            assert told.files[name] == data
        assert b"machine" not in data.lower()


def test_suggestions_are_verbatim_and_the_coder_is_warned(study: Any) -> None:
    """Every quotation stands in its transcript; the page says how often the machine is wrong."""
    _, told = packs(study, "csv")
    page = told.files["READ-ME-FIRST.txt"].decode()
    assert "46%" in page
    assert "often wrong" in page
    lines = told.files[FILE].decode("utf-8-sig").splitlines()
    assert lines[0].startswith("transcript_id,turn,quote,code")
    rows = list(csv.DictReader(lines))
    assert rows
    assert all(row["quote"] in study[2][row["transcript_id"]].text for row in rows)


def test_the_record_says_that_the_coder_was_not_blind(study: Any) -> None:
    """An auditor must see whose coding was made with suggestions at hand."""
    blind, told = packs(study, "csv")
    assert "suggestions" not in blind.record
    assert told.record["suggestions"]["n"] > 0


def test_proposals_of_other_words_are_refused(study: Any) -> None:
    """A transcript corrected since the run would get suggestions at the wrong place."""
    made, proposals, texts = study
    only = sorted(set(proposals["transcript_id"]))[:1]
    blind = make_pack("A study", "cleo", "csv", texts, made.codebook, only=only)
    moved = proposals.assign(end=proposals["end"] + 10_000)
    with pytest.raises(InputError, match="is not as it was"):
        with_suggestions(blind, moved, texts, only, MEASURED)
    with pytest.raises(InputError, match="proposes nothing"):
        with_suggestions(blind, proposals.head(0), texts, only, MEASURED)

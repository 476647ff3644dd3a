"""The demonstration study's coders, in three formats, are all read and all placed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from themetrail import config
from themetrail.coding import Coding, read_site
from themetrail.coding.normal import plain_form
from themetrail.coding.outside import read_coding
from themetrail.intake import IntakeSettings
from themetrail.intake import read_site as read_intake


@pytest.fixture(scope="module")
def read(root: Path) -> dict[str, tuple[pd.DataFrame, Coding]]:
    """Each site's transcripts and coding."""
    study, _ = config.load(root)
    result = {}
    for site in study.active_sites:
        intake = read_intake(root, site.site, IntakeSettings())
        coding = read_site(root, site.site, intake.transcripts, intake.turns, study.codebook)
        result[site.site] = intake.transcripts, coding
    return result


def test_every_coding_is_placed(read: dict[str, tuple[pd.DataFrame, Coding]]) -> None:
    """The counts are the coders' own, as the study's datasheet states them."""
    counts = Counter(name for _, coding in read.values() for name in coding.spans["coder"])
    assert counts == {"coder_a": 829, "coder_b": 562, "coder_c": 336}
    assert [str(p) for _, coding in read.values() for p in coding.problems] == []


def test_coder_c_coded_two_sites_only(read: dict[str, tuple[pd.DataFrame, Coding]]) -> None:
    """A coder who never saw a transcript is missing there, not silent."""
    seen = {site for site, (_, c) in read.items() if "coder_c" in set(c.coverage["coder"])}
    assert seen == {"alder", "cedar"}
    assert sum(len(coding.coverage) for _, coding in read.values()) == 24 + 24 + 12


def test_spans_say_what_the_coders_marked(
    root: Path, read: dict[str, tuple[pd.DataFrame, Coding]]
) -> None:
    """Words of the placed span are those of the coder's own copy, also where it was moved."""
    for site, (transcripts, coding) in read.items():
        texts = dict(zip(transcripts["transcript_id"], transcripts["text"], strict=True))
        theirs = read_coding(root / "data" / site / "codings" / "coder_b.qdpx").spans
        said = Counter((row.source, row.code, plain_form(row.quote)) for row in theirs.itertuples())
        ours = coding.spans[coding.spans["coder"] == "coder_b"]
        placed = Counter(
            (row.transcript_id, row.code, plain_form(texts[row.transcript_id][row.start : row.end]))
            for row in ours.itertuples()
        )
        assert placed == said


def test_rows_are_sorted_and_named_once(read: dict[str, tuple[pd.DataFrame, Coding]]) -> None:
    """The table has one order, and each coding one name."""
    for _, coding in read.values():
        order = ["transcript_id", "start", "end", "code", "coder"]
        assert coding.spans.sort_values(order, kind="stable").equals(coding.spans)
        assert coding.spans["span_id"].is_unique

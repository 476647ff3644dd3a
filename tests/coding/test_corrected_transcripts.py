"""Transcripts are corrected after they were coded; the codings must follow."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from coding.large import (
    CODINGS,
    NUMBERS,
    READERS,
    intake_tables,
    large_project,
    typed_otherwise,
)
from themetrail.coding import read_coding, read_site
from themetrail.coding.align import Alignment
from themetrail.coding.normal import plain_form
from themetrail.coding.passage import Transcript, Turn
from themetrail.config import read_codebook
from themetrail.errors import Problems
from themetrail.intake import IntakeSettings
from themetrail.intake import read_site as read_intake

Edit = tuple[int, int, str]


def corrections(text: str, rng: random.Random) -> tuple[list[Edit], tuple[int, int]]:
    """Words mended, put in and cut out, a paragraph more, one less, and one that was moved."""
    words = [m.span() for m in re.finditer(r"[A-Za-z']{4,}", text)]
    edits = [(s, e, text[s : e - 1] + "x") for s, e in rng.sample(words, 8)]
    edits += [(s, s, "[inaudible] ") for s, _ in rng.sample(words, 4)]
    edits += [(s, e, "") for s, e in rng.sample(words, 4)]
    paragraphs = [m.span() for m in re.finditer(r"[^\n]+\n+", text)][3:-8]
    cut, moved, there, new = rng.sample(paragraphs, 4)
    edits.append((*cut, ""))
    edits.append((new[0], new[0], "P9: Yes. The typist had left this out, er, altogether. No.\n\n"))
    edits.append((there[0], there[0], text[slice(*moved)]))
    edits.append((*moved, ""))
    return edits, moved


def corrected(text: str, edits: list[Edit]) -> str:
    """The text with the edits made, one after the other, overlapping ones left out."""
    parts, at = [], 0
    for start, end, new in sorted(edits):
        if start >= at:
            parts += [text[at:start], new]
            at = end
    # The word processor's quotation marks, last of all.
    return "".join([*parts, text[at:]]).replace("'", "’").replace('"', "”")


def test_codings_follow_a_corrected_transcript(root: Path) -> None:
    """Of codings whose words no correction touched, all arrive on their words, none elsewhere."""
    rng = random.Random(20211101)
    codebook, _ = read_codebook(root, Problems())
    right = missing = 0
    for site in ("alder", "damson"):
        intake = read_intake(root, site, IntakeSettings())
        spans = read_site(root, site, intake.transcripts, intake.turns, codebook).spans
        for name, text in zip(
            intake.transcripts["transcript_id"], intake.transcripts["text"], strict=True
        ):
            edits, moved = corrections(text, rng)
            new = corrected(text, edits)
            lines = [Turn(n, *m.span()) for n, m in enumerate(re.finditer(r"[^\n]+", new), 1)]
            alignment = Alignment(text, Transcript(name, new, lines))
            for span in spans[spans["transcript_id"] == name].itertuples():
                start, end = int(span.start), int(span.end)
                if any(e > start and s < end for s, e, _ in edits if (s, e) != moved):
                    continue
                carried = alignment.carry(start, end)
                arrived = plain_form(new[carried.start : carried.end])
                assert carried.anchor == "lost" or arrived == plain_form(text[start:end])
                right += carried.anchor != "lost"
                missing += carried.anchor == "lost"
    assert right > 400
    assert missing / (right + missing) < 0.01


@pytest.mark.parametrize("reader", READERS)
def test_ten_thousand_codings_take_seconds(
    make_site: Callable[..., Any], root: Path, reader: str
) -> None:
    """A hundred transcripts with a hundred codings each, which differ from what was coded.

    Whatever the coder's tool, every coding is placed, and the processor has seconds to do.
    """
    source = read_coding(root / "data" / "alder" / "codings" / "coder_b.qdpx").texts["A01"]
    project = large_project(source)
    texts = dict(project.texts)
    if reader not in NUMBERS:
        texts = {name: typed_otherwise(text) for name, text in texts.items()}
    site = make_site(texts)
    for name, data in READERS[reader](project).items():
        site.put(name, data)
    tables = intake_tables(texts)
    began = time.process_time()
    coding = read_site(site.root, "alder", *tables, site.codebook)
    seconds = time.process_time() - began
    assert not [p for p in coding.problems if p.severity == "error"]
    # ROCK knows whole lines only: sentences of a line under one code are one coding.
    marked = {(c.source, project.texts[c.source].count("\n", 0, c.start), c.code)
              for c in project.codings}  # fmt: skip
    assert len(coding.spans) == (len(marked) if reader.startswith("ROCK") else CODINGS)
    assert seconds < 20

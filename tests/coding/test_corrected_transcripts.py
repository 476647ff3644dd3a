"""Transcripts are corrected after they were coded; the codings must follow."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

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


def test_ten_thousand_codings_take_seconds(
    make_site: Callable[..., Any], refi: SimpleNamespace, root: Path
) -> None:
    """A hundred transcripts with a hundred codings each, in copies that differ throughout."""
    rng = random.Random(1)
    source = read_coding(root / "data" / "alder" / "codings" / "coder_b.qdpx").texts["A01"]
    paragraphs = source.split("\n\n")
    copies: dict[str, str] = {}
    projects: dict[str, list[Any]] = {}
    for number in range(100):
        name = f"T{number:03}"
        text = "\n\n".join(rng.sample(paragraphs, len(paragraphs)))
        places = [m.span() for m in re.finditer(r"(?<=[.?] )[A-Z][^.?:\n]{20,}[.?]", text)]
        copies[name] = text
        projects[name] = [
            refi.Selection(*rng.choice(places), rng.choice(["workload", "double_entry"]))
            for _ in range(100)
        ]
    site = make_site({n: t.replace(": ", "  1:02\n").replace("'", "’") for n, t in copies.items()})
    site.put("ann.qdpx", refi.qdpx(refi.qde(projects), copies))
    began = time.process_time()
    coding = site.read()
    seconds = time.process_time() - began
    duplicates = sum(p.kind == "duplicate_coding" for p in coding.problems)
    assert len(coding.spans) + duplicates == 10_000
    assert not [p for p in coding.problems if p.severity == "error"]
    assert seconds < 20

"""Corrected transcripts: how many codings arrive on their own words, and how long an import takes.

    python benchmarks/anchoring.py            writes docs/anchoring.md

Each transcript of the demonstration study is corrected at random, and where every character went
is kept. A coding that no correction touched has one right place in the new text; what each way of
carrying codings over makes of it is counted. Way by way: the offsets as they were; the first
place that has the very words; the likeliest place by fuzzy search; difflib's alignment of the
words; and Themetrail's.
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz
from themetrail.coding import read_site
from themetrail.coding.align import Alignment
from themetrail.coding.passage import Transcript, Turn
from themetrail.coding.write_refi import packed
from themetrail.config import Codebook, read_codebook
from themetrail.errors import Problems
from themetrail.intake import IntakeSettings
from themetrail.intake import read_site as read_intake

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "anchoring.md"
Span = tuple[int, int]
Edit = tuple[int, int, str]


# ------------------------------------------------------------------ corrections
@dataclass(frozen=True)
class Corrected:
    """A new text, and where each character of the old one is in it; None where it is gone."""

    old: str
    new: str
    places: list[int | None]

    def truth(self, span: Span) -> Span | None:
        """The one right place of an old span; None where a correction touched it."""
        inside = self.places[span[0] : span[1]]
        first = inside[0]
        if first is None or inside != list(range(first, first + len(inside))):
            return None
        return first, first + len(inside)


def _apply(text: str, edits: Sequence[Edit], moved: tuple[Span, int] | None = None) -> Corrected:
    """The text with the edits made (overlapping ones left out) and a stretch put elsewhere."""
    order: list[tuple[int, int, str]] = []
    at = 0
    for start, end, new in sorted(edits):
        if start >= at:
            order += [(at, start, ""), (start, start, new)] if new else [(at, start, "")]
            at = end
    order.append((at, len(text), ""))
    if moved is not None:
        (low, high), there = moved
        order = [(0, low, ""), (high, there, ""), (low, high, ""), (there, len(text), "")]
    places: list[int | None] = [None] * len(text)
    parts: list[str] = []
    length = 0
    for start, end, new in order:
        part = new or text[start:end]
        if not new:
            places[start:end] = range(length, length + end - start)
        parts.append(part)
        length += len(part)
    return Corrected(text, "".join(parts), places)


def _then(first: Corrected, then: Callable[[str], Corrected]) -> Corrected:
    """One correction after another."""
    second = then(first.new)
    places = [None if place is None else second.places[place] for place in first.places]
    return Corrected(first.old, second.new, places)


def _words(text: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"[A-Za-z']{4,}", text)]


def mended(text: str, rng: random.Random) -> Corrected:
    """Ten words spelt otherwise."""
    return _apply(text, [(s, e, text[s : e - 1] + "xe") for s, e in rng.sample(_words(text), 10)])


def inserted(text: str, rng: random.Random) -> Corrected:
    """Ten insertions of one to eight words, and a turn that the typist had left out."""
    said = ["er", "you", "know", "I", "mean", "it", "was", "that", "sort", "of", "thing"]
    edits = [
        (s, s, " ".join(rng.sample(said, rng.randint(1, 8))) + " ")
        for s, _ in rng.sample(_words(text), 10)
    ]
    start = rng.choice(_paragraphs(text))[0]
    return _apply(text, [*edits, (start, start, "P9: Yes. We had that, too. No.\n\n")])


def deleted(text: str, rng: random.Random) -> Corrected:
    """Ten words and a whole turn taken out."""
    edits = [(s, e + 1, "") for s, e in rng.sample(_words(text), 10)]
    return _apply(text, [*edits, (*rng.choice(_paragraphs(text)), "")])


def moved(text: str, rng: random.Random) -> Corrected:
    """A turn that now stands somewhere else."""
    first, second = sorted(rng.sample(_paragraphs(text), 2))
    return _apply(text, [], (first, second[1]))


def typed(text: str, rng: random.Random) -> Corrected:
    """A word processor's quotation marks and dashes."""
    del rng
    new = text.replace("'", "’").replace('"', "”").replace(" - ", " – ")
    return Corrected(text, new, list(range(len(text))))


def everything(text: str, rng: random.Random) -> Corrected:
    """All of these, one after the other."""
    done = mended(text, rng)
    for change in (inserted, deleted, moved, typed):
        done = _then(done, lambda now, change=change: change(now, rng))
    return done


def _paragraphs(text: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"[^\n]+\n+", text)][2:-2]


CORRECTIONS = (mended, inserted, deleted, moved, typed, everything)


# ------------------------------------------------------------------ ways of carrying codings over
Way = Callable[[Corrected, Sequence[Span]], list[Span | None]]


def offsets(text: Corrected, spans: Sequence[Span]) -> list[Span | None]:
    """The offsets as they were."""
    return [span if span[1] <= len(text.new) else None for span in spans]


def first_place(text: Corrected, spans: Sequence[Span]) -> list[Span | None]:
    """The first place that has the very words."""
    found = [(text.new.find(text.old[s:e]), e - s) for s, e in spans]
    return [(at, at + length) if at >= 0 else None for at, length in found]


def fuzzy(text: Corrected, spans: Sequence[Span]) -> list[Span | None]:
    """The likeliest place by the words alone (rapidfuzz, 80 % alike)."""
    found = [
        fuzz.partial_ratio_alignment(text.old[s:e], text.new, score_cutoff=80) for s, e in spans
    ]
    return [(match.dest_start, match.dest_end) if match else None for match in found]


def by_difflib(text: Corrected, spans: Sequence[Span]) -> list[Span | None]:
    """Where difflib's alignment of words and signs takes both ends."""
    ours, theirs = (list(re.finditer(r"\w+|[^\w\s]", t)) for t in (text.old, text.new))
    matcher = difflib.SequenceMatcher(None, [m[0] for m in ours], [m[0] for m in theirs], False)
    to = {
        a + k: b + k for a, b, n in matcher.get_matching_blocks() for k in range(n)
    }  # word of the old text to word of the new
    starts = {m.start(): i for i, m in enumerate(ours)}
    ends = {m.end(): i for i, m in enumerate(ours)}
    found: list[Span | None] = []
    for start, end in spans:
        first, last = to.get(starts.get(start, -1)), to.get(ends.get(end, -1))
        whole = first is not None and last is not None and first <= last
        found.append((theirs[first].start(), theirs[last].end()) if whole else None)
    return found


def ours(text: Corrected, spans: Sequence[Span]) -> list[Span | None]:
    """Themetrail's alignment."""
    carried = [_alignment(text).carry(*span) for span in spans]
    return [None if c.anchor == "lost" else (c.start, c.end) for c in carried]


def _alignment(text: Corrected) -> Alignment:
    lines = [Turn(n, *m.span()) for n, m in enumerate(re.finditer(r"[^\n]+", text.new), 1)]
    return Alignment(text.old, Transcript("t", text.new, lines))


WAYS: tuple[tuple[str, Way], ...] = (
    ("offsets as they were", offsets),
    ("first place with the words", first_place),
    ("fuzzy search", fuzzy),
    ("difflib", by_difflib),
    ("Themetrail", ours),
)


# ------------------------------------------------------------------ what is measured
def transcripts() -> Iterator[tuple[str, str, list[Span]]]:
    """Each transcript of the demonstration study with its distinct coded spans."""
    codebook, _ = read_codebook(ROOT, Problems())
    for site in ("alder", "birch", "cedar", "damson"):
        intake = read_intake(ROOT, site, IntakeSettings())
        spans = read_site(ROOT, site, intake.transcripts, intake.turns, codebook).spans
        for name, text in zip(
            intake.transcripts["transcript_id"], intake.transcripts["text"], strict=True
        ):
            mine = spans[spans["transcript_id"] == name]
            places = {(int(s), int(e)) for s, e in zip(mine["start"], mine["end"], strict=True)}
            places |= repeated(text)
            if len(_paragraphs(text)) > 4:
                yield name, text, sorted(places)


def repeated(text: str) -> set[Span]:
    """Short sentences ("Yes.") that a text has more than once."""
    found = list(re.finditer(r"(?<=[.?:] )[A-Z][^.?:\n]{1,20}[.?]", text))
    times = Counter(match[0] for match in found)
    return {match.span() for match in found if times[match[0]] > 1}


def carried() -> tuple[dict[tuple[str, str], Counter[str]], Counter[str]]:
    """Untouched codings by correction and way: right, wrong, not placed; and the touched ones."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    touched: Counter[str] = Counter()
    for name, text, spans in transcripts():
        for correction in CORRECTIONS:
            done = correction(text, random.Random(f"{name}{correction.__name__}"))
            truths = [done.truth(span) for span in spans]
            for way, carry in WAYS:
                tally = counts.setdefault((correction.__name__, way), Counter())
                for truth, found in zip(truths, carry(done, spans), strict=True):
                    if truth is not None:
                        tally[
                            "lost" if found is None else "right" if found == truth else "wrong"
                        ] += 1
            touched += _told(done, [s for s, t in zip(spans, truths, strict=True) if t is None])
    return counts, touched


def _told(text: Corrected, spans: Sequence[Span]) -> Counter[str]:
    """What Themetrail says of codings whose own words were corrected."""
    alignment, tally = _alignment(text), Counter[str]()
    for span in spans:
        found = alignment.carry(*span)
        words = "".join(text.old[slice(*span)].split())
        same = "".join(text.new[found.start : found.end].split()) == words
        if found.anchor == "lost":
            tally["lost, and listed with their words"] += 1
        elif found.changed:
            tally["placed, with a warning that words changed"] += 1
        else:
            tally["placed on the same words" if same else "placed without a word"] += 1
    return tally


def import_seconds(*, same: bool) -> tuple[float, int]:
    """Processor seconds to import 100 transcripts with 10,000 codings, and the spans read."""
    rng = random.Random(1)
    paragraphs = next(transcripts())[1].split("\n\n")
    texts: dict[str, str] = {}
    members: dict[str, bytes] = {}
    sources: list[str] = []
    for number in range(100):
        name = f"T{number:03}"
        text = "\n\n".join(rng.sample(paragraphs, len(paragraphs)))
        places = [m.span() for m in re.finditer(r"(?<=[.?] )[A-Z][^.?:\n]{20,}[.?]", text)]
        texts[name] = text if same else text.replace(": ", "  1:02\n").replace("'", "’")
        members[f"sources/{name}.txt"] = text.encode()
        coded = "".join(
            f'<PlainTextSelection guid="x{number}-{n}" startPosition="{s}" endPosition="{e}">'
            f'<Coding guid="y{number}-{n}"><CodeRef targetGUID="c"/></Coding></PlainTextSelection>'
            for n, (s, e) in enumerate(rng.choice(places) for _ in range(100))
        )
        path = f'plainTextPath="internal://{name}.txt"'
        sources.append(f'<TextSource guid="s{number}" name="{name}" {path}>{coded}</TextSource>')
    head = '<Project xmlns="urn:QDA-XML:project:1.0" name="p"><CodeBook><Codes>'
    code = '<Code guid="c" name="workload" isCodable="true"/></Codes></CodeBook>'
    xml = f"{head}{code}<Sources>{''.join(sources)}</Sources></Project>"
    book, _ = read_codebook(ROOT, Problems())
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "data" / "s" / "codings" / "ann.qdpx"
        target.parent.mkdir(parents=True)
        target.write_bytes(packed({"project.qde": xml.encode(), **members}))
        tables = _tables(texts)
        began = time.process_time()
        coding = read_site(Path(folder), "s", *tables, Codebook(book.codes))
        seconds = time.process_time() - began
    kept = sum(p.kind == "duplicate_coding" for p in coding.problems)
    return seconds, len(coding.spans) + kept


def _tables(texts: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two intake tables, each line a turn."""
    table = pd.DataFrame(
        [{"transcript_id": name, "status": "ready", "text": text} for name, text in texts.items()]
    )
    turns = pd.DataFrame(
        [
            {"transcript_id": name, "turn": number, "start": m.start(), "end": m.end()}
            for name, text in texts.items()
            for number, m in enumerate(re.finditer(r"[^\n]+", text), start=1)
        ]
    )
    return table, turns


# ------------------------------------------------------------------ the page
def page() -> str:
    """The results as Markdown."""
    counts, touched = carried()
    lines = [
        "# Codings and corrected transcripts, measured",
        "",
        "Made by `python benchmarks/anchoring.py`. The transcripts and codings are those of the",
        "demonstration study, with every short sentence that is said more than once; each",
        "transcript is corrected at random in six ways. A coding that no correction touched has",
        "one right place, known from the correction itself. In per cent of such codings:",
        "**right** is that place to the character, *wrong* any other, the rest was not placed.",
        "",
        "| correction | codings | " + " | ".join(way for way, _ in WAYS) + " |",
        "| --- | --: | " + " | ".join("--:" for _ in WAYS) + " |",
    ]
    for correction in CORRECTIONS:
        tallies = [counts[correction.__name__, way] for way, _ in WAYS]
        what = (correction.__doc__ or "").rstrip(".")
        cells = " | ".join(_cell(tally) for tally in tallies)
        lines.append(f"| {what} | {tallies[0].total()} | {cells} |")
    lines += [
        "",
        f"Of the {touched.total():,} codings whose own words were corrected, Themetrail left:",
        "",
    ]
    lines += [f"- {number:,} {what}" for what, number in sorted(touched.items())]
    lines += ["", "## How long an import takes", ""]
    for same, what in ((True, "equal to the canonical ones"), (False, "that differ throughout")):
        seconds, spans = import_seconds(same=same)
        lines.append(f"- 100 transcripts, {spans:,} codings, copies {what}: {seconds:.1f} s")
    return "\n".join(lines) + "\n"


def _cell(tally: Counter[str]) -> str:
    total = tally.total()
    return f"**{100 * tally['right'] / total:.1f}**, *{100 * tally['wrong'] / total:.1f}*"


def main() -> None:
    """Measure and write the page."""
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

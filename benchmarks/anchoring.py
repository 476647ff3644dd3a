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
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz
from themetrail.coding import read_site
from themetrail.coding.align import Alignment
from themetrail.coding.passage import Transcript, Turn
from themetrail.config import Codebook, read_codebook
from themetrail.errors import Problems
from themetrail.intake import IntakeSettings
from themetrail.intake import read_site as read_intake

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from coding import large  # noqa: E402

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


def imports() -> Iterator[tuple[str, int, float, float | None]]:
    """Reader, codings placed, and seconds in equal and in other texts; None where they can't be.

    Processor seconds of reading 100 transcripts' coding and placing 10,000 codings; what is
    written and how the transcripts are read themselves is not counted.
    """
    book, _ = read_codebook(ROOT, Problems())
    project = large.large_project(next(transcripts())[1])
    others = {name: large.typed_otherwise(text) for name, text in project.texts.items()}
    for reader, write in large.READERS.items():
        files = write(project)
        equal, placed = _import(files, project.texts, book)
        moved = None if reader in large.NUMBERS else _import(files, others, book)[0]
        yield reader, placed, equal, moved


def _import(
    files: Mapping[str, bytes], texts: Mapping[str, str], book: Codebook
) -> tuple[float, int]:
    """Processor seconds, the least of three, and the spans read."""
    tables = large.intake_tables(texts)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            target = Path(folder) / "data" / "s" / "codings" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        for _ in range(3):
            began = time.process_time()
            coding = read_site(Path(folder), "s", *tables, Codebook(book.codes))
            seconds.append(time.process_time() - began)
    return min(seconds), len(coding.spans)


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
    lines += [
        "",
        "## How long an import takes",
        "",
        "A hundred transcripts with a hundred codings each by one coder, in every kind of file:",
        "seconds of one processor to read the files and place each coding, the least of three",
        "times. *Other texts* differ from what was coded in every turn (times put in, another",
        "apostrophe). ROCK codes whole lines, so that some codings are one.",
        "",
        "| file | placed | equal texts | other texts |",
        "| --- | --: | --: | --: |",
    ]
    for reader, placed, equal, moved in imports():
        other = "–" if moved is None else f"{moved:.1f}"
        lines.append(f"| {reader} | {placed:,} | {equal:.1f} | {other} |")
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

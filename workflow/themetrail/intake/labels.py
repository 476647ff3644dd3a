"""Speaker labels: the conventions of people and services that make transcripts.

Labels that the study knows are taken wherever they can stand; others only where their form or their
repetition makes them one, so that a slip ("Intervewer:") is reported rather than read as words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from themetrail.intake.document import Document, Mark
from themetrail.intake.lexicon import HEADING_KEYS
from themetrail.intake.names import label_key, label_shaped, opens_sentence

_CLOCK = r"\d{1,2}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?(?:[ ]?[AaPp]\.?[Mm]\.?)?"
_RANGE = rf"{_CLOCK}(?:\s*(?:-->|->|–|-)\s*{_CLOCK})?"
TIME = rf"[\[(<{{#]?{_RANGE}[\])>}}#]?"
_NAME = r"[^\W_](?:[^\W_]|[ \u00a0.'’&()/_\u0300-\u036f-]){0,46}?"
_SPACE = r"[ \t\f\u00a0]"
_NUMBER = rf"(?:\d{{1,5}}[.):]?{_SPACE}{{1,8}})?"
_LEAD = rf"{_SPACE}*(?:>[ ]?)?(?:[-*•]{_SPACE})?{_NUMBER}(?:{TIME}{_SPACE}*[-–|•]?{_SPACE}*)?"
_STRONG = r"(?:\*\*|__|\*)?"
_HASHES = r"(?:#{1,6}[ ])?"
_END = rf"{_STRONG}{_SPACE}*$"

# Name: words  (also [00:12] Name: words, Name [00:12]: words, **Name:** words)
_COLON = re.compile(
    rf"{_LEAD}{_STRONG}\[?(?P<label>{_NAME})\]?{_STRONG}{_SPACE}*(?:{TIME})?{_SPACE}*[:：]"
    rf"{_STRONG}(?P<gap>{_SPACE}+|$|(?![\d/\\]))(?:[\[(]{_RANGE}[\])]{_SPACE}*)?"
)
# Name  0:12 on a line of its own (also [Name] 10:01:30, Name (00:12):, 0:12 Name)
_STAMPED = re.compile(
    rf"{_SPACE}*{_HASHES}{_NUMBER}{_STRONG}\[?(?P<label>{_NAME})\]?{_STRONG}"
    rf"[ \t\u00a0,•|–-]*{TIME}{_STRONG}{_SPACE}*:?{_END}"
)
_STAMP_FIRST = re.compile(
    rf"{_SPACE}*{_HASHES}{_STRONG}{TIME}{_STRONG}[ \t\u00a0•|–-]+{_STRONG}(?P<label>{_NAME})"
    rf"{_STRONG}{_SPACE}*:?{_END}"
)
# NAME. on a line of its own (plays)
_ALONE = re.compile(rf"{_SPACE}*{_HASHES}{_NUMBER}{_STRONG}\[?(?P<label>{_NAME})\]?[.:]?{_END}")
# a column of speakers, kept apart by a tab or a bar; Name - words
_TABBED = re.compile(rf"[ \t|]*(?:{TIME}[ \t|]+)?(?P<label>{_NAME})[ ]*(?:\t+|\|[ ]?)(?=\S)")
_DASHED = re.compile(rf"{_LEAD}(?P<label>{_NAME})[ ][–—-]{{1,2}}[ ]+(?=\S)")
_BOLD = re.compile(rf"{_LEAD}(?:\*\*|__)(?P<label>{_NAME})[.:]?(?:\*\*|__)[ \t]*(?=\S)")
# A time on a line of its own, above a label or in the middle of a turn.
_TIME_ONLY = re.compile(rf"[ \t]*{TIME}[ \t]*$")

# The share of paragraphs with a label, none known, from which a text is taken as an interview.
_INTERVIEW_SHARE = 0.25
# How often a doubtful form must recur to be a column of labels.
_COLUMN = 3
Form = Literal["mark", "colon", "stamp", "alone", "tab", "dash", "bold"]
# Where one line can be read in two ways, the more telling one.
_RANK: tuple[Form, ...] = ("mark", "stamp", "colon", "tab", "dash", "alone", "bold")

_INLINE: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("tab", _TABBED),
    ("dash", _DASHED),
    ("bold", _BOLD),
)


@dataclass(frozen=True)
class Label:
    """Something with a label's form: the place of its line, its name, where the words begin."""

    at: int  # start of the line, or of the time line above it
    label: str
    said: int
    form: Form
    doubtful: bool = False  # needs the study to know it


def find_labels(
    document: Document, known: Callable[[str], bool], words: Callable[[str], bool]
) -> list[Label]:
    """The speaker labels of a document, in order; none where it is no conversation.

    Parameters
    ----------
    document : what a reader gave.
    known : whether the study knows a label.
    words : whether the study says that something with a label's form is words.
    """
    sure = [Label(m.at, m.label, m.said, "mark") for m in document.marks if m.sure]
    if document.complete:
        return [candidate for candidate in sure if not words(candidate.label)]
    candidates = [*sure, *_candidates(document, {mark.at for mark in document.marks if mark.sure})]
    candidates = [c for c in candidates if not words(c.label)]
    candidates = _without_heading(document.text, candidates)
    chosen = _chosen(candidates, known, document)
    chosen.sort(key=lambda candidate: (candidate.at, _RANK.index(candidate.form)))
    unique: list[Label] = []
    for candidate in chosen:
        if not unique or candidate.at >= unique[-1].said:
            unique.append(candidate)
    return unique


def _candidates(document: Document, taken: set[int]) -> Iterator[Label]:
    """Everything that could be a label by its form alone."""
    bold = {mark.at: mark for mark in document.marks if not mark.sure}
    time_line: int | None = None
    at = 0
    previous_blank = True
    for line in document.text.split("\n"):
        start = at
        at += len(line) + 1
        if not line or line.isspace():
            previous_blank = True
            continue
        if _TIME_ONLY.match(line):
            time_line = start if time_line is None else time_line
            continue
        if start not in taken:
            opens = start if time_line is None else time_line
            fresh = previous_blank or time_line is not None
            yield from _line_candidates(line, start, opens, fresh, bold.get(start))
        time_line = None
        previous_blank = False


def _line_candidates(
    line: str, start: int, opens: int, fresh: bool, bold: Mark | None
) -> Iterator[Label]:
    """The readings of one line as a label, the most telling first."""
    head = line[:160]
    if match := _COLON.match(head):
        said = start + match.end()
        spaced = bool(match["gap"]) or match.end() == len(head)
        yield Label(opens, match["label"].strip(), said, "colon", doubtful=not spaced)
    if len(line) <= 110 and (match := _STAMPED.match(line) or _STAMP_FIRST.match(line)):
        yield Label(opens, match["label"].strip(), start + len(line), "stamp")
    elif len(line) <= 60 and (match := _ALONE.match(line)):
        yield Label(opens, match["label"].strip(), start + len(line), "alone", not fresh)
    for form, pattern in _INLINE:
        if match := pattern.match(head):
            yield Label(opens, match["label"].strip(), start + match.end(), form)
    if bold is not None:
        yield Label(opens, bold.label, bold.said, "bold")


def _without_heading(text: str, candidates: list[Label]) -> list[Label]:
    """Leave out the block of ``Date: …`` lines above a transcript, whatever labels it names."""
    skip_to = 0
    at = 0
    for block in re.split(r"(\n[ \t]*(?:\n[ \t]*)+)", text[:4000]):
        at += len(block)
        if block.strip():
            if not _is_heading(block.strip("\n").split("\n")):
                break
            skip_to = at
    return [candidate for candidate in candidates if candidate.at >= skip_to]


def _is_heading(lines: Sequence[str]) -> bool:
    """Whether lines are ``Key: value`` particulars: every one, each key once, one key telling."""
    keys = [match["label"].casefold() for line in lines if (match := _COLON.match(line))]
    every_line_once = len(keys) == len(lines) == len(set(keys))
    return every_line_once and any(HEADING_KEYS & set(key.split()) for key in keys)


def _chosen(
    candidates: Sequence[Label], known: Callable[[str], bool], document: Document
) -> list[Label]:
    """The candidates that are labels: the known ones, and others that their use gives away."""
    counts = Counter((c.form, label_key(c.label)) for c in candidates if not c.doubtful)
    certain = [c for c in candidates if _takes(c, counts, known)]
    others = [c for c in candidates if not _takes(c, counts, known) and _may_be(c, counts)]
    repeated = [c for c in others if _repeated(c, counts)]
    if not certain:
        names = {label_key(c.label) for c in repeated}
        if len(names) < 2 or _share(repeated, document) < _INTERVIEW_SHARE:
            return []
    # What opens a single paragraph is a label only in the form that this transcript writes labels.
    form = Counter(c.form for c in certain or repeated).most_common(1)[0][0]
    single = [c for c in others if c.form == form and _single(c)]
    return [*certain, *repeated, *single]


def _takes(
    candidate: Label, counts: Counter[tuple[Form, str]], known: Callable[[str], bool]
) -> bool:
    """Whether a candidate is a label that the study knows."""
    label, form = candidate.label, candidate.form
    if form == "mark":
        return True
    if len(label) == 1 and form not in {"colon", "stamp"}:
        # "I" alone, bold, or before a dash is mostly a word; in a column it recurs.
        if form != "tab" or counts[form, label_key(label)] < _COLUMN:
            return False
    elif form == "alone" and label[0].islower():
        return False
    return known(label)


def _may_be(candidate: Label, counts: Counter[tuple[Form, str]]) -> bool:
    """Whether a candidate that nobody knows is written like a label."""
    if candidate.form == "dash":
        return False
    label = candidate.label
    if label_shaped(label):
        return True
    # "Jo Bloggs - Anytown Community Trust", or "doctor": odd, but they recur.
    recurs = counts[candidate.form, label_key(label)] >= _COLUMN
    return recurs and not opens_sentence(label) and (label.isalpha() or label[0].isupper())


def _repeated(candidate: Label, counts: Counter[tuple[Form, str]]) -> bool:
    """Whether a form of label recurs, as labels do and words do not."""
    times = counts[(candidate.form, label_key(candidate.label))]
    if candidate.doubtful or (candidate.form == "alone" and not _capitals(candidate.label)):
        return False
    doubtful = candidate.form == "tab" or not label_shaped(candidate.label)
    return times >= (_COLUMN if doubtful else 2)


def _single(candidate: Label) -> bool:
    """Whether a candidate may be a label though it stands once."""
    return candidate.form in {"colon", "stamp"} and not candidate.doubtful


def _capitals(label: str) -> bool:
    return label.upper() == label and any(map(str.isalpha, label))


def _share(candidates: Sequence[Label], document: Document) -> float:
    """The share of a text's paragraphs that begin with one of the candidates."""
    blocks = len(re.findall(r"\S[^\n]*", document.text)) if document.paragraphs else 0
    blocks = blocks or len(re.split(r"\n[ \t]*\n", document.text.strip()))
    return len({candidate.at for candidate in candidates}) / max(blocks, 1)

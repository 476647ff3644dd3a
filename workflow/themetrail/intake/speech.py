"""Who said what: the turns between the speaker labels of a transcript."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from themetrail.intake.document import Document, Remark
from themetrail.intake.labels import TIME, Label, find_labels

# Lines of page numbers and times that may stand between two turns.
_MOST_FURNITURE = 20
_NOISE = re.compile(
    rf"[ \t]*(?:{TIME}|(?:Page|p\.)[ ]?\d+(?:[ ]?(?:of|/)[ ]?\d+)?"
    r"|Transcribed by https?://otter\.ai/?|-+|_+|\*+)[ \t]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Utterance:
    """One turn: the label as the file has it, and [start, end) of what was said."""

    speaker: str
    start: int
    end: int


@dataclass(frozen=True)
class Speech:
    """The turns of a transcript.

    Attributes
    ----------
    utterances : in the text's order.
    labels : offset of each utterance's label, the same length.
    labelled : whether speakers are named at all.
    remarks : what was left out or was doubtful.
    """

    utterances: tuple[Utterance, ...]
    labels: tuple[int, ...]
    labelled: bool
    remarks: tuple[Remark, ...] = ()


def parse_turns(
    document: Document | str,
    known: Callable[[str], bool] = lambda _: False,
    *,
    words: Callable[[str], bool] = lambda _: False,
    preamble: Literal["skip", "turn"] = "skip",
) -> Speech:
    """Find the speaker labels of a transcript and the turns between them.

    A turn runs from its label to the next; what it covers is trimmed of white space and of lines
    that hold only a time or a page number. A transcript without labels is cut into paragraphs,
    whose speaker is empty.

    Parameters
    ----------
    document : what a reader gave, or plain canonical text.
    known : whether the study knows a label.
    words : whether the study says that something with a label's form is words.
    preamble : what becomes of text before the first label.

    Returns
    -------
    Speech
        Every word of the text is in an utterance, in a label, or in the preamble.
    """
    if isinstance(document, str):
        document = Document(document, "txt", "utf-8")
    accepted = find_labels(document, known, words)
    if not accepted:
        return _paragraphs(document)
    # In captions all words are spoken, whether or not somebody is named.
    return _between(document.text, accepted, "turn" if document.complete else preamble)


def _between(text: str, accepted: Sequence[Label], preamble: Literal["skip", "turn"]) -> Speech:
    """The stretches between labels."""
    utterances: list[Utterance] = []
    labels: list[int] = []
    remarks: list[Remark] = []
    empty: list[int] = []
    before = _trim(text, 0, accepted[0].at)
    if before and preamble == "turn":
        utterances.append(Utterance("", *before))
        labels.append(before[0])
    elif before:
        words = len(text[before[0] : before[1]].split())
        message = f"{words} words before the first speaker label are in no turn"
        remarks.append(Remark("note", "preamble", message, offset=before[0]))
    ends = [candidate.at for candidate in accepted[1:]] + [len(text)]
    for candidate, stop in zip(accepted, ends, strict=True):
        said = _trim(text, candidate.said, stop)
        if said:
            utterances.append(Utterance(candidate.label, *said))
            labels.append(candidate.at)
        else:
            empty.append(candidate.at)
    if empty:
        message = f"speaker labels with no words after them: {len(empty)}, here the first"
        remarks.append(Remark("note", "empty_turn", message, offset=empty[0]))
    return Speech(tuple(utterances), tuple(labels), True, tuple(remarks))


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """[start, end) without outer white space and closing lines of furniture; None if empty."""
    for _ in range(_MOST_FURNITURE):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if start >= end:
            return None
        last = text.rfind("\n", start, end)
        if last <= start or not _NOISE.match(text[last + 1 : end]):
            break
        end = last
    return start, start + len(text[start:end].rstrip())


def _paragraphs(document: Document) -> Speech:
    """A text without speakers, paragraph by paragraph."""
    pattern = r"[^\n]+" if document.paragraphs else r"[^\n]+(?:\n(?![ \t]*(?:\n|$))[^\n]+)*"
    found = [_trim(document.text, *m.span()) for m in re.finditer(pattern, document.text)]
    spans = [span for span in found if span]
    return Speech(
        tuple(Utterance("", *span) for span in spans), tuple(span[0] for span in spans), False
    )

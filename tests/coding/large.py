"""A large project in every kind of file: a hundred interviews with a hundred codings each."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
from coding.made_files import qualcoder_project, word_document
from themetrail.coding.convert import WRITERS
from themetrail.coding.model import FoundCode
from themetrail.coding.project import Coded, Project

TRANSCRIPTS, CODINGS = 100, 10_000
CODES = ("workload", "double_entry")
_LINE = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"(?<=[.?] )[A-Z][^.?:\n]{20,}[.?]")


def large_project(interview: str) -> Project:
    """A project whose texts are an interview's paragraphs, each text in an order of its own."""
    rng = random.Random(1)
    paragraphs = interview.split("\n\n")
    texts: dict[str, str] = {}
    codings: list[Coded] = []
    for number in range(TRANSCRIPTS):
        name = f"T{number:03}"
        text = "\n\n".join(rng.sample(paragraphs, len(paragraphs)))
        places = [match.span() for match in _SENTENCE.finditer(text)]
        both = [(place, code) for place in places for code in CODES]
        texts[name] = text
        codings += [
            Coded(name, code, "ann", *place, quote=text[slice(*place)])
            for place, code in rng.sample(both, CODINGS // TRANSCRIPTS)
        ]
    return Project("large", texts, [FoundCode(code, (code,)) for code in CODES], codings)


def _written(extension: str) -> Callable[[Project], dict[str, bytes]]:
    return lambda project: {f"ann{extension}": WRITERS[extension](project)}


def _table(
    header: str, row: Callable[[Coded], Sequence[object]]
) -> Callable[[Project], dict[str, bytes]]:
    """A table of chosen columns."""

    def write(project: Project) -> dict[str, bytes]:
        lines = [",".join(map(str, row(coding))) for coding in project.codings]
        return {"ann.csv": "\n".join([header, *lines]).encode()}

    return write


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _word(project: Project) -> dict[str, bytes]:
    return {
        f"ann/{name}.docx": word_document(text, [c for c in project.codings if c.source == name])
        for name, text in project.texts.items()
    }


#: a reader to what a coder would send
READERS: Mapping[str, Callable[[Project], dict[str, bytes]]] = {
    "REFI-QDA (.qdpx)": _written(".qdpx"),
    "Taguette (.sqlite3)": _written(".sqlite3"),
    "QualCoder (.qda)": lambda p: {"ann.qda": qualcoder_project(p.texts, p.codes, p.codings)},
    "ROCK (.rock)": _written(".rock"),
    "Word comments (100 .docx)": _word,
    "CSV, words and offsets": _written(".csv"),
    "CSV, words alone": _table(
        "transcript_id,code,quote", lambda c: (c.source, c.code, _quoted(c.quote))
    ),
    "CSV, offsets alone": _table(
        "transcript_id,code,start,end", lambda c: (c.source, c.code, c.start, c.end)
    ),
    "Excel (.xlsx)": _written(".xlsx"),
}
#: their places are those of the canonical text: in another one they are other places
NUMBERS = ("CSV, offsets alone",)


def typed_otherwise(text: str) -> str:
    """A transcript that differs from a coder's copy throughout: times, and other apostrophes."""
    return text.replace(": ", "  1:02\n").replace("'", "’")


def intake_tables(texts: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two intake tables that coding reads, each line a turn."""
    table = pd.DataFrame(
        [{"transcript_id": name, "status": "ready", "text": text} for name, text in texts.items()]
    )
    turns = pd.DataFrame(
        [
            {"transcript_id": name, "turn": number, "start": match.start(), "end": match.end()}
            for name, text in texts.items()
            for number, match in enumerate(_LINE.finditer(text), start=1)
        ]
    )
    return table, turns

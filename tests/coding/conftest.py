"""Small studies of one site, built where a test needs one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
import pytest
from themetrail.coding import Coding, CodingSettings, read_site
from themetrail.config import Change, Code, Codebook

TALK = (
    "Interviewer: How did it start?\n\n"
    "P1: We got the tablets in March. Nobody asked us.\n\n"
    "Interviewer: Nobody?\n\n"
    "P1: Yes. It was one more log-in, and I don't “do” log-ins.\n\n"
    "Interviewer: And now?\n\n"
    "P1: Yes. It's fine now – mostly."
)
CODES = ("early_involvement", "workload", "double_entry")


@dataclass
class Site:
    """One site's folder and intake tables, to be filled and read."""

    root: Path
    texts: Mapping[str, str]
    codebook: Codebook
    held: Sequence[str] = ()

    @property
    def folder(self) -> Path:
        return self.root / "data" / "alder"

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / "codings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return tables(self.texts, self.held)

    def read(self, settings: CodingSettings | None = None) -> Coding:
        transcripts, turns = self.tables()
        return read_site(self.root, "alder", transcripts, turns, self.codebook, settings)


def turns_of(text: str) -> list[tuple[int, int]]:
    """Turns of a text in which each paragraph is ``Speaker: words``."""
    spans: list[tuple[int, int]] = []
    at = 0
    for paragraph in text.split("\n\n"):
        label = paragraph.find(": ") + 2 if ": " in paragraph[:20] else 0
        spans.append((at + label, at + len(paragraph)))
        at += len(paragraph) + 2
    return spans


def tables(texts: Mapping[str, str], held: Sequence[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two intake tables that coding reads, with the columns that it reads."""
    transcripts = pd.DataFrame(
        [
            {
                "transcript_id": name,
                "status": "held" if name in held else "ready",
                "text": "" if name in held else text,
            }
            for name, text in texts.items()
        ],
        columns=["transcript_id", "status", "text"],
    )
    turns = pd.DataFrame(
        [
            {"transcript_id": name, "turn": number, "start": start, "end": end}
            for name, text in texts.items()
            for number, (start, end) in enumerate(turns_of(text), start=1)
        ],
        columns=["transcript_id", "turn", "start", "end"],
    )
    return transcripts, turns


def codebook(*changes: Change, retired: Mapping[str, str] | None = None) -> Codebook:
    """The small codebook, with changes and retired codes (id to what replaces it)."""
    codes = [Code(name, name.replace("_", " ").capitalize(), family="f") for name in CODES]
    for name, replaced_by in (retired or {}).items():
        codes.append(Code(name, name, family="f", status="retired", replaced_by=replaced_by))
    return Codebook(tuple(codes), changes)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[..., Site]:
    """Give a function that makes a site of the given texts and codebook."""

    def make(
        texts: Mapping[str, str] | None = None,
        book: Codebook | None = None,
        held: Sequence[str] = (),
    ) -> Site:
        return Site(tmp_path, texts or {"A01": TALK, "A02": TALK}, book or codebook(), held)

    return make


@pytest.fixture
def make_book() -> Callable[..., Codebook]:
    """Give the function that makes the small codebook, with changes and retired codes."""
    return codebook


@pytest.fixture
def refi() -> SimpleNamespace:
    """Give the functions that write REFI-QDA projects as their makers do."""
    return SimpleNamespace(Selection=Selection, qde=qde, qdpx=qdpx, archive=archive)


class Selection(NamedTuple):
    """A selection with one coding."""

    start: int
    end: int
    code: str
    name: str = ""
    user: str = "u1"
    coding_user: str = ""
    memo: str = ""


def qde(
    sources: dict[str, Sequence[Selection]],
    *,
    users: dict[str, str] | None = None,
    origin: str = "test",
    codes: Sequence[str] = ("workload", "double_entry", "early_involvement"),
    texts: dict[str, str] | None = None,
) -> str:
    """A project's XML; texts given here stand inside it, others in the archive."""
    people = users or {"u1": "ann"}
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" '
        f'name="p" origin={quoteattr(origin)}><Users>',
        *(f'<User guid="{key}" name={quoteattr(name)}/>' for key, name in people.items()),
        "</Users><CodeBook><Codes>",
        *(f'<Code guid="c-{n}" name={quoteattr(n)} isCodable="true"/>' for n in codes),
        "</Codes></CodeBook><Sources>",
    ]
    for source, selections in sources.items():
        inline = (texts or {}).get(source)
        path = "" if inline is not None else f' plainTextPath="internal://{source}.txt"'
        parts.append(f'\n<TextSource guid="s-{source}" name={quoteattr(source)}{path}>')
        if inline is not None:
            parts.append(f"<PlainTextContent>{escape(inline)}</PlainTextContent>")
        for n, s in enumerate(selections):
            memo = f"<Description>{escape(s.memo)}</Description>" if s.memo else ""
            parts.append(
                f'\n<PlainTextSelection guid="x-{source}-{n}" name={quoteattr(s.name)} '
                f'startPosition="{s.start}" endPosition="{s.end}" creatingUser="{s.user}">{memo}'
                f'<Coding guid="y-{source}-{n}" creatingUser="{s.coding_user or s.user}">'
                f'<CodeRef targetGUID="c-{s.code}"/></Coding></PlainTextSelection>'
            )
        parts.append("</TextSource>")
    return "".join(parts) + "</Sources></Project>"


def archive(members: dict[str, str | bytes]) -> bytes:
    """A zip archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def qdpx(xml: str, texts: dict[str, str | bytes]) -> bytes:
    """A project archive with its texts."""
    return archive(
        {"project.qde": xml, **{f"sources/{name}.txt": text for name, text in texts.items()}}
    )

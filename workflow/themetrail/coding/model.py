"""What every reader of a coder's file gives back, whatever tool wrote the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from themetrail.errors import Problems


@dataclass(frozen=True)
class CodingSettings:
    """How coders' files are read.

    Attributes
    ----------
    coders : file stem (or the name of a file's user) to the coder's name, where they differ.
    dropped_ids : transcripts that intake left out; codings of them vanish without being named.
    forbidden_names : the study's list; no message says one, and no kept text may hold one.
    known : pseudonyms of the study, which are no identifiers whatever they look like.
    """

    coders: Mapping[str, str] = field(default_factory=dict)
    dropped_ids: frozenset[str] = frozenset()
    forbidden_names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """One coding as a coder's file has it.

    Attributes
    ----------
    row : 1-based line, row or position in the file.
    source : the document's name in the file.
    code : the code's name or id in the file.
    user : who coded by the file's own record; empty where it keeps none.
    start, end : code points, half-open; into ``texts[copy]`` where ``copy`` is set, else into the
        canonical text; None where the file gives words only.
    quote : the words, where the file gives them.
    turn, prefix, suffix : what tells one place of repeated words from another.
    memo, coded_at : as the file has them.
    copy : key of the file's own copy of the text.
    aliases : other names of the code, tried in order (its path, a label).
    """

    row: int
    source: str
    code: str
    user: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""
    turn: int | None = None
    prefix: str = ""
    suffix: str = ""
    memo: str = ""
    coded_at: str = ""
    copy: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundCode:
    """One code of a file's own codebook; ``path`` names its parents, outermost first."""

    name: str
    path: tuple[str, ...] = ()
    description: str = ""
    codable: bool = True
    guid: str = ""


@dataclass(frozen=True)
class Copy:
    r"""The file's own copy of a text: LF line ends, no byte order mark."""

    source: str
    text: str


@dataclass
class CodedFile:
    """A coder's file, read but not yet placed.

    Attributes
    ----------
    file : how the file is named in problems.
    kind : csv, tsv, xlsx, qdpx, …
    marks : the codings, in the file's order.
    texts : the file's own copies of the texts, by key.
    codes : the file's own codebook.
    users : names of the file's users, in its order.
    judged : (user, source) that the file says were judged, marked or not (0/1 sheets).
    problems : what could not be read.
    """

    file: str
    kind: str = ""
    marks: list[Mark] = field(default_factory=list)
    texts: dict[str, Copy] = field(default_factory=dict)
    codes: list[FoundCode] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    judged: set[tuple[str, str]] = field(default_factory=set)
    problems: Problems = field(default_factory=Problems)

"""What every format wants of a filled document: its title block and its pictures."""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from themetrail.errors import InputError
from themetrail.report import ast
from themetrail.report.ast import Node

Document = dict[str, Any]
FICTIONAL = (
    "No person was interviewed. The transcripts were written to demonstrate a reproducible "
    "pipeline; nothing here is evidence."
)
RUNNING = "Fictional data – a demonstration, not evidence"
_MEDIA = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
}
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


@dataclass(frozen=True)
class Author:
    """An author as the title page has them; ``marks`` are the numbers of their affiliations."""

    name: str
    marks: str = ""
    affiliation: str = ""
    orcid: str = ""
    email: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Front:
    """The title block in plain words."""

    title: str
    short_title: str = ""
    date: str = ""
    language: str = "en-GB"
    authors: tuple[Author, ...] = ()
    affiliations: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    demonstration: bool = False
    line_numbers: bool = False
    abstract: tuple[Node, ...] = field(default=(), compare=False)

    @property
    def description(self) -> str:
        """One sentence on the paper, for what lists files."""
        notice = f"{RUNNING}. " if self.demonstration else ""
        return f"{notice}{self.title}."


def front_of(document: Mapping[str, Any], study: Mapping[str, Any]) -> Front:
    """Read the title block from a document's metadata.

    Parameters
    ----------
    study : the ``study`` settings; ``demonstration`` marks every format as fictional, whatever
        the document says.
    """
    meta = document.get("meta", {})
    people = [_person(value) for value in _items(meta.get("author"))]
    names = dict.fromkeys(person.affiliation for person in people if person.affiliation)
    several = len(names) > 1
    marks = {name: str(number) if several else "" for number, name in enumerate(names, 1)}
    abstract = meta.get("abstract")
    return Front(
        title=_said(meta.get("title")) or str(study.get("title", "")) or "Untitled",
        short_title=_said(meta.get("short-title")) or str(study.get("short_title", "")),
        date=_said(meta.get("date")),
        language=_said(meta.get("lang")) or str(study.get("language", "") or "en-GB"),
        authors=tuple(
            Author(**{**vars(person), "marks": marks.get(person.affiliation, "")})
            for person in people
        ),
        affiliations=tuple((mark, name) for name, mark in marks.items()),
        keywords=tuple(_said(word) for word in _items(meta.get("keywords"))),
        demonstration=bool(study.get("demonstration", False)),
        abstract=() if abstract is None else tuple(_blocks(abstract)),
    )


def _items(value: Node | None) -> list[Node]:
    """A metadata list; one value is a list of one."""
    if value is None:
        return []
    return list(value["c"]) if value["t"] == "MetaList" else [value]


def _said(value: Node | None) -> str:
    """A metadata value's text."""
    if value is None or value["t"] == "MetaBool":
        return ""
    return str(value["c"]) if value["t"] == "MetaString" else ast.text_of(value["c"]).strip()


def _blocks(value: Node) -> list[Node]:
    return list(value["c"]) if value["t"] == "MetaBlocks" else [ast.para(value["c"])]


def _person(value: Node) -> Author:
    """An author: a map with a name, or a name alone."""
    if value["t"] != "MetaMap":
        return Author(_said(value))
    fields = value["c"]
    return Author(
        name=_said(fields.get("name")),
        affiliation=_said(fields.get("affiliation")),
        orcid=_said(fields.get("orcid")).removeprefix("https://orcid.org/"),
        email=_said(fields.get("email")),
        roles=tuple(_said(role) for role in _items(fields.get("roles"))),
    )


# ------------------------------------------------------------------ metadata for templates
def meta_text(text: str) -> Node:
    """Text that a template escapes for its format."""
    return {"t": "MetaInlines", "c": ast.inlines(text)}


def meta_raw(text: str, form: str) -> Node:
    """Text that a template puts in as it is."""
    return {"t": "MetaInlines", "c": [{"t": "RawInline", "c": [form, text]}]}


def meta_list(items: Iterable[Node]) -> Node:
    """A list for a template."""
    return {"t": "MetaList", "c": list(items)}


def meta_map(fields: Mapping[str, Node | None]) -> Node:
    """A map for a template; fields without a value are left out."""
    return {"t": "MetaMap", "c": {key: value for key, value in fields.items() if value}}


def template_meta(front: Front) -> dict[str, Node]:
    """The title block as our own templates read it."""
    meta: dict[str, Node | None] = {
        "title": meta_text(front.title),
        "pagetitle": meta_text(front.title),
        "short-title": meta_text(front.short_title) if front.short_title else None,
        "date": meta_text(front.date) if front.date else None,
        "lang": meta_text(front.language),
        "description": meta_text(front.description),
        "authors": meta_list(
            meta_map(
                {
                    "name": meta_text(author.name),
                    "marks": meta_text(author.marks) if author.marks else None,
                    "orcid": meta_text(author.orcid) if author.orcid else None,
                }
            )
            for author in front.authors
        ),
        "author-meta": meta_list(meta_text(author.name) for author in front.authors),
        "affiliations": meta_list(
            meta_map({"mark": meta_text(mark) if mark else None, "name": meta_text(name)})
            for mark, name in front.affiliations
        ),
        "keywords": meta_list(meta_text(word) for word in front.keywords),
        "demonstration": {"t": "MetaBool", "c": True} if front.demonstration else None,
        "line-numbers": {"t": "MetaBool", "c": True} if front.line_numbers else None,
        "fictional": meta_text(FICTIONAL),
        "abstract": {"t": "MetaBlocks", "c": list(front.abstract)} if front.abstract else None,
    }
    return {key: value for key, value in meta.items() if value and value["c"] != []}


def with_meta(document: Mapping[str, Any], meta: Mapping[str, Node]) -> Document:
    """The document's text under another title block."""
    return {
        "pandoc-api-version": document["pandoc-api-version"],
        "meta": dict(meta),
        "blocks": copy.deepcopy(list(document["blocks"])),
    }


# ------------------------------------------------------------------ pictures
def find_picture(target: str, folders: Sequence[Path]) -> Path:
    """The file of a picture, in the first folder that has it.

    Raises
    ------
    InputError
        It is an address, leads out of the folders, is not there, or is no picture we can place.
    """
    if _ADDRESS.match(target):
        message = f"the picture {target} is not a file beside the paper; no address is fetched"
        raise InputError(message)
    if Path(target).suffix.lower() not in _MEDIA:
        message = f"the picture {target} is none of {', '.join(sorted(_MEDIA))}"
        raise InputError(message)
    for folder in folders:
        path = (folder / target).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    message = f"the picture {target} is not in {' or '.join(sorted(p.name for p in folders))}"
    raise InputError(message)


def place_pictures(
    document: Mapping[str, Any], folders: Sequence[Path], place: Callable[[Path], str]
) -> Document:
    """The document with each picture's target replaced by what ``place`` gives for its file."""

    def replace(node: Node) -> list[Node] | None:
        if node["t"] != "Image":
            return None
        attributes, alt, (target, title) = node["c"]
        found = place(find_picture(target, folders))
        return [{"t": "Image", "c": [attributes, alt, [found, title]]}]

    made: Document = ast.rewrite(document, replace)
    return made


def data_address(path: Path) -> str:
    """A picture as a ``data:`` address."""
    coded = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{_MEDIA[path.suffix.lower()]};base64,{coded}"


def raster_of(path: Path) -> Path:
    """The PNG beside a vector picture, where there is one: for formats that can't show SVG."""
    png = path.with_suffix(".png")
    return png if path.suffix.lower() == ".svg" and png.is_file() else path

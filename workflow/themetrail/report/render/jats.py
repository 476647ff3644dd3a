"""The paper as JATS (Journal Archiving 1.2): what journals' and archives' systems read.

The archiving tag set is the one for what no journal has published yet: it asks for no journal,
and takes an author's name as it is written.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.report.ast import Node
from themetrail.report.render import pandoc
from themetrail.report.render.document import (
    FICTIONAL,
    Author,
    Front,
    meta_list,
    meta_map,
    meta_text,
    place_pictures,
    with_meta,
)
from themetrail.report.render.docx_reference import parse_xml

_XLINK = "{http://www.w3.org/1999/xlink}href"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD '
    'v1.2 20190208//EN" '
    '"JATS-archivearticle1.dtd">'
)
_YEAR = re.compile(r"\b(1[89]\d\d|2\d\d\d)\b")
_NUMBER = re.compile(r"\[?(\d+)(?:[,\]]|$)")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def write(
    document: Mapping[str, Any],
    output: Path,
    front: Front,
    *,
    bibliography: Path | None,
    csl: Path | None,
    folders: Sequence[Path],
) -> None:
    """Write the article; pictures are referred to by their path from the file's folder."""
    home = output.resolve().parent

    def relative(path: Path) -> str:
        return Path(os.path.relpath(path, home)).as_posix()

    meta = _meta(front)
    if bibliography is not None:
        # The writer wants the references themselves, to give each its elements.
        meta["references"] = pandoc.references(bibliography)
    placed = place_pictures(with_meta(document, meta), folders, relative)
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch, "paper.xml")
        pandoc.convert(
            placed,
            made,
            to="jats_archiving+element_citations",
            after=["jats.lua"],
            bibliography=None,
            csl=csl,
            arguments=["--wrap=none"],
        )
        root = parse_xml(made.read_bytes())
    finish(root, front)
    output.write_bytes(_bytes(root))


def _bytes(root: Any) -> bytes:
    from lxml import etree

    return bytes(
        etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=_DOCTYPE) + b"\n"
    )


def _meta(front: Front) -> dict[str, Node]:
    """The title block in the words of Pandoc's template."""
    numbers = {name: str(number) for number, (_, name) in enumerate(front.affiliations, 1)}
    meta: dict[str, Node] = {
        "title": meta_text(front.title),
        "lang": meta_text(front.language),
        "article": meta_map({"type": meta_text("preprint")}),
        "link-citations": {"t": "MetaBool", "c": True},
        "author": meta_list(_author(author, numbers) for author in front.authors),
        "affiliation": meta_list(
            meta_map({"id": meta_text(number), "name": meta_text(name)})
            for name, number in numbers.items()
        ),
        "tags": meta_list(meta_text(word) for word in front.keywords),
    }
    date = _date(front.date)
    if date:
        meta["date"] = meta_map(date)
    if front.abstract:
        meta["abstract"] = {"t": "MetaBlocks", "c": list(front.abstract)}
    return {key: value for key, value in meta.items() if value["c"] != []}


def _author(author: Author, numbers: Mapping[str, str]) -> Node:
    """One contributor. A name is kept whole: which part is the family's is not ours to guess."""
    number = numbers.get(author.affiliation)
    return meta_map(
        {
            "name": meta_text(author.name),
            "orcid": meta_text(f"https://orcid.org/{author.orcid}") if author.orcid else None,
            "email": meta_text(author.email) if author.email else None,
            "affiliation": meta_list([meta_text(number)]) if number else None,
            "roles": meta_list(meta_map({"name": meta_text(role)}) for role in author.roles),
        }
    )


def _date(text: str) -> dict[str, Node | None]:
    """Year and month of a date as written; nothing where no year is in it."""
    year = _YEAR.search(text)
    if year is None:
        return {}
    month = next((n for n, name in enumerate(_MONTHS, 1) if name in text.lower()), None)
    iso = re.search(r"\b\d{4}-(\d\d)\b", text)
    month = int(iso[1]) if iso else month
    return {"year": meta_text(year[0]), "month": meta_text(str(month)) if month else None}


# ------------------------------------------------------------------ after Pandoc
def finish(root: Any, front: Front) -> None:
    """Put right what Pandoc's writer leaves: labels, identifiers, notes, empty elements."""
    root.set(_XML_LANG, front.language)
    _move_labels(root)
    _unwrap_sources(root)
    _identify_tables(root)
    _note_fictional(root, front)
    _reference_types(root)
    _number_references(root)
    for path in ("front/journal-meta", "front/article-meta/permissions"):
        for element in root.findall(path):
            if not "".join(element.itertext()).strip():
                element.getparent().remove(element)
    back = root.find("back")
    if back is not None and len(back) == 0:
        root.remove(back)


def _move_labels(root: Any) -> None:
    """A label stands before the title or caption whose text Pandoc put it into."""
    for label in list(root.iter("label")):
        holder = label.getparent()
        if holder.tag in ("fig", "table-wrap", "sec"):
            continue
        while holder is not None and holder.tag not in ("title", "caption"):
            holder = holder.getparent()
        if holder is None:
            continue
        tail = (label.tail or "").lstrip()
        parent, before = label.getparent(), label.getprevious()
        label.tail = None
        parent.remove(label)
        if before is None:
            parent.text = (parent.text or "").strip() + tail
        else:
            before.tail = (before.tail or "") + tail
        holder.addprevious(label)


def _unwrap_sources(root: Any) -> None:
    """Who says a quotation is text, no paragraph."""
    from lxml import etree

    for source in root.iter("attrib"):
        for paragraph in source.findall("p"):
            paragraph.tag = "sc"
        etree.strip_tags(source, "sc")


def _identify_tables(root: Any) -> None:
    """The identifier of a table belongs to its wrap; notes after it belong into it."""
    for table in root.iter("table"):
        wrap = table.getparent()
        if table.get("id") and wrap.tag == "table-wrap":
            wrap.set("id", table.attrib.pop("id"))
    for foot in list(root.iter("table-wrap-foot")):
        wrap = foot.getprevious()
        if wrap is not None and wrap.tag == "table-wrap":
            wrap.append(foot)
        else:
            foot.tag = "disp-quote"


def _note_fictional(root: Any, front: Front) -> None:
    """A note in the front matter, the place for what a reader must know of the whole article."""
    if not front.demonstration:
        return
    notes = root.makeelement("notes", {"notes-type": "fictional-data"})
    title = root.makeelement("title")
    title.text = "Fictional data"
    paragraph = root.makeelement("p")
    paragraph.text = FICTIONAL
    notes.extend([title, paragraph])
    root.find("front").append(notes)


def _reference_types(root: Any) -> None:
    """Links within the article say what they lead to."""
    kinds = {"fig": "fig", "table-wrap": "table", "sec": "sec", "ref": "bibr"}
    named = (element for element in root.iter() if element.get("id"))
    targets = {element.get("id"): kinds.get(element.tag) for element in named}
    for link in root.iter("xref"):
        kind = targets.get(link.get("rid"))
        if kind:
            link.set("ref-type", kind)


def _number_references(root: Any) -> None:
    """Where citations are numbers, the references carry them and stand in their order."""
    numbers: dict[str, int] = {}
    for link in root.iter("xref"):
        said = _NUMBER.match("".join(link.itertext()))
        if link.get("ref-type") == "bibr" and said:
            numbers.setdefault(link.get("rid"), int(said[1]))
    for references in root.iter("ref-list"):
        entries = references.findall("ref")
        if not all(entry.get("id") in numbers for entry in entries):
            continue
        for entry in sorted(entries, key=lambda entry: numbers[entry.get("id")]):
            label = entry.makeelement("label")
            label.text = str(numbers[entry.get("id")])
            entry.insert(0, label)
            references.append(entry)

"""The paper as a Word file, for co-authors and journals that want one."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.report import ast
from themetrail.report.ast import Node
from themetrail.report.render import pandoc
from themetrail.report.render.document import (
    FICTIONAL,
    RUNNING,
    Front,
    data_address,
    meta_list,
    meta_text,
    place_pictures,
    raster_of,
    with_meta,
)
from themetrail.report.render.docx_reference import W, parse_xml, reference, repack, xml_bytes

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
#: rows and characters of a table that is kept on one page, and rows that never stand alone
_SHORT, _MOST_CHARACTERS, _FEW = 21, 2500, 4
#: Pandoc would write the bibliography's path here, among others
_NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>\n'
)


def write(
    document: Mapping[str, Any],
    output: Path,
    front: Front,
    *,
    bibliography: Path | None,
    csl: Path | None,
    folders: Sequence[Path],
) -> None:
    """Write the Word file; pictures are PNG, since older Words show no SVG."""
    headed = with_meta(document, _meta(front))
    headed["blocks"] = [*_first_page(front), *headed["blocks"]]
    placed = place_pictures(headed, folders, lambda path: data_address(raster_of(path)))
    notice = RUNNING if front.demonstration else ""
    with tempfile.TemporaryDirectory() as scratch:
        model, made = Path(scratch, "reference.docx"), Path(scratch, "paper.docx")
        model.write_bytes(reference(front.short_title or front.title, notice, front.language))
        pandoc.convert(
            placed,
            made,
            to="docx",
            after=["docx.lua"],
            bibliography=bibliography,
            csl=csl,
            arguments=[f"--reference-doc={model}"],
        )
        authors = "; ".join(author.name for author in front.authors)
        changes = {
            "word/document.xml": _finish,
            "docProps/custom.xml": lambda _: _NO_PROPERTIES,
            "docProps/core.xml": lambda data: _name_authors(data, authors),
        }
        finished = repack(made.read_bytes(), changes)
    output.write_bytes(finished)


def _meta(front: Front) -> dict[str, Node]:
    """Title and file properties; the rest of the title block is paragraphs of their own styles."""
    meta: dict[str, Node] = {
        "title": meta_text(front.title),
        "lang": meta_text(front.language),
        "description": meta_text(front.description),
        "link-citations": {"t": "MetaBool", "c": True},
    }
    if front.keywords:
        meta["keywords"] = meta_list(meta_text(word) for word in front.keywords)
    return meta


def _styled(style: str, content: Sequence[Node]) -> Node:
    return ast.div([ast.para(content)], [], {"custom-style": style})


def _raised(text: str) -> list[Node]:
    return [{"t": "Superscript", "c": ast.inlines(text)}] if text else []


def _strong(text: str) -> Node:
    return {"t": "Strong", "c": ast.inlines(text)}


def _first_page(front: Front) -> list[Node]:
    """Authors, affiliations, date, the notice on fictional data, abstract and key words."""
    blocks: list[Node] = []
    if front.authors:
        names: list[Node] = []
        for number, author in enumerate(front.authors):
            names += ast.inlines(", ") if number else []
            names += [*ast.inlines(author.name), *_raised(author.marks)]
        blocks.append(_styled("Author", names))
    blocks += [
        _styled("Affiliation", [*_raised(mark), *ast.inlines(f" {name}" if mark else name)])
        for mark, name in front.affiliations
    ]
    if front.date:
        blocks.append(_styled("Date", ast.inlines(front.date)))
    if front.demonstration:
        said = [_strong("Fictional data."), *ast.inlines(f" {FICTIONAL}")]
        blocks.append(_styled("Notice", said))
    if front.abstract:
        blocks.append(_styled("Abstract Title", ast.inlines("Abstract")))
        blocks.append(ast.div(copy.deepcopy(front.abstract), [], {"custom-style": "Abstract"}))
    if front.keywords:
        said = [_strong("Key words:"), *ast.inlines(" " + ", ".join(front.keywords))]
        blocks.append(_styled("Abstract", said))
    return blocks


def _name_authors(data: bytes, names: str) -> bytes:
    """The authors in the file's properties; nobody else."""
    root = parse_xml(data)
    for element in root.iter("{http://purl.org/dc/elements/1.1/}creator"):
        element.text = names
    return xml_bytes(root)


def _drop_last_turn(root: Any) -> None:
    """A document that ends on a page on its side ends there, not on an empty upright one."""
    body = root.find(f"{{{W}}}body")
    marks = (f"{{{W}}}bookmarkStart", f"{{{W}}}bookmarkEnd")
    blocks = [element for element in body if element.tag not in marks]
    if len(blocks) < 2:
        return
    turn, last = blocks[-2].find(f"{{{W}}}pPr/{{{W}}}sectPr"), blocks[-1]
    if turn is None or last.tag != f"{{{W}}}sectPr":
        return
    for name in ("pgSz", "pgMar"):
        old, new = last.find(f"{{{W}}}{name}"), turn.find(f"{{{W}}}{name}")
        last.replace(old, copy.deepcopy(new))
    body.remove(blocks[-2])


def _finish(data: bytes) -> bytes:
    """Running heads for every section, tables that break well, empty cells that stay low."""
    root = parse_xml(data)
    _drop_last_turn(root)
    sections = root.findall(f".//{{{W}}}sectPr")
    marks = [f"{{{W}}}headerReference", f"{{{W}}}footerReference"]
    heads = [element for element in sections[-1] if element.tag in marks] if sections else []
    for section in sections[:-1]:
        if not any(element.tag in marks for element in section):
            for place, element in enumerate(heads):
                section.insert(place, copy.deepcopy(element))
    for row in root.iter(f"{{{W}}}tr"):
        properties = row.find(f"{{{W}}}trPr")
        if properties is None:
            properties = row.makeelement(f"{{{W}}}trPr")
            row.insert(0, properties)
        properties.insert(0, properties.makeelement(f"{{{W}}}cantSplit"))
    for paragraph in root.iterfind(f".//{{{W}}}tc/{{{W}}}p"):
        if paragraph.find(f"{{{W}}}pPr/{{{W}}}pStyle") is None:
            _style(paragraph, "Compact")
    for table in root.iter(f"{{{W}}}tbl"):
        _keep_together(table)
    for name in root.iter(f"{{{_PICTURE}}}cNvPr"):
        # Pandoc puts the picture's address there, which is the whole picture in letters.
        name.attrib.pop("descr", None)
    for inline in root.iter(f"{{{_DRAWING}}}inline"):
        # Where these are not said LibreOffice leaves an eighth of an inch at each side.
        for side in "TBLR":
            inline.set(f"dist{side}", "0")
    return xml_bytes(root)


def _keep_together(table: Any) -> None:
    """A short table stays on one page; a long one leaves no row or two alone at either end."""
    rows = table.findall(f"{{{W}}}tr")
    short = len(rows) <= _SHORT and sum(map(_length, rows)) <= _MOST_CHARACTERS
    kept = rows[:-1] if short else [*rows[:_FEW], *rows[-_FEW:-1]]
    for row in kept:
        for paragraph in row.iterfind(f"{{{W}}}tc/{{{W}}}p"):
            properties = paragraph.find(f"{{{W}}}pPr")
            properties.insert(1, properties.makeelement(f"{{{W}}}keepNext"))


def _length(row: Any) -> int:
    """Characters of a row."""
    return len("".join(row.itertext()))


def _style(paragraph: Any, name: str) -> None:
    """Give a paragraph a style."""
    properties = paragraph.find(f"{{{W}}}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{{{W}}}pPr")
        paragraph.insert(0, properties)
    properties.insert(0, properties.makeelement(f"{{{W}}}pStyle", {f"{{{W}}}val": name}))

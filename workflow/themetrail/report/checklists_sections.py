"""A filled document by section: its words, and which facts, tables and figures stand in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from themetrail.report import ast
from themetrail.report.ast import Node

ABSTRACT = "abstract"
_BESIDE = ("Table", "Figure")


@dataclass
class Section:
    """A stretch of the paper under one heading.

    Attributes
    ----------
    id : the heading's anchor.
    title : its words.
    level : 1 for the highest.
    words : words of the text, without quotations, tables, figures and citations.
    quoted : words of quotations set off.
    text : all its words, tables aside.
    facts : ids of the facts that stand in it, tables included.
    said : those of them that stand in its text.
    anchors : ids of its own heading, tables and figures.
    """

    id: str
    title: str
    level: int
    words: int = 0
    quoted: int = 0
    text: str = ""
    facts: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)


def sections(document: Mapping[str, Any]) -> list[Section]:
    """The sections of a filled document (``results/report/paper.json``), in order.

    The abstract, where there is one, comes first; text before the first heading belongs to a
    section without a title.
    """
    found: list[Section] = []
    abstract = document.get("meta", {}).get("abstract")
    if abstract is not None:
        content = abstract["c"]
        blocks = content if abstract["t"] == "MetaBlocks" else [ast.para(content)]
        found.append(Section("abstract-title", "Abstract", 1, anchors={"abstract-title"}))
        for block in _flat(blocks):
            _add(found[-1], block)
    for block in _flat(document["blocks"]):
        if block["t"] == "Header":
            level, (name, *_), content = block["c"]
            found.append(Section(name, ast.text_of(content), level, anchors={name}))
            found[-1].facts |= _facts(content)
        else:
            if not found or (found[-1].title == "Abstract" and len(found) == 1):
                found.append(Section("text", "", 1, anchors={"text"}))
            _add(found[-1], block)
    return found


def _flat(blocks: list[Node]) -> Iterator[Node]:
    """Blocks, those of mere containers in their place."""
    for block in blocks:
        if block["t"] == "Div" and "quote" not in block["c"][0][1]:
            yield from _flat(block["c"][1])
        else:
            yield block


def _add(section: Section, block: Node) -> None:
    """Count a block and note what it holds."""
    section.facts |= _facts(block)
    if block["t"] in _BESIDE:
        section.anchors.add(block["c"][0][0])
        return
    section.said |= _facts(block)
    text = ast.text_of(_uncited(block))
    section.text += f"{text} "
    count = len(text.split())
    if block["t"] == "Div":
        section.quoted += count
    else:
        section.words += count


def _facts(value: Any) -> set[str]:
    """Ids of facts within a part of the tree."""
    pairs = (node["c"][0][2] for node in ast.elements(value) if node["t"] == "Span")
    return {text for pair in pairs for key, text in pair if key == "data-fact"}


def _uncited(block: Node) -> Any:
    """A block without its citations, whose printed form is not known here."""
    return ast.rewrite(block, lambda node: [] if node["t"] == "Cite" else None)

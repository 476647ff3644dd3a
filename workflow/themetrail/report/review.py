"""The paper for reviewers: without its authors, each line numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from themetrail.report import ast
from themetrail.report.ast import Node

AUTHOR, AFFILIATION = "[author]", "[affiliation]"
#: what of the title block tells who wrote the paper
_TELLING = frozenset({"author", "affiliation", "institute", "thanks", "contributions"})
_AROUND = ".,;:!?()[]“”‘’\"'"


def anonymous(document: Mapping[str, Any], study: Mapping[str, Any]) -> dict[str, Any]:
    """A filled document without names and affiliations of its authors.

    They are taken out of the title block, and wherever the text has one of them in full a word
    in brackets stands for it. Initials, names of one word (coders are often called by those) and
    what a reader could guess stay.

    Parameters
    ----------
    document : Pandoc's JSON document.
    study : the ``study`` settings, whose authors and team are the names.
    """
    names = {one["name"]: AUTHOR for one in [*study["authors"], *study["team"]]}
    places = {one.get("affiliation", ""): AFFILIATION for one in study["authors"]}
    meta = {key: value for key, value in document["meta"].items() if key not in _TELLING}
    every = ((name.split(), word) for name, word in {**names, **places}.items())
    known = [(words, word) for words, word in every if len(words) > 1]
    known.sort(key=lambda pair: -len(pair[0]))
    return {**document, **_without({"meta": meta, "blocks": document["blocks"]}, known)}


def _without(value: Any, known: Sequence[tuple[list[str], str]]) -> Any:
    """The tree with names replaced in every run of words."""
    if isinstance(value, dict):
        return {key: _without(part, known) for key, part in value.items()}
    if not isinstance(value, list):
        return value
    if any(ast.is_node(item) and item["t"] == "Str" for item in value):
        value = _replaced(value, known)
    return [_without(item, known) for item in value]


def _replaced(inlines: list[Node], known: Sequence[tuple[list[str], str]]) -> list[Node]:
    """One run of inlines: words of a name, spaces between them, become one word."""
    made: list[Node] = []
    place = 0
    while place < len(inlines):
        for words, instead in known:
            length = 2 * len(words) - 1
            found = inlines[place : place + length]
            if _spells(found, words):
                last = found[-1]["c"]
                tail = last[len(last.rstrip(_AROUND)) :]
                first = found[0]["c"]
                head = first[: len(first) - len(first.lstrip(_AROUND))]
                made.append({"t": "Str", "c": f"{head}{instead}{tail}"})
                place += length
                break
        else:
            made.append(inlines[place])
            place += 1
    return made


def _spells(found: Sequence[Node], words: Sequence[str]) -> bool:
    """Whether inlines are these words with spaces between, punctuation around them aside."""
    if len(found) != 2 * len(words) - 1:
        return False
    spaces = all(ast.is_node(node) and node["t"] in ("Space", "SoftBreak") for node in found[1::2])
    said = [node["c"] if ast.is_node(node) and node["t"] == "Str" else "" for node in found[::2]]
    plain = [word.strip(_AROUND) for word in words]
    return spaces and [word.strip(_AROUND) for word in said] == plain

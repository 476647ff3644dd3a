"""Tokens in a document tree: each is replaced by what its placeholder asked for."""

from __future__ import annotations

import json
import re
from typing import Any

from themetrail.report import ast
from themetrail.report.ast import Node
from themetrail.report.filling import Filling
from themetrail.report.placeholders import BLOCKS, Placeholder, Scanned, token_pattern


class Tokens:
    """Replaces the tokens of one scanned manuscript in its document tree."""

    def __init__(self, scanned: Scanned, filling: Filling, manuscript: str) -> None:
        self.filling = filling
        self.pattern = token_pattern(scanned.stem)
        self.placeholders = scanned.placeholders
        self.headings: dict[str, int] = {}
        self.manuscript = manuscript

    def replace_all(self, document: Node) -> Node:
        """The whole document, then whatever token is left where none may be."""
        filled: Node = ast.rewrite(document, self.replace)
        left = sorted({int(n) for n in self.pattern.findall(json.dumps(filled).lower())})
        for number in left:
            one = self.placeholders[number]
            message = f"{one.source} stands in an address, an attribute, a formula or raw code"
            remedy = "Placeholders belong in text, or in a paragraph of their own."
            self.filling.report(one, "misplaced_placeholder", message, remedy)
        return filled

    def replace(self, node: Node) -> list[Node] | None:
        """What an element becomes; None for one to look into."""
        kind = node["t"]
        if kind == "Str":
            return self._string(node["c"])
        if kind in ("Code", "CodeBlock"):
            attributes, text = node["c"]
            return [{"t": kind, "c": [attributes, self._restored(text)]}]
        if kind in ("Para", "Plain"):
            return self._paragraph(node["c"])
        if kind == "Header":
            return [self._header(*node["c"])]
        if kind == "Div":
            return self._div(*node["c"])
        if kind in ("RawBlock", "RawInline"):
            return self._raw(*node["c"])
        if kind == "Link":
            self._check_link(node["c"][2][0])
        return None

    def _line(self, text: str) -> int | None:
        """The line of the manuscript on which a text first stands."""
        first = text.strip().partition("\n")[0]
        place = self.manuscript.find(first) if first else -1
        return None if place < 0 else self.manuscript.count("\n", 0, place) + 1

    def _raw(self, form: str, text: str) -> list[Node]:
        """Raw HTML or TeX: it would stand in one format and be lost in the others."""
        self.filling.problems.add(
            "error",
            "raw_markup",
            self.filling.file,
            f"raw {form}, which the paper’s other formats can't have",
            "Write it in Markdown, or take it out; in code (`…`) it is shown as it is.",
            line=self._line(text),
        )
        return []

    def _check_link(self, target: str) -> None:
        """Links lead to the web, to mail, or within the paper."""
        scheme = re.match(r"\s*([A-Za-z][\w+.-]*):", target)
        if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
            self.filling.problems.add(
                "error",
                "unsafe_link",
                self.filling.file,
                f"a link to {scheme[1]}:…",
                "Links may begin with https:, http: or mailto:, or lead to a #section.",
                line=self._line(target),
            )

    def _find(self, match: re.Match[str]) -> Placeholder:
        return self.placeholders[int(match[1])]

    def _restored(self, text: str) -> str:
        return self.pattern.sub(lambda match: self._find(match).source, text)

    def _string(self, text: str) -> list[Node] | None:
        """A word with tokens in it."""
        if not self.pattern.search(text):
            return None
        made: list[Node] = []
        place = 0
        for match in self.pattern.finditer(text):
            made += ast.inlines(text[place : match.start()])
            place = match.end()
            one = self._find(match)
            if one.name in BLOCKS:
                message = f"{one.source} stands within a paragraph"
                remedy = "Give it a paragraph of its own, with blank lines around it."
                self.filling.report(one, "misplaced_placeholder", message, remedy)
            else:
                made += self.filling.inlines(one)
        return made + ast.inlines(text[place:])

    def _paragraph(self, content: list[Node]) -> list[Node] | None:
        """A paragraph that is one placeholder and nothing else."""
        if len(content) != 1 or content[0]["t"] != "Str":
            return None
        match = self.pattern.fullmatch(content[0]["c"])
        if match is None:
            return None
        one = self._find(match)
        return self.filling.blocks(one) if one.name in BLOCKS else self.filling.list_of(one)

    def _header(self, level: int, attributes: list[Any], content: list[Node]) -> Node:
        """A heading; an identifier that Pandoc made of a token is made of its text instead."""
        filled = ast.rewrite(content, self.replace)
        self.filling.level = level
        name, classes, pairs = attributes
        if self.pattern.search(name):
            name = re.sub(r"[^\w]+", "-", ast.text_of(filled).lower()).strip("-") or "section"
            self.headings[name] = self.headings.get(name, 0) + 1
            if self.headings[name] > 1:
                name = f"{name}-{self.headings[name]}"
        return {"t": "Header", "c": [level, [name, classes, pairs], filled]}

    def _div(self, attributes: list[Any], content: list[Node]) -> list[Node] | None:
        """A part that stands only where its condition holds."""
        name, classes, pairs = attributes
        asked = {key: value for key, value in pairs if key in ("when", "unless")}
        if not asked:
            return None
        for key, condition in asked.items():
            holds = self.filling.holds.get(condition)
            if holds is None:
                self.filling.no_condition(condition)
            elif holds != (key == "when"):
                return []
        inside: list[Node] = ast.rewrite(content, self.replace)
        rest = [pair for pair in pairs if pair[0] not in asked]
        if name or classes or rest:
            return [{"t": "Div", "c": [[name, classes, rest], inside]}]
        return inside

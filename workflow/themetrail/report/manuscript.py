"""Fill a manuscript: placeholders become facts, quotations, tables and figures.

The Markdown is read by Pandoc with an inert token where each placeholder stood; tokens are then
replaced in the document tree. What is put in is never read as Markdown or as anything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.errors import InputError, Problem, Problems, did_you_mean
from themetrail.report import ast, conditions
from themetrail.report.ast import Node
from themetrail.report.catalogue import MANUSCRIPT, wrong
from themetrail.report.facts import Fact, by_id, shown
from themetrail.report.paper_table import PaperTable, to_blocks
from themetrail.report.placeholders import BLOCKS, Placeholder, Scanned, scan, token_pattern
from themetrail.report.quotations import Quotations, theme_section
from themetrail.report.references import check_references
from themetrail.report.texts import Text, inline, metadata, texts_of
from themetrail.report.vocabulary import Vocabulary, as_study

if TYPE_CHECKING:
    import pandas as pd

Document = dict[str, Any]


def fill(
    manuscript: str,
    facts: Iterable[Fact],
    quotes: pd.DataFrame,
    tables: Mapping[str, PaperTable],
    figures: Mapping[str, Mapping[str, str]],
    study: StudyConfig | Mapping[str, Any],
    *,
    file: str = MANUSCRIPT,
) -> tuple[Document, list[Problem]]:
    """A manuscript as a document tree with everything in its place.

    Parameters
    ----------
    manuscript : Pandoc Markdown with placeholders (``docs/manuscript.md``).
    facts : of the run.
    quotes : contract ``quotes``.
    tables : paper tables by name (``paper_tables.build``).
    figures : figures by name, each with ``path``, ``caption`` and ``alt``.
    study : the study's choices; they also give the title block where the manuscript's own
        header does not.
    file : the manuscript's name, for problems.

    Returns
    -------
    document : Pandoc's JSON document.
    problems : errors stop the paper; a warning names a fact that has no value.
    """
    choices = as_study(study)
    problems = Problems()
    known = by_id(facts)
    unknown = conditions.unknown(manuscript)
    filling = _Filling(known, Quotations(quotes), tables, figures, choices, file, problems, unknown)
    scanned = scan(manuscript, file, problems)
    quiet = conditions.silenced(manuscript, filling.holds)
    filling.check([one for one in scanned.placeholders if one.line not in quiet])
    try:
        document = ast.parse(scanned.text)
    except InputError as error:
        problems.add("error", "unreadable_manuscript", file, f"Pandoc can't read it: {error}")
        return {}, problems.rows
    filled = _Tokens(scanned, filling, manuscript).replace_all(document)
    filled["meta"] = {**metadata(choices.settings), **filled["meta"]}
    check_references(filled, manuscript, file, problems)
    return filled, problems.rows


@dataclass
class _Filling:
    """What placeholders are filled with; ``level`` is that of the heading above."""

    facts: Mapping[str, Fact]
    quotations: Quotations
    tables: Mapping[str, PaperTable]
    figures: Mapping[str, Mapping[str, str]]
    study: StudyConfig
    file: str
    problems: Problems
    unknown: Mapping[str, int]
    level: int = 0
    holds: Mapping[str, bool] = field(init=False)
    texts: Mapping[str, Text] = field(init=False)

    def __post_init__(self) -> None:
        values = {name: fact.value for name, fact in self.facts.items()}
        self.holds = conditions.from_facts(values, self.study.settings)
        self.texts = texts_of(self.study.settings)

    def report(self, one: Placeholder, kind: str, message: str, remedy: str = "") -> None:
        """Add an error at a placeholder's line."""
        self.problems.add("error", kind, self.file, message, remedy, line=one.line)

    def no_condition(self, name: str) -> None:
        """Add an error at the line of a part whose condition is none."""
        near = did_you_mean(name, conditions.CONDITIONS)
        line = self.unknown.get(name)
        message = f"no condition {name!r}"
        self.problems.add("error", "unknown_condition", self.file, message, near, line=line)

    # ------------------------------------------------------------------ before Pandoc
    def check(self, placeholders: Sequence[Placeholder]) -> None:
        """Report what can't be filled, and what has no value."""
        words = Vocabulary(
            themes={theme.id: theme.title for theme in self.study.themes},
            reflexive=self.holds["reflexive"],
        )
        for one in placeholders:
            found = list(wrong(one, words, self.facts))
            for kind, message, remedy in found:
                self.report(one, kind, message, remedy)
            if not found:
                self._check_value(one)

    def _check_value(self, one: Placeholder) -> None:
        first = str(one.arguments[0]) if one.arguments else ""
        if one.name == "fact":
            self._check_fact(one, self.facts[first])
        elif one.name == "quote" and self.quotations.find(first, one.arguments[1:]) is None:
            have = self.quotations.available(first)
            self.report(one, "unknown_quote", f"{one.source} is not there: {have}")
        elif one.name == "table" and first not in self.tables:
            self.report(one, "missing_table", f"the table {first!r} was not made")
        elif one.name == "figure" and first not in self.figures:
            remedy = 'Put it in a block ::: {when="coded"} … ::: where it needs coding.'
            self.report(one, "missing_figure", f"the figure {first!r} was not made", remedy)

    def _check_fact(self, one: Placeholder, fact: Fact) -> None:
        try:
            shown(fact, _variant(one))
        except InputError as error:
            self.report(one, "unknown_variant", str(error))
        if fact.value is None:
            message = f"{fact.id} has no value; the paper says “{fact.text}”"
            self.problems.add("warning", "undefined_fact", self.file, message, line=one.line)

    # ------------------------------------------------------------------ inlines and blocks
    def inlines(self, one: Placeholder) -> list[Node]:
        """What stands for a placeholder within text."""
        name = str(one.arguments[0])
        if one.name == "text":
            return ast.inlines(inline(self.texts[name])) if name in self.texts else []
        fact = self.facts.get(name)
        return [] if fact is None else [fact_span(fact, self._shown(fact, one))]

    def _shown(self, fact: Fact, one: Placeholder) -> str:
        try:
            return shown(fact, _variant(one))
        except InputError:  # already reported
            return fact.text

    def blocks(self, one: Placeholder) -> list[Node]:
        """What stands for a placeholder that has a paragraph to itself."""
        first = str(one.arguments[0]) if one.arguments else ""
        makers: dict[str, Callable[[], list[Node]]] = {
            "quote": lambda: self.quotations.blocks(first, one.arguments[1:]),
            "table": lambda: to_blocks(self.tables[first]) if first in self.tables else [],
            "figure": lambda: self._figure(first),
            "findings": lambda: self._findings(first),
        }
        return makers[one.name]()

    def _figure(self, name: str) -> list[Node]:
        given = self.figures.get(name)
        if given is None:
            return []
        caption = ast.inlines(given["caption"])
        label = f"fig-{name.replace('_', '-')}"
        return [ast.figure(label, given["path"], given["alt"], caption, {"data-figure": name})]

    def _findings(self, theme: str) -> list[Node]:
        wanted = [one for one in self.study.themes if theme in ("", one.id)]
        blocks: list[Node] = []
        for one in wanted:
            blocks += theme_section(one, self.facts, self.quotations, fact_span, self.level + 1)
        return blocks

    def list_of(self, one: Placeholder) -> list[Node] | None:
        """A text that is a list, as one; None of any other."""
        text = self.texts.get(str(one.arguments[0])) if one.name == "text" else None
        if not isinstance(text, list) or not text:
            return None
        return [ast.bullets([[ast.plain(ast.inlines(item))] for item in text])]


def _variant(one: Placeholder) -> str:
    return str(one.arguments[1]) if len(one.arguments) > 1 else ""


def fact_span(fact: Fact, text: str | None = None) -> Node:
    """A fact as it stands in the paper: its text, and its id for whoever asks why."""
    said = fact.text if text is None else text
    return ast.data_span(said, ["fact"], {"data-fact": fact.id})


class _Tokens:
    """Replaces the tokens of one scanned manuscript in its document tree."""

    def __init__(self, scanned: Scanned, filling: _Filling, manuscript: str) -> None:
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

"""What stands for each placeholder of a manuscript, and what is wrong where nothing does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from themetrail.config import StudyConfig, runs_machine
from themetrail.errors import InputError, Problems, did_you_mean
from themetrail.report import ast, conditions
from themetrail.report.ast import Node
from themetrail.report.catalogue import wrong
from themetrail.report.facts import Fact, shown
from themetrail.report.paper_table import PaperTable, to_blocks
from themetrail.report.placeholders import Placeholder
from themetrail.report.quotations import Quotations, theme_section
from themetrail.report.texts import Text, inline, texts_of
from themetrail.report.vocabulary import Vocabulary


@dataclass
class Filling:
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
            machine=runs_machine(self.study.settings),
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

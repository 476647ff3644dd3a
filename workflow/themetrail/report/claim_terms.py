"""What a claim holds by: comparisons of facts, such as ``theme.*.sites = of and n.sites >= 4``.

This is the whole language: a fact (``*`` stands for one part of its id, and then every fact that
fits must pass), a sign, and what it is compared with: a number, a per cent of what the fact is out
of, ``of`` (all of them), another fact, or a text in quotation marks. Comparisons are joined by
``and``. Nothing in a manuscript can be run.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from themetrail.errors import InputError
from themetrail.report.family import Value

USAGE = "Write e.g. theme.T1.participants >= 80%, theme.*.sites = of, or n.conflicts < 200."
_TERM = re.compile(
    r"""\s*(?P<fact>[A-Za-z0-9_*][\w.*-]*)\s*(?P<sign>>=|<=|!=|=|<|>|≥|≤|≠)\s*
    (?P<other>'[^']*'|-?\d+(?:\.\d+)?\s*%?|[A-Za-z][\w.-]*)\s*""",
    re.VERBOSE,
)
_AND = re.compile(r"and\s", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<number>-?\d+(?:\.\d+)?)\s*(?P<percent>%?)")
_PLAIN = {"≥": ">=", "≤": "<=", "≠": "!="}
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


class Known(Protocol):
    """What a comparison needs of a fact (``report.facts.Fact`` has it)."""

    @property
    def value(self) -> Value:
        """Number or text."""

    @property
    def of(self) -> int | None:
        """What a count is out of."""

    @property
    def text(self) -> str:
        """As printed."""

    @property
    def unit(self) -> str:
        """What is counted."""


@dataclass(frozen=True)
class Term:
    """One comparison, as written: a fact's id or pattern, a sign, and the other side."""

    fact: str
    sign: str
    other: str

    def names(self, known: Iterable[str]) -> list[str]:
        """The facts that it is about."""
        if "*" not in self.fact:
            return [name for name in known if name == self.fact]
        parts = (re.escape(part) for part in self.fact.split("*"))
        pattern = re.compile("[^.]+".join(parts))
        return sorted(name for name in known if pattern.fullmatch(name))

    @property
    def other_fact(self) -> str:
        """The fact on the other side; empty where there is none."""
        if self.other == "of" or self.other[0] == "'" or _NUMBER.fullmatch(self.other):
            return ""
        return self.other


def read(text: str) -> tuple[Term, ...]:
    """A condition's comparisons.

    Raises
    ------
    InputError
        It can't be read.

    >>> [term.fact for term in read("n.sites >= 2 and theme.*.sites = of")]
    ['n.sites', 'theme.*.sites']
    """
    terms: list[Term] = []
    place = 0
    while True:
        found = _TERM.match(text, place)
        if found is None:
            message = f"the condition {text!r} can't be read"
            raise InputError(message)
        sign = _PLAIN.get(found["sign"], found["sign"])
        if found["other"][0] == "'" and sign not in ("=", "!="):
            message = f"the condition {text!r} orders a text"
            raise InputError(message)
        terms.append(Term(found["fact"], sign, found["other"].strip()))
        place = found.end()
        if place == len(text):
            return tuple(terms)
        joined = _AND.match(text, place)
        if joined is None:
            message = f"the condition {text!r} can't be read from {text[place:]!r} on"
            raise InputError(message)
        place = joined.end()


def share(fact: Known) -> float | None:
    """A fact as a share of 0 to 1; None where it is none, or has no value."""
    if not isinstance(fact.value, int | float):
        return None
    if fact.unit == "share":
        return float(fact.value)
    return fact.value / fact.of if fact.of else None


def passes(term: Term, fact: Known, facts: Mapping[str, Known]) -> bool | None:
    """Whether a fact passes; None where that can't be said: no value, or nobody counted yet."""
    if fact.value is None or fact.of == 0:
        return None
    if term.other[0] == "'":
        return (fact.text == term.other[1:-1]) is (term.sign == "=")
    left, right = _sides(term, fact, facts)
    if left is None or right is None:
        return None
    return _SIGNS[term.sign](left, right)


def _sides(
    term: Term, fact: Known, facts: Mapping[str, Known]
) -> tuple[float | None, float | None]:
    number = _NUMBER.fullmatch(term.other)
    if number is not None and number["percent"]:
        return share(fact), float(number["number"]) / 100
    value = float(fact.value) if isinstance(fact.value, int | float) else None
    if number is not None:
        return value, float(number["number"])
    if term.other == "of":
        return value, fact.of
    other = facts.get(term.other)
    known = other.value if other is not None else None
    return value, float(known) if isinstance(known, int | float) else None


@dataclass(frozen=True)
class Verdict:
    """What facts say of a condition.

    Attributes
    ----------
    holds : None where it can't be said.
    against : ids of the facts that fail, sorted.
    """

    holds: bool | None
    against: tuple[str, ...]


def judge(terms: Iterable[Term], facts: Mapping[str, Known]) -> Verdict:
    """Whether all comparisons hold."""
    against: set[str] = set()
    unknown = False
    for term in terms:
        names = term.names(facts)
        unknown = unknown or not names
        for name in names:
            passed = passes(term, facts[name], facts)
            unknown = unknown or passed is None
            if passed is False:
                against.add(name)
    holds = False if against else None if unknown else True
    return Verdict(holds, tuple(sorted(against)))

"""Claims of a study, each with the condition on facts by which it holds.

A theme's claim (``themes.yaml``) holds while more people support it than speak against it. Others
are marked where the manuscript makes them:
``[Every theme was spoken to at every site]{.claim #everywhere holds="theme.*.sites = of"}``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from themetrail.config import IDENTIFIER, Theme
from themetrail.errors import InputError, Problem, Problems
from themetrail.report import ast, claim_terms
from themetrail.report.claim_terms import USAGE, Known

CLASS = "claim"
HOLDS = "holds"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{(?P<inside>[^{}]*\.claim\b(?:\"[^\"]*\"|'[^']*'|[^{}\"'])*)\}")
_ID = re.compile(r"#(?P<id>[^\s{}#]+)")
_CONDITION = re.compile(r"""\bholds=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes
    ----------
    id : a theme's id, or the one given in the manuscript.
    source : theme or manuscript.
    says : its words, as the paper prints them.
    condition : comparisons of facts (``claim_terms``).
    """

    id: str
    source: str
    says: str
    condition: str


@dataclass(frozen=True)
class Judged:
    """A claim and what the evidence says of it.

    Attributes
    ----------
    state : holds, contradicted, or open (a fact has no value, or nobody was coded yet).
    support : share of those counted who support it (of several facts the least); None of a claim
        that is not about a share.
    support_text : the same as printed.
    against : ids of the facts that fail.
    """

    claim: Claim
    state: str
    support: float | None
    support_text: str
    against: tuple[str, ...]

    @property
    def key(self) -> str:
        """What an acknowledgement names: another contradiction of the claim has another key."""
        parts = [self.claim.id, self.claim.condition, *self.against]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:8]


def of_themes(themes: Iterable[Theme]) -> list[Claim]:
    """The claims that themes make; none of a theme without one."""
    return [
        Claim(
            one.id,
            "theme",
            one.claim,
            f"theme.{one.id}.support.participants > theme.{one.id}.counter.participants",
        )
        for one in themes
        if one.claim
    ]


def of_document(document: Mapping[str, Any]) -> list[Claim]:
    """The claims that are marked in a filled manuscript, in its order."""
    parts = [document.get("meta", {}), document.get("blocks", [])]
    return [
        Claim(content[0][0], "manuscript", " ".join(ast.text_of(content[1]).split()), condition)
        for node in ast.elements(parts)
        if node["t"] in ("Span", "Div") and CLASS in node["c"][0][1]
        for content in [node["c"]]
        for condition in [dict(content[0][2]).get(HOLDS, "")]
        if condition
    ]


def judged(claims: Iterable[Claim], facts: Mapping[str, Known]) -> list[Judged]:
    """What facts say of claims.

    Raises
    ------
    InputError
        A condition can't be read.
    """
    found = []
    for claim in claims:
        terms = claim_terms.read(claim.condition)
        verdict = claim_terms.judge(terms, facts)
        state = {True: "holds", False: "contradicted", None: "open"}[verdict.holds]
        least = _least(terms[0].names(facts), facts)
        support = None if least is None else claim_terms.share(facts[least])
        text = "" if least is None else facts[least].text
        found.append(Judged(claim, state, support, text, verdict.against))
    return found


def _least(names: Iterable[str], facts: Mapping[str, Known]) -> str | None:
    """The fact with the lowest share; of equals the first."""
    shares = [(claim_terms.share(facts[name]), name) for name in names]
    known = [(share, name) for share, name in shares if share is not None]
    return min(known)[1] if known else None


# ------------------------------------------------------------------ before a run
def marks(manuscript: str) -> Iterator[tuple[int, str, str | None]]:
    """Line, id and condition of every claim that a manuscript's text marks."""
    text = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), manuscript)
    for found in _ATTRIBUTES.finditer(text):
        name, condition = _ID.search(found["inside"]), _CONDITION.search(found["inside"])
        line = text.count("\n", 0, found.start()) + 1
        said = None if condition is None else condition["double"] or condition["single"] or ""
        yield line, name["id"] if name else "", said


def check(
    manuscript: str,
    themes: Iterable[Theme],
    known: Collection[str],
    file: str,
    *,
    gone: Collection[int] = (),
) -> list[Problem]:
    """What is wrong with the claims that a manuscript marks.

    Parameters
    ----------
    themes : of the study; a claim may not have the id of one.
    known : ids of all facts.
    file : the manuscript's name, for problems.
    gone : lines that will not stand in the paper.
    """
    problems = Problems()
    seen = {theme.id for theme in themes}
    for line, name, condition in marks(manuscript):
        if line in gone:
            continue
        for kind, message, remedy in _wrong(name, condition, known, seen):
            problems.add("error", kind, file, message, remedy, line=line)
        seen.add(name)
    return problems.rows


def _wrong(
    name: str, condition: str | None, known: Collection[str], seen: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    example = '[…]{.claim #everywhere holds="theme.*.sites = of"}'
    if not IDENTIFIER.match(name):
        yield "bad_claim", "a claim without an id of letters, digits and -", f"Write {example}."
    elif name in seen:
        yield "bad_claim", f"the claim {name!r} has the id of another, or of a theme", ""
    if not condition:
        yield "bad_claim", f"the claim {name!r} does not say by what it holds", f"Write {example}."
        return
    try:
        terms = claim_terms.read(condition)
    except InputError as error:
        yield "bad_claim", f"claim {name!r}: {error}", USAGE
        return
    from themetrail.report.catalogue import nearest_fact

    for term in terms:
        if not term.names(known):
            message = f"claim {name!r}: no fact {term.fact!r}"
            yield "unknown_fact", message, nearest_fact(term.fact, known)
        if term.other_fact and term.other_fact not in known:
            message = f"claim {name!r}: no fact {term.other_fact!r}"
            yield "unknown_fact", message, nearest_fact(term.other_fact, known)

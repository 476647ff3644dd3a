"""Parts of a manuscript that stand only where they apply: ``::: {when="coded"}`` … ``:::``.

A manuscript for any study can't know whether its transcripts are coded yet. A fenced Div with
``when`` stays where the condition holds, one with ``unless`` where it does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: condition -> when it holds
CONDITIONS: dict[str, str] = {
    "coded": "at least one transcript has been judged by a coder",
    "waiting": "at least one transcript is waiting to be coded",
    "agreement": "two coders judged a transcript, and the approach is not reflexive",
    "reflexive": "the approach is reflexive",
    "adjudicated": "an adjudicator decided at least once",
    "conflicts": "coders disagreed at least once",
    "themes": "themes have been written and a transcript has been coded",
    "quotes": "quotations have been chosen",
    "saturation": "there is a saturation analysis",
    "guide": "the interview guide is given, and what was asked in at least one interview",
    "meanings": "somebody noted facets of codes",
    "robustness": "the analysis was done otherwise in at least one way that may be shown",
    "second_opinion": "themes could be compared with a grouping of their codes by co-occurrence",
    "frameworks": "themes or codes are mapped to a framework, and a transcript has been coded",
    "demonstration": "the data are fictional",
    "machine": "a machine was taught by the consensus and measured",
    "machine_proposals": "a machine proposes codes for transcripts that nobody has judged",
    "machine_counts": "the configuration lets a machine's proposals count as coding",
    "dropped": "somebody was excluded or has withdrawn",
}
_OPEN = re.compile(r"^\s{0,3}:{3,}\s*(?P<rest>[^:\s].*)$")
_CLOSE = re.compile(r"^\s{0,3}:{3,}\s*$")
_ATTRIBUTE = re.compile(r"""\b(?P<key>when|unless)=["']?(?P<name>[\w-]+)["']?""")


def from_facts(values: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, bool]:
    """Which conditions hold.

    Parameters
    ----------
    values : fact id to value.
    settings : the study's settings.
    """

    def some(*names: str) -> bool:
        return any((values.get(name) or 0) > 0 for name in names)

    reflexive = settings["analysis"]["approach"] == "reflexive"
    return {
        "coded": some("n.transcripts.coded"),
        "waiting": some("n.transcripts.waiting"),
        "agreement": some("n.transcripts.double") and not reflexive,
        "reflexive": reflexive,
        "adjudicated": some("n.adjudications"),
        "conflicts": some("n.conflicts"),
        "themes": some("n.themes") and some("n.transcripts.coded"),
        "quotes": some("n.quotes"),
        "saturation": some("saturation.n_interviews"),
        "guide": values.get("silent.asked") is not None,
        "meanings": some("meaning.n_codes"),
        "robustness": some("robustness.n") and some("n.themes"),
        "second_opinion": values.get("second_opinion.as_high") is not None,
        "frameworks": some("frameworks.n_constructs") and some("n.transcripts.coded"),
        "demonstration": bool(settings["study"]["demonstration"]),
        "machine": values.get("machine.kappa") is not None,
        "machine_proposals": some("machine.n_proposals"),
        "machine_counts": some("n.transcripts.machine"),
        "dropped": some(
            "n.excluded.participants",
            "n.excluded.transcripts",
            "n.withdrawn.participants",
            "n.withdrawn.transcripts",
        ),
    }


def unknown(text: str) -> dict[str, int]:
    """Conditions of fenced Divs that are none, each with the line (1-based) that names it first."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        opened = _OPEN.match(line)
        for attribute in _ATTRIBUTE.finditer(opened["rest"]) if opened else ():
            if attribute["name"] not in CONDITIONS:
                found.setdefault(attribute["name"], number)
    return found


def silenced(text: str, holds: Mapping[str, bool]) -> set[int]:
    """Lines (1-based) of Divs that will not stand, as far as the given conditions tell."""
    lines: set[int] = set()
    open_divs: list[bool] = []
    for number, line in enumerate(text.splitlines(), 1):
        if _CLOSE.match(line) and open_divs:
            open_divs.pop()
        elif opened := _OPEN.match(line):
            attribute = _ATTRIBUTE.search(opened["rest"])
            open_divs.append(attribute is not None and _dropped(attribute, holds))
        if any(open_divs):
            lines.add(number)
    return lines


def _dropped(attribute: re.Match[str], holds: Mapping[str, bool]) -> bool:
    """Whether a Div surely falls away; one whose condition is not known stays."""
    holding = holds.get(attribute["name"])
    if holding is None:
        return False
    return holding if attribute["key"] == "unless" else not holding

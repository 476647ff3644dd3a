"""Cross references of a filled manuscript: each must lead somewhere."""

from __future__ import annotations

import re
from typing import Any

from themetrail.errors import Problems, did_you_mean
from themetrail.report.ast import Node, elements

KINDS = ("fig", "tbl", "sec")
_ATTRIBUTES_FIRST = frozenset({"Div", "Span", "Figure", "Table", "CodeBlock", "Code", "Image"})


def identifiers(document: Node) -> list[str]:
    """Every identifier of a document, in its order."""
    found = []
    for node in elements(document["blocks"]):
        content: Any = node.get("c")
        if node["t"] == "Header":
            found.append(content[1][0])
        elif node["t"] in _ATTRIBUTES_FIRST:
            found.append(content[0][0])
    return [name for name in found if name]


def references(document: Node) -> list[str]:
    """What ``@fig-…``, ``@tbl-…`` and ``@sec-…`` refer to, in the document's order."""
    return [
        citation["citationId"]
        for node in elements(document["blocks"])
        if node["t"] == "Cite"
        for citation in node["c"][0]
        if citation["citationId"].split("-")[0] in KINDS
    ]


def check_references(document: Node, manuscript: str, file: str, problems: Problems) -> None:
    """Report references that lead nowhere, and identifiers given twice."""
    names = identifiers(document)
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"the identifier {name!r} is given twice"
            remedy = "A table or figure stands once; refer to it with @ elsewhere."
            problems.add("error", "duplicate_identifier", file, message, remedy)
        seen.add(name)
    targets = sorted(name for name in seen if name.split("-")[0] in KINDS)
    for name in dict.fromkeys(references(document)):
        if name not in seen:
            line = _line(manuscript, name)
            message = f"@{name} refers to what the paper does not have"
            problems.add(
                "error", "unknown_reference", file, message, did_you_mean(name, targets), line=line
            )


def _line(manuscript: str, name: str) -> int | None:
    """The first line that has a reference."""
    match = re.search(rf"@\{{?{re.escape(name)}(?![\w-])", manuscript)
    return None if match is None else manuscript.count("\n", 0, match.start()) + 1

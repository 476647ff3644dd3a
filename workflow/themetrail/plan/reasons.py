"""Snakemake's reason for running a step, taken apart."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

_PARTS = {
    "Missing output files": "missing",
    "Incomplete output files": "incomplete",
    "Updated input files": "updated",
    "Input files updated by another job": "follows",
}
_SENTENCES = {
    "Set of input files has changed since last execution": "inputs",
    "Code has changed since last execution": "script",
    "Software environment definition has changed since last execution": "software",
    "Forced execution": "forced",
}
_PARAMS = "Params have changed since last execution: "
_NOTHING = "<nothing exclusive>"
#: a step's outputs are named in one sentence, separated by "; ", and no name of ours holds one
_NEXT = re.compile(r"; (?=[A-Z])")


@dataclass(frozen=True)
class Reasons:
    """Why a step would run.

    Attributes
    ----------
    missing, incomplete, updated, follows : paths, as Snakemake names them: outputs that are not
        there or were left half-made, inputs that changed, inputs that another step makes anew.
    inputs, script, software, forced : whether the set of inputs, the rule's own script or the
        environment changed, or the step was asked for by force.
    before, now : values of parameters that only the last run had, and only this one has.
        None where they can't be told apart.
    """

    missing: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    inputs: bool = False
    script: bool = False
    software: bool = False
    forced: bool = False
    params: bool = False
    before: tuple[Any, ...] | None = ()
    now: tuple[Any, ...] | None = ()


def parse(reason: str) -> Reasons:
    """The reason that Snakemake logs for a step.

    >>> parse("Missing output files: a.csv, b.csv; Updated input files: c.tsv").missing
    ('a.csv', 'b.csv')
    """
    text, _, params = reason.partition(_PARAMS)
    found: dict[str, Any] = _params(params) if params else {}
    for part in _NEXT.split(text.rstrip("; ")):
        name, _, files = part.partition(": ")
        if name in _PARTS:
            found[_PARTS[name]] = tuple(file.strip() for file in files.split(", ") if file.strip())
        elif name in _SENTENCES:
            found[_SENTENCES[name]] = True
    found["software"] = found.get("software", False) or "; Software environment" in params
    return Reasons(**found)


def _params(text: str) -> dict[str, Any]:
    """Parameters that changed: ``… before: V,V… now: V,V… ``, each V a Python literal."""
    body = text.partition("before: ")[2].partition("; Software environment")[0].strip()
    for cut in re.finditer(r" now: ", body):
        before, now = _values(body[: cut.start()]), _values(body[cut.end() :])
        if before is not None and now is not None:
            return {"params": True, "before": before, "now": now}
    return {"params": True, "before": None, "now": None}


def _values(text: str) -> tuple[Any, ...] | None:
    """Literals separated by commas; None where they are none."""
    if text.strip() == _NOTHING:
        return ()
    try:
        return tuple(ast.literal_eval(f"({text.strip()},)"))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None

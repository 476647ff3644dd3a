"""What a team writes itself for the reporting checklists: ``config/checklists.yaml``."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themetrail.config import schema, validate
from themetrail.errors import Problems, did_you_mean
from themetrail.yamlfile import Place, read_yaml

FILE = "config/checklists.yaml"
ITEMS = Path(__file__).with_name("assets") / "checklists" / "items.tsv"
NAMES: dict[str, str] = {
    "coreq": "COREQ",
    "srqr": "SRQR",
    "braun_clarke": "Braun and Clarke",
}


@dataclass(frozen=True)
class Item:
    """One item of a checklist.

    Attributes
    ----------
    checklist, number : which one.
    domain : the part of the checklist.
    item : its name.
    asks : what it asks, in our words.
    needs : ``data`` where data or configuration can answer; ``person`` where somebody must write.
    says : what data and configuration say; ``{id}`` is a fact or a key of ``study``; a part in
        square brackets is left out where something in it has no value.
    measure : what is computed for it, a key of ``checklists_measures.MEASURES``.
    places : anchors of the paper where it stands, most likely first.
    """

    checklist: str
    number: str
    domain: str
    item: str
    asks: str
    needs: str
    says: str
    measure: str
    places: str

    @property
    def id(self) -> str:
        """As ``config/checklists.yaml`` has it: ``coreq.6``."""
        return f"{self.checklist}.{self.number}"

    @property
    def label(self) -> str:
        """As people call it: COREQ 6."""
        return f"{NAMES[self.checklist]} {self.number}"


@dataclass(frozen=True)
class Answer:
    """A person's answer to one item."""

    text: str = ""
    where: str = ""
    not_applicable: str = ""
    line: int | None = None


@functools.cache
def items() -> tuple[Item, ...]:
    """Every item of every checklist, in order."""
    with ITEMS.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(Item(**row) for row in rows)


def read_answers(root: Path, problems: Problems) -> dict[str, Answer]:
    """Answers by item (``coreq.6``); none where there is no file.

    Parameters
    ----------
    root : the study's folder.
    problems : grows by what is wrong with the file.
    """
    path = root / FILE
    if not path.exists():
        return {}
    before = len(problems.errors)
    value, lines = read_yaml(path, FILE, problems)
    rules = schema("checklists")
    named = _with_text_keys(value)
    if named is not None:
        validate(named, rules, FILE, lines, problems)
    if named is None or len(problems.errors) > before:
        return {}
    return _answers(named, lines, problems)


def _with_text_keys(value: Any) -> Any:
    """Item numbers as text; YAML reads ``6:`` as a number."""
    if not isinstance(value, Mapping):
        return value
    return {str(key): _with_text_keys(part) for key, part in value.items()}


def _answers(
    value: Mapping[str, Any], lines: Mapping[Place, int], problems: Problems
) -> dict[str, Answer]:
    known = {item.id for item in items()}
    found: dict[str, Answer] = {}
    for checklist, given in value.items():
        for number, entry in (given or {}).items():
            name, line = f"{checklist}.{number}", lines.get((checklist, number))
            if name not in known:
                message = f"{NAMES[checklist]} has no item {number!r}"
                near = did_you_mean(name, known)
                problems.add("error", "unknown_item", FILE, message, near, line=line)
                continue
            fields = {"text": entry} if isinstance(entry, str) else dict(entry)
            found[name] = Answer(**{key: str(v).strip() for key, v in fields.items()}, line=line)
    return found

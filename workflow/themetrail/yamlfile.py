"""YAML with line numbers, so that a wrong value can be pointed at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from themetrail.errors import Problems

Place = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Safe YAML in which a date stays the text that was typed, and ``on`` is a word."""


def _stays_text(tag: str, first: str) -> bool:
    """A date; and on, off, which YAML 1.1 takes for yes and no: ``on:`` is a key of ours."""
    return tag.endswith(":timestamp") or (tag.endswith(":bool") and first in ("o", "O"))


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if not _stays_text(tag, first)]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _lines(node: yaml.Node, place: Place, found: dict[Place, int]) -> None:
    """Note the 1-based line of every mapping key and list item below a node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            found[here] = key.start_mark.line + 1
            _lines(value, here, found)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            here = (*place, position)
            found[here] = value.start_mark.line + 1
            _lines(value, here, found)


def _duplicates(node: yaml.Node, problems: Problems, file: str) -> None:
    """Report keys given twice in one mapping: YAML would keep the last in silence."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                problems.add(
                    "error",
                    "duplicate_key",
                    file,
                    f"the key {key.value!r} is given twice; first on line {seen[key.value]}",
                    "Keep one of the two.",
                    line=line,
                )
            seen[key.value] = line
            _duplicates(value, problems, file)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _duplicates(value, problems, file)


def read_yaml(path: Path, file: str, problems: Problems) -> tuple[Any, dict[Place, int]]:
    """Read one YAML file.

    Returns
    -------
    value : the document; None where it is empty or can't be read (then with a problem).
    lines : 1-based line of each place, a place being the tuple of keys and positions to it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problems.add("error", "unreadable", file, f"can't be read: {error.strerror}")
        return None, {}
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add("error", "undecodable", file, "not UTF-8", "Save it as UTF-8.", line=line)
        return None, {}
    try:
        node = yaml.compose(text, Loader=_Loader)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = getattr(error, "problem", None) or str(error)
        context = getattr(error, "context", None)
        problems.add(
            "error",
            "malformed_yaml",
            file,
            f"not valid YAML: {detail}" + (f" ({context})" if context else ""),
            "Check indentation, colons and quotation marks on this line and the one before.",
            line=None if mark is None else mark.line + 1,
        )
        return None, {}
    except (ValueError, RecursionError) as error:
        problems.add("error", "malformed_yaml", file, f"not valid YAML: {error}")
        return None, {}
    lines: dict[Place, int] = {}
    if node is not None:
        _lines(node, (), lines)
        _duplicates(node, problems, file)
    return value, lines

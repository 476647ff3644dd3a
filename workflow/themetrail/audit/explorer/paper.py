"""The paper's text with its numbers and quotations marked, from the filled document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Node = Mapping[str, Any]
#: A piece of a paragraph: plain text, or [text, "fact" or "quote", id].
Run = str | list[str]
Block = dict[str, Any]

_CONTENT = ("Emph", "Strong", "Underline", "SmallCaps", "Strikeout", "Superscript", "Subscript")
_NAMES = {"tbl": "Table", "fig": "Figure"}


def outline(document: Mapping[str, Any]) -> list[Block]:
    """Headings, paragraphs, quotations and tables in the order of the paper.

    Parameters
    ----------
    document : the filled document (``results/report/paper.json``).

    Returns
    -------
    Blocks: ``{"h": level, "id", "text"}``, ``{"p": runs}``, ``{"quote": segment id, "p": runs}``
    or ``{"table": label, "id", "caption": runs, "rows": rows of cells of runs}``.
    """
    abstract = document["meta"].get("abstract")
    body = document["blocks"]
    numbers = _numbers(body)
    blocks: list[Block] = []
    if abstract:
        blocks.append({"h": 1, "id": "abstract-title", "text": "Abstract"})
        blocks += _blocks(abstract["c"], numbers)
    return blocks + list(_blocks(body, numbers))


def used(blocks: Sequence[Block]) -> dict[str, list[int]]:
    """Fact or quotation to the blocks that hold it, each ``fact:id`` or ``quote:id``."""
    found: dict[str, list[int]] = {}
    for place, block in enumerate(blocks):
        keys = [f"{run[1]}:{run[2]}" for run in _runs_of(block) if not isinstance(run, str)]
        if "quote" in block:
            keys.append(f"quote:{block['quote']}")
        for key in dict.fromkeys(keys):
            found.setdefault(key, []).append(place)
    return found


def _runs_of(block: Block) -> Iterator[Run]:
    yield from block.get("p", [])
    yield from block.get("caption", [])
    for row in block.get("rows", []):
        for cell in row:
            yield from cell


def _numbers(blocks: Sequence[Node]) -> dict[str, str]:
    """Identifier of a table or figure to the name that the paper prints."""
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for block in blocks:
        if block["t"] in ("Table", "Figure"):
            identifier = block["c"][0][0]
            kind = identifier.split("-")[0]
            if kind in _NAMES:
                counts[kind] += 1
                names[identifier] = f"{_NAMES[kind]} {counts[kind]}"
    return names


def _blocks(nodes: Sequence[Node], numbers: Mapping[str, str]) -> Iterator[Block]:
    for node in nodes:
        kind: str = node["t"]
        content: Any = node.get("c")
        if kind == "Header" and content is not None:
            text = "".join(_text(run) for run in _runs(content[2], numbers))
            yield {"h": content[0], "id": content[1][0], "text": text}
        elif kind in ("Para", "Plain"):
            runs = _runs(content or [], numbers)
            if runs:
                yield {"p": runs}
        elif kind == "Div" and content is not None:
            yield from _div(content, numbers)
        elif kind == "Table" and content is not None:
            yield _table(content, numbers)
        elif kind in ("BulletList", "OrderedList", "BlockQuote"):
            items = content[1] if kind == "OrderedList" else content
            inner = [items] if kind == "BlockQuote" else items
            for item in inner or []:
                yield from _blocks(item, numbers)


def _div(content: Sequence[Any], numbers: Mapping[str, str]) -> Iterator[Block]:
    quote = dict(content[0][2]).get("data-quote")
    if quote is None:
        yield from _blocks(content[1], numbers)
        return
    runs: list[Run] = []
    for block in _blocks(content[1], numbers):
        if "p" in block:
            runs += [*([" "] if runs else []), *block["p"]]
    yield {"quote": quote, "p": runs}


def _table(content: Sequence[Any], numbers: Mapping[str, str]) -> Block:
    attributes, caption, _, head, bodies, foot = content
    rows = [
        *((row, True) for row in head[1]),
        *((row, False) for body in bodies for row in [*body[2], *body[3]]),
        *((row, False) for row in foot[1]),
    ]
    return {
        "table": numbers.get(attributes[0], "Table"),
        "id": attributes[0],
        "caption": _flat(caption[1], numbers),
        "head": sum(1 for _, is_head in rows if is_head),
        "rows": [[_flat(cell[4], numbers) for cell in row[1]] for row, _ in rows],
    }


def _flat(nodes: Sequence[Node], numbers: Mapping[str, str]) -> list[Run]:
    return [run for block in _blocks(nodes, numbers) for run in block.get("p", [])]


def _text(run: Run) -> str:
    return run if isinstance(run, str) else run[0]


def _runs(nodes: Sequence[Node], numbers: Mapping[str, str]) -> list[Run]:
    """Pieces of text, neighbours without a mark joined."""
    joined: list[Run] = []
    for run in _pieces(nodes, numbers):
        last = joined[-1] if joined else None
        if isinstance(run, str) and isinstance(last, str):
            joined[-1] = last + run
        elif run:
            joined.append(run)
    return joined


def _pieces(nodes: Sequence[Node], numbers: Mapping[str, str]) -> Iterator[Run]:
    for node in nodes:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            yield str(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield " "
        elif kind == "Span" and content is not None:
            yield from _span(content, numbers)
        elif kind == "Cite" and content is not None:
            yield _cited(content, numbers)
        elif kind == "Quoted" and content is not None:
            marks = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
            yield marks[0]
            yield from _pieces(content[1], numbers)
            yield marks[1]
        elif kind in ("Code", "Math") and content is not None:
            yield str(content[1])
        elif kind == "Link" and content is not None:
            yield from _pieces(content[1], numbers)
        elif kind in _CONTENT and content is not None:
            yield from _pieces(content, numbers)


def _span(content: Sequence[Any], numbers: Mapping[str, str]) -> Iterator[Run]:
    pairs = dict(content[0][2])
    for attribute, kind in (("data-fact", "fact"), ("data-quote", "quote")):
        if attribute in pairs:
            text = "".join(_text(run) for run in _runs(content[1], numbers))
            yield [text, kind, pairs[attribute]]
            return
    yield from _pieces(content[1], numbers)


def _cited(content: Sequence[Any], numbers: Mapping[str, str]) -> str:
    """A cross reference as the paper prints it; a citation by its key."""
    names = [citation["citationId"] for citation in content[0]]
    if all(name in numbers for name in names):
        return ", ".join(numbers[name] for name in names)
    return f"[{'; '.join(names)}]"

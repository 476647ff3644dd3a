"""Pandoc's document tree (JSON), made from plain text.

Text that comes from transcripts, memos, labels or names enters the paper here and only here, as
``Str`` nodes after the Markdown was read: each of Pandoc's writers escapes it for its format.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themetrail.errors import InputError

Node = dict[str, Any]
Replace = Callable[[Node], list[Node] | None]

_PIECES = re.compile(r"\n| |[^ \n]+")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]")


def visible(text: str) -> str:
    r"""The text with a picture for each character that XML can't hold.

    >>> visible("a\x0bb")
    'a␋b'
    """

    def picture(match: re.Match[str]) -> str:
        code = ord(match[0])
        return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"

    return _FORBIDDEN.sub(picture, text)


def inlines(text: str) -> list[Node]:
    """Words, spaces and line breaks: the text, and nothing read into it."""
    made: list[Node] = []
    for piece in _PIECES.findall(visible(text)):
        if piece == "\n":
            made.append({"t": "LineBreak"})
        else:
            made.append({"t": "Space"} if piece == " " else {"t": "Str", "c": piece})
    return made


def attributes(
    name: str = "", classes: Sequence[str] = (), pairs: Mapping[str, str] | None = None
) -> list[Any]:
    """Identifier, classes and key-value pairs as Pandoc has them."""
    return [name, list(classes), [[key, value] for key, value in (pairs or {}).items()]]


def span(
    content: Sequence[Node], classes: Sequence[str] = (), pairs: Mapping[str, str] | None = None
) -> Node:
    """A run of inlines with attributes."""
    return {"t": "Span", "c": [attributes("", classes, pairs), list(content)]}


def data_span(text: str, classes: Sequence[str], pairs: Mapping[str, str]) -> Node:
    """Text from data in a span; text that may turn the direction of writing is kept to itself."""
    turned = {"dir": "auto"} if _TURNING.search(text) else {}
    return span(inlines(text), classes, {**pairs, **turned})


def para(content: Sequence[Node]) -> Node:
    """A paragraph."""
    return {"t": "Para", "c": list(content)}


def plain(content: Sequence[Node]) -> Node:
    """Text that is no paragraph: a table cell, a caption."""
    return {"t": "Plain", "c": list(content)}


def header(level: int, name: str, content: Sequence[Node]) -> Node:
    """A heading."""
    return {"t": "Header", "c": [level, attributes(name), list(content)]}


def div(
    content: Sequence[Node], classes: Sequence[str], pairs: Mapping[str, str] | None = None
) -> Node:
    """A block with attributes."""
    return {"t": "Div", "c": [attributes("", classes, pairs), list(content)]}


def block_quote(content: Sequence[Node]) -> Node:
    """A quotation set off."""
    return {"t": "BlockQuote", "c": list(content)}


def bullets(items: Sequence[Sequence[Node]]) -> Node:
    """A list with bullets; each item is blocks."""
    return {"t": "BulletList", "c": [list(item) for item in items]}


def figure(
    name: str, path: str, alt: str, caption: Sequence[Node], pairs: Mapping[str, str]
) -> Node:
    """An image with caption and alternative text."""
    image = {"t": "Image", "c": [attributes(), inlines(alt), [path, ""]]}
    return {
        "t": "Figure",
        "c": [attributes(name, (), pairs), [None, [plain(caption)]], [plain([image])]],
    }


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, alignment, and share of the width (0: as it comes)."""

    heading: str
    align: str = "left"
    width: float = 0.0


def table(
    name: str,
    caption: Sequence[Node],
    columns: Sequence[Column],
    rows: Sequence[Sequence[Sequence[Node]]],
    *,
    classes: Sequence[str] = (),
    pairs: Mapping[str, str] | None = None,
) -> Node:
    """A table; a cell is inlines. The first column is a row's heading.

    Widths, where a column has one, are shares of the line; writers then wrap the cells.
    """
    sized = any(column.width for column in columns)
    spec = [[_align(column.align), _width(column.width, sized=sized)] for column in columns]
    head = [attributes(), [_row([inlines(column.heading) for column in columns])]]
    body = [attributes(), 1, [], [_row(row) for row in rows]]
    return {
        "t": "Table",
        "c": [
            attributes(name, classes, pairs),
            [None, [plain(caption)]],
            spec,
            head,
            [body],
            [attributes(), []],
        ],
    }


def _align(name: str) -> Node:
    return {"t": {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}[name]}


def _width(share: float, *, sized: bool) -> Node:
    return {"t": "ColWidth", "c": share} if sized else {"t": "ColWidthDefault"}


def _row(cells: Sequence[Sequence[Node]]) -> list[Any]:
    made = [[attributes(), {"t": "AlignDefault"}, 1, 1, [plain(cell)]] for cell in cells]
    return [attributes(), made]


def is_node(value: Any) -> bool:
    """Whether a part of the tree is an element."""
    return isinstance(value, dict) and "t" in value


def rewrite(value: Any, replace: Replace) -> Any:
    """The tree with elements replaced; what ``replace`` gives is not looked at again.

    ``replace`` returns None for an element to look into.
    """
    if isinstance(value, list):
        made: list[Any] = []
        for item in value:
            given = replace(item) if is_node(item) else None
            if given is None:
                made.append(rewrite(item, replace))
            else:
                made.extend(given)
        return made
    if isinstance(value, dict):
        return {key: rewrite(part, replace) for key, part in value.items()}
    return value


def elements(value: Any) -> Iterator[Node]:
    """Every element of a tree, outer before inner."""
    if isinstance(value, list):
        for item in value:
            yield from elements(item)
    elif isinstance(value, dict):
        if "t" in value:
            yield value
        for part in value.values():
            yield from elements(part)


def text_of(value: Any) -> str:
    """The text of a tree, a blank for each space and break."""
    parts = []
    for node in elements(value):
        if node["t"] == "Str":
            parts.append(node["c"])
        elif node["t"] in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif node["t"] == "Code":
            parts.append(node["c"][1])
    return "".join(parts)


def pandoc() -> str:
    """Pandoc's path: the one of the environment's wheel, or the one of its PATH."""
    import shutil

    try:
        import pypandoc
    except ModuleNotFoundError:
        found = shutil.which("pandoc")
        if found is None:
            message = "pandoc is not installed"
            raise InputError(message) from None
        return found
    return str(pypandoc.get_pandoc_path())


def parse(markdown: str) -> Node:
    """A Markdown text as a document tree.

    Raises
    ------
    InputError
        Pandoc can't read it (its YAML header, as a rule); the text is Pandoc's.
    """
    done = subprocess.run(
        [pandoc(), "--from", "markdown", "--to", "json", "--sandbox"],
        input=markdown.encode("utf-8"),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise InputError(done.stderr.decode("utf-8", "replace").strip())
    document: Node = json.loads(done.stdout)
    return document


_TYPST_MEANS = re.compile(r"[-'\"]|\.\.|^[=+/]|^\d+\.$")
LONGEST_WORD = 48


def for_typst(document: Node) -> Node:
    """The tree with words that Typst would change written as its strings.

    Pandoc escapes Typst's markup, but not its shorthands: ``...`` would become an ellipsis, ``-5``
    a minus, ``-?`` a soft hyphen, straight quotes curly; nor, in a table's cell, what opens a
    heading or a list. Very long words get places to break, so that they stay on the page.
    """

    def replace(node: Node) -> list[Node] | None:
        if node["t"] != "Str":
            return None
        word = node["c"]
        if len(word) <= LONGEST_WORD and not _TYPST_MEANS.search(word):
            return None
        parts = (word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))
        text = "\u200b".join(parts).replace("\\", "\\\\").replace('"', '\\"')
        return [{"t": "RawInline", "c": ["typst", f'#"{text}";']}]

    made: Node = rewrite(document, replace)
    return made

"""HTML that a cell gave out, reduced to tables: whatever else it holds becomes plain text."""

from __future__ import annotations

from html import escape
from typing import Any

_KEPT = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"})
_BREAKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
_DROPPED = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math"}
)
_MOST = 1000  # rows or columns that a cell may span


def sanitised(text: str) -> str:
    """HTML with the markup of tables and no other; text stays text, and scripts and styles go.

    Only spans of cells are kept of the attributes. Headings get the scope that their place means,
    and one without text becomes a cell, since it heads nothing.

    >>> sanitised('<style>a</style><table onclick="x()"><tr><td><b>1 &lt; 2</b></td></tr></table>')
    '<table><tr><td>1 &lt; 2</td></tr></table>'
    """
    from lxml import html

    if not text.strip():
        return ""
    return _inside(html.fragment_fromstring(text, create_parent="div")).strip()


def _inside(element: Any) -> str:
    """The content of an element: its text and its parts."""
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            parts.append(_marked(child))
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)


def _marked(element: Any) -> str:
    """An element: with its tags where they are a table's, else its content alone."""
    inside = _inside(element)
    if element.tag not in _KEPT:
        return f"{inside} " if element.tag in _BREAKS else inside
    tag = "td" if element.tag == "th" and not inside.strip() else element.tag
    return f"<{tag}{_scope(element, tag)}{_spans(element, tag)}>{inside}</{tag}>"


def _scope(element: Any, tag: str) -> str:
    """What a heading heads: the column in a table's head, else the row."""
    if tag != "th":
        return ""
    in_head = any(parent.tag == "thead" for parent in element.iterancestors())
    direction, span = ("col", "colspan") if in_head else ("row", "rowspan")
    group = "group" if _span(element, span) > 1 else ""
    return f' scope="{direction}{group}"'


def _spans(element: Any, tag: str) -> str:
    if tag not in ("th", "td"):
        return ""
    found = ((name, _span(element, name)) for name in ("colspan", "rowspan"))
    return "".join(f' {name}="{number}"' for name, number in found if number > 1)


def _span(element: Any, name: str) -> int:
    """A cell's span; 1 where it is not stated, or is no number in reason."""
    stated = (element.get(name) or "").strip()
    usable = stated.isascii() and stated.isdigit() and len(stated) <= 4
    return min(int(stated), _MOST) if usable else 1

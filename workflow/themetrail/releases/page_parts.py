"""Pieces that the sections of the page on changes are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from themetrail.releases.summary import quoted

EXPLORER = "explorer/index.html"
#: pixels of a picture in a table's row, and of its margin
WIDTH, HEIGHT, EDGE = 176, 24, 6


@dataclass(frozen=True)
class Section:
    """A part of the page; one without content is left out."""

    name: str
    title: str
    html: str

    def shown(self) -> str:
        """The part with its heading."""
        return (
            f'<section aria-labelledby="{self.name}"><h2 id="{self.name}">{escape(self.title)}</h2>'
            f"{self.html}</section>"
        )


def link(address: str, html: str) -> str:
    """A link; ``html`` is escaped already."""
    return f'<a href="{escape(address)}">{html}</a>'


def fact_link(name: str, text: str) -> str:
    """A fact as printed, leading to its evidence."""
    return link(f"{EXPLORER}#fact={quote(name, safe='')}", escape(text))


def quoted_html(text: str) -> str:
    """Words in quotation marks, escaped."""
    return escape(quoted(text))


def tag(text: str, *, warn: bool = False) -> str:
    """A small label."""
    return f' <span class="tag{" warn" if warn else ""}">{escape(text)}</span>'


def note(text: str) -> str:
    """A remark on a line of its own; nothing for nothing."""
    return f'<span class="note">{escape(text)}</span>' if text else ""


def table(label: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    """A table that scrolls where it is too wide; a head that begins with ``#`` is of numbers."""
    cells = "".join(
        f'<th scope="col" class="number">{escape(head[1:])}</th>'
        if head.startswith("#")
        else f'<th scope="col">{escape(head)}</th>'
        for head in heads
    )
    return (
        f'<div class="box" role="region" tabindex="0" aria-label="{escape(label)}"><table>'
        f"<thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(head: str, cells: Iterable[str], *, quiet: bool = False) -> str:
    """A row; head and cells are escaped already, a cell that begins with ``#`` is a number."""
    made = "".join(
        f'<td class="number">{cell[1:]}</td>' if cell.startswith("#") else f"<td>{cell}</td>"
        for cell in cells
    )
    start = '<tr class="quiet">' if quiet else "<tr>"
    return f'{start}<th scope="row">{head}</th>{made}</tr>'


# ------------------------------------------------------------------ pictures
def _x(share: float, low: float, high: float) -> float:
    inside = min(max((share - low) / (high - low), 0.0), 1.0)
    return round(EDGE + inside * (WIDTH - 2 * EDGE), 1)


def _svg(parts: Iterable[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def _axis(low: float, high: float) -> list[str]:
    start, end, middle = _x(low, low, high), _x(high, low, high), HEIGHT / 2
    return [f'<line class="line" x1="{start}" y1="{middle}" x2="{end}" y2="{middle}"/>']


def _dot(kind: str, x: float, y: float) -> str:
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="4" stroke-width="1.5"/>'


def move(before: float | None, after: float | None) -> str:
    """A share before (hollow) and after (filled), from nobody to everybody."""
    parts, middle = _axis(0, 1), HEIGHT / 2
    if before is not None and after is not None:
        a, b = _x(before, 0, 1), _x(after, 0, 1)
        parts.append(
            f'<line class="between-dots" x1="{a}" y1="{middle}" x2="{b}" y2="{middle}" '
            'stroke-width="2.5"/>'
        )
    if before is not None:
        parts.append(_dot("then", _x(before, 0, 1), middle))
    if after is not None:
        parts.append(_dot("now", _x(after, 0, 1), middle))
    return _svg(parts)


def intervals(
    ends: Sequence[tuple[float | None, float | None]],
    estimates: Sequence[float | None],
    threshold: float | None,
) -> str:
    """Two estimates with their intervals, the earlier above, on a line from 0 to 1."""
    parts = []
    if threshold is not None and 0 <= threshold <= 1:
        x = _x(threshold, 0, 1)
        parts.append(f'<line class="threshold" x1="{x}" y1="1" x2="{x}" y2="{HEIGHT - 1}"/>')
    for kind, y, (low, high), estimate in zip(
        ("then", "now"), (7, 17), ends, estimates, strict=True
    ):
        if low is not None and high is not None:
            a, b = _x(low, 0, 1), _x(high, 0, 1)
            parts.append(
                f'<line class="{kind}" x1="{a}" y1="{y}" x2="{b}" y2="{y}" stroke-width="2"/>'
            )
        if estimate is not None:
            parts.append(_dot(kind, _x(estimate, 0, 1), y))
    return _svg(parts)


def key(*, threshold: str = "") -> str:
    """What the pictures show."""
    dots = "".join(
        f'<span><svg viewBox="0 0 20 16" aria-hidden="true">{_dot(kind, 10, 8)}</svg>{text}</span>'
        for kind, text in (("then", "before"), ("now", "now"))
    )
    line = (
        '<svg viewBox="0 0 20 16" aria-hidden="true">'
        '<line class="threshold" x1="10" y1="0" x2="10" y2="16"/></svg>'
    )
    last = f"<span>{line}threshold of {escape(threshold)}</span>" if threshold else ""
    return f'<p class="key">{dots}{last}</p>'

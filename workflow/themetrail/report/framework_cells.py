"""Tables of people by themes: their heads, their rows and what stands in a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from themetrail.config import Theme
from themetrail.synthesis.base import split
from themetrail.synthesis.room import UNLIMITED, first_words, shortened
from themetrail.synthesis.workbook import Matrix, excerpts_of
from themetrail.tables import records

Cell = Mapping[str, Any]
Rows = dict[str, list[Cell]]
"""Person to their cells, in the order of the themes."""
_STATES = {
    "to write": "summary to write",
    "current": "summary current",
    "stale": "summary stale: its evidence changed",
}


@dataclass(frozen=True)
class Room:
    """How many characters of its summary and of its excerpts a cell shows at most."""

    summary: int
    excerpts: int


def everything() -> Room:
    """Room for all words."""
    return Room(UNLIMITED, UNLIMITED)


def by_person(matrix: Matrix) -> Rows:
    """Everybody's cells, people in the matrix's order."""
    cells = {(row["participant_id"], row["theme"]): row for row in records(matrix.table)}
    people = dict.fromkeys(person for person, _ in cells)
    return {person: [cells[person, theme.id] for theme in matrix.themes] for person in people}


def site_label(matrix: Matrix, site: str) -> str:
    """A site as readers know it."""
    return matrix.sites.get(site, site)


def table(matrix: Matrix, groups: Iterable[tuple[str, Rows]], room: Room, called: str) -> str:
    """People by themes in a box that scrolls; a group's name, where it has one, before it.

    Parameters
    ----------
    matrix : themes, codebook and excerpts.
    groups : a name and its people.
    room : for a cell's words.
    called : what a screen reader calls the box.
    """
    rows = []
    for name, people in groups:
        rows += [_group_row(name, len(matrix.themes))] if name else []
        for person, own in people.items():
            made = "".join(_cell(cell, matrix, room) for cell in own)
            rows.append(f'<tr><th scope="row">{escape(person)}</th>{made}</tr>')
    return boxed(called, ["Person"], matrix.themes, rows)


def boxed(called: str, first: Sequence[str], themes: Sequence[Theme], rows: Iterable[str]) -> str:
    """A table of themes across, in a box that scrolls and that the keyboard reaches."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in first)
    heads += "".join(_theme_head(theme) for theme in themes)
    return (
        f'<div class="box" role="region" tabindex="0" aria-label="{escape(called)}"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def passages(number: int) -> str:
    """A number of passages in words."""
    return "1 passage" if number == 1 else f"{number:,} passages"


def _theme_head(theme: Theme) -> str:
    claim = f'<span class="claim">{escape(theme.claim)}</span>' if theme.claim else ""
    return f'<th scope="col">{escape(theme.title)}{claim}</th>'


def _group_row(label: str, width: int) -> str:
    head = f'<th scope="rowgroup">{escape(label)}</th>'
    return f'<tr class="site">{head}<td colspan="{width}"></td></tr>'


def _cell(cell: Cell, matrix: Matrix, room: Room) -> str:
    """One person and theme; an empty cell is a person who did not speak to it."""
    if not cell["n_segments"] and not cell["summary"]:
        return '<td class="empty">–</td>'
    labels = [matrix.codebook.label(code) for code in split(cell["codes"])]
    parts = []
    if cell["summary"]:
        parts.append(f"<p>{escape(shortened(cell['summary'], room.summary))}</p>")
    counted = passages(int(cell["n_segments"]))
    parts.append(f'<p class="codes"><b>{counted}</b> {escape(", ".join(labels))}</p>')
    parts.append(_excerpts(excerpts_of(cell, matrix), room.excerpts))
    state = str(cell["status"])
    if state in _STATES:
        parts.append(f'<p class="state">{_STATES[state]}</p>')
    return f'<td class="{escape(state.replace(" ", "-"))}">{"".join(parts)}</td>'


def _excerpts(said: Sequence[str], most: int) -> str:
    """The words, folded away, where the page is for the team."""
    shown, missing = first_words(said, most)
    if not shown:
        return ""
    listed = "".join(f"<li>{escape(words)}</li>" for words in shown)
    rest = f"<li>{missing:,} more or cut short: see the workbook</li>" if missing else ""
    return f"<details><summary>words</summary><ul>{listed}{rest}</ul></details>"

"""The framework matrix of very many people: sites by themes first, people folded by site.

What a page can hold is shared out evenly: each site shows as many people, and each cell as many
words, as the largest site and the fullest cell must give up to make room. The page says what it
leaves out and where that stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from themetrail.report.framework_cells import (
    Cell,
    Room,
    Rows,
    boxed,
    passages,
    site_label,
    table,
)
from themetrail.synthesis.room import UNLIMITED, room
from themetrail.synthesis.workbook import Matrix, excerpts_of

MOST_PEOPLE = 100
"""A study of more has the overview, and its people folded by site."""
MOST_LAID_OUT = 2_000
"""People whose cells the page shows."""
MOST_WORDS = 1_000_000
"""Characters of summaries and excerpts together."""


def sites(matrix: Matrix, people: Rows) -> Iterator[str]:
    """The page's text: an overview, what is left out, and a folded table for each site."""
    groups: dict[str, Rows] = {}
    for person, own in people.items():
        groups.setdefault(str(own[0]["site"]), {})[person] = own
    each = room((len(own) for own in groups.values()), MOST_LAID_OUT)
    shown = {site: dict(list(own.items())[:each]) for site, own in groups.items()}
    cells = [cell for own in shown.values() for row in own.values() for cell in row]
    words = _room_for_words(matrix, cells)
    yield "<h2>Sites by themes</h2>"
    yield (
        f'<p class="about">{len(people):,} people at {len(groups):,} '
        f"{'site' if len(groups) == 1 else 'sites'}: of each site’s people with a coded interview, "
        "how many speak to a theme, in how many passages, and for how many of them a summary has "
        "been written.</p>"
    )
    rows = [_row(matrix, number, site, own) for number, (site, own) in enumerate(groups.items(), 1)]
    yield boxed("Sites by themes", ["Site", "People"], matrix.themes, rows)
    yield "<h2>People, site by site</h2>"
    yield from _left_out(len(people), sum(map(len, shown.values())), words)
    for number, (site, some) in enumerate(shown.items(), 1):
        yield _folded(matrix, number, site, some, len(groups[site]), words)


def _room_for_words(matrix: Matrix, cells: Sequence[Cell]) -> Room:
    """Summaries first, for a person wrote them; excerpts have what is left."""
    summaries = [len(cell["summary"]) for cell in cells]
    said = [sum(map(len, excerpts_of(cell, matrix))) for cell in cells]
    left = max(0, MOST_WORDS - sum(summaries))
    return Room(room(summaries, MOST_WORDS), room(said, left))


def _left_out(people: int, shown: int, words: Room) -> Iterator[str]:
    """What the page does not show, and where it stands."""
    missing = []
    if shown < people:
        missing.append(f"{people - shown:,} of {people:,} people, the last of the largest sites")
    if words.summary < UNLIMITED:
        missing.append(f"the ends of summaries longer than {words.summary:,} characters")
    if words.excerpts < UNLIMITED:
        missing.append(f"what cells have of passages beyond {words.excerpts:,} characters")
    if missing:
        yield (
            f'<p class="about left-out"><strong>Left out here</strong>, so that the page opens: '
            f"{'; '.join(missing)}. Everybody is in the workbook "
            '<a href="framework_matrix.xlsx">framework_matrix.xlsx</a> and in the table '
            "<code>results/synthesis/framework_matrix.csv</code>, with every summary whole; the "
            "transcripts hold every passage.</p>"
        )


def _row(matrix: Matrix, number: int, site: str, own: Rows) -> str:
    """One site of the overview; its name leads to its people."""
    columns = zip(*own.values(), strict=True)
    made = "".join(_summed(cells) for cells in columns)
    name = f'<a href="#site-{number}">{escape(site_label(matrix, site))}</a>'
    return f'<tr><th scope="row">{name}</th><td class="n">{len(own):,}</td>{made}</tr>'


def _summed(cells: Sequence[Cell]) -> str:
    """A site's people on one theme."""
    speak = [cell for cell in cells if cell["n_segments"]]
    if not speak and not any(cell["summary"] for cell in cells):
        return '<td class="empty">–</td>'
    total = sum(int(cell["n_segments"]) for cell in speak)
    written = sum(bool(cell["summary"]) for cell in cells)
    stale = sum(cell["status"] == "stale" for cell in cells)
    said = f"{written:,} {'summary' if written == 1 else 'summaries'}" if written else "no summary"
    state = f'<p class="state">{said}{f", {stale:,} stale" if stale else ""}</p>'
    return (
        f'<td class="{"stale" if stale else "counted"}"><p><b>{len(speak):,} of {len(cells):,}</b>'
        f'</p><p class="codes">{passages(total)}</p>{state}</td>'
    )


def _folded(matrix: Matrix, number: int, site: str, own: Rows, of: int, words: Room) -> str:
    """One site's people, folded; a link to the box within opens it."""
    label = site_label(matrix, site)
    people = f"{of:,} {'person' if of == 1 else 'people'}"
    count = people if len(own) == of else f"{people}, the first {len(own):,} here"
    made = table(matrix, [("", own)], words, f"{label}: people by themes")
    return (
        f'<details class="people"><summary>{escape(label)} <span>{count}</span></summary>'
        f'<div id="site-{number}">{made}</div></details>'
    )

"""The framework matrix as a page: people down, themes across, summaries and codes in the cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from themetrail.config import Theme
from themetrail.synthesis.base import split
from themetrail.synthesis.workbook import Matrix
from themetrail.tables import records

Cell = Mapping[str, Any]
_STATES = {
    "to write": "summary to write",
    "current": "summary current",
    "stale": "summary stale: its evidence changed",
}


def page(matrix: Matrix, *, demonstration: bool = False) -> str:
    """The page as HTML that needs nothing else.

    Parameters
    ----------
    matrix : as the workbook takes it; its excerpts are shown where it has some.
    demonstration : whether the page says that the data are fictional.
    """
    from themetrail.report.render.standalone import standalone

    body = "\n".join([*_head(matrix, demonstration=demonstration), _table(matrix)])
    return standalone(
        f"Framework matrix: {matrix.title}",
        "framework/framework.css",
        body,
        demonstration=demonstration,
    )


def _head(matrix: Matrix, *, demonstration: bool) -> Iterator[str]:
    yield "<h1>Framework matrix</h1>"
    yield (
        f'<p class="about">{escape(matrix.title)}. Each person’s passages on each theme: how many, '
        "with which codes, and the analyst’s summary. Summaries are written in "
        "<code>data/framework_summaries.tsv</code>; the workbook beside this page has the value to "
        "copy there as evidence.</p>"
    )
    if matrix.notice and (matrix.excerpts or not demonstration):
        yield f'<p class="about"><strong>{escape(matrix.notice)}</strong></p>'


def _table(matrix: Matrix) -> str:
    cells = {(row["participant_id"], row["theme"]): row for row in records(matrix.table)}
    people = list(dict.fromkeys(person for person, _ in cells))
    if not people or not matrix.themes:
        return "<p>Nobody has a coded interview yet, or no theme has been written.</p>"
    heads = "".join(_theme_head(theme) for theme in matrix.themes)
    rows, before = [], None
    for person in people:
        own = [cells[person, theme.id] for theme in matrix.themes]
        site = str(own[0]["site"])
        if site != before:
            rows.append(_site_row(matrix.sites.get(site, site), len(own)))
        before = site
        made = "".join(_cell(cell, matrix) for cell in own)
        rows.append(f'<tr><th scope="row">{escape(person)}</th>{made}</tr>')
    return (
        '<div class="box" role="region" tabindex="0" aria-label="Framework matrix"><table>'
        f'<thead><tr><th scope="col">Person</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _theme_head(theme: Theme) -> str:
    claim = f'<span class="claim">{escape(theme.claim)}</span>' if theme.claim else ""
    return f'<th scope="col">{escape(theme.title)}{claim}</th>'


def _site_row(label: str, width: int) -> str:
    head = f'<th scope="rowgroup">{escape(label)}</th>'
    return f'<tr class="site">{head}<td colspan="{width}"></td></tr>'


def _cell(cell: Cell, matrix: Matrix) -> str:
    """One person and theme; an empty cell is a person who did not speak to it."""
    if not cell["n_segments"] and not cell["summary"]:
        return '<td class="empty">–</td>'
    labels = [matrix.codebook.label(code) for code in split(cell["codes"])]
    parts = [f"<p>{escape(cell['summary'])}</p>"] if cell["summary"] else []
    passages = "1 passage" if cell["n_segments"] == 1 else f"{cell['n_segments']} passages"
    parts.append(f'<p class="codes"><b>{passages}</b> {escape(", ".join(labels))}</p>')
    parts.append(_excerpts(split(cell["segment_ids"]), matrix.excerpts))
    state = str(cell["status"])
    if state in _STATES:
        parts.append(f'<p class="state">{_STATES[state]}</p>')
    return f'<td class="{escape(state.replace(" ", "-"))}">{"".join(parts)}</td>'


def _excerpts(names: Sequence[str], excerpts: Mapping[str, str]) -> str:
    """The words, folded away, where the page is for the team."""
    said = [excerpts[name] for name in names if name in excerpts]
    if not said:
        return ""
    listed = "".join(f"<li>{escape(words)}</li>" for words in said)
    return f"<details><summary>words</summary><ul>{listed}</ul></details>"

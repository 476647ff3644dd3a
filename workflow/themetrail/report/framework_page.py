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
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; "
    "form-action 'none'"
)
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
    from themetrail.report.render.document import FICTIONAL
    from themetrail.report.render.html import stylesheet

    body = "\n".join([*_head(matrix, demonstration=demonstration), _table(matrix)])
    banner = (
        '<aside class="fictional" aria-label="About the data"><p><strong>Fictional data.</strong> '
        f"{escape(FICTIONAL)}</p></aside>\n"
        if demonstration
        else ""
    )
    style = stylesheet("framework/framework.css", body)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Framework matrix: {escape(matrix.title)}</title>\n<style>\n{style}\n</style>\n"
        f'</head>\n<body>\n<a class="skip" href="#text">Skip to the text</a>\n{banner}'
        f'<main id="text" tabindex="-1">\n{body}\n</main>\n</body>\n</html>\n'
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

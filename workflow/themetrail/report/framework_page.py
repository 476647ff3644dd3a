"""The framework matrix as a page: people down, themes across, summaries and codes in the cells.

A study of very many people has an overview of its sites first, and each site's people folded away.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from themetrail.report.framework_cells import Rows, by_person, everything, site_label, table
from themetrail.report.framework_sites import MOST_PEOPLE, sites
from themetrail.synthesis.workbook import Matrix


def page(matrix: Matrix, *, demonstration: bool = False) -> str:
    """The page as HTML that needs nothing else.

    Parameters
    ----------
    matrix : as the workbook takes it; its excerpts are shown where it has some.
    demonstration : whether the page says that the data are fictional.
    """
    from themetrail.report.render.standalone import standalone

    people = by_person(matrix)
    if not people or not matrix.themes:
        shown = ["<p>Nobody has a coded interview yet, or no theme has been written.</p>"]
    elif len(people) > MOST_PEOPLE:
        shown = list(sites(matrix, people))
    else:
        shown = [_whole(matrix, people)]
    body = "\n".join([*_head(matrix, demonstration=demonstration), *shown])
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


def _whole(matrix: Matrix, people: Rows) -> str:
    """One table of everybody, a row with each site's name before its people."""
    before = None
    groups: list[tuple[str, Rows]] = []
    for person, own in people.items():
        site = str(own[0]["site"])
        if site != before:
            groups.append((site_label(matrix, site), {}))
        before = site
        groups[-1][1][person] = own
    return table(matrix, groups, everything(), "Framework matrix")

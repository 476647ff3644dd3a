"""The reporting checklists as one page that needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from themetrail.report.checklists import Row, Status
from themetrail.report.checklists_sections import Section
from themetrail.report.numbers import integer

PAPER = "paper.html"
TITLES: dict[str, tuple[str, str]] = {
    "coreq": (
        "COREQ: consolidated criteria for reporting qualitative research",
        "Tong A, Sainsbury P, Craig J. Int J Qual Health Care 2007;19:349–57.",
    ),
    "srqr": (
        "SRQR: standards for reporting qualitative research",
        "O’Brien BC, Harris IB, Beckman TJ, Reed DA, Cook DA. Acad Med 2014;89:1245–51.",
    ),
    "braun_clarke": (
        "Braun and Clarke: a checklist for good thematic analysis",
        "Braun V, Clarke V. Qual Res Psychol 2006;3:77–101.",
    ),
}
_SIGNS: dict[Status, str] = {"filled": "✓", "missing": "✕", "not applicable": "–"}


def page(
    rows: Sequence[Row], sections: Iterable[Section], title: str, *, demonstration: bool
) -> str:
    """The page.

    Parameters
    ----------
    rows : of ``checklists.fill``.
    sections : of the paper, for the count of its words.
    title : of the study.
    demonstration : whether the page says that the data are fictional.
    """
    from themetrail.report.render.standalone import standalone

    body = "\n".join(
        [
            "<h1>Reporting checklists</h1>",
            f'<p class="about">{escape(title)}. Filled by the workflow from data, configuration '
            "and what the authors wrote; “where” leads to the place in the paper.</p>",
            _summary(rows),
            *(_checklist(name, [r for r in rows if r.item.checklist == name]) for name in TITLES),
            _lengths(list(sections)),
        ]
    )
    return standalone(
        f"Reporting checklists: {title}",
        "checklists/checklists.css",
        body,
        demonstration=demonstration,
    )


def _summary(rows: Sequence[Row]) -> str:
    """How many items of each checklist are answered; each name leads to its part."""
    lines = []
    for name, (title, _) in TITLES.items():
        counts = Counter(row.status for row in rows if row.item.checklist == name)
        cells = "".join(f'<td class="number">{counts[status]}</td>' for status in _SIGNS)
        link = f'<a href="#{name}">{escape(title.split(":")[0])}</a>'
        lines.append(f'<tr><th scope="row">{link}</th>{cells}</tr>')
    heads = "".join(f'<th scope="col" class="number">{status}</th>' for status in _SIGNS)
    return _boxed("Items by status", f'<th scope="col">Checklist</th>{heads}', lines)


def _checklist(name: str, rows: Sequence[Row]) -> str:
    title, source = TITLES[name]
    parts = [f'<section aria-labelledby="{name}">', f'<h2 id="{name}">{escape(title)}</h2>']
    parts.append(f'<p class="source">{escape(source)} Items are worded by us.</p>')
    for domain in dict.fromkeys(row.item.domain for row in rows):
        own = [row for row in rows if row.item.domain == domain]
        parts.append(f"<h3>{escape(domain)}</h3>")
        parts.append('<ol class="items">' + "".join(_item(row) for row in own) + "</ol>")
    return "\n".join([*parts, "</section>"])


def _item(row: Row) -> str:
    """One item: what it asks, its answer, and where that stands and rests."""
    item, kind = row.item, row.status.replace(" ", "-")
    name = item.id.replace(".", "-")
    return (
        f'<li id="{name}" class="{kind}" value="{item.number}">'
        f'<div class="asked"><h4><span class="at">{item.number}</span> {escape(item.item)}</h4>'
        f"<p>{escape(item.asks)}</p></div>"
        f'<div class="said"><p class="status"><span aria-hidden="true">{_SIGNS[row.status]}</span> '
        f"{row.status.capitalize()}</p><p>{escape(row.answer)}</p>{_sources(row)}</div></li>\n"
    )


def _sources(row: Row) -> str:
    parts = []
    if row.where:
        title = escape(row.section or row.where)
        place = f'<a href="{PAPER}#{escape(row.where)}">{title}</a>'
        parts.append(f"<dt>Where</dt><dd>{place}</dd>")
    elif row.status == "filled":
        parts.append("<dt>Where</dt><dd>in this checklist alone</dd>")
    if row.evidence:
        listed = "".join(f"<li><code>{escape(name)}</code></li>" for name in row.evidence)
        parts.append(f"<dt>Evidence</dt><dd><ul>{listed}</ul></dd>")
    return f"<dl>{''.join(parts)}</dl>" if parts else ""


def _lengths(sections: Sequence[Section]) -> str:
    """Words by section; quotations apart, tables, figures and citations not counted."""
    lines = []
    for section in sections:
        if section.words or section.quoted:
            cells = "".join(
                f'<td class="number">{integer(n)}</td>' for n in (section.words, section.quoted)
            )
            name = escape(section.title or "Before the first heading")
            indent = f' class="level-{min(section.level, 3)}"'
            lines.append(f'<tr><th scope="row"{indent}>{name}</th>{cells}</tr>')
    own = [section for section in sections if section.title != "Abstract"]
    totals = (sum(section.words for section in own), sum(section.quoted for section in own))
    cells = "".join(f'<td class="number">{integer(n)}</td>' for n in totals)
    lines.append(f'<tr class="total"><th scope="row">All but the abstract</th>{cells}</tr>')
    heads = '<th scope="col">Section</th><th scope="col" class="number">Words</th>'
    heads += '<th scope="col" class="number">Words quoted</th>'
    return (
        '<section aria-labelledby="words"><h2 id="words">Length of the paper</h2>'
        '<p class="source">Words by section. Tables, figures, citations and references are not '
        f"counted.</p>{_boxed('Words by section', heads, lines)}</section>"
    )


def _boxed(label: str, heads: str, lines: Sequence[str]) -> str:
    return (
        f'<div class="box" role="region" tabindex="0" aria-label="{escape(label)}"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )

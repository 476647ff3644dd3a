"""What changed, as one page that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from themetrail.releases import page_findings, page_paper
from themetrail.releases.changes import Changes, ClaimChange
from themetrail.releases.page_parts import link, quoted_html
from themetrail.releases.snapshot import NOW, About, Snapshot
from themetrail.releases.summary import NO_RELEASE, date_of, nothing_changed, sentences, words
from themetrail.report.claims import Judged


def page(changes: Changes) -> str:
    """The page on what changed since a release.

    The summary comes first, then claims that the authors must look at, then the tables.
    """
    parts = page_findings.sections(changes) + page_paper.sections(changes)
    shown = [] if nothing_changed(changes) else [part for part in parts if part.html]
    body = [
        "<h1>What changed</h1>",
        f'<p class="between">{_between(changes.before, changes.after)}</p>',
        f'<p class="about">{escape(changes.after.title)}</p>',
        f'<p class="summary">{escape(words(sentences(changes)))}</p>',
        _flagged(changes.flagged),
        *(f'<p class="caution">{escape(text)}</p>' for text in changes.cautions),
        _contents([(part.name, part.title) for part in shown]),
        *(part.shown() for part in shown),
    ]
    return _whole([part for part in body if part], changes.after)


def first_page(snapshot: Snapshot, flagged: Sequence[Judged]) -> str:
    """The page of a study without a release: it says so, and names claims that do not hold."""
    body = ["<h1>What changed</h1>", f'<p class="about">{escape(snapshot.about.title)}</p>']
    said = re.sub("`([^`]+)`", r"<code>\1</code>", escape(NO_RELEASE))
    body.append(f'<p class="summary">{said}</p>')
    if flagged:
        items = "".join(_claim(one, ()) for one in flagged)
        body.append(_notice(len(flagged), items))
    return _whole(body, snapshot.about)


def _between(before: About, after: About) -> str:
    """The two sides, each with its date, author and note."""
    sides = [_side(before)]
    sides.append("the study as it stands" if after.name == NOW else _side(after))
    return f"From {sides[0]} to {sides[1]}"


def _side(about: About) -> str:
    note = f"“{about.note}”" if about.note else ""
    more = ", ".join(part for part in (date_of(about.on), about.by, note) if part)
    return f"release <strong>{escape(about.name)}</strong>" + (f" ({escape(more)})" if more else "")


def _flagged(flagged: Sequence[ClaimChange]) -> str:
    if not flagged:
        return ""
    return _notice(len(flagged), "".join(_claim(one.now, one.why) for one in flagged))


def _notice(number: int, items: str) -> str:
    title = "A claim to look at" if number == 1 else "Claims to look at"
    return (
        f'<section class="flag" aria-labelledby="look"><h2 id="look">{title}</h2>'
        "<p>The evidence contradicts what the manuscript says. Mend the claim, or record in the "
        "decision log that the contradiction is known and why the claim stands.</p>"
        f"{items}</section>"
    )


def _claim(one: Judged, why: Iterable[str]) -> str:
    reasons = "".join(f"<p>{escape(reason)}</p>" for reason in why)
    claim = one.claim
    command = f"themetrail acknowledge {claim.id} --by NAME --reason TEXT"
    return (
        f"<blockquote><p>{claim_link(one)}</p></blockquote>{reasons}"
        f"<p><code>{escape(command)}</code></p>"
    )


def claim_link(one: Judged) -> str:
    """A claim's words, leading to where the paper makes it."""
    said = quoted_html(one.claim.says)
    return link(f"paper.html#{one.claim.id}", said) if one.claim.source == "manuscript" else said


def _contents(names: Sequence[tuple[str, str]]) -> str:
    if len(names) < 2:
        return ""
    items = "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title in names)
    return f'<nav aria-label="Contents"><ul class="contents">{items}</ul></nav>'


def _whole(parts: Iterable[str], about: About) -> str:
    from themetrail.report.render.standalone import standalone

    return standalone(
        f"What changed: {about.title}",
        "changes/changes.css",
        "\n".join(parts),
        demonstration=about.demonstration,
    )

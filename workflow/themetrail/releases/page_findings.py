"""The page's sections on material, themes, claims, agreement and saturation."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from themetrail.releases.changes import (
    Change,
    Changes,
    ClaimChange,
    CodeChange,
    SiteChange,
    ThemeChange,
)
from themetrail.releases.page_parts import (
    Section,
    fact_link,
    intervals,
    key,
    link,
    move,
    note,
    quoted_html,
    row,
    table,
    tag,
)
from themetrail.releases.snapshot import NOW
from themetrail.releases.summary import points

_STATES = {"holds": "holds", "contradicted": "contradicted", "open": "no evidence yet", "": "–"}


def sections(changes: Changes) -> list[Section]:
    """These sections, in order; one without content is left out by the page."""
    return [
        Section("material", "Sites and material", _material(changes)),
        Section("themes", "Themes and their reach", _themes(changes)),
        Section("claims", "Claims", _claims(changes)),
        Section("agreement", "Agreement on each code", _agreement(changes)),
        Section("saturation", "Saturation", _saturation(changes)),
    ]


def _now(changes: Changes) -> str:
    return "Now" if changes.after.name == NOW else "After"


def _both(one: Change, *, linked: bool) -> tuple[str, str]:
    """Two cells of numbers; the later leads to its evidence."""
    after = fact_link(one.name, one.after) if linked and one.after else escape(one.after or "–")
    return f"#{escape(one.before or '–')}", f"#{after}"


# ------------------------------------------------------------------ material
def _material(changes: Changes) -> str:
    linked = changes.after.name == NOW
    rows = [
        row(escape(one.label), _both(one, linked=linked), quiet=not one.changed)
        for one in changes.totals
    ]
    whole = table("The study as a whole", ["Measure", "#Before", f"#{_now(changes)}"], rows)
    if not changes.sites:
        return whole
    heads = ["Site", "#People before", f"#{_now(changes).lower()}", "#Transcripts before"]
    heads += [f"#{_now(changes).lower()}", "Transcripts"]
    each = [_site(one) for one in changes.sites]
    sites = table("Each site", [heads[0], *(_capital(h) for h in heads[1:])], each)
    return f'<div class="side">{whole}{sites}</div>'


def _capital(head: str) -> str:
    sign = "#" if head.startswith("#") else ""
    text = head.removeprefix("#")
    return f"{sign}{text[:1].upper()}{text[1:]}"


def _site(one: SiteChange) -> str:
    label = escape(one.label) + (tag(one.status) if one.status != "same" else "")
    cells = [*_both(one.people, linked=False), *_both(one.transcripts, linked=False)]
    same = one.status == "same" and not (one.new or one.gone or one.newly_coded)
    return row(label, [*cells, escape(", ".join(one.says)) or "as before"], quiet=same)


# ------------------------------------------------------------------ themes
def _themes(changes: Changes) -> str:
    if not changes.themes:
        return ""
    heads = [
        "Theme",
        "#People before",
        f"#{_now(changes)}",
        "Share of people",
        "#Points",
        "#Sites before",
    ]
    heads += [f"#{_now(changes)}", "#Against it before", f"#{_now(changes)}"]
    joined = any(one.at_new for one in changes.themes)
    heads += ["At new sites"] if joined else []
    rows = [_theme(one, changes, joined=joined) for one in changes.themes]
    return (
        '<p class="source">People with a coded interview who speak to each theme, and those who '
        "speak against its claim.</p>" + key() + table("Reach of themes", heads, rows)
    )


def _theme(one: ThemeChange, changes: Changes, *, joined: bool) -> str:
    linked = changes.after.name == NOW
    label = escape(one.title) + (tag(one.status) if one.status != "same" else "")
    if one.word.changed and one.status == "same":
        label += note(f"in words: {one.word.before or '–'} → {one.word.after or '–'}")
    label += "".join(note(said) for said in one.reworded)
    big = one.moved is not None and abs(one.moved) > changes.after.margin + 1e-9
    moved = "" if one.moved is None else points(one.moved)
    cells = [
        *_both(one.people, linked=linked),
        move(*one.share),
        f'#<span class="moved">{moved}</span>' if big else f"#{moved}",
        *_both(one.sites, linked=linked),
        *_both(one.against, linked=linked),
    ]
    if joined:
        cells.append(
            "<br>".join(
                f'<span class="ends">{escape(text)}</span> at {escape(label)}'
                for label, text in one.at_new
            )
        )
    plain = one.status == "same" and not (one.people.changed or one.sites.changed)
    quiet = plain and not (one.against.changed or one.reworded or one.word.changed)
    return row(label, cells, quiet=quiet).replace("<td><svg", '<td class="picture"><svg')


def _at_site(text: str, label: str) -> str:
    return f'<span class="ends">{escape(text)}</span> at {escape(label)}'


# ------------------------------------------------------------------ claims
def _claims(changes: Changes) -> str:
    if not changes.claims:
        return ""
    heads = ["Claim", "Then", _now(changes), "#Support before", f"#{_now(changes)}", "#Points"]
    margin = round(100 * changes.after.margin)
    return (
        '<p class="source">A theme’s claim holds while more people support it than speak against '
        "it; claims that the manuscript marks hold by the condition given there. Support is named "
        f"where it moved by more than {margin} percentage points.</p>"
        + table("Claims and their support", heads, [_claim(one, changes) for one in changes.claims])
    )


def _claim(one: ClaimChange, changes: Changes) -> str:
    claim = one.now.claim
    said = quoted_html(claim.says)
    label = link(f"paper.html#{claim.id}", said) if claim.source == "manuscript" else said
    label += tag(one.status) if one.status != "same" else ""
    label += tag("not acknowledged", warn=True) if one.flagged else ""
    if one.status != "gone":
        label += "".join(note(reason) for reason in one.why)
    if one.acknowledged is not None:
        who = " on ".join(part for part in (one.acknowledged.by, one.acknowledged.on) if part)
        label += note(f"acknowledged by {who}: {one.acknowledged.reason}")
    if claim.source == "manuscript":
        label += note(f"holds while {claim.condition}")
    state = "–" if one.status == "gone" else _STATES[one.now.state]
    moved = "" if one.moved is None else points(one.moved)
    cells = [
        _STATES[one.before],
        f"<strong>{state}</strong>" if one.now.state != one.before else state,
        f"#{escape(one.support[0] or '–')}",
        f"#{escape(one.support[1] or '–')}",
        f'#<span class="moved">{moved}</span>' if one.beyond else f"#{moved}",
    ]
    same = one.status == "same" and one.before == one.now.state and not one.flagged
    return row(label, cells, quiet=same and not one.beyond)


# ------------------------------------------------------------------ agreement
def _agreement(changes: Changes) -> str:
    if not changes.agreement:
        return ""
    before, after = changes.coefficient
    named = after if before == after else f"{after}; before, {before}"
    heads = ["Code", "#Before", "Interval", f"#{_now(changes)}", "Interval", "From 0 to 1"]
    return (
        f'<p class="source">{escape(named)}, with its interval.</p>'
        + key(threshold=changes.threshold)
        + table(
            "Agreement before and after", heads, [_code(one, changes) for one in changes.agreement]
        )
    )


def _code(one: CodeChange, changes: Changes) -> str:
    label = escape(one.label) + (tag(one.status) if one.status != "same" else "")
    label += note(one.note)
    name = f"agreement.code.{one.code}" if one.code else "agreement.study"
    linked = changes.after.name == NOW and one.texts[1]
    now = fact_link(name, one.texts[1]) if linked else escape(one.texts[1] or "–")
    cells = [
        f"#{escape(one.texts[0] or '–')}",
        _ends(one.intervals[0]),
        f"#{now}",
        _ends(one.intervals[1]),
        intervals(one.ends, one.estimates, changes.threshold_value),
    ]
    same = one.texts[0] == one.texts[1] and one.intervals[0] == one.intervals[1]
    made = row(label, cells, quiet=same and one.status == "same")
    return made.replace("<td><svg", '<td class="picture"><svg')


def _ends(text: str) -> str:
    """An interval without its level, which the heading's coefficient has in the paper."""
    return f'<span class="ends">{escape(text.partition(" CI ")[2] or text)}</span>' if text else "–"


# ------------------------------------------------------------------ saturation
def _saturation(changes: Changes) -> str:
    if not changes.saturation:
        return ""
    return table(
        "Saturation before and after",
        ["Measure", "#Before", f"#{_now(changes)}"],
        _saturation_rows(changes),
    )


def _saturation_rows(changes: Changes) -> Iterator[str]:
    linked = changes.after.name == NOW
    for one in changes.saturation:
        yield row(escape(one.label), _both(one, linked=linked), quiet=not one.changed)

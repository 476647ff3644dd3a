"""What changed, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from themetrail.releases.changes import Changes
from themetrail.releases.sentences import Pair
from themetrail.releases.summary import named, points, quoted, sentences, words
from themetrail.report.numbers import capital

WIDTH = 100
ARROW = " → "


def text(changes: Changes) -> str:
    """The summary, then what changed, section by section; what is as it was is left out."""
    parts = [textwrap.fill(words(sentences(changes)), WIDTH)]
    sections = (
        ("Claims to look at", _flagged(changes)),
        ("Sites and material", _material(changes)),
        ("Themes", _themes(changes)),
        ("Claims", _claims(changes)),
        ("Agreement", _agreement(changes)),
        ("Saturation", _saturation(changes)),
        ("Quotations", _quotes(changes)),
        ("Sentences of the paper", _sentences(changes.sentences)),
        ("Tables of the paper", _rows(changes.rows)),
        ("Settings and versions", _settings(changes)),
    )
    for title, lines in sections:
        made = list(lines)
        if made:
            parts.append("\n".join([title, *(f"  {line}" for line in made)]))
    parts += [textwrap.fill(f"Note: {caution}", WIDTH) for caution in changes.cautions]
    return "\n\n".join(parts)


def from_to(changes: Changes) -> str:
    """What is compared with what, as a heading."""
    return capital(f"{named(changes.before)}{ARROW}{named(changes.after)}")


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their cells below each other."""
    if not rows:
        return []
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _arrow(before: str, after: str) -> str:
    return after if before == after else f"{before or '–'}{ARROW}{after or '–'}"


def _flagged(changes: Changes) -> Iterator[str]:
    for one in changes.flagged:
        claim = one.now.claim
        yield f"{claim.id}: {quoted(claim.says)}"
        yield from (f"    {reason}" for reason in one.why)
        yield f"    themetrail acknowledge {claim.id} --by NAME --reason TEXT, or mend the claim"


def _material(changes: Changes) -> list[str]:
    rows = [(one.label, _arrow(one.before, one.after)) for one in changes.totals if one.changed]
    for site in changes.sites:
        said = [] if site.status == "same" else [site.status]
        if said or site.new or site.gone or site.newly_coded:
            number = f"transcripts: {', '.join(site.says)}" if site.says else ""
            rows.append((site.label, "; ".join([*said, *([number] if number else [])])))
    return aligned(rows)


def _themes(changes: Changes) -> list[str]:
    rows, more = [], []
    for one in changes.themes:
        same = one.status == "same" and not (one.people.changed or one.sites.changed)
        if not (same and not one.word.changed and not one.against.changed and not one.reworded):
            moved = "" if one.moved is None else f"{points(one.moved)} points"
            if one.status != "same":
                moved = one.status
            people = f"people {_arrow(one.people.before, one.people.after)}"
            sites = f"sites {_arrow(one.sites.before, one.sites.after)}"
            rows.append((one.theme, one.title, people, moved, sites))
        more += [f"{one.theme}: {said}" for said in one.reworded]
    return [*aligned(rows), *more]


def _claims(changes: Changes) -> Iterator[str]:
    for one in changes.claims:
        claim = one.now.claim
        state = _arrow(one.before, one.now.state) if one.status == "same" else one.now.state
        if one.status != "same" or one.before != one.now.state or one.beyond:
            moved = "" if one.moved is None else f", support {points(one.moved)} points"
            note = "" if one.status == "same" else f" ({one.status})"
            yield f"{claim.id}: {quoted(claim.says)}: {state}{note}{moved}"
        if one.acknowledged is not None:
            by = f"{one.acknowledged.by}, {one.acknowledged.on}".strip(", ")
            yield f"    acknowledged by {by}: {one.acknowledged.reason}"


def _agreement(changes: Changes) -> list[str]:
    rows = []
    for one in changes.agreement:
        if one.texts[0] != one.texts[1] or one.intervals[0] != one.intervals[1]:
            both = zip(one.texts, one.intervals, strict=True)
            sides = [_with_interval(text, interval) for text, interval in both]
            note = one.note if one.status == "same" else one.status
            rows.append((one.label, sides[0], "→", sides[1], note))
    return aligned(rows)


def _with_interval(text: str, interval: str) -> str:
    ends = interval.partition(" CI ")[2] or interval
    return f"{text} ({ends})" if ends else text or "–"


def _saturation(changes: Changes) -> list[str]:
    return aligned([(c.label, _arrow(c.before, c.after)) for c in changes.saturation if c.changed])


def _quotes(changes: Changes) -> Iterator[str]:
    for theme in changes.quotes:
        for sign, quotes in (("-", theme.gone), ("+", theme.new)):
            for one in quotes:
                said = quoted(one.text) if one.text is not None else "(words taken out)"
                by = f" ({one.attribution})" if one.attribution else ""
                yield textwrap.shorten(f"{sign} {theme.theme} {said}{by}", WIDTH, placeholder=" …")


def _sentences(pairs: Iterable[Pair]) -> Iterator[str]:
    for pair in pairs:
        line = pair.after or pair.before
        if line is None:
            continue
        if pair.changed:
            numbers = ", ".join(f"{name} {then}{ARROW}{now}" for name, then, now in pair.changed)
            yield from textwrap.wrap(line.text, WIDTH)
            yield f"    {numbers}"
        else:
            sign = "+" if pair.before is None else "-"
            yield from textwrap.wrap(f"{sign} {line.text}", WIDTH, subsequent_indent="  ")


def _rows(pairs: Iterable[Pair]) -> list[str]:
    counts: dict[str, int] = {}
    for pair in pairs:
        line = pair.after or pair.before
        if line is not None:
            counts[line.section] = counts.get(line.section, 0) + max(len(pair.changed), 1)
    return [f"{section}: {number} changed" for section, number in counts.items()]


def _settings(changes: Changes) -> list[str]:
    return aligned([(one.label, _arrow(one.before, one.after)) for one in changes.settings])

"""The page's sections on quotations, numbers of the paper, and settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from themetrail.releases.changes import Changes, ThemeQuotes
from themetrail.releases.page_parts import Section, fact_link, note, row, table
from themetrail.releases.sentences import Line, Pair
from themetrail.releases.snapshot import NOW, Quotation
from themetrail.releases.summary import count
from themetrail.report.numbers import listed

TAKEN_OUT = "The words were taken out of the release: the person withdrew."


def sections(changes: Changes) -> list[Section]:
    """These sections, in order; one without content is left out by the page."""
    return [
        Section("quotations", "Quotations replaced", _quotations(changes.quotes)),
        Section("numbers", "Numbers of the paper", _numbers(changes)),
        Section("settings", "Settings and versions", _settings(changes)),
    ]


# ------------------------------------------------------------------ quotations
def _quotations(themes: Iterable[ThemeQuotes]) -> str:
    return "".join(_of_theme(one) for one in themes if one.new or one.gone)


def _of_theme(one: ThemeQuotes) -> str:
    kept = note(f"{count(one.kept, 'quotation')} stayed")
    return (
        f"<h3>{escape(one.title)}</h3>{kept}"
        f'<div class="pair">{_column("Went out", "out", one.gone)}'
        f"{_column('Came in', 'in', one.new)}</div>"
    )


def _column(title: str, kind: str, quotes: Sequence[Quotation]) -> str:
    said = "".join(_quotation(one) for one in quotes) or "<p>–</p>"
    return f'<div class="{kind}"><h4>{title}</h4>{said}</div>'


def _quotation(one: Quotation) -> str:
    if one.text is None:
        return f"<blockquote><p><em>{TAKEN_OUT}</em></p></blockquote>"
    by = [one.attribution] if one.attribution else []
    by += ["against the claim"] if one.stance == "counter" else []
    foot = f"<footer>{escape('; '.join(by))}</footer>" if by else ""
    return f'<blockquote><p dir="auto">{escape(one.text)}</p>{foot}</blockquote>'


# ------------------------------------------------------------------ numbers
def _numbers(changes: Changes) -> str:
    linked = changes.after.name == NOW
    moved = [pair for pair in changes.sentences if pair.changed]
    rest = [pair for pair in changes.sentences if not pair.changed]
    parts = []
    if moved:
        parts.append(
            '<p class="source">Every sentence of the paper with a number that is printed otherwise '
            "now, in its order.</p>"
        )
        parts += [
            _group(section, list(pairs), linked=linked) for section, pairs in _by_section(moved)
        ]
    if rest:
        title = f"{count(len(rest), 'sentence')} with numbers written anew, or taken out"
        inner = "".join(_alone(pair, linked=linked) for pair in rest)
        parts.append(_folded(title, f'<ul class="sentences">{inner}</ul>'))
    if changes.rows:
        number = sum(len(pair.changed) for pair in changes.rows)
        inner = "".join(_table(s, list(p), linked=linked) for s, p in _by_section(changes.rows))
        parts.append(
            _folded(
                f"{count(number, 'number')} in the paper’s tables{_whole_rows(changes.rows)}", inner
            )
        )
    return "".join(parts)


def _by_section(pairs: Iterable[Pair]) -> Iterable[tuple[str, Iterable[Pair]]]:
    return groupby(pairs, key=lambda pair: _line(pair).section)


def _line(pair: Pair) -> Line:
    line = pair.after or pair.before
    if line is None:
        message = "a pair of no sentences"
        raise ValueError(message)
    return line


def _folded(title: str, html: str) -> str:
    return f"<details><summary>{escape(title[:1].upper() + title[1:])}</summary>{html}</details>"


def _group(section: str, pairs: Sequence[Pair], *, linked: bool) -> str:
    items = "".join(f"<li>{_sentence(pair, linked=linked)}</li>" for pair in pairs)
    return f'<h3>{escape(section)}</h3><ul class="sentences">{items}</ul>'


def _sentence(pair: Pair, *, linked: bool) -> str:
    """The sentence as it stands now, each number that changed after the one it was."""
    then = {name: (before, after) for name, before, after in pair.changed}
    parts = []
    for text, fact in _line(pair).pieces:
        before, _ = then.get(fact, ("", ""))
        if before and fact:
            parts.append(_moved(fact, before, text, linked=linked))
        else:
            parts.append(escape(text))
    said = f"<p>{''.join(parts)}</p>"
    if pair.reworded and pair.before is not None:
        said += note(f"The sentence was: {pair.before.text}")
    return said


def _moved(fact: str, before: str, now: str, *, linked: bool) -> str:
    """What was struck out and what is there now; of a list, only the items that differ."""

    def shown(text: str) -> str:
        return f"<ins>{fact_link(fact, text) if linked else escape(text)}</ins>"

    then, items = _items(before, now), _items(now, before)
    stayed = set(then) & set(items)
    if not stayed:
        return f"<del>{escape(before)}</del> {shown(now)}"
    said = listed([escape(one) if one in stayed else shown(one) for one in items])
    gone = [one for one in then if one not in stayed]
    return f"{said} <del>{escape(listed(gone))}</del>" if gone else said


def _items(text: str, other: str) -> list[str]:
    """The items of a list in words; none where it can't be told where the last two part.

    >>> _items("Funding, Workload and Time and money", "Workload, Time and money and Trust")
    ['Funding', 'Workload', 'Time and money']
    """
    first, ways = _parted(text)
    others, other_ways = _parted(other)
    known = {*others, *(part for way in other_ways for part in way)}
    best = max(ways, key=lambda way: len(known.intersection(way)), default=[])
    certain = len(ways) == 1 or known.intersection(best)
    return [*first, *best] if first and certain else []


def _parted(text: str) -> tuple[list[str], list[list[str]]]:
    """A list's items but the last two, and each way in which these may part at an "and"."""
    *first, last = text.split(", ")
    ways = [[last[: at.start()], last[at.end() :]] for at in re.finditer(" and ", last)]
    return first, ways


def _whole_rows(rows: Iterable[Pair]) -> str:
    """How many rows of tables came or went, where some did."""
    number = sum(not pair.changed for pair in rows)
    return f", and {count(number, 'row')} new or no longer there" if number else ""


def _alone(pair: Pair, *, linked: bool) -> str:
    del linked
    sign = "ins" if pair.before is None else "del"
    where = note(_line(pair).section)
    return f"<li><p><{sign}>{escape(_line(pair).text)}</{sign}></p>{where}</li>"


def _table(section: str, pairs: Sequence[Pair], *, linked: bool) -> str:
    rows = [made for pair in pairs for made in _cells(pair, linked=linked)]
    heads = ["Row", "Fact", "#Before", "#Now"]
    return f"<h3>{escape(section)}</h3>{table(section, heads, rows)}"


def _cells(pair: Pair, *, linked: bool) -> list[str]:
    head = escape(_head(_line(pair))) or "…"
    if not pair.changed:
        what = "new row" if pair.before is None else "no longer there"
        return [row(head, [what, "#", "#"])]
    return [
        row(
            head,
            [
                f"<code>{escape(name)}</code>",
                f"#{escape(then)}",
                f"#{fact_link(name, now) if linked else escape(now)}",
            ],
        )
        for name, then, now in pair.changed
    ]


def _head(line: Line) -> str:
    """What a row is about: its cells before the first number."""
    words = ""
    for text, fact in line.pieces:
        if fact:
            break
        words += text
    cells = [cell.strip() for cell in words.rstrip(" |").split(" | ")]
    return ", ".join(cell for cell in cells if cell)


# ------------------------------------------------------------------ settings
def _settings(changes: Changes) -> str:
    if not changes.settings:
        return ""
    rows = [
        row(escape(one.label), [escape(one.before or "–"), escape(one.after or "–")])
        for one in changes.settings
    ]
    return table("Settings before and after", ["Setting", "Before", "Now"], rows)

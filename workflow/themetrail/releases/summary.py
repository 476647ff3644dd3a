"""What changed, as a paragraph that a principal investigator would send round."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable

from themetrail.releases.changes import Change, Changes, ClaimChange, CodeChange, ThemeChange
from themetrail.releases.snapshot import NOW, POOLED, About
from themetrail.report.numbers import MINUS, capital, in_words, integer, listed

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")
NO_RELEASE = (
    "No release of this study has been made yet, so there is nothing to compare with: "
    "`themetrail release NAME` freezes the study as it stands, and from the next run on this page "
    "says what has changed since."
)


def date_of(text: str) -> str:
    """A date as a sentence has it.

    >>> date_of("2026-03-05"), date_of("spring")
    ('5 March 2026', 'spring')
    """
    found = _DATE.match(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return text
    return f"{int(found[3])} {calendar.month_name[int(found[2])]} {found[1]}"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun; small numbers in words.

    >>> count(1, "site"), count(12, "person", "people")
    ('one site', '12 people')
    """
    word = in_words(number) if 0 < number < 10 else integer(number) if number else "no"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def points(moved: float) -> str:
    """A difference of shares in percentage points, with its sign.

    >>> points(0.124), points(-0.05), points(0.001)
    ('+12', '−5', '0')
    """
    rounded = round(100 * moved)
    return "0" if not rounded else f"{'+' if rounded > 0 else MINUS}{abs(rounded)}"


def named(about: About) -> str:
    """What a snapshot is called in a sentence."""
    if about.name == NOW:
        return "the study as it stands"
    return f"release {about.name}" + (f" ({date_of(about.on)})" if about.on else "")


def quoted(text: str) -> str:
    """Words in quotation marks, without a full stop of their own."""
    return f"“{text.rstrip('.')}”"


def nothing_changed(changes: Changes) -> bool:
    """Whether the two print the same numbers, quotations and claims."""
    moved = [*changes.totals, *changes.saturation, *changes.settings]
    material = any(s.new or s.gone or s.newly_coded for s in changes.sites)
    themes = any(t.status != "same" or t.reworded for t in changes.themes)
    quotes = any(q.new or q.gone for q in changes.quotes)
    return not (
        any(one.changed for one in moved)
        or material
        or themes
        or quotes
        or changes.sentences
        or changes.rows
        or any(c.status != "same" or c.before != c.now.state for c in changes.claims)
    )


def sentences(changes: Changes) -> list[str]:
    """The summary, a sentence or two for each thing that matters."""
    if nothing_changed(changes):
        said = [
            f"Nothing that the paper prints has changed between {named(changes.before)} and "
            f"{named(changes.after)}."
        ]
        return [*said, *_claims(changes)]
    return [
        *_material(changes),
        *_settings(changes),
        *_themes(changes),
        *_agreement(changes),
        *_saturation(changes),
        *_quotes(changes),
        *_numbers(changes),
        *_claims(changes),
    ]


def _total(changes: Changes, name: str) -> Change:
    return next((c for c in changes.totals if c.name == name), Change(name, "", "", ""))


# ------------------------------------------------------------------ material
def _material(changes: Changes) -> list[str]:
    came = [s.label for s in changes.sites if s.status == "new"]
    left = [s.label for s in changes.sites if s.status == "gone"]
    new, gone, coded = (
        sum(getattr(s, n) for s in changes.sites) for n in ("new", "gone", "newly_coded")
    )
    parts = []
    if came:
        parts.append(f"{count(len(came), 'site')} joined ({listed(came)})")
    if left:
        parts.append(f"{count(len(left), 'site')} left ({listed(left)})")
    if new:
        parts.append(f"{count(new, 'transcript')} came in")
    if coded:
        were = "was" if coded == 1 else "were"
        parts.append(f"{count(coded, 'transcript')} that {were} waiting {were} coded")
    if gone:
        are = "is" if gone == 1 else "are"
        parts.append(f"{count(gone, 'transcript')} {are} no longer there or {are} corrected")
    since = f"Since {named(changes.before)}"
    if changes.after.name != NOW:
        since = f"Between {named(changes.before)} and {named(changes.after)}"
    said = f"{since}, {listed(parts)}." if parts else f"{since}, the material has stayed the same."
    return [said, _now(changes)]


def _now(changes: Changes) -> str:
    """What the study holds."""
    sites, people, texts, waiting = (
        _total(changes, name).after
        for name in ("n.sites", "n.participants", "n.transcripts", "n.transcripts.waiting")
    )
    places = f"{_said(sites)} site{'' if sites == '1' else 's'}"
    said = f"The study now has {people} people and {texts} transcripts at {places}"
    if changes.after.name != NOW:
        said = f"It then had {people} people and {texts} transcripts at {places}"
    if waiting in ("", "0"):
        return f"{said}."
    waits = "transcript waits" if waiting == "1" else "transcripts wait"
    return f"{said}; {_said(waiting)} {waits} to be coded."


def _said(number: str) -> str:
    """A small number as printed, in words."""
    return in_words(int(number)) if len(number) == 1 and number.isdecimal() else number


def _settings(changes: Changes) -> list[str]:
    moved = [c for c in changes.settings if c.name.startswith("setting.")]
    if not moved:
        return []
    shown = [
        f"{c.label} (was {c.before or 'not there'}, is {c.after or 'not there'})" for c in moved
    ]
    few = listed(shown) if len(shown) <= 3 else f"{count(len(shown), 'setting')}, listed below"
    return [f"The analysis itself was changed, so not all that follows is due to the data: {few}."]


# ------------------------------------------------------------------ findings
def _themes(changes: Changes) -> list[str]:
    if not changes.themes:
        return []
    margin = changes.after.margin
    new = [quoted(t.title) for t in changes.themes if t.status == "new"]
    gone = [quoted(t.title) for t in changes.themes if t.status == "gone"]
    moved = [t for t in changes.themes if t.moved is not None and abs(t.moved) > margin + 1e-9]
    said = []
    if new:
        said.append(f"{capital(count(len(new), 'theme'))} {_is(new)} new: {listed(new)}.")
    if gone:
        said.append(f"{capital(count(len(gone), 'theme'))} {_was(gone)} given up: {listed(gone)}.")
    if moved:
        all_of = "; ".join(_reach(t) for t in moved)
        said.append(
            f"The reach of {count(len(moved), 'theme')} moved by {_more(margin)}: {all_of}."
        )
    elif not said:
        said.append(f"No theme is new, and the reach of none moved by {_more(margin)}.")
    words = [t for t in changes.themes if t.status == "same" and t.word.changed and t not in moved]
    if words:
        each = [f"{t.word.before} to {t.word.after} for {quoted(t.title)}" for t in words]
        said.append(f"The word for how many people speak to it went from {listed(each)}.")
    return said


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _was(names: list[str]) -> str:
    return "was" if len(names) == 1 else "were"


def _more(margin: float) -> str:
    return f"more than {round(100 * margin)} percentage points"


def _reach(theme: ThemeChange) -> str:
    return f"{quoted(theme.title)}, from {theme.people.before} people to {theme.people.after}"


def _agreement(changes: Changes) -> list[str]:
    whole = next((c for c in changes.agreement if c.code == ""), None)
    if whole is None:
        return []
    before, after = changes.coefficient
    if before != after:
        return [f"Agreement is now given as {after}, then as {before}: the two can’t be compared."]
    said = [_overall(whole, after)]
    fell = [c.label for c in changes.agreement if c.code and "fell below" in c.note]
    rose = [c.label for c in changes.agreement if c.code and "rose to" in c.note]
    threshold = f"the threshold of {changes.threshold}"
    parts = [f"on {listed(fell)} it fell below {threshold}"] if fell else []
    if rose:
        parts.append(f"on {listed(rose)} it reached {'it' if fell else threshold}")
    return [*said, f"{capital('; '.join(parts))}."] if parts else said


def _overall(whole: CodeChange, name: str) -> str:
    now = f"{whole.texts[1]} ({whole.intervals[1]})" if whole.intervals[1] else whole.texts[1]
    if whole.texts[0] == whole.texts[1] and whole.intervals[0] == whole.intervals[1]:
        return f"Agreement over all codes ({name}) is still {now}."
    then = f"{whole.texts[0]} ({whole.intervals[0]})" if whole.intervals[0] else whole.texts[0]
    return f"Agreement over all codes ({name}) was {then} and is {now}."


def _saturation(changes: Changes) -> list[str]:
    found = {c.name: c for c in changes.saturation}
    codes, at = found.get("saturation.n_codes"), found.get("saturation.reached_at")
    if codes is None or at is None:
        return []
    same_codes = "The interviews added no code" if not codes.changed else ""
    said = same_codes or f"Codes seen went from {codes.before or '0'} to {codes.after}"
    if at.changed:
        return [f"{said}; saturation was {_reached(at.before)} and is {_reached(at.after)} now."]
    if at.after.isdecimal():
        return [f"{said}, and saturation is {_reached(at.after)}, as before."]
    return [f"{said}, and saturation is still not reached."]


def _reached(at: str) -> str:
    """Where saturation was reached, if it was."""
    return f"reached at interview {at}" if at.isdecimal() else "not reached"


def _quotes(changes: Changes) -> list[str]:
    new, gone = (sum(len(getattr(q, name)) for q in changes.quotes) for name in ("new", "gone"))
    total = sum(q.kept + len(q.new) for q in changes.quotes)
    if not new and not gone:
        return [f"All {total} quotations are as they were."] if total else []
    replaced = f", and {count(gone, 'other')} went out" if gone else ""
    are = "is" if new == 1 else "are"
    number = _few(new) if new else "none"
    return [f"Of the paper’s {count(total, 'quotation')}, {number} {are} new{replaced}."]


def _few(number: int) -> str:
    return in_words(number) if number < 10 else integer(number)


def _numbers(changes: Changes) -> list[str]:
    said = [pair for pair in changes.sentences if pair.changed]
    numbers = sum(len(pair.changed) for pair in said)
    rows = sum(len(pair.changed) for pair in changes.rows)
    if not numbers and not rows:
        return ["No number of the paper changed."]
    text = f"{count(numbers, 'number')} changed in {count(len(said), 'sentence')}"
    return [f"In the paper, {text}, and {_few(rows) if rows else 'none'} in its tables."]


# ------------------------------------------------------------------ claims
def _claims(changes: Changes) -> list[str]:
    there = [c for c in changes.claims if c.status != "gone"]
    if not there:
        return []
    flagged = changes.flagged
    known = [c for c in there if c.acknowledged is not None]
    said = []
    if flagged:
        are = "claim is" if len(flagged) == 1 else "claims are"
        each = listed([f"{quoted(c.now.claim.says)}{_why(c)}" for c in flagged])
        number = in_words(len(flagged))
        said.append(
            f"{capital(number)} {are} contradicted by the evidence, and nobody has acknowledged "
            f"it: {each}."
        )
    if known:
        each = listed([quoted(c.now.claim.says) for c in known])
        said.append(f"The authors know that the evidence contradicts {each}.")
    if not flagged and not known:
        said.append(_none_contradicted(there))
    beyond = [c for c in there if c.beyond and c.now.claim.source != "theme" and not c.flagged]
    if beyond:
        each = listed(
            [f"{quoted(c.now.claim.says)}, from {c.support[0]} to {c.support[1]}" for c in beyond]
        )
        said.append(f"Support moved by {_more(changes.after.margin)} for {each}.")
    return said


def _none_contradicted(claims: list[ClaimChange]) -> str:
    unsure = sum(c.now.state == "open" for c in claims)
    if unsure == len(claims):
        return "There is no evidence yet on any of the claims."
    if len(claims) == 1:
        return "The one claim holds."
    rest = f"; on {count(unsure, 'claim')} there is no evidence yet" if unsure else ""
    return f"No claim is contradicted{rest}." if rest else f"All {_few(len(claims))} claims hold."


def _why(change: ClaimChange) -> str:
    more = f" and {len(change.why) - 2} more" if len(change.why) > 3 else ""
    shown = change.why[:2] if more else change.why
    return f" ({'; '.join(shown)}{more})" if shown else ""


def words(parts: Iterable[str]) -> str:
    """Sentences as one paragraph."""
    return " ".join(parts)


def pooled(site: str) -> bool:
    """Whether a row stands for several sites whose numbers are not shown."""
    return site == POOLED

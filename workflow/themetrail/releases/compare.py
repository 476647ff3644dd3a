"""What changed between two snapshots of a study."""

from __future__ import annotations

from collections.abc import Mapping

from themetrail.audit.decisions import Decision
from themetrail.releases.changes import (
    Change,
    Changes,
    ClaimChange,
    ThemeQuotes,
    change_of,
    changes_of,
    text_of,
    union,
    value_of,
)
from themetrail.releases.compare_agreement import agreement
from themetrail.releases.compare_material import sites, themes
from themetrail.releases.sentences import Pair, paired
from themetrail.releases.snapshot import Number, Snapshot
from themetrail.report.claims import Judged

#: facts on the whole study that the page sums up, with what they are called there
TOTALS: dict[str, str] = {
    "n.sites": "Sites",
    "n.participants": "People interviewed",
    "n.transcripts": "Transcripts",
    "n.transcripts.coded": "Transcripts coded",
    "n.transcripts.waiting": "Transcripts waiting to be coded",
    "n.words": "Words spoken",
    "n.coders": "Coders",
    "n.codings": "Codings",
    "n.conflicts": "Places on which coders disagreed",
    "n.adjudications": "Places that an adjudicator decided",
    "n.segments": "Coded segments of the consensus",
}
SATURATION: dict[str, str] = {
    "saturation.n_interviews": "Interviews coded",
    "saturation.n_codes": "Codes seen in them",
    "saturation.last_new": "Last interview that added a code",
    "saturation.reached_at": "Interview at which saturation was reached, in the order held",
    "saturation.last_share": "New information in the last run of interviews",
    "saturation.reordered.median": "Interview by which half of the random orders had reached it",
    "saturation.rule": "Rule",
}
CAUTION = (
    "Fewer people were added or left than the study prints as a group: read beside each other, the "
    "two releases may tell what single people said. Consider whether both should be public."
)


def compare(
    before: Snapshot, after: Snapshot, acknowledged: Mapping[tuple[str, str], Decision]
) -> Changes:
    """What changed from one snapshot to a later one.

    Parameters
    ----------
    acknowledged : claim and key to the decision (``acknowledged.acknowledgements``).
    """
    pairs = paired(before.lines, after.lines)
    changed = [pair for pair in pairs if pair.changed or pair.before is None or pair.after is None]
    return Changes(
        before.about,
        after.about,
        tuple(changes_of(TOTALS, before, after)),
        tuple(sites(before, after)),
        tuple(themes(before, after)),
        (text_of(before, "agreement.name"), text_of(after, "agreement.name")),
        text_of(after, "setting.threshold"),
        value_of(after, "setting.threshold"),
        tuple(agreement(before, after)),
        tuple(changes_of(SATURATION, before, after)),
        tuple(_quotes(before, after)),
        tuple(_claims(before, after, acknowledged)),
        tuple(pair for pair in changed if not _is_row(pair)),
        tuple(pair for pair in changed if _is_row(pair)),
        tuple(one for one in _settings(before, after) if one.changed),
        tuple(_cautions(before, after)),
    )


def _is_row(pair: Pair) -> bool:
    line = pair.after or pair.before
    return line is not None and line.table


# ------------------------------------------------------------------ quotations
def _quotes(before: Snapshot, after: Snapshot) -> list[ThemeQuotes]:
    titles = {one.theme: one.title for one in (*before.themes, *after.themes)}
    found = []
    themes = union([q.theme for q in before.quotes], [q.theme for q in after.quotes])
    for theme in themes:
        then, now = ([q for q in s.quotes if q.theme == theme] for s in (before, after))
        held = {q.text for q in then if q.text is not None}
        kept = [q for q in now if q.text in held]
        new = tuple(q for q in now if q.text not in held)
        gone = tuple(q for q in then if q.text is None or q.text not in {one.text for one in now})
        found.append(ThemeQuotes(theme, titles.get(theme, theme), len(kept), new, gone))
    return found


# ------------------------------------------------------------------ claims
def _claims(
    before: Snapshot, after: Snapshot, acknowledged: Mapping[tuple[str, str], Decision]
) -> list[ClaimChange]:
    then, now = ({one.claim.id: one for one in s.claims} for s in (before, after))
    found = [
        _claim(then.get(name), now.get(name), after, acknowledged) for name in union(then, now)
    ]
    return [one for one in found if one is not None]


def _claim(
    then: Judged | None,
    now: Judged | None,
    after: Snapshot,
    acknowledged: Mapping[tuple[str, str], Decision],
) -> ClaimChange | None:
    one = now or then
    if one is None:
        return None
    moved = _moved(then, now)
    return ClaimChange(
        one,
        then.state if then else "",
        "same" if then and now else "new" if now else "gone",
        (then.support_text if then else "", now.support_text if now else ""),
        moved,
        moved is not None and abs(moved) > after.about.margin + 1e-9,
        tuple(_why(now, after)) if now else (),
        acknowledged.get((one.claim.id, one.key)) if one.state == "contradicted" else None,
    )


def _why(claim: Judged, after: Snapshot) -> list[str]:
    """What speaks against a claim, in words: a phrase a fact."""
    theme = claim.claim.id
    if claim.claim.source == "theme" and claim.against:
        name = f"theme.{theme}.{{}}.participants"
        sides = [text_of(after, name.format(side)) for side in ("support", "counter")]
        return [f"{sides[0]} people support it, and {sides[1]} speak against it"]
    return [f"{_about(name, after)}{_with_unit(after.facts[name])}" for name in claim.against]


def _about(name: str, snapshot: Snapshot) -> str:
    """What a fact speaks of: a theme or code by its name, else the fact's own id."""
    titles = {one.theme: one.title for one in snapshot.themes}
    for kind, labels in (("theme", titles), ("code", snapshot.codes)):
        for key in sorted(labels, key=len, reverse=True):
            if f".{kind}.{key}." in f".{name}." and labels[key]:
                return f"“{labels[key]}”: "
    return f"{name}: "


def _with_unit(fact: Number) -> str:
    bare = fact.unit in ("text", "share", "coefficient", "index", "tau-b")
    return fact.text if bare or fact.value is None else f"{fact.text} {fact.unit}"


def _moved(then: Judged | None, now: Judged | None) -> float | None:
    """Difference of a claim's support; None where its condition is another, or it has none."""
    if then is None or now is None or then.claim.condition != now.claim.condition:
        return None
    if then.support is None or now.support is None:
        return None
    return now.support - then.support


# ------------------------------------------------------------------ the rest
def _settings(before: Snapshot, after: Snapshot) -> list[Change]:
    names = (n for n in union(before.facts, after.facts) if n.startswith(("setting.", "version.")))
    return [
        change_of(name, name.partition(".")[2].replace("_", " "), before, after) for name in names
    ]


def _cautions(before: Snapshot, after: Snapshot) -> list[str]:
    people = [value_of(s, "n.participants") for s in (before, after)]
    least = value_of(after, "setting.min_cell")
    if None in people or least is None:
        return []
    return [CAUTION] if 0 < abs(people[1] - people[0]) < least else []  # type: ignore[operator]

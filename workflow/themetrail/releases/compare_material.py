"""Sites, people and themes of two snapshots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from themetrail.releases.changes import (
    SiteChange,
    ThemeChange,
    change_of,
    status_of,
    text_of,
    union,
)
from themetrail.releases.snapshot import POOLED, Snapshot, ThemeState
from themetrail.report.claim_terms import share


# ------------------------------------------------------------------ material
def site_names(snapshot: Snapshot) -> list[str]:
    """Sites that a snapshot speaks of."""
    ends = ("site.", ".label")
    return [n[len(ends[0]) : -len(ends[1])] for n in snapshot.facts if _within(n, *ends)]


def _within(name: str, start: str, end: str) -> bool:
    return name.startswith(start) and name.endswith(end)


def sites(before: Snapshot, after: Snapshot) -> list[SiteChange]:
    """Every site's material: new sites first, then the others, then those that left."""
    then, now = site_names(before), site_names(after)
    found = [_site(name, status_of(name, then, now), before, after) for name in union(then, now)]
    if any(one.site == POOLED for one in (*before.material, *after.material)):
        found.append(_site(POOLED, "same", before, after))
    order = {"new": 0, "same": 1, "gone": 2}
    return sorted(found, key=lambda one: (one.site == POOLED, order[one.status]))


def _site(name: str, status: str, before: Snapshot, after: Snapshot) -> SiteChange:
    label = text_of(after, f"site.{name}.label") or text_of(before, f"site.{name}.label")
    then, now = (Counter(m.digest for m in s.material if m.site == name) for s in (before, after))
    coded = [
        Counter(m.digest for m in s.material if m.site == name and m.coded) for s in (before, after)
    ]
    stayed = then & now
    return SiteChange(
        name,
        "sites whose numbers are not shown, together" if name == POOLED else label or name,
        status,
        change_of(f"n.participants.site.{name}", "People", before, after),
        change_of(f"n.transcripts.site.{name}", "Transcripts", before, after),
        (coded[0].total(), coded[1].total()),
        (now - then).total(),
        (then - now).total(),
        ((coded[1] - coded[0]) & stayed).total(),
        now.total() - coded[1].total(),
    )


# ------------------------------------------------------------------ themes
def themes(before: Snapshot, after: Snapshot) -> list[ThemeChange]:
    """Every theme's reach, in the order of themes.yaml."""
    then, now = ({one.theme: one for one in s.themes} for s in (before, after))
    new_sites = [n for n in site_names(after) if n not in site_names(before)]
    return [
        _theme(name, then.get(name), now.get(name), new_sites, before, after)
        for name in union(then, now)
    ]


def _theme(
    name: str,
    then: ThemeState | None,
    now: ThemeState | None,
    new_sites: Sequence[str],
    before: Snapshot,
    after: Snapshot,
) -> ThemeChange:
    status = "same" if then and now else "new" if now else "gone"
    fact = f"theme.{name}.participants"
    shares = tuple(share(s.facts[fact]) if fact in s.facts else None for s in (before, after))
    state = now or then
    labels = {site: text_of(after, f"site.{site}.label") for site in new_sites}
    reach = ((label, text_of(after, f"reach.{name}.site.{site}")) for site, label in labels.items())
    return ThemeChange(
        name,
        state.title if state else name,
        status,
        change_of(fact, "People", before, after),
        (shares[0], shares[1]),
        change_of(f"theme.{name}.sites", "Sites", before, after),
        change_of(f"theme.{name}.quantifier", "In words", before, after),
        change_of(f"theme.{name}.counter.participants", "People against the claim", before, after),
        tuple((label, text) for label, text in reach if text) if now else (),
        _reworded(then, now, {**before.codes, **after.codes}),
    )


def _reworded(
    then: ThemeState | None, now: ThemeState | None, labels: Mapping[str, str]
) -> tuple[str, ...]:
    """What the authors changed in a theme, in words."""
    if then is None or now is None:
        return ()
    said = []
    if then.title != now.title:
        said.append(f"the title was “{then.title}”")
    if then.claim != now.claim:
        said.append(f"the claim was “{then.claim}”" if then.claim else "a claim was written")
    for verb, these, those in (("added", now, then), ("taken out", then, now)):
        codes = [labels.get(code, code) for code in these.codes if code not in those.codes]
        if codes:
            said.append(f"{verb}: {', '.join(codes)}")
    return tuple(said)

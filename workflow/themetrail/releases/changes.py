"""What changed between two snapshots, as plain values: types and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from themetrail.audit.decisions import Decision
from themetrail.releases.sentences import Pair
from themetrail.releases.snapshot import About, Quotation, Snapshot
from themetrail.report.claims import Judged


@dataclass(frozen=True)
class Change:
    """One number before and after, as printed; empty where there is none."""

    name: str
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether it is printed otherwise."""
        return self.before != self.after


@dataclass(frozen=True)
class SiteChange:
    """A site's material; ``status`` is new, gone or same.

    ``new``, ``gone``, ``newly_coded`` and ``waiting`` (to be coded now) count transcripts.
    """

    site: str
    label: str
    status: str
    people: Change
    transcripts: Change
    coded: tuple[int, int]
    new: int
    gone: int
    newly_coded: int
    waiting: int

    @property
    def says(self) -> list[str]:
        """What became of its transcripts, a few words each."""
        counts = {
            "new": self.new,
            "gone or corrected": self.gone,
            "coded since": self.newly_coded,
            "waiting": self.waiting,
        }
        return [f"{number} {words}" for words, number in counts.items() if number]


@dataclass(frozen=True)
class ThemeChange:
    """A theme's reach before and after; ``status`` is new, gone or same.

    Attributes
    ----------
    share : of the people coded, before and after.
    at_new : new site to the people there who speak to it, as printed.
    reworded : what the authors changed: title, claim, codes.
    """

    theme: str
    title: str
    status: str
    people: Change
    share: tuple[float | None, float | None]
    sites: Change
    word: Change
    against: Change
    at_new: tuple[tuple[str, str], ...]
    reworded: tuple[str, ...]

    @property
    def moved(self) -> float | None:
        """Difference of the shares; None where one is missing."""
        before, after = self.share
        return None if before is None or after is None else after - before


@dataclass(frozen=True)
class CodeChange:
    """Agreement on a code before and after, with intervals; the empty id is all codes together.

    Attributes
    ----------
    estimates : before and after; None where there is none.
    texts, intervals : the same and its interval as printed.
    ends : the intervals' ends.
    note : what to make of it; empty where nothing stands out.
    """

    code: str
    label: str
    status: str
    estimates: tuple[float | None, float | None]
    texts: tuple[str, str]
    intervals: tuple[str, str]
    ends: tuple[tuple[float | None, float | None], tuple[float | None, float | None]]
    note: str


@dataclass(frozen=True)
class ThemeQuotes:
    """Quotations of a theme that came and went."""

    theme: str
    title: str
    kept: int
    new: tuple[Quotation, ...]
    gone: tuple[Quotation, ...]


@dataclass(frozen=True)
class ClaimChange:
    """A claim before and after.

    Attributes
    ----------
    now : the claim as it is judged now; as it was, where it is no longer made.
    before : its state then; empty where it was not made.
    status : new, gone or same.
    moved : difference of its support; None where it is not about a share.
    beyond : whether that is more than the margin.
    why : what speaks against it, in words.
    acknowledged : the decision that acknowledges it.
    """

    now: Judged
    before: str
    status: str
    support: tuple[str, str]
    moved: float | None
    beyond: bool
    why: tuple[str, ...]
    acknowledged: Decision | None

    @property
    def flagged(self) -> bool:
        """Whether the authors must look at it."""
        wrong = self.now.state == "contradicted" and self.status != "gone"
        return wrong and self.acknowledged is None


@dataclass(frozen=True)
class Changes:
    """Everything that changed."""

    before: About
    after: About
    totals: tuple[Change, ...]
    sites: tuple[SiteChange, ...]
    themes: tuple[ThemeChange, ...]
    coefficient: tuple[str, str]
    threshold: str
    threshold_value: float | None
    agreement: tuple[CodeChange, ...]
    saturation: tuple[Change, ...]
    quotes: tuple[ThemeQuotes, ...]
    claims: tuple[ClaimChange, ...]
    sentences: tuple[Pair, ...]
    rows: tuple[Pair, ...]
    settings: tuple[Change, ...]
    cautions: tuple[str, ...]

    @property
    def flagged(self) -> list[ClaimChange]:
        """Claims that are contradicted and not acknowledged."""
        return [one for one in self.claims if one.flagged]


# ------------------------------------------------------------------ two snapshots
def text_of(snapshot: Snapshot, name: str) -> str:
    """A fact as printed; empty where there is none."""
    fact = snapshot.facts.get(name)
    return "" if fact is None else fact.text


def change_of(name: str, label: str, before: Snapshot, after: Snapshot) -> Change:
    """A fact before and after."""
    return Change(name, label, text_of(before, name), text_of(after, name))


def changes_of(names: Mapping[str, str], before: Snapshot, after: Snapshot) -> list[Change]:
    """Facts that at least one of the two has."""
    found = [change_of(name, label, before, after) for name, label in names.items()]
    return [one for one in found if one.before or one.after]


def status_of(name: str, before: Iterable[str], after: Iterable[str]) -> str:
    """Whether a name is new, gone or the same."""
    then, now = name in set(before), name in set(after)
    return "same" if then and now else "new" if now else "gone"


def union(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Names in the order of the later list, then what it no longer has."""
    return list(dict.fromkeys([*after, *before]))


def value_of(snapshot: Snapshot, name: str) -> float | None:
    """A fact's number; None where it has none."""
    fact = snapshot.facts.get(name)
    return None if fact is None or fact.value is None else float(fact.value)

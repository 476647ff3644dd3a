"""A balanced choice of quotations: spread over people and sites, and the reason for each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from themetrail.synthesis.excerpt import How

_ORDER: dict[How, int] = {"whole": 0, "sentences": 0, "part": 1, "cut": 2}


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that could be printed under a theme.

    Attributes
    ----------
    voice : who speaks; where that is not known, the transcript stands for them.
    codes : the theme's codes that bear on these words; none where only other codes do.
    n_coders, n_judges : coders behind the segment, and coders who judged the transcript.
    against : how it speaks against the claim; empty where it does not.
    pinned : the analyst's reason; empty where the choice is free.
    """

    theme: str
    segment_id: str
    transcript_id: str
    voice: str
    site: str
    code: str
    codes: tuple[str, ...]
    start: int
    end: int
    n_words: int
    how: How
    n_coders: int
    n_judges: int
    decided_by: str
    against: str = ""
    pinned: str = ""

    def overlaps(self, other: Passage) -> bool:
        """Whether two passages share words."""
        same = self.transcript_id == other.transcript_id
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Limits:
    """How many quotations: of a theme, against its claim, of one person in the whole paper."""

    per_theme: int
    counter: int
    per_person: int
    ideal_words: float


@dataclass(frozen=True)
class Chosen:
    """A passage and why it was taken."""

    passage: Passage
    reason: str


@dataclass
class _Paper:
    """What has been chosen so far."""

    chosen: dict[str, list[Chosen]] = field(default_factory=lambda: defaultdict(list))
    of_person: Counter[str] = field(default_factory=Counter)
    of_person_in_theme: Counter[tuple[str, str]] = field(default_factory=Counter)
    of_site_in_theme: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    in_transcript: dict[str, list[Passage]] = field(default_factory=lambda: defaultdict(list))

    def take(self, passage: Passage, labels: Mapping[str, str]) -> None:
        """Add a passage with the reason as things stand."""
        reason = _reason(passage, self, labels)
        self.chosen[passage.theme].append(Chosen(passage, reason))
        self.of_person[passage.voice] += 1
        self.of_person_in_theme[passage.theme, passage.voice] += 1
        self.of_site_in_theme[passage.theme, passage.site] += 1
        self.codes[passage.theme] |= set(passage.codes)
        self.in_transcript[passage.transcript_id].append(passage)

    def is_free(self, passage: Passage, limits: Limits) -> bool:
        """Whether the person may still be quoted and the words are not in the paper yet."""
        if self.of_person[passage.voice] >= limits.per_person:
            return False
        return not any(
            passage.overlaps(other) for other in self.in_transcript[passage.transcript_id]
        )

    def rank(self, passage: Passage, limits: Limits) -> tuple[float | str, ...]:
        """What makes a passage the next to take: the smallest is best.

        A person new to the theme; the site with fewest quotations in it; the person least quoted
        in the paper; whole sentences; more of the coders who judged it; codes that the theme's
        quotations do not show yet; more codes; a middling length; the first in the data.
        """
        theme = passage.theme
        return (
            self.of_person_in_theme[theme, passage.voice],
            self.of_site_in_theme[theme, passage.site],
            self.of_person[passage.voice],
            _ORDER[passage.how],
            -passage.n_coders / passage.n_judges,
            -len(set(passage.codes) - self.codes[theme]),
            -len(passage.codes),
            abs(passage.n_words - limits.ideal_words),
            passage.transcript_id,
            passage.start,
            passage.end,
            passage.segment_id,
        )


def choose(
    themes: Sequence[str],
    passages: Iterable[Passage],
    limits: Limits,
    labels: Mapping[str, str] | None = None,
) -> dict[str, list[Chosen]]:
    """Choose quotations for every theme.

    Pinned passages first and all of them; then those that speak against a claim, since they are
    few; then supporting ones, one a theme in turn. In each round the theme with the fewest
    people to choose from goes first. No words are printed twice unless both are pinned, and no
    person is quoted more than ``limits.per_person`` times unless pinned.

    Returns
    -------
    chosen : theme to its quotations: pinned and supporting in the order taken, then those against.
    """
    names = labels or {}
    pools: dict[tuple[str, bool], list[Passage]] = defaultdict(list)
    paper = _Paper()
    for passage in passages:
        if passage.pinned:
            paper.take(passage, names)
        else:
            pools[passage.theme, bool(passage.against)].append(passage)
    for against, wanted in ((True, limits.counter), (False, limits.per_theme)):
        order = sorted(themes, key=lambda t: len({p.voice for p in pools[t, against]}))
        for number in range(1, wanted + 1):
            for theme in order:
                have = sum(bool(c.passage.against) == against for c in paper.chosen[theme])
                if have < number:
                    _take_best(pools[theme, against], paper, limits, names)
    return {
        theme: sorted(paper.chosen[theme], key=lambda c: bool(c.passage.against))
        for theme in themes
    }


def _take_best(
    pool: Iterable[Passage], paper: _Paper, limits: Limits, labels: Mapping[str, str]
) -> None:
    """Take the best passage that is still free, if there is one."""
    free = [passage for passage in pool if paper.is_free(passage, limits)]
    if free:
        paper.take(min(free, key=lambda passage: paper.rank(passage, limits)), labels)


def _reason(passage: Passage, paper: _Paper, labels: Mapping[str, str]) -> str:
    """Why a passage is taken, in words."""
    theme = passage.theme
    parts = []
    if passage.pinned:
        parts.append(f"pinned: {passage.pinned}")
    if passage.against:
        parts.append(f"speaks against the claim ({passage.against})")
    if not paper.of_person[passage.voice]:
        parts.append("first quotation of this person")
    elif not paper.of_person_in_theme[theme, passage.voice]:
        parts.append("first quotation of this person in the theme")
    if not paper.of_site_in_theme[theme, passage.site]:
        site = labels.get(passage.site, passage.site)
        parts.append(f"first from {site} in the theme")
    parts.append(_behind(passage))
    if len(passage.codes) > 1:
        parts.append(f"carries {len(passage.codes)} of the theme's codes")
    if paper.codes[theme] and set(passage.codes) - paper.codes[theme]:
        parts.append("shows a code of the theme not shown before")
    if passage.how == "sentences":
        parts.append("whole sentences of a longer segment")
    elif passage.how == "part":
        parts.append("not a whole sentence")
    elif passage.how == "cut":
        parts.append("the beginning of a longer segment")
    return "; ".join(parts)


def _behind(passage: Passage) -> str:
    """Which judgements the segment rests on."""
    if not passage.n_coders:
        return "coded by nobody, named by the analyst"
    if passage.n_judges == 1:
        coders = "marked by the only coder"
    elif passage.n_coders == passage.n_judges:
        coders = "marked by " + ("both" if passage.n_judges == 2 else f"all {passage.n_judges}")
        coders += " coders"
    else:
        coders = f"marked by {passage.n_coders} of {passage.n_judges} coders"
    kept = ", kept by an adjudicator" if passage.decided_by == "adjudication" else ""
    return coders + kept

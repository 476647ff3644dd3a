"""Counted rating patterns of many transcripts and codes, ready to be cut, pooled and summed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from themetrail.errors import InputError
from themetrail.reliability.basis import basis_of
from themetrail.reliability.inference import Sample
from themetrail.reliability.marks import places_of
from themetrail.reliability.sufficient import (
    MISSING,
    Ints,
    Layout,
    distinct,
    most_ratings,
    pattern_sums,
)
from themetrail.reliability.weights import nominal

if TYPE_CHECKING:
    import pandas as pd

RATING = {"0": 0, "1": 1, ".": MISSING}


@dataclass(frozen=True)
class Judgements:
    """How many units of each cluster and group show each pattern.

    Attributes
    ----------
    coders : names of the columns of ``patterns``.
    clusters : names of the clusters (transcripts), sorted.
    groups : names of what a coefficient is wanted of (codes or themes).
    patterns : int, shape (K, m): category a coder, -1 where missing.
    cluster, group, pattern, n_units : one value a row: places in the above, and the count.
    site : number of each cluster's site.
    n_categories : q, declared.
    """

    coders: tuple[str, ...]
    clusters: tuple[str, ...]
    groups: tuple[str, ...]
    patterns: Ints
    cluster: Ints
    group: Ints
    pattern: Ints
    n_units: Ints
    site: Ints
    n_categories: int = 2

    def pooled(self) -> Judgements:
        """All groups as one: every unit × code is a judgement."""
        return dataclasses.replace(self, groups=("",), group=np.zeros_like(self.group))

    def among(self, coders: Sequence[str]) -> Judgements:
        """The judgements of some coders, on the clusters where at least two of them judged."""
        columns = [self.coders.index(name) for name in coders]
        patterns, renamed = distinct(self.patterns[:, columns])
        paired = (patterns != MISSING).sum(axis=1) >= 2
        pattern = renamed[self.pattern]
        kept = np.unique(self.cluster[paired[pattern]])
        cut = dataclasses.replace(self, coders=tuple(coders), patterns=patterns, pattern=pattern)
        return cut.within(kept)

    def within(self, clusters: Ints) -> Judgements:
        """The judgements on some clusters, given by their places, sorted."""
        keep = np.isin(self.cluster, clusters)
        return dataclasses.replace(
            self,
            clusters=tuple(self.clusters[place] for place in clusters),
            cluster=np.searchsorted(clusters, self.cluster[keep]),
            group=self.group[keep],
            pattern=self.pattern[keep],
            n_units=self.n_units[keep],
            site=self.site[clusters],
        )

    def judging(self) -> tuple[str, ...]:
        """Coders with at least one rating here."""
        used = np.unique(self.pattern)
        given = (self.patterns[used] != MISSING).any(axis=0)
        return tuple(name for name, has in zip(self.coders, given, strict=True) if has)

    def sample(self) -> Sample:
        """The sums of each cluster and group, as few as all others follow from."""
        used, pattern = np.unique(self.pattern, return_inverse=True)
        patterns = self.patterns[used]
        weights = (nominal(self.n_categories),)
        most = most_ratings(patterns)
        layout = Layout(len(self.coders), self.n_categories, most, weights)
        values = pattern_sums(patterns, layout)
        basis = basis_of(values, layout)
        values = values[:, basis.columns]
        shape = (len(self.clusters), len(self.groups), len(basis.columns))
        cells = self.cluster * shape[1] + self.group
        sums = np.empty((shape[0] * shape[1], shape[2]))
        for column, value in enumerate(values.T):
            weights = self.n_units * value[pattern.reshape(-1)]
            sums[:, column] = np.bincount(cells, weights=weights, minlength=len(sums))
        return Sample(basis, sums.reshape(shape), np.ones(shape[0], dtype=np.int64), "clusters")


def read_patterns(
    patterns_by_site: Mapping[str, pd.DataFrame], kind: str
) -> tuple[Judgements, dict[str, Ints]]:
    """Put the sites' tables (contract PATTERNS) together.

    Returns
    -------
    judgements : of all sites; clusters sorted by transcript id, groups in order of appearance.
    sites : site -> places of its transcripts in ``clusters``, sites sorted.

    Raises
    ------
    InputError
        A transcript stands in two sites, or a rating is none of ``0``, ``1`` and ``.``.
    """
    import pandas as pd

    sites = sorted(patterns_by_site)
    tables = [patterns_by_site[site] for site in sites]
    cut = [table[table["kind"] == kind] for table in tables]
    rows = pd.concat([part.assign(site=site) for site, part in zip(sites, cut, strict=True)])
    clusters = tuple(sorted(rows["transcript_id"].unique()))
    groups = tuple(rows["code"].unique())
    owner = rows.drop_duplicates(["transcript_id", "site"])
    if len(owner) > len(clusters):
        twice = owner.loc[owner.duplicated("transcript_id"), "transcript_id"].iloc[0]
        message = f"patterns: transcript {twice!r} stands in two sites"
        raise InputError(message)
    site = places_of(owner.set_index("transcript_id")["site"].reindex(clusters), sites)
    coders, patterns, pattern = _read_ratings(rows)
    judgements = Judgements(
        coders=coders,
        clusters=clusters,
        groups=groups,
        patterns=patterns,
        cluster=places_of(rows["transcript_id"], clusters),
        group=places_of(rows["code"], groups),
        pattern=pattern,
        n_units=rows["n_units"].to_numpy(dtype=np.int64),
        site=site,
    )
    return judgements, {
        site: np.flatnonzero(judgements.site == number) for number, site in enumerate(sites)
    }


def _read_ratings(rows: pd.DataFrame) -> tuple[tuple[str, ...], Ints, Ints]:
    """Coders, distinct patterns over all of them, and the place of each row's pattern."""
    import pandas as pd

    code, words = pd.factorize(pd.MultiIndex.from_frame(rows[["coders", "ratings"]]))
    names = [coders.split(";") if coders else [] for coders, _ in words]
    coders = tuple(sorted({name for part in names for name in part}))
    columns = {name: place for place, name in enumerate(coders)}
    patterns = np.full((len(words), len(coders)), MISSING, dtype=np.int64)
    for row, (part, (_, ratings)) in enumerate(zip(names, words, strict=True)):
        if len(ratings) != len(part) or not set(ratings) <= set(RATING):
            message = f"patterns: ratings {ratings!r} do not fit the coders {';'.join(part)!r}"
            raise InputError(message)
        patterns[row, [columns[name] for name in part]] = [RATING[r] for r in ratings]
    patterns, renamed = distinct(patterns)
    return coders, patterns, renamed[code] if len(code) else np.zeros(0, dtype=np.int64)

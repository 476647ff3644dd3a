"""The best alignment of several coders' units, exactly.

A unitary alignment takes at most one unit of each coder; an alignment puts every unit in exactly
one. Leaving a unit alone costs ``delta_empty``, so the best alignment is the set of disjoint
tuples of two or more units that saves most against all units alone: a set packing. Only tuples
that save more than each way to split them are candidates, and among them an integer programme
chooses (an assignment for two coders).

With n coders and N = n(n-1)/2, a tuple of k units whose pairs' dissimilarities (in multiples of
``delta_empty``) add up to D costs (D + N - k(k-1)/2) / N and saves
((k-1) N + k(k-1)/2 - D) / N.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themetrail.errors import NotEstimableError
from themetrail.reliability.gamma_dissimilarity import (
    Floats,
    Ints,
    Units,
    Weights,
    dissimilarity,
    joined,
    near_pairs,
    repeated,
)
from themetrail.reliability.gamma_packing import ABSENT, assign, pack
from themetrail.reliability.unitizing_reasons import Reason

MOST = 4_000_000  # candidates (and partial ones) held at once


@dataclass(frozen=True)
class Candidates:
    """Tuples of units worth aligning.

    Attributes
    ----------
    members : shape (K, n); the unit of each coder, numbered through all coders, or ``ABSENT``.
    value : N times what the tuple saves, shape (K,), above 0.
    """

    members: Ints
    value: Floats


@dataclass(frozen=True)
class Alignment:
    """The best alignment.

    Attributes
    ----------
    members : unitary alignments of two or more units, as in ``Candidates``; every other unit
        stands alone.
    disorder : sum of the costs of all unitary alignments over the mean number of units a coder.
    """

    members: Ints
    disorder: float


def best_alignment(units: Sequence[Units], weights: Weights) -> Alignment:
    """Find the alignment of least disorder.

    Raises
    ------
    NotEstimableError
        ``one_coder``, ``no_spans``, ``too_many_candidate_alignments`` (beyond four million) or
        ``alignment_not_proved_best``.

    References
    ----------
    Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3), 437-479, section 5.1.
    """
    n_coders, n_units = len(units), sum(map(len, units))
    if n_coders < 2:
        raise NotEstimableError(Reason.ONE_CODER)
    if n_units == 0:
        raise NotEstimableError(Reason.NO_SPANS)
    found = candidates(units, weights)
    solve = assign if n_coders == 2 else pack
    chosen = solve(found.members, found.value)
    members = found.members[chosen]
    saved = float(found.value[chosen].sum()) / math.comb(n_coders, 2)
    # Without a tuple that saves, or with only perfect ones, rounding must not leave dust.
    cost = max(0.0, n_units - saved)
    return Alignment(members, weights.delta_empty * cost * n_coders / n_units)


def candidates(units: Sequence[Units], weights: Weights) -> Candidates:
    """All tuples that save more than their splits do.

    Splitting one unit off a tuple of k saves more unless its dissimilarities to the others add up
    to less than N + k - 1. A partial tuple of an n-tuple may thus not exceed N + n - 1.
    """
    n_coders = len(units)
    pairs = math.comb(n_coders, 2)
    edges = np.cumsum([0, *map(len, units)])
    everyone = joined(units)
    members = np.full((0, n_coders), ABSENT, dtype=np.int64)
    apart = np.zeros((0, n_coders))  # each member's sum of dissimilarities to the others
    for coder, own in enumerate(units):
        alone = np.full((len(own), n_coders), ABSENT, dtype=np.int64)
        alone[:, coder] = np.arange(edges[coder], edges[coder + 1])
        bound = pairs + n_coders - 1
        before = everyone.take(np.arange(edges[coder]))
        near = near_pairs(before, own, weights, bound, MOST)
        if near is None:
            raise NotEstimableError(Reason.TOO_MANY)
        row, new = _extensions(members, *near, int(edges[coder]))
        longer, further = members[row], apart[row]
        longer[:, coder] = new + edges[coder]
        further += _added(longer, coder, everyone, weights)
        keep = (further < bound).all(axis=1)
        members = np.concatenate((members, alone, longer[keep]))
        apart = np.concatenate((apart, np.zeros((len(own), n_coders)), further[keep]))
    k = (members != ABSENT).sum(axis=1)
    value = (k - 1) * pairs + k * (k - 1) / 2 - apart.sum(axis=1) / 2
    keep = (k > 1) & (value > 0) & (apart < (pairs + k - 1)[:, None]).all(axis=1)
    return Candidates(members[keep], value[keep])


def _extensions(members: Ints, left: Ints, right: Ints, n_before: int) -> tuple[Ints, Ints]:
    """Which tuples can take which unit of the next coder: those near their last member.

    ``left`` and ``right`` are the near pairs of the units before and the next coder's.
    """
    count = np.bincount(left, minlength=n_before)
    last = members.max(axis=1, initial=ABSENT)  # numbers grow with the coder: the last member
    if int(count[last].sum()) > MOST:
        raise NotEstimableError(Reason.TOO_MANY)
    row, step = repeated(count[last])
    return row, right[(np.cumsum(count) - count)[last[row]] + step]


def _added(members: Ints, coder: int, everyone: Units, weights: Weights) -> Floats:
    """What the unit of ``coder`` adds to each member's sum of dissimilarities, its own included."""
    added = np.zeros(members.shape)
    for other in range(coder):
        there = np.flatnonzero(members[:, other] != ABSENT)
        a, b = (everyone.take(members[there, who]) for who in (other, coder))
        added[there, other] = dissimilarity(a, b, weights)
    added[:, coder] = added.sum(axis=1)
    return added

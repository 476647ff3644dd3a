"""Choose disjoint tuples of the greatest total value: assignment, or an integer programme."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from themetrail.errors import NotEstimableError
from themetrail.reliability.gamma_dissimilarity import Floats, Ints
from themetrail.reliability.unitizing_reasons import Reason

ABSENT = -1
TOLERANCE = 1e-6
MOST_SETS = 20_000  # sets of units that a search looks at before it gives way


def assign(members: Ints, value: Floats) -> Ints:
    """Best set of disjoint pairs, exactly (assignment problem).

    Parameters
    ----------
    members : unit numbers, shape (K, 2).
    value : above 0, shape (K,).

    Returns
    -------
    Indices of the chosen pairs, sorted.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    if len(value) == 0:
        return np.zeros(0, dtype=np.int64)
    _, row = np.unique(members[:, 0], return_inverse=True)
    _, column = np.unique(members[:, 1], return_inverse=True)
    n_rows, n_columns = int(row.max()) + 1, int(column.max()) + 1
    # A unit may stay alone: a partner of its own, worth nothing. All worth one more than it is,
    # since a sparse matrix takes 0 for no edge.
    own = np.arange(n_rows)
    worth = np.concatenate((value, np.zeros(n_rows))) + 1
    place = np.concatenate((row, own)), np.concatenate((column, n_columns + own))
    matched = min_weight_full_bipartite_matching(csr_array((worth, place)), maximize=True)
    pair = dict(
        zip(zip(row.tolist(), column.tolist(), strict=True), range(len(value)), strict=True)
    )
    found = zip(*(side.tolist() for side in matched), strict=True)
    return np.array(sorted(pair[edge] for edge in found if edge in pair), dtype=np.int64)


def pack(members: Ints, value: Floats) -> Ints:
    """Best set of disjoint tuples, exactly.

    The linear relaxation gives each unit a price; what a tuple costs at these prices beyond its
    value is lost for certain if it is chosen. Tuples that lose more than the relaxation is above
    a set found greedily are in no best set. Without them most continua fall into small parts, and
    where the relaxation is not integral on a part, that part is searched.

    Parameters
    ----------
    members : unit numbers or ``ABSENT``, shape (K, n).
    value : above 0, shape (K,).

    Returns
    -------
    Indices of the chosen tuples, sorted.

    Raises
    ------
    NotEstimableError
        ``alignment_not_proved_best``: the solver stopped early.
    """
    if len(value) == 0:
        return np.zeros(0, dtype=np.int64)
    incidence = _incidence(members)
    share, price = _relax(incidence, value)
    whole = np.abs(share - np.rint(share)) < TOLERANCE
    if whole.all():
        return np.flatnonzero(share > 0.5)
    loss = np.maximum(incidence.T @ price - value, 0.0)
    gap = float(value @ share - value[_greedy(incidence, value, share)].sum())
    used = np.flatnonzero(loss <= gap + TOLERANCE)
    part = _components(incidence[:, used])
    broken = np.unique(part[~whole[used]])
    chosen = used[(share[used] > 0.5) & ~np.isin(part, broken)].tolist()
    for number in broken.tolist():
        columns = used[part == number]
        piece = incidence[:, columns]
        found = _search(piece, loss[columns], price, gap + TOLERANCE)
        chosen += columns[_integer(piece, value[columns]) if found is None else found].tolist()
    return np.sort(np.array(chosen, dtype=np.int64))


def _incidence(members: Ints) -> Any:
    """Units × tuples, 1 where the tuple has the unit."""
    from scipy.sparse import csc_array

    tuples, coders = np.nonzero(members != ABSENT)
    names, unit = np.unique(members[tuples, coders], return_inverse=True)
    ones = np.ones(len(tuples))
    return csc_array((ones, (unit, tuples)), shape=(len(names), len(members)))


def _components(incidence: Any) -> Ints:
    """Number of the connected component of each tuple."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(csr_array(incidence @ incidence.T), directed=False)
    return np.asarray(label[incidence.indices[incidence.indptr[:-1]]], dtype=np.int64)


def _relax(incidence: Any, value: Floats) -> tuple[Floats, Floats]:
    """Solve the linear relaxation: share of each tuple, price of each unit."""
    from scipy.optimize import linprog

    # These programmes are small: presolving takes longer than it saves.
    found = linprog(
        -value,
        A_ub=incidence,
        b_ub=np.ones(incidence.shape[0]),
        method="highs-ds",
        options={"presolve": False},
    )
    if found.status != 0:
        raise NotEstimableError(Reason.NOT_PROVED)
    return np.asarray(found.x), -np.asarray(found.ineqlin.marginals)


def _greedy(incidence: Any, value: Floats, share: Floats) -> Ints:
    """A good set: what the relaxation takes whole, then by share and value what still fits."""
    chosen = np.flatnonzero(share > 1 - TOLERANCE).tolist()
    taken = np.asarray(incidence[:, chosen].sum(axis=1)) > 0
    fits = np.flatnonzero(incidence.T @ taken.astype(np.float64) == 0)
    for index in fits[np.lexsort((-value[fits], -share[fits]))].tolist():
        units = incidence.indices[incidence.indptr[index] : incidence.indptr[index + 1]]
        if not taken[units].any():
            taken[units] = True
            chosen.append(index)
    return np.array(chosen, dtype=np.int64)


def _search(incidence: Any, loss: Floats, price: Floats, limit: float) -> Ints | None:
    """Lose least: each unit is left alone, which loses its price, or is in one chosen tuple.

    Units are settled one after the other; what is still to be lost depends only on which are left,
    so that of all ways to leave the same units the cheapest is kept, and none beyond the limit.
    None where more than ``MOST_SETS`` sets of units would have to be kept.
    """
    units, tuples = _in_order(incidence, loss)
    alone = price[units].tolist()
    reached: dict[int, tuple[float, tuple[int, ...]]] = {(1 << len(alone)) - 1: (0.0, ())}
    kept = 0
    for bit, lonely in enumerate(alone):
        one = 1 << bit
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for left, (lost, chosen) in reached.items():
            ways = [(left, lost, chosen)]
            if left & one:
                ways = [(left ^ one, lost + lonely, chosen)]
                ways += [
                    (left ^ mask, lost + more, (*chosen, index))
                    for mask, more, index in tuples[bit]
                    if mask & left == mask
                ]
            for rest, total, taken in ways:
                if total <= limit and (rest not in following or total < following[rest][0]):
                    following[rest] = (total, taken)
        reached = following
        kept += len(reached)
        if kept > MOST_SETS:
            return None
    return np.array(reached[0][1], dtype=np.int64) if reached else None


def _in_order(incidence: Any, loss: Floats) -> tuple[Ints, list[list[tuple[int, float, int]]]]:
    """Units so that neighbours are near each other, and the tuples by their first unit.

    A tuple is a bit mask of its units, its loss and its index.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    used = np.unique(incidence.indices)
    near = csr_array((incidence @ incidence.T)[used][:, used])
    units = used[reverse_cuthill_mckee(near, symmetric_mode=True)]
    bit = dict(zip(units.tolist(), range(len(units)), strict=True))
    tuples: list[list[tuple[int, float, int]]] = [[] for _ in bit]
    edges = incidence.indptr.tolist()
    for index, (low, high) in enumerate(itertools.pairwise(edges)):
        bits = [bit[unit] for unit in incidence.indices[low:high].tolist()]
        tuples[min(bits)].append((sum(1 << b for b in bits), float(loss[index]), index))
    return units, tuples


def _integer(incidence: Any, value: Floats) -> Ints:
    """Best set of one part by an integer programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        -value,
        constraints=LinearConstraint(incidence, -np.inf, 1),
        integrality=np.ones(len(value), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "node_limit": 100_000},
    )
    if found.status != 0:
        raise NotEstimableError(Reason.NOT_PROVED)
    return np.flatnonzero(found.x > 0.5)

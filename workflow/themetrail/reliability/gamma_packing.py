"""Choose disjoint tuples of the greatest total value: assignment, or an integer programme."""

from __future__ import annotations

from typing import Any

import numpy as np

from themetrail.errors import NotEstimableError
from themetrail.reliability.gamma_dissimilarity import Floats, Ints
from themetrail.reliability.unitizing_reasons import Reason

ABSENT = -1
TOLERANCE = 1e-6


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
    from scipy.optimize import linear_sum_assignment

    if len(value) == 0:
        return np.zeros(0, dtype=np.int64)
    _, row = np.unique(members[:, 0], return_inverse=True)
    _, column = np.unique(members[:, 1], return_inverse=True)
    shape = int(row.max()) + 1, int(column.max()) + 1
    worth = np.zeros(shape)
    worth[row, column] = value
    pair = np.full(shape, -1, dtype=np.int64)
    pair[row, column] = np.arange(len(value))
    chosen = pair[linear_sum_assignment(worth, maximize=True)]
    return np.sort(chosen[chosen >= 0])  # the rest were matched at no value: they stand alone


def pack(members: Ints, value: Floats) -> Ints:
    """Best set of disjoint tuples, exactly.

    The linear relaxation of most alignments is integral. Where it is not, the components of the
    continuum that are concerned go to an integer programme, with the tuples left out that the
    relaxation's prices show to be in no best set.

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
    part = _components(incidence)
    broken = np.isin(part, np.unique(part[~whole]))
    chosen = (share > 0.5) & ~broken
    open_ = np.flatnonzero(broken)
    chosen[open_[_integer(incidence[:, open_], value[open_], share[open_], price)]] = True
    return np.flatnonzero(chosen)


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


def _integer(incidence: Any, value: Floats, share: Floats, price: Floats) -> Ints:
    """Solve the integer programme over the tuples that can be in a best set."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    # What a tuple costs at the units' prices beyond its value is lost for certain.
    loss = incidence.T @ price - value
    floor = value[_greedy(incidence, value, share)].sum()
    used = np.flatnonzero(loss <= float(value @ share) - floor + TOLERANCE)
    found = milp(
        -value[used],
        constraints=LinearConstraint(incidence[:, used], -np.inf, 1),
        integrality=np.ones(len(used), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "node_limit": 100_000},
    )
    if found.status != 0:
        raise NotEstimableError(Reason.NOT_PROVED)
    return np.asarray(used[found.x > 0.5])


def _greedy(incidence: Any, value: Floats, share: Floats) -> Ints:
    """A good set: the relaxation's shares first, then the values, what still fits."""
    free = np.ones(incidence.shape[0], dtype=bool)
    chosen = []
    for index in np.lexsort((-value, -share)):
        units = incidence.indices[incidence.indptr[index] : incidence.indptr[index + 1]]
        if free[units].all():
            free[units] = False
            chosen.append(index)
    return np.array(chosen, dtype=np.int64)

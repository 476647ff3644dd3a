"""The best alignment against trying all of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from themetrail.errors import InputError, NotEstimableError
from themetrail.reliability import gamma_alignment, gamma_packing
from themetrail.reliability.gamma_alignment import best_alignment, candidates
from themetrail.reliability.gamma_dissimilarity import Units, Weights, dissimilarity
from themetrail.reliability.gamma_packing import ABSENT, pack

Rows = list[tuple[int, int, int]]  # start, end, code


def _units(rows: Rows) -> Units:
    array = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Units(array[:, 0].astype(float), array[:, 1].astype(float), array[:, 2])


def _apart(a: tuple[int, int, int] | None, b: tuple[int, int, int] | None, w: Weights) -> float:
    """The combined dissimilarity of Mathet et al. (2015), unit by unit."""
    if a is None or b is None:
        return w.delta_empty
    ratio = (abs(a[0] - b[0]) + abs(a[1] - b[1])) / (a[1] - a[0] + b[1] - b[0])
    return (w.alpha * ratio**2 + w.beta * (a[2] != b[2])) * w.delta_empty


def _alignments(left: list[Rows]) -> Iterator[list[tuple[tuple[int, int, int] | None, ...]]]:
    """Every way to put each unit in exactly one unitary alignment."""
    first = next((k for k, rows in enumerate(left) if rows), None)
    if first is None:
        yield []
        return
    options = [[None]] * first + [[left[first][0]]] + [[None, *rows] for rows in left[first + 1 :]]
    for chosen in itertools.product(*options):
        rest = [[row for row in rows if row != chosen[k]] for k, rows in enumerate(left)]
        for others in _alignments(rest):
            yield [chosen, *others]


def _least_disorder(coders: list[Rows], w: Weights) -> float:
    """Disorder of the best alignment by trying all."""
    pairs = math.comb(len(coders), 2)
    costs = (
        sum(_apart(a, b, w) for one in way for a, b in itertools.combinations(one, 2)) / pairs
        for way in _alignments(coders)
    )
    return min(costs) / (sum(map(len, coders)) / len(coders))


rows = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9), st.integers(0, 2)), max_size=3, unique=True
).map(lambda drawn: [(start, start + length, code) for start, length, code in drawn])
weights = st.builds(
    Weights,
    alpha=st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    beta=st.sampled_from([0.3, 1.0, 2.0]),
    delta_empty=st.sampled_from([0.5, 1.0, 2.0]),
)


@settings(deadline=None, max_examples=120)
@given(st.lists(rows, min_size=2, max_size=3), weights)
@example([[(0, 5, 0)], [], [(0, 5, 0)]], Weights())
@example([[(0, 5, 0), (6, 9, 1)], [(0, 5, 1), (6, 9, 0)], [(0, 9, 0)]], Weights(3, 1, 1))
def test_no_alignment_has_less_disorder(coders: list[Rows], w: Weights) -> None:
    """Protects exactness: pruning and optimisation never miss the best alignment."""
    if not any(coders):
        return
    found = best_alignment([_units(rows) for rows in coders], w)
    assert found.disorder == pytest.approx(_least_disorder(coders, w), abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.lists(rows.map(lambda r: r[:2]), min_size=4, max_size=4), weights)
def test_no_alignment_of_four_coders_has_less_disorder(coders: list[Rows], w: Weights) -> None:
    """Protects exactness beyond triples."""
    if not any(coders):
        return
    found = best_alignment([_units(rows) for rows in coders], w)
    assert found.disorder == pytest.approx(_least_disorder(coders, w), abs=1e-9)


def test_no_unit_is_aligned_twice() -> None:
    """Protects the alignment itself on a long continuum whose relaxation is not integral."""
    generator = np.random.default_rng(1)
    coders = []
    for _ in range(3):
        length = np.abs(generator.normal(60, 30, 120)) + 1
        end = np.cumsum(generator.normal(30, 20, 120) + length)
        coders.append(Units(end - length, end, generator.integers(0, 5, 120)))
    found = best_alignment(coders, Weights())
    members = found.members[found.members != ABSENT]
    assert len(np.unique(members)) == len(members)
    assert (np.diff(np.sort(found.members, axis=1)[:, -2:], axis=1) > 0).all()


def test_packing_finds_what_the_relaxation_cannot() -> None:
    """Protects the integer step: three pairs on three units, whose relaxation takes halves."""
    members = np.array([[0, 1, ABSENT], [1, 2, ABSENT], [0, 2, ABSENT]])
    chosen = pack(members, np.array([1.0, 1.01, 1.0]))
    assert chosen.tolist() == [1]


def _crowded(seed: int) -> list[Units]:
    """Three coders with 40 units each whose relaxation is seldom integral."""
    generator = np.random.default_rng(seed)
    coders = []
    for _ in range(3):
        length = np.abs(generator.normal(60, 30, 40)) + 1
        end = np.cumsum(generator.normal(10, 20, 40) + length)
        coders.append(Units(end - length, end, generator.integers(0, 5, 40)))
    return coders


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("most", [gamma_packing.MOST_SETS, 0])
def test_leaving_out_by_price_loses_nothing(
    seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the shortcuts: the whole integer programme, nothing left out, finds no more.

    Once with the search, once with it giving way to the integer programme at once.
    """
    monkeypatch.setattr(gamma_packing, "MOST_SETS", most)
    found = candidates(_crowded(seed), Weights(3.0))
    tuples, coders = np.nonzero(found.members != ABSENT)
    units = found.members[tuples, coders]
    incidence = coo_array((np.ones(len(units)), (units, tuples)))
    whole = milp(
        -found.value,
        constraints=LinearConstraint(incidence.tocsc(), -np.inf, 1),
        integrality=np.ones(len(found.value), dtype=int),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    best = found.value[pack(found.members, found.value)].sum()
    assert best == pytest.approx(-whole.fun, abs=1e-9)


def test_dissimilarity_is_zero_for_the_same_and_one_for_neighbours() -> None:
    """Protects the scale of the positional-sporadic part (Mathet et al. 2015, 4.3)."""
    a, b = _units([(0, 4, 0)]), _units([(0, 4, 0), (4, 8, 0), (0, 4, 1)])
    same = a.take(np.zeros(3, dtype=np.int64))
    assert dissimilarity(same, b, Weights()).tolist() == [0.0, 1.0, 1.0]


def test_candidates_hold_no_pair_that_is_better_apart() -> None:
    """Protects the pruning: with two coders a pair must cost less than two empty ones."""
    near, far = _units([(0, 4, 0)]), _units([(40, 44, 1)])
    assert len(candidates([near, far], Weights()).value) == 0
    assert best_alignment([near, far], Weights()).disorder == 2.0


@pytest.mark.parametrize(
    ("coders", "reason"),
    [([[(0, 1, 0)]], "one_coder"), ([[], []], "no_spans")],
)
def test_alignment_without_a_value_says_why(coders: list[Rows], reason: str) -> None:
    """Protects the reasons."""
    with pytest.raises(NotEstimableError, match=reason):
        best_alignment([_units(rows) for rows in coders], Weights())


def test_too_many_candidates_are_refused_before_memory_runs_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Protects the machine: the number of candidates is known before they are made."""
    monkeypatch.setattr(gamma_alignment, "MOST", 5)
    crowd = _units([(k, k + 50, 0) for k in range(4)])
    with pytest.raises(NotEstimableError, match="too_many_candidate_alignments"):
        best_alignment([crowd, crowd, crowd], Weights())


@pytest.mark.parametrize(
    "settings_",
    [{"alpha": -1}, {"beta": math.nan}, {"delta_empty": 0}, {"alpha": 0, "beta": 0}, {"beta": "1"}],
)
def test_weights_that_make_no_sense_are_refused(settings_: dict[str, float]) -> None:
    """Protects against negative, missing and empty weights."""
    with pytest.raises(InputError, match="gamma"):
        Weights(**settings_)

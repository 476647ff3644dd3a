"""What must not change a coefficient, on tables of hypothesis' choosing."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from themetrail.reliability import agreement

Table = list[list[Any]]
WHOLE = (
    "percent_agreement",
    "percent_agreement_coincidence",
    "percent_agreement_all_raters_equal",
    "fleiss_kappa",
    "conger_kappa",
    "light_kappa",
    "krippendorff_alpha_nominal",
    "brennan_prediger",
    "gwet_ac1",
)
ORDERED = (
    "krippendorff_alpha_ordinal",
    "krippendorff_alpha_interval",
    "conger_kappa_linear",
    "fleiss_kappa_quadratic",
    "gwet_ac2_ordinal",
)


@st.composite
def tables(draw: st.DrawFn, *, missing: bool = True, coders: int | None = None) -> Table:
    """A small table; columns may be constant, rows empty."""
    m = coders or draw(st.integers(2, 4))
    cell = st.sampled_from([1, 2, 3, None] if missing else [1, 2, 3])
    return draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=1, max_size=10))


def estimates(table: Table, statistics: tuple[str, ...] = WHOLE, **options: Any) -> list[float]:
    options.setdefault("categories", [1, 2, 3])
    return agreement(table, statistics=statistics, **options)["estimate"].tolist()


def same(first: list[float], second: list[float]) -> bool:
    """Equal to rounding, undefined where the other is."""
    pairs = zip(first, second, strict=True)
    return all(a == pytest.approx(b, abs=1e-12, nan_ok=True) for a, b in pairs)


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_units_and_coders_does_not_matter(table: Table, dice: Any) -> None:
    """Nobody is the first coder by right."""
    units = dice.sample(table, len(table))
    order = dice.sample(range(len(table[0])), len(table[0]))
    assert same(estimates(table), estimates(units))
    assert same(estimates(table), estimates([[row[p] for p in order] for row in units]))


@given(tables())
@settings(max_examples=30, deadline=None)
def test_names_of_categories_do_not_matter(table: Table) -> None:
    """Nominal categories have no order."""
    names = {1: "zebra", 2: "ape", 3: "mule", None: None}
    renamed = [[names[cell] for cell in row] for row in table]
    assert same(estimates(table), estimates(renamed, categories=["ape", "mule", "zebra"]))


@given(tables())
@settings(max_examples=30, deadline=None)
def test_units_and_coders_without_any_rating_do_not_matter(table: Table) -> None:
    """A coder who never opened the file is no coder; an unrated unit is no unit."""
    wider = [[*row, None] for row in table]
    longer = [*wider, [None] * len(wider[0])]
    assert same(estimates(table), estimates(longer))
    assert same(estimates(table, ORDERED), estimates(longer, ORDERED))


@given(tables())
@settings(max_examples=30, deadline=None)
def test_doubling_the_data_changes_only_what_corrects_for_few(table: Table) -> None:
    """All but alpha depend on shares alone; alpha's chance disagreement is without replacement."""
    names = tuple(name for name in WHOLE if not name.startswith("kripp"))
    assert same(estimates(table, names), estimates(table * 2, names))
    alpha = ("krippendorff_alpha_nominal",)
    n = 2 * sum(len(row) - row.count(None) for row in table if len(row) - row.count(None) > 1)
    one, two = estimates(table, alpha)[0], estimates(table * 2, alpha)[0]
    if not math.isnan(one):
        # 1 - alpha = (n - 1) Do/De with Do, De in proportion to n and n².
        assert 1 - two == pytest.approx((1 - one) * (n - 1) / (n - 2), abs=1e-9)


@given(tables(missing=False, coders=2))
@settings(max_examples=40, deadline=None)
def test_two_coders_reduce_to_the_classics(table: Table) -> None:
    """Conger is Cohen, Fleiss is Scott, alpha is Scott for many units."""
    names = ("conger_kappa", "cohen_kappa", "fleiss_kappa", "scott_pi", "light_kappa")
    conger, cohen, fleiss, scott, light = estimates(table, names)
    assert same([conger, fleiss, light], [cohen, scott, cohen])
    alpha = estimates(table, ("krippendorff_alpha_nominal",))[0]
    if not math.isnan(alpha):
        n = 2 * len(table)
        assert 1 - alpha == pytest.approx((1 - scott) * (n - 1) / n, abs=1e-9)


@given(tables(missing=False))
@settings(max_examples=30, deadline=None)
def test_binary_weights_are_no_weights(table: Table) -> None:
    """With two categories every weighting is the identity."""
    binary = [[min(cell, 2) for cell in row] for row in table]
    for base in ("fleiss_kappa", "conger_kappa", "brennan_prediger"):
        names = (base, f"{base}_linear", f"{base}_quadratic", f"{base}_ordinal")
        found = estimates(binary, names, categories=[1, 2])
        assert same(found, [found[0]] * 4)
    names = ("nominal", "ordinal", "interval")
    found = estimates(binary, tuple(f"krippendorff_alpha_{n}" for n in names), categories=[1, 2])
    assert same(found, [found[0]] * 3)


@given(tables(), st.integers(1, 5), st.integers(-3, 3))
@settings(max_examples=30, deadline=None)
def test_an_interval_scale_may_be_shifted_and_stretched(table: Table, by: int, up: int) -> None:
    """What makes a scale an interval scale."""
    moved = [[None if cell is None else cell * by + up for cell in row] for row in table]
    first = estimates(table, ("krippendorff_alpha_interval",), categories=None, level="interval")
    second = estimates(moved, ("krippendorff_alpha_interval",), categories=None, level="interval")
    assert same(first, second)


@given(tables(), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_nothing_exceeds_one_and_perfect_agreement_is_one(table: Table, copies: int) -> None:
    """The top of the scale means what it says."""
    found = [value for value in estimates(table) if not math.isnan(value)]
    assert all(value <= 1 + 1e-12 for value in found)
    alike = [[row[0]] * (copies + 1) for row in table]
    assume(len({row[0] for row in alike} - {None}) > 1)
    assert same(estimates(alike), [1.0] * len(WHOLE))


@given(tables(missing=False, coders=2))
@settings(max_examples=30, deadline=None)
def test_kappa_is_pabak_less_prevalence_plus_bias(table: Table) -> None:
    """Byrt, Bishop & Carlin (1993), equation 6."""
    binary = [[min(cell, 2) for cell in row] for row in table]
    names = ("cohen_kappa", "pabak", "prevalence_index", "bias_index")
    kappa, pabak, prevalence, bias = estimates(binary, names, categories=[1, 2])
    if not math.isnan(kappa):
        spread = prevalence**2 - bias**2
        assert kappa == pytest.approx((pabak - spread) / (1 - spread), abs=1e-9)


@given(tables())
@settings(max_examples=20, deadline=None)
def test_intervals_do_not_depend_on_the_order_of_rows(table: Table) -> None:
    """The same data, the same interval, to the bit."""
    options = {"replicates": 20, "seed": 3, "categories": [1, 2, 3]}
    first = agreement(table, statistics=WHOLE, **options)
    second = agreement(table[::-1], statistics=WHOLE, **options)
    assert first.equals(second)
    clusters = [f"c{place // 2}" for place in range(len(table))]
    first = agreement(table, statistics=WHOLE, cluster=clusters, **options)
    second = agreement(table[::-1], statistics=WHOLE, cluster=clusters[::-1], **options)
    assert first.equals(second)

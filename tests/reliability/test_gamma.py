"""Gamma: its sampler, its interval, and what must not change it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from themetrail.errors import InputError, NotEstimableError
from themetrail.reliability.gamma import Gamma, Settings, align, gamma, units_of
from themetrail.reliability.gamma_sampling import SAMPLERS, canonical
from themetrail.reliability.unitizing_input import Continuum, continuum
from themetrail.reliability.unitizing_table import unitizing

Rows = list[tuple[str, int, int, str]]
LENGTH = 400


def _rows(coders: int = 3, units: int = 8, seed: int = 0) -> Rows:
    """Coders who agree roughly."""
    generator = np.random.default_rng(seed)
    found = []
    for coder in range(coders):
        for unit in range(units):
            start = unit * 45 + int(generator.integers(0, 12))
            code = "abc"[(unit + int(generator.random() < 0.2)) % 3]
            found.append((f"coder{coder}", start, start + int(generator.integers(8, 30)), code))
    return found


def _text(rows: Rows, length: int = LENGTH) -> Continuum:
    return continuum(rows, length)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_renaming_or_reordering_changes_no_bit(sampler: str) -> None:
    """Protects gamma from names: coders and codes are labels, rows have no order."""
    rows = _rows()
    how = Settings(samples=5, sampler=sampler)
    before = gamma(_text(rows), how)
    coders = {"coder0": "z", "coder1": "m", "coder2": "a"}
    codes = {"a": "x", "b": "w", "c": "v"}
    renamed = [(coders[who], start, end, codes[code]) for who, start, end, code in reversed(rows)]
    after = gamma(_text(renamed), how)
    assert (after.observed, after.chance.tolist()) == (before.observed, before.chance.tolist())


def test_gamma_does_not_depend_on_the_unit_of_length() -> None:
    """Protects scale: a text twice as long in all its parts has the same gamma."""
    rows = _rows()
    double = [(who, 2 * start, 2 * end, code) for who, start, end, code in rows]
    how = Settings(samples=5)
    small, large = gamma(_text(rows), how), gamma(_text(double, 2 * LENGTH), how)
    assert large.observed == small.observed
    assert large.value == pytest.approx(small.value, rel=1e-9)


def test_observed_disorder_does_not_depend_on_where_the_text_begins() -> None:
    """Protects shift; chance does depend on it, through the stretch before the first unit."""
    rows = _rows()
    shifted = [(who, start + 64, end + 64, code) for who, start, end, code in rows]
    how = Settings(samples=1)
    assert gamma(_text(shifted, LENGTH + 64), how).observed == gamma(_text(rows), how).observed


def test_duplicating_the_text_keeps_the_observed_disorder() -> None:
    """Protects the mean: the same text once more, far away, adds as many units as disorder."""
    rows = _rows()
    twice = rows + [(who, start + 9000, end + 9000, code) for who, start, end, code in rows]
    how = Settings(samples=1)
    once, both = gamma(_text(rows), how).observed, gamma(_text(twice, 9000 + LENGTH), how).observed
    assert both == pytest.approx(once, rel=1e-12)


def test_delta_empty_scales_disorders_and_leaves_gamma() -> None:
    """Protects the definition: both parts of the dissimilarity are multiples of delta_empty."""
    rows = _rows()
    one = unitizing(rows, LENGTH, "gamma", samples=4)["estimate"]
    two = unitizing(rows, LENGTH, "gamma", samples=4, delta_empty=2.0)["estimate"]
    assert two[0] == pytest.approx(one[0], rel=1e-12)
    assert two[1] == pytest.approx(2 * one[1], rel=1e-12)


def test_the_same_seed_gives_the_same_bits_with_any_number_of_threads() -> None:
    """Protects determinism; another seed draws other samples."""
    text = _text(_rows())
    one = gamma(text, Settings(samples=6, threads=1)).chance
    assert gamma(text, Settings(samples=6, threads=3)).chance.tolist() == one.tolist()
    assert gamma(text, Settings(samples=6, seed=1)).chance.tolist() != one.tolist()
    more = gamma(text, Settings(samples=9)).chance
    assert more[:6].tolist() == one.tolist()


def test_precision_adds_samples_until_the_mean_is_sure_enough() -> None:
    """Protects section 5.3 of the paper: (variation x 1.96 / precision) squared samples."""
    text = _text(_rows())
    few = gamma(text, Settings(samples=10)).chance
    needed = math.ceil((few.std() / few.mean() * 1.96 / 0.02) ** 2)
    assert needed > 10
    assert len(gamma(text, Settings(samples=10, precision=0.02)).chance) == needed


def test_the_interval_covers_the_value_of_many_samples() -> None:
    """Protects the Monte-Carlo interval: 20 intervals of 30 samples, the value of 1,500 samples."""
    text = _text(_rows(coders=2))
    truth = gamma(text, Settings(samples=1500, seed=99)).value
    ends = [gamma(text, Settings(samples=30, seed=seed)).interval(0.95) for seed in range(20)]
    assert sum(low <= truth <= high for low, high in ends) >= 16


def test_one_sample_gives_no_interval() -> None:
    """Protects honesty: no spread can be seen in one sample."""
    found = gamma(_text(_rows()), Settings(samples=1))
    assert all(map(math.isnan, (found.error, *found.interval(0.95))))


def test_an_interval_has_no_lower_end_where_chance_is_not_told_from_none() -> None:
    """Protects against an interval with its ends swapped."""
    low, high = Gamma(1.0, np.array([0.01, 2.0])).interval(0.95)
    assert math.isnan(low)
    assert high < 1


def test_perfect_agreement_needs_no_samples() -> None:
    """Protects 1: no disorder observed is gamma 1, whatever chance."""
    rows = [(who, 3, 9, "a") for who in ("x", "y", "z")]
    table = unitizing(rows, 20, "gamma")
    assert table["estimate"].tolist()[:2] == [1.0, 0.0]
    assert table["note"][2] == "not_needed_no_observed_disorder"


def test_one_unit_alone_has_a_gamma_and_a_reason_where_not() -> None:
    """Protects tiny continua: a coder who marked nothing is compared, an unnamed one is not."""
    rows = [("x", 3, 9, "a")]
    alone = unitizing(rows, 20, "gamma")
    assert alone["estimate"].isna().all()
    assert set(alone["note"]) == {"one_coder"}
    against = unitizing(rows, 20, "gamma", coders=["x", "y"])
    assert against["estimate"][1] == 2.0


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_samples_have_the_coders_and_lengths_of_the_text(sampler: str) -> None:
    """Protects the samplers: as many coders, units of positive length, only codes that occur."""
    text = _text(_rows())
    units = canonical(units_of(text))
    draw = SAMPLERS[sampler](units, text.length)
    counts = []
    for seed in range(50):
        sample = draw(np.random.default_rng(seed))
        assert len(sample) == 3
        for own in sample:
            assert (own.end > own.start).all()
            assert set(own.code.tolist()) <= {0, 1, 2}
        counts.append(sum(map(len, sample)))
    assert np.mean(counts) == pytest.approx(24, rel=0.1)


def test_gaps_of_the_statistical_sampler_are_those_of_the_text_and_one_of_zero() -> None:
    """Protects comparability with pygamma-agreement, whose list of gaps begins with a 0."""
    text = _text([("x", 0, 5, "a"), ("y", 0, 5, "a"), ("y", 8, 13, "a")])
    draw = SAMPLERS["statistical"](canonical(units_of(text)), text.length)
    firsts = [own.start[0] for seed in range(400) for own in draw(_generator(seed)) if len(own)]
    # Gaps 0 and 3: mean 1.5, standard deviation 1.5.
    assert np.mean(firsts) == pytest.approx(1.5, abs=0.2)
    assert np.std(firsts) == pytest.approx(1.5, abs=0.2)


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_shuffled_units_stay_on_the_text_and_keep_their_lengths() -> None:
    """Protects the rotation of the paper's sampler."""
    text = _text(_rows())
    units = canonical(units_of(text))
    lengths = {length for own in units for length in (own.end - own.start).tolist()}
    draw = SAMPLERS["shuffle"](units, text.length)
    for seed in range(20):
        for own in draw(np.random.default_rng(seed)):
            assert ((own.start >= 0) & (own.start <= text.length)).all()
            assert set((own.end - own.start).tolist()) <= lengths


def test_the_alignment_lists_every_span_once() -> None:
    """Protects the listing of who marked the like of what."""
    rows = _rows()
    table = align(rows, LENGTH)  # type: ignore[arg-type]
    listed = table[["coder", "start", "end", "code"]].itertuples(index=False, name=None)
    assert sorted(listed) == sorted(rows)
    assert not table.duplicated(["alignment", "coder"]).any()
    assert table["alignment"].drop_duplicates().tolist() == list(
        range(1, table["alignment"].max() + 1)
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"samples": 0}, "samples"),
        ({"samples": 2.5}, "samples"),
        ({"seed": -1}, "seed"),
        ({"precision": 1.5}, "precision"),
        ({"precision": "high"}, "precision"),
        ({"threads": 0}, "threads"),
        ({"sampler": "statistic"}, "Did you mean 'statistical'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any], words: str) -> None:
    """Protects against a gamma of unknown meaning."""
    with pytest.raises(InputError, match=words):
        Settings(**wrong)


def test_no_expected_disorder_is_no_gamma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects 0/0: observed disorder against samples without any."""
    text = _text([("x", 0, 5, "a"), ("y", 1, 5, "a")])
    same = canonical(units_of(_text([("x", 0, 5, "a"), ("y", 0, 5, "a")])))
    monkeypatch.setitem(SAMPLERS, "statistical", lambda units, length: lambda generator: same)
    with pytest.raises(NotEstimableError, match="no_expected_disorder"):
        gamma(text, Settings(samples=2))

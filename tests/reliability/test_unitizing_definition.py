"""The unitising alphas, recomputed character by character in exact fractions.

No second program that could be run and no printed number was found for cu-alpha, (k)u-alpha with
three or more coders; here every measure is counted out from its definition, by loops over single
characters and over all displacements, on continua small enough for that.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.reliability.unitizing_boundaries import boundaries
from themetrail.reliability.unitizing_characters import patterns
from themetrail.reliability.unitizing_input import continuum
from themetrail.reliability.unitizing_table import unitizing

Span = tuple[int, int, str]


class Text(NamedTuple):
    """A length and each coder's spans."""

    length: int
    coders: dict[str, list[Span]]

    def rows(self) -> list[tuple[str, int, int, str]]:
        """The spans as rows of a table."""
        return [(name, *span) for name, spans in self.coders.items() for span in spans]


@st.composite
def texts(draw: st.DrawFn, coders: int = 3, longest: int = 14) -> Text:
    """Up to ``coders`` coders with spans that do not overlap, some of them adjacent."""
    length = draw(st.integers(2, longest))
    drawn: dict[str, list[Span]] = {}
    for name in "pqr"[: draw(st.integers(2, coders))]:
        cuts = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
        codes = draw(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=8, max_size=8))
        pieces = zip(itertools.pairwise(cuts), codes, strict=False)
        drawn[name] = [(start, end, code) for (start, end), code in pieces if code]
    return Text(length, drawn)


def _estimate(text: Text, statistic: str, line: str = "") -> float:
    table = unitizing(text.rows(), text.length, statistic, coders=list(text.coders))
    values = dict(zip(table["coefficient"], table["estimate"], strict=True))
    return values.get(line or statistic, math.nan)


def _same(found: float, observed: Fraction, expected: Fraction) -> None:
    if expected == 0:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(float(1 - observed / expected), abs=1e-12)


def _sections(text: Text, coder: str, code: str) -> list[tuple[int, int, bool]]:
    """A coder's spans of one code and the gaps between them."""
    spans = sorted(span for span in text.coders[coder] if span[2] == code)
    at, found = 0, []
    for start, end, _ in spans:
        found += [(at, start, False)] * (at < start) + [(start, end, True)]
        at = end
    return found + [(at, text.length, False)] * (at < text.length)


def _distance(a: tuple[int, int, bool], b: tuple[int, int, bool]) -> int:
    """Krippendorff's (1995) squared difference of two sections."""
    if a[0] >= b[1] or b[0] >= a[1]:
        return 0
    if a[2] and b[2]:
        return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
    if a[2] and b[0] <= a[0] and a[1] <= b[1]:
        return (a[1] - a[0]) ** 2
    if b[2] and a[0] <= b[0] and b[1] <= a[1]:
        return (b[1] - b[0]) ** 2
    return 0


def _alpha_u_parts(text: Text, code: str) -> tuple[Fraction, Fraction]:
    """Observed disagreement, and expected by laying every section over every other."""
    sections = {coder: _sections(text, coder, code) for coder in text.coders}
    observed = sum(
        _distance(a, b)
        for first, second in itertools.permutations(sections.values(), 2)
        for a in first
        for b in second
    )
    pooled = [section for own in sections.values() for section in own]
    units = [end - start for start, end, unit in pooled if unit]
    chance = 0
    for a, b in itertools.combinations(pooled, 2):
        for shift in range(-text.length, text.length + 1):
            moved = (shift, shift + a[1] - a[0], a[2])
            chance += _distance(moved, (0, b[1] - b[0], b[2]))
    m, whole = len(text.coders), len(text.coders) * text.length
    pairs = whole * (whole - 1) - sum(unit * (unit - 1) for unit in units)
    return (
        Fraction(observed, m * (m - 1) * text.length**2),
        Fraction(2 * chance, text.length * pairs) if pairs else Fraction(0),
    )


@settings(deadline=None, max_examples=60)
@given(texts())
def test_alpha_u_is_its_definition(text: Text) -> None:
    """Protects alpha_U: the closed forms equal sums over all sections and displacements."""
    codes = sorted({code for _, _, _, code in text.rows()})
    parts = [_alpha_u_parts(text, code) for code in codes]
    if parts:
        observed, expected = (sum(part, Fraction(0)) for part in zip(*parts, strict=True))
        _same(_estimate(text, "alpha_U_1995"), observed, expected)
        for code, part in zip(codes, parts, strict=True):
            line = f"alpha_U_1995_by_code.{code}"
            _same(_estimate(text, "alpha_U_1995_by_code", line), *part)


class Mark(NamedTuple):
    """One character as one coder has it: what it holds and of which segment it is a part."""

    place: int
    coder: str
    value: str
    segment: tuple[str, int]


def _marks(text: Text) -> list[Mark]:
    """Every character of every coder; each character of a gap is a segment of its own."""
    found = []
    for coder, spans in text.coders.items():
        for place in range(text.length):
            inside = [span for span in spans if span[0] <= place < span[1]]
            value = inside[0][2] if inside else "gap"
            key = (coder, inside[0][0]) if inside else (coder, -1 - place)
            found.append(Mark(place, coder, value, key))
    return found


def _mismatches(
    marks: list[Mark], weight: dict[int, Fraction], about: str | None = None
) -> tuple[Fraction, Fraction]:
    """Share of mismatches, observed at the same place and expected of two segments drawn."""
    observed, seen, chance, pairs = (Fraction(0) for _ in range(4))
    for a, b in itertools.permutations(marks, 2):
        if about is not None and a.value != about:
            continue
        if a.place == b.place:
            seen += 1
            observed += a.value != b.value
        if a.segment != b.segment:
            both = weight[a.place] * weight[b.place]
            pairs += both
            chance += both * (a.value != b.value)
    return (observed / seen if seen else Fraction(0)), (chance / pairs if pairs else Fraction(0))


@settings(deadline=None, max_examples=60)
@given(texts(longest=10))
def test_the_u_alpha_family_is_its_definition(text: Text) -> None:
    """Protects u-alpha, |u-alpha, cu-alpha and (k)u-alpha against counting out all pairs."""
    if not text.rows():
        return
    marks = _marks(text)
    alike = dict.fromkeys(range(text.length), Fraction(1))
    _same(_estimate(text, "u_alpha_2016"), *_mismatches(marks, alike))
    merged = [mark._replace(value="gap" if mark.value == "gap" else "some") for mark in marks]
    _same(_estimate(text, "u_alpha_2016_relevance_only"), *_mismatches(merged, alike))
    coded = [mark for mark in marks if mark.value != "gap"]
    coders_at = {p: sum(mark.place == p for mark in coded) for p in range(text.length)}
    others = {p: Fraction(max(n - 1, 0), len(text.coders) - 1) for p, n in coders_at.items()}
    _same(_estimate(text, "cu_alpha_2016"), *_mismatches(coded, others))
    for code in {mark.value for mark in coded}:
        line = f"ku_alpha_2016_by_code.{code}"
        _same(_estimate(text, "ku_alpha_2016_by_code", line), *_mismatches(coded, others, code))


def test_cu_alpha_never_exceeds_one_where_few_of_many_coders_coded() -> None:
    """Protects the weighting for three coders: two who disagree get 0, not a number above 1."""
    text = Text(12, {"p": [(0, 10, "a")], "q": [(0, 10, "b")], "r": []})
    assert _estimate(text, "cu_alpha_2016") == 0


@settings(deadline=None, max_examples=60)
@given(texts())
def test_patterns_count_every_character(text: Text) -> None:
    """Protects the counts by stretches: the same as looking at each character."""
    part = continuum(text.rows(), text.length, list(text.coders))
    distinct, characters = patterns(part)
    marked = [
        tuple(int(any(s <= place < e for s, e, _ in spans)) for spans in text.coders.values())
        for place in range(text.length)
    ]
    expected = {pattern: marked.count(pattern) for pattern in set(marked)}
    found = zip(map(tuple, distinct.tolist()), characters.tolist(), strict=True)
    assert dict(found) == expected


def _windows_that_differ(a: set[int], b: set[int], length: int) -> Fraction:
    """WindowDiff with ``a`` as the reference, window by window."""
    width = max(2, round(Fraction(length, 2 * (len(a) + 1))))
    differ = [
        sum(i < p <= i + width for p in a) != sum(i < p <= i + width for p in b)
        for i in range(length - width)
    ]
    return Fraction(sum(differ), len(differ))


@settings(deadline=None, max_examples=40)
@given(texts(coders=2))
def test_window_diff_slides_over_every_place(text: Text) -> None:
    """Protects the count by stretches between changes: the same as sliding the window."""
    if text.length < 3:
        return
    part = continuum(text.rows(), text.length, list(text.coders))
    a, b = (set(np.asarray(places).tolist()) for places in boundaries(part))
    widths = [max(2, round(Fraction(text.length, 2 * (len(s) + 1)))) for s in (a, b)]
    if max(widths) >= text.length:
        assert math.isnan(_estimate(text, "window_diff"))
        return
    both = _windows_that_differ(a, b, text.length) + _windows_that_differ(b, a, text.length)
    assert _estimate(text, "window_diff") == pytest.approx(float(both / 2), abs=1e-12)

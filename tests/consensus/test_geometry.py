"""Overlaps and extents against sets of characters."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.consensus.extent import extent_of, merged
from themetrail.consensus.overlap import touching

stretch = st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda t: (t[0], t[0] + t[1]))
rows = st.lists(st.tuples(st.sampled_from("TU"), stretch), max_size=12)
marks = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.integers(1, 9)).map(
        lambda t: (t[0], t[1], t[1] + t[2])
    ),
    min_size=1,
    max_size=7,
)


def table(items: list[tuple[str, tuple[int, int]]]) -> pd.DataFrame:
    """Stretches as a table."""
    return pd.DataFrame(
        {
            "transcript_id": [t for t, _ in items],
            "start": [s for _, (s, _) in items],
            "end": [e for _, (_, e) in items],
        }
    ).astype({"transcript_id": "object", "start": "int64", "end": "int64"})


@settings(deadline=None, max_examples=200)
@given(left=rows, right=rows)
def test_touching_is_sharing_a_character(
    left: list[tuple[str, tuple[int, int]]], right: list[tuple[str, tuple[int, int]]]
) -> None:
    """Whatever the order, nesting and emptiness of the stretches."""
    found = touching(table(left), table(right))
    got = sorted(zip(*(part.tolist() for part in found), strict=True))
    want = [
        (i, j)
        for i, (t, (a, b)) in enumerate(left)
        for j, (u, (c, d)) in enumerate(right)
        if t == u and set(range(a, b)) & set(range(c, d))
    ]
    assert got == want


@given(items=marks)
def test_merged_stretches_cover_the_same_characters(items: list[tuple[str, int, int]]) -> None:
    """Disjoint, in order, and the same set."""
    got = merged([(s, e) for _, s, e in items])
    covered = [c for s, e in got for c in range(s, e)]
    assert covered == sorted({c for _, s, e in items for c in range(s, e)})


@given(items=marks)
def test_union_and_intersection_are_what_their_names_say(
    items: list[tuple[str, int, int]],
) -> None:
    """Union spans everything; intersection lies in everybody's marks where they share any."""
    sets = {c: set[int]() for c, _, _ in items}
    for coder, start, end in items:
        sets[coder] |= set(range(start, end))
    everything = set().union(*sets.values())
    shared = set.intersection(*sets.values())
    start, end = extent_of(items, "union")
    assert (start, end) == (min(everything), max(everything) + 1)
    start, end = extent_of(items, "intersection")
    assert set(range(start, end)) <= (shared or everything)

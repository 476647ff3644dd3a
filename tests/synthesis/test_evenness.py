"""Equal attention to every interview, and where codes come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from themetrail.synthesis.evenness import outlying

TALK = {
    "T1": [("Q", "So how was it then?"), ("P1", "one two three four five")],
    "T2": [("P2", "one two three four five six seven eight nine ten")],
    "T3": [("P3", "nothing coded here")],
    "T4": [("P4", "nobody judged this")],
}
CODINGS = [("a", "T2", "one two", "x"), ("a", "T2", "nine", "y"), ("b", "T1", "five", "y")]


def test_density_counts_participants_words_only(make: Callable[..., Any]) -> None:
    """Segments per 1,000 words of the person; a transcript that waits has no row."""
    made = make(TALK, CODINGS, judged={"a": ["T2", "T3"], "b": ["T1"]})
    table = made.synthesise(())["coding_density"].set_index("transcript_id")
    assert table.index.tolist() == ["T1", "T2", "T3"]
    assert table["n_words"].tolist() == [5, 10, 3]
    assert table["per_1000_words"].tolist() == pytest.approx([200, 200, 0])
    assert table["n_codes"].tolist() == [1, 2, 0]


def test_first_appearance_follows_the_order_held(make: Callable[..., Any]) -> None:
    """T2 was held before T1; an unused code has no first interview."""
    made = make(
        TALK,
        CODINGS,
        judged={"a": ["T2", "T3"], "b": ["T1"]},
        dates={"T1": "2021-03", "T2": "2021-01", "T3": "2021-02", "T4": "2021-01"},
        codes=["x", "y", "z"],
    )
    table = made.synthesise(())["code_appearance"].set_index("code")
    assert table["first_transcript"].tolist() == ["T2", "T2", ""]
    assert table["first_position"].tolist()[:2] == [1, 1]
    assert pd.isna(table.loc["z", "first_position"])
    assert table["n_participants"].tolist() == [1, 2, 0]
    assert table["of_participants"].tolist() == [3, 3, 3]


def test_outliers_by_hand() -> None:
    """Beyond 3.5 / 0.6745 = 5.19 spreads from the median; without spread none."""
    # Median 10, deviations 2 1 0 1 2 6 6: their median is 2, the limit 10.4.
    assert not outlying(np.array([8.0, 9, 10, 11, 12, 4, 16])).any()
    # Median 10, deviations 1 1 0 0 0 1 1 10: their median is 1, the limit 5.19.
    assert outlying(np.array([9.0, 9, 10, 10, 10, 11, 11, 20])).tolist() == [False] * 7 + [True]
    assert not outlying(np.array([5.0, 5, 5, 9])).any()
    assert outlying(np.zeros(0)).tolist() == []

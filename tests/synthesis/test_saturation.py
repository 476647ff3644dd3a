"""Code saturation in the order held, and in others."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest
from themetrail.synthesis.saturation import date_key

CODES = {
    "T1": "abc",
    "T2": "ad",
    "T3": "e",
    "T4": "fg",
    "T5": "h",
    "T6": "a",
    "T7": "ab",
    "T8": "i",
}
DATES = {
    "T1": "2021-01",
    "T2": "2021-01-09",
    "T3": "12/02/2021",
    "T4": "2021-03",
    "T5": "2021-04",
    "T6": "2021-05",
    "T7": "2021-06",
    "T8": "2021-07",
}


def study(make: Callable[..., Any], dates: dict[str, str]) -> Any:
    """Give one turn a code a transcript."""
    talk = {t: [(f"P{t}", "word " + c) for c in codes] for t, codes in CODES.items()}
    codings = [("r", t, "word " + c, c) for t, codes in CODES.items() for c in codes]
    return make(talk, codings, dates=dates)


def test_new_information_by_hand(make: Callable[..., Any]) -> None:
    """Base of 4 with 7 codes; runs of 2 that slide: 1/7, 0/7, 1/7; reached at interview 7."""
    tables = study(make, DATES).synthesise((), saturation={"base": 4, "run": 2})
    rows = tables["saturation"]
    assert rows["transcript_id"].tolist() == list(CODES)
    assert rows["n_new"].tolist() == [3, 1, 1, 2, 1, 0, 0, 1]
    assert rows["n_cumulative"].tolist() == [3, 4, 5, 7, 8, 8, 8, 9]
    assert rows["new_share"].tolist()[5:] == pytest.approx([1 / 7, 0, 1 / 7])
    assert rows["new_share"].isna().tolist() == [True] * 5 + [False] * 3
    assert rows["saturated"].tolist() == [False] * 6 + [True, False]
    own = tables["saturation_reorderings"].iloc[0]
    assert (own["base"], own["run"], own["held_at"]) == (4, 2, 7)
    assert len(tables["saturation_reorderings"]) == 12


def test_runs_may_stand_one_after_the_other(make: Callable[..., Any]) -> None:
    """Without overlap only interviews 6 and 8 end a run."""
    tables = study(make, DATES).synthesise((), saturation={"overlap": False})
    assert tables["saturation"]["new_share"].notna().tolist() == [False] * 5 + [True, False, True]


def test_interviews_come_in_the_order_of_their_dates(make: Callable[..., Any]) -> None:
    """Dates decide, then ids; undated ones come last and are noted."""
    dates = {**DATES, "T1": "2021-12", "T3": "", "T2": "in spring"}
    tables = study(make, dates).synthesise(())
    order = tables["saturation"]["transcript_id"].tolist()
    assert order == ["T4", "T5", "T6", "T7", "T8", "T1", "T2", "T3"]
    assert tables["problems"]["kind"].tolist() == ["no_date"]
    assert "2 of 8" in tables["problems"]["message"][0]


def test_a_date_may_stand_with_the_person(make: Callable[..., Any]) -> None:
    """Studies that keep the interview's date among the participants' attributes need no other."""
    made = study(make, {})
    dates = {f"P{t}": DATES[t] for t in CODES}
    made.participants["interview_date"] = made.participants["participant_id"].map(dates)
    tables = made.synthesise(())
    assert tables["saturation"]["transcript_id"].tolist() == list(CODES)
    assert len(tables["problems"]) == 0


def test_the_mean_of_random_orders_is_the_rarefaction_curve(make: Callable[..., Any]) -> None:
    """Expected codes after k of n interviews: each code is missed with C(n - m, k) / C(n, k)."""
    tables = study(make, DATES).synthesise((), saturation={"reorderings": 4000})
    n = len(CODES)
    holders = [sum(c in codes for codes in CODES.values()) for c in "abcdefghi"]
    want = [sum(1 - comb(n - m, k) / comb(n, k) for m in holders) for k in range(1, n + 1)]
    got = tables["saturation"]["reordered_mean"].to_numpy()
    assert np.abs(got - want).max() < 0.06
    assert got[-1] == 9


def test_random_orders_are_seeded(make: Callable[..., Any]) -> None:
    """The same seed gives the same table; another seed need not."""
    made = study(make, DATES)
    first, second = (made.synthesise(())["saturation_reorderings"] for _ in range(2))
    assert first.equals(second)


def test_too_few_interviews_have_no_answer(make: Callable[..., Any]) -> None:
    """A base that is not full, no random orders: missing, never zero."""
    tables = study(make, DATES).synthesise((), saturation={"base": 9, "reorderings": 0})
    own = tables["saturation_reorderings"].iloc[0]
    assert tables["saturation"]["new_share"].isna().all()
    assert own[["share_reached", "median_at"]].isna().all()
    assert pd.isna(own["held_at"])


def test_dates_are_read_in_the_forms_that_studies_write() -> None:
    """ISO to any precision, and day first."""
    assert date_key("2021") == (2021, 0, 0)
    assert date_key(" 2021-03-05 ") == date_key("5/3/2021") == date_key("05.03.2021")
    assert [date_key(d) for d in ("", "March", "20211")] == [None, None, None]

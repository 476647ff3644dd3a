"""Code saturation: what each further interview added.

Guest, Namey & Chen (2020), PLoS ONE 15(5): e0232076: the unique codes of the first interviews
(the base) are the fixed denominator; new codes in a run of interviews are the numerator;
saturation is reached at the first run whose ratio is at or below the threshold. It speaks of
codes, not of their meaning (Hennink, Kaiser & Marconi 2017).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from themetrail.contracts import SATURATION, SATURATION_REORDERINGS
from themetrail.errors import Problem
from themetrail.synthesis.base import Base
from themetrail.tables import frame, records

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\b")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_CHUNK = 4_000_000
"""Numbers held at once while re-ordering."""


def date_key(date: str) -> tuple[int, int, int] | None:
    """A date's place in time: ISO 8601 to any precision, or day/month/year; None of others.

    >>> date_key("2021-03") < date_key("2021-03-05") < date_key("6/3/2021")
    True
    >>> date_key("in spring") is None
    True
    """
    found = _ISO.match(date.strip())
    if found:
        year, month, day = (int(part or 0) for part in found.groups())
        return year, month, day
    found = _DAY_FIRST.match(date.strip())
    if found:
        day, month, year = (int(part) for part in found.groups())
        return year, month, day
    return None


def in_order(interviews: pd.DataFrame) -> pd.DataFrame:
    """The interviews as held: by date, those without a usable one last, then by id."""
    keys = [
        (date_key(row["date"]) or (9999, 99, 99), row["transcript_id"])
        for row in records(interviews[["date", "transcript_id"]])
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return interviews.iloc[order].reset_index(drop=True)


def undated(interviews: pd.DataFrame) -> list[Problem]:
    """A note where the order held is not known for every interview."""
    n = sum(date_key(date) is None for date in interviews["date"])
    if not n:
        return []
    message = (
        f"{n} of {len(interviews)} coded interviews have no usable date: for saturation they come "
        "last, in order of their ids"
    )
    remedy = "Give the dates in data/<site>/transcripts.csv as YYYY-MM-DD or YYYY-MM."
    return [Problem("note", "no_date", "data", None, message, remedy)]


def presence(base: Base, interviews: pd.DataFrame) -> NDArray[np.bool_]:
    """Interviews × codes of ``base.codes``: whether the consensus has the code there."""
    import numpy as np
    import pandas as pd

    pairs = base.segments[["transcript_id", "code"]].drop_duplicates()
    rows = pd.Index(interviews["transcript_id"]).get_indexer(pd.Index(pairs["transcript_id"]))
    columns = pd.Index(base.codes).get_indexer(pd.Index(pairs["code"]))
    found = np.zeros((len(interviews), len(base.codes)), dtype=bool)
    found[rows, columns] = True
    return found


def new_information(
    cumulative: NDArray[np.int_], base: int, run: int
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Interviews at which a run ends, and new codes of the run / codes of the base.

    Parameters
    ----------
    cumulative : shape (..., n): codes seen after each of n interviews.
    base, run : interviews of the base and of a run.

    Returns
    -------
    ends : shape (n_runs,), 1-based; a run begins after the base and slides by one interview.
    ratio : shape (..., n_runs); NaN where the base has no code.
    """
    import numpy as np

    ends = np.arange(base + run, cumulative.shape[-1] + 1)
    new = cumulative[..., ends - 1] - cumulative[..., ends - run - 1]
    first = cumulative[..., base - 1] if cumulative.shape[-1] >= base else cumulative[..., 0] * 0
    denominator = np.where(first > 0, first, np.nan)[..., None]
    return ends, new / denominator


def saturation_table(
    base: Base, settings: Mapping[str, Any], seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Contracts ``saturation`` (the order held) and ``saturation_reorderings``, and notes.

    Parameters
    ----------
    settings : base, run, threshold, overlap (runs slide by one interview, else by their length),
        reorderings (how many random orders).
    """
    import numpy as np

    held = in_order(base.interviews)
    found = presence(base, held)
    cumulative = np.cumsum(_first_seen(found), axis=0) if len(held) else np.zeros(0, dtype=int)
    shares = _shares(cumulative, settings)
    orders = _reordered(found, int(settings["reorderings"]), seed)
    bands = _bands(orders, len(held))
    rows = [
        {
            "position": at + 1,
            "transcript_id": interview["transcript_id"],
            "site": interview["site"],
            "n_codes": int(found[at].sum()),
            "n_new": int(cumulative[at] - (cumulative[at - 1] if at else 0)),
            "n_cumulative": int(cumulative[at]),
            "new_share": shares.get(at + 1, float("nan")),
            "saturated": shares.get(at + 1, float("nan")) <= settings["threshold"],
            "reordered_mean": bands[0][at],
            "reordered_low": bands[1][at],
            "reordered_high": bands[2][at],
        }
        for at, interview in enumerate(records(held))
    ]
    summary = [
        _summary(cumulative, orders, {**settings, **choice}) for choice in _choices(settings)
    ]
    tables = frame(rows, SATURATION), frame(summary, SATURATION_REORDERINGS)
    return *tables, undated(base.interviews)


def _first_seen(found: NDArray[np.bool_]) -> NDArray[np.int_]:
    """How many codes are seen for the first time in each interview."""
    import numpy as np

    first = found[:, found.any(axis=0)].argmax(axis=0)
    return np.bincount(first, minlength=len(found))


def _stepped(
    ends: NDArray[np.int_], ratio: NDArray[np.float64], settings: Mapping[str, Any]
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Runs that slide by one interview, or stand one after the other."""
    step = 1 if settings["overlap"] else int(settings["run"])
    return ends[::step], ratio[..., ::step]


def _shares(cumulative: NDArray[np.int_], settings: Mapping[str, Any]) -> dict[int, float]:
    """Position at which a run ends to its new information."""
    if not len(cumulative):
        return {}
    runs = new_information(cumulative, int(settings["base"]), int(settings["run"]))
    ends, ratio = _stepped(*runs, settings)
    return dict(zip(ends.tolist(), ratio.tolist(), strict=True))


def _reordered(found: NDArray[np.bool_], n: int, seed: int) -> NDArray[np.int_]:
    """Codes seen after each interview in ``n`` random orders, shape (n, interviews).

    A code is first seen at the earliest place of any interview that has it.
    """
    import numpy as np

    size = len(found)
    rng = np.random.default_rng(seed)
    done = np.zeros((n, size), dtype=np.int64)
    holders = [np.flatnonzero(column) for column in found.T]
    step = max(_CHUNK // max(size, 1), 1)
    for begin in range(0, n, step):
        count = min(step, n - begin)
        place = rng.permuted(np.tile(np.arange(size), (count, 1)), axis=1)
        for rows in holders:
            if len(rows):
                first = place[:, rows].min(axis=1)
                done[np.arange(begin, begin + count), first] += 1
    return done.cumsum(axis=1)


def _bands(orders: NDArray[np.int_], size: int) -> NDArray[np.float64]:
    """Mean, 5th and 95th percentile of codes seen after each interview; NaN without orders."""
    import numpy as np

    if not orders.size:
        return np.full((3, size), np.nan)
    low, high = np.quantile(orders, [0.05, 0.95], axis=0)
    return np.stack([orders.mean(axis=0), low, high])


def _choices(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The study's own choice first, then those that Guest and colleagues compare."""
    usual = [
        {"base": base, "run": run, "threshold": threshold}
        for base in (4, 5, 6)
        for run in (2, 3)
        for threshold in (0.05, 0.0)
    ]
    own = {key: settings[key] for key in ("base", "run", "threshold")}
    return [own, *(choice for choice in usual if choice != own)]


def _summary(
    cumulative: NDArray[np.int_], orders: NDArray[np.int_], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """When one choice of base, run and threshold says that saturation is reached."""
    import numpy as np

    held = _reached(cumulative[None, :], settings)
    many = _reached(orders, settings)
    usable = many[np.isfinite(many)]
    # An order that never saturates counts as later than any number, so the median stays honest.
    ranks = np.sort(many)
    return {
        "base": int(settings["base"]),
        "run": int(settings["run"]),
        "threshold": float(settings["threshold"]),
        "overlap": bool(settings["overlap"]),
        "n_interviews": len(cumulative),
        "held_at": int(held[0]) if np.isfinite(held[0]) else None,
        "n_reorderings": len(orders),
        "share_reached": len(usable) / len(many) if len(many) else float("nan"),
        **{
            name: _rank(ranks, share)
            for name, share in (("median_at", 0.5), ("low_at", 0.05), ("high_at", 0.95))
        },
    }


def _reached(cumulative: NDArray[np.int_], settings: Mapping[str, Any]) -> NDArray[np.float64]:
    """Interview at which each order is saturated; infinite where it never is."""
    import numpy as np

    if not cumulative.size:
        return np.full(len(cumulative), np.inf)
    runs = new_information(cumulative, int(settings["base"]), int(settings["run"]))
    ends, ratio = _stepped(*runs, settings)
    if not len(ends):
        return np.full(len(cumulative), np.inf)
    low = ratio <= settings["threshold"]
    return np.where(low.any(axis=1), ends[low.argmax(axis=1)], np.inf)


def _rank(ranks: NDArray[np.float64], share: float) -> float:
    """The smallest number that at least this share of the orders reach; NaN where they do not."""
    import math

    if not len(ranks):
        return float("nan")
    value = float(ranks[max(math.ceil(share * len(ranks)) - 1, 0)])
    return value if math.isfinite(value) else float("nan")

"""Which stretches of text share a character, for whole tables at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def touching(left: pd.DataFrame, right: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of rows of two tables that share at least one character of the same transcript.

    Parameters
    ----------
    left, right : tables with transcript_id, start, end (code points, half-open). An empty
        stretch touches nothing. The rows of ``right`` may overlap each other and be in any order.

    Returns
    -------
    left_rows, right_rows : positions of equal length, in the order of ``left``, then of place.
        Cost follows the number of pairs, not the product of the tables.
    """
    import numpy as np
    import pandas as pd

    ids = pd.concat([left["transcript_id"], right["transcript_id"]], ignore_index=True)
    group = pd.factorize(ids)[0].astype(np.int64)
    ends = [int(table["end"].max()) if len(table) else 0 for table in (left, right)]
    # Every transcript gets a stretch of one long line of its own, so that one search serves all.
    offset = group * (max(ends) + 1)
    start, end = _on_line(left, offset[: len(left)])
    other_start, other_end = _on_line(right, offset[len(left) :])
    order = np.lexsort((other_end, other_start))
    order = order[other_end[order] > other_start[order]]
    # A running maximum of the ends is monotone even where the rows overlap.
    reach = np.maximum.accumulate(other_end[order]) if len(order) else other_end[order]
    first = np.searchsorted(reach, start, side="right")
    last = np.searchsorted(other_start[order], end, side="left")
    count = np.where(end > start, np.maximum(last - first, 0), 0)
    rows = np.repeat(np.arange(len(left)), count)
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    others = order[np.repeat(first, count) + within]
    share = (other_end[others] > start[rows]) & (other_start[others] < end[rows])
    return rows[share], others[share]


def by_row(
    left_rows: NDArray[np.intp], right_rows: NDArray[np.intp], n: int
) -> Iterator[NDArray[np.intp]]:
    """For each of the ``n`` rows of the left table of ``touching`` the rows of the right one."""
    import numpy as np

    bounds = np.searchsorted(left_rows, np.arange(n + 1)).tolist()
    for first, last in itertools.pairwise(bounds):
        yield right_rows[first:last]


def _on_line(
    table: pd.DataFrame, offset: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends on the long line."""
    start = table["start"].to_numpy(dtype="int64") + offset
    return start, table["end"].to_numpy(dtype="int64") + offset

"""The small-number rule: which counts of people are not printed.

Groups of one to ``min_cell - 1`` people are hidden (primary suppression). A hidden count that
could be worked out from the total and the others is protected by hiding further ones (secondary
suppression). Zero is shown: it is about nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NOT_SHOWN = "not shown (small number)"
OTHER_SITES = "Other sites"


def hidden(counts: Sequence[int], min_cell: int, also: Sequence[bool] = ()) -> list[bool]:
    """Which counts of one breakdown are not printed, its total being known.

    Parameters
    ----------
    counts : people in each group; the groups exclude one another and add up to the total.
    min_cell : the smallest count that is printed.
    also : groups that are hidden for another reason. Where it is given, a reader is not told
        that what is hidden is no zero, and a zero is hidden too where nothing else would do.

    Returns
    -------
    One flag a group. A reader who knows the total, the counts shown, and that what is hidden is
    no zero, has at least two possible values for each hidden count.

    Examples
    --------
    One small group alone would be the total less the others, so the next larger goes too:

    >>> hidden([2, 6, 9, 0], 5)
    [True, True, False, False]
    """
    flags = [0 < count < min_cell for count in counts]
    if also:
        flags = [flag or other for flag, other in zip(flags, also, strict=True)]
    if not any(flags):
        return flags
    by_size = sorted(
        (count == 0, count, place) for place, count in enumerate(counts) if count or also
    )
    for nobody, _, place in by_size:
        if _protected([c for c, flag in zip(counts, flags, strict=True) if flag and c]):
            break
        if nobody and sum(flags) >= 2:
            break
        flags[place] = True
    return flags


def without_small_sites(matrix: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """The framework matrix with people of small sites together, last, under ``OTHER_SITES``.

    A row a person and a site beside it would count the people of each site.

    Parameters
    ----------
    matrix : contract ``framework_matrix``.
    min_cell : the smallest group that is printed.
    """
    people = matrix.drop_duplicates("participant_id")["site"].value_counts().sort_index()
    flags = hidden([int(count) for count in people], min_cell)
    small = {site for site, flag in zip(people.index, flags, strict=True) if flag}
    shown = matrix.assign(site=matrix["site"].where(~matrix["site"].isin(small), OTHER_SITES))
    last = (shown["site"] == OTHER_SITES).astype(int)
    order = shown.assign(last=last, person=matrix["participant_id"].where(last == 1, ""))
    by = order.sort_values(["last", "person"], kind="stable").index
    return shown.loc[by].reset_index(drop=True)


def _protected(values: Sequence[int]) -> bool:
    """Whether hidden counts, each at least 1 and of known sum, stay undetermined."""
    return len(values) >= 2 and sum(values) > len(values)

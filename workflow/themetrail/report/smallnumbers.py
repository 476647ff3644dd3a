"""The small-number rule: which counts of people are not printed.

Groups of one to ``min_cell - 1`` people are hidden (primary suppression). A hidden count that
could be worked out from the total and the others is protected by hiding further ones (secondary
suppression). Zero is shown: it is about nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

NOT_SHOWN = "not shown (small number)"


def hidden(counts: Sequence[int], min_cell: int) -> list[bool]:
    """Which counts of one breakdown are not printed, its total being known.

    Parameters
    ----------
    counts : people in each group; the groups exclude one another and add up to the total.
    min_cell : the smallest count that is printed.

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
    if not any(flags):
        return flags
    by_size = sorted((count, place) for place, count in enumerate(counts) if count > 0)
    for _, place in by_size:
        if _protected([c for c, flag in zip(counts, flags, strict=True) if flag]):
            break
        flags[place] = True
    return flags


def _protected(values: Sequence[int]) -> bool:
    """Whether hidden counts, each at least 1 and of known sum, stay undetermined."""
    return len(values) >= 2 and sum(values) > len(values)

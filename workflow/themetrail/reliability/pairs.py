"""Coders two by two: agreement, confusion of categories, bias; and one coder at two times."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail.errors import InputError
from themetrail.reliability.agreement_table import agreement
from themetrail.reliability.catalogue import Level
from themetrail.reliability.ratings import Ratings, read_ratings
from themetrail.reliability.sufficient import MISSING

if TYPE_CHECKING:
    import pandas as pd


def pairwise(
    ratings: Any,
    level: Level = "nominal",
    categories: Iterable[Any] | None = None,
    statistics: Iterable[str] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """``agreement`` of every pair of coders: who agrees with whom.

    Parameters
    ----------
    ratings, level, categories, statistics : as ``agreement`` takes them; all pairs share the
        categories that occur among all coders, so that their chance agreement is comparable.
    options : the others of ``agreement``.

    Returns
    -------
    DataFrame ``first, second`` and the columns of ``agreement``.

    Examples
    --------
    >>> rows = [("a", "a", "b"), ("b", "b", "b"), ("a", "a", "a"), ("b", "a", "b")]
    >>> table = pairwise(rows, statistics=["percent_agreement"])
    >>> table[["first", "second", "estimate"]].values.tolist()
    [['1', '2', 0.75], ['1', '3', 0.75], ['2', '3', 0.5]]
    """
    import pandas as pd

    read = read_ratings(ratings, level, categories, options.get("cluster"))
    cells = _cells(read)
    if read.clusters is not None:
        options["cluster"] = list(read.clusters)
    names = None if statistics is None else list(statistics)
    parts = []
    for g, h in combinations(range(len(read.coders)), 2):
        table = agreement(
            [[row[g], row[h]] for row in cells], level, read.categories, names, **options
        )
        table.insert(0, "first", read.coders[g])
        table.insert(1, "second", read.coders[h])
        parts.append(table)
    if not parts:
        return agreement([], level, read.categories, names).assign(first="", second="").iloc[:0]
    return pd.concat(parts, ignore_index=True)


def _cells(read: Ratings) -> list[list[Any]]:
    """The ratings as values again."""
    values = [*read.categories, None]
    return [[values[code] for code in row] for row in read.codes]


def confusion(ratings: Any, level: Level = "nominal", categories: Any = None) -> pd.DataFrame:
    """How often two ratings of a unit were c and k, over all pairs of coders.

    Returns
    -------
    DataFrame ``first, second, coder_first, coder_second, n``: of the units that both coders
    judged, how many the first put in ``first`` and the second in ``second``. Only what occurs.

    Examples
    --------
    >>> table = confusion([("a", "a"), ("a", "b"), ("a", "b"), ("b", "b")])
    >>> table[["first", "second", "n"]].values.tolist()
    [['a', 'a', 1], ['a', 'b', 2], ['b', 'b', 1]]
    """
    import pandas as pd

    read = read_ratings(ratings, level, categories)
    q = len(read.categories)
    rows = []
    for g, h in combinations(range(len(read.coders)), 2):
        both = read.codes[(read.codes[:, [g, h]] != MISSING).all(axis=1)][:, [g, h]]
        counts = np.bincount(both[:, 0] * q + both[:, 1], minlength=q * q)
        for place in np.flatnonzero(counts):
            c, k = divmod(int(place), q)
            rows.append(
                (
                    read.categories[c],
                    read.categories[k],
                    read.coders[g],
                    read.coders[h],
                    int(counts[place]),
                )
            )
    return pd.DataFrame(rows, columns=["first", "second", "coder_first", "coder_second", "n"])


def coder_bias(ratings: Any, level: Level = "nominal", categories: Any = None) -> pd.DataFrame:
    """How far each coder's use of each category is from the others' on the same units.

    Returns
    -------
    DataFrame ``coder, category, n, share, share_of_others, difference``: over the coder's units
    that somebody else judged too, the share the coder put in the category, the mean share among
    the others there, and the difference.

    Examples
    --------
    >>> table = coder_bias([(1, 0), (1, 0), (1, 1), (0, 0)])
    >>> table[table["category"] == 1][["coder", "share", "difference"]].values.tolist()
    [['1', 0.75, 0.5], ['2', 0.25, -0.5]]
    """
    import pandas as pd

    read = read_ratings(ratings, level, categories)
    given = read.codes[:, :, None] == np.arange(len(read.categories))
    counts = given.sum(axis=1)
    rows = []
    for place, coder in enumerate(read.coders):
        others = counts - given[:, place]
        n_others = others.sum(axis=1)
        judged = (read.codes[:, place] != MISSING) & (n_others > 0)
        n = int(judged.sum())
        for c, category in enumerate(read.categories):
            own = given[judged, place, c].mean() if n else np.nan
            rest = (others[judged, c] / n_others[judged]).mean() if n else np.nan
            rows.append((coder, category, n, own, rest, own - rest))
    names = ["coder", "category", "n", "share", "share_of_others", "difference"]
    return pd.DataFrame(rows, columns=names)


def intra_coder(
    first: Any, second: Any, level: Level = "nominal", categories: Any = None, **options: Any
) -> pd.DataFrame:
    """Agreement of each coder with themselves: the same units coded twice.

    Parameters
    ----------
    first, second : DataFrames units × coders of the two occasions; units are matched by index,
        coders by name. What only one of them has is left out.
    options : the others of ``agreement``.

    Returns
    -------
    DataFrame ``coder`` and the columns of ``agreement``.

    Raises
    ------
    InputError
        The two have no coder and unit in common.
    """
    import pandas as pd

    coders = [name for name in first.columns if name in set(second.columns)]
    units = [unit for unit in first.index if unit in set(second.index)]
    if not coders or not units:
        message = "the two codings have no coder and unit in common"
        raise InputError(message)
    parts = []
    for coder in coders:
        both = pd.DataFrame(
            {"first": first.loc[units, coder], "second": second.loc[units, coder]}, dtype=object
        )
        table = agreement(both, level, categories, **options)
        table.insert(0, "coder", str(coder))
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def before_and_after(
    before: Any, after: Any, level: Level = "nominal", categories: Any = None, **options: Any
) -> pd.DataFrame:
    """Agreement before and after discussion or adjudication, side by side.

    Agreement after discussion is no reliability: coders who talked are not independent. It is
    shown beside the value before, never instead of it.

    Parameters
    ----------
    before, after : DataFrames units × coders.

    Returns
    -------
    DataFrame ``when`` (before, after) and the columns of ``agreement``.
    """
    import pandas as pd

    declared = list(categories) if categories is not None else None
    if declared is None:
        found = [read_ratings(table, level).categories for table in (before, after)]
        declared = sorted({*found[0], *found[1]}) if level == "nominal" else None
    parts = []
    for when, table in (("before", before), ("after", after)):
        part = agreement(table, level, declared, **options)
        part.insert(0, "when", when)
        parts.append(part)
    after_part = parts[1]
    after_part["note"] = [
        ";".join(filter(None, (n, "not_independent"))) for n in after_part["note"]
    ]
    return pd.concat(parts, ignore_index=True)


def drift(
    ratings: Any,
    order: Iterable[Any] | None = None,
    level: Level = "nominal",
    categories: Any = None,
    *,
    statistic: str = "krippendorff_alpha_nominal",
    windows: int = 5,
    **options: Any,
) -> pd.DataFrame:
    """Agreement over time: units in the order they were coded, cut into windows.

    Parameters
    ----------
    order : something to sort the units by (date, number); their order as given where omitted.
        Equal values stay in one window.
    windows : how many, of about equal size.

    Returns
    -------
    DataFrame ``window, first, last`` and the columns of ``agreement``; ``first`` and ``last`` are
    values of ``order``. The categories of all units are declared for every window.

    Examples
    --------
    >>> rows = [(1, 1), (0, 0), (1, 1), (0, 0), (1, 0), (0, 0), (1, 1), (0, 1)]
    >>> table = drift(rows, windows=2, statistic="percent_agreement")
    >>> table[["first", "last"]].values.tolist(), table["estimate"].tolist()
    ([[1, 4], [5, 8]], [1.0, 0.5])
    """
    import pandas as pd

    rows = ratings.to_numpy(dtype=object).tolist() if hasattr(ratings, "columns") else ratings
    rows = [list(row) for row in rows]
    keys = list(range(1, len(rows) + 1)) if order is None else list(order)
    if len(keys) != len(rows) or windows < 1:
        message = f"{len(keys)} places in the order for {len(rows)} units, {windows} windows"
        raise InputError(message)
    declared = read_ratings(rows, level, categories).categories
    places = np.argsort(np.array(keys), kind="stable")
    edges = np.linspace(0, len(places), windows + 1).round().astype(int)
    parts, at = [], 0
    for number, edge in enumerate(edges[1:], start=1):
        end = max(int(edge), at)
        while 0 < end < len(places) and keys[places[end]] == keys[places[end - 1]]:
            end += 1
        chosen, at = places[at:end], end
        if len(chosen) == 0:
            continue
        part = agreement([rows[p] for p in chosen], level, declared, [statistic], **options)
        part.insert(0, "window", number)
        part.insert(1, "first", keys[chosen[0]])
        part.insert(2, "last", keys[chosen[-1]])
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

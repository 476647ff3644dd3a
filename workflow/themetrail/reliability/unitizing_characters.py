"""Agreement character by character: every character is a unit, a code is there or not.

Only the stretches between boundaries are looked at, never single characters: the cost follows the
number of spans. No standard error is given: neighbouring characters are marked together, so their
number says nothing about how sure the coefficient is.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from themetrail.errors import NotEstimableError
from themetrail.reliability.unitizing_input import Continuum, Ints, continuum
from themetrail.reliability.unitizing_reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def patterns(part: Continuum) -> tuple[Ints, Ints]:
    """Which coders marked how many characters.

    Parameters
    ----------
    part : the spans that count as marks, usually those of one code; overlaps count once.

    Returns
    -------
    patterns : 0 or 1, shape (K, n_coders); the distinct ones, sorted.
    characters : how many characters show each pattern, shape (K,); they add up to the length.
    """
    points = np.unique(np.concatenate(([0, part.length], part.start, part.end)))
    depth = np.zeros((part.n_coders, len(points)), dtype=np.int64)
    np.add.at(depth, (part.coder, np.searchsorted(points, part.start)), 1)
    np.add.at(depth, (part.coder, np.searchsorted(points, part.end)), -1)
    marked = (np.cumsum(depth, axis=1)[:, :-1] > 0).T.astype(np.int64)
    distinct, place = np.unique(marked, axis=0, return_inverse=True)
    characters = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(characters, place.reshape(-1), np.diff(points))
    return distinct, characters


def character_coefficients(distinct: Ints, characters: Ints) -> dict[str, float]:
    """Coefficients of binary judgements from patterns of marks, exact until rounded once.

    Parameters
    ----------
    distinct, characters : as ``patterns`` returns them; counts of several texts may be added up.

    Returns
    -------
    dict
        ``percent_agreement`` (mean over characters of the share of agreeing pairs of coders),
        ``krippendorff_alpha_nominal``, ``fleiss_kappa`` (Scott's pi for two coders),
        ``gwet_ac1``, ``brennan_prediger`` (two categories: marked, unmarked), ``cohen_kappa`` for
        two coders or ``conger_kappa`` for more, ``positive_agreement`` and
        ``negative_agreement``. NaN where 0/0.

    Raises
    ------
    NotEstimableError
        ``one_coder``.
    """
    m = distinct.shape[1]
    if m < 2:
        raise NotEstimableError(Reason.ONE_CODER)
    n = int(characters.sum())
    marks = distinct.sum(axis=1)
    ones = int((characters * marks).sum())
    both = int((characters * marks * (marks - 1)).sum())
    neither = int((characters * (m - marks) * (m - marks - 1)).sum())
    observed = Fraction(both + neither, n * m * (m - 1))
    share = Fraction(ones, n * m)
    unlike = 2 * share * (1 - share)
    return {
        "percent_agreement": float(observed),
        "krippendorff_alpha_nominal": _chance(observed, unlike * n * m / (n * m - 1)),
        "fleiss_kappa": _chance(observed, unlike),
        "gwet_ac1": _chance(observed, 1 - unlike),
        "brennan_prediger": _chance(observed, Fraction(1, 2)),
        "cohen_kappa" if m == 2 else "conger_kappa": _chance(
            observed, _unlike_margins((characters @ distinct).tolist(), n)
        ),
        "positive_agreement": both / ((m - 1) * ones) if ones else math.nan,
        "negative_agreement": neither / ((m - 1) * (n * m - ones)) if ones < n * m else math.nan,
    }


def _chance(observed: Fraction, disagreement: Fraction) -> float:
    """1 - observed / expected disagreement; NaN where none is expected."""
    return float(1 - (1 - observed) / disagreement) if disagreement else math.nan


def _unlike_margins(marked: list[int], n: int) -> Fraction:
    """Disagreement expected from each coder's own share of marks, mean over pairs of coders."""
    pairs = list(itertools.combinations(marked, 2))
    return Fraction(sum(a * (n - b) + b * (n - a) for a, b in pairs), n * n * len(pairs))


def character_patterns(
    spans: pd.DataFrame, length: int, coders: Iterable[str] | None = None
) -> pd.DataFrame:
    """Count characters by who marked them, code by code; texts are pooled by adding counts.

    Parameters
    ----------
    spans, length, coders : as for ``themetrail.reliability.unitizing``.

    Returns
    -------
    DataFrame with the columns ``code`` (empty: any code at all), ``ratings`` (a character a coder,
    coders sorted: 1 marked, 0 unmarked) and ``n_units`` (characters).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("ann", 0, 6, "trust"), ("ben", 4, 8, "trust")]
    >>> spans = pd.DataFrame(rows, columns=["coder", "start", "end", "code"])
    >>> print(character_patterns(spans, 10).to_string(index=False))
     code ratings  n_units
               00        2
               01        2
               10        4
               11        2
    trust      00        2
    trust      01        2
    trust      10        4
    trust      11        2
    """
    import pandas as pd

    text = continuum(spans, length, coders)
    parts = [("", text)] + [(name, text.of_code(k)) for k, name in enumerate(text.codes)]
    rows = [
        (name, "".join(map(str, pattern)), count)
        for name, part in parts
        for pattern, count in zip(*(array.tolist() for array in patterns(part)), strict=True)
    ]
    return pd.DataFrame(rows, columns=["code", "ratings", "n_units"])

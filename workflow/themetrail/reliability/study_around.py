"""A study's disagreement from around: which codes are mixed up, who is generous, since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import numpy as np

from themetrail.errors import InputError
from themetrail.reliability.judgements import Judgements, read_patterns
from themetrail.reliability.marks import check_judges, find_marks, read_judges, read_units
from themetrail.reliability.study import coefficients
from themetrail.reliability.sufficient import MISSING

if TYPE_CHECKING:
    import pandas as pd


def code_confusion(
    units: pd.DataFrame, spans: pd.DataFrame, coverage: pd.DataFrame
) -> pd.DataFrame:
    """Which codes stand where another coder has another code.

    Parameters
    ----------
    units, spans, coverage : tables under the contracts UNITS, SPANS, COVERAGE.

    Returns
    -------
    DataFrame ``code_a, code_b, n``, ``code_a`` before ``code_b``, the most frequent first: units ×
    pairs of coders where one coder marked ``code_a`` and not ``code_b`` and the other ``code_b``
    and not ``code_a``. A high ``n`` beside a low agreement on both codes asks for clearer
    definitions of the two.
    """
    import pandas as pd

    placed = read_units(units)
    judges = read_judges(coverage)
    codes = sorted(spans["code"].unique())
    marks = find_marks(placed, spans, codes)
    check_judges(marks, placed, judges)
    found: Counter[tuple[str, str]] = Counter()
    edges = np.flatnonzero(np.diff(marks.unit, prepend=-1, append=-1))
    for first, last in pairwise(edges):
        marked: dict[int, set[int]] = {}
        for coder, label in zip(marks.coder[first:last], marks.label[first:last], strict=True):
            marked.setdefault(int(coder), set()).add(int(label))
        found.update(_mixed_up(list(marked.values()), codes))
    rows = sorted(((a, b, n) for (a, b), n in found.items()), key=lambda r: (-r[2], r[0], r[1]))
    return pd.DataFrame(rows, columns=["code_a", "code_b", "n"])


def _mixed_up(marked: Sequence[set[int]], codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of codes of one unit that two coders have in each other's place.

    A coder who marked nothing there has no code in another's place.
    """
    for one, other in permutations(marked, 2):
        for a in sorted(one - other):
            for b in sorted(other - one):
                if a < b:
                    yield codes[a], codes[b]


def marking(patterns_by_site: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How much each coder marks, beside the others on the same units.

    Parameters
    ----------
    patterns_by_site : site -> its table under the contract PATTERNS.

    Returns
    -------
    DataFrame ``coder, code, n_units, share, share_of_others, difference``: over the units that
    the coder and somebody else judged, the share the coder marked, the mean share of the others
    who marked, and the difference. ``code`` is empty where codes are pooled.
    """
    import pandas as pd

    judgements, _ = read_patterns(patterns_by_site, "code")
    rows: list[tuple[object, ...]] = []
    for part in (judgements.pooled(), judgements):
        for place, coder in enumerate(part.coders):
            rows.extend(_marking(part, place, coder))
    columns = ["coder", "code", "n_units", "share", "share_of_others", "difference"]
    return pd.DataFrame(rows, columns=columns)


def _marking(judgements: Judgements, place: int, coder: str) -> Iterator[tuple[object, ...]]:
    """One coder's rows."""
    own = judgements.patterns[:, place]
    others = np.delete(judgements.patterns, place, axis=1)
    n_others = (others != MISSING).sum(axis=1)
    both = (own != MISSING) & (n_others > 0)
    theirs = (others == 1).sum(axis=1) / np.maximum(n_others, 1)
    groups = len(judgements.groups)

    def summed(value: np.ndarray) -> np.ndarray:
        weights = judgements.n_units * value[judgements.pattern]
        return np.bincount(judgements.group, weights=weights, minlength=groups)

    units = summed(both.astype(float))
    marked, expected = summed(both * (own == 1)), summed(both * theirs)
    for code, n, mine, rest in zip(judgements.groups, units, marked, expected, strict=True):
        if n:
            yield coder, code, int(n), mine / n, rest / n, (mine - rest) / n


def drift_of_study(
    patterns_by_site: Mapping[str, pd.DataFrame],
    order: Sequence[str],
    *,
    windows: int = 4,
    statistics: Sequence[str] = ("krippendorff_alpha_nominal",),
) -> pd.DataFrame:
    """Agreement as the study went on: transcripts in an order, cut into windows.

    Parameters
    ----------
    order : transcript ids as they were coded (or held). Transcripts that it lacks are left out.
    windows : how many, of about as many transcripts each.
    statistics : of ``coefficients``; codes pooled.

    Returns
    -------
    DataFrame ``window, first, last, coefficient, estimate, se, ci_low, ci_high, n_units,
    n_clusters, note``.

    Raises
    ------
    InputError
        The order names a transcript twice, or there are no windows.
    """
    import pandas as pd

    if len(set(order)) < len(order) or windows < 1:
        message = "the order names each transcript once, and there is at least one window"
        raise InputError(message)
    everything = pd.concat(list(patterns_by_site.values()), ignore_index=True)
    double = set(everything.loc[everything["coders"].str.contains(";"), "transcript_id"])
    known = [name for name in order if name in double]
    edges = np.linspace(0, len(known), windows + 1).round().astype(int)
    parts = []
    shown = ["coefficient", "estimate", "se", "ci_low", "ci_high", "n_units", "n_clusters", "note"]
    for number, (first, last) in enumerate(pairwise(edges), start=1):
        names = known[first:last]
        if not names:
            continue
        rows = everything[everything["transcript_id"].isin(names)]
        table = coefficients({"": rows}, statistics, replicates=0)
        part = table.loc[table["level"] == "study", shown]
        parts.append(part.assign(window=number, first=names[0], last=names[-1]))
    columns = ["window", "first", "last", *shown]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]

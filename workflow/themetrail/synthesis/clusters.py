"""A second opinion on the themes: which codes go together by co-occurrence alone.

Average linkage on 1 - Jaccard of turns, cut into as many clusters as there are themes, compared
with the analyst's grouping by the adjusted Rand index (Hubert & Arabie 1985, Journal of
Classification 2:193). A theme is an argument, not a cluster: low agreement is a question to the
analyst, never a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from themetrail.contracts import CODE_CLUSTERS, CODE_TREE, SECOND_OPINION
from themetrail.synthesis.base import Base
from themetrail.tables import frame

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

LEVELS = ("turn", "participant")


def adjusted_rand(left: NDArray[np.int_], right: NDArray[np.int_]) -> float:
    """Adjusted Rand index of two groupings of the same things.

    Parameters
    ----------
    left, right : shape (..., n): the group of each thing, numbered from 0; leading axes of
        ``left`` are kept, so that many groupings are compared with ``right`` at once.

    Returns
    -------
    float, or an array of the leading shape: 0 as expected by chance, 1 the same grouping; NaN
    where chance alone makes them the same (all things alone, or all together, in both).
    """
    import numpy as np

    many = np.atleast_2d(left)
    n_left, n_right = int(many.max()) + 1, int(right.max()) + 1
    cells = np.zeros((len(many), n_left * n_right), dtype=np.int64)
    flat = many * n_right + right
    np.add.at(cells, (np.arange(len(many))[:, None], flat), 1)
    table = cells.reshape(len(many), n_left, n_right)
    both = _pairs(table).sum(axis=(1, 2))
    rows = _pairs(table.sum(axis=2)).sum(axis=1)
    columns = _pairs(table.sum(axis=1)).sum(axis=1)
    expected = rows * columns / _pairs(np.array(many.shape[1]))
    span = (rows + columns) / 2 - expected
    value = np.divide(both - expected, span, out=np.full(len(many), np.nan), where=span > 0)
    return value if np.ndim(left) > 1 else float(value[0])


def _pairs(counts: NDArray[np.int_]) -> NDArray[np.float64]:
    """Pairs among so many things."""
    pairs: NDArray[np.float64] = counts * (counts - 1) / 2
    return pairs


def clusters_tables(
    base: Base, cooccurrence: pd.DataFrame, permutations: int, seed: int
) -> dict[str, pd.DataFrame]:
    """Contracts ``code_clusters``, ``code_tree`` and ``second_opinion``.

    Codes that belong to a theme and occur are compared; a code of several themes counts for the
    first. Where the units are whole documents, people stand for turns.
    """
    import numpy as np

    level = next((name for name in LEVELS if (cooccurrence["level"] == name).any()), LEVELS[0])
    pairs = cooccurrence[cooccurrence["level"] == level]
    occurring = set(pairs["code_a"]) | set(pairs["code_b"])
    theme_of: dict[str, str] = {}
    for theme in base.themes:
        for code in (*theme.codes, *theme.counter_codes):
            theme_of.setdefault(code, theme.id)
    codes = [code for code in base.codes if code in theme_of and code in occurring]
    names = list(dict.fromkeys(theme_of[code] for code in codes))
    if len(names) < 2 or len(codes) <= len(names):
        return _undefined(len(codes), len(names))
    tree, cluster, order = _dendrogram(_distances(codes, pairs), len(names))
    own = np.array([names.index(theme_of[code]) for code in codes])
    rows = [
        {
            "code": code,
            "theme": theme_of[code],
            "cluster": int(cluster[at]) + 1,
            "position": order.index(at) + 1,
        }
        for at, code in enumerate(codes)
    ]
    return {
        "code_clusters": frame(rows, CODE_CLUSTERS),
        "code_tree": frame(_joints(tree), CODE_TREE),
        "second_opinion": frame([_opinion(own, cluster, permutations, seed)], SECOND_OPINION),
    }


def _undefined(n_codes: int, n_clusters: int) -> dict[str, pd.DataFrame]:
    """What there is to say where nothing can be compared."""
    row = {
        "n_codes": n_codes,
        "n_clusters": n_clusters,
        "adjusted_rand": float("nan"),
        "share_as_high": float("nan"),
        "n_permutations": 0,
        "note": "fewer than two themes with codes that occur, or no more codes than themes",
    }
    return {
        "code_clusters": frame([], CODE_CLUSTERS),
        "code_tree": frame([], CODE_TREE),
        "second_opinion": frame([row], SECOND_OPINION),
    }


def _distances(codes: list[str], pairs: pd.DataFrame) -> NDArray[np.float64]:
    """1 - Jaccard of every two codes, in the condensed order of SciPy."""
    import itertools

    import numpy as np

    jaccard = {
        frozenset((a, b)): value
        for a, b, value in zip(pairs["code_a"], pairs["code_b"], pairs["jaccard"], strict=True)
    }
    return np.array([1 - jaccard[frozenset(two)] for two in itertools.combinations(codes, 2)])


def _dendrogram(
    distances: NDArray[np.float64], n_clusters: int
) -> tuple[NDArray[np.float64], NDArray[np.int_], list[int]]:
    """The joints, each code's cluster (numbered by first code), and codes in leaf order."""
    import numpy as np
    from scipy.cluster.hierarchy import cut_tree, leaves_list, linkage

    tree = linkage(distances, method="average", optimal_ordering=True)
    cut = cut_tree(tree, n_clusters=[n_clusters])[:, 0]
    numbers = {found: at for at, found in enumerate(dict.fromkeys(cut.tolist()))}
    cluster = np.array([numbers[found] for found in cut.tolist()])
    return tree, cluster, leaves_list(tree).tolist()


def _joints(tree: NDArray[np.float64]) -> list[dict[str, Any]]:
    """The dendrogram's joints as rows."""
    return [
        {
            "step": step,
            "left": int(left),
            "right": int(right),
            "height": float(height),
            "size": int(size),
        }
        for step, (left, right, height, size) in enumerate(tree.tolist(), start=1)
    ]


def _opinion(
    own: NDArray[np.int_], cluster: NDArray[np.int_], permutations: int, seed: int
) -> dict[str, Any]:
    """How alike the two groupings are, beside random ones of the same sizes."""
    import numpy as np

    value = adjusted_rand(cluster, own)
    rng = np.random.default_rng(seed)
    dealt = rng.permuted(np.tile(cluster, (permutations, 1)), axis=1)
    as_high = float("nan")
    if permutations:
        # Rounding must not decide between equal groupings.
        as_high = float(np.mean(adjusted_rand(dealt, own) >= value - 1e-12))
    return {
        "n_codes": len(own),
        "n_clusters": int(cluster.max()) + 1,
        "adjusted_rand": value,
        "share_as_high": as_high,
        "n_permutations": permutations,
        "note": "",
    }

"""What a call of ``agreement`` asks for: statistics, their rows by category, their weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from themetrail.errors import InputError
from themetrail.reliability.catalogue import (
    BY_CATEGORY,
    SET_DISTANCES,
    STATISTICS,
    Level,
    Statistic,
    check_names,
    defaults,
)
from themetrail.reliability.estimators import fleiss_kappa, specific_agreement
from themetrail.reliability.ratings import Ratings, category_name
from themetrail.reliability.weights import Weights, make, nominal, one_category


def names_wanted(statistics: Iterable[str] | None, level: Level, read: Ratings) -> tuple[str, ...]:
    """The statistics asked for, or those that suit."""
    if statistics is None:
        return defaults(level, len(read.coders), len(read.categories))
    names = (statistics,) if isinstance(statistics, str) else tuple(dict.fromkeys(statistics))
    check_names(names)
    return names


def entries_of(name: str, read: Ratings) -> list[Statistic]:
    """The statistic, or one a category for those by category."""
    if name not in BY_CATEGORY:
        return [STATISTICS[name]]
    entries = []
    for place, category in enumerate(map(category_name, read.categories)):
        if name == "specific_agreement":
            entry = Statistic(
                f"{name}.{category}",
                lambda sums, at, place=place: specific_agreement(sums, place),  # type: ignore[misc]
                tables=True,
                error="delta",
            )
        else:
            entry = Statistic(f"{name}.{category}", fleiss_kappa, f"category_{place}")
        entries.append(entry)
    return entries


def weightings(entries: Sequence[Statistic], read: Ratings, custom: Any) -> tuple[Weights, ...]:
    """The weights that the entries use, each once."""
    q = len(read.categories)
    found: dict[str, Weights] = {}
    for name in dict.fromkeys(entry.weights for entry in entries):
        if name == "ordinal_ranks":
            continue
        if name.startswith("category_"):
            found[name] = one_category(q, int(name.removeprefix("category_")))
        elif name in SET_DISTANCES:
            found[name] = _set_weights(name, read)
        elif name == "custom":
            found[name] = _custom(custom, q)
        elif name != "nominal" and not read.ordered:
            message = f"{name} weights need the order of the categories: give categories"
            raise InputError(message)
        else:
            found[name] = make(name, read.values, read.used)
    return tuple(found.values()) or (nominal(q),)


def _set_weights(name: str, read: Ratings) -> Weights:
    """Distances of sets; only at the level ``set``."""
    from themetrail.reliability.set_distances import set_weights

    if not all(isinstance(c, frozenset) for c in read.categories):
        message = f"{name} distances are for sets of labels: level='set'"
        raise InputError(message)
    return set_weights(name, read.categories)


def _custom(custom: Any, q: int) -> Weights:
    """Custom disagreement weights, checked."""
    matrix = np.asarray(custom, dtype=np.float64) if custom is not None else np.zeros(())
    sound = matrix.shape == (q, q) and bool(np.isfinite(matrix).all())
    if not sound or (np.diag(matrix) != 0).any() or (matrix != matrix.T).any() or matrix.min() < 0:
        message = (
            f"custom statistics need weights: {q} × {q} disagreements, "
            "symmetric, not negative, 0 on the diagonal"
        )
        raise InputError(message)
    return Weights("custom", matrix, float(matrix.max()) or 1.0)

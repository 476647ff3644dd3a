"""A units × coders table of ratings, read, checked and turned into numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail.errors import InputError, did_you_mean
from themetrail.reliability.catalogue import LEVELS, Level
from themetrail.reliability.sufficient import MISSING, Ints

if TYPE_CHECKING:
    import pandas as pd

MOST_CATEGORIES = 4000  # a matrix of their distances is held
Cells = list[list[Any]]


@dataclass(frozen=True, eq=False)
class Ratings:
    """Ratings as places in ``categories``.

    Attributes
    ----------
    codes : int, shape (n, m); -1 where missing. Units and coders without any rating are gone.
    coders : their names.
    categories : in order; the declared ones, else those that occur, sorted.
    clusters : the cluster of each unit, or None.
    """

    codes: Ints
    coders: tuple[str, ...]
    categories: tuple[Any, ...]
    clusters: tuple[str, ...] | None

    @property
    def values(self) -> list[float] | None:
        """The categories as numbers; None where they are not."""
        if all(isinstance(c, (int, float)) for c in self.categories):
            return [float(c) for c in self.categories]
        return None

    @property
    def used(self) -> list[bool]:
        """Whether each category occurs."""
        return [bool((self.codes == place).any()) for place in range(len(self.categories))]


def read_ratings(
    ratings: Any,
    level: str = "nominal",
    categories: Iterable[Any] | None = None,
    cluster: str | Iterable[Any] | None = None,
) -> Ratings:
    """Read a table of ratings.

    Parameters
    ----------
    ratings : DataFrame, array or nested sequence, units × coders. ``None``, NaN and blank text
        are missing. At the level ``set`` a rating is a set or sequence of labels, or text with
        ``;`` between labels and ``{}`` for the empty set.
    level : nominal, ordinal, interval, ratio or set.
    categories : the declared ones in order; those that occur, sorted, where omitted.
    cluster : the cluster of each unit, or the DataFrame's column that holds it.

    Raises
    ------
    InputError
        Rows of different length, repeated unit ids or coders, a category that is not declared,
        text where the level needs numbers, ranks without an order, one column only where ...
    """
    if level not in LEVELS:
        message = f"unknown level {level!r}. {did_you_mean(str(level), LEVELS)}"
        raise InputError(message)
    cells, units, coders, clusters = _cells(ratings, cluster)
    read = _read_set if level == "set" else _read_label
    cells = [
        [read(cell, units[i], coders[j]) for j, cell in enumerate(row)]
        for i, row in enumerate(cells)
    ]
    scale = _scale(cells, level, categories, units, coders)
    places = {value: place for place, value in enumerate(scale)}
    codes = np.array(
        [[MISSING if cell is None else places[cell] for cell in row] for row in cells],
        dtype=np.int64,
    ).reshape(len(cells), len(coders))
    given = codes != MISSING
    rows, columns = given.any(axis=1), given.any(axis=0)
    return Ratings(
        codes=codes[rows][:, columns],
        coders=tuple(name for name, has in zip(coders, columns, strict=True) if has),
        categories=tuple(scale),
        clusters=None
        if clusters is None
        else tuple(name for name, has in zip(clusters, rows, strict=True) if has),
    )


def _cells(
    ratings: Any, cluster: str | Iterable[Any] | None
) -> tuple[Cells, list[str], list[str], list[str] | None]:
    """Cells row by row, names of units and coders, and each unit's cluster."""
    if hasattr(ratings, "columns"):
        cells, units, coders, column = _from_frame(ratings, cluster)
        cluster = column if isinstance(cluster, str) else cluster
    else:
        cells, units, coders = _from_rows(ratings)
        if isinstance(cluster, str):
            message = f"cluster {cluster!r} names a column, and the ratings have no named columns"
            raise InputError(message)
    return cells, units, coders, _clusters(cluster, len(cells))


def _from_frame(
    table: pd.DataFrame, cluster: Any
) -> tuple[Cells, list[str], list[str], list[Any] | None]:
    """The parts of a DataFrame; a named index holds unit ids."""
    names = [str(name) for name in table.columns]
    for what, values in (("coder", names), ("unit", [str(unit) for unit in table.index])):
        twice = _repeated(values)
        if twice is not None:
            message = f"{what} {twice!r} stands there twice"
            raise InputError(message)
    column = None
    if isinstance(cluster, str):
        if cluster not in names:
            message = f"no column {cluster!r} for the clusters. {did_you_mean(cluster, names)}"
            raise InputError(message)
        place = names.index(cluster)
        column = table.iloc[:, place].tolist()
        table = table.drop(columns=table.columns[place])
        names.pop(place)
    cells = [list(row) for row in table.itertuples(index=False, name=None)]
    return cells, [str(unit) for unit in table.index], names, column


def _repeated(values: Sequence[str]) -> str | None:
    """The first value that occurs twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _from_rows(ratings: Any) -> tuple[Cells, list[str], list[str]]:
    """The parts of an array or of nested sequences; units and coders are numbered from 1."""
    try:
        cells = [list(row) for row in ratings]
    except TypeError:
        message = "ratings are a table: a row a unit, in it a rating a coder"
        raise InputError(message) from None
    if any(isinstance(row, str) for row in ratings):
        message = "ratings are a table: a row a unit, in it a rating a coder; a row is text"
        raise InputError(message)
    width = len(cells[0]) if cells else 0
    for number, row in enumerate(cells, start=1):
        if len(row) != width:
            message = f"unit {number} has {len(row)} ratings, unit 1 has {width}"
            raise InputError(message)
    return cells, [str(n + 1) for n in range(len(cells))], [str(n + 1) for n in range(width)]


def _clusters(cluster: Iterable[Any] | None, n_units: int) -> list[str] | None:
    """Each unit's cluster as text."""
    if cluster is None:
        return None
    names = list(cluster)
    if len(names) != n_units:
        message = f"{len(names)} clusters for {n_units} units"
        raise InputError(message)
    for number, name in enumerate(names, start=1):
        if _missing(name):
            message = f"unit {number} has no cluster"
            raise InputError(message)
    return [str(name) for name in names]


def _missing(cell: Any) -> bool:
    """None, NaN (of any library) or blank text."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(cell, str):
        return not cell.strip()
    return isinstance(cell, (float, np.floating)) and math.isnan(cell)


def _read_label(cell: Any, unit: str, coder: str) -> Any:
    """One rating as a plain Python value; None where missing."""
    if _missing(cell):
        return None
    value = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(value, float) and math.isinf(value):
        message = f"unit {unit}, coder {coder}: {value} is no rating"
        raise InputError(message)
    if isinstance(value, (str, bool, int, float)):
        return value
    message = (
        f"unit {unit}, coder {coder}: a rating is text or a number, "
        f"not {type(value).__name__}; several labels at once need level='set'"
    )
    raise InputError(message)


def _read_set(cell: Any, unit: str, coder: str) -> Any:
    """One set of labels; None where missing."""
    if _missing(cell):
        return None
    if isinstance(cell, str):
        text = cell.strip()
        labels = [] if text == "{}" else text.split(";")
        return frozenset(label.strip() for label in labels if label.strip())
    try:
        return frozenset(str(label) for label in cell)
    except TypeError:
        return frozenset([str(cell)])


def _scale(
    cells: Cells,
    level: Level,
    declared: Iterable[Any] | None,
    units: Sequence[str],
    coders: Sequence[str],
) -> list[Any]:
    """The categories in order."""
    first: dict[Any, tuple[int, int]] = {}
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            if cell is not None:
                _one_kind(first, cell, units[i], coders[j])
                first.setdefault(cell, (i, j))
    scale = _sorted(first) if declared is None else _declared(declared, level)
    known = set(scale)
    for value, (i, j) in first.items():
        if value not in known:
            message = (
                f"unit {units[i]}, coder {coders[j]}: {value!r} is not a declared category. "
                f"{did_you_mean(str(value), [str(c) for c in scale])}"
            )
            raise InputError(message)
        if level in ("interval", "ratio") and isinstance(value, str):
            message = (
                f"unit {units[i]}, coder {coders[j]}: {level} ratings are numbers, not {value!r}"
            )
            raise InputError(message)
    if level == "ordinal" and declared is None and any(isinstance(c, str) for c in scale):
        message = "ordinal categories that are text need their order: give categories"
        raise InputError(message)
    if len(scale) > MOST_CATEGORIES:
        message = f"{len(scale)} different ratings; at most {MOST_CATEGORIES}. Round them first"
        raise InputError(message)
    return scale


def _one_kind(first: dict[Any, Any], cell: Any, unit: str, coder: str) -> None:
    """Raise where a rating only looks like another: 1 and "1", 1 and True."""
    other = next(iter(first), cell)
    kinds = [
        bool
        if isinstance(v, bool)
        else str
        if isinstance(v, str)
        else frozenset
        if isinstance(v, frozenset)
        else float
        for v in (cell, other)
    ]
    if kinds[0] is not kinds[1]:
        message = (
            f"unit {unit}, coder {coder}: {cell!r} is of another kind than {other!r}; "
            "ratings are all text or all numbers"
        )
        raise InputError(message)


def _sorted(values: Iterable[Any]) -> list[Any]:
    """Numbers by size, text by code point, sets by their labels."""
    return sorted(values, key=lambda v: sorted(v) if isinstance(v, frozenset) else v)


def _declared(declared: Iterable[Any], level: Level) -> list[Any]:
    """Declared categories, each once."""
    if isinstance(declared, str):
        message = "categories are a list of names, not one text"
        raise InputError(message)
    read = _read_set if level == "set" else _read_label
    scale = [read(value, "-", "-") for value in declared]
    if len(set(scale)) < len(scale) or None in scale:
        message = "a declared category is blank or stands there twice"
        raise InputError(message)
    return scale

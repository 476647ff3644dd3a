"""A units × coders table of ratings, read, checked and turned into numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail.errors import InputError, did_you_mean
from themetrail.reliability.catalogue import LEVELS, Level
from themetrail.reliability.cells import Cells, is_missing, read_cells
from themetrail.reliability.sufficient import MISSING, Ints

if TYPE_CHECKING:
    pass

MOST_CATEGORIES = 4000  # a matrix of their distances is held


@dataclass(frozen=True, eq=False)
class Ratings:
    """Ratings as places in ``categories``.

    Attributes
    ----------
    codes : int, shape (n, m); -1 where missing. Units and coders without any rating are gone.
    coders : their names.
    categories : in order; the declared ones, else those that occur, sorted.
    clusters : the cluster of each unit, or None.
    declared : whether the categories were declared.
    """

    codes: Ints
    coders: tuple[str, ...]
    categories: tuple[Any, ...]
    clusters: tuple[str, ...] | None
    declared: bool = False

    @property
    def ordered(self) -> bool:
        """Whether the order of the categories means something: declared, or numbers."""
        return self.declared or self.values is not None

    @property
    def values(self) -> list[float] | None:
        """The categories as numbers; None where they are not."""
        if all(isinstance(c, (int, float)) for c in self.categories):
            return [float(c) for c in self.categories]
        return None

    @property
    def used(self) -> list[bool]:
        """Whether each category occurs."""
        counts = np.bincount(self.codes[self.codes != MISSING], minlength=len(self.categories))
        return [bool(n) for n in counts]


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
        text where the level needs numbers, ranks without an order.
    """
    if level not in LEVELS:
        message = f"unknown level {level!r}. {did_you_mean(str(level), LEVELS)}"
        raise InputError(message)
    table = read_cells(ratings, cluster)
    found, place = _read_sets(table) if level == "set" else _read_labels(table)
    values = (
        found
        if level == "set"
        else [_read_label(v, *table.where(place, k)) for k, v in enumerate(found)]
    )
    scale = _scale(values, level, categories, lambda k: table.where(place, k))
    places = {value: number for number, value in enumerate(scale)}
    # One more at the end for -1, which is missing already.
    to = np.array([MISSING if v is None else places[v] for v in values] + [MISSING])
    codes = to[place].reshape(table.cells.shape)
    given = codes != MISSING
    rows, columns = given.any(axis=1), given.any(axis=0)
    clusters = None if table.clusters is None else np.array(table.clusters, dtype=object)[rows]
    return Ratings(
        codes=codes if rows.all() and columns.all() else codes[rows][:, columns],
        coders=tuple(name for name, has in zip(table.coders, columns, strict=True) if has),
        categories=tuple(scale),
        clusters=None if clusters is None else tuple(clusters.tolist()),
        declared=categories is not None,
    )


def category_name(category: Any) -> str:
    """A category as text; labels of a set sorted, as a file has them.

    >>> category_name(frozenset({"b", "a"})), category_name(frozenset()), category_name(1)
    ('a;b', '{}', '1')
    """
    if isinstance(category, frozenset):
        return ";".join(sorted(category)) or "{}"
    return str(category)


def _read_label(cell: Any, unit: str, coder: str) -> Any:
    """One rating as a plain Python value; None where missing."""
    if is_missing(cell):
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


def _read_labels(table: Cells) -> tuple[list[Any], Ints]:
    """Distinct ratings, and the place of each cell's, row by row; -1 where missing.

    Only distinct ratings are looked at one by one: a million cells hold few.
    """
    import pandas as pd

    flat = table.cells.reshape(-1)
    if flat.dtype == object:
        _one_kind(table)
    place, found = pd.factorize(flat)
    return list(found), place.astype(np.int64)


def _one_kind(table: Cells) -> None:
    """Raise where ratings are of different kinds: 1 and "1", 1 and True, a list."""
    flat = table.cells.reshape(-1)
    kinds = {_kind(kind) for kind in set(map(type, flat))} - {"missing"}
    if len(kinds) <= 1 and "other" not in kinds:
        return
    first = None
    for place, cell in enumerate(flat):
        unit, coder = divmod(place, table.cells.shape[1])
        value = _read_label(cell, str(table.units[unit]), table.coders[coder])
        first = value if first is None else first
        if value is not None and _kind(type(value)) != _kind(type(first)):
            message = (
                f"unit {table.units[unit]}, coder {table.coders[coder]}: {cell!r} is of another "
                f"kind than {first!r}; ratings are all text or all numbers"
            )
            raise InputError(message)


def _kind(kind: type) -> str:
    """Text, truth value, number, missing or other."""
    if issubclass(kind, str):
        return "text"
    if issubclass(kind, (bool, np.bool_)):
        return "truth value"
    if issubclass(kind, (int, float, np.number)):
        return "number"
    return "missing" if kind.__name__ in ("NoneType", "NAType", "NaTType") else "other"


def _read_sets(table: Cells) -> tuple[list[Any], Ints]:
    """Distinct sets, and the place of each cell's."""
    numbers: dict[Any, int] = {}
    place = np.full(table.cells.size, MISSING, dtype=np.int64)
    for at, cell in enumerate(table.cells.reshape(-1)):
        value = _read_set(cell)
        if value is not None:
            place[at] = numbers.setdefault(value, len(numbers))
    return list(numbers), place


def _read_set(cell: Any) -> Any:
    """One set of labels; None where missing."""
    if is_missing(cell):
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
    values: Sequence[Any],
    level: Level,
    declared: Iterable[Any] | None,
    where: Callable[[int], tuple[str, str]],
) -> list[Any]:
    """The categories in order."""
    used = [value for value in values if value is not None]
    scale = _sorted(set(used)) if declared is None else _declared(declared, level)
    known = set(scale)
    for number, value in enumerate(values):
        if value is None:
            continue
        if value not in known or _kind(type(value)) != _kind(type(scale[0])):
            unit, coder = where(number)
            message = (
                f"unit {unit}, coder {coder}: {value!r} is not a declared category. "
                f"{did_you_mean(str(value), [str(c) for c in scale])}"
            )
            raise InputError(message)
        if level in ("interval", "ratio") and isinstance(value, str):
            unit, coder = where(number)
            message = f"unit {unit}, coder {coder}: {level} ratings are numbers, not {value!r}"
            raise InputError(message)
    if level == "ordinal" and declared is None and any(isinstance(c, str) for c in scale):
        message = "ordinal categories that are text need their order: give categories"
        raise InputError(message)
    if len(scale) > MOST_CATEGORIES:
        message = f"{len(scale)} different ratings; at most {MOST_CATEGORIES}. Round them first"
        raise InputError(message)
    return scale


def _sorted(values: Iterable[Any]) -> list[Any]:
    """Numbers by size, text by code point, sets by their labels."""
    return sorted(values, key=lambda v: sorted(v) if isinstance(v, frozenset) else v)


def _declared(declared: Iterable[Any], level: Level) -> list[Any]:
    """Declared categories, each once."""
    if isinstance(declared, str):
        message = "categories are a list of names, not one text"
        raise InputError(message)
    scale = [_read_set(v) if level == "set" else _read_label(v, "-", "-") for v in declared]
    if len(set(scale)) < len(scale) or None in scale:
        message = "a declared category is blank or stands there twice"
        raise InputError(message)
    return scale

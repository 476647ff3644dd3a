"""The cells of a ratings table and the names of its units, coders and clusters, as given."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from themetrail.errors import InputError, did_you_mean
from themetrail.reliability.sufficient import Ints

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells as given, units × coders, with names."""

    cells: NDArray[Any]
    units: Any  # names by place
    coders: list[str]
    clusters: list[str] | None

    def where(self, place: Ints, value: int) -> tuple[str, str]:
        """Unit and coder of the first cell that holds the value numbered so."""
        row, column = divmod(int(np.argmax(place == value)), self.cells.shape[1])
        return str(self.units[row]), self.coders[column]


def read_cells(ratings: Any, cluster: str | Iterable[Any] | None) -> Cells:
    """The table and its names; the cluster's column is no coder."""
    if hasattr(ratings, "columns"):
        return _from_frame(ratings, cluster)
    if isinstance(cluster, str):
        message = f"cluster {cluster!r} names a column, and the ratings have no named columns"
        raise InputError(message)
    cells = ratings if isinstance(ratings, np.ndarray) and ratings.ndim == 2 else _rows(ratings)
    n, m = cells.shape
    coders = [str(place + 1) for place in range(m)]
    return Cells(cells, range(1, n + 1), coders, _clusters(cluster, n))


def _from_frame(table: pd.DataFrame, cluster: Any) -> Cells:
    """The parts of a DataFrame; its index holds unit ids."""
    names = [str(name) for name in table.columns]
    repeated = [name for place, name in enumerate(names) if name in names[:place]]
    if repeated:
        message = f"coder {repeated[0]!r} stands there twice"
        raise InputError(message)
    if not table.index.is_unique:
        message = f"unit {str(table.index[table.index.duplicated()][0])!r} stands there twice"
        raise InputError(message)
    if isinstance(cluster, str):
        if cluster not in names:
            message = f"no column {cluster!r} for the clusters. {did_you_mean(cluster, names)}"
            raise InputError(message)
        place = names.index(cluster)
        cluster = table.iloc[:, place].tolist()
        table = table.drop(columns=table.columns[place])
        names.pop(place)
    return Cells(table.to_numpy(), table.index, names, _clusters(cluster, len(table)))


def _rows(ratings: Any) -> NDArray[Any]:
    """Nested sequences as an array of objects."""
    try:
        rows = [row if isinstance(row, str) else list(row) for row in ratings]
    except TypeError:
        message = "ratings are a table: a row a unit, in it a rating a coder"
        raise InputError(message) from None
    if any(isinstance(row, str) for row in rows):
        message = "ratings are a table: a row a unit, in it a rating a coder; a row is text"
        raise InputError(message)
    width = len(rows[0]) if rows else 0
    cells = np.empty((len(rows), width), dtype=object)
    for number, row in enumerate(rows):
        if len(row) != width:
            message = f"unit {number + 1} has {len(row)} ratings, unit 1 has {width}"
            raise InputError(message)
        for column, cell in enumerate(row):
            cells[number, column] = cell
    return cells


def _clusters(cluster: Iterable[Any] | None, n_units: int) -> list[str] | None:
    """Each unit's cluster as text."""
    if cluster is None:
        return None
    names = list(cluster)
    if len(names) != n_units:
        message = f"{len(names)} clusters for {n_units} units"
        raise InputError(message)
    for number, name in enumerate(names, start=1):
        if is_missing(name):
            message = f"unit {number} has no cluster"
            raise InputError(message)
    return [str(name) for name in names]


def is_missing(cell: Any) -> bool:
    """None, NaN (of any library) or blank text."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(cell, str):
        return not cell.strip()
    return isinstance(cell, (float, np.floating)) and math.isnan(cell)

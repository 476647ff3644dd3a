"""Spans of several coders on one text: read, checked and put in one order.

A position that cannot be right (negative, reversed, beyond the text) is an error that names the
row. What only some measures forbid, such as overlapping spans, is left to them: they answer with
NaN and a reason.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from themetrail.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
COLUMNS = ("coder", "start", "end", "code")
LONGEST = 2**40  # squares of lengths are still summed exactly as integers


@dataclass(frozen=True)
class Continuum:
    """One text and what each coder marked in it.

    Attributes
    ----------
    length : code points of the text.
    coders : who judged the text, also those who marked nothing, sorted.
    codes : sorted.
    coder, start, end, code : one element a span; positions half-open in code points, ``coder``
        and ``code`` indices; sorted by coder, start, end, code.
    """

    length: int
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    coder: Ints
    start: Ints
    end: Ints
    code: Ints

    @property
    def n_coders(self) -> int:
        """Coders who judged the text."""
        return len(self.coders)

    @property
    def n_spans(self) -> int:
        """Spans of all coders."""
        return len(self.start)

    def select(self, mask: NDArray[np.bool_]) -> Continuum:
        """The same text and coders with some of the spans."""
        return Continuum(
            self.length,
            self.coders,
            self.codes,
            self.coder[mask],
            self.start[mask],
            self.end[mask],
            self.code[mask],
        )

    def of_code(self, code: int) -> Continuum:
        """The spans of one code."""
        return self.select(self.code == code)

    def by_coder(self) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Coder by coder: starts, ends and codes of the spans."""
        edges = np.searchsorted(self.coder, np.arange(self.n_coders + 1))
        for low, high in itertools.pairwise(edges.tolist()):
            yield self.start[low:high], self.end[low:high], self.code[low:high]

    @functools.cached_property
    def overlapping(self) -> bool:
        """Whether two spans of one coder share a character, whatever their codes."""
        return any(bool(np.any(start[1:] < end[:-1])) for start, end, _ in self.by_coder())

    @functools.cached_property
    def overlapping_in_code(self) -> bool:
        """Whether two spans of one coder and one code share a character."""
        return any(self.of_code(code).overlapping for code in range(len(self.codes)))


def continuum(
    spans: pd.DataFrame | Iterable[Sequence[Any]],
    length: int,
    coders: Iterable[str] | None = None,
    codes: Iterable[str] | None = None,
) -> Continuum:
    """Check spans and put them in order.

    Parameters
    ----------
    spans : table with the columns ``coder, start, end, code``, or rows of these four.
    length : code points of the text.
    coders : all who judged the text; without it those who have a span. A coder who judged the
        text and marked nothing is named here or counts as missing.
    codes : the codebook; without it the codes that were used.

    Raises
    ------
    InputError
        A column is missing; a position is not a whole number, is negative, reversed, empty or
        beyond the text; a coder or code is missing or not declared; the length is no positive
        whole number.
    """
    size = _length(length)
    table = _table(spans)
    rows = list(table.index)
    start, end = (_whole(table[name], name) for name in ("start", "end"))
    _refuse(start < 0, start, "start {} is negative; positions count from 0")
    _refuse(end <= start, end, "end {} is not after the start; spans are half-open [start, end)")
    _refuse(end > size, end, f"end {{}} is beyond the text, which has {size} characters")
    who, names = _labels(table["coder"].tolist(), "coder", coders)
    what, labels = _labels(table["code"].tolist(), "code", codes)
    order = np.lexsort((what, end, start, who)) if rows else np.zeros(0, dtype=np.int64)
    return Continuum(size, names, labels, who[order], start[order], end[order], what[order])


def _length(length: int) -> int:
    """The length of the text as an int."""
    whole = isinstance(length, int | np.integer) and not isinstance(length, bool | np.bool_)
    if not whole or not 0 < length <= LONGEST:
        message = f"The text's length is {length!r}; expected a whole number of characters above 0."
        raise InputError(message)
    return int(length)


def _table(spans: Any) -> pd.DataFrame:
    """The four columns as a table with row numbers from 0."""
    import pandas as pd

    if not isinstance(spans, pd.DataFrame):
        try:
            rows = [tuple(row) for row in spans]
        except TypeError:
            rows = [()]
        if any(len(row) != len(COLUMNS) for row in rows):
            message = "Spans are given as a table or as rows of coder, start, end, code."
            raise InputError(message)
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    wrong = [name for name in COLUMNS if list(spans.columns).count(name) != 1]
    if wrong:
        message = (
            f"The table of spans has no column, or more than one, called "
            f"{', '.join(map(repr, wrong))}; expected {', '.join(COLUMNS)} once each."
        )
        raise InputError(message)
    return spans.loc[:, list(COLUMNS)].reset_index(drop=True)


def _missing(value: Any) -> bool:
    """Whether a cell is empty."""
    import pandas as pd

    return bool(pd.api.types.is_scalar(value) and (pd.isna(value) or value == ""))


def _whole(column: pd.Series[Any], name: str) -> Ints:
    """Positions as integers."""
    result = np.zeros(len(column), dtype=np.int64)
    for row, value in enumerate(column.tolist(), start=1):
        try:
            number = int(value)
            exact = number == float(value) and abs(number) <= LONGEST
        except (TypeError, ValueError, OverflowError):
            exact = False
        if not exact or isinstance(value, bool | str):
            shown = "missing" if _missing(value) else repr(value)[:20]
            message = f"Span {row}: {name} is {shown}; expected a whole number of characters."
            raise InputError(message)
        result[row - 1] = number
    return result


def _refuse(wrong: NDArray[np.bool_], values: Ints, sentence: str) -> None:
    """Raise for the first wrong row and count the others."""
    rows = np.flatnonzero(wrong)
    if len(rows):
        more = f" ({len(rows) - 1} more spans like this)" if len(rows) > 1 else ""
        message = f"Span {rows[0] + 1}: " + sentence.format(int(values[rows[0]])) + more + "."
        raise InputError(message)


def _labels(
    values: list[Any], name: str, declared: Iterable[str] | None
) -> tuple[Ints, tuple[str, ...]]:
    """Labels as indices into the sorted names."""
    for row, value in enumerate(values, start=1):
        if _missing(value):
            message = f"Span {row}: the {name} is missing."
            raise InputError(message)
    kinds = {(type(value) is str, str(value)) for value in values}
    if len({text for _, text in kinds}) < len(kinds):
        message = f"Some {name}s are given as text and as number; make them one kind."
        raise InputError(message)
    used = {str(value) for value in values}
    if isinstance(declared, str):
        message = f"Give the {name}s as a list of names, not as one text."
        raise InputError(message)
    known = used if declared is None else {str(value) for value in declared}
    if not used <= known:
        rows = [row for row, value in enumerate(values, start=1) if str(value) not in known]
        message = f"Span {rows[0]}: its {name} is not one of the {len(known)} declared {name}s."
        raise InputError(message)
    names = tuple(sorted(known))
    place = {text: index for index, text in enumerate(names)}
    index = np.array([place[str(value)] for value in values], dtype=np.int64)
    return index, names

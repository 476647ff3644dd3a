"""How a fact's value is printed: one function a form."""

from __future__ import annotations

from collections.abc import Callable

from themetrail.report import numbers
from themetrail.report.family import Cell


def _integer(cell: Cell) -> str:
    return numbers.integer(_number(cell))


def _of(cell: Cell) -> str:
    return f"{numbers.integer(_number(cell))} of {numbers.integer(cell.of or 0)}"


def _coefficient(cell: Cell) -> str:
    return numbers.decimal(_number(cell))


def _three(cell: Cell) -> str:
    return numbers.decimal(_number(cell), 3)


def _percent(cell: Cell) -> str:
    return numbers.percent(_number(cell))


def _share(cell: Cell) -> str:
    """A share of ``of`` cases: a per cent, or "k of n" where there are few."""
    if cell.of is not None and cell.of < numbers.FEW:
        return f"{round(_number(cell) * cell.of)} of {cell.of}"
    return numbers.percent(_number(cell))


def _interval(cell: Cell) -> str:
    return numbers.interval(_number(cell), _high(cell))


def _percents(cell: Cell) -> str:
    return numbers.percents(_number(cell), _high(cell))


def _range(cell: Cell) -> str:
    return numbers.counted_range(_number(cell), _high(cell))


def _plain(cell: Cell) -> str:
    return numbers.plain(_number(cell))


def _digits(cell: Cell) -> str:
    return str(cell.value)


def _list(cell: Cell) -> str:
    return numbers.listed(cell.value) if isinstance(cell.value, list) else str(cell.value)


def _text(cell: Cell) -> str:
    return str(cell.value)


FORMS: dict[str, Callable[[Cell], str]] = {
    "integer": _integer,
    "of": _of,
    "coefficient": _coefficient,
    "three": _three,
    "percent": _percent,
    "share": _share,
    "interval": _interval,
    "percents": _percents,
    "range": _range,
    "plain": _plain,
    "digits": _digits,
    "list": _list,
    "text": _text,
}


def _number(cell: Cell) -> float:
    if not isinstance(cell.value, int | float):
        message = f"a number was expected, not {cell.value!r}"
        raise TypeError(message)
    return cell.value


def _high(cell: Cell) -> float:
    return _number(cell) if cell.high is None else cell.high


def printed(cell: Cell, form: str) -> str:
    """The text of a fact; why it has none, in words, where it has none.

    >>> printed(Cell(None, reason="all ratings are equal"), "coefficient")
    'not available (all ratings are equal)'
    """
    if cell.value is None:
        if cell.reason.startswith("not "):
            return cell.reason
        return f"not available ({cell.reason})" if cell.reason else "not available"
    return cell.text or FORMS[cell.form or form](cell)

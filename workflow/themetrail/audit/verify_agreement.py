"""Facts on agreement against the coefficients that a crate holds: what needs no transcript."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from themetrail.report.family import COEFFICIENTS

Fact = Mapping[str, Any]
Row = Mapping[str, str]
#: facts of one coefficient over the codes, by the end of their id
_OVER_CODES: dict[str, Callable[[list[float]], float]] = {
    "median": statistics.median,
    "min": min,
    "max": max,
    "range": min,
}
_HEADLINE = "agreement"
_DIGITS = 1e-9


def follows(fact: Fact, facts: Mapping[str, Fact], rows: Sequence[Row]) -> bool:
    """Whether a fact's value is what the table of coefficients gives.

    Parameters
    ----------
    fact : one whose source is that table.
    facts : all facts by id: the headline coefficient, the threshold, the codes in use.
    rows : of the table, each cell as text.
    """
    if not isinstance(fact["value"], int | float):
        return True
    first, _, last = str(fact["id"]).rpartition(".")
    if first == "n.codes":
        values = _by_code(_HEADLINE, facts, rows)
        if last == "below_threshold":
            threshold = float(facts["setting.threshold"]["value"])
            values = [value for value in values if value < threshold]
        return _equal(len(values), fact["value"])
    if first in COEFFICIENTS and last in _OVER_CODES:
        values = _by_code(first, facts, rows)
        high = fact["high"] is None or (bool(values) and _equal(max(values), fact["high"]))
        return high and bool(values) and _equal(_OVER_CODES[last](values), fact["value"])
    return _stands_in_its_row(fact, rows)


def _stands_in_its_row(fact: Fact, rows: Sequence[Row]) -> bool:
    wanted = fact["source"]["row"].items()
    found = [
        row for row in rows if all(row.get(name, value) == str(value) for name, value in wanted)
    ]
    cells = {
        number for row in found for cell in row.values() if (number := _number(cell)) is not None
    }
    return float(fact["value"]) in cells


def _by_code(name: str, facts: Mapping[str, Fact], rows: Sequence[Row]) -> list[float]:
    """Estimates of a coefficient for the codes in use, each by all coders who judged it."""
    headline = str(facts[f"{_HEADLINE}.study"]["source"]["row"].get("coefficient", ""))
    statistic = COEFFICIENTS[name] or headline
    codes = {one["source"]["row"].get("code") for id_, one in facts.items() if _is_of_code(id_)}
    found: dict[str, list[Row]] = {}
    for row in rows:
        place = (row["level"], row["site"], row["coefficient"])
        if place == ("code", "", statistic) and row["code"] in codes:
            found.setdefault(row["code"], []).append(row)
    values = []
    for of_code in found.values():
        most = max(int(row["n_coders"]) for row in of_code)
        largest = [row for row in of_code if int(row["n_coders"]) == most]
        value = _number(largest[0]["estimate"])
        if len(largest) == 1 and value is not None and not math.isnan(value):
            values.append(value)
    return values


def _is_of_code(name: str) -> bool:
    return name.startswith(f"{_HEADLINE}.code.") and name.count(".") == 2


def _equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_DIGITS, abs_tol=_DIGITS)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None

"""Published and cross-checked values, from the reference vectors.

``vectors/*.json`` hold the facts: each case names its source (a paper, a data set of a package)
and the programs that gave the same value. Ratings are run-length encoded: [[row, times], …].
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from themetrail.reliability import agreement
from themetrail.reliability.null_errors import cohen_null_error, fleiss_null_error
from themetrail.reliability.ratings import read_ratings

FOLDER = Path(__file__).with_name("vectors")
FILES = (
    "two_raters",
    "kappa_paradox",
    "multi_rater",
    "ordinal_interval",
    "missing_values",
    "random_differential",
    "degenerate",
    "multilabel_sets",
)
CASES = [
    pytest.param(case, id=case["id"])
    for name in FILES
    for case in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
]
NOT_ESTIMATES = ("standard_errors", "ci95", "fleiss_kappa_by_category")


def table(case: dict[str, Any], statistics: list[str], **options: Any) -> Any:
    """Our table of a case, by coefficient."""
    data, custom = case["data"], case.get("custom_disagreement_weights", {})
    return agreement(
        [row for row, times in data["runs"] for _ in range(times)],
        data["level"],
        data.get("categories") or custom.get("categories"),
        statistics,
        weights=custom.get("matrix"),
        **options,
    ).set_index("coefficient")


def near(found: float, expected: float | None, tolerance: float) -> bool:
    """Equal within the case's tolerance; None is undefined."""
    if expected is None:
        return math.isnan(found)
    return abs(found - expected) <= tolerance


@pytest.mark.parametrize("case", CASES)
def test_every_coefficient_of_the_literature_comes_out(case: dict[str, Any]) -> None:
    """A wrong formula would put a wrong number into every paper made with the package."""
    expected = {k: v for k, v in case["expected"].items() if k not in NOT_ESTIMATES}
    found = table(case, list(expected))["estimate"]
    wrong = {
        k: (found[k], v) for k, v in expected.items() if not near(found[k], v, case["tolerance"])
    }
    assert not wrong


@pytest.mark.parametrize("case", [c for c in CASES if "published" in c.values[0]])
def test_every_printed_number_comes_out_to_its_precision(case: dict[str, Any]) -> None:
    """What a paper prints is what we print, where the paper is right."""
    for name, printed in case["published"].items():
        if printed["status"] != "matches" or "." in name or name.endswith("_se"):
            continue
        precision = printed.get("tolerance") or 0.5 * 10 ** -printed["decimals"] + 1e-9
        found = table(case, [name])["estimate"][name]
        assert near(found, printed["value"], precision), (name, found, printed)


@pytest.mark.parametrize(
    "case", [c for c in CASES if "fleiss_kappa_by_category" in c.values[0]["expected"]]
)
def test_fleiss_by_category_comes_out(case: dict[str, Any]) -> None:
    """Each category against the rest, as irr prints it."""
    found = table(case, ["fleiss_kappa_by_category"])["estimate"]
    for category, value in case["expected"]["fleiss_kappa_by_category"].items():
        assert near(found[f"fleiss_kappa_by_category.{category}"], value, case["tolerance"])


@pytest.mark.parametrize("case", [c for c in CASES if "standard_errors" in c.values[0]["expected"]])
def test_standard_errors_come_out_by_their_named_method(case: dict[str, Any]) -> None:
    """A standard error without its method is not comparable with anybody else's."""
    for method, values in case["expected"]["standard_errors"].items():
        if method.endswith("_null"):
            continue
        interval = "jackknife" if method == "jackknife_units" else "analytic"
        found = table(case, list(values), interval=interval)
        for name, value in values.items():
            assert near(found["se"][name], value, case["tolerance"]), (method, name)
            assert method in found["method"][name]


@pytest.mark.parametrize("case", [c for c in CASES if "ci95" in c.values[0]["expected"]])
def test_intervals_come_out_by_their_named_method(case: dict[str, Any]) -> None:
    """Analytic ends exactly, bootstrap ends within what two other programs differ by."""
    for method, values in case["expected"]["ci95"].items():
        bootstrap = method.startswith("bootstrap")
        found = table(case, list(values), replicates=5000 if bootstrap else 0)
        for name, value in values.items():
            ends = value["interval"] if bootstrap else value
            tolerance = value["tolerance"] if bootstrap else case["tolerance"]
            row = found.loc[name]
            assert near(row["ci_low"], ends[0], tolerance), (method, name)
            assert near(row["ci_high"], ends[1], tolerance), (method, name)


def test_null_standard_errors_come_out() -> None:
    """For a test of no agreement; never for an interval."""
    checked = 0
    for param in CASES:
        case = param.values[0]
        data = case["data"]
        rows = [row for row, times in data["runs"] for _ in range(times)]
        for method, values in case["expected"].get("standard_errors", {}).items():
            if not method.endswith("_null"):
                continue
            error = fleiss_null_error if method.startswith("fleiss_nee") else cohen_null_error
            found = error(read_ratings(rows, data["level"], data.get("categories")))
            for value in values.values():
                assert near(found, value, case["tolerance"]), (case["id"], method)
                checked += 1
    assert checked > 20


OURS = {
    # A coder or unit without any rating is no coder or unit: dropping it leaves a value.
    ("unit_all_missing", "scott_pi"): 1 / 3,
    ("rater_all_missing", "conger_kappa"): 0.5,
}


@pytest.mark.parametrize("case", [c for c in CASES if c.values[0].get("recommended")])
def test_what_is_undefined_stays_undefined_with_a_reason(case: dict[str, Any]) -> None:
    """Neither 1 nor 0 nor an epsilon may stand for 0/0 (decision 4.1)."""
    found = table(case, list(case["recommended"]))
    for name, value in case["recommended"].items():
        expected = OURS.get((case["id"], name), value["value"])
        row = found.loc[name]
        assert near(row["estimate"], expected, case["tolerance"]), name
        assert bool(row["note"]) == math.isnan(row["estimate"]) or row["note"] == "one_unit", name

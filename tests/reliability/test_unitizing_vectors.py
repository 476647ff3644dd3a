"""Published and cross-checked values of the unitising measures.

`vectors/spans.json`: 20 continua with values that at least two programs or a printed number agree
on (dkpro-statistics 2.3.2, krippendorff-unitized-alpha 0.1.0, pygamma-agreement 0.5.9, exact
recomputation; character level: irr, irrCAC, krippendorff, nltk, scikit-learn, statsmodels).
`vectors/spans_boundaries.json`: SegEval 2.0.11 (Fournier's program) on the same continua, mean
over pairs of coders.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from themetrail.reliability.unitizing_table import unitizing

VECTORS = Path(__file__).parent / "vectors"
CASES: list[dict[str, Any]] = json.loads((VECTORS / "spans.json").read_text(encoding="utf-8"))
BY_ID = {case["id"]: case for case in CASES}
SEGEVAL = json.loads((VECTORS / "spans_boundaries.json").read_text(encoding="utf-8"))
# Every character is marked by both coders: 0/0, which irr, irrCAC and nltk count as 1.
NO_VARIATION = {"krippendorff_alpha_nominal", "fleiss_kappa"}


def _estimates(case: dict[str, Any], statistics: list[str], **settings: Any) -> dict[str, float]:
    coders = case["data"]["coders"]
    rows = [(name, *span) for name, spans in coders.items() for span in spans]
    table = unitizing(rows, case["data"]["length"], statistics, coders=list(coders), **settings)
    return dict(zip(table["coefficient"], table["estimate"], strict=True))


def _flat(expected: dict[str, Any]) -> dict[str, float]:
    flat = {}
    for name, value in expected.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{code}": number for code, number in value.items()}
        else:
            flat[name] = value
    return flat


@pytest.mark.parametrize("name", BY_ID)
def test_alpha_for_unitising_agrees_with_other_programs_and_papers(name: str) -> None:
    """Protects alpha_U, u-alpha and |u-alpha, over all codes and by code."""
    case = BY_ID[name]
    expected = _flat(case["expected"]["krippendorff_unitizing_alpha"])
    found = _estimates(case, sorted({key.split(".")[0] for key in expected}))
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, abs=case["tolerance"]), key


@pytest.mark.parametrize("name", [name for name, case in BY_ID.items() if "published" in case])
def test_alpha_u_agrees_with_the_printed_numbers(name: str) -> None:
    """Protects the numbers of Krippendorff (1995, 2004) to the precision they were printed with."""
    case = BY_ID[name]
    found = _estimates(case, ["alpha_U_1995", "alpha_U_1995_by_code"])
    for key, printed in case["published"].items():
        ours = "alpha_U_1995" + key.removeprefix("alpha").replace(".", "_by_code.")
        assert found[ours] == pytest.approx(printed["value"], abs=printed["tolerance"])


@pytest.mark.parametrize("name", BY_ID)
def test_character_level_agrees_with_other_programs(name: str) -> None:
    """Protects the coefficients with every character as a unit; 0/0 stays NaN, never 1."""
    case = BY_ID[name]
    found = _estimates(case, ["char_level"])
    for code, expected in case["expected"]["char_level"].items():
        for key, value in expected.items():
            ours = found[f"char_level.{code}.{key}"]
            if name.startswith("krippendorff1995_D") and key in NO_VARIATION:
                assert math.isnan(ours)
            else:
                assert ours == pytest.approx(value, abs=case["tolerance"]), (code, key)


@pytest.mark.parametrize("name", [n for n, case in BY_ID.items() if "gamma" in case["expected"]])
def test_gamma_agrees_with_pygamma_and_dkpro(name: str) -> None:
    """Protects the observed disorder (deterministic) and gamma within each sampler's band."""
    case = BY_ID[name]
    expected = case["expected"]["gamma"]
    weights = {key: expected[key] for key in ("alpha", "beta", "delta_empty")}
    for sampler in ("statistical", "shuffle"):
        band = expected.get(f"gamma_{sampler}_sampler_band")
        if sampler == "shuffle" and band is None:
            continue
        found = _estimates(case, ["gamma"], **weights, samples=200, sampler=sampler)
        observed = expected["observed_disorder"]
        assert found["gamma.observed_disorder"] == pytest.approx(observed, rel=1e-5, abs=1e-12)
        if band is not None:
            assert band[0] <= found["gamma"] <= band[1]


@pytest.mark.parametrize("expected", SEGEVAL, ids=lambda case: case["id"])
def test_boundary_measures_agree_with_segeval(expected: dict[str, Any]) -> None:
    """Protects boundary similarity at three spans of near misses, WindowDiff and Pk."""
    case = BY_ID[expected["id"]]
    found = _estimates(case, ["window_diff", "pk"])
    assert found["window_diff"] == pytest.approx(expected["window_diff"], abs=1e-12)
    assert found["pk"] == pytest.approx(expected["pk"], abs=1e-12)
    for span, value in expected["boundary_similarity"].items():
        similarity = _estimates(case, ["boundary_similarity"], transposition=int(span))
        assert similarity["boundary_similarity"] == pytest.approx(value, abs=1e-12)


def test_the_vectors_are_those_of_the_shared_reference(shared: Path) -> None:
    """Protects the copied facts: the same expected values as the reference they come from."""
    source = shared / "reference" / "irr" / "spans.json"
    if not source.is_file():
        pytest.skip("no reference vectors beside the project")
    reference = json.loads(source.read_text(encoding="utf-8"))
    assert {case["id"]: case["expected"] for case in reference} == {
        name: case["expected"] for name, case in BY_ID.items()
    }

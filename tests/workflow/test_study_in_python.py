"""The study as pandas tables: everything that a run leaves can be reached and is documented."""

from __future__ import annotations

import functools
import inspect
import re
from pathlib import Path

import pytest
from themetrail import Study, contracts

#: tables that a person writes, or that a run leaves for its own use
NOT_RESULTS = {
    "framework_summaries",
    "interview_guide",
    "questions_asked",
    "code_meanings",
}
#: columns that Study adds to what the contract declares
ADDED = {"site", "text"}
NAMES = [name for name, item in vars(Study).items() if isinstance(item, functools.cached_property)]


def contract_of(name: str) -> contracts.Contract | None:
    """The contract that an attribute reads its table under."""
    source = inspect.getsource(vars(Study)[name].func)
    found = re.search(r"contracts\.([A-Z_]+)", source)
    return getattr(contracts, found[1]) if found else None


def test_every_result_is_an_attribute() -> None:
    """Guards auditors: no table of a run can only be had by knowing its file."""
    reached = {contract.name for name in NAMES if (contract := contract_of(name))}
    left = set(contracts.CONTRACTS) - NOT_RESULTS - reached
    # Those on a machine, which few studies have, are had by name: study.machine("codes").
    assert {name for name in left if not name.startswith("machine_")} == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_its_columns_are_the_documented_ones(name: str, finished: Path) -> None:
    """Guards readers of the reference page: what it says of the columns is what they get."""
    table = getattr(Study(finished), name)
    contract = contract_of(name)
    if contract is None:
        assert table["n.participants"]["value"] > 0
        return
    declared = [
        column for column in table.columns if column not in ADDED or column in contract.names
    ]
    assert declared[: len(contract.names)] == contract.names
    assert contract.free or len(declared) == len(contract.names)

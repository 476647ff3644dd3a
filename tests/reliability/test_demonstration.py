"""The demonstration study: agreement of its two full coders is what its makers measured.

They compared turn by code, coder_a with coder_b: kappa from .41 (fit_with_practice) and .47
(local_leadership) to .95 (champion_power) and .97 (protected_time), mean .75.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from themetrail.coding import read_site as read_codings
from themetrail.config import read_codebook
from themetrail.errors import Problems
from themetrail.intake import IntakeSettings
from themetrail.intake import read_site as read_transcripts
from themetrail.reliability import coefficients, count_patterns

SITES = ("alder", "birch", "cedar", "damson")


@pytest.fixture(scope="module")
def table(root: Path) -> pd.DataFrame:
    """Coefficients from the raw files."""
    codebook, _ = read_codebook(root, Problems())
    patterns = {}
    for site in SITES:
        intake = read_transcripts(root, site, IntakeSettings())
        coding = read_codings(root, site, intake.transcripts, intake.turns, codebook)
        patterns[site] = count_patterns(
            intake.units, coding.spans, coding.coverage, codebook.active
        )
    return coefficients(patterns, replicates=100, seed=20211101)


def test_kappas_by_code_are_those_the_study_was_made_with(table: pd.DataFrame) -> None:
    """Participants' turns as units, one shared character as a mark."""
    rows = table[
        (table["level"] == "pair")
        & (table["coders"] == "coder_a;coder_b")
        & (table["coefficient"] == "cohen_kappa")
        & (table["code"] != "")
    ].set_index("code")["estimate"]
    assert len(rows) == 30
    assert rows.mean() == pytest.approx(0.75, abs=0.005)
    for code, kappa in {
        "fit_with_practice": 0.41,
        "local_leadership": 0.47,
        "champion_power": 0.95,
        "protected_time": 0.97,
    }.items():
        assert rows[code] == pytest.approx(kappa, abs=0.005)
    assert list(rows.sort_values().index[[0, 1, -2, -1]]) == [
        "fit_with_practice",
        "local_leadership",
        "champion_power",
        "protected_time",
    ]


def test_a_coder_of_two_sites_is_missing_at_the_others(table: pd.DataFrame) -> None:
    """coder_c judged the interviews of alder and cedar."""
    coders = table[table["level"] == "site"].groupby("site")["coders"].first()
    assert coders["alder"] == coders["cedar"] == "coder_a;coder_b;coder_c"
    assert coders["birch"] == coders["damson"] == "coder_a;coder_b"
    pair = table[(table["level"] == "pair") & (table["coders"] == "coder_a;coder_c")]
    assert set(pair["n_clusters"]) == {12}

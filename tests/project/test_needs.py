"""What a job asks of a machine."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from themetrail import manifest
from themetrail.needs import NEEDS, memory_mb, minutes, raw_megabytes

STEPS = st.sampled_from([*NEEDS, "a rule without figures"])
SIZES = st.floats(min_value=0, max_value=1e5, allow_nan=False)


@given(step=STEPS, size=SIZES, attempt=st.integers(1, 4))
def test_each_attempt_asks_for_more(step: str, size: float, attempt: int) -> None:
    """Otherwise a job that was killed would be killed again."""
    before, after = memory_mb(step, size, attempt), memory_mb(step, size, attempt + 1)
    # Rounded to whole GB, a request may grow by less than twice, never below what doubling gives.
    assert after > before
    assert after >= 2 * (before - 1024)
    assert minutes(step, size, attempt + 1) == 2 * minutes(step, size, attempt)


@given(step=STEPS, size=SIZES)
def test_above_a_gigabyte_memory_comes_in_whole_ones(step: str, size: float) -> None:
    """AWS Batch's executor gives 2 GB to a request that is not a whole number of them."""
    asked = memory_mb(step, size)
    assert asked <= 1024 or asked % 1024 == 0


def test_a_sites_size_is_that_of_its_manifest(root: Path, tmp_path: Path) -> None:
    """The text on disk decides, before anything has run; a site without a manifest has none."""
    study = root / "tests" / "studies" / "mini"
    text = manifest.manifest(study, "north", "transcripts")
    path = tmp_path / manifest.manifest_path("north", "transcripts")
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    files = [study / line.split("\t")[0] for line in text.splitlines()[1:]]
    assert raw_megabytes(tmp_path, "north") * 1e6 == sum(file.stat().st_size for file in files)
    assert raw_megabytes(tmp_path, "south") == 0

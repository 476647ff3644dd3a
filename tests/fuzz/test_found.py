"""What fuzzing has found stays mended, and every reader goes on surviving damage."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from fuzz.damage import damaged, scrambler
from fuzz.readers import EscapeError, Target, watched
from fuzz.seeds import READERS, seeds

FOUND = Path(__file__).with_name("found")
_NUMBER = 60


@pytest.mark.parametrize("reader", READERS)
def test_files_that_were_not_survived_are(reader: str, tmp_path: Path) -> None:
    """The seeds, and each file that a reader once crashed on, hung on, or broke a promise with."""
    target = Target(reader, tmp_path)
    for data in seeds(reader):
        target(data)
    for path in sorted(FOUND.glob(f"{reader}/*")):
        target(path.read_bytes())


@pytest.mark.parametrize("reader", READERS)
def test_damaged_files_are_survived(reader: str, tmp_path: Path) -> None:
    """Whatever is done to a file, its codings are placed or there are problems; never a crash."""
    target = Target(reader, tmp_path)
    for data in seeds(reader):
        target(data)
        for number in range(_NUMBER):
            rng = random.Random(f"{reader}{number}")
            target(damaged(data, rng, scrambler(rng)))


def test_escapes_are_noticed(tmp_path: Path) -> None:
    """The watch on the readers is awake: writing, or opening another file, raises."""
    with watched(), pytest.raises(EscapeError):
        (tmp_path / "fuzzed.txt").write_text("x")
    with watched(), pytest.raises(EscapeError):
        (tmp_path / "other").read_bytes()


def test_the_ledger_is_whole() -> None:
    """It counts known readers only, and no more than what was found is here."""
    with (FOUND.parent / "hours.tsv").open(encoding="utf-8", newline="") as stream:
        rows = {row["reader"]: row for row in csv.DictReader(stream, delimiter="\t")}
    assert list(rows) == [reader for reader in READERS if reader in rows]
    for reader, row in rows.items():
        assert float(row["minutes"]) > 0
        assert int(row["cases"]) > 0
        assert len(list(FOUND.glob(f"{reader}/*"))) <= int(row["failures"])

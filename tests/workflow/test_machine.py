"""The machine in a real run: beside the study unless the study lets it in, and then said so."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from studies import planted
from support import Run, digests, themetrail

pytestmark = pytest.mark.slow

WAITING = ("N8", "E8", "W8")
ON = "machine: {enabled: true, in_consensus: %s, verdict: {units: 5, transcripts: 3, sites: 2}}\n"
#: people's coding and all that is made of it alone
HUMAN = ("results/consensus", "results/synthesis", "results/reliability", "results/coding")


def study_of(root: Path) -> Path:
    """The planted study with one transcript a site that nobody has coded."""
    planted.write(root, planted.truth())
    for site in planted.SITES:
        for path in (root / "data" / site / "codings").glob("*.csv"):
            _without(path)
        _without(root / "data" / site / "assignments.csv")
    return root


def _without(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.reader(handle) if not set(row) & set(WAITING)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)


def configure(root: Path, machine: str) -> None:
    """Write the machine's section anew."""
    path = root / "config/config.yaml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("machine")]
    path.write_text("\n".join(lines) + "\n" + machine)


def run(root: Path, *targets: str) -> Run:
    """Run to targets."""
    done = themetrail("run", *targets, "--study", str(root), "--cores", "2")
    assert done.status == 0, done.output
    return done


def facts(root: Path) -> dict[str, Any]:
    """Facts by id."""
    rows = json.loads((root / "results/facts.json").read_text(encoding="utf-8"))["facts"]
    return {row["id"]: row for row in rows}


def human(root: Path) -> dict[str, str]:
    """Digests of what people's coding came to."""
    return {name: d for name, d in digests(root).items() if name.startswith(HUMAN)}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the study, run without a machine."""
    root = study_of(tmp_path_factory.mktemp("machine") / "study")
    run(root, "results/facts.json", "results/synthesis/robustness.csv")
    return root


def test_a_machine_that_is_not_admitted_changes_no_byte(study: Path) -> None:
    """Consensus, themes and agreement are the same bytes with a machine and without.

    Then the machine is admitted: its codes count, the paper says so, and the trail still holds.
    """
    before = human(study)
    assert not (study / "results/machine").exists()
    assert facts(study)["machine.kappa"]["reason"] == "no machine was asked for"
    configure(study, ON % "false")
    done = run(study, "results/facts.json", "results/synthesis/robustness.csv")
    assert set(done.steps) == {"machine_coder", "facts"}
    assert human(study) == before
    told = facts(study)
    assert told["machine.n_proposals"]["value"] > 0
    assert told["n.transcripts.waiting"]["value"] == len(WAITING)
    assert told["n.transcripts.machine"]["value"] == 0

    configure(study, ON % "true")
    run(study)
    now = facts(study)
    assert now["n.transcripts.machine"]["value"] > 0
    assert now["n.segments.machine"]["value"] == _usable(study)
    assert now["n.coders"]["value"] == 3
    assert now["machine.kappa"]["value"] == told["machine.kappa"]["value"]
    assert (
        human(study).items()
        >= {
            name: digest
            for name, digest in before.items()
            if name.startswith(("results/reliability", "results/coding"))
        }.items()
    )
    page = (study / "reports/paper.html").read_text(encoding="utf-8")
    assert "Part of the coding is a machine" in page
    verified = themetrail("verify", "--study", str(study))
    assert verified.status == 0, verified.output
    _pack(study)


def _usable(study: Path) -> int:
    with (study / "results/machine/proposals.csv").open(encoding="utf-8", newline="") as handle:
        return sum(row["verdict"] == "usable" for row in csv.DictReader(handle))


def _pack(study: Path) -> None:
    """The command gives suggestions only where it is asked to."""
    line = ("pack", "north", "--tool", "csv", "--study", str(study), "--coder")
    assert themetrail(*line, "blind").status == 0
    assert themetrail(*line, "told", "--suggestions").status == 0
    folder = study / "results/packs/north"
    assert not (folder / "blind/suggestions.csv").exists()
    assert (folder / "told/suggestions.csv").exists()
    listed = themetrail("machine", "next", "--study", str(study))
    assert listed.status == 0, listed.output

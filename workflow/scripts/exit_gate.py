"""Look at all that the run hands out once more; where something is found, withhold it."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.audit.exit_gate import guard, release
from themetrail.config import load
from themetrail.jobs import job
from themetrail.report.sources import bibliography_of

INPUTS = {
    "transcripts": contracts.TRANSCRIPTS,
    "participants": contracts.PARTICIPANTS,
    "disclosure": contracts.DISCLOSURE,
}

with job(snakemake.log[0]):
    root, released = Path.cwd(), list(snakemake.input.released)
    study, _ = load(root, snakemake.params.choices["settings"])
    read = {
        name: tables.read_all(getattr(snakemake.input, name), contract)
        for name, contract in INPUTS.items()
    }
    read["quotes"] = tables.read(snakemake.input.quotes, contracts.QUOTES)
    bibliography = bibliography_of(root).read_text(encoding="utf-8", errors="replace")
    found = guard(root, study, released, read, bibliography)
    release(root)
    tables.write_problems(found.rows, snakemake.output.problems)

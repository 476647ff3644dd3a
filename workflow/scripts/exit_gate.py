"""Look at all that the run hands out once more; where something is found, withhold it."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.audit.exit_gate import check, release, sought_in, withhold
from themetrail.config import load
from themetrail.errors import InputError
from themetrail.jobs import job
from themetrail.report.sources import bibliography_of
from themetrail.reporting import report

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
    found = check(root, study, released, read, sought_in(root, study, read, bibliography))
    if found.errors:
        reasons = report(found.rows)
        withhold(root, released, reasons)
        message = "Nothing is released: what was made is in reports/withheld/.\n"
        raise InputError(message + reasons)
    release(root)
    tables.write_problems(found.rows, snakemake.output.problems)

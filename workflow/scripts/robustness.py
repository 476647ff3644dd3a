"""Do the analysis otherwise, one change at a time."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.config import read_codebook, read_themes
from themetrail.consensus import with_machine
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.synthesis import vary

INPUTS = {
    "transcripts": contracts.TRANSCRIPTS,
    "turns": contracts.TURNS,
    "spans": contracts.SPANS,
    "coverage": contracts.COVERAGE,
    "adjudications": contracts.ADJUDICATIONS,
}

with job(snakemake.log[0]):
    codebook, _ = read_codebook(Path.cwd(), Problems())
    themes, _ = read_themes(Path.cwd(), codebook, Problems())
    machine = {
        "spans": tables.read_all(snakemake.input.machine_spans, contracts.SPANS),
        "coverage": tables.read_all(snakemake.input.machine_coverage, contracts.COVERAGE),
    }
    # A site at a time, so that memory follows the largest site and not the study.
    sites = zip(*(getattr(snakemake.input, name) for name in INPUTS), strict=True)
    parts = (
        {name: tables.read(path, INPUTS[name]) for name, path in zip(INPUTS, paths, strict=True)}
        for paths in sites
    )
    counted = (
        part | {n: with_machine(part[n], rows, part["transcripts"]) for n, rows in machine.items()}
        for part in parts
    )
    table = vary(counted, themes, snakemake.params.settings)
    tables.write(table, snakemake.output[0], contracts.ROBUSTNESS)

"""Do the analysis otherwise, one change at a time."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.config import read_codebook, read_themes
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.synthesis import vary

INPUTS = {
    "transcripts": contracts.TRANSCRIPTS,
    "turns": contracts.TURNS,
    "participants": contracts.PARTICIPANTS,
    "spans": contracts.SPANS,
    "coverage": contracts.COVERAGE,
    "adjudications": contracts.ADJUDICATIONS,
}

with job(snakemake.log[0]):
    codebook, _ = read_codebook(Path.cwd(), Problems())
    themes, _ = read_themes(Path.cwd(), codebook, Problems())
    read = {
        name: tables.read_all(getattr(snakemake.input, name), contract)
        for name, contract in INPUTS.items()
    }
    table = vary(**read, codebook=codebook, themes=themes, settings=snakemake.params.settings)
    tables.write(table, snakemake.output[0], contracts.ROBUSTNESS)

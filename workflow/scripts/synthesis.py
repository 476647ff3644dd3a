"""Put the consensus together into themes."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.config import read_codebook, read_themes
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.synthesis import synthesise

INPUTS = {
    "transcripts": contracts.TRANSCRIPTS,
    "turns": contracts.TURNS,
    "units": contracts.UNITS,
    "participants": contracts.PARTICIPANTS,
    "spans": contracts.SPANS,
    "coverage": contracts.COVERAGE,
    "decisions": contracts.DECISIONS,
    "segments": contracts.SEGMENTS,
}

with job(snakemake.log[0]):
    codebook, _ = read_codebook(Path.cwd(), Problems())
    themes, _ = read_themes(Path.cwd(), codebook, Problems())
    read = {
        name: tables.read_all(getattr(snakemake.input, name), contract)
        for name, contract in INPUTS.items()
    }
    made = synthesise(
        **read,
        codebook=codebook,
        themes=themes,
        settings={**snakemake.params.report, **snakemake.params.synthesis},
    )
    for path in snakemake.output.tables:
        name = Path(path).stem
        tables.write(made[name], path, contracts.CONTRACTS[name])

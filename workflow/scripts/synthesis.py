"""Put the consensus together into themes."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.config import read_codebook, read_themes
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.reporting import stop_if_errors
from themetrail.synthesis import read_notes, read_summaries, synthesise

# What a coder wrote beside a mark is not counted: a large study's notes need no memory here.
UNUSED = {"spans": ("code_as_coded", "memo", "coded_at", "source", "anchor")}
INPUTS = {
    "transcripts": contracts.TRANSCRIPTS,
    "turns": contracts.TURNS,
    "units": contracts.UNITS,
    "participants": contracts.PARTICIPANTS,
    "spans": contracts.SPANS,
    "coverage": contracts.COVERAGE,
    "segments": contracts.SEGMENTS,
}

with job(snakemake.log[0]):
    codebook, _ = read_codebook(Path.cwd(), Problems())
    themes, lines = read_themes(Path.cwd(), codebook, Problems())
    read = {
        name: tables.read_all(getattr(snakemake.input, name), contract, UNUSED.get(name, ()))
        for name, contract in INPUTS.items()
    }
    summaries, problems = read_summaries(Path.cwd())
    notes, unread = read_notes(Path.cwd())
    made = synthesise(
        **read,
        codebook=codebook,
        themes=themes,
        settings={
            **snakemake.params.report,
            **snakemake.params.synthesis,
            "sites": snakemake.params.sites,
            "approach": snakemake.params.approach,
        },
        summaries=summaries,
        lines=lines,
        notes=notes,
    )
    problems.extend(unread)
    problems.extend(tables.problems_of(made["problems"]))
    stop_if_errors(problems)
    tables.write_problems(problems, snakemake.output.problems)
    for path in snakemake.output.tables:
        name = Path(path).stem
        tables.write(made[name], path, contracts.CONTRACTS[name])

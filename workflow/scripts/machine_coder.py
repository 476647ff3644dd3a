"""Train a machine on the study's consensus, measure it on what it did not see, let it propose."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.config import read_codebook
from themetrail.errors import Problems
from themetrail.exclusions import dropped_ids, read_dropped
from themetrail.jobs import job
from themetrail.machine.people import human_segments
from themetrail.machine.propose import as_coding
from themetrail.machine.stage import assist
from themetrail.reporting import stop_if_errors

INPUTS = {
    "transcripts": contracts.TRANSCRIPTS,
    "turns": contracts.TURNS,
    "units": contracts.UNITS,
    "spans": contracts.SPANS,
    "coverage": contracts.COVERAGE,
}

with job(snakemake.log[0]):
    root, chosen = Path.cwd(), snakemake.params
    codebook, _ = read_codebook(root, Problems())
    read = {
        name: tables.read_all(getattr(snakemake.input, name), contract)
        for name, contract in INPUTS.items()
    }
    gone = dropped_ids(read_dropped(root, Problems()))
    segments = human_segments(root, chosen.sites, read, codebook, chosen.consensus, gone)
    made, problems = assist(
        root,
        {**read, "segments": segments},
        codebook,
        chosen.themes,
        chosen.machine,
        chosen.reliability,
    )
    stop_if_errors(problems)
    for path in snakemake.output.tables:
        name = f"machine_{Path(path).stem}"
        tables.write(made[name], path, contracts.CONTRACTS[name])
    spans, coverage = as_coding(made["machine_proposals"], read["units"])
    tables.write(spans, snakemake.output.spans, contracts.SPANS)
    tables.write(coverage, snakemake.output.coverage, contracts.COVERAGE)
    tables.write_problems(problems, snakemake.output.problems)

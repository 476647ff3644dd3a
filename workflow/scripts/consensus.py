"""Decide what a site's coders' judgements come to."""

from pathlib import Path

from themetrail import contracts, manifest, tables
from themetrail.config import read_codebook
from themetrail.consensus import decide, read_adjudications, with_machine
from themetrail.errors import Problems
from themetrail.exclusions import dropped_ids, read_dropped
from themetrail.intake.configured import forbidden_names
from themetrail.jobs import job

with job(snakemake.log[0]):
    root, site = Path.cwd(), snakemake.wildcards.site
    codebook, _ = read_codebook(root, Problems())
    transcripts = tables.read(snakemake.input.transcripts, contracts.TRANSCRIPTS)
    adjudications, problems = read_adjudications(
        root,
        site,
        transcripts,
        tables.read(snakemake.input.turns, contracts.TURNS),
        codebook,
        dropped_ids(read_dropped(root, Problems())),
        forbidden_names(root, snakemake.params.disclosure, Problems()),
    )
    units = tables.read(snakemake.input.units, contracts.UNITS)
    outcome = decide(
        units,
        with_machine(
            tables.read(snakemake.input.spans, contracts.SPANS),
            tables.read_all(snakemake.input.machine_spans, contracts.SPANS),
            units,
        ),
        with_machine(
            tables.read(snakemake.input.coverage, contracts.COVERAGE),
            tables.read_all(snakemake.input.machine_coverage, contracts.COVERAGE),
            units,
        ),
        adjudications,
        site=site,
        transcripts=transcripts,
        **snakemake.params.consensus,
    )
    tables.write(adjudications, snakemake.output.adjudications, contracts.ADJUDICATIONS)
    tables.write(outcome.decisions, snakemake.output.decisions, contracts.DECISIONS)
    tables.write(outcome.segments, snakemake.output.segments, contracts.SEGMENTS)
    tables.write_problems([*problems, *outcome.problems], snakemake.output.problems)
    manifest.keep(snakemake.input.manifest, snakemake.output.read)

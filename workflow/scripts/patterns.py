"""Count a site's rating patterns and list its disagreements."""

from themetrail import contracts, tables
from themetrail.jobs import job
from themetrail.reliability import count_patterns, disagreements

with job(snakemake.log[0]):
    units = tables.read(snakemake.input.units, contracts.UNITS)
    spans = tables.read(snakemake.input.spans, contracts.SPANS)
    coverage = tables.read(snakemake.input.coverage, contracts.COVERAGE)
    counts = count_patterns(units, spans, coverage, snakemake.params.codes, snakemake.params.themes)
    tables.write(counts, snakemake.output.patterns, contracts.PATTERNS)
    tables.write(
        disagreements(units, spans, coverage),
        snakemake.output.disagreements,
        contracts.DISAGREEMENTS,
    )

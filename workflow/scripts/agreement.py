"""Compute the study's agreement coefficients from its sites' counts."""

from themetrail import contracts, tables
from themetrail.jobs import job
from themetrail.reliability import coefficients

with job(snakemake.log[0]):
    counts = {
        site: tables.read(path, contracts.PATTERNS)
        for site, path in zip(snakemake.params.sites, snakemake.input.patterns, strict=True)
    }
    table = coefficients(counts, **snakemake.params.reliability)
    tables.write(table, snakemake.output.coefficients, contracts.COEFFICIENTS)
    listing = tables.read_all(snakemake.input.disagreements, contracts.DISAGREEMENTS)
    tables.write(listing, snakemake.output.disagreements, contracts.DISAGREEMENTS)

"""Collect every number that the paper may use."""

from pathlib import Path

from themetrail.config import load
from themetrail.jobs import job
from themetrail.report import facts
from themetrail.report.inputs import read_tables

with job(snakemake.log[0]):
    study, _ = load(Path.cwd(), snakemake.params.choices["settings"])
    facts.write(
        facts.collect(read_tables(snakemake.input, texts=False), study), snakemake.output.facts
    )

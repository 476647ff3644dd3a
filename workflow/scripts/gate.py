"""Gather every problem; stop the run where one is an error."""

from themetrail import tables
from themetrail.jobs import job
from themetrail.reporting import stop_if_errors

with job(snakemake.log[0]):
    inputs = snakemake.input
    problems = tables.read_problems([*inputs.intake, *inputs.coding, *inputs.consensus])
    stop_if_errors(problems)
    tables.write_problems(problems, snakemake.output.problems)

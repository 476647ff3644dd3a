"""Execute a notebook and render it as a page."""

from pathlib import Path

from themetrail.jobs import job
from themetrail.report.notebooks import execute

with job(snakemake.log[0]):
    execute(
        Path(snakemake.input.notebook),
        Path(snakemake.output.page),
        study_root=Path.cwd(),
        demonstration=snakemake.params.choices["settings"]["study"]["demonstration"],
    )

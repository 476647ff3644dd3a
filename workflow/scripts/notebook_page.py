"""Execute a notebook and render it as a page."""

from pathlib import Path

from themetrail.jobs import job
from themetrail.report.notebooks import execute
from themetrail.report.sources import notebooks_of

with job(snakemake.log[0]):
    execute(
        notebooks_of(Path.cwd())[snakemake.wildcards.notebook],
        Path(snakemake.output.page),
        study_root=Path.cwd(),
        demonstration=snakemake.params.choices["settings"]["study"]["demonstration"],
    )

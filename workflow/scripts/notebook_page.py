"""Execute a notebook and render it as a page."""

from pathlib import Path

from themetrail.jobs import job
from themetrail.report.notebooks import execute
from themetrail.report.sources import notebooks_of

with job(snakemake.log[0]):
    settings = snakemake.params.choices["settings"]
    execute(
        notebooks_of(Path.cwd())[snakemake.wildcards.notebook],
        Path(snakemake.output.page),
        study_root=Path.cwd(),
        demonstration=settings["study"]["demonstration"],
        public=settings["report"]["audience"] == "public",
    )

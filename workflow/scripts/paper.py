"""Render the paper in one format."""

import json
from pathlib import Path

from themetrail.jobs import job
from themetrail.report.render import EXTENSIONS, render
from themetrail.report.sources import bibliography_of, csl_of

FORMATS = {extension: name for name, extension in EXTENSIONS.items()}

with job(snakemake.log[0]):
    render(
        json.loads(Path(snakemake.input.document).read_text(encoding="utf-8")),
        Path(snakemake.output.paper),
        format=FORMATS[snakemake.wildcards.extension],
        study=snakemake.params.study,
        bibliography=bibliography_of(Path.cwd()),
        csl=csl_of(Path.cwd(), snakemake.params.csl),
        resources=Path.cwd(),
        engine=snakemake.params.engine,
    )

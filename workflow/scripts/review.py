"""Render the paper for reviewers: no authors, numbered lines."""

import json
from pathlib import Path

from themetrail.jobs import job
from themetrail.report.render import render
from themetrail.report.review import anonymous
from themetrail.report.sources import bibliography_of, csl_of

with job(snakemake.log[0]):
    document = json.loads(Path(snakemake.input.document).read_text(encoding="utf-8"))
    render(
        anonymous(document, snakemake.params.study),
        Path(snakemake.output.paper),
        format="pdf",
        study=snakemake.params.study,
        bibliography=bibliography_of(Path.cwd()),
        csl=csl_of(Path.cwd(), snakemake.params.csl),
        resources=Path.cwd(),
        line_numbers=True,
    )

"""Write the page on what changed since the last release."""

import json
from pathlib import Path

from themetrail.config import load
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.releases.make import made
from themetrail.releases.snapshot import of_study
from themetrail.report import facts
from themetrail.report.inputs import read_tables
from themetrail.reporting import stop_if_errors
from themetrail.tables import write_text

with job(snakemake.log[0]):
    root, problems = Path.cwd(), Problems()
    study, _ = load(root, snakemake.params.choices["settings"])
    document = json.loads(Path(snakemake.input.document).read_text(encoding="utf-8"))
    now = of_study(study, facts.read(snakemake.input.facts), document, read_tables(snakemake.input))
    page = made(root, now, problems)
    stop_if_errors(problems.rows)
    write_text(page, snakemake.output.page)

"""Put the evidence explorer together."""

import json
from pathlib import Path

from themetrail.audit.explorer.build import page
from themetrail.audit.explorer.index import entries_of, index
from themetrail.audit.explorer.public import remove_team_pages
from themetrail.config import load
from themetrail.jobs import job
from themetrail.report.inputs import read_tables
from themetrail.tables import write_text

with job(snakemake.log[0]):
    study, _ = load(Path.cwd(), snakemake.params.choices["settings"])
    team = study.settings["report"]["audience"] == "team"
    opening = index(
        study,
        read_tables(snakemake.input),
        json.loads(Path(snakemake.input.facts).read_text(encoding="utf-8"))["facts"],
        json.loads(Path(snakemake.input.document).read_text(encoding="utf-8")),
        team=team,
        log=[entry for path in snakemake.input.timeline for entry in entries_of(Path(path))],
    )
    paths = zip(snakemake.params.names, snakemake.input.sites, strict=True)
    sites = {name: Path(path).read_bytes() for name, path in paths}
    write_text(page(opening, sites), snakemake.output.page)
    if not team:
        remove_team_pages(Path.cwd())

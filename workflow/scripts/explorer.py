"""Put the evidence explorer together."""

import json
from pathlib import Path

from themetrail.audit.explorer.beside import held
from themetrail.audit.explorer.build import page
from themetrail.audit.explorer.index import entries_of, index
from themetrail.audit.explorer.left_over import TEAM_PAGES, remove_left_over
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
    sites, files = held(paths, beside=snakemake.params.beside)
    write_text(page(opening, sites, files), snakemake.output.page)
    remove_left_over(Path.cwd(), [*snakemake.input.sites, *(TEAM_PAGES if team else ())])

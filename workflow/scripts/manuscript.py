"""Fill the authored text with facts, quotations, tables and figures."""

import json
from pathlib import Path

from themetrail.config import load
from themetrail.jobs import job
from themetrail.report import facts, methods, paper_tables
from themetrail.report.inputs import read_log, read_tables
from themetrail.report.manuscript import fill
from themetrail.report.sources import manuscript_of, shown_path
from themetrail.reporting import stop_if_errors
from themetrail.tables import write_json

with job(snakemake.log[0]):
    study, _ = load(Path.cwd(), snakemake.params.choices["settings"])
    read = read_tables(snakemake.input, texts=False)
    known = facts.read(snakemake.input.facts)
    manuscript = manuscript_of(Path.cwd())
    sites = {site.site: site.label for site in study.active_sites}
    inputs = methods.read_inputs(snakemake.input.manifests, snakemake.input.config, sites)
    document, problems = fill(
        manuscript.read_text(encoding="utf-8"),
        known,
        read["quotes"],
        paper_tables.build(known, study, read, inputs, read_log(snakemake.input.log)),
        json.loads(Path(snakemake.input.figures).read_text(encoding="utf-8")),
        study,
        file=shown_path(manuscript, Path.cwd()),
    )
    stop_if_errors(problems)
    write_json(document, snakemake.output.document)

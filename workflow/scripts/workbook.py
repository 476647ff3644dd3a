"""Write every table of the paper to one workbook, values at full precision."""

from pathlib import Path

from themetrail.config import load
from themetrail.jobs import job
from themetrail.report import facts, methods, paper_tables, workbook
from themetrail.report.inputs import read_log, read_tables
from themetrail.report.render.document import FICTIONAL

with job(snakemake.log[0]):
    study, _ = load(Path.cwd(), snakemake.params.choices["settings"])
    known = facts.read(snakemake.input.facts)
    sites = {site.site: site.label for site in study.active_sites}
    inputs = methods.read_inputs(snakemake.input.manifests, snakemake.input.config, sites)
    read, log = read_tables(snakemake.input, texts=False), read_log(snakemake.input.log)
    tables = paper_tables.build(known, study, read, inputs, log)
    demonstration = study.settings["study"]["demonstration"]
    workbook.write(
        tables,
        snakemake.output.workbook,
        notice=f"Fictional data. {FICTIONAL}" if demonstration else "",
    )

"""Gather what is left to decide into one page."""

from pathlib import Path

from themetrail.audit.adjudicate.build import page
from themetrail.audit.adjudicate.existing import existing_rows, withdrawn_transcripts
from themetrail.audit.adjudicate.items import to_decide
from themetrail.config import load
from themetrail.errors import Problems
from themetrail.exclusions import read_dropped
from themetrail.jobs import job
from themetrail.report.inputs import read_tables
from themetrail.tables import write_text

with job(snakemake.log[0]):
    root = Path.cwd()
    study, _ = load(root, snakemake.params.choices["settings"])
    found = read_tables(snakemake.input)
    names = ("transcripts", "turns", "spans", "decisions")
    conflicts, boundaries = to_decide(*(found[name] for name in names))
    sites = [site.site for site in study.active_sites]
    gone = withdrawn_transcripts(root, sites, read_dropped(root, Problems()))
    existing = {site: existing_rows(root, site, gone) for site in sites}
    write_text(page(study, conflicts, boundaries, existing), snakemake.output.page)

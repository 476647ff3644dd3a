"""Gather a site's evidence for the explorer."""

from themetrail.audit.explorer.page import packed
from themetrail.audit.explorer.site import site_data
from themetrail.jobs import job
from themetrail.report.inputs import read_tables
from themetrail.tables import whole

with job(snakemake.log[0]):
    data = packed(site_data(snakemake.wildcards.site, read_tables(snakemake.input)))
    with whole(snakemake.output.data) as part:
        part.write_bytes(data)

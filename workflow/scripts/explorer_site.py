"""Gather a site's evidence for the explorer."""

from themetrail.audit.explorer.beside import site_file
from themetrail.audit.explorer.page import packed
from themetrail.audit.explorer.site import site_data
from themetrail.jobs import job
from themetrail.report.inputs import read_tables
from themetrail.tables import whole

with job(snakemake.log[0]):
    site = snakemake.wildcards.site
    data = packed(site_data(site, read_tables(snakemake.input)))
    with whole(snakemake.output.data) as part:
        part.write_bytes(site_file(site, data, beside=snakemake.params.beside))

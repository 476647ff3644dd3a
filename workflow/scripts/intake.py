"""Read a site's transcripts, people and turns."""

from pathlib import Path

from themetrail import contracts, manifest, tables
from themetrail.errors import Problems
from themetrail.exclusions import read_dropped
from themetrail.intake import read_site
from themetrail.intake.configured import intake_settings
from themetrail.jobs import job

with job(snakemake.log[0]):
    root, problems = Path.cwd(), Problems()
    settings = intake_settings(
        root,
        intake=snakemake.params.intake,
        disclosure=snakemake.params.disclosure,
        unit=snakemake.params.unit,
        dropped=read_dropped(root, problems),
        problems=problems,
    )
    site = read_site(root, snakemake.wildcards.site, settings)
    problems.extend(site.problems)
    out = snakemake.output
    tables.write(site.transcripts, out.transcripts, contracts.TRANSCRIPTS)
    tables.write(site.turns, out.turns, contracts.TURNS)
    tables.write(site.units, out.units, contracts.UNITS)
    tables.write(site.participants, out.participants, contracts.PARTICIPANTS)
    tables.write(site.disclosure, out.disclosure, contracts.DISCLOSURE)
    tables.write(site.dropped, out.dropped, contracts.DROPPED)
    tables.write_problems(problems, out.problems)
    manifest.keep(snakemake.input.manifest, snakemake.output.read)

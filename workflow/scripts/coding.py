"""Read a site's codings and place them on the canonical texts."""

from pathlib import Path

from themetrail import contracts, manifest, tables
from themetrail.coding import CodingSettings, read_site
from themetrail.config import read_codebook
from themetrail.errors import Problems
from themetrail.exclusions import dropped_ids, read_dropped
from themetrail.intake.configured import forbidden_names
from themetrail.jobs import job

with job(snakemake.log[0]):
    root = Path.cwd()
    codebook, _ = read_codebook(root, Problems())
    site = read_site(
        root,
        snakemake.wildcards.site,
        tables.read(snakemake.input.transcripts, contracts.TRANSCRIPTS),
        tables.read(snakemake.input.turns, contracts.TURNS),
        codebook,
        CodingSettings(
            coders=snakemake.params.coding["coders"],
            dropped_ids=dropped_ids(read_dropped(root, Problems())),
            forbidden_names=forbidden_names(root, snakemake.params.disclosure, Problems()),
            known=tuple(
                tables.read(snakemake.input.participants, contracts.PARTICIPANTS)["participant_id"]
            ),
        ),
    )
    tables.write(site.spans, snakemake.output.spans, contracts.SPANS)
    tables.write(site.coverage, snakemake.output.coverage, contracts.COVERAGE)
    tables.write_problems(site.problems, snakemake.output.problems)
    manifest.keep(snakemake.input.manifest, snakemake.output.read)

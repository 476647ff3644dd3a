"""Lay the framework matrix out as a page."""

from pathlib import Path

from themetrail import contracts, tables
from themetrail.config import read_codebook, read_themes
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.report.framework_page import page
from themetrail.report.smallnumbers import without_small_sites
from themetrail.synthesis.workbook import Matrix, excerpts_for, notice_for

with job(snakemake.log[0]):
    params = snakemake.params
    codebook, _ = read_codebook(Path.cwd(), Problems())
    themes, _ = read_themes(Path.cwd(), codebook, Problems())
    excerpts = excerpts_for(
        params.audience,
        tables.read_all(snakemake.input.segments, contracts.SEGMENTS),
        tables.read_all(snakemake.input.transcripts, contracts.TRANSCRIPTS),
    )
    matrix = Matrix(
        without_small_sites(
            tables.read(snakemake.input.matrix, contracts.FRAMEWORK_MATRIX),
            tables.read_all(snakemake.input.participants, contracts.PARTICIPANTS),
            params.min_cell,
        ),
        themes,
        codebook,
        params.title,
        notice_for(params.audience, demonstration=params.demonstration),
        params.sites,
        excerpts,
    )
    tables.write_text(page(matrix, demonstration=params.demonstration), snakemake.output.page)

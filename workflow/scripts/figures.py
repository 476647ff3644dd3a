"""Draw the figures."""

from pathlib import Path

from themetrail.config import load
from themetrail.jobs import job
from themetrail.report.figures import draw_all
from themetrail.report.inputs import read_tables

with job(snakemake.log[0]):
    study, _ = load(Path.cwd(), snakemake.params.choices["settings"])
    folder = Path(snakemake.output.index).parent
    draw_all(read_tables(snakemake.input, texts=False), study, folder, names=snakemake.params.names)

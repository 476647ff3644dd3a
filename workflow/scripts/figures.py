"""Draw the figures."""

from pathlib import Path

from themetrail.config import load
from themetrail.jobs import job
from themetrail.report.figures import draw_all
from themetrail.report.inputs import read_tables

with job(snakemake.log[0]):
    study, _ = load(Path.cwd(), snakemake.params.choices["settings"])
    folder = Path(snakemake.output.index).parent
    tables = read_tables(snakemake.input, texts=False)
    names = snakemake.params.names
    # Where jobs share no file system the folder is a copy, in a place that is the job's alone.
    draw_all(tables, study, folder, names=names, shown="results/figures")

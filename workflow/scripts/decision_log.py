"""Write every decision of the study as one log whose entries are linked."""

from pathlib import Path

from themetrail.audit.decisions import chained
from themetrail.audit.memos import decisions_of
from themetrail.config import load
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.report.inputs import read_tables
from themetrail.reporting import stop_if_errors
from themetrail.tables import write_text

with job(snakemake.log[0]):
    root, problems = Path.cwd(), Problems()
    study, _ = load(root, snakemake.params.choices["settings"])
    found = decisions_of(root, study, read_tables(snakemake.input), problems)
    stop_if_errors(problems.rows)
    write_text(chained(found), snakemake.output.log)

"""Fill the reporting checklists from the run, the configuration and what people wrote."""

import json
from pathlib import Path

from themetrail.config import load
from themetrail.errors import Problems
from themetrail.jobs import job
from themetrail.report import checklists, facts
from themetrail.report.checklists_answers import read_answers
from themetrail.report.checklists_page import page
from themetrail.report.inputs import read_tables
from themetrail.reporting import stop_if_errors
from themetrail.tables import write_text

with job(snakemake.log[0]):
    study, _ = load(Path.cwd(), snakemake.params.settings)
    problems = Problems()
    answers = read_answers(Path.cwd(), problems)
    rows, sections, found = checklists.fill(
        json.loads(Path(snakemake.input.document).read_text(encoding="utf-8")),
        facts.read(snakemake.input.facts),
        study.settings,
        read_tables(snakemake.input),
        answers,
    )
    stop_if_errors([*problems, *found])
    title, fictional = (study.settings["study"][key] for key in ("title", "demonstration"))
    write_text(page(rows, sections, title, demonstration=fictional), snakemake.output.page)
    write_text(checklists.as_csv(rows), snakemake.output.table)

# What goes to a journal with the paper: every table as a workbook, the matrix, the checklists.
from themetrail.report.checklists import TABLES as CHECKLIST_TABLES

SUBMISSION = [
    "reports/supplement.xlsx",
    "reports/framework_matrix.xlsx",
    "reports/framework_matrix.html",
    "reports/checklists.html",
    "reports/checklists.csv",
    *(["reports/paper-review.pdf"] if settings["report"]["review"] else []),
]


rule workbook:
    """Every table of the paper on a sheet of a workbook, values at full precision."""
    input:
        **all_tables(),
        **what_was_read(),
        facts="results/facts.json",
        log="reports/decisions.jsonl",
    output:
        workbook=report(
            "reports/supplement.xlsx",
            caption="../report/supplement.rst",
            category="Supplements",
            labels={"output": "Tables", "format": "xlsx"},
        ),
    log:
        "logs/workbook.log",
    resources:
        mem_mb=memory("workbook"),
        runtime=minutes("workbook"),
    params:
        choices=choices_as_data(),
        run=run_as_data(),
        code=code_of("workbook.py"),
    script:
        "../scripts/workbook.py"


rule checklists:
    """COREQ, SRQR and Braun and Clarke: each item with its status, place and evidence."""
    input:
        **{name: all_tables()[name] for name in CHECKLIST_TABLES},
        facts="results/facts.json",
        document="results/report/paper.json",
        answers=config_file("checklists.yaml"),
    output:
        page=report(
            "reports/checklists.html",
            caption="../report/checklists.rst",
            category="Supplements",
            labels={"output": "Checklists", "format": "html"},
        ),
        table=report(
            "reports/checklists.csv",
            caption="../report/checklists.rst",
            category="Supplements",
            labels={"output": "Checklists", "format": "csv"},
        ),
    log:
        "logs/checklists.log",
    resources:
        mem_mb=memory("checklists"),
        runtime=minutes("checklists"),
    params:
        settings=settings,
        answers=config_digest("checklists.yaml"),
        code=code_of("checklists.py"),
    script:
        "../scripts/checklists.py"


rule review:
    """The paper for reviewers: without its authors' names, each line numbered."""
    input:
        document="results/report/paper.json",
        figures=expand(
            "results/figures/{name}.{kind}", name=FIGURES, kind=["svg", "png"]
        ),
        bibliography=of_study(own(root, BIBLIOGRAPHY)),
        csl=citation_style(),
    output:
        paper=report(
            "reports/paper-review.pdf",
            caption="../report/review.rst",
            category="Paper",
            labels={"output": "Paper for reviewers", "format": "pdf"},
        ),
    log:
        "logs/review.log",
    resources:
        mem_mb=memory("review"),
        runtime=minutes("review"),
    params:
        study=settings["study"],
        csl=settings["report"]["csl"],
        shipped=shipped(root, BIBLIOGRAPHY),
        code=code_of("review.py"),
    script:
        "../scripts/review.py"


rule framework_page:
    """The framework matrix as a page, the words only for the team."""
    input:
        matrix="results/synthesis/framework_matrix.csv",
        participants=of_sites("results/intake/{site}/participants.parquet"),
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        segments=of_sites("results/consensus/{site}/segments.parquet"),
        codebook=config_file("codebook.yaml"),
        themes=config_file("themes.yaml"),
    output:
        page=report(
            "reports/framework_matrix.html",
            caption="../report/framework_matrix.rst",
            category="Supplements",
            labels={"output": "Framework matrix", "format": "html"},
        ),
    log:
        "logs/framework_page.log",
    resources:
        mem_mb=memory("framework_page"),
        runtime=minutes("framework_page"),
    params:
        title=settings["study"]["title"],
        demonstration=settings["study"]["demonstration"],
        audience=settings["report"]["audience"],
        # The team's own copy holds transcripts: nothing is hidden from who has them.
        min_cell=1 if TEAM else settings["report"]["min_cell"],
        sites={site.site: site.label for site in study.active_sites},
        code=code_of("framework_page.py"),
    script:
        "../scripts/framework_page.py"

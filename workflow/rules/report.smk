# Facts, figures, the paper in every format, notebooks.
rule facts:
    """Every number that the paper may use, with its definition and source."""
    input:
        **all_tables(),
    output:
        facts="results/facts.json",
    log:
        "logs/facts.log",
    resources:
        mem_mb=memory("facts"),
        runtime=minutes("facts"),
    params:
        choices=choices_as_data(),
        code=code_of("facts.py"),
    script:
        "../scripts/facts.py"


rule figures:
    """The figures as vector and raster graphics, each with its data."""
    input:
        **all_tables(),
    output:
        index="results/figures/figures.json",
        files=expand(
            "results/figures/{name}.{kind}", name=FIGURES, kind=["svg", "png", "csv"]
        ),
    log:
        "logs/figures.log",
    resources:
        mem_mb=memory("figures"),
        runtime=minutes("figures"),
    params:
        names=FIGURES,
        choices=choices_as_data(),
        code=code_of("figures.py"),
    script:
        "../scripts/figures.py"


rule manuscript:
    """The authored text with every placeholder filled: a document for any format."""
    input:
        **all_tables(),
        **what_was_read(),
        facts="results/facts.json",
        figures="results/figures/figures.json",
        log="reports/decisions.jsonl",
        manuscript=of_study(own(root, MANUSCRIPT)),
    output:
        document="results/report/paper.json",
    log:
        "logs/manuscript.log",
    resources:
        mem_mb=memory("manuscript"),
        runtime=minutes("manuscript"),
    params:
        choices=choices_as_data(),
        run=run_as_data(),
        shipped=shipped(root, MANUSCRIPT),
        code=code_of("manuscript.py"),
    script:
        "../scripts/manuscript.py"


rule paper:
    """The paper in one format."""
    input:
        document="results/report/paper.json",
        figures=expand(
            "results/figures/{name}.{kind}", name=FIGURES, kind=["svg", "png"]
        ),
        bibliography=of_study(own(root, BIBLIOGRAPHY)),
        csl=citation_style(),
    output:
        paper=report(
            "reports/paper.{extension}",
            caption="../report/paper.rst",
            category="Paper",
            labels={"output": "Paper", "format": "{extension}"},
        ),
    log:
        "logs/paper/{extension}.log",
    wildcard_constraints:
        extension="html|pdf|docx|xml",
    resources:
        mem_mb=memory("paper"),
        runtime=minutes("paper"),
    params:
        study=settings["study"],
        engine=settings["report"]["engine"],
        csl=settings["report"]["csl"],
        shipped=shipped(root, BIBLIOGRAPHY),
        code=code_of("paper.py"),
    script:
        "../scripts/paper.py"


rule notebook:
    """A methods notebook, executed and rendered."""
    input:
        **all_tables(),
        patterns=of_sites("results/reliability/{site}/patterns.parquet"),
        disagreements="results/reliability/disagreements.csv",
        adjudications=of_sites("results/consensus/{site}/adjudications.parquet"),
        machine_errors=["results/machine/errors.csv"] if MACHINE else [],
        facts="results/facts.json",
        notebook=lambda wildcards: of_study(own(root, NOTEBOOKS[wildcards.notebook])),
    output:
        page=report(
            "reports/notebooks/{notebook}.html",
            caption="../report/notebook.rst",
            category="Notebooks",
            labels={"output": "{notebook}", "format": "html"},
        ),
    log:
        "logs/notebooks/{notebook}.log",
    wildcard_constraints:
        notebook="|".join(NOTEBOOKS) or "none",
    resources:
        mem_mb=memory("notebook"),
        runtime=minutes("notebook"),
    params:
        choices=choices_as_data(),
        shipped=lambda wildcards: shipped(root, NOTEBOOKS[wildcards.notebook]),
        # What its cells import is code of the step as well.
        code=lambda wildcards: code_of(
            "notebook_page.py", NOTEBOOKS[wildcards.notebook]
        ),
    # Not notebook.py: nbconvert asks for a module of that name, and scripts' folder is searched first.
    script:
        "../scripts/notebook_page.py"

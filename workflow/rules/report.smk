# Facts, figures, the paper in every format, notebooks.
from themetrail.report import methods
from themetrail.report.render import EXTENSIONS
from themetrail.report.sources import bibliography_of, csl_of, manuscript_of, notebooks_of

MANUSCRIPT = manuscript_of(root)
NOTEBOOKS = notebooks_of(root)
FIGURES = [
    name
    for name in (
        "agreement",
        "themes_by_site",
        "themes_by_grade",
        "saturation",
        "cooccurrence",
        "theme_map",
    )
    if name != "agreement" or settings["analysis"]["approach"] != "reflexive"
]


def paper_files():
    """The paper in every configured format."""
    return [f"reports/paper.{EXTENSIONS[name]}" for name in settings["report"]["formats"]]


def notebook_files():
    """Every notebook as a page."""
    return [f"reports/notebooks/{name}.html" for name in NOTEBOOKS]


def all_tables():
    """Every table of the study that facts, paper and notebooks draw on."""
    return {
        "problems": "results/problems.csv",
        "transcripts": of_sites("results/intake/{site}/transcripts.parquet"),
        "turns": of_sites("results/intake/{site}/turns.parquet"),
        "units": of_sites("results/intake/{site}/units.parquet"),
        "participants": of_sites("results/intake/{site}/participants.parquet"),
        "disclosure": of_sites("results/intake/{site}/disclosure.csv"),
        "dropped": of_sites("results/intake/{site}/dropped.csv"),
        "spans": of_sites("results/coding/{site}/spans.parquet"),
        "coverage": of_sites("results/coding/{site}/coverage.parquet"),
        "decisions": of_sites("results/consensus/{site}/decisions.parquet"),
        "segments": of_sites("results/consensus/{site}/segments.parquet"),
        "coefficients": "results/reliability/coefficients.csv",
        **{name: f"results/synthesis/{name}.csv" for name in SYNTHESIS},
    }


def choices_as_data():
    """The study's choices as plain values, in the order of the files."""
    return dict(
        settings=settings,
        codebook=config_digest("codebook.yaml"),
        themes=config_digest("themes.yaml"),
        sites=config_digest("sites.tsv"),
    )


def what_was_read():
    """Lists of the sites' files, and the study's choices: what the methods' tables speak of."""
    return {
        "manifests": [
            manifest.manifest_path(site, kind) for site in SITES for kind in manifest.KINDS
        ],
        "config": [path for name in methods.CHOICES for path in config_file(name)],
    }


def run_as_data():
    """Steps and versions of the run, which the methods' tables name."""
    return dict(steps=methods.steps(), versions=methods.versions())


rule facts:
    """Every number that the paper may use, with its definition and source."""
    input:
        **all_tables(),
    output:
        facts="results/facts.json",
    log:
        "logs/facts.log",
    params:
        choices=choices_as_data(),
        code=code_of("facts.py"),
    resources:
        mem_mb=1000,
    script:
        "../scripts/facts.py"


rule figures:
    """The figures as vector and raster graphics, each with its data."""
    input:
        **all_tables(),
    output:
        index="results/figures/figures.json",
        files=expand("results/figures/{name}.{kind}", name=FIGURES, kind=["svg", "png", "csv"]),
    log:
        "logs/figures.log",
    params:
        names=FIGURES,
        choices=choices_as_data(),
        code=code_of("figures.py"),
    resources:
        mem_mb=1000,
    script:
        "../scripts/figures.py"


rule manuscript:
    """The authored text with every placeholder filled: a document for any format."""
    input:
        **all_tables(),
        facts="results/facts.json",
        figures="results/figures/figures.json",
        manuscript=str(MANUSCRIPT),
        **what_was_read(),
    output:
        document="results/report/paper.json",
    log:
        "logs/manuscript.log",
    params:
        choices=choices_as_data(),
        run=run_as_data(),
        code=code_of("manuscript.py"),
    script:
        "../scripts/manuscript.py"


rule paper:
    """The paper in one format."""
    input:
        document="results/report/paper.json",
        figures=expand("results/figures/{name}.{kind}", name=FIGURES, kind=["svg", "png"]),
        bibliography=str(bibliography_of(root)),
        csl=csl_of(root, settings["report"]["csl"]),
    output:
        paper="reports/paper.{extension}",
    log:
        "logs/paper/{extension}.log",
    params:
        study=settings["study"],
        engine=settings["report"]["engine"],
        code=code_of("paper.py"),
    wildcard_constraints:
        extension="html|pdf|docx|xml",
    script:
        "../scripts/paper.py"


rule notebook:
    """A methods notebook, executed and rendered."""
    input:
        **all_tables(),
        patterns=of_sites("results/reliability/{site}/patterns.parquet"),
        disagreements="results/reliability/disagreements.csv",
        facts="results/facts.json",
        notebook=lambda wildcards: str(NOTEBOOKS[wildcards.notebook]),
    output:
        page="reports/notebooks/{notebook}.html",
    log:
        "logs/notebooks/{notebook}.log",
    params:
        choices=choices_as_data(),
        code=code_of("notebook.py"),
    wildcard_constraints:
        notebook="|".join(NOTEBOOKS) or "none",
    script:
        "../scripts/notebook.py"

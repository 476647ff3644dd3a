# What the last stages draw on and make: authored texts, tables, choices, names of outputs.
from themetrail.report import methods
from themetrail.report.render import EXTENSIONS
from themetrail.report.sources import (
    bibliography_of,
    csl_of,
    manuscript_of,
    notebooks_of,
    own,
    shipped,
)

MACHINE_TABLES = [
    "codes",
    "folds",
    "calibration",
    "agreement",
    "themes",
    "proposals",
    "next",
]
MANUSCRIPT = manuscript_of(root)
NOTEBOOKS = notebooks_of(root)
BIBLIOGRAPHY = bibliography_of(root)
STYLE = csl_of(root, settings["report"]["csl"])
FIGURES = [
    name
    for name in (
        "agreement",
        "themes_by_site",
        "themes_by_grade",
        "saturation",
        "cooccurrence",
        "theme_map",
        "robustness",
        "frameworks",
    )
    if name != "agreement" or settings["analysis"]["approach"] != "reflexive"
]


def paper_files():
    """The paper in every configured format."""
    return [
        f"reports/paper.{EXTENSIONS[name]}" for name in settings["report"]["formats"]
    ]


def citation_style():
    """The file of the configured citation style, as an input; none for the shipped one."""
    return [of_study((own(root, STYLE) or [str(STYLE)])[0])] if STYLE else []


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
        "coverage": of_sites("results/coding/{site}/coverage.parquet")
        + counted("coverage.parquet"),
        "decisions": of_sites("results/consensus/{site}/decisions.parquet"),
        "segments": of_sites("results/consensus/{site}/segments.parquet"),
        "coefficients": "results/reliability/coefficients.csv",
        **{name: f"results/synthesis/{name}.csv" for name in SYNTHESIS},
        "robustness": "results/synthesis/robustness.csv",
        **{
            f"machine_{name}": f"results/machine/{name}.csv"
            for name in MACHINE_TABLES
            if MACHINE
        },
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
            of_study(manifest.manifest_path(site, kind))
            for site in SITES
            for kind in manifest.KINDS
        ],
        "config": [
            *(path for name in methods.CHOICES for path in config_file(name)),
            *analysts_notes(),
        ],
    }


def run_as_data():
    """Steps and versions of the run, which the methods' tables name."""
    return dict(steps=methods.steps(), versions=methods.versions())

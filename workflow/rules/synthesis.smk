# From coded segments to themes: who speaks to each, against each, and in which words.
SYNTHESIS = [
    "themes",
    "reach",
    "asked",
    "frameworks",
    "framework_matrix",
    "counter_examples",
    "cooccurrence",
    "saturation",
    "saturation_reorderings",
    "meaning_saturation",
    "subgroups",
    "code_clusters",
    "code_tree",
    "second_opinion",
    "code_appearance",
    "coding_density",
    "quotes",
]


rule synthesis:
    """Themes with their reach, matrix, counter-examples, saturation and quotations."""
    input:
        gate="results/problems.csv",
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        turns=of_sites("results/intake/{site}/turns.parquet"),
        units=of_sites("results/intake/{site}/units.parquet"),
        participants=of_sites("results/intake/{site}/participants.parquet"),
        spans=of_sites("results/coding/{site}/spans.parquet"),
        coverage=of_sites("results/coding/{site}/coverage.parquet")
        + counted("coverage.parquet"),
        segments=of_sites("results/consensus/{site}/segments.parquet"),
        codebook=config_file("codebook.yaml"),
        themes=config_file("themes.yaml"),
        notes=analysts_notes(),
    output:
        tables=expand("results/synthesis/{table}.csv", table=SYNTHESIS),
        problems="results/synthesis/problems.csv",
    log:
        "logs/synthesis.log",
    resources:
        mem_mb=memory("synthesis"),
        runtime=minutes("synthesis"),
    params:
        synthesis=settings["synthesis"],
        report={key: settings["report"][key] for key in ("min_cell", "attribution")},
        sites={site.site: site.label for site in study.active_sites},
        approach=settings["analysis"]["approach"],
        code=code_of("synthesis.py"),
    script:
        "../scripts/synthesis.py"


rule robustness:
    """What would have come out without a site or coder, by another rule, in other units."""
    input:
        gate="results/problems.csv",
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        turns=of_sites("results/intake/{site}/turns.parquet"),
        spans=of_sites("results/coding/{site}/spans.parquet"),
        coverage=of_sites("results/coding/{site}/coverage.parquet"),
        machine_spans=counted("spans.parquet"),
        machine_coverage=counted("coverage.parquet"),
        adjudications=of_sites("results/consensus/{site}/adjudications.parquet"),
        codebook=config_file("codebook.yaml"),
        themes=config_file("themes.yaml"),
    output:
        "results/synthesis/robustness.csv",
    log:
        "logs/robustness.log",
    resources:
        mem_mb=memory("robustness"),
        runtime=minutes("robustness"),
    params:
        settings={
            "unit": settings["analysis"]["unit"],
            "quantifiers": settings["synthesis"]["quantifiers"],
            **settings["consensus"],
        },
        code=code_of("robustness.py"),
    script:
        "../scripts/robustness.py"


rule framework_matrix:
    """The framework matrix as a workbook: a sheet a theme, the words only for the team."""
    input:
        matrix="results/synthesis/framework_matrix.csv",
        participants=of_sites("results/intake/{site}/participants.parquet"),
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        segments=of_sites("results/consensus/{site}/segments.parquet"),
        codebook=config_file("codebook.yaml"),
        themes=config_file("themes.yaml"),
    output:
        report(
            "reports/framework_matrix.xlsx",
            caption="../report/framework_matrix.rst",
            category="Supplements",
            labels={"output": "Framework matrix", "format": "xlsx"},
        ),
    log:
        "logs/framework_matrix.log",
    resources:
        mem_mb=memory("framework_matrix"),
        runtime=minutes("framework_matrix"),
    params:
        title=settings["study"]["title"],
        demonstration=settings["study"]["demonstration"],
        audience=settings["report"]["audience"],
        # The team's own copy holds transcripts: nothing is hidden from who has them.
        min_cell=1 if TEAM else settings["report"]["min_cell"],
        sites={site.site: site.label for site in study.active_sites},
        code=code_of("framework_matrix.py"),
    script:
        "../scripts/framework_matrix.py"

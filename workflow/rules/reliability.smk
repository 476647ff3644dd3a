# Agreement between coders, from counts of rating patterns.
rule patterns:
    """A site's counts of rating patterns: all that any coefficient needs from it."""
    input:
        units="results/intake/{site}/units.parquet",
        spans="results/coding/{site}/spans.parquet",
        coverage="results/coding/{site}/coverage.parquet",
    output:
        patterns="results/reliability/{site}/patterns.parquet",
        disagreements="results/reliability/{site}/disagreements.parquet",
    log:
        "logs/patterns/{site}.log",
    resources:
        mem_mb=memory("patterns"),
        runtime=minutes("patterns"),
    params:
        codes=list(study.codebook.active),
        themes=THEME_CODES,
        code=code_of("patterns.py"),
    script:
        "../scripts/patterns.py"


rule agreement:
    """Agreement coefficients of the study, its sites, themes, codes and pairs of coders."""
    input:
        gate="results/problems.csv",
        patterns=of_sites("results/reliability/{site}/patterns.parquet"),
        disagreements=of_sites("results/reliability/{site}/disagreements.parquet"),
    output:
        coefficients="results/reliability/coefficients.csv",
        disagreements="results/reliability/disagreements.csv",
    log:
        "logs/agreement.log",
    resources:
        mem_mb=memory("agreement"),
        runtime=minutes("agreement"),
    params:
        sites=SITES,
        reliability={
            key: settings["reliability"][key]
            for key in ("seed", "replicates", "confidence")
        },
        code=code_of("agreement.py"),
    script:
        "../scripts/agreement.py"

# Coders' files to spans on the canonical text.
rule coding:
    """A site's codings as spans, who judged which transcript, and what could not be placed."""
    input:
        manifest=of_study("results/manifests/{site}/codings.tsv"),
        transcripts="results/intake/{site}/transcripts.parquet",
        turns="results/intake/{site}/turns.parquet",
        participants="results/intake/{site}/participants.parquet",
        codebook=config_file("codebook.yaml"),
    output:
        spans="results/coding/{site}/spans.parquet",
        coverage="results/coding/{site}/coverage.parquet",
        problems="results/coding/{site}/problems.csv",
        read="results/coding/{site}/read.tsv",
    log:
        "logs/coding/{site}.log",
    resources:
        mem_mb=memory("coding"),
        runtime=minutes("coding"),
    params:
        coding=settings["coding"],
        disclosure=settings["disclosure"],
        names=names_digest(root, settings["disclosure"]),
        dropped=dropped_here,
        withdrawn=withdrawn_anywhere(),
        code=code_of("coding.py"),
    script:
        "../scripts/coding.py"

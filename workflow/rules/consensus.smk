# What the coders' judgements come to: adjudications first, then the rule.
rule consensus:
    """A site's decisions and the coded segments that every later stage counts and quotes."""
    input:
        manifest=of_study("results/manifests/{site}/adjudications.tsv"),
        kept=of_study("results/manifests/{site}/codings.tsv"),
        transcripts="results/intake/{site}/transcripts.parquet",
        turns="results/intake/{site}/turns.parquet",
        units="results/intake/{site}/units.parquet",
        spans="results/coding/{site}/spans.parquet",
        coverage="results/coding/{site}/coverage.parquet",
        codebook=config_file("codebook.yaml"),
        machine_spans=counted("spans.parquet"),
        machine_coverage=counted("coverage.parquet"),
    output:
        adjudications="results/consensus/{site}/adjudications.parquet",
        decisions="results/consensus/{site}/decisions.parquet",
        segments="results/consensus/{site}/segments.parquet",
        problems="results/consensus/{site}/problems.csv",
        read="results/consensus/{site}/read.tsv",
    log:
        "logs/consensus/{site}.log",
    resources:
        mem_mb=memory("consensus"),
        runtime=minutes("consensus"),
    params:
        consensus=settings["consensus"],
        disclosure=settings["disclosure"],
        names=names_digest(root, settings["disclosure"]),
        dropped=dropped_here,
        withdrawn=withdrawn_anywhere(),
        code=code_of("consensus.py"),
    script:
        "../scripts/consensus.py"

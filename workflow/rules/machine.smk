# A machine as a further coder: measured always, counted only where the configuration says so.
rule machine_coder:
    """Where asked for: a machine taught by the consensus, measured on sites it never saw."""
    input:
        manifests=of_study(of_sites("results/manifests/{site}/adjudications.tsv")),
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        turns=of_sites("results/intake/{site}/turns.parquet"),
        units=of_sites("results/intake/{site}/units.parquet"),
        spans=of_sites("results/coding/{site}/spans.parquet"),
        coverage=of_sites("results/coding/{site}/coverage.parquet"),
        codebook=config_file("codebook.yaml"),
        answers=recorded_answers(),
    output:
        tables=[
            "results/machine/codes.csv",
            "results/machine/folds.csv",
            "results/machine/calibration.csv",
            "results/machine/agreement.csv",
            "results/machine/themes.csv",
            "results/machine/errors.csv",
            "results/machine/proposals.csv",
            "results/machine/next.csv",
        ],
        spans="results/machine/spans.parquet",
        coverage="results/machine/coverage.parquet",
        problems="results/machine/problems.csv",
    log:
        "logs/machine_coder.log",
    resources:
        mem_mb=memory("machine_coder"),
        runtime=minutes("machine_coder"),
    params:
        sites=SITES,
        themes=THEME_CODES,
        machine=settings["machine"],
        consensus=settings["consensus"],
        reliability={
            key: settings["reliability"][key]
            for key in ("seed", "replicates", "confidence")
        },
        dropped=fingerprint(dropped, {name for one in dropped for name in one.ids}),
        code=code_of("machine_coder.py"),
    script:
        "../scripts/machine_coder.py"

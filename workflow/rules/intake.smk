# Raw transcripts to canonical text, turns, units and people; the disclosure gate.
rule intake:
    """A site's transcripts as text, turns and units, its people, and what could not be read."""
    input:
        manifest=of_study("results/manifests/{site}/transcripts.tsv"),
    output:
        transcripts="results/intake/{site}/transcripts.parquet",
        turns="results/intake/{site}/turns.parquet",
        units="results/intake/{site}/units.parquet",
        participants="results/intake/{site}/participants.parquet",
        disclosure="results/intake/{site}/disclosure.csv",
        dropped="results/intake/{site}/dropped.csv",
        problems="results/intake/{site}/problems.csv",
        read="results/intake/{site}/read.tsv",
    log:
        "logs/intake/{site}.log",
    resources:
        mem_mb=memory("intake"),
        runtime=minutes("intake"),
    params:
        intake=settings["intake"],
        disclosure=settings["disclosure"],
        unit=settings["analysis"]["unit"],
        names=names_digest(root, settings["disclosure"]),
        dropped=dropped_here,
        code=code_of("intake.py"),
    script:
        "../scripts/intake.py"


rule gate:
    """Every problem of the study in one table; an error among them stops the run here."""
    input:
        intake=of_sites("results/intake/{site}/problems.csv"),
        coding=of_sites("results/coding/{site}/problems.csv"),
        consensus=of_sites("results/consensus/{site}/problems.csv"),
    output:
        problems="results/problems.csv",
    log:
        "logs/gate.log",
    resources:
        mem_mb=memory("gate"),
        runtime=minutes("gate"),
    params:
        code=code_of("gate.py"),
    script:
        "../scripts/gate.py"

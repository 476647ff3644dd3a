# For those who check and decide: the evidence explorer, the adjudication page, changes.
from themetrail.releases.make import release_files


rule explorer_site:
    """A site's evidence for the explorer: texts, every coder's marks, every decision."""
    input:
        transcripts="results/intake/{site}/transcripts.parquet",
        turns="results/intake/{site}/turns.parquet",
        units="results/intake/{site}/units.parquet",
        participants="results/intake/{site}/participants.parquet",
        spans="results/coding/{site}/spans.parquet",
        coverage="results/coding/{site}/coverage.parquet",
        decisions="results/consensus/{site}/decisions.parquet",
        segments="results/consensus/{site}/segments.parquet",
    output:
        data=EVIDENCE,
    log:
        "logs/explorer/{site}.log",
    resources:
        mem_mb=memory("explorer_site"),
        runtime=minutes("explorer_site"),
    params:
        beside=BESIDE,
        code=code_of("explorer_site.py"),
    script:
        "../scripts/explorer_site.py"


rule explorer:
    """One page from any number of the paper to the passages behind it, and back."""
    input:
        participants=of_sites("results/intake/{site}/participants.parquet"),
        coverage=of_sites("results/coding/{site}/coverage.parquet"),
        segments=of_sites("results/consensus/{site}/segments.parquet"),
        themes="results/synthesis/themes.csv",
        quotes="results/synthesis/quotes.csv",
        counter_examples="results/synthesis/counter_examples.csv",
        facts="results/facts.json",
        document="results/report/paper.json",
        sites=of_sites(EVIDENCE) if TEAM else [],
        timeline=["reports/decisions.jsonl"] if TEAM else [],
    output:
        page=report(
            "reports/explorer/index.html",
            caption="../report/explorer.rst",
            category="Audit",
            labels={"output": "Evidence explorer", "format": "html"},
        ),
    log:
        "logs/explorer.log",
    resources:
        mem_mb=memory("explorer"),
        runtime=minutes("explorer"),
    params:
        choices=choices_as_data(),
        names=SITES if TEAM else [],
        beside=BESIDE,
        code=code_of("explorer.py"),
    script:
        "../scripts/explorer.py"


rule adjudicate:
    """Disagreements to decide one by one, saved as adjudications.csv."""
    input:
        manifests=of_study(of_sites("results/manifests/{site}/adjudications.tsv")),
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        turns=of_sites("results/intake/{site}/turns.parquet"),
        spans=of_sites("results/coding/{site}/spans.parquet"),
        decisions=of_sites("results/consensus/{site}/decisions.parquet"),
    output:
        page=report(
            "reports/adjudicate.html",
            caption="../report/adjudicate.rst",
            category="Audit",
            labels={"output": "Adjudication page", "format": "html"},
        ),
    log:
        "logs/adjudicate.log",
    resources:
        mem_mb=memory("adjudicate"),
        runtime=minutes("adjudicate"),
    params:
        choices=choices_as_data(),
        # All of them: a row of adjudications.csv may name somebody whose files are gone.
        dropped=fingerprint(dropped, {name for one in dropped for name in one.ids}),
        code=code_of("adjudicate.py"),
    script:
        "../scripts/adjudicate.py"


rule changes:
    """What changed since the last release: themes, agreement, claims, quotations, numbers."""
    input:
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        coverage=of_sites("results/coding/{site}/coverage.parquet"),
        quotes="results/synthesis/quotes.csv",
        facts="results/facts.json",
        document="results/report/paper.json",
        releases=release_files(root),
        memos=[of_study(path) for path in ["data/decisions.csv"] if Path(path).exists()],
    output:
        page=report(
            "reports/changes.html",
            caption="../report/changes.rst",
            category="Audit",
            labels={"output": "What changed", "format": "html"},
        ),
    log:
        "logs/changes.log",
    resources:
        mem_mb=memory("changes"),
        runtime=minutes("changes"),
    params:
        choices=choices_as_data(),
        code=code_of("changes.py"),
    script:
        "../scripts/changes.py"

# For those who follow the study: what changed since its last release.
from themetrail.releases.make import PAGE as CHANGES
from themetrail.releases.make import release_files


rule changes:
    """What changed since the last release: themes, agreement, claims, quotations, numbers."""
    input:
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        coverage=of_sites("results/coding/{site}/coverage.parquet"),
        quotes="results/synthesis/quotes.csv",
        facts="results/facts.json",
        document="results/report/paper.json",
        releases=release_files(root),
        memos=[path for path in ["data/decisions.csv"] if Path(path).exists()],
    output:
        page=report(
            "reports/changes.html",
            caption="../report/changes.rst",
            category="Audit",
            labels={"output": "What changed", "format": "html"},
        ),
    log:
        "logs/changes.log",
    params:
        choices=choices_as_data(),
        code=code_of("changes.py"),
    script:
        "../scripts/changes.py"

# What an examiner is handed: the log of decisions, the crate.
from themetrail.audit.memos import FILE as MEMOS
from themetrail.audit.sources import code_files

TRAIL = ["reports/decisions.jsonl", "reports/crate.zip"]


rule decision_log:
    """Every decision with its date and reason, each entry linked to the one before."""
    input:
        adjudications=of_sites("results/consensus/{site}/adjudications.parquet"),
        dropped=of_sites("results/intake/{site}/dropped.csv"),
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        gate="results/problems.csv",
        choices=[
            path
            for name in ("codebook.yaml", "themes.yaml")
            for path in config_file(name)
        ],
        memos=[of_study(path) for path in [MEMOS] if Path(path).exists()],
        releases=release_files(root),
    output:
        log=report(
            "reports/decisions.jsonl",
            caption="../report/decisions.rst",
            category="Audit",
            labels={"output": "Decision log", "format": "jsonl"},
        ),
    log:
        "logs/decision_log.log",
    resources:
        mem_mb=memory("decision_log"),
        runtime=minutes("decision_log"),
    params:
        choices=choices_as_data(),
        dropped=fingerprint(dropped, {name for one in dropped for name in one.ids}),
        code=code_of("decision_log.py"),
    script:
        "../scripts/decision_log.py"


rule crate:
    """The run as a Workflow Run RO-Crate: what was read, done and made, without transcripts."""
    input:
        **what_was_read(),
        facts="results/facts.json",
        deliverables=[*deliverables(), "reports/decisions.jsonl"],
    output:
        crate=report(
            "reports/crate.zip",
            caption="../report/crate.rst",
            category="Audit",
            labels={"output": "RO-Crate", "format": "zip"},
        ),
    log:
        "logs/crate.log",
    localrule: True
    params:
        choices=choices_as_data(),
        versions=methods.versions(),
        sources={name: sha256_file(path) for name, path in code_files().items()},
        code=code_of("crate.py"),
    script:
        "../scripts/crate.py"


rule exit_gate:
    """Nothing leaves that tells a person: papers, names, properties, logs and crate looked at."""
    input:
        released=[*deliverables(), *TRAIL],
        facts="results/facts.json",
        document="results/report/paper.json",
        quotes="results/synthesis/quotes.csv",
        transcripts=of_sites("results/intake/{site}/transcripts.parquet"),
        participants=of_sites("results/intake/{site}/participants.parquet"),
        disclosure=of_sites("results/intake/{site}/disclosure.csv"),
        bibliography=of_study(own(root, BIBLIOGRAPHY)),
    output:
        problems="results/exit_gate.csv",
    log:
        "logs/exit_gate.log",
    localrule: True
    resources:
        mem_mb=memory("exit_gate"),
        runtime=minutes("exit_gate"),
    params:
        choices=choices_as_data(),
        names=names_digest(root, settings["disclosure"]),
        withdrawn=withdrawn_anywhere(),
        shipped=shipped(root, BIBLIOGRAPHY),
        code=code_of("exit_gate.py"),
    script:
        "../scripts/exit_gate.py"

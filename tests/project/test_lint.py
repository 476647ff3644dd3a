"""The filter on Snakemake's own advice lets through one thing only."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ADVICE = """\
Lints for snakefile /somewhere/rules/report.smk:
    * Mixed rules and functions in same snakefile.:
      Small one-liner functions used only once should be defined as lambda

Lints for rule intake (line 2, /somewhere/rules/intake.smk):
    * Specify a conda environment or container for each rule.:
      This way, the used software for each specific step is documented
    * No log directive defined:
      Without a log directive, all output is printed to the terminal.
"""


def test_every_lint_is_found_with_its_place(root: Path) -> None:
    """A lint that the filter did not see would pass for a clean workflow."""
    spec = importlib.util.spec_from_file_location("lint", root / "workflow/tools/lint_workflow.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.lints(ADVICE) == [
        (
            "snakefile /somewhere/rules/report.smk",
            "Mixed rules and functions in same snakefile.",
        ),
        ("rule intake (line 2, /somewhere/rules/intake.smk)", module.ACCEPTED),
        ("rule intake (line 2, /somewhere/rules/intake.smk)", "No log directive defined"),
    ]

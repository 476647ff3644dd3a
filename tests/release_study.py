"""The small study with a manuscript that makes claims, and a third site that contradicts one."""

from __future__ import annotations

import json
from pathlib import Path

from support import replace, themetrail

PAPER = """---
title: A paper
---

# Results

We spoke to {{ fact('n.participants') }} people at {{ fact('n.sites', 'words') }} sites.
[Every theme was spoken to at every site]{.claim #everywhere holds="theme.*.sites = of"}, and
[most people spoke of being asked]{.claim #asked holds="theme.T1.participants >= 50%"}.
The threshold was {{ fact('setting.threshold') }}.

{{ table('themes') }}

{{ findings() }}
"""
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "id": "one", "metadata": {}, "source": ["# Nothing"]}],
    "metadata": {"kernelspec": {"display_name": "p", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
#: people of a third site: the first two are coded, the third waits; nobody speaks of being asked
EAST = {
    "E1": ("nurse", "There was never any money for it after the first year.", "money"),
    "E2": ("manager", "It took a great deal of time to set up for everybody.", "time"),
    "E3": ("nurse", "We are still waiting to see what becomes of it here.", ""),
}


def write(path: Path, text: str) -> None:
    """Write a file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def prepare(study: Path) -> None:
    """Give the small study a manuscript of its own with claims, and little to render."""
    write(study / "reports/manuscript/paper.md", PAPER)
    write(study / "reports/manuscript/references.bib", "")
    write(study / "notebooks/nothing.ipynb", json.dumps(NOTEBOOK))
    replace(study / "config/config.yaml", "report:\n", "report:\n  formats: [html]\n")


def add_east(study: Path) -> None:
    """Add the third site."""
    folder = study / "data/east"
    people, marks = "participant_id,role\n", "transcript_id,quote,code\n"
    for name, (role, said, code) in EAST.items():
        write(folder / f"transcripts/{name}.txt", f"Interviewer: And then?\n\n{name}: {said}\n")
        people += f"{name},{role}\n"
        marks += f"{name},{said},{code}\n" if code else ""
    write(folder / "participants.csv", people)
    for coder in ("ann", "ben"):
        write(folder / f"codings/{coder}.csv", marks)
    with (study / "config/sites.tsv").open("a", encoding="utf-8") as file:
        file.write("east\tEast\tA village\n")


def run(study: Path, *targets: str) -> None:
    """Run a study, or a part of it."""
    done = themetrail("run", *targets, "--study", str(study), "--cores", "2")
    assert done.status == 0, done.output

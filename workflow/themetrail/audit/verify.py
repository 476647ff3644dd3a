"""``themetrail verify``: every hash, number and word of a finished study, checked anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themetrail.audit import verify_paper, verify_releases, verify_tables
from themetrail.audit.findings import Check
from themetrail.audit.rebuild import Rebuilt, rebuild
from themetrail.audit.verify_crate import sealed
from themetrail.config import StudyConfig, load
from themetrail.errors import InputError


@dataclass(frozen=True)
class Fresh:
    """A study computed and rendered anew from the files that people made."""

    study: StudyConfig
    made: Rebuilt
    document: Mapping[str, Any]
    papers: Mapping[str, bytes]
    log: str


def compute(root: Path) -> Fresh:
    """Everything that a verification compares with.

    Raises
    ------
    InputError
        The study's choices are unsound.
    """
    study, problems = load(root)
    if problems.errors:
        raise InputError("\n".join(str(row) for row in problems.errors))
    made = rebuild(root, study)
    document = verify_paper.refill(root, study, made)
    papers = verify_paper.render_all(root, study, document)
    return Fresh(study, made, document, papers, verify_tables.fresh_log(root, study, made))


def verify(root: Path, fresh: Fresh | None = None) -> list[Check]:
    """Check a finished study.

    Where the inputs are not those of the run, nothing can follow from them: the check ends with
    what differs, and says so.

    Parameters
    ----------
    root : the study's folder.
    fresh : the study computed anew (``compute``); made where it is not given.

    Returns
    -------
    Every check, with what differs.
    """
    study = fresh.study if fresh is not None else load(root)[0]
    first = [verify_tables.inputs(root, study), sealed(root)]
    if first[0].findings:
        note = "not compared: the inputs are not those of the run"
        first.append(Check("Tables, facts and papers follow from the inputs", skipped=[note]))
        return first
    now = fresh if fresh is not None else compute(root)
    return [
        *first,
        verify_tables.derived(root, now.made),
        verify_tables.facts(root, now.made),
        verify_paper.quotations(root, now.made),
        verify_paper.document(root, now.document),
        verify_paper.papers(root, now.papers, now.document),
        verify_tables.decision_log(root, now.log),
        *verify_releases.checks(root, now.study, now.made, now.document),
    ]

"""The steps that a run would make: which, at which stage, for which site, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themetrail import manifest
from themetrail.config import StudyConfig
from themetrail.plan.files import READ_BY, changes, read_by_last_run
from themetrail.plan.reasons import Reasons, parse
from themetrail.plan.settings import Known

RULES = Path(__file__).resolve().parents[2] / "rules"
_INCLUDE = re.compile(r'^include: "rules/(\w+)\.smk"', re.MULTILINE)
_RULE = re.compile(r"^rule (\w+):", re.MULTILINE)
FOLLOWS = "what it reads is made anew"
NO_OUTPUT = "no output yet"
MANIFEST = re.compile(r"results/manifests/([^/]+)/(\w+)\.tsv")


@dataclass(frozen=True)
class Step:
    """One step of a run that has not been made.

    Attributes
    ----------
    stage : intake, coding, reliability, consensus, synthesis, report, submission, audit or trail.
    rule : the rule's name.
    site : the site that it is about; "" for one of the whole study.
    about : what tells it from other steps of the rule (a format, a notebook), "" for none.
    why : its reasons, in words; the gravest first.
    """

    stage: str
    rule: str
    site: str
    about: str
    why: tuple[str, ...]


def stages() -> dict[str, str]:
    """Each rule's stage, rules and stages in the order of the workflow."""
    snakefile = (RULES.parent / "Snakefile").read_text(encoding="utf-8")
    return {
        rule: stage
        for stage in _INCLUDE.findall(snakefile)
        for rule in _RULE.findall((RULES / f"{stage}.smk").read_text(encoding="utf-8"))
    }


def steps(study: StudyConfig, jobs: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Steps with their reasons in words, in the order of the workflow.

    Parameters
    ----------
    study : the study's choices.
    jobs : what Snakemake's dry run says of each job: rule, wildcards, reason.
    """
    rows = [job for job in jobs if job["rule"] != "all"]
    reasons = [parse(row["reason"]) for row in rows]
    known = Known(study, reasons)
    places = stages()
    fresh = {
        row["wildcards"].get("site", "")
        for row, reason in zip(rows, reasons, strict=True)
        if row["rule"] == "intake" and not manifest.seen(study.root, row["wildcards"]["site"])
    }
    found = []
    for row, reason in zip(rows, reasons, strict=True):
        wildcards = dict(row["wildcards"])
        site = wildcards.pop("site", "")
        why = _why(study.root, row["rule"], site, reason, known, sorted(fresh))
        about = " ".join(map(str, wildcards.values()))
        found.append(Step(places.get(row["rule"], ""), row["rule"], site, about, tuple(why)))
    order = {rule: number for number, rule in enumerate(places)}
    return sorted(found, key=lambda s: (order.get(s.rule, len(order)), s.site, s.about))


def _why(
    root: Path, rule: str, site: str, reason: Reasons, known: Known, fresh: list[str]
) -> list[str]:
    """A step's reasons in words."""
    said = _outputs(root, reason)
    if reason.forced:
        said.append("asked for by force")
    said += _inputs(root, rule, site, reason)
    if reason.params:
        said += known.words(rule, reason)
    if reason.script:
        said.append(f"the code of {rule} changed")
    if reason.software:
        said.append("the software environment changed")
    if reason.inputs:
        new = f" ({_listed(fresh)} new)" if fresh else ""
        said.append(f"the sites or files that it draws on are others{new}")
    if not said or (reason.follows and not reason.missing):
        said.append(FOLLOWS)
    return list(dict.fromkeys(said))


def _listed(names: list[str]) -> str:
    """Names, at most five.

    >>> _listed(["elm"])
    'elm is'
    """
    more = ", …" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more + (" is" if len(names) == 1 else " are")


def _outputs(root: Path, reason: Reasons) -> list[str]:
    """What is the matter with a step's outputs."""
    said = []
    if reason.missing:
        there = [path for path in reason.missing if not (root / path).exists()]
        some = len(there) < len(reason.missing)
        said.append(f"{there[0]} is missing" if some and there else NO_OUTPUT)
    if reason.incomplete:
        said.append("its last run was cut short")
    return said


def _inputs(root: Path, rule: str, site: str, reason: Reasons) -> list[str]:
    """What changed among the files that a step reads and no step makes."""
    said = []
    lists = {kind for kind, reader in READ_BY.items() if reader == rule and site}
    for kind in sorted(lists):
        if read_by_last_run(root, site, kind) is None and not reason.missing:
            continue  # made before lists were kept
        now = (root / manifest.manifest_path(site, kind)).read_text(encoding="utf-8")
        said += changes(root, site, kind, now)
    said += [f"{path} changed" for path in reason.updated if not MANIFEST.fullmatch(path)]
    return said

"""Steps that would run, as a page of words or as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from themetrail.plan.steps import FOLLOWS, NO_OUTPUT, Step
from themetrail.reporting import counted

STUDY = "the study"
WIDTH = 98


def as_data(steps: Sequence[Step], sites: Sequence[str]) -> dict[str, Any]:
    """The plan as plain values: steps, and the sites of which nothing would be made anew."""
    return {
        "n_steps": len(steps),
        "steps": [{**asdict(step), "why": list(step.why)} for step in steps],
        "untouched": untouched(steps, sites),
    }


def causes(steps: Iterable[Step], most: int = 3) -> list[str]:
    """Why steps are out of date, but for sites' files and what only follows from other steps."""
    found = dict.fromkeys(
        reason
        for step in steps
        for reason in step.why
        if reason.startswith("config") or "code of" in reason or "software" in reason
    )
    rest = len(found) - most
    return [*list(found)[:most], *([f"and {rest} more"] if rest > 0 else [])]


def untouched(steps: Iterable[Step], sites: Iterable[str]) -> list[str]:
    """Sites that no step is about."""
    about = {step.site for step in steps}
    return [site for site in sites if site not in about]


def as_text(steps: Sequence[Step], sites: Sequence[str]) -> str:
    """The plan as a page: sites that fare alike together, the study's steps by stage."""
    if not steps:
        return "Nothing to do: the study is up to date."
    lines = [f"{counted(len(steps), 'step')} would run. Nothing was run."]
    for names, mine in _alike(steps):
        lines += ["", f"{', '.join(names)}", *_block(mine)]
    study = [step for step in steps if not step.site]
    if study:
        lines += ["", STUDY, *_block(study)]
    rest = untouched(steps, sites)
    if rest:
        lines += ["", f"Not touched: {', '.join(rest)}."]
    return "\n".join(lines)


def _alike(steps: Sequence[Step]) -> list[tuple[list[str], list[Step]]]:
    """Sites with the same steps for the same reasons, and those steps once."""
    groups: dict[tuple[tuple[str, tuple[str, ...]], ...], list[str]] = {}
    first: dict[str, list[Step]] = {}
    for step in steps:
        if step.site:
            first.setdefault(step.site, []).append(step)
    for site, mine in first.items():
        groups.setdefault(tuple((step.rule, step.why) for step in mine), []).append(site)
    return [(names, first[names[0]]) for names in groups.values()]


def _block(steps: Sequence[Step]) -> list[str]:
    """Lines for steps: one a stage and reason, the reasons beneath."""
    groups: dict[tuple[str, tuple[str, ...]], list[Step]] = {}
    for step in steps:
        groups.setdefault((step.stage, step.why), []).append(step)
    lines: list[str] = []
    said: set[str] = {FOLLOWS}
    for (stage, why), mine in groups.items():
        names: dict[str, list[str]] = {}
        for step in mine:
            names.setdefault(step.rule, []).extend([step.about] if step.about else [])
        listed = ", ".join(
            f"{rule} ({', '.join(of)})" if of else rule for rule, of in names.items()
        )
        lines += _wrapped(f"  {stage:<12} {listed}", 15)
        if not said.issuperset(why):
            lines += _wrapped(" " * 15 + "because " + "; ".join(why), 17)
        # Of a new site each step has no output; it is enough to say so once.
        said |= {NO_OUTPUT}.intersection(why)
    return lines


def _wrapped(text: str, indent: int) -> list[str]:
    """A line broken where it is too long for a terminal."""
    import textwrap

    return textwrap.wrap(
        text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False, drop_whitespace=True
    )

"""Every problem of a study at once, without running it."""

from __future__ import annotations

from pathlib import Path

from themetrail.config import StudyConfig, load
from themetrail.errors import Problem, Problems
from themetrail.exclusions import Dropped, dropped_ids, read_dropped
from themetrail.manifest import clashes
from themetrail.reporting import report


def check(root: Path) -> list[Problem]:
    """Validate configuration, transcripts, codings, decisions and manuscript of a study.

    Nothing is written. What can't be looked at because something before it is unsound is left
    out; mending what is reported brings it to light.
    """
    study, problems = load(root)
    dropped = read_dropped(root, problems)
    problems.extend(clashes(root, [site.site for site in study.active_sites]))
    for site in study.active_sites:
        if (root / "data" / site.site).is_dir():
            problems.extend(check_site(study, site.site, dropped))
    problems.extend(check_manuscript(study))
    return sorted(set(problems))


def check_site(study: StudyConfig, site: str, dropped: list[Dropped]) -> list[Problem]:
    """Problems of one site, from its transcripts to its adjudications."""
    from themetrail.coding import CodingSettings
    from themetrail.coding import read_site as read_codings
    from themetrail.consensus import decide, read_adjudications
    from themetrail.intake import read_site
    from themetrail.intake.configured import intake_settings

    root, settings, problems = study.root, study.settings, Problems()
    intake = read_site(
        root,
        site,
        intake_settings(
            root,
            intake=settings["intake"],
            disclosure=settings["disclosure"],
            unit=settings["analysis"]["unit"],
            dropped=dropped,
            problems=problems,
        ),
    )
    gone = dropped_ids(dropped)
    coding = read_codings(
        root,
        site,
        intake.transcripts,
        intake.turns,
        study.codebook,
        CodingSettings(coders=settings["coding"]["coders"], dropped_ids=gone),
    )
    adjudications, found = read_adjudications(
        root, site, intake.transcripts, intake.turns, study.codebook, gone
    )
    outcome = decide(
        intake.units,
        coding.spans,
        coding.coverage,
        adjudications,
        site=site,
        **settings["consensus"],
    )
    problems.extend([*intake.problems, *coding.problems, *found, *outcome.problems])
    return list(problems)


def check_manuscript(study: StudyConfig) -> list[Problem]:
    """Placeholders of the manuscript that no run could fill."""
    from themetrail.report.catalogue import check as check_placeholders
    from themetrail.report.sources import manuscript_of

    path = manuscript_of(study.root)
    return list(check_placeholders(path.read_text(encoding="utf-8"), study))


def report_of(root: Path) -> str:
    """The whole report as text, for a run that can't start."""
    return report(check(root))

"""Every problem of a study at once, without running it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.config import StudyConfig, load
from themetrail.errors import Problem, Problems
from themetrail.exclusions import Dropped, dropped_ids, read_dropped
from themetrail.manifest import clashes
from themetrail.reporting import report

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.coding import CodingSettings


def check(root: Path, *, submission: bool = False) -> list[Problem]:
    """Validate configuration, transcripts, codings, decisions, themes and manuscript of a study.

    With ``submission``, items of the reporting checklists that the last run could not fill are
    errors too, and claims that its evidence contradicts, unless the authors acknowledged that.

    Nothing is written. What can't be looked at because something before it is unsound is left
    out; mending what is reported brings it to light.
    """
    study, problems = load(root)
    dropped = read_dropped(root, problems)
    sites = [site.site for site in study.active_sites if (root / "data" / site.site).is_dir()]
    problems.extend(clashes(root, sites))
    looked_at = [check_site(study, site, dropped) for site in sites]
    for site in looked_at:
        problems.extend(site.problems)
    problems.extend(check_themes(study, looked_at))
    problems.extend(check_manuscript(study, looked_at))
    problems.extend(check_checklists(study, submission=submission))
    problems.extend(check_releases(study, dropped))
    if submission and not any(row.kind == "no_run" for row in problems.rows):
        problems.extend(check_claims(study))
    return sorted(set(problems))


@dataclass(frozen=True)
class Looked:
    """What checking a site found, the tables that checking the themes needs, and how it was read.

    ``unkept`` is that of ``coding.Coding``.
    """

    transcripts: pd.DataFrame
    turns: pd.DataFrame
    coverage: pd.DataFrame
    segments: pd.DataFrame
    problems: Problems
    settings: CodingSettings
    unkept: frozenset[tuple[str, str]]


def check_site(study: StudyConfig, site: str, dropped: list[Dropped]) -> Looked:
    """Problems of one site, from its transcripts to its adjudications."""
    from themetrail.coding import CodingSettings
    from themetrail.coding import read_site as read_codings
    from themetrail.consensus import decide, read_adjudications
    from themetrail.intake import read_site
    from themetrail.intake.configured import intake_settings

    root, settings, problems = study.root, study.settings, Problems()
    wanted = intake_settings(
        root,
        intake=settings["intake"],
        disclosure=settings["disclosure"],
        unit=settings["analysis"]["unit"],
        dropped=dropped,
        problems=problems,
    )
    intake = read_site(root, site, wanted)
    texts, turns, gone = intake.transcripts, intake.turns, dropped_ids(dropped)
    names = tuple(wanted.forbidden_names)
    how = CodingSettings(
        settings["coding"]["coders"], gone, names, tuple(intake.participants["participant_id"])
    )
    coding = read_codings(root, site, texts, turns, study.codebook, how)
    decided, found = read_adjudications(root, site, texts, turns, study.codebook, gone, names)
    spans, coverage = coding.spans, coding.coverage
    outcome = decide(intake.units, spans, coverage, decided, site=site, **settings["consensus"])
    problems.extend([*intake.problems, *coding.problems, *found, *outcome.problems])
    return Looked(texts, turns, coverage, outcome.segments, problems, how, coding.unkept)


def check_themes(study: StudyConfig, sites: Sequence[Looked]) -> list[Problem]:
    """Passages that themes.yaml names and the transcripts do not hold."""
    import pandas as pd

    from themetrail.coding.site import transcripts_of
    from themetrail.synthesis.marks import place_marks

    if not study.themes or not sites:
        return []
    transcripts = pd.concat([site.transcripts for site in sites])
    coded = {name for site in sites for name in site.coverage["transcript_id"]}
    transcripts = transcripts[transcripts["transcript_id"].isin(coded)]
    texts = transcripts_of(transcripts, pd.concat([site.turns for site in sites]))
    segments = pd.concat([site.segments for site in sites], ignore_index=True)
    return list(place_marks(study.themes, texts, segments)[1])


def check_manuscript(study: StudyConfig, sites: Sequence[Looked] = ()) -> list[Problem]:
    """Placeholders of the manuscript that no run could fill."""
    from themetrail.report.catalogue import check as check_placeholders
    from themetrail.report.sources import manuscript_of

    path = manuscript_of(study.root)
    coders = {coder for site in sites for coder in site.coverage["coder"]}
    return list(check_placeholders(path.read_text(encoding="utf-8"), study, coders=coders))


def check_checklists(study: StudyConfig, *, submission: bool) -> list[Problem]:
    """What is wrong with the answers to reporting checklists; for a submission, what is missing."""
    from themetrail.report.checklists import missing, of_run
    from themetrail.report.checklists_answers import read_answers

    problems = Problems()
    if submission:
        problems.extend(missing(of_run(study, problems)))
    else:
        read_answers(study.root, problems)
    return problems.rows


def check_releases(study: StudyConfig, dropped: list[Dropped]) -> list[Problem]:
    """Releases that can't be read, and words in them of people who withdrew."""
    from themetrail.releases.checking import problems_of

    return problems_of(study, dropped)


def check_claims(study: StudyConfig) -> list[Problem]:
    """Claims that the evidence of the last run contradicts and nobody has acknowledged so."""
    from themetrail.releases.checking import contradictions

    return contradictions(study)


def report_of(root: Path) -> str:
    """The whole report as text, for a run that can't start."""
    return report(check(root))

"""What ``themetrail check`` says of releases and of claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from themetrail import manifest
from themetrail.audit.memos import FILE, read_memos
from themetrail.config import THEMES, StudyConfig
from themetrail.errors import InputError, Problem, Problems
from themetrail.exclusions import Dropped, dropped_ids
from themetrail.releases import files, reading
from themetrail.releases.acknowledged import acknowledgements, flagged, idle
from themetrail.releases.snapshot import of_run
from themetrail.report.claims import Judged, marks
from themetrail.report.sources import manuscript_of, shown_path


def problems_of(study: StudyConfig, dropped: Iterable[Dropped]) -> list[Problem]:
    """Releases that can't be read or were altered, and words of people who withdrew."""
    problems = Problems()
    said = _said(study, [one for one in dropped if one.why == "withdrawn"])
    for name in files.names(study.root):
        where = f"{files.FOLDER}/{name}"
        try:
            held = reading.read(study.root, name)
        except InputError as error:
            problems.add("error", "bad_release", where, str(error))
            continue
        words = [one.text for one in held.quotes if one.text is not None]
        if any(text in turn for text in words for turn in said):
            problems.add(
                "error",
                "withdrawn_in_release",
                f"{where}/{files.WORDS}",
                "the release holds words of a person who withdrew",
                "Run `themetrail withdraw` for the person; it takes them out.",
            )
    return problems.rows


def _said(study: StudyConfig, withdrawn: Iterable[Dropped]) -> list[str]:
    """Turns of people who withdrew, as far as their transcripts are still there."""
    from themetrail.audit.rebuild import read_intake

    gone = dropped_ids(withdrawn)
    if not gone or not files.names(study.root):
        return []
    sites = [
        s.site for s in study.active_sites if gone & set(manifest.site_ids(study.root, s.site))
    ]
    turns = (turn for site in sites for turn in read_intake(study.root, study, site))
    return [text for transcript, who, text in turns if who and gone & {transcript, who}]


def contradictions(study: StudyConfig) -> list[Problem]:
    """Claims that the last run contradicts, and acknowledgements that acknowledge nothing."""
    problems = Problems()
    memos = read_memos(study.root, problems)
    try:
        claims = of_run(study).claims
    except InputError as error:
        problems.add("error", "no_run", "results", str(error))
        return problems.rows
    places = dict(_places(study))
    for one in flagged(claims, acknowledgements(memos)):
        file, line = places.get(one.claim.id, (THEMES, None))
        problems.add("error", "contradicted_claim", file, _message(one), _remedy(one), line=line)
    for memo, why in idle(memos, claims):
        number = memo.source.rpartition(":")[2]
        place = int(number) if number.isdecimal() else None
        message = f"this acknowledges no contradiction: {why}"
        problems.add("warning", "idle_acknowledgement", FILE, message, line=place)
    return problems.rows


def _message(one: Judged) -> str:
    against = ", ".join(one.against)
    return f"the evidence contradicts the claim {one.claim.id!r}, “{one.claim.says}” ({against})"


def _remedy(one: Judged) -> str:
    return (
        f"Mend the claim, or: themetrail acknowledge {one.claim.id} --by NAME --reason TEXT "
        "(reports/changes.html has the figures)."
    )


def _places(study: StudyConfig) -> Iterator[tuple[str, tuple[str, int | None]]]:
    """Claim to file and line."""
    lines = study.lines.get(THEMES, {})
    for number, theme in enumerate(study.themes):
        line = lines.get(("themes", number, "claim")) or lines.get(("themes", number))
        yield theme.id, (THEMES, line)
    path = manuscript_of(study.root)
    for line, name, _ in marks(path.read_text(encoding="utf-8")):
        yield name, (shown_path(path, study.root), line)

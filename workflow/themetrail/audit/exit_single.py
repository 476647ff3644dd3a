"""What a run of single targets made, looked at as the gate of a whole run looks at everything.

Whoever asks for one paper gets it in seconds; that it passed no gate must not depend on whether
they remember to run the rest.
"""

from __future__ import annotations

from pathlib import Path

from themetrail.audit.exit_gate import TABLES, WHY, WITHHELD, for_the_team, guard, release
from themetrail.config import StudyConfig
from themetrail.errors import InputError

GATE = "results/exit_gate.csv"
#: what a run renders to be handed on; files that people put into reports/ are theirs
RENDERED = (
    "reports/paper.*",
    "reports/paper-review.pdf",
    "reports/supplement.xlsx",
    "reports/framework_matrix.*",
    "reports/checklists.*",
    "reports/changes.html",
    "reports/decisions.jsonl",
    "reports/crate.zip",
    "reports/notebooks/*.html",
    "reports/explorer/index.html",
    "reports/explorer/sites/*.js",
    "reports/adjudicate.html",
)


def not_looked_at(root: Path, study: StudyConfig) -> list[str]:
    """Rendered files that are newer than the gate's last word; pages for the team aside.

    Parameters
    ----------
    root : the study's folder.
    study : its choices.
    """
    gate = root / GATE
    since = gate.stat().st_mtime_ns if gate.is_file() else 0
    team = study.settings["report"]["audience"] == "team"
    files = sorted({file for pattern in RENDERED for file in root.glob(pattern)})
    names = [f.relative_to(root).as_posix() for f in files if f.stat().st_mtime_ns > since]
    return [name for name in names if not (team and for_the_team(name))]


def look_at(root: Path, study: StudyConfig, files: list[str]) -> bool:
    """Look at some files as the gate does; what must not leave is moved aside.

    Returns
    -------
    Whether they were looked at: it takes tables that a run of a single target may not have made.

    Raises
    ------
    InputError
        Something was found that must not leave.
    """
    from themetrail.report.facts import FACTS
    from themetrail.report.sources import bibliography_of
    from themetrail.study import Study

    done = Study(root)
    try:
        tables = {name: getattr(done, name) for name in TABLES}
    except InputError:
        return False
    if not (root / FACTS).is_file():
        return False
    bibliography = bibliography_of(root).read_text(encoding="utf-8", errors="replace")
    guard(root, study, files, tables, bibliography)
    _forget(root)
    return True


def _forget(root: Path) -> None:
    """Forget what was withheld once all of it has been made anew and passed."""
    aside = root / WITHHELD
    kept = [f.relative_to(aside) for f in aside.rglob("*") if f.is_file() and f != root / WHY]
    if all((root / "reports" / name).is_file() for name in kept):
        release(root)

"""What must not stay behind when a study's audience becomes the public."""

from __future__ import annotations

from pathlib import Path

TEAM_FILES = ("reports/adjudicate.html", "results/explorer/*.json.gz")


def remove_team_pages(root: Path) -> list[str]:
    """Remove pages and parts that hold transcripts and that only the team's run makes.

    Parameters
    ----------
    root : the study folder.

    Returns
    -------
    What was removed, relative to the study.
    """
    found = sorted(path for pattern in TEAM_FILES for path in root.glob(pattern))
    for path in found:
        path.unlink()
    return [path.relative_to(root).as_posix() for path in found]

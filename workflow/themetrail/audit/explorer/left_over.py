"""What must not stay behind: transcripts in pages and parts that this run has not made.

That is all of them where a study's audience becomes the public, those of a site that left it, and
one form or the other where a study grows out of one page.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

TEAM_PAGES = ("reports/adjudicate.html",)
EVIDENCE = ("results/explorer/*.json.gz", "reports/explorer/sites/*.js")


def remove_left_over(root: Path, made: Iterable[str]) -> list[str]:
    """Remove pages and parts that hold transcripts and are not of this run.

    Parameters
    ----------
    root : the study folder.
    made : those of this run, relative to it.

    Returns
    -------
    What was removed, relative to the study.
    """
    kept = {root / path for path in made}
    there = {path for pattern in (*TEAM_PAGES, *EVIDENCE) for path in root.glob(pattern)}
    gone = sorted(there - kept)
    for path in gone:
        path.unlink()
    for folder in {path.parent for path in gone if path.parent.name == "sites"}:
        if not any(folder.iterdir()):
            folder.rmdir()
    return [path.relative_to(root).as_posix() for path in gone]

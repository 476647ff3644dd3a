"""What each rule's job needs of a machine: memory and time, for a scheduler that asks beforehand.

The figures were measured on generated studies of 100 and 1,000 transcripts (5.5 and 54 MB of text,
20 and 50 sites, three coders, 30 codes), on two cores, as the jobs' own logs say them. A job asks
for twice the growth and three times the duration measured, and twice as much at each new attempt,
so that a job that was killed for its memory or its time passes the next time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from themetrail.manifest import manifest_path

# Two Snakemake processes stand around a job on a cluster (170 MB each), and Python with its
# libraries takes about 250 MB before the first row is read.
BASE_MB = 600
# Starting takes seconds, on a slow shared file system a minute; a scheduler counts in minutes.
BASE_MINUTES = 2
GB = 1024


@dataclass(frozen=True)
class Need:
    """How a job grows with the raw transcripts that it draws on, a site's or the study's."""

    memory: float = 1.0
    """MB of memory for each MB of transcripts."""
    seconds: float = 0.2
    """Seconds for each MB of transcripts."""


# The site's jobs hold one transcript at a time; they are measured against the site's own text.
NEEDS: dict[str, Need] = {
    "intake": Need(memory=4.0, seconds=6.0),
    "coding": Need(memory=4.0, seconds=6.0),
    "patterns": Need(memory=4.0, seconds=4.0),
    "consensus": Need(memory=4.0, seconds=7.0),
    "synthesis": Need(memory=7.5, seconds=0.7),
    "robustness": Need(memory=0.5, seconds=2.0),
    # Not measured at size: features take some 40 MB for each MB of text, kernels 1 GB at most.
    "machine_coder": Need(memory=60.0, seconds=60.0),
    "facts": Need(memory=4.1, seconds=0.5),
    "figures": Need(memory=3.0, seconds=0.7),
    "notebook": Need(memory=3.2, seconds=0.3),
    "checklists": Need(memory=3.7, seconds=0.2),
    "framework_matrix": Need(memory=0.9, seconds=0.7),
    "framework_page": Need(memory=1.3, seconds=0.2),
}
OTHER = Need()


def raw_megabytes(root: Path, site: str) -> float:
    """Size of a site's raw transcripts in MB, as its manifest lists them; 0 where there is none."""
    path = root / manifest_path(site, "transcripts")
    if not path.is_file():
        return 0.0
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return sum(int(line.split("\t")[1]) for line in lines) / 1e6


def memory_mb(rule: str, megabytes: float, attempt: int = 1) -> int:
    """Memory that a job of the rule asks for, in MB; above 1,024 in whole GB (1,024 MB).

    Some clouds sell memory by the GB, and one executor takes what lies between for the least.

    Parameters
    ----------
    rule : str
        The rule's name; one without figures of its own gets ``OTHER``.
    megabytes : float
        Raw transcripts that the job draws on, in MB.
    attempt : int
        1 for the first; each further one asks for twice as much.

    Examples
    --------
    >>> [memory_mb("synthesis", 54.0, attempt) for attempt in (1, 2, 3)]
    [2048, 3072, 6144]
    """
    wanted = (BASE_MB + 2 * NEEDS.get(rule, OTHER).memory * megabytes) * (1 << (attempt - 1))
    step = 50 if wanted <= GB else GB
    return step * math.ceil(wanted / step)


def minutes(rule: str, megabytes: float, attempt: int = 1) -> int:
    """Time that a job of the rule asks for, in whole minutes; parameters as for ``memory_mb``.

    Examples
    --------
    >>> minutes("robustness", 54.0), minutes("robustness", 54.0, attempt=2)
    (8, 16)
    """
    measured = NEEDS.get(rule, OTHER).seconds * megabytes / 60
    return math.ceil(BASE_MINUTES + 3 * measured) << (attempt - 1)

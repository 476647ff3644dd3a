"""The consensus of people alone: what a machine learns from and is held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.consensus import decide, read_adjudications

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook


def human_segments(
    root: Path,
    sites: Iterable[str],
    tables: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    consensus: Mapping[str, Any],
    dropped_ids: frozenset[str],
) -> pd.DataFrame:
    """Segments of every site from its coders' files and adjudications.

    Made here and not read from the stage of consensus, whose segments hold the machine's where the
    configuration lets them in.

    Parameters
    ----------
    root : the study's folder.
    sites : their folders' names.
    tables : ``transcripts, turns, units, spans, coverage``, all sites together.
    codebook, consensus : of the configuration.
    dropped_ids : of people and transcripts left out.

    Returns
    -------
    DataFrame
        Under the contract ``segments``.
    """
    import pandas as pd

    from themetrail.contracts import SEGMENTS
    from themetrail.tables import frame

    parts = [frame([], SEGMENTS)]
    for site in sites:
        here = _of_site(tables, site)
        adjudications, _ = read_adjudications(
            root, site, here["transcripts"], here["turns"], codebook, dropped_ids
        )
        outcome = decide(
            here["units"],
            here["spans"],
            here["coverage"],
            adjudications,
            site=site,
            transcripts=here["transcripts"],
            **consensus,
        )
        parts.append(outcome.segments)
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True)


def _of_site(tables: Mapping[str, pd.DataFrame], site: str) -> dict[str, pd.DataFrame]:
    transcripts = tables["transcripts"]
    ids = transcripts.loc[transcripts["site"] == site, "transcript_id"]
    return {
        name: table[table["transcript_id"].isin(ids)].reset_index(drop=True)
        for name, table in tables.items()
    }

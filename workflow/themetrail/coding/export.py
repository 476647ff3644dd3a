"""The study's consensus coding as a project that coders' tools open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from themetrail.coding.project import Coded, Project, codes_of

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook

CONSENSUS = "consensus"


def consensus_project(
    name: str, transcripts: pd.DataFrame, segments: pd.DataFrame, codebook: Codebook
) -> Project:
    """Kept segments as the codings of one user, with how each was decided as its memo.

    Parameters
    ----------
    name : of the project.
    transcripts : table ``contracts.TRANSCRIPTS``; texts that are held back stay out.
    segments : table ``contracts.SEGMENTS``.
    codebook : the study's.
    """
    ready = transcripts[transcripts["status"] != "held"]
    texts = dict(zip(ready["transcript_id"], ready["text"], strict=True))
    codings = [
        Coded(
            row["transcript_id"],
            row["code"],
            CONSENSUS,
            int(row["start"]),
            int(row["end"]),
            memo=_memo(row["decided_by"], row["coders"], row["stance"]),
        )
        for row in segments.to_dict("records")
        if row["transcript_id"] in texts
    ]
    return Project(name, texts, codes_of(codebook, retired=True), codings, (CONSENSUS,))


def _memo(decided_by: str, coders: str, stance: str) -> str:
    """How a segment came to be kept, in a line."""
    by = f"; coded by {coders.replace(';', ', ')}" if coders else ""
    counter = "; a counter-example" if stance == "counter" else ""
    return f"{decided_by}{by}{counter}"

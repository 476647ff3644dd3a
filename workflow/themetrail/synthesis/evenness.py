"""Whether every interview was coded with the same attention, and where codes were first seen.

Braun & Clarke (2006), Qualitative Research in Psychology 3:77, points 2 to 4 of their list: every
item got equal attention, themes do not come from a few vivid examples, all extracts are collated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from themetrail.contracts import CODE_APPEARANCE, CODING_DENSITY
from themetrail.synthesis.base import Base
from themetrail.synthesis.saturation import in_order
from themetrail.tables import frame, records

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

OUTLYING = 3.5


def outlying(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Values whose modified z score, 0.6745 (x - median) / MAD, is beyond 3.5 either way.

    Iglewicz & Hoaglin (1993), How to Detect and Handle Outliers. Without spread none is outlying.
    """
    import numpy as np

    if not len(values):
        return np.zeros(0, dtype=bool)
    away = values - np.nanmedian(values)
    spread = float(np.nanmedian(np.abs(away)))
    far: NDArray[np.bool_] = np.abs(0.6745 * away) > OUTLYING * spread
    return far & (spread > 0)


def density_table(base: Base, turns: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Contract ``coding_density``: the coded interviews by id."""
    import numpy as np

    own = turns[turns["role"] == "participant"].groupby("transcript_id")["n_words"].sum()
    segments = base.segments.groupby("transcript_id")["code"].agg(["size", "nunique"])
    coders = coverage.groupby("transcript_id")["coder"].nunique()
    ids = base.interviews["transcript_id"]
    words = ids.map(own).fillna(0).to_numpy(dtype=float)
    n_segments = ids.map(segments["size"]).fillna(0).to_numpy(dtype=float)
    rate = np.divide(1000 * n_segments, words, out=np.full(len(ids), np.nan), where=words > 0)
    table = base.interviews[["transcript_id", "site"]].assign(
        n_coders=ids.map(coders).to_numpy(),
        n_words=words.astype(int),
        n_segments=n_segments.astype(int),
        n_codes=ids.map(segments["nunique"]).fillna(0).astype(int).to_numpy(),
        per_1000_words=rate,
        outlying=outlying(rate),
    )
    return frame(records(table), CODING_DENSITY)


def appearance_table(base: Base) -> pd.DataFrame:
    """Contract ``code_appearance``: every code, unused ones too, in the order of the codebook."""
    held = in_order(base.interviews)["transcript_id"]
    position = dict(zip(held, range(1, len(held) + 1), strict=True))
    groups = dict(list(base.segments.groupby("code", sort=False)))
    rows = []
    for code in base.codes:
        found = groups.get(code, base.segments.head(0))
        named = found.loc[found["participant_id"] != "", "participant_id"]
        first = min(set(found["transcript_id"]), key=position.__getitem__, default="")
        rows.append(
            {
                "code": code,
                "n_segments": len(found),
                "n_transcripts": found["transcript_id"].nunique(),
                "n_participants": named.nunique(),
                "of_participants": len(base.people),
                "n_sites": found["site"].nunique(),
                "first_position": position.get(first),
                "first_transcript": first,
            }
        )
    return frame(rows, CODE_APPEARANCE)

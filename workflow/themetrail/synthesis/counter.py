"""Voices that contradict a theme's claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from themetrail.coding.passage import Transcript
from themetrail.contracts import COUNTER
from themetrail.synthesis.base import Base, records
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd


def counter_table(base: Base, texts: Mapping[str, Transcript]) -> pd.DataFrame:
    """Contract ``counter_examples``: every segment that speaks against its theme's claim."""
    against = base.bearing[base.bearing["why"] != ""]
    names = ("theme", "segment_id", "participant_id", "site", "code", "why")
    return frame(
        (
            {name: row[name] for name in names}
            | {"text": texts[row["transcript_id"]].text[row["start"] : row["end"]]}
            for row in records(against)
        ),
        COUNTER,
    )

"""A machine's proposals beside people's coding, where the configuration admits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def with_machine(people: pd.DataFrame, machine: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Spans (or coverage) of people, then a machine's of the same units' transcripts.

    Parameters
    ----------
    people : contract ``spans`` or ``coverage``, of one site.
    machine : the same contract, of the study; without rows where nothing is admitted.
    units : contract ``units``, of the site.

    Returns
    -------
    A table of the same contract; ``people`` itself where the machine has nothing here.
    """
    import pandas as pd

    here = machine[machine["transcript_id"].isin(units["transcript_id"])]
    return pd.concat([people, here], ignore_index=True) if len(here) else people

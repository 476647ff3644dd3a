"""What the machine proposes for transcripts that nobody has judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail.machine.evaluate import Marks
from themetrail.machine.material import Material
from themetrail.machine.verdicts import USABLE

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.machine.features import Floats, Places

KIND = "machine"


def proposal_rows(
    found: Material,
    coder: str,
    units: Places,
    marks: Marks,
    verdicts: Mapping[str, str],
    wanted: Collection[str],
    probabilities: Floats | None = None,
) -> list[dict[str, Any]]:
    """Rows of the contract ``machine_proposals``, of codes whose verdict the study accepts.

    Parameters
    ----------
    found : the study's units and codes.
    coder : the machine's name.
    units : positions of units that nobody judged.
    marks : their marks, units × codes.
    verdicts : code to verdict.
    wanted : verdicts of which something is proposed; of other codes nothing is.
    probabilities : units × codes, where the machine says them.
    """
    rows = []
    for row, column in np.argwhere(marks == 1):
        code = found.codes[int(column)]
        if verdicts.get(code) not in wanted:
            continue
        unit = found.units.iloc[int(units[row])]
        rows.append(
            {
                "coder": coder,
                "kind": KIND,
                **{
                    name: unit[name]
                    for name in ("site", "transcript_id", "unit", "turn", "start", "end")
                },
                "code": code,
                "probability": float(probabilities[row, column])
                if probabilities is not None
                else np.nan,
                "verdict": verdicts[code],
            }
        )
    return rows


def as_coding(proposals: pd.DataFrame, units: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Proposals as spans and coverage, for a study that lets them into its consensus.

    Only proposals of usable codes count, and a transcript counts as judged where there is at least
    one; a study whose machine is good for nothing gets nothing from it.

    Parameters
    ----------
    proposals : contract ``machine_proposals``.
    units : contract ``units``, of the study.

    Returns
    -------
    spans, coverage : under their contracts, the machine as coder.
    """
    from themetrail.contracts import COVERAGE, SPANS
    from themetrail.tables import frame

    kept = proposals[proposals["verdict"] == USABLE]
    kept = kept[kept["transcript_id"].isin(units["transcript_id"])]
    spans = [
        {
            "span_id": f"m-{row['transcript_id']}-{row['start']}-{row['end']}-{row['code']}",
            "coder": row["coder"],
            "transcript_id": row["transcript_id"],
            "start": row["start"],
            "end": row["end"],
            "code": row["code"],
            "code_as_coded": row["code"],
            "memo": "",
            "coded_at": "",
            "source": "results/machine/proposals.csv",
            "row": number,
            "anchor": "exact",
            "moved_by": 0,
        }
        for number, row in enumerate(kept.to_dict("records"), 1)
    ]
    counts = Counter(zip(kept["coder"], kept["transcript_id"], strict=True))
    coverage = [
        {"coder": coder, "transcript_id": name, "n_spans": int(number), "basis": "machine"}
        for (coder, name), number in sorted(counts.items())
    ]
    return frame(spans, SPANS), frame(coverage, COVERAGE)

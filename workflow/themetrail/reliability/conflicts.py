"""Where coders differ: which unit, which code, who marked it and who did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from themetrail.reliability.marks import check_judges, find_marks, read_judges, read_units

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["transcript_id", "unit", "code", "start", "end", "marked_by", "unmarked_by"]


def disagreements(units: pd.DataFrame, spans: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """List every unit and code on which the coders who judged the transcript differ.

    Parameters
    ----------
    units, spans, coverage : tables under the contracts UNITS, SPANS, COVERAGE.

    Returns
    -------
    DataFrame ``transcript_id, unit, code, start, end, marked_by, unmarked_by``; start and end are
    the unit's, coders are joined by ``;``. Sorted by transcript, unit and code.

    Raises
    ------
    InputError
        Units overlap, or a coder marked a transcript that ``coverage`` does not give them.
    """
    import pandas as pd

    placed = read_units(units)
    judges = read_judges(coverage)
    codes = sorted(set(spans["code"]))
    marks = find_marks(placed, spans, codes)
    check_judges(marks, placed, judges)
    key = marks.unit * max(len(codes), 1) + marks.label
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else key
    ends = np.append(starts, len(key))[1:]  # none where there is no coding
    rows = []
    for first, last in zip(starts, ends, strict=True):
        unit = marks.unit[first]
        transcript = placed.transcripts[placed.transcript[unit]]
        marked = [marks.coders[place] for place in marks.coder[first:last]]
        unmarked = [name for name in judges[transcript] if name not in marked]
        if unmarked:
            rows.append(
                (
                    transcript,
                    placed.unit[unit],
                    codes[marks.label[first]],
                    placed.start[unit],
                    placed.end[unit],
                    ";".join(marked),
                    ";".join(unmarked),
                )
            )
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["transcript_id", "unit", "code"], ignore_index=True)

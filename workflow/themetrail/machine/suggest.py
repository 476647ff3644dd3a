"""A machine's proposals in a coder's pack, where somebody asks: the coder is then not blind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.coding.pack import Pack
from themetrail.coding.passage import Transcript
from themetrail.coding.write_tables import delimited
from themetrail.errors import InputError
from themetrail.machine.verdicts import VERDICTS

if TYPE_CHECKING:
    import pandas as pd

FILE = "suggestions.csv"
HEAD = ("transcript_id", "turn", "quote", "code", "probability", "verdict", "machine")
_README = "READ-ME-FIRST.txt"
_WORDS = f"""\
Suggestions of a machine

{FILE} lists codes that a program suggests for these transcripts. It learned them from coding that
your team has agreed on, and it is often wrong: at the last measurement, of what it put,
{{precision}} was in the team's coding, and it found {{recall}} of that coding. It says nothing of
codes that it can't tell, so that a passage without a suggestion is no passage without a code. Read
the passage first, decide, and look at the suggestion afterwards. What you code is yours;
suggestions are not coding and are not read back.

"""


def read_proposals(root: Path) -> pd.DataFrame:
    """The last run's proposals.

    Raises
    ------
    InputError
        No run has made any, since no machine is asked for or the study has not been run.
    """
    from themetrail.contracts import MACHINE_PROPOSALS
    from themetrail.tables import read

    path = root / "results" / "machine" / "proposals.csv"
    if not path.is_file():
        message = (
            "results/machine/proposals.csv is not there: set machine.enabled in config/config.yaml "
            "and run `themetrail run`."
        )
        raise InputError(message)
    return read(path, MACHINE_PROPOSALS)


def with_suggestions(
    pack: Pack,
    proposals: pd.DataFrame,
    transcripts: Mapping[str, Transcript],
    only: Sequence[str],
    measured: Mapping[str, str],
) -> Pack:
    """The pack with a list of suggestions, a page on them, and a note in the study's record.

    They stand in a file of their own and never in the project that the coder sends back, so that
    they can't come back as somebody's coding.

    Parameters
    ----------
    pack : as made for the coder.
    proposals : contract ``machine_proposals``.
    transcripts : the site's, as they are now.
    only : ids of the transcripts in the pack.
    measured : ``precision`` and ``recall`` in words.

    Raises
    ------
    InputError
        Nothing is proposed for these transcripts, or the proposals are of other words.
    """
    here = proposals[proposals["transcript_id"].isin(list(only))]
    if here.empty:
        message = "the machine proposes nothing for these transcripts; make the pack without"
        raise InputError(message)
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    rows: list[list[str]] = []
    for row in here.to_dict("records"):
        text = transcripts[row["transcript_id"]]
        if not any(turn.start <= row["start"] < row["end"] <= turn.end for turn in text.turns):
            message = (
                f"{row['transcript_id']} is not as it was when the machine read it: "
                "run `themetrail run` first"
            )
            raise InputError(message)
        sure = "" if row["probability"] != row["probability"] else f"{row['probability']:.2f}"
        quote = text.text[row["start"] : row["end"]]
        rows.append(
            [
                row["transcript_id"],
                str(row["turn"]),
                quote,
                row["code"],
                sure,
                row["verdict"],
                row["coder"],
            ]
        )
    rows.sort(key=lambda row: (row[0], int(row[1]), order.get(row[5], 9), row[3], row[6]))
    words = _WORDS.format(**measured).encode("utf-8")
    files = {
        **pack.files,
        FILE: delimited([list(HEAD), *rows]),
        _README: words + pack.files[_README],
    }
    machines = sorted(set(here["coder"]))
    return Pack(files, {**pack.record, "suggestions": {"machines": machines, "n": len(rows)}})


def measured_words(root: Path) -> dict[str, str]:
    """Precision and recall of the last measurement, as the page for coders gives them."""
    from themetrail.contracts import MACHINE_CODES
    from themetrail.tables import read

    table = read(root / "results" / "machine" / "codes.csv", MACHINE_CODES)
    rows = table[table["code"] == ""].to_dict("records")
    if not rows:
        return dict.fromkeys(("precision", "recall"), "an unknown share")
    return {
        name: "an unknown share" if rows[0][name] != rows[0][name] else f"{rows[0][name]:.0%}"
        for name in ("precision", "recall")
    }

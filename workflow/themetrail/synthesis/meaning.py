"""Meaning saturation: when a code was last given a new facet, beside when it was first seen.

Hennink, Kaiser & Marconi (2017), Qualitative Health Research 27:591: to have heard of an issue is
not yet to understand it. An analyst notes which facets (meanings, dimensions) of a code an
interview brings; from these notes and the order in which the interviews were held follows when a
code was first seen and when something new was last said about it. A facet is an analyst's
judgement, and there is none without notes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from themetrail.contracts import MEANING_SATURATION
from themetrail.errors import Problem, Problems, did_you_mean
from themetrail.synthesis.base import Base
from themetrail.synthesis.notes import MEANINGS, Notes
from themetrail.synthesis.saturation import in_order
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd


def meaning_table(base: Base, notes: Notes) -> tuple[pd.DataFrame, list[Problem]]:
    """Contract ``meaning_saturation``: every code with notes, in the order of the codebook."""
    problems = Problems()
    held = list(in_order(base.interviews)["transcript_id"])
    position = dict(zip(held, range(1, len(held) + 1), strict=True))
    coded = set(zip(base.segments["code"], base.segments["transcript_id"], strict=True))
    first: dict[str, dict[str, int]] = defaultdict(dict)
    noted: dict[str, set[str]] = defaultdict(set)
    lost = 0
    for line, row in notes.meanings:
        code, transcript, meaning = row["code"], row["transcript_id"], row["meaning"]
        if code not in base.codes:
            hint = did_you_mean(code, base.codes)
            problems.add("error", "unknown_code", MEANINGS, f"no code {code!r}", hint, line=line)
        elif (code, transcript) not in coded or not meaning:
            lost += 1
        else:
            noted[code].add(transcript)
            at = position[transcript]
            first[code][meaning] = min(at, first[code].get(meaning, at))
    if lost:
        message = (
            f"{lost} of {len(notes.meanings)} notes name no meaning, or an interview whose "
            "consensus does not have the code; they do not count"
        )
        remedy = "Check the ids; delete the rows of people who withdrew."
        problems.add("warning", "unused_note", MEANINGS, message, remedy)
    seen = {code: min(position[name] for other, name in coded if other == code) for code in first}
    rows = [
        {
            "code": code,
            "n_interviews": len({name for other, name in coded if other == code}),
            "n_noted": len(noted[code]),
            "n_meanings": len(first[code]),
            "first_position": seen[code],
            "last_new_position": max(first[code].values()),
            "last_new_transcript": held[max(first[code].values()) - 1],
        }
        for code in base.codes
        if code in first
    ]
    return frame(rows, MEANING_SATURATION), problems.rows

"""What to code next: what the machine is unsure of, what is unlike the coded, what sites lack."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from themetrail.machine.features import ROWS, Floats, Places, Weighted, similarity, weighted
from themetrail.machine.folds import sampled
from themetrail.machine.learning import Documents
from themetrail.machine.material import Material

#: of one transcript at most so many turns are listed
TURNS_EACH = 2


def next_rows(
    found: Material,
    documents: Documents,
    probabilities: Floats | None,
    most: int,
    learned: int,
) -> list[dict[str, Any]]:
    """Rows of the contract ``machine_next``: transcripts, then single units, best first.

    A transcript's priority is the mean of three parts between 0 and 1. ``uncertainty``: mean over
    units of the largest 4p(1 - p) of any code (uncertainty sampling, Lewis & Gale 1994); nothing
    where no model could be trained. ``novelty``: mean over units of 1 - the largest similarity to
    a unit that is coded or was listed before. ``coverage``: 1 / (1 + transcripts of the site that
    are coded or were listed before). Transcripts are taken one by one, and what was taken
    counts for the next.

    Parameters
    ----------
    found : the study's units.
    documents : the same as documents.
    probabilities : of the waiting units, in their order; None where there is no model.
    most : how many transcripts, and how many units, are listed.
    learned : to how many coded units, drawn by a hash, the waiting ones are compared at most.
    """
    waiting = found.waiting
    if not len(waiting) or most < 1:
        return []
    unsure = np.zeros(len(waiting))
    if probabilities is not None and probabilities.size:
        unsure = (4 * probabilities * (1 - probabilities)).max(axis=1)
    coded = sampled(found.units, found.judged, learned)
    block = next(block for block in documents.blocks if block.name == "words")
    table = weighted(block, coded if len(coded) else waiting)
    known = _nearest(table, waiting, coded)
    return _transcripts(found, table, unsure, known.copy(), most) + _units(
        found, table, unsure, known, most
    )


def _nearest(table: Weighted, units: Places, others: Places) -> Floats:
    """The largest similarity of each unit to any of the others."""
    found = np.zeros(len(units))
    if not len(others):
        return found
    for first in range(0, len(units), ROWS):
        part = slice(first, first + ROWS)
        for start in range(0, len(others), ROWS):
            block = similarity(table.rows(units[part]), table.rows(others[start : start + ROWS]))
            found[part] = np.maximum(found[part], block.max(axis=1))
    return found


def _transcripts(
    found: Material, table: Weighted, unsure: Floats, known: Floats, most: int
) -> list[dict[str, Any]]:
    """Whole transcripts, taken greedily; ``known`` grows with what is taken."""
    waiting = found.waiting
    names = found.units["transcript_id"].to_numpy(dtype=object)
    site_of = dict(zip(names, found.units["site"], strict=True))
    left = sorted(set(names[waiting]))
    places = {name: np.flatnonzero(names[waiting] == name) for name in left}
    coded = Counter(site_of[name] for name in sorted(set(names[found.judged])))
    rows: list[dict[str, Any]] = []
    while left and len(rows) < most:
        parts = {
            name: (
                float(unsure[places[name]].mean()),
                float(1 - known[places[name]].mean()),
                1 / (1 + coded[site_of[name]]),
            )
            for name in left
        }
        best = max(left, key=lambda name: (round(sum(parts[name]), 9), name))
        rows.append(_row("transcript", len(rows) + 1, site_of[best], best, None, parts[best]))
        rows[-1]["n_units"] = len(places[best])
        left.remove(best)
        coded[site_of[best]] += 1
        known = np.maximum(known, _nearest(table, waiting, waiting[places[best]]))
    return rows


def _units(
    found: Material, table: Weighted, unsure: Floats, known: Floats, most: int
) -> list[dict[str, Any]]:
    """Single units, taken greedily by uncertainty and novelty."""
    waiting = found.waiting
    taken: Counter[str] = Counter()
    free = np.ones(len(waiting), dtype=bool)
    sites, names = (found.units[name].to_numpy(dtype=object) for name in ("site", "transcript_id"))
    rows: list[dict[str, Any]] = []
    while free.any() and len(rows) < most:
        value = np.where(free, np.round(unsure + 1 - known, 9), -1.0)
        at = int(np.argmax(value))
        unit = int(waiting[at])
        parts = (float(unsure[at]), float(1 - known[at]), None)
        rows.append(
            _row("turn", len(rows) + 1, sites[unit], names[unit], found.units.iloc[unit], parts)
        )
        free[at] = False
        taken[names[unit]] += 1
        if taken[names[unit]] >= TURNS_EACH:
            free &= names[waiting] != names[unit]
        known = np.maximum(known, _nearest(table, waiting, waiting[[at]]))
    return rows


def _row(
    kind: str,
    rank: int,
    site: str,
    transcript: str,
    unit: Any,
    parts: tuple[float, float, float | None],
) -> dict[str, Any]:
    """One row, numbers to six digits."""
    known = [part for part in parts if part is not None]
    return {
        "kind": kind,
        "rank": rank,
        "site": site,
        "transcript_id": transcript,
        "unit": None if unit is None else int(unit["unit"]),
        "turn": None if unit is None else int(unit["turn"]),
        "n_units": 1,
        "priority": round(sum(known) / len(known), 6),
        "uncertainty": round(parts[0], 6),
        "novelty": round(parts[1], 6),
        "coverage": np.nan if parts[2] is None else round(parts[2], 6),
    }

"""What is held out together: a site, or a transcript; in a large study groups of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Scheme = Literal["site", "transcript"]
#: groups within a training set, to choose and calibrate
INNER = 3


@dataclass(frozen=True)
class Fold:
    """Units held out together, and the units that may be learned from without them.

    Attributes
    ----------
    name : the site or transcript held out; of groups, their number.
    held, training : positions of units.
    inner : of each training unit, the group it is left out with inside the training set.
    around : the fold of the scheme ``site`` that holds all units held out here; -1 for none.
    """

    name: str
    held: NDArray[np.intp]
    training: NDArray[np.intp]
    inner: NDArray[np.int64]
    around: int = -1


def site_folds(
    units: pd.DataFrame, judged: NDArray[np.intp], most: int, learned: int
) -> list[Fold]:
    """One fold a site; beyond ``most`` sites, groups of sites dealt in order of their names.

    Parameters
    ----------
    units : with columns site, transcript_id, unit.
    judged : positions of the units that somebody judged.
    most : the most folds.
    learned : the most units that a model learns from (``sampled``).
    """
    sites = units["site"].to_numpy(dtype=object)[judged]
    names = sorted(set(sites))
    if len(names) < 2:
        return []
    group = _dealt(names, most)
    member = np.array([group[name] for name in sites])
    usable = sampled(units, judged, learned)
    folds = []
    for place in range(max(group.values()) + 1):
        inside = [name for name in names if group[name] == place]
        held = judged[member == place]
        training = np.setdiff1d(usable, held)
        rest = units["site"].to_numpy(dtype=object)[training]
        inner = _inner(rest, units["transcript_id"].to_numpy(dtype=object)[training])
        name = inside[0] if len(inside) == 1 else f"group {place + 1}"
        folds.append(Fold(name, held, training, inner))
    return folds


def transcript_folds(
    units: pd.DataFrame,
    judged: NDArray[np.intp],
    most: int,
    learned: int,
    sites: Sequence[Fold] = (),
) -> list[Fold]:
    """One fold a transcript; beyond ``most``, groups of transcripts of one fold of sites."""
    transcripts = units["transcript_id"].to_numpy(dtype=object)
    if len(set(transcripts[judged])) < 3:
        return []
    usable = sampled(units, judged, learned)
    folds: list[Fold] = []
    around = [fold.held for fold in sites] or [judged]
    share = max(most // len(around), 1)
    for outer, pool in enumerate(around):
        names = sorted(set(transcripts[pool]))
        group = _dealt(names, share if len(set(transcripts[judged])) > most else len(names))
        member = np.array([group[name] for name in transcripts[pool]])
        for place in range(max(group.values()) + 1):
            held = pool[member == place]
            training = np.setdiff1d(usable, held)
            inner = _inner(transcripts[training], transcripts[training])
            inside = sorted(set(transcripts[held]))
            name = inside[0] if len(inside) == 1 else f"group {len(folds) + 1}"
            folds.append(Fold(name, held, training, inner, outer if sites else -1))
    return folds


def whole(units: pd.DataFrame, judged: NDArray[np.intp], learned: int) -> Fold:
    """Everything judged as a training set; nothing is held out."""
    training = sampled(units, judged, learned)
    sites = units["site"].to_numpy(dtype=object)[training]
    inner = _inner(sites, units["transcript_id"].to_numpy(dtype=object)[training])
    return Fold("", np.zeros(0, dtype=np.intp), training, inner)


def _dealt(names: Sequence[str], most: int) -> dict[str, int]:
    """Names to groups, dealt in turn, so that groups are even."""
    return {name: place % most for place, name in enumerate(names)}


def _inner(first: NDArray[np.object_], second: NDArray[np.object_]) -> NDArray[np.int64]:
    """Groups of training units: by the first names where there are two or more, else the second."""
    names = first if len(set(first)) > 1 else second
    group = _dealt(sorted(set(names)), INNER)
    return np.array([group[name] for name in names], dtype=np.int64)


def sampled(units: pd.DataFrame, judged: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most so many of the judged units, drawn by a hash of transcript and number alone."""
    if len(judged) <= most:
        return judged
    keys = zip(units["transcript_id"], units["unit"], strict=True)
    rank = [hashlib.sha256(f"{name}\x1f{unit}".encode()).digest() for name, unit in keys]
    return np.sort(np.array(sorted(judged.tolist(), key=lambda at: rank[at])[:most], dtype=np.intp))

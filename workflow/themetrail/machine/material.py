"""What a machine learns from: units, the consensus on them, the codebook's own words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from themetrail.consensus.overlap import touching

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook

Ratings = NDArray[np.int8]
MISSING = -1


@dataclass(frozen=True)
class Material:
    """All units of a study, in the order of sites, transcripts and places.

    Attributes
    ----------
    units : contract ``units`` with a column ``site``. Interviewers' turns are no units, and who is
        left out of the study has none.
    texts : the words of each unit.
    codes : codes in use.
    coders : people (or programs) whose files the study holds.
    consensus : units × codes: 1 in the consensus, 0 not, -1 where nobody judged the transcript.
    human : units × coders × codes: 1 marked, 0 unmarked, -1 where the coder did not judge.
    passages, passage_unit, passage_code : the consensus's segments: words, position of the unit,
        position of the code.
    book : the codebook's own words on each code.
    """

    units: pd.DataFrame
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    coders: tuple[str, ...]
    consensus: Ratings
    human: Ratings
    passages: tuple[str, ...]
    passage_unit: NDArray[np.intp]
    passage_code: NDArray[np.intp]
    book: tuple[str, ...]

    @property
    def judged(self) -> NDArray[np.intp]:
        """Positions of the units that somebody judged."""
        if not self.codes:
            return np.zeros(0, dtype=np.intp)
        return np.flatnonzero(self.consensus[:, 0] != MISSING)

    @property
    def waiting(self) -> NDArray[np.intp]:
        """Positions of the units that nobody judged."""
        return np.setdiff1d(np.arange(len(self.texts)), self.judged)


def material(tables: Mapping[str, pd.DataFrame], codebook: Codebook) -> Material:
    """Gather what a machine may learn from.

    Parameters
    ----------
    tables : ``transcripts, units, spans, coverage, segments`` under their contracts, all sites
        together; ``segments`` are those that people's codings came to.
    codebook : its codes in use are learned, in its order.
    """
    units = _placed(tables["units"], tables["transcripts"])
    texts = dict(
        zip(tables["transcripts"]["transcript_id"], tables["transcripts"]["text"], strict=True)
    )
    words = _words(units, texts)
    codes = codebook.active
    judges = _judges(tables["spans"], tables["coverage"])
    coders = tuple(sorted({name for names in judges.values() for name in names}))
    segments = _segments(tables["segments"], units, codes)
    return Material(
        units,
        words,
        codes,
        coders,
        _consensus(units, segments, judges, len(codes)),
        _human(units, tables["spans"], judges, coders, codes),
        _words(segments, texts),
        segments["at"].to_numpy(dtype=np.intp),
        segments["code_at"].to_numpy(dtype=np.intp),
        tuple(_described(codebook, code) for code in codes),
    )


def _placed(units: pd.DataFrame, transcripts: pd.DataFrame) -> pd.DataFrame:
    """Units with their site, in a fixed order."""
    sites = dict(zip(transcripts["transcript_id"], transcripts["site"], strict=True))
    table = units.assign(site=[sites[name] for name in units["transcript_id"]])
    return table.sort_values(["site", "transcript_id", "unit"], kind="stable", ignore_index=True)


def _words(table: pd.DataFrame, texts: Mapping[str, str]) -> tuple[str, ...]:
    places = zip(table["transcript_id"], table["start"], table["end"], strict=True)
    return tuple(texts[name][start:end] for name, start, end in places)


def _judges(spans: pd.DataFrame, coverage: pd.DataFrame) -> dict[str, set[str]]:
    """Transcript to the coders who judged it."""
    judges: dict[str, set[str]] = {}
    for table in (coverage, spans):
        for coder, name in zip(table["coder"], table["transcript_id"], strict=True):
            judges.setdefault(name, set()).add(coder)
    return judges


def _segments(segments: pd.DataFrame, units: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Segments of codes in use with the positions of their unit and code."""
    keys = zip(units["transcript_id"], units["unit"], strict=True)
    at = {key: place for place, key in enumerate(keys)}
    used = segments[segments["code"].isin(codes)].sort_values(
        ["transcript_id", "start", "end", "code"], kind="stable"
    )
    places = zip(used["transcript_id"], used["unit"], strict=True)
    order = {code: place for place, code in enumerate(codes)}
    return used.assign(
        at=[at[key] for key in places], code_at=[order[code] for code in used["code"]]
    )


def _consensus(
    units: pd.DataFrame, segments: pd.DataFrame, judges: Mapping[str, set[str]], n_codes: int
) -> Ratings:
    labels = np.full((len(units), n_codes), MISSING, dtype=np.int8)
    labels[units["transcript_id"].isin(list(judges)).to_numpy(dtype=bool)] = 0
    labels[segments["at"].to_numpy(dtype=np.intp), segments["code_at"].to_numpy(dtype=np.intp)] = 1
    return labels


def _human(
    units: pd.DataFrame,
    spans: pd.DataFrame,
    judges: Mapping[str, set[str]],
    coders: Sequence[str],
    codes: Sequence[str],
) -> Ratings:
    ratings = np.full((len(units), len(coders), len(codes)), MISSING, dtype=np.int8)
    transcripts = units["transcript_id"].tolist()
    for place, coder in enumerate(coders):
        judged = [coder in judges.get(name, ()) for name in transcripts]
        ratings[np.array(judged, dtype=bool), place] = 0
    for place, coder in enumerate(coders):
        own = spans[(spans["coder"] == coder) & spans["code"].isin(codes)]
        ratings[:, place] = np.maximum(ratings[:, place], marked(units, own, codes) * 2 - 1)
    return ratings


def marked(units: pd.DataFrame, spans: pd.DataFrame, codes: Sequence[str]) -> Ratings:
    """Units × codes: 1 where a span with the code shares a character with the unit, else 0."""
    found = np.zeros((len(units), len(codes)), dtype=np.int8)
    order = {code: place for place, code in enumerate(codes)}
    left, right = touching(spans, units)
    column = np.array([order[code] for code in spans["code"]], dtype=np.intp)
    found[right, column[left]] = 1
    return found


def _described(codebook: Codebook, name: str) -> str:
    code = next(one for one in codebook.codes if one.id == name)
    return ". ".join(
        part for part in (code.label, code.definition, code.apply, code.example) if part
    )


def fingerprint(found: Material, settings: Mapping[str, Any]) -> str:
    """What the machine is made from, as eight hexadecimal digits: its name changes with it."""
    digest = hashlib.sha256()
    judged = found.judged
    for place in judged:
        digest.update(hashlib.sha256(found.texts[place].encode("utf-8", "replace")).digest())
    digest.update(found.consensus[judged].tobytes())
    digest.update("\x1f".join((*found.codes, *found.book)).encode("utf-8", "replace"))
    digest.update(repr(sorted(settings.items())).encode())
    return digest.hexdigest()[:8]

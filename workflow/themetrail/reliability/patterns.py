"""From spans to counts of rating patterns: the sufficient statistics of agreement, by site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail import contracts, tables
from themetrail.reliability.marks import (
    Marks,
    Units,
    check_judges,
    find_marks,
    read_judges,
    read_units,
    sorted_distinct,
)
from themetrail.reliability.sufficient import Ints

if TYPE_CHECKING:
    import pandas as pd


def count_patterns(
    units: pd.DataFrame,
    spans: pd.DataFrame,
    coverage: pd.DataFrame,
    codes: Sequence[str],
    themes: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Count how many units of each transcript show each pattern of ratings, by code and theme.

    A unit is *marked* by a coder with a code when one of the coder's spans of that code shares at
    least one character with the unit, and with a theme when it is marked with any code of the
    theme. A coder who judged the transcript and did not mark the unit rated it *unmarked*; a
    coder who did not judge the transcript is not listed.

    Parameters
    ----------
    units, spans, coverage : tables of one site under the contracts UNITS, SPANS, COVERAGE.
    codes : the codes to count, in the order of the result. A code that nobody used is counted
        too: everybody judged every unit *unmarked*. Spans of other codes are left out.
    themes : theme id -> its codes.

    Returns
    -------
    DataFrame under the contract PATTERNS, sorted by transcript, kind, code or theme in the order
    given, and pattern. Transcripts that nobody judged have no rows.

    Raises
    ------
    InputError
        Units overlap, or a coder marked a transcript that ``coverage`` does not give them.

    Notes
    -----
    Time is proportional to the number of spans plus units, not to units × coders × codes: the
    units that nobody marked are what remains of the transcript's number of units.
    """
    placed = read_units(units)
    judges = read_judges(coverage)
    parts = [_counted(placed, find_marks(placed, spans, codes), judges, "code", codes)]
    if themes:
        by_code: dict[str, list[str]] = {}
        for theme, of_theme in themes.items():
            for code in dict.fromkeys(of_theme):
                by_code.setdefault(code, []).append(theme)
        names = list(themes)
        marks = find_marks(placed, spans, names, by_code)
        parts.append(_counted(placed, marks, judges, "theme", names))
    import pandas as pd

    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values(["transcript_id", "kind"], kind="stable")
    return tables.conform(table, contracts.PATTERNS)


def _counted(
    units: Units,
    marks: Marks,
    judges: Mapping[str, Sequence[str]],
    kind: str,
    labels: Sequence[str],
) -> pd.DataFrame:
    """The rows of one kind (codes, or themes)."""
    import pandas as pd

    check_judges(marks, units, judges)
    judged = [judges.get(name, ()) for name in units.transcripts]
    transcript, label, rating, n_units = _marked_patterns(units, marks, judged, len(labels))
    unmarked = np.bincount(units.transcript, minlength=len(judged))[:, None].repeat(
        len(labels), axis=1
    )
    np.subtract.at(unmarked, (transcript, label), n_units)
    unmarked[[len(names) == 0 for names in judged]] = 0
    rest = np.nonzero(unmarked)
    table = pd.DataFrame(
        {
            "transcript": np.concatenate([transcript, rest[0]]),
            "label": np.concatenate([label, rest[1]]),
            "ratings": [*rating, *("0" * len(judged[t]) for t in rest[0])],
            "n_units": np.concatenate([n_units, unmarked[rest]]),
        }
    ).sort_values(["transcript", "label", "ratings"], kind="stable")
    coders = np.array([";".join(names) for names in judged], dtype=object)
    table["transcript_id"] = np.array(units.transcripts, dtype=object)[table["transcript"]]
    table["coders"] = coders[table["transcript"]]
    table["code"] = np.array(list(labels), dtype=object)[table["label"]]
    table["kind"] = kind
    return table[contracts.PATTERNS.names]


def _marked_patterns(
    units: Units, marks: Marks, judged: Sequence[Sequence[str]], n_labels: int
) -> tuple[Ints, Ints, list[str], Ints]:
    """Transcript, label, pattern and number of the units that at least one coder marked."""
    empty = np.zeros(0, dtype=np.int64)
    if len(marks.unit) == 0:
        return empty, empty, [], empty
    owner = units.transcript[marks.unit]
    place = np.full((len(judged), len(marks.coders)), -1, dtype=np.int64)
    for transcript, names in enumerate(judged):
        for at, name in enumerate(names):
            if name in marks.coders:
                place[transcript, marks.coders.index(name)] = at
    key = marks.unit * n_labels + marks.label
    first = np.concatenate([[True], key[1:] != key[:-1]])
    row = np.cumsum(first) - 1
    widths = np.array([len(names) for names in judged])[owner[first]]
    letters = np.zeros((int(first.sum()), int(widths.max())), dtype=np.uint8)
    letters[np.arange(letters.shape[1]) < widths[:, None]] = ord("0")
    letters[row, place[owner, marks.coder]] = ord("1")
    return _grouped(owner[first], marks.label[first], letters, n_labels)


def _grouped(
    transcript: Ints, label: Ints, letters: np.ndarray[Any, Any], n_labels: int
) -> tuple[Ints, Ints, list[str], Ints]:
    """Count equal (transcript, label, pattern) triples."""
    words, word = np.unique(
        np.ascontiguousarray(letters).view(f"S{letters.shape[1]}").reshape(-1),
        return_inverse=True,
    )
    key = (transcript * n_labels + label) * len(words) + word.reshape(-1)
    keys, counts = sorted_distinct(key)
    rest, word = np.divmod(keys, len(words))
    transcript, label = np.divmod(rest, n_labels)
    texts = [text.decode("ascii") for text in words]
    return transcript, label, [texts[w] for w in word], counts

r"""Which codes go together: in overlapping segments, in a turn, in a person.

The expected count answers "more than by chance?" for people who say different amounts about
different things: each person's codes are shuffled among that person's own segments. The mean over
all shuffles has a closed form, so nothing is simulated. For a person with :math:`S` segments, of
which :math:`k_a` and :math:`k_b` carry codes *a* and *b*:

- two given segments carry *a* and *b* with probability :math:`2 k_a k_b / (S (S - 1))`;
- a turn with *s* segments lacks a set of codes carried by *m* segments with probability
  :math:`h(m) = \binom{S - m}{s} / \binom{S}{s}` (hypergeometric), so that it has both with
  :math:`1 - h(k_a) - h(k_b) + h(k_a + k_b)`.

By linearity the sums over pairs and turns are the exact means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from themetrail.consensus.overlap import touching
from themetrail.contracts import COOCCURRENCE
from themetrail.synthesis.base import Base
from themetrail.tables import frame

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def cooccurrence_table(base: Base) -> pd.DataFrame:
    """Contract ``cooccurrence``: every pair of codes in use at each level, zeros included.

    Without turns (whole documents as units) the level turn has no rows.
    """
    import numpy as np
    import pandas as pd

    segments = base.segments
    code = pd.Index(base.codes).get_indexer(pd.Index(segments["code"]))
    # Segments whose speaker is not known are shuffled within their transcript.
    own = segments["participant_id"] != ""
    voice = segments["participant_id"].where(own, "\x1f" + segments["transcript_id"])
    person = pd.factorize(voice)[0]
    turns = pd.factorize(
        pd.MultiIndex.from_frame(segments[["transcript_id", "turn"]].reset_index(drop=True))
    )[0]
    has_turn = segments["turn"].to_numpy() > 0
    rows: list[dict[str, Any]] = []
    rows += _rows(base, "span", *_span_level(segments, code, person, len(base.codes)))
    if has_turn.any():
        held, said, where = code[has_turn], person[has_turn], turns[has_turn]
        expected = _expected_in_turns(held, said, where, len(base.codes))
        rows += _rows(base, "turn", _together(where, held, len(base.codes)), expected)
    named = own.to_numpy()
    counts = _together(person[named], code[named], len(base.codes))
    rows += _rows(base, "participant", counts, np.full(counts.shape, np.nan))
    return frame(rows, COOCCURRENCE)


def _rows(
    base: Base, level: str, counts: NDArray[np.int_], expected: NDArray[np.float64]
) -> Iterator[dict[str, Any]]:
    """Pairs of codes that both occur, in the order of the codebook."""
    used = [at for at in range(len(base.codes)) if counts[at, at] > 0]
    for position, a in enumerate(used):
        for b in used[position + 1 :]:
            n, n_a, n_b = int(counts[a, b]), int(counts[a, a]), int(counts[b, b])
            yield {
                "level": level,
                "code_a": base.codes[a],
                "code_b": base.codes[b],
                "n": n,
                "n_a": n_a,
                "n_b": n_b,
                "jaccard": n / (n_a + n_b - n),
                "expected": float(expected[a, b]),
            }


def _together(place: NDArray[np.int_], code: NDArray[np.int_], n_codes: int) -> NDArray[np.int_]:
    """Places that have both codes, codes × codes; the diagonal counts places with the code."""
    import numpy as np
    from scipy.sparse import csr_array

    if not len(place):
        return np.zeros((n_codes, n_codes), dtype=np.int64)
    shape = (int(place.max()) + 1, n_codes)
    found = csr_array((np.ones(len(place), dtype=np.int64), (place, code)), shape=shape)
    found.sum_duplicates()
    found.data[:] = 1
    together: NDArray[np.int_] = (found.T @ found).toarray()
    return together


def _span_level(
    segments: pd.DataFrame, code: NDArray[np.int_], person: NDArray[np.int_], n_codes: int
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Overlapping pairs of segments by their codes, and their expected number."""
    import numpy as np

    counts = np.zeros((n_codes, n_codes), dtype=np.int64)
    np.add.at(counts, (code, code), 1)
    left, right = touching(segments, segments)
    once = left < right
    left, right = left[once], right[once]
    differ = code[left] != code[right]
    pairs = (code[left[differ]], code[right[differ]])
    np.add.at(counts, pairs, 1)
    np.add.at(counts, pairs[::-1], 1)
    within = person[left] == person[right]
    n_people = int(person.max()) + 1 if len(person) else 0
    overlaps = np.bincount(person[left[within]], minlength=n_people)
    carried = _carried(person, code, n_codes)
    sizes = carried.sum(axis=1)
    weight = np.divide(2.0 * overlaps, sizes * (sizes - 1), out=np.zeros(n_people), where=sizes > 1)
    # Added person by person: a matrix product may add in another order on another machine.
    return counts, np.einsum("pa,p,pb->ab", carried, weight, carried)


def _carried(person: NDArray[np.int_], code: NDArray[np.int_], n_codes: int) -> NDArray[np.float64]:
    """Segments of each person with each code, people × codes."""
    import numpy as np

    n_people = int(person.max()) + 1 if len(person) else 0
    flat = np.bincount(person * n_codes + code, minlength=n_people * n_codes)
    return flat.reshape(n_people, n_codes).astype(np.float64)


def _expected_in_turns(
    code: NDArray[np.int_], person: NDArray[np.int_], turn: NDArray[np.int_], n_codes: int
) -> NDArray[np.float64]:
    """Expected turns with both codes when each person's codes are shuffled."""
    import numpy as np

    expected = np.zeros((n_codes, n_codes))
    carried = _carried(person, code, n_codes).astype(np.int64)
    # Segments of each person in each turn; two speakers never share a turn, but may a document.
    _, first, sizes = np.unique(
        turn * (int(person.max()) + 1) + person, return_index=True, return_counts=True
    )
    shapes, how_many = np.unique(
        np.column_stack([person[first], sizes]), axis=0, return_counts=True
    )
    for (who, size), n_turns in zip(shapes.tolist(), how_many.tolist(), strict=True):
        held = np.flatnonzero(carried[who])
        k = carried[who, held]
        lacks = _lacks(int(k.sum()), size)
        both = 1 - lacks[k][:, None] - lacks[k][None, :] + lacks[k[:, None] + k[None, :]]
        expected[np.ix_(held, held)] += n_turns * both
    return expected


def _lacks(total: int, drawn: int) -> NDArray[np.float64]:
    """Chance that ``drawn`` of ``total`` segments miss ``m`` given ones, for m = 0 … 2 × total.

    The second half is never used for two different codes, whose segments are at most all; it
    keeps the diagonal of the table addressable.
    """
    import numpy as np

    m = np.arange(2 * total + 1)[:, None]
    steps = np.arange(drawn)[None, :]
    share = np.maximum(total - m - steps, 0) / (total - steps)
    missed: NDArray[np.float64] = share.prod(axis=1)
    return missed

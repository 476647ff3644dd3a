"""Random continua for gamma's expected disorder: what coders without a common text would mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from themetrail.reliability.gamma_dissimilarity import Floats, Ints, Units

SHORTEST = 1e-6  # a drawn unit shorter than this is drawn again
Sampler = Callable[[np.random.Generator], list[Units]]


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation (divisor n)."""

    mean: float
    spread: float

    def draw(self, generator: np.random.Generator, size: int) -> Floats:
        """Normal numbers."""
        return generator.normal(self.mean, self.spread, size)


def _moments(values: Sequence[float]) -> Moments:
    """Moments of values, the same bits in whatever order they come."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    return Moments(float(ordered.mean()), float(ordered.std()))


def statistical_sampler(units: Sequence[Units], length: int) -> Sampler:
    """Draw numbers of units, gaps and lengths from normal distributions, codes by frequency.

    The moments are those of the observed continuum. Gaps are those between one coder's
    neighbouring units (negative where they overlap), the stretch before each coder's first unit
    where there is one, and one gap of 0. This is the default sampler of pygamma-agreement
    (Titeux & Riad 2021, JOSS 6(62), 2989), whose values are thus comparable.

    Parameters
    ----------
    units : each coder's units, sorted by start.
    length : of the text; not used: positions follow from gaps and lengths.
    """
    gaps = [0.0]
    for own in units:
        gaps.extend((own.start[1:] - own.end[:-1]).tolist())
        gaps.extend(start for start in own.start[:1].tolist() if start > 0)
    gap = _moments(gaps)
    duration = _moments([x for own in units for x in (own.end - own.start).tolist()])
    number = _moments([len(own) for own in units])
    codes = np.bincount(np.concatenate([own.code for own in units]))
    share = codes / codes.sum()

    def sample(generator: np.random.Generator) -> list[Units]:
        drawn: list[Units] = []
        for _ in units:
            count = abs(int(generator.normal(number.mean, number.spread)))
            if not any(map(len, drawn)):
                count = max(1, count)  # never an empty continuum
            steps = gap.draw(generator, count)
            lengths = _lengths(duration, generator, count)
            end = np.cumsum(steps + lengths)
            code = generator.choice(len(share), size=count, p=share)
            drawn.append(Units(end - lengths, end, code))
        return drawn

    return sample


def _lengths(duration: Moments, generator: np.random.Generator, count: int) -> Floats:
    """Lengths of units, above zero."""
    lengths = np.abs(duration.draw(generator, count))
    while (short := np.flatnonzero(lengths < SHORTEST)).size:
        lengths[short] = np.abs(duration.draw(generator, short.size))
    return lengths


def shuffle_sampler(units: Sequence[Units], length: int) -> Sampler:
    """Take the units of coders drawn at random, each rotated by a random shift of its own.

    The shifts are whole numbers, at least half a mean unit's length apart while there is room;
    a unit that would begin beyond the end of the text goes on from its start. The sampler of
    Mathet, Widlöcher & Métivier (2015), section 5.2.
    """
    lengths = np.concatenate([own.end - own.start for own in units])
    distance = float(np.sort(lengths).mean()) / 2

    def sample(generator: np.random.Generator) -> list[Units]:
        drawn: list[Units] = []
        while not any(map(len, drawn)):  # never an empty continuum
            shifts: list[int] = []
            for _ in units:
                shifts.append(_shift(shifts, distance, length, generator))
            picked = generator.integers(len(units), size=len(units))
            drawn = [
                _rotated(units[coder], shift, length)
                for coder, shift in zip(picked.tolist(), shifts, strict=True)
            ]
        return drawn

    return sample


def _shift(taken: list[int], distance: float, length: int, generator: np.random.Generator) -> int:
    """A whole shift from what is farther than ``distance`` from all taken ones, else from all."""
    free = [(0.0, float(length))]
    for point in taken:
        low, high = point - distance, point + distance
        sides = [side for a, b in free for side in ((a, min(b, low)), (max(a, high), b))]
        free = [(a, b) for a, b in sides if a < b]
    stretches = np.array(free or [(0.0, float(length))])
    widths = stretches[:, 1] - stretches[:, 0]
    place = generator.random() * widths.sum()
    index = min(int(np.searchsorted(np.cumsum(widths), place, side="right")), len(widths) - 1)
    return int(stretches[index, 1] - (np.cumsum(widths)[index] - place))


def _rotated(own: Units, shift: int, length: int) -> Units:
    """All units moved by ``shift``; those that begin beyond the text start again."""
    back = np.where(own.start + shift > length, length, 0)
    return Units(own.start + shift - back, own.end + shift - back, own.code)


SAMPLERS: dict[str, Callable[[Sequence[Units], int], Sampler]] = {
    "statistical": statistical_sampler,
    "shuffle": shuffle_sampler,
}


def generators(seed: int, first: int, count: int) -> list[np.random.Generator]:
    """Independent generators for the samples ``first`` … of one seed."""
    return [
        np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))
        for index in range(first, first + count)
    ]


def canonical(units: Sequence[Units]) -> list[Units]:
    """The same continuum with coders and codes in an order that their names have no part in.

    Codes are numbered by how often and where they were used, coders sorted by what they marked;
    so renaming or reordering either leaves every draw, and gamma, as it was.
    """
    places: dict[int, list[tuple[float, float]]] = {}
    for own in units:
        rows = zip(own.start.tolist(), own.end.tolist(), own.code.tolist(), strict=True)
        for start, end, code in rows:
            places.setdefault(code, []).append((start, end))
    order = sorted(places, key=lambda code: (-len(places[code]), sorted(places[code])))
    number = {code: index for index, code in enumerate(order)}
    renamed = [_renamed(own, number) for own in units]
    return sorted(renamed, key=lambda own: [*map(tuple, _rows(own))])


def _renamed(own: Units, number: dict[int, int]) -> Units:
    """Units with new code numbers, sorted by place and code."""
    code: Ints = np.array([number[k] for k in own.code.tolist()], dtype=np.int64)
    order = np.lexsort((code, own.end, own.start))
    return Units(own.start[order], own.end[order], code[order])


def _rows(own: Units) -> list[tuple[float, float, int]]:
    """Units as rows."""
    return list(zip(own.start.tolist(), own.end.tolist(), own.code.tolist(), strict=True))

"""Gamma of Mathet, Widlöcher & Métivier (2015): agreement on where, what and how many at once.

The best alignment is exact (``gamma_alignment``); the expected disorder is a mean over random
continua (``gamma_sampling``), so that gamma has a Monte-Carlo error, which is reported.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail.errors import InputError, NotEstimableError, did_you_mean
from themetrail.reliability.gamma_alignment import best_alignment
from themetrail.reliability.gamma_dissimilarity import Floats, Units, Weights
from themetrail.reliability.gamma_sampling import SAMPLERS, canonical, generators
from themetrail.reliability.unitizing_input import Continuum, continuum
from themetrail.reliability.unitizing_reasons import Reason

if TYPE_CHECKING:
    import pandas as pd

MOST_SAMPLES = 100_000


@dataclass(frozen=True)
class Settings:
    """What gamma depends on besides the spans.

    Attributes
    ----------
    weights : of the dissimilarity.
    samples : random continua, at least 1 (2 for an interval).
    precision : None, or the relative half-width that the mean disorder of the samples is to
        have with 95 % confidence; samples are added until it has (section 5.3 of the paper).
    sampler : "statistical" or "shuffle".
    seed : of the samples.
    threads : samples aligned at once; the result does not depend on it.
    """

    weights: Weights = field(default_factory=Weights)
    samples: int = 30
    precision: float | None = None
    sampler: str = "statistical"
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        if not _whole(self.samples) or not 1 <= self.samples <= MOST_SAMPLES:
            message = f"gamma's samples are {self.samples!r}; expected 1 to {MOST_SAMPLES}."
            raise InputError(message)
        if not _whole(self.seed) or self.seed < 0:
            message = f"The seed is {self.seed!r}; expected a whole number of at least 0."
            raise InputError(message)
        if not _whole(self.threads) or self.threads < 1:
            message = f"The threads are {self.threads!r}; expected a whole number from 1."
            raise InputError(message)
        if self.precision is not None and not (
            isinstance(self.precision, float) and 0 < self.precision < 1
        ):
            message = f"gamma's precision is {self.precision!r}; expected a number in (0, 1)."
            raise InputError(message)
        if self.sampler not in SAMPLERS:
            message = f"No sampler {self.sampler!r}. {did_you_mean(self.sampler, SAMPLERS)}"
            raise InputError(message)

    def describe(self, samples: int) -> str:
        """All of them in words, as they belong into a report."""
        w = self.weights
        return (
            f"{self.sampler} sampler, {samples} samples, seed {self.seed}; "
            f"alpha {w.alpha:g}, beta {w.beta:g}, delta_empty {w.delta_empty:g}"
        )


@dataclass(frozen=True)
class Gamma:
    """Gamma and what it is made of.

    Attributes
    ----------
    observed : disorder of the best alignment.
    chance : disorder of the best alignment of each sample; empty where none was needed.
    """

    observed: float
    chance: Floats

    @property
    def expected(self) -> float:
        """Mean disorder of the samples; NaN without samples."""
        return float(self.chance.mean()) if len(self.chance) else math.nan

    @property
    def value(self) -> float:
        """1 - observed / expected disorder; 1 where the observed disorder is 0."""
        return 1.0 if self.observed == 0 else 1 - self.observed / self.expected

    @property
    def expected_error(self) -> float:
        """Monte-Carlo standard error of the expected disorder; NaN below two samples."""
        n = len(self.chance)
        return float(self.chance.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan

    @property
    def error(self) -> float:
        """Monte-Carlo standard error of gamma; 0 where the observed disorder is 0."""
        if self.observed == 0:
            return 0.0
        return self.observed * self.expected_error / self.expected**2

    def interval(self, confidence: float) -> tuple[float, float]:
        """Where gamma would lie with endless samples: t interval of the expected disorder."""
        from scipy.special import stdtrit

        if self.observed == 0:
            return 1.0, 1.0
        if len(self.chance) < 2:
            return math.nan, math.nan
        half = float(stdtrit(len(self.chance) - 1, (1 + confidence) / 2)) * self.expected_error
        low = self.expected - half  # where it reaches 0, gamma has no lower end
        ends = 1 - self.observed / low if low > 0 else math.nan
        return ends, 1 - self.observed / (self.expected + half)


def gamma(part: Continuum, settings: Settings | None = None) -> Gamma:
    """Observed and expected disorder of the spans of two or more coders.

    Raises
    ------
    NotEstimableError
        ``one_coder``, ``no_spans``, ``too_many_candidate_alignments``,
        ``alignment_not_proved_best`` or ``no_expected_disorder``.

    References
    ----------
    Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3), 437-479.
    """
    how = settings or Settings()
    units = canonical(units_of(part))
    observed = best_alignment(units, how.weights).disorder
    if observed == 0:
        return Gamma(0.0, np.zeros(0))
    draw = SAMPLERS[how.sampler](units, part.length)

    def disorder(generator: np.random.Generator) -> float:
        return best_alignment(draw(generator), how.weights).disorder

    def disorders(first: int, count: int) -> list[float]:
        with ThreadPoolExecutor(how.threads) as pool:
            return list(pool.map(disorder, generators(how.seed, first, count)))

    chance = disorders(0, how.samples)
    if how.precision is not None:
        needed = _samples_needed(np.array(chance), how.precision)
        chance += disorders(len(chance), needed - len(chance))
    if not any(chance):
        raise NotEstimableError(Reason.NO_EXPECTED_DISORDER)
    return Gamma(observed, np.array(chance))


def _samples_needed(chance: Floats, precision: float) -> int:
    """How many samples give the mean the wanted relative precision."""
    variation = float(chance.std()) / float(chance.mean()) if chance.any() else 0.0
    needed = math.ceil((variation * 1.96 / precision) ** 2)
    return min(max(len(chance), needed), MOST_SAMPLES)


def units_of(part: Continuum) -> list[Units]:
    """Each coder's spans as units."""
    return [
        Units(start.astype(np.float64), end.astype(np.float64), code)
        for start, end, code in part.by_coder()
    ]


def _whole(value: Any) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def align(
    spans: pd.DataFrame,
    length: int,
    *,
    coders: Iterable[str] | None = None,
    alpha: float = 1.0,
    beta: float = 1.0,
    delta_empty: float = 1.0,
) -> pd.DataFrame:
    """The best alignment itself: which spans of the coders belong together.

    Parameters
    ----------
    spans, length, coders : as for ``themetrail.reliability.unitizing``.
    alpha, beta, delta_empty : see ``gamma_dissimilarity.Weights``.

    Returns
    -------
    DataFrame with the columns ``alignment, coder, start, end, code``: every span once; spans of
    one number were aligned, a number of its own means that nobody else marked the like.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("ann", 0, 6, "trust"), ("ann", 40, 50, "cost"), ("ben", 1, 6, "trust")]
    >>> spans = pd.DataFrame(rows, columns=["coder", "start", "end", "code"])
    >>> print(align(spans, 60).to_string(index=False))
     alignment coder  start  end  code
             1   ann      0    6 trust
             1   ben      1    6 trust
             2   ann     40   50  cost
    """
    import pandas as pd

    text = continuum(spans, length, coders)
    found = best_alignment(units_of(text), Weights(alpha, beta, delta_empty))
    group = np.arange(text.n_spans) + len(found.members)
    for index, members in enumerate(found.members):
        group[members[members >= 0]] = index
    table = pd.DataFrame(
        {
            "alignment": group,
            "coder": [text.coders[k] for k in text.coder.tolist()],
            "start": text.start,
            "end": text.end,
            "code": [text.codes[k] for k in text.code.tolist()],
        }
    )
    first = table.groupby("alignment")[["start", "end"]].transform("min")
    order = np.lexsort((table["coder"].rank(), group, first["end"], first["start"]))
    table = table.iloc[order].reset_index(drop=True)
    table["alignment"] = pd.factorize(table["alignment"])[0] + 1
    return table

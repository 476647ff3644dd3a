"""How much to double-code for an interval of a wanted width."""

from __future__ import annotations

import math

from themetrail.errors import InputError


def kappa_sd(kappa: float, prevalence: float) -> float:
    """Standard deviation of Cohen's kappa times √n, two coders with the same share of marks.

    The large-sample variance of Fleiss, Cohen & Everitt (1969) for the 2 × 2 table that ``kappa``
    and ``prevalence`` determine; a unit's contribution, so the standard error is this / √n.

    Examples
    --------
    >>> round(kappa_sd(0.8, 0.3), 3)
    0.658
    """
    _share("prevalence", prevalence)
    if not -1 < kappa < 1:
        message = f"kappa lies between -1 and 1, not at {kappa}"
        raise InputError(message)
    p, q = prevalence, 1 - prevalence
    both, neither = p * p + kappa * p * q, q * q + kappa * p * q
    if min(both, neither) < 0:
        message = f"kappa {kappa} is impossible at prevalence {prevalence}"
        raise InputError(message)
    differ = p * q * (1 - kappa)
    observed, chance = both + neither, p * p + q * q
    # Gradient of kappa in the four cells: agreement counts 1/(1 - pe), and every cell moves the
    # margins of its row and column.
    slope = (1 - observed) / (1 - chance) ** 2
    gain = 1 / (1 - chance)
    cells = (
        (both, gain - 2 * slope * p),
        (neither, gain - 2 * slope * q),
        (2 * differ, -slope),
    )
    mean = sum(share * value for share, value in cells)
    return math.sqrt(max(sum(share * value**2 for share, value in cells) - mean**2, 0.0))


def units_needed(
    half_width: float,
    kappa: float,
    prevalence: float,
    confidence: float = 0.95,
    *,
    design_effect: float = 1.0,
) -> int:
    """Units to double-code so that kappa's interval reaches no further than ``half_width``.

    Parameters
    ----------
    half_width : wanted half width of the interval.
    kappa, prevalence : what is expected, from a pilot; both coders mark a share ``prevalence``.
    design_effect : how much larger the variance is because units come in transcripts
        (``design_effect``); 1 for independent units.

    Returns
    -------
    int
        Units. Rare codes need many: see how many *marked* units that leaves.

    Examples
    --------
    >>> [units_needed(0.1, 0.8, share) for share in (0.05, 0.1, 0.2, 0.3)]
    [768, 401, 222, 167]
    """
    from scipy.special import ndtri

    _share("half_width", half_width)
    _share("confidence", confidence)
    if design_effect <= 0:
        message = f"the design effect is positive, not {design_effect}"
        raise InputError(message)
    z = float(ndtri((1 + confidence) / 2))
    units = (z * kappa_sd(kappa, prevalence) / half_width) ** 2 * design_effect
    return math.ceil(units - 1e-9)


def units_needed_simple(
    half_width: float, kappa: float, prevalence: float, confidence: float = 0.95
) -> int:
    """The same by the shorter formula (z/h)² po(1 - po)/(1 - pe)², which takes pe as known.

    Examples
    --------
    >>> [units_needed_simple(0.1, 0.8, share) for share in (0.05, 0.1, 0.2, 0.3)]
    [794, 412, 225, 168]
    """
    from scipy.special import ndtri

    _share("half_width", half_width)
    _share("confidence", confidence)
    _share("prevalence", prevalence)
    z = float(ndtri((1 + confidence) / 2))
    chance = prevalence**2 + (1 - prevalence) ** 2
    observed = chance + kappa * (1 - chance)
    return math.ceil((z / half_width) ** 2 * observed * (1 - observed) / (1 - chance) ** 2 - 1e-9)


def half_width(
    units: int,
    kappa: float,
    prevalence: float,
    confidence: float = 0.95,
    *,
    design_effect: float = 1.0,
) -> float:
    """Half width of kappa's interval that a number of double-coded units gives.

    Examples
    --------
    >>> round(half_width(491, 0.75, 0.05), 3)
    0.138
    """
    from scipy.special import ndtri

    _share("confidence", confidence)
    if units < 1:
        message = f"at least one unit, not {units}"
        raise InputError(message)
    z = float(ndtri((1 + confidence) / 2))
    return z * kappa_sd(kappa, prevalence) * math.sqrt(design_effect / units)


def design_effect(se_clusters: float, se_units: float) -> float:
    """How much larger the variance is with transcripts as what was sampled, from a pilot.

    The squared ratio of the standard error over transcripts to that over units (Kish 1965).

    Examples
    --------
    >>> round(design_effect(0.06, 0.05), 2)
    1.44
    """
    if not (se_clusters > 0 and se_units > 0):
        message = "standard errors are positive"
        raise InputError(message)
    return (se_clusters / se_units) ** 2


def transcripts_needed(
    half_width: float,
    kappa: float,
    prevalence: float,
    units_per_transcript: float,
    confidence: float = 0.95,
    *,
    design_effect: float = 1.0,
) -> int:
    """Transcripts to double-code, at least two, since one says nothing about their variation.

    Examples
    --------
    >>> transcripts_needed(0.1, 0.8, 0.1, units_per_transcript=20, design_effect=1.5)
    31
    """
    if units_per_transcript <= 0:
        message = f"units per transcript are positive, not {units_per_transcript}"
        raise InputError(message)
    units = units_needed(half_width, kappa, prevalence, confidence, design_effect=design_effect)
    return max(2, math.ceil(units / units_per_transcript - 1e-9))


def _share(name: str, value: float) -> None:
    """Raise where a share is none."""
    if not 0 < value < 1:
        message = f"{name} lies between 0 and 1, not at {value}"
        raise InputError(message)

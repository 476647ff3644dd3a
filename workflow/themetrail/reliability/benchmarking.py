"""How probable it is that agreement lies in each band of a named scale, not only a word.

A coefficient with a wide interval does not *lie* in the band its estimate falls in. Gwet (2014,
chapter 6) takes the coefficient as normal around its estimate, cut to [-1, 1], and gives every
band its probability; the word to report is the highest band that is reached with a wanted
certainty, counted from above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from themetrail.errors import InputError, did_you_mean
from themetrail.reliability.sufficient import Floats

if TYPE_CHECKING:
    import pandas as pd

# Lower bounds from above. Printed bands leave gaps (.40 to .41): each here reaches to the next.
SCALES: dict[str, tuple[tuple[float, str], ...]] = {
    # Landis & Koch (1977), Biometrics 33:165
    "landis_koch": (
        (0.8, "almost perfect"),
        (0.6, "substantial"),
        (0.4, "moderate"),
        (0.2, "fair"),
        (0.0, "slight"),
        (-1.0, "poor"),
    ),
    # Altman (1991), Practical Statistics for Medical Research, p. 404
    "altman": (
        (0.8, "very good"),
        (0.6, "good"),
        (0.4, "moderate"),
        (0.2, "fair"),
        (-1.0, "poor"),
    ),
    # McHugh (2012), Biochemia Medica 22:279
    "mchugh": (
        (0.9, "almost perfect"),
        (0.8, "strong"),
        (0.6, "moderate"),
        (0.4, "weak"),
        (0.2, "minimal"),
        (-1.0, "none"),
    ),
    # Krippendorff (2004), Content Analysis, 2nd edition, p. 241
    "krippendorff": ((0.8, "reliable"), (0.667, "tentative"), (-1.0, "unreliable")),
}
# Scales are for coefficients corrected for chance.
NOT_CORRECTED = ("percent_", "positive_", "negative_", "specific_", "prevalence_", "bias_")
COLUMNS = ["coefficient", "scale", "band", "low", "high", "probability", "at_least"]


def benchmark(
    table: pd.DataFrame, scale: str = "landis_koch", certainty: float = 0.95
) -> pd.DataFrame:
    """Probability of each band of a scale, for every coefficient with a standard error.

    Parameters
    ----------
    table : with the columns ``coefficient, estimate, se``, from ``agreement``.
    scale : landis_koch, altman, mchugh or krippendorff.
    certainty : wanted probability of lying in the band or above.

    Returns
    -------
    DataFrame ``coefficient, scale, band, low, high, probability, at_least, reached``, bands from
    above. ``at_least`` is the probability of the band or a higher one; ``reached`` marks the
    highest band whose ``at_least`` is at least ``certainty``. Left out are rows without a standard
    error, with one of 0 (no variation, hence no knowledge of the uncertainty), and those not
    corrected for chance.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"coefficient": ["cohen_kappa"], "estimate": [0.7], "se": [0.1]})
    >>> benchmark(table)[["band", "probability", "reached"]].head(3).round(3).values.tolist()
    [['almost perfect', 0.158, False], ['substantial', 0.684, False], ['moderate', 0.158, True]]
    """
    from scipy.special import ndtr

    if scale not in SCALES:
        message = f"unknown scale {scale!r}. {did_you_mean(scale, SCALES)}"
        raise InputError(message)
    lows = np.array([low for low, _ in SCALES[scale]])
    highs = np.array([1.0, *lows[:-1]])
    parts = []
    columns = [table[name] for name in ("coefficient", "estimate", "se")]
    for name, estimate, error in zip(*columns, strict=True):
        if error > 0 and not str(name).startswith(NOT_CORRECTED):
            mass = ndtr((estimate - lows) / error) - ndtr((estimate - highs) / error)
            parts.append(_bands(str(name), scale, mass / mass.sum(), certainty))
    import pandas as pd

    if not parts:
        return pd.DataFrame(columns=[*COLUMNS, "reached"])
    return pd.concat(parts, ignore_index=True)


def _bands(name: str, scale: str, shares: Floats, certainty: float) -> pd.DataFrame:
    """One coefficient's rows."""
    import pandas as pd

    lows = [low for low, _ in SCALES[scale]]
    at_least = np.minimum(np.cumsum(shares), 1.0)
    at_least[-1] = 1.0
    reached = np.zeros(len(lows), dtype=bool)
    reached[int(np.argmax(at_least >= certainty))] = True
    return pd.DataFrame(
        {
            "coefficient": name,
            "scale": scale,
            "band": [word for _, word in SCALES[scale]],
            "low": lows,
            "high": [1.0, *lows[:-1]],
            "probability": shares,
            "at_least": at_least,
            "reached": reached,
        }
    )

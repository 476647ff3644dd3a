"""Words for the size of an agreement coefficient, each scale by its source.

Landis & Koch (1977) Biometrics 33:159; Altman (1991) Practical Statistics for Medical Research;
McHugh (2012) Biochemia Medica 22:276; Krippendorff (2004) Content Analysis, 2nd edition, p. 241.
The first three give bands to two decimals, so a value is rounded before it is looked up.
"""

from __future__ import annotations

SCALES: dict[str, tuple[tuple[float, str], ...]] = {
    "krippendorff": ((0.8, "reliable"), (0.667, "tentative"), (float("-inf"), "unreliable")),
    "landis_koch": (
        (0.81, "almost perfect"),
        (0.61, "substantial"),
        (0.41, "moderate"),
        (0.21, "fair"),
        (0.0, "slight"),
        (float("-inf"), "poor"),
    ),
    "mchugh": (
        (0.91, "almost perfect"),
        (0.80, "strong"),
        (0.60, "moderate"),
        (0.40, "weak"),
        (0.21, "minimal"),
        (float("-inf"), "none"),
    ),
    "altman": (
        (0.81, "very good"),
        (0.61, "good"),
        (0.41, "moderate"),
        (0.21, "fair"),
        (float("-inf"), "poor"),
    ),
}
SCALE_NAMES: dict[str, str] = {
    "krippendorff": "Krippendorff’s",
    "landis_koch": "Landis and Koch’s",
    "mchugh": "McHugh’s",
    "altman": "Altman’s",
}


def scale_word(value: float, scale: str) -> str:
    """The scale's word for a coefficient.

    >>> scale_word(0.75, "krippendorff"), scale_word(0.75, "landis_koch")
    ('tentative', 'substantial')
    """
    looked_up = value if scale == "krippendorff" else round(value, 2)
    return next(word for bound, word in SCALES[scale] if looked_up >= bound)

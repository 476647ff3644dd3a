"""A verdict on each code, by thresholds that the study states, with the reason in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

USABLE = "usable"
WEAK = "weak"
NOT_AUTOMATABLE = "not automatable"
TOO_LITTLE = "too little evidence"
VERDICTS = (USABLE, WEAK, NOT_AUTOMATABLE, TOO_LITTLE)


def verdict(row: Mapping[str, Any], thresholds: Mapping[str, Any]) -> tuple[str, str]:
    """The verdict on a code and why.

    Evidence comes first: kappa of a dozen units says little either way. Then kappa with the
    consensus decides, on units whose site (or transcript) the machine had not seen; ``usable`` asks
    besides that the lower end of its interval is not below what ``weak`` asks for.

    Parameters
    ----------
    row : of the contract ``machine_codes``.
    thresholds : ``machine.verdict`` of the configuration.

    Examples
    --------
    >>> row = {"n_positive": 40, "n_transcripts": 12, "n_sites": 3, "kappa": 0.31, "ci_low": 0.2,
    ...        "human_kappa": 0.8}
    >>> verdict(row, {"units": 20, "transcripts": 5, "sites": 2, "usable": 0.6, "weak": 0.4})
    ('not automatable', 'kappa 0.31 is below 0.4; the coders agree at 0.80')
    """
    asked = {"units": "n_positive", "transcripts": "n_transcripts", "sites": "n_sites"}
    if row.get("scheme") == "transcript":
        del asked["sites"]  # nothing is claimed there of sites not seen
    for what, column in asked.items():
        have, need = row[column], thresholds[what]
        if have < need:
            return TOO_LITTLE, f"{have} {what} have it, fewer than {need}"
    # Adding 0 takes the sign off a rounded nothing.
    kappa, low = round(float(row["kappa"]), 6) + 0.0, float(row["ci_low"])
    if math.isnan(kappa):
        return TOO_LITTLE, "kappa has no value"
    usable, weak = thresholds["usable"], thresholds["weak"]
    ceiling = float(row["human_kappa"])
    beside = "" if math.isnan(ceiling) else f"; the coders agree at {ceiling:.2f}"
    if kappa >= usable and (math.isnan(low) or low >= weak):
        return USABLE, f"kappa {round(kappa, 2) + 0.0:.2f} is at least {usable:g}{beside}"
    if kappa >= usable:
        return (
            WEAK,
            f"kappa {round(kappa, 2) + 0.0:.2f}, but its interval reaches below {weak:g}{beside}",
        )
    if kappa >= weak:
        return (
            WEAK,
            f"kappa {round(kappa, 2) + 0.0:.2f} is at least {weak:g} and below {usable:g}{beside}",
        )
    return NOT_AUTOMATABLE, f"kappa {round(kappa, 2) + 0.0:.2f} is below {weak:g}{beside}"

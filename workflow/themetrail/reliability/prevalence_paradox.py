"""The prevalence paradox, shown: high agreement and a low kappa on a rare code.

Feinstein & Cicchetti (1990) named it; Byrt, Bishop & Carlin (1993) took it apart into prevalence
and bias: kappa = (PABAK - PI² + BI²) / (1 - PI² + BI²).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

STATISTICS = (
    "percent_agreement",
    "cohen_kappa",
    "cohen_kappa_max",
    "pabak",
    "gwet_ac1",
    "positive_agreement",
    "negative_agreement",
    "prevalence_index",
    "bias_index",
)
HIGH_AGREEMENT = 0.85
SKEWED = 0.6


def paradox(ratings: Any, categories: Any = None) -> pd.DataFrame:
    """What hides behind a binary kappa of two coders.

    Parameters
    ----------
    ratings, categories : as ``agreement`` takes them; two coders, two categories.

    Returns
    -------
    DataFrame of one row: the coefficients above; ``kappa_rebuilt``, kappa from PABAK and the two
    indices; and ``paradox``: ``prevalence`` where agreement is at least .85, kappa below .6 and
    the prevalence index beyond ±.6, ``bias`` where the coders' shares differ by more than the
    rest of the disagreement explains (bias index beyond half the disagreement), both joined by
    ``;``, or nothing.

    Examples
    --------
    Feinstein & Cicchetti's table of 80/10/5/5: agreement .85, kappa .32.

    >>> rows = [(1, 1)] * 80 + [(1, 0)] * 10 + [(0, 1)] * 5 + [(0, 0)] * 5
    >>> paradox(rows)[["cohen_kappa", "positive_agreement", "paradox"]].round(2).values.tolist()
    [[0.32, 0.91, 'prevalence']]
    """
    import pandas as pd

    from themetrail.reliability.agreement_table import agreement

    table = agreement(ratings, "nominal", categories, STATISTICS)
    found = dict(zip(table["coefficient"], table["estimate"], strict=True))
    spread = found["prevalence_index"] ** 2 - found["bias_index"] ** 2
    found["kappa_rebuilt"] = (found["pabak"] - spread) / (1 - spread) if spread != 1 else None
    found["paradox"] = ";".join(_kinds(found))
    return pd.DataFrame([found])


def _kinds(found: dict[str, Any]) -> list[str]:
    """Which of the two effects is at work."""
    agreed, kappa = found["percent_agreement"], found["cohen_kappa"]
    kinds = []
    if agreed >= HIGH_AGREEMENT and kappa < SKEWED and abs(found["prevalence_index"]) > SKEWED:
        kinds.append("prevalence")
    if agreed < 1 and abs(found["bias_index"]) > (1 - agreed) / 2:
        kinds.append("bias")
    return kinds

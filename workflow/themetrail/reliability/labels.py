"""Names of the coefficients as one writes them in an appendix."""

from __future__ import annotations

LABELS = {
    "percent_agreement": "Percent agreement (pairs)",
    "percent_agreement_coincidence": "Percent agreement (by rating)",
    "percent_agreement_all_raters_equal": "Percent agreement (all equal)",
    "cohen_kappa": "Cohen's kappa",
    "cohen_kappa_max": "Largest kappa the margins allow",
    "cohen_pe": "Chance agreement (Cohen)",
    "fleiss_pe": "Chance agreement (Fleiss)",
    "conger_pe": "Chance agreement (Conger)",
    "gwet_pe": "Chance agreement (Gwet)",
    "krippendorff_pe": "Chance agreement (Krippendorff)",
    "prevalence": "Prevalence",
    "cohen_kappa_pooled": "Cohen's kappa, pooled over pairs",
    "scott_pi": "Scott's pi",
    "fleiss_kappa": "Fleiss' kappa",
    "conger_kappa": "Conger's kappa",
    "light_kappa": "Light's kappa",
    "brennan_prediger": "Brennan-Prediger",
    "pabak": "PABAK",
    "gwet_ac1": "Gwet's AC1",
    "gwet_ac2": "Gwet's AC2",
    "krippendorff_alpha": "Krippendorff's alpha",
    "positive_agreement": "Positive agreement",
    "negative_agreement": "Negative agreement",
    "prevalence_index": "Prevalence index",
    "bias_index": "Bias index",
    "specific_agreement": "Specific agreement",
    "fleiss_kappa_by_category": "Fleiss' kappa",
}
QUALIFIERS = {
    "linear": "linear weights",
    "quadratic": "quadratic weights",
    "ordinal": "ordinal weights",
    "linear_value_based": "linear weights of values",
    "quadratic_value_based": "quadratic weights of values",
    "linear_observed_categories": "linear weights, observed categories",
    "quadratic_observed_categories": "quadratic weights, observed categories",
    "custom": "custom weights",
}


def label(name: str) -> str:
    """A coefficient's name in words.

    >>> label("gwet_ac2_quadratic"), label("krippendorff_alpha_ordinal")
    ("Gwet's AC2, quadratic weights", "Krippendorff's alpha, ordinal")
    >>> label("fleiss_kappa_by_category.yes")
    "Fleiss' kappa: yes"
    """
    base, _, category = name.partition(".")
    if base in LABELS:
        return LABELS[base] + (f": {category}" if category else "")
    alpha = "krippendorff_alpha_"
    if base.startswith(alpha):
        return f"{LABELS['krippendorff_alpha']}, {base.removeprefix(alpha).replace('_', ' ')}"
    for known in sorted(LABELS, key=len, reverse=True):
        if base.startswith(f"{known}_") and base.removeprefix(f"{known}_") in QUALIFIERS:
            return f"{LABELS[known]}, {QUALIFIERS[base.removeprefix(f'{known}_')]}"
    return name

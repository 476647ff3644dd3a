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
UNITIZING = {
    "alpha_U_1995": "Krippendorff's αU (1995)",
    "alpha_U_1995_by_code": "Krippendorff's αU (1995)",
    "u_alpha_2016": "uα (2016)",
    "u_alpha_2016_relevance_only": "|uα (2016): relevance only",
    "cu_alpha_2016": "cuα (2016): codes of what all marked",
    "ku_alpha_2016_by_code": "(k)uα (2016)",
    "gamma": "γ",
    "gamma.observed_disorder": "γ, observed disorder",
    "gamma.expected_disorder": "γ, expected disorder",
    "boundary_similarity": "Boundary similarity",
    "window_diff": "WindowDiff",
    "pk": "Pk",
}
BY_CHARACTER = ("char_level_any_code", "char_level")
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
    >>> label("ku_alpha_2016_by_code.trust"), label("char_level.trust.gwet_ac1")
    ('(k)uα (2016): trust', "Gwet's AC1, by character: trust")
    """
    if name in UNITIZING:
        return UNITIZING[name]
    base, _, category = name.partition(".")
    if base in BY_CHARACTER:
        # A code may have dots in its name, a statistic has none.
        code, _, statistic = category.rpartition(".")
        return f"{label(statistic)}, by character: {code or 'any code'}"
    if base in UNITIZING:
        return f"{UNITIZING[base]}: {category}"
    if base in LABELS:
        return LABELS[base] + (f": {category}" if category else "")
    alpha = "krippendorff_alpha_"
    if base.startswith(alpha):
        return f"{LABELS['krippendorff_alpha']}, {base.removeprefix(alpha).replace('_', ' ')}"
    for known in sorted(LABELS, key=len, reverse=True):
        if base.startswith(f"{known}_") and base.removeprefix(f"{known}_") in QUALIFIERS:
            return f"{LABELS[known]}, {QUALIFIERS[base.removeprefix(f'{known}_')]}"
    return name

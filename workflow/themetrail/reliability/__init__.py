"""Agreement between coders: coefficients, intervals and what lies behind them.

``agreement`` takes any table of ratings, ``unitizing`` spans of text, ``agreement_by_code`` many
binary codes in memory; ``count_patterns``, ``coefficients`` and ``disagreements`` are the
pipeline's own use, by site. The others look at the numbers from around: pair by pair, over time,
against a scale, or ahead of the coding. Everything is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from themetrail.reliability.agreement_table import agreement
    from themetrail.reliability.benchmarking import benchmark
    from themetrail.reliability.conflicts import disagreements
    from themetrail.reliability.dense import agreement_by_code
    from themetrail.reliability.pairs import (
        before_and_after,
        coder_bias,
        confusion,
        drift,
        intra_coder,
        pairwise,
    )
    from themetrail.reliability.patterns import count_patterns
    from themetrail.reliability.planning import half_width, transcripts_needed, units_needed
    from themetrail.reliability.prevalence_paradox import paradox
    from themetrail.reliability.study import coefficients
    from themetrail.reliability.study_around import code_confusion, drift_of_study, marking
    from themetrail.reliability.unitizing_table import unitizing

_PLACES = {
    "agreement": "agreement_table",
    "agreement_by_code": "dense",
    "before_and_after": "pairs",
    "benchmark": "benchmarking",
    "code_confusion": "study_around",
    "coder_bias": "pairs",
    "coefficients": "study",
    "confusion": "pairs",
    "count_patterns": "patterns",
    "disagreements": "conflicts",
    "drift": "pairs",
    "drift_of_study": "study_around",
    "half_width": "planning",
    "intra_coder": "pairs",
    "marking": "study_around",
    "pairwise": "pairs",
    "paradox": "prevalence_paradox",
    "transcripts_needed": "planning",
    "unitizing": "unitizing_table",
    "units_needed": "planning",
}
__all__ = [
    "agreement",
    "agreement_by_code",
    "before_and_after",
    "benchmark",
    "code_confusion",
    "coder_bias",
    "coefficients",
    "confusion",
    "count_patterns",
    "disagreements",
    "drift",
    "drift_of_study",
    "half_width",
    "intra_coder",
    "marking",
    "pairwise",
    "paradox",
    "transcripts_needed",
    "unitizing",
    "units_needed",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        message = f"module 'themetrail.reliability' has no attribute {name!r}"
        raise AttributeError(message)
    module = importlib.import_module(f"themetrail.reliability.{_PLACES[name]}")
    return getattr(module, name)

"""Agreement between coders: coefficients, intervals and what lies behind them.

``agreement`` takes any table of ratings, ``unitizing`` spans of text; ``count_patterns``,
``coefficients`` and ``disagreements`` are the pipeline's own use, by site. Everything is imported
when first used: this import costs little.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from themetrail.reliability.agreement_table import agreement
    from themetrail.reliability.conflicts import disagreements
    from themetrail.reliability.patterns import count_patterns
    from themetrail.reliability.study import coefficients
    from themetrail.reliability.unitizing_table import unitizing

_PLACES = {
    "agreement": "agreement_table",
    "coefficients": "study",
    "count_patterns": "patterns",
    "disagreements": "conflicts",
    "unitizing": "unitizing_table",
}
__all__ = ["agreement", "coefficients", "count_patterns", "disagreements", "unitizing"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        message = f"module 'themetrail.reliability' has no attribute {name!r}"
        raise AttributeError(message)
    module = importlib.import_module(f"themetrail.reliability.{_PLACES[name]}")
    return getattr(module, name)

"""Themetrail: a qualitative interview study as a reproducible pipeline.

``from themetrail import Study`` reads what a run of the pipeline left; the subpackages
``intake``, ``coding``, ``reliability``, ``consensus``, ``synthesis`` and ``report`` are the stages.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from themetrail.study import Study

__all__ = ["Study", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # Imported late: ``themetrail --help`` and the jobs of a run must not pay for pandas.
    if name == "Study":
        from themetrail.study import Study

        return Study
    message = f"module 'themetrail' has no attribute {name!r}"
    raise AttributeError(message)

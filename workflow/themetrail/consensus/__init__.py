"""Consensus: people's decisions first, then the study's rule.

``read_adjudications`` places the decisions on the text; ``decide`` makes one set of segments of
what several coders marked, and keeps what each of them said.
"""

from __future__ import annotations

from themetrail.consensus.adjudications import held_by_offsets, read_adjudications
from themetrail.consensus.admitted import with_machine
from themetrail.consensus.decide import Consensus, decide

__all__ = ["Consensus", "decide", "held_by_offsets", "read_adjudications", "with_machine"]

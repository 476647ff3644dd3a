"""The paper's figures: one drawing each, with caption, alternative text and its data."""

from __future__ import annotations

from themetrail.report.figures.drawing import NAMES, Drawing, draw, draw_all

__all__ = ["NAMES", "Drawing", "draw", "draw_all"]

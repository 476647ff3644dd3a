"""A filled document as HTML, PDF, DOCX or JATS: one call, whichever engine is used."""

from __future__ import annotations

from themetrail.report.render.paper import EXTENSIONS, render

__all__ = ["EXTENSIONS", "render"]

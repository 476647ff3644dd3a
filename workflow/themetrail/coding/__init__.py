"""Coders' work: read from the tools they use, checked, and placed on the canonical text.

``read_site`` reads every coder's file of a site; ``read_coding`` reads one file outside a study.
"""

from __future__ import annotations

from themetrail.coding.model import CodedFile, CodingSettings
from themetrail.coding.outside import CodingTables, read_coding
from themetrail.coding.site import Coding, read_site

__all__ = [
    "CodedFile",
    "Coding",
    "CodingSettings",
    "CodingTables",
    "read_coding",
    "read_site",
]

"""Intake: raw transcripts to canonical text, turns, units, people, and the disclosure gate."""

from __future__ import annotations

from themetrail.intake.document import Document, Unreadable
from themetrail.intake.reading import FORMATS, read_document, read_text
from themetrail.intake.segment import sentences, units
from themetrail.intake.settings import IntakeSettings
from themetrail.intake.site import Intake, read_site
from themetrail.intake.speech import Speech, Utterance, parse_turns

__all__ = [
    "FORMATS",
    "Document",
    "Intake",
    "IntakeSettings",
    "Speech",
    "Unreadable",
    "Utterance",
    "parse_turns",
    "read_document",
    "read_site",
    "read_text",
    "sentences",
    "units",
]

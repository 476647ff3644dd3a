"""Which transcript a document of a coder's file is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_EXTENSION = re.compile(r"\.(txt|md|docx?|odt|rtf|vtt|srt|pdf|html?|csv|xlsx|rock)$", re.IGNORECASE)
# QualCoder writes "1_Name" where it had a document of that name already.
_NUMBERED = re.compile(r"^\d+_")


def _keys(name: str) -> list[str]:
    """Forms of a document's name, the closest first."""
    plain = name.strip()
    stem = _EXTENSION.sub("", plain)
    unnumbered = _NUMBERED.sub("", stem)
    forms = [plain, stem, plain.casefold(), stem.casefold(), unnumbered.casefold()]
    return list(dict.fromkeys([*forms, as_id(stem).casefold()]))


def as_id(name: str) -> str:
    """A file's name made an id: letters, digits, '.', '_' and '-', beginning with one of the first.

    Examples
    --------
    >>> as_id("Interview 3 (final)"), as_id("E01")
    ('Interview_3_final', 'E01')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("._-")


class TranscriptNames:
    """Finds transcripts by the names that tools give to documents."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = sorted(ids)
        self._known: dict[str, str] = {}
        for name in self.ids:
            self._known[name] = name
        folded: dict[str, set[str]] = {}
        for name in self.ids:
            folded.setdefault(name.casefold(), set()).add(name)
        for key, names in folded.items():
            if len(names) == 1:
                self._known.setdefault(key, min(names))

    def find(self, name: str) -> str | None:
        """The transcript of this name, or of the name without extension, case or number."""
        return next((self._known[key] for key in _keys(name) if key in self._known), None)

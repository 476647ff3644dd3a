"""The disclosure gate of a site: what is found, what a reason allows, what is held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from themetrail.errors import Problems, did_you_mean
from themetrail.intake.disclosure import KINDS, Hit, scan
from themetrail.intake.document import Document

CONFIG = "config/config.yaml"
_NAMES = {
    "nhs_number": "an NHS number (its check digit fits)",
    "ni_number": "a National Insurance number",
    "postcode": "a full postcode",
    "postcode_district": "a postcode district",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "date_of_birth": "a date of birth",
    "exact_date": "an exact date",
    "age_over_89": "an age over 89",
    "gmc_number": "a GMC number",
    "nmc_pin": "an NMC PIN",
    "hcpc_number": "an HCPC number",
    "gphc_number": "a GPhC number",
    "titled_name": "a person's name after a title",
    "forbidden_name": "a name of the study's list",
}
_REMEDY = (
    "Replace it in the file, in square brackets; or, if it identifies nobody, allow it under "
    "disclosure: allow: with file, line, kind and a reason."
)


def kind_in_words(kind: str) -> str:
    """A kind of identifier as messages name it."""
    return _NAMES[kind]


@dataclass(frozen=True)
class _Allowance:
    number: int
    file: str
    line: int | None
    kind: str
    reason: str


@dataclass
class Gate:
    """The gate of one site; ``rows`` grows into the disclosure table."""

    site: str
    forbidden_names: Sequence[str]
    allow: Sequence[Mapping[str, Any]]
    known: Sequence[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    _used: set[int] = field(default_factory=set)

    def passes(self, file: str, document: Document, text: str, problems: Problems) -> bool:
        """Whether a transcript may go on; records every hit, and a problem for what is not allowed.

        Parameters
        ----------
        file : path relative to the study.
        document : the file as it was read, for line numbers.
        text : its text as it would go on.
        problems : an error a hard hit, a warning a file and kind of soft hit.
        """
        soft: dict[str, list[int]] = {}
        held = False
        for hit in scan(text, self.forbidden_names, known=self.known):
            line = document.line(hit.start) if document.line_starts else hit.line
            reason = hit.fictional or self._reason(file, line, hit)
            self.rows.append(
                {
                    "site": self.site, "file": file, "line": line, "kind": hit.kind,
                    "severity": hit.severity, "allowed": bool(reason), "reason": reason,
                }
            )  # fmt: skip
            if reason:
                continue
            if hit.severity == "hard":
                held = True
                message = f"holds what looks like {_NAMES[hit.kind]}; its text is held back"
                problems.add(
                    "error", "disclosure", file, message, _REMEDY, line=line, site=self.site
                )
            else:
                soft.setdefault(hit.kind, []).append(line)
        self._warn_of_aside(file, document, problems)
        for kind, lines in sorted(soft.items()):
            _warn(self.site, file, kind, lines, problems)
        return not held

    def _warn_of_aside(self, file: str, document: Document, problems: Problems) -> None:
        """Warn of what the file holds beside the text that is read."""
        hits = scan(document.aside, self.forbidden_names, known=self.known)
        for kind in sorted({hit.kind for hit in hits if hit.severity == "hard"}):
            message = f"holds what looks like {_NAMES[kind]} beside its text: in comments, "
            message += "headers, deleted words or properties"
            remedy = "Remove it from the file: it is not read, but whoever gets the file has it."
            problems.add("warning", "disclosure", file, message, remedy, site=self.site)

    @cached_property
    def _allowances(self) -> list[_Allowance]:
        """The usable entries that are about this site's files."""
        found = []
        for number, entry in enumerate(self.allow, start=1):
            file = str(entry.get("file") or "").replace("\\", "/").removeprefix("./")
            reason = str(entry.get("reason") or "").strip()
            line = entry.get("line")
            usable = line is None or (isinstance(line, int) and not isinstance(line, bool))
            if file.startswith(f"data/{self.site}/") and reason and usable:
                kind = str(entry.get("kind") or "")
                found.append(_Allowance(number, file, line, kind, reason))
        return found

    def _reason(self, file: str, line: int, hit: Hit) -> str:
        for entry in self._allowances:
            if entry.file == file and entry.kind == hit.kind and entry.line in {None, line}:
                self._used.add(entry.number)
                return entry.reason
        return ""

    def report_unused(self, problems: Problems) -> None:
        """Say which entries about this site's files are malformed or match nothing."""
        usable = {entry.number: entry for entry in self._allowances}
        for number, entry in enumerate(self.allow, start=1):
            file = str(entry.get("file") or "").replace("\\", "/").removeprefix("./")
            if not file.startswith(f"data/{self.site}/"):
                continue
            what = f"disclosure allow-list entry {number}, for {file},"
            kind = str(entry.get("kind") or "")
            if not str(entry.get("reason") or "").strip():
                message = f"{what} gives no reason and allows nothing"
                remedy = "Say why this is no identifier."
                problems.add(
                    "error", "allow_without_reason", CONFIG, message, remedy, site=self.site
                )
            elif kind not in KINDS:
                message = f"{what} names no kind of identifier"
                remedy = did_you_mean(kind, KINDS)
                problems.add("error", "allow_kind", CONFIG, message, remedy, site=self.site)
            elif number not in usable:
                message = f"{what} has a line that is not a number"
                problems.add("error", "allow_line", CONFIG, message, "Correct it.", site=self.site)
            elif number not in self._used:
                message = f"{what} matches nothing there"
                remedy = "Remove it, or correct its line: the transcript may have changed."
                problems.add("warning", "allow_unused", CONFIG, message, remedy, site=self.site)


def _warn(site: str, file: str, kind: str, lines: Sequence[int], problems: Problems) -> None:
    distinct = sorted(set(lines))
    listed = ", ".join(map(str, distinct[:10])) + (", …" if len(distinct) > 10 else "")
    where = f"on line {listed}" if len(distinct) == 1 else f"on lines {listed}"
    message = f"holds what may be {_NAMES[kind]} {where}"
    problems.add("warning", "disclosure", file, message, _REMEDY, line=distinct[0], site=site)

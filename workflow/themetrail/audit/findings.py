"""What a verification looked at, what differs and where, and what could not be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

#: what helps where something that the workflow makes differs from what it would make
MAKE_AGAIN = (
    "Delete what is named and run the study: themetrail run makes it anew. If it was changed on "
    "purpose, change what it is made from: the manuscript, the settings, the data."
)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not as it should be: where it stands, and what is wrong there."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class Check:
    """One check: its promise, how many things were compared, and what differs.

    ``skipped`` says why a check, or a part of it, could not be made; ``remedy`` what to do where
    something differs.
    """

    name: str
    looked_at: int = 0
    unit: str = ""
    findings: list[Finding] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    remedy: str = MAKE_AGAIN

    def differs(self, where: str, what: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(where, what))


def passed(checks: list[Check]) -> bool:
    """Whether nothing differs."""
    return not any(check.findings for check in checks)

"""What a verification looked at, what differs and where, and what could not be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field


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

    ``skipped`` says why a check, or a part of it, could not be made.
    """

    name: str
    looked_at: int = 0
    unit: str = ""
    findings: list[Finding] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def differs(self, where: str, what: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(where, what))


def passed(checks: list[Check]) -> bool:
    """Whether nothing differs."""
    return not any(check.findings for check in checks)

"""What became of each code of a coder's file."""

from __future__ import annotations

from themetrail.coding.codes import Resolved
from themetrail.coding.model import Mark
from themetrail.coding.reading import Reading, codings
from themetrail.errors import Severity, nearest


class Proposals:
    """Finds each coding's code; a code that is unknown, retired or split is reported once."""

    def __init__(self, file: str, reading: Reading) -> None:
        self._file = file
        self._reading = reading
        self._odd: dict[tuple[str, Resolved], list[int]] = {}

    def find(self, mark: Mark) -> str:
        """The code's id now, or nothing where it may not be used."""
        result = self._reading.codes.resolve(mark.code, mark.aliases, mark.coded_at)
        if result.status != "known":
            self._odd.setdefault((mark.code, result), []).append(mark.row)
        return result.code

    def report(self) -> None:
        """One row for each doubtful code, with the lines of its codings."""
        for (name, result), rows in self._odd.items():
            severity, kind, message, remedy = self._words(name[:60], result)
            self._reading.problems.add(
                severity,
                kind,
                self._file,
                f"code {name[:60]!r} {message}; {codings(rows)}",
                remedy,
                line=min(rows),
            )

    def _words(self, name: str, result: Resolved) -> tuple[Severity, str, str, str]:
        between = " or ".join(result.choices)
        if result.status == "retired":
            return (
                "warning",
                "retired_code",
                "is retired, and nothing replaces it",
                "Say in config/codebook.yaml what replaces it, or recode the passages.",
            )
        if result.status == "split":
            return (
                "warning",
                "split_code",
                f"was split into {between}: not used until someone decides",
                f"Recode the passages as {between}.",
            )
        if result.status == "unclear":
            return (
                "warning",
                "split_code",
                f"was split into {between}, and the codings have no date: taken as today's "
                f"{result.code!r}",
                "Give the date in column 'coded_at'.",
            )
        near = nearest(name, self._reading.codes.known)
        hint = f"Did you mean {near!r}? Otherwise it" if near else "It"
        return (
            "error",
            "unknown_code",
            "is not in the codebook",
            f"{hint} is the coder's proposal: add it to config/codebook.yaml if the team wants it, "
            "or say under 'changes' there what became of it.",
        )

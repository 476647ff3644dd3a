"""What becomes of one unit and code that somebody marked: the rules, one cell at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from themetrail.consensus.extent import Extent, Stretch, extent_of

Rule = Literal["majority", "any", "all", "lead"]
Outcome = Literal["keep", "drop", "change"]
Key = tuple[int, str]
"""Position of a unit in its table, and a code."""


@dataclass(frozen=True)
class Marking:
    """A coder's stretch with the code, clipped to the unit."""

    coder: str
    start: int
    end: int
    flagged: bool = False


@dataclass(frozen=True)
class Ruling:
    """An adjudicator's decision on a passage and code; ``row`` is its row in the table."""

    row: int
    start: int
    end: int
    decision: Outcome
    new_code: str = ""
    extent: str = ""
    by: str = ""
    on: str = ""
    reason: str = ""

    def touches(self, marking: Marking) -> bool:
        """Whether the passage shares a character with a marking."""
        return self.start < marking.end and marking.start < self.end


@dataclass(frozen=True)
class Cell:
    """One unit and code that at least one coder marked.

    Attributes
    ----------
    markings : at least one, in order of coder and place.
    judges : coders who judged the transcript, in order; those who marked are among them.
    rulings : decisions on passages of the unit with this code, in order of place.
    """

    markings: tuple[Marking, ...]
    judges: tuple[str, ...]
    rulings: tuple[Ruling, ...] = ()

    @property
    def marked_by(self) -> tuple[str, ...]:
        """Coders who marked it, in order."""
        return tuple(sorted({marking.coder for marking in self.markings}))

    @property
    def unmarked_by(self) -> tuple[str, ...]:
        """Coders who judged the transcript and left it unmarked."""
        return tuple(coder for coder in self.judges if coder not in self.marked_by)


@dataclass(frozen=True)
class Verdict:
    """What became of a cell, who or what decided it, and which markings are kept.

    ``passage`` is the text that a person bounded; without it the markings kept say.
    """

    outcome: Outcome
    decided_by: str
    ruling: Ruling | None = None
    kept: tuple[Marking, ...] = ()
    passage: Stretch | None = None

    @property
    def new_code(self) -> str:
        """Where the markings went; empty unless they were moved to another code."""
        return self.ruling.new_code if self.ruling and self.outcome == "change" else ""

    def stretch(self, how: Extent) -> Stretch:
        """The text that a segment covers: as a person bounded it, or as its markings do."""
        if self.passage is not None:
            return self.passage
        return extent_of(((m.coder, m.start, m.end) for m in self.kept), how)


def rule_keeps(marks: int, judges: int, rule: Rule) -> bool:
    """Whether the rule keeps what ``marks`` of ``judges`` coders marked.

    A majority is strictly more than half of those who judged; a tie is none.

    >>> [rule_keeps(1, 2, rule) for rule in ("majority", "any", "all")]
    [False, True, False]
    """
    if rule == "any":
        return marks >= 1
    return marks == judges if rule == "all" else 2 * marks > judges


def verdict(cell: Cell, rule: Rule, lead: str = "") -> Verdict:
    """Decide a cell: unanimity, else a person's decision, else the rule.

    A single judge has nobody to agree or disagree with: their marking stands unless an
    adjudicator said otherwise. A decision against what all coders marked holds only where its
    passage touches a marking of every one of them, since it may be about another place of the
    same unit. A decision to keep may also bound the segment to the words that it quotes, whether
    or not the coders agree on the code. By the rule ``lead`` the lead coder's judgement stands;
    where the lead did not judge the transcript, the majority decides.
    """
    marks, judges = len(cell.marked_by), len(cell.judges)
    unanimous = marks == judges and judges > 1
    if cell.rulings and (not unanimous or _against_all(cell) or _bounded(cell.rulings)):
        return _adjudicated(cell)
    if unanimous:
        return Verdict("keep", "unanimous", kept=cell.markings)
    if judges == 1:
        return Verdict("keep", "single_coder", kept=cell.markings)
    if rule == "lead" and lead in cell.judges:
        keep, by = lead in cell.marked_by, "lead"
    else:
        keep, by = rule_keeps(marks, judges, rule), "majority" if rule == "lead" else rule
    return Verdict("keep" if keep else "drop", by, kept=cell.markings if keep else ())


def _against_all(cell: Cell) -> bool:
    """Whether the decisions drop or move what every coder marked."""
    against = [ruling for ruling in cell.rulings if ruling.decision != "keep"]
    touched = {m.coder for m in cell.markings for ruling in against if ruling.touches(m)}
    return len(against) == len(cell.rulings) and touched == set(cell.marked_by)


def _bounded(rulings: Iterable[Ruling]) -> Stretch | None:
    """The words that decisions to keep bound, from the first to the last; None without any."""
    bounding = [r for r in rulings if r.decision == "keep" and r.extent == "quote"]
    if not bounding:
        return None
    return min(r.start for r in bounding), max(r.end for r in bounding)


def _adjudicated(cell: Cell) -> Verdict:
    """A person's decisions on a cell; a passage kept keeps the cell, whatever else was dropped."""
    for decision in ("keep", "change", "drop"):
        chosen = [ruling for ruling in cell.rulings if ruling.decision == decision]
        if chosen:
            break
    others = [ruling for ruling in cell.rulings if ruling.decision != decision]
    kept = tuple(m for m in cell.markings if _stays(m, chosen, others)) or cell.markings
    kept = () if decision == "drop" else kept
    return Verdict(decision, "adjudication", chosen[0], kept, _bounded(chosen))


def _stays(marking: Marking, chosen: list[Ruling], others: list[Ruling]) -> bool:
    """Whether a marking belongs to the passages decided this way rather than to the others."""
    if any(ruling.touches(marking) for ruling in chosen):
        return True
    return not any(ruling.touches(marking) for ruling in others)

"""Facts on disagreements, decisions and the segments of the consensus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from themetrail.report.evidence import Evidence, split
from themetrail.report.families_material import UNCODED, count_rows
from themetrail.report.family import At, Cell, Find

if TYPE_CHECKING:
    import pandas as pd


def _decided(choose: Callable[[pd.DataFrame], Any], *, conflict: bool) -> Find:
    """How many conflicts (or adjudicated places) are so, of all of them."""

    def find(evidence: Evidence, at: At) -> Cell:
        del at
        table = evidence.conflicts
        if not conflict:
            table = evidence.table("decisions")
            table = table[table["decided_by"] == "adjudication"]
        return Cell(int(choose(table).sum()), of=len(table))

    return find


def _outcome(outcome: str, *, conflict: bool) -> Find:
    return _decided(lambda table: table["outcome"] == outcome, conflict=conflict)


def _agreed(*, single: bool) -> Find:
    """Places that nobody who judged left unmarked, by whether one coder judged or more."""

    def find(evidence: Evidence, at: At) -> Cell:
        del at
        table = evidence.table("decisions")
        names = table.loc[table["unmarked_by"] == "", "marked_by"]
        return Cell(sum((len(split(name)) < 2) == single for name in names))

    return find


def _conflicts(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(evidence.conflicts))


def _conflict_share(evidence: Evidence, at: At) -> Cell:
    del at
    of = len(evidence.table("decisions"))
    return Cell(len(evidence.conflicts) / of, of=of) if of else Cell(None, reason=UNCODED)


def _adjudicators(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(set(evidence.table("decisions")["by"]) - {""}))


CONSENSUS: dict[str, Find] = {
    "n.decisions": count_rows("decisions"),
    "n.decisions.unanimous": _agreed(single=False),
    "n.decisions.single": _agreed(single=True),
    "n.conflicts": _conflicts,
    "n.conflicts.kept": _outcome("keep", conflict=True),
    "n.conflicts.dropped": _outcome("drop", conflict=True),
    "n.conflicts.changed": _outcome("change", conflict=True),
    "n.conflicts.adjudicated": _decided(
        lambda table: table["decided_by"] == "adjudication", conflict=True
    ),
    "n.conflicts.by_rule": _decided(
        lambda table: table["decided_by"] != "adjudication", conflict=True
    ),
    "share.conflicts": _conflict_share,
    "n.adjudications": count_rows("decisions", decided_by="adjudication"),
    "n.adjudications.kept": _outcome("keep", conflict=False),
    "n.adjudications.dropped": _outcome("drop", conflict=False),
    "n.adjudicators": _adjudicators,
    "n.segments": count_rows("segments"),
    "n.segments.site.{site}": count_rows("segments", site="{site}"),
    "n.segments.counter": count_rows("segments", stance="counter"),
}

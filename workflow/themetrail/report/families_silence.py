"""Facts on silence, asked for or not, on the facets of codes, and on frameworks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from themetrail.report.family import At, Cell, Find
from themetrail.tables import records

if TYPE_CHECKING:
    from themetrail.report.evidence import Evidence

NO_GUIDE = "the study gives no interview guide for it"
NOBODY_SILENT = "nobody was silent on the theme"
EVERYBODY_ASKED = "everybody was asked about the theme"
NO_NOTES = "nobody noted facets of codes"

Row = dict[str, Any]


def _asked(choose: Callable[[Row], tuple[int, int]], nobody: str = "") -> Find:
    """Two counts of a theme's row: what is counted, of what; ``nobody`` where that is 0."""

    def find(evidence: Evidence, at: At) -> Cell:
        key = {"kind": "theme", "code": at["theme"]}
        for row in records(evidence.table("asked")):
            if row["kind"] == "theme" and row["code"] == at["theme"] and row["n_known"]:
                n, of = choose(row)
                return Cell(n, of=of, row=key) if of else Cell(None, reason=nobody, row=key)
        return Cell(None, reason=NO_GUIDE, row=key)

    return find


def _silent(row: Row) -> tuple[int, int]:
    """People silent though asked, of those silent."""
    return row["n_asked_silent"], row["n_asked_silent"] + row["n_unasked_silent"]


def _unasked(row: Row) -> tuple[int, int]:
    """People who spoke without being asked, of those not asked."""
    return row["n_unasked_spoke"], row["n_unasked_spoke"] + row["n_unasked_silent"]


def _over_themes(choose: Callable[[Row], tuple[int, int]]) -> Find:
    """The same two counts, a person as often as there are themes asked about."""

    def find(evidence: Evidence, at: At) -> Cell:
        del at
        rows = [row for row in records(evidence.table("asked")) if row["kind"] == "theme"]
        found = [choose(row) for row in rows if row["n_known"]]
        if not found:
            return Cell(None, reason=NO_GUIDE)
        return Cell(sum(n for n, _ in found), of=sum(of for _, of in found))

    return find


def _meaning(choose: Callable[[list[Row]], int]) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        del at
        rows = records(evidence.table("meaning_saturation"))
        return Cell(int(choose(rows))) if rows else Cell(None, reason=NO_NOTES)

    return find


def _latest(column: str) -> Callable[[list[Row]], int]:
    return lambda rows: max(row[column] for row in rows)


def _frameworks(choose: Callable[[list[Row]], int]) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        del at
        return Cell(int(choose(records(evidence.table("frameworks")))))

    return find


SILENCE: dict[str, Find] = {
    "theme.{theme}.asked": _asked(lambda row: (row["n_asked"], row["n_known"])),
    "theme.{theme}.silent.asked": _asked(_silent, NOBODY_SILENT),
    "theme.{theme}.unasked.spoke": _asked(_unasked, EVERYBODY_ASKED),
    "silent.asked": _over_themes(_silent),
    "unasked.spoke": _over_themes(_unasked),
    "frameworks.n": _frameworks(lambda rows: len({row["framework"] for row in rows})),
    "frameworks.n_constructs": _frameworks(len),
    "meaning.n_codes": _meaning(len),
    "meaning.n_meanings": _meaning(lambda rows: sum(row["n_meanings"] for row in rows)),
    "meaning.code_saturation": _meaning(_latest("first_position")),
    "meaning.saturation": _meaning(_latest("last_new_position")),
}

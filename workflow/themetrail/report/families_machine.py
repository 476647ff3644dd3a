"""Facts on a machine as a further coder. A study without one has the ids, and the reason."""

from __future__ import annotations

import math
from typing import Any

from themetrail.config import runs_machine
from themetrail.report.evidence import Evidence
from themetrail.report.family import At, Cell, Find
from themetrail.report.numbers import interval, percent
from themetrail.tables import records

NOT_ASKED = "no machine was asked for"
NO_VALUE = "it has no value"
NOTHING_PUT = "the machine put it nowhere"
NOT_HELD = "the site was not held out by itself"
PREFIX = "machine:"
NONE = "none"
#: in ids -> as the tables have it
VERDICTS = {
    "usable": "usable",
    "weak": "weak",
    "not_automatable": "not automatable",
    "too_little": "too little evidence",
}
#: machines that were trained here come first, those of the team's own are in the tables
_OWN = ("site", "transcript")


def _rows(evidence: Evidence, table: str, **equal: str) -> list[dict[str, Any]]:
    rows = records(evidence.table(table))
    return [row for row in rows if all(row[key] == value for key, value in equal.items())]


def scheme(evidence: Evidence) -> str:
    """What was held out in the measures that lead: sites, where there are two or more."""
    found = set(evidence.table("machine_codes")["scheme"])
    return next((name for name in _OWN if name in found), "")


def _missing(evidence: Evidence) -> Cell:
    reason = NO_VALUE if runs_machine(evidence.study.settings) else NOT_ASKED
    return Cell(None, reason=reason)


def _row(evidence: Evidence, at: At, held: str) -> dict[str, Any] | None:
    """The row of a code, or of all, where sites or transcripts were held out."""
    rows = _rows(evidence, "machine_codes", scheme=held, code=at.get("code", ""))
    return rows[0] if rows else None


def _key(row: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: str(row[name]) for name in names if row[name]}


def _measure(column: str, held: str = "") -> Find:
    """A column of ``machine_codes``."""

    def find(evidence: Evidence, at: At) -> Cell:
        row = _row(evidence, at, held or scheme(evidence))
        if row is None:
            return _missing(evidence)
        key = _key(row, "coder", "scheme", "code")
        value = row[column]
        if isinstance(value, float) and math.isnan(value):
            return Cell(None, reason=NOTHING_PUT if not row["n_proposed"] else NO_VALUE, row=key)
        return Cell(value if isinstance(value, str | float) else int(value), row=key)

    return find


def _share(column: str, of: str) -> Find:
    """A share of the rows' own cases."""

    def find(evidence: Evidence, at: At) -> Cell:
        found = _measure(column)(evidence, at)
        row = _row(evidence, at, scheme(evidence))
        if found.value is None or row is None:
            return found
        return Cell(found.value, of=int(row[of]), row=found.row)

    return find


def _interval(held: str = "") -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        row = _row(evidence, at, held or scheme(evidence))
        if row is None:
            return _missing(evidence)
        return _ends(evidence, row, _key(row, "coder", "scheme", "code"))

    return find


def _ends(evidence: Evidence, row: dict[str, Any], key: dict[str, str]) -> Cell:
    low, high = float(row["ci_low"]), float(row["ci_high"])
    if math.isnan(low) or math.isnan(high):
        return Cell(None, reason="no interval could be made", row=key)
    level = percent(float(evidence.setting("reliability.confidence")))
    return Cell(low, high=high, row=key, text=f"{level} CI {interval(low, high)}")


def _labels(evidence: Evidence, verdict: str) -> list[str]:
    rows = _rows(evidence, "machine_codes", scheme=scheme(evidence), verdict=verdict)
    return [evidence.words.codes.get(row["code"], row["code"]) for row in rows]


def _number_with(verdict: str) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        del at
        if not scheme(evidence):
            return _missing(evidence)
        return Cell(len(_labels(evidence, verdict)), of=len(evidence.words.codes))

    return find


def _codes_with(verdict: str) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        del at
        if not scheme(evidence):
            return _missing(evidence)
        labels = _labels(evidence, verdict)
        return Cell(labels, text="" if labels else NONE)

    return find


def _at_site(column: str) -> Find:
    """A column of the fold in which one site was held out."""

    def find(evidence: Evidence, at: At) -> Cell:
        rows = _rows(evidence, "machine_folds", scheme="site", left_out=at["site"], code="")
        if not rows:
            asked = runs_machine(evidence.study.settings)
            return Cell(None, reason=NOT_HELD if asked else NOT_ASKED)
        key = _key(rows[0], "coder", "scheme", "left_out")
        value = rows[0][column]
        if isinstance(value, float) and math.isnan(value):
            return Cell(None, reason=NO_VALUE, row=key)
        return Cell(value if isinstance(value, float) else int(value), row=key)

    return find


def _pair(evidence: Evidence, at: At) -> dict[str, Any] | None:
    """The machine and one coder, all codes pooled."""
    own = _row(evidence, {}, scheme(evidence))
    rows = _rows(evidence, "machine_agreement", code="", coder_a=at["coder"])
    found = [row for row in rows if own is not None and row["coder_b"] == own["coder"]]
    return found[0] if found else None


def _with_coder(evidence: Evidence, at: At) -> Cell:
    row = _pair(evidence, at)
    if row is None:
        return _missing(evidence)
    key = _key(row, "coder_a", "coder_b")
    value = float(row["kappa"])
    return Cell(None, reason=NO_VALUE, row=key) if math.isnan(value) else Cell(value, row=key)


def _with_coder_interval(evidence: Evidence, at: At) -> Cell:
    row = _pair(evidence, at)
    if row is None:
        return _missing(evidence)
    return _ends(evidence, row, _key(row, "coder_a", "coder_b"))


def _folds(evidence: Evidence, at: At) -> Cell:
    del at
    number = len({row["left_out"] for row in _rows(evidence, "machine_folds", scheme="site")})
    return Cell(number) if number else _missing(evidence)


def _proposals(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(evidence.table("machine_proposals")))


def _proposed_transcripts(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(int(evidence.table("machine_proposals")["transcript_id"].nunique()))


def _judged_by_machine(evidence: Evidence, at: At) -> Cell:
    """Transcripts that count as coded because of a machine alone."""
    del at
    found = evidence.coders_of.values()
    return Cell(sum(all(name.startswith(PREFIX) for name in names) for names in found))


def _segments_of_machine(evidence: Evidence, at: At) -> Cell:
    del at
    coders = evidence.table("segments")["coders"]
    return Cell(sum(str(names).startswith(PREFIX) for names in coders))


MACHINE: dict[str, Find] = {
    "machine.coder": _measure("coder"),
    "machine.n_sites": _folds,
    "machine.kappa": _measure("kappa"),
    "machine.kappa.ci": _interval(),
    "machine.kappa.transcripts": _measure("kappa", "transcript"),
    "machine.kappa.transcripts.ci": _interval("transcript"),
    "machine.kappa.coders": _measure("human_kappa"),
    "machine.precision": _share("precision", "n_proposed"),
    "machine.recall": _share("recall", "n_positive"),
    "machine.f1": _measure("f1"),
    "machine.brier": _measure("brier"),
    "machine.brier.reference": _measure("brier_reference"),
    "machine.n_proposed": _measure("n_proposed"),
    "machine.n_withheld": _measure("n_withheld"),
    **{f"machine.n_codes.{name}": _number_with(word) for name, word in VERDICTS.items()},
    **{f"machine.codes.{name}": _codes_with(word) for name, word in VERDICTS.items()},
    "machine.code.{code}.positive": _measure("n_positive"),
    "machine.code.{code}.proposed": _measure("n_proposed"),
    "machine.code.{code}.precision": _share("precision", "n_proposed"),
    "machine.code.{code}.recall": _share("recall", "n_positive"),
    "machine.code.{code}.f1": _measure("f1"),
    "machine.code.{code}.kappa": _measure("kappa"),
    "machine.code.{code}.kappa.ci": _interval(),
    "machine.code.{code}.kappa.transcripts": _measure("kappa", "transcript"),
    "machine.code.{code}.kappa.coders": _measure("human_kappa"),
    "machine.code.{code}.verdict": _measure("verdict"),
    "machine.code.{code}.reason": _measure("reason"),
    "machine.site.{site}.units": _at_site("n_units"),
    "machine.site.{site}.positive": _at_site("n_positive"),
    "machine.site.{site}.proposed": _at_site("n_proposed"),
    "machine.site.{site}.precision": _at_site("precision"),
    "machine.site.{site}.recall": _at_site("recall"),
    "machine.site.{site}.f1": _at_site("f1"),
    "machine.site.{site}.kappa": _at_site("kappa"),
    "machine.coder.{coder}.kappa": _with_coder,
    "machine.coder.{coder}.kappa.ci": _with_coder_interval,
    "machine.n_proposals": _proposals,
    "machine.n_proposals.transcripts": _proposed_transcripts,
    "n.transcripts.machine": _judged_by_machine,
    "n.segments.machine": _segments_of_machine,
}

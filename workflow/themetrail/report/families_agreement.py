"""Facts on agreement between coders. A reflexive study has none of them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

from themetrail.report.evidence import Evidence
from themetrail.report.family import COEFFICIENTS, At, Cell, Find, coefficient_label
from themetrail.report.numbers import interval, percent, percents
from themetrail.report.scales import scale_word

#: notes of the coefficients table that say why there is no value, in words
NOTES: dict[str, str] = {
    "single_coder": "only one coder judged it",
    "no_pairable_units": "no unit was judged by two coders",
    "never_marked": "no coder ever marked it",
    "always_marked": "every coder always marked it",
    "undefined": "its value is 0/0 for these ratings",
    "one_transcript": "there is only one transcript to resample",
}
TWO_CODERS = frozenset({"cohen_kappa", "scott_pi"})
NO_ROW = "no transcript was judged by two coders"
NONE = "none"
NO_INTERVAL = "no interval could be made"


def _statistic(evidence: Evidence, at: At) -> str:
    return COEFFICIENTS[at.get("coefficient", "agreement")] or evidence.headline


def _where(at: At) -> tuple[str, str, str]:
    """Level, site and code of a place."""
    for level in ("code", "theme"):
        if level in at:
            return level, "", at[level]
    return ("site", at["site"], "") if "site" in at else ("study", "", "")


def _row(evidence: Evidence, at: At) -> dict[str, Any] | None:
    """The row of the coefficients table; None where there is none, or more than one."""
    statistic = _statistic(evidence, at)
    if "a" in at:
        pair = {at["a"], at["b"]}
        rows = evidence.coefficients.get(("pair", "", "", statistic), [])
        rows = [row for row in rows if set(row["coders"].split(";")) == pair]
    else:
        rows = evidence.coefficients.get((*_where(at), statistic), [])
    most = max((row["n_coders"] for row in rows), default=0)
    rows = [row for row in rows if row["n_coders"] == most]
    return rows[0] if len(rows) == 1 else None


def _key(row: dict[str, Any]) -> dict[str, str]:
    names = ("level", "site", "code", "coders", "coefficient")
    return {name: str(row[name]) for name in names if row[name]}


def _why(row: dict[str, Any] | None, statistic: str, otherwise: str) -> str:
    """Why there is no value, in words."""
    if row is None:
        return "it is for two coders" if statistic in TWO_CODERS else NO_ROW
    reasons = (NOTES.get(note, "") for note in str(row["note"] or "").split(";"))
    return next((reason for reason in reasons if reason), otherwise)


def _is_percent(statistic: str) -> bool:
    return statistic.startswith("percent_agreement")


def _known(value: Any) -> bool:
    return value is not None and not math.isnan(float(value))


def _column(column: str) -> Find:
    """A column of the row: the estimate, or one end of its interval."""

    def find(evidence: Evidence, at: At) -> Cell:
        row = _row(evidence, at)
        if row is None or not _known(row[column]):
            missing = NO_INTERVAL if column.startswith("ci_") else "it has no value"
            return Cell(
                None,
                reason=_why(row, _statistic(evidence, at), missing),
                row=_key(row) if row else {},
            )
        form = "percent" if _is_percent(row["coefficient"]) else None
        return Cell(float(row[column]), row=_key(row), form=form)

    return find


def _interval(evidence: Evidence, at: At) -> Cell:
    row = _row(evidence, at)
    if row is None or not (_known(row["ci_low"]) and _known(row["ci_high"])):
        return Cell(
            None,
            reason=_why(row, _statistic(evidence, at), NO_INTERVAL),
            row=_key(row) if row else {},
        )
    low, high = float(row["ci_low"]), float(row["ci_high"])
    share = _is_percent(row["coefficient"])
    ends = percents(low, high) if share else interval(low, high)
    level = percent(float(evidence.setting("reliability.confidence")))
    form = "percents" if share else None
    return Cell(low, high=high, row=_key(row), form=form, text=f"{level} CI {ends}")


def _count(column: str) -> Find:
    """A count of the headline's row."""

    def find(evidence: Evidence, at: At) -> Cell:
        row = _row(evidence, at)
        return Cell(None, reason=NO_ROW) if row is None else Cell(int(row[column]), row=_key(row))

    return find


def _name(evidence: Evidence, at: At) -> Cell:
    return Cell(coefficient_label(_statistic(evidence, at)))


def _word(evidence: Evidence, at: At) -> Cell:
    found = _column("estimate")(evidence, at)
    if not isinstance(found.value, float):
        return found
    return Cell(scale_word(found.value, evidence.setting("reliability.scale")), row=found.row)


def _by_code(evidence: Evidence, at: At) -> list[tuple[float, str]]:
    """(estimate, code) of the codes that have one, the lowest first, ties in codebook order."""
    order = {code: place for place, code in enumerate(evidence.words.codes)}
    found = []
    for code in order:
        row = _row(evidence, {**at, "code": code})
        if row is not None and _known(row["estimate"]):
            found.append((float(row["estimate"]), code))
    return sorted(found, key=lambda pair: (pair[0], order[pair[1]]))


def _over_codes(choose: Callable[[list[float]], float]) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        values = [value for value, _ in _by_code(evidence, at)]
        form = "percent" if _is_percent(_statistic(evidence, at)) else None
        return Cell(choose(values), form=form) if values else Cell(None, reason=NO_ROW)

    return find


def _range(evidence: Evidence, at: At) -> Cell:
    values = [value for value, _ in _by_code(evidence, at)]
    if not values:
        return Cell(None, reason=NO_ROW)
    form = "percents" if _is_percent(_statistic(evidence, at)) else None
    return Cell(values[0], high=values[-1], form=form)


def _extreme(place: int) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        pairs = _by_code(evidence, at)
        if not pairs:
            return Cell(None, reason=NO_ROW)
        code = pairs[place][1]
        return Cell(evidence.words.codes[code], row={"level": "code", "code": code})

    return find


def _estimable(evidence: Evidence, at: At) -> Cell:
    return Cell(len(_by_code(evidence, at)), of=len(evidence.words.codes))


def _below(evidence: Evidence, at: At) -> tuple[list[str], int]:
    pairs = _by_code(evidence, at)
    threshold = float(evidence.setting("reliability.threshold"))
    labels = [evidence.words.codes[code] for value, code in pairs if value < threshold]
    return labels, len(pairs)


def _n_below(evidence: Evidence, at: At) -> Cell:
    labels, of = _below(evidence, at)
    return Cell(len(labels), of=of) if of else Cell(None, reason=NO_ROW)


def _labels_below(evidence: Evidence, at: At) -> Cell:
    labels, of = _below(evidence, at)
    return Cell(labels, text="" if labels else NONE) if of else Cell(None, reason=NO_ROW)


def _labels_without(evidence: Evidence, at: At) -> Cell:
    known = {code for _, code in _by_code(evidence, at)}
    labels = [label for code, label in evidence.words.codes.items() if code not in known]
    return Cell(labels, text="" if labels else NONE)


def _at(place: str) -> dict[str, Find]:
    """The estimate and its interval at one place."""
    return {
        f"{{coefficient}}.{place}": _column("estimate"),
        f"{{coefficient}}.{place}.ci": _interval,
    }


AGREEMENT: dict[str, Find] = {
    "{coefficient}.name": _name,
    **_at("study"),
    "{coefficient}.study.low": _column("ci_low"),
    "{coefficient}.study.high": _column("ci_high"),
    **_at("site.{site}"),
    **_at("theme.{theme}"),
    **_at("code.{code}"),
    **_at("pair.{a}.{b}"),
    "{coefficient}.median": _over_codes(statistics.median),
    "{coefficient}.min": _over_codes(min),
    "{coefficient}.max": _over_codes(max),
    "{coefficient}.range": _range,
    "{coefficient}.min.code": _extreme(0),
    "{coefficient}.max.code": _extreme(-1),
    "agreement.study.word": _word,
    "agreement.code.{code}.word": _word,
    "agreement.n_units": _count("n_units"),
    "agreement.n_transcripts": _count("n_clusters"),
    "prevalence.study": _column("prevalence"),
    "prevalence.site.{site}": _column("prevalence"),
    "prevalence.theme.{theme}": _column("prevalence"),
    "prevalence.pair.{a}.{b}": _column("prevalence"),
    "prevalence.code.{code}": _column("prevalence"),
    "n.codes.estimable": _estimable,
    "n.codes.below_threshold": _n_below,
    "codes.below_threshold": _labels_below,
    "codes.not_estimable": _labels_without,
}

"""Agreement on each code in two snapshots, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

from themetrail.releases.changes import CodeChange, status_of, text_of, union, value_of
from themetrail.releases.snapshot import Number, Snapshot


# ------------------------------------------------------------------ agreement
def agreement(before: Snapshot, after: Snapshot) -> list[CodeChange]:
    """All codes together, then each code."""
    rows = [("", "All codes", "same")] if "agreement.study" in after.facts else []
    labels = {**before.codes, **after.codes}
    for code in union(before.codes, after.codes):
        rows.append((code, labels[code], status_of(code, before.codes, after.codes)))
    comparable = text_of(before, "agreement.name") == text_of(after, "agreement.name")
    found = [_code(*row, before, after, comparable=comparable) for row in rows]
    return [one for one in found if one.texts != ("", "")]


def _code(
    code: str, label: str, status: str, before: Snapshot, after: Snapshot, *, comparable: bool
) -> CodeChange:
    name = f"agreement.code.{code}" if code else "agreement.study"
    facts = [s.facts.get(name) for s in (before, after)]
    estimates = [float(f.value) if f is not None and f.value is not None else None for f in facts]
    intervals = [s.facts.get(f"{name}.ci") for s in (before, after)]
    note = ""
    if comparable and status == "same":
        thresholds = (value_of(before, "setting.threshold"), value_of(after, "setting.threshold"))
        note = _what_of_it(estimates, intervals, thresholds)
    return CodeChange(
        code,
        label,
        status,
        (estimates[0], estimates[1]),
        (_shown(facts[0]), _shown(facts[1])),
        (_ends(intervals[0]), _ends(intervals[1])),
        (_bounds(intervals[0]), _bounds(intervals[1])),
        note,
    )


def _shown(fact: Number | None) -> str:
    return "" if fact is None else fact.text


def _ends(fact: Number | None) -> str:
    return "" if fact is None or fact.value is None else fact.text


def _bounds(fact: Number | None) -> tuple[float | None, float | None]:
    return (None, None) if fact is None or fact.value is None else (fact.value, fact.high)


def _what_of_it(
    estimates: Sequence[float | None],
    intervals: Sequence[Number | None],
    thresholds: tuple[float | None, float | None],
) -> str:
    """What stands out: a threshold crossed, an estimate outside the other's interval."""
    then, now = estimates
    if then is None or now is None:
        return "" if then is now else "has a value now" if then is None else "has no value now"
    said = []
    below = [v < t for v, t in zip((then, now), thresholds, strict=True) if t is not None]
    if below == [True, False]:
        said.append("rose to the threshold")
    elif below == [False, True]:
        said.append("fell below the threshold")
    old, new = intervals
    if old is not None and old.value is not None and old.high is not None:
        outside = not old.value <= now <= old.high
        apart = new is not None and new.value is not None and new.high is not None
        if outside and apart and (new.value > old.high or new.high < old.value):  # type: ignore[union-attr,operator]
            said.append("intervals do not overlap")
        elif outside:
            said.append("outside the earlier interval")
    return "; ".join(said)

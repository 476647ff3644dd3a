"""Agreement on each code with its interval: a forest plot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themetrail.reliability.reasons import REASONS
from themetrail.report.evidence import Evidence
from themetrail.report.families_agreement import NOTES
from themetrail.report.family import coefficient_label
from themetrail.report.figures import style
from themetrail.report.figures.drawing import Drawing, nothing_to_draw
from themetrail.report.numbers import decimal, interval, percent, plain
from themetrail.report.scales import SCALE_NAMES, SCALES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = (
    "group",
    "level",
    "code",
    "label",
    "estimate",
    "ci_low",
    "ci_high",
    "prevalence",
    "n_units",
    "reason",
)
_TALLEST = 205.0  # millimetres of rows that a page holds beside caption and axis
_LABELS, _PLOT, _GAP = 60.0, 66.0, 3.0
_LINE, _PAD, _TOP, _FOOT = 2.95, 1.2, 6.0, 10.0


@dataclass(frozen=True)
class _Row:
    """A line of the plot: a code, a theme as a whole, or everything together."""

    label: str
    level: str
    code: str = ""
    group: str = ""
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    prevalence: float = math.nan
    n_units: int = 0
    reason: str = ""

    @property
    def text(self) -> str:
        """The label as it is wrapped."""
        return style.wrapped(self.label, 46 if self.level == "code" else 44)

    @property
    def height(self) -> float:
        """Millimetres that the row takes; a theme has room above it."""
        above = 1.6 if self.level == "theme" else 0
        return style.lines_in(self.text) * _LINE + _PAD + above


def agreement(evidence: Evidence) -> Drawing:
    """Estimates and intervals of the headline coefficient, theme by theme."""
    statistic = evidence.headline
    name = coefficient_label(statistic)
    rows = _rows(evidence, statistic)
    caption = f"Agreement between coders on each code: {name}."
    if not any(row.level == "code" and row.n_units for row in rows):
        why = "No transcript has been judged by two coders."
        return nothing_to_draw("agreement", caption, why, _COLUMNS)
    threshold = float(evidence.setting("reliability.threshold"))
    scale = str(evidence.setting("reliability.scale"))
    confidence = percent(float(evidence.setting("reliability.confidence")))
    shown = _fitting(rows)
    figure = _forest(shown, name, threshold, scale, confidence)
    return Drawing(
        "agreement",
        figure,
        _caption(evidence, rows, shown, name, threshold, scale, confidence),
        _alt(rows, name, threshold),
        _data(rows),
    )


# ------------------------------------------------------------------ what is shown
def _rows(evidence: Evidence, statistic: str) -> list[_Row]:
    """Everything together, then each theme with its codes, then codes of no theme."""
    labels = {code.id: code.label for code in evidence.study.codebook.codes}
    left = list(evidence.study.codebook.active)
    rows = [_row(evidence, "study", "", statistic, "All codes together")]
    for theme in evidence.study.themes:
        own = [code for code in dict.fromkeys((*theme.codes, *theme.counter_codes)) if code in left]
        if not own:
            continue
        rows.append(_row(evidence, "theme", theme.id, statistic, theme.title))
        rows += [_row(evidence, "code", c, statistic, labels.get(c, c), theme.id) for c in own]
        left = [code for code in left if code not in own]
    if left and len(rows) > 1:
        rows.append(_Row("Codes of no theme", "theme", reason=" "))
    rows += [_row(evidence, "code", code, statistic, labels.get(code, code)) for code in left]
    return rows


def _fitting(rows: list[_Row]) -> list[_Row]:
    """The rows that a page holds: where they are too many, codes of highest agreement go."""
    over = sum(row.height for row in rows) - _TALLEST
    codes = [row for row in rows if row.level == "code" and not math.isnan(row.estimate)]
    dropped: set[str] = set()
    for row in sorted(codes, key=lambda row: (-row.estimate, row.code)):
        if over <= 0:
            break
        dropped.add(row.code)
        over -= row.height
    return [row for row in rows if row.level != "code" or row.code not in dropped]


def _row(
    evidence: Evidence, level: str, code: str, statistic: str, label: str, group: str = ""
) -> _Row:
    """One line, from the row that most coders are in."""
    found = evidence.coefficients.get((level, "", code, statistic), [])
    if not found:
        return _Row(label, level, code, group, reason="no transcript was judged by two coders")
    best = max(found, key=lambda row: row["n_coders"])
    return _Row(
        label,
        level,
        code,
        group,
        float(best["estimate"]),
        float(best["ci_low"]),
        float(best["ci_high"]),
        float(best["prevalence"]),
        int(best["n_units"]),
        _reason(best),
    )


def _reason(row: dict[str, Any]) -> str:
    """Why there is no value, in words; empty where there is one."""
    if not math.isnan(float(row["estimate"])):
        return ""
    slugs = [note.split("=")[0] for note in str(row["note"] or "").split(";") if note]
    words = (NOTES.get(slug) or REASONS.get(slug) for slug in slugs)
    return next((said for said in words if said), "it has no value for these ratings")


def _data(rows: list[_Row]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        [
            (
                r.group,
                r.level,
                r.code,
                r.label,
                r.estimate,
                r.low,
                r.high,
                r.prevalence,
                r.n_units,
                r.reason.strip(),
            )
            for r in rows
        ],
        columns=list(_COLUMNS),
    )


# ------------------------------------------------------------------ drawing
def _forest(rows: list[_Row], name: str, threshold: float, scale: str, confidence: str) -> Figure:
    """The plot: labels left, intervals in the middle, the numbers right."""
    tall = sum(row.height for row in rows)
    figure = style.page(_TOP + tall + _FOOT)
    words = style.text_panel(figure)
    words.set_zorder(4)
    axes = style.panel(figure, _LABELS + _GAP, _TOP, _PLOT, tall)
    low = _left_end(rows)
    axes.set_xlim(low, 1)
    axes.set_ylim(tall, 0)
    _bands(axes, words, low, scale)
    axes.axvline(threshold, color=style.ACCENT, linewidth=0.9, linestyle=(0, (4, 2.5)), zorder=2)
    right = _LABELS + _GAP + _PLOT + _GAP
    words.text(
        right,
        _TOP - 1.6,
        f"{name.removeprefix('the ')} ({confidence} CI)",
        weight="bold",
        size=style.SMALL,
    )
    at = 0.0
    for row in rows:
        middle = at + row.height - (style.lines_in(row.text) * _LINE + _PAD) / 2
        _line(axes, words, row, middle, threshold, right, low)
        at += row.height
    _axis(axes, name, low)
    words.text(
        _LABELS + _GAP + (threshold - low) / (1 - low) * _PLOT,
        _TOP + tall + 8.2,
        f"threshold {plain(threshold)}",
        ha="center",
        size=style.SMALL,
        color=style.ACCENT,
    )
    return figure


def _left_end(rows: list[_Row]) -> float:
    """The smallest multiple of 0.2 that no interval passes; 0 unless something is below it."""
    ends = [value for row in rows for value in (row.low, row.estimate) if not math.isnan(value)]
    return min(0.0, math.floor(min(ends, default=0.0) * 5) / 5)


def _bands(axes: Axes, words: Axes, low: float, scale: str) -> None:
    """The scale's bands as shades, with their words on top."""
    upper = 1.0
    for place, (bound, word) in enumerate(SCALES[scale]):
        start = max(bound, low)
        if start >= upper:
            continue
        shade = ("#e3eef1", "#f1f5f6", "white")[min(place, 2)]
        if len(SCALES[scale]) > 3:
            shade = "#eef3f5" if place % 2 == 0 else "white"
        axes.axvspan(start, upper, color=shade, linewidth=0, zorder=0)
        middle = _LABELS + _GAP + ((start + upper) / 2 - low) / (1 - low) * _PLOT
        width = (upper - start) / (1 - low) * _PLOT
        if width > 0.95 * len(word):
            words.text(middle, _TOP - 1.6, word, ha="center", size=style.SMALL, color=style.SOFT)
        upper = start


def _line(
    axes: Axes, words: Axes, row: _Row, middle: float, threshold: float, right: float, low: float
) -> None:
    """One line of the plot."""
    heading = row.level != "code"
    y = _TOP + middle
    indent = 0.3 if heading else 2.7
    weight = "bold" if heading else "normal"
    words.text(
        indent,
        y,
        row.text,
        va=_middle(row.text),
        weight=weight,
        linespacing=1.0,
        size=style.BASE if heading else style.BASE - 0.3,
    )
    if math.isnan(row.estimate):
        if row.reason.strip():
            said = style.wrapped(f"no value: {row.reason}", 58)
            words.text(
                _LABELS + _GAP + 1.5,
                y,
                said,
                va="center",
                style="italic",
                size=style.SMALL,
                color=style.SOFT,
                linespacing=0.95,
            )
        return
    colour = style.MAIN if row.estimate >= threshold else style.ACCENT
    if not math.isnan(row.low):
        axes.plot([row.low, row.high], [middle, middle], color=colour, linewidth=1.1, zorder=3)
    axes.plot(
        [row.estimate],
        [middle],
        marker="D" if heading else "o",
        markersize=4.6 if heading else 4.2,
        markerfacecolor=colour if row.estimate >= threshold else "white",
        markeredgecolor=colour,
        markeredgewidth=1.0,
        linestyle="none",
        zorder=4,
        clip_on=False,
    )
    said = decimal(row.estimate)
    if not math.isnan(row.low):
        said += f" ({interval(row.low, row.high)})"
    words.text(right, y, said, va="center_baseline", size=style.SMALL, weight=weight)


def _middle(text: str) -> str:
    """How a text is centred: one line on its letters, several as a block."""
    return "center" if "\n" in text else "center_baseline"


def _axis(axes: Axes, name: str, low: float) -> None:
    """The scale below, with light lines up."""
    ticks = [round(low + 0.2 * step, 1) for step in range(round((1 - low) / 0.2) + 1)]
    axes.set_xticks(ticks, [decimal(tick, 1) for tick in ticks])
    axes.grid(axis="x", color=style.HAIR, linewidth=0.4, zorder=1)
    axes.set_axisbelow(True)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


# ------------------------------------------------------------------ words
def _caption(
    evidence: Evidence,
    rows: list[_Row],
    shown: list[_Row],
    name: str,
    threshold: float,
    scale: str,
    confidence: str,
) -> str:
    codes = [row for row in rows if row.level == "code"]
    units = max((row.n_units for row in rows if row.level == "code"), default=0)
    said = (
        f"Agreement between coders on each code: {name} with {confidence} intervals, by theme "
        f"(n = {units:,} {evidence.setting('analysis.unit')}s judged by at least two coders; "
        f"{len(codes)} codes). Diamonds are a theme’s codes pooled. Shades are "
        f"{SCALE_NAMES[scale]} bands; open orange marks lie below the threshold of "
        f"{plain(threshold)} (dashed)."
    )
    undefined = sum(math.isnan(row.estimate) for row in codes)
    if undefined:
        have = "code has" if undefined == 1 else "codes have"
        said += f" {undefined} {have} no value, for the reason given."
    if len(shown) < len(rows):
        said += f" The {len(rows) - len(shown)} codes of highest agreement are left out for space."
    return said


def _alt(rows: list[_Row], name: str, threshold: float) -> str:
    known = [row for row in rows if row.level == "code" and not math.isnan(row.estimate)]
    whole = rows[0]
    said = [f"Forest plot of {name} for {sum(row.level == 'code' for row in rows)} codes."]
    if not math.isnan(whole.estimate):
        said.append(f"Over all codes it is {decimal(whole.estimate)}.")
    if known:
        low = min(known, key=lambda row: row.estimate)
        high = max(known, key=lambda row: row.estimate)
        below = [row.label for row in known if row.estimate < threshold]
        said.append(
            f"It runs from {decimal(low.estimate)} ({low.label}) to {decimal(high.estimate)} "
            f"({high.label})."
        )
        said.append(
            f"Below the threshold of {plain(threshold)} lie: {_some(below)}."
            if below
            else f"None lies below the threshold of {plain(threshold)}."
        )
    return " ".join(said)


def _some(labels: list[str], most: int = 12) -> str:
    """Labels in a row; of very many the first, and how many more."""
    more = f" and {len(labels) - most} more" if len(labels) > most else ""
    return ", ".join(labels[:most]) + more

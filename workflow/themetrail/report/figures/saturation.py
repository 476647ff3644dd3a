"""Codes seen after each interview, in the order held and in shuffled orders."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from themetrail.report.evidence import Evidence
from themetrail.report.figures import style
from themetrail.report.figures.drawing import Drawing, nothing_to_draw
from themetrail.report.numbers import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _PLOT = 13.0, 118.0


def saturation(evidence: Evidence) -> Drawing:
    """Two panels over the same interviews: codes so far, and the share that was new."""
    table = evidence.table("saturation").sort_values("position")
    caption = "Code saturation: codes seen after each interview."
    if table.empty:
        why = "No transcript has been coded yet."
        return nothing_to_draw("saturation", caption, why, list(table.columns))
    rule = _rule(evidence)
    reached = _reached(evidence, table)
    figure = _panels(table, rule["threshold"], reached)
    return Drawing(
        "saturation",
        figure,
        _caption(evidence, table, rule, reached),
        _alt(table, rule, reached),
        _data(evidence, table),
    )


def _data(evidence: Evidence, table: pd.DataFrame) -> pd.DataFrame:
    """The table; without sites and transcripts where they would tell how many a small site has."""
    names = ["site", "transcript_id"]
    shown = table.drop(columns=names) if evidence.hidden_of_coded("site") else table
    return shown.reset_index(drop=True)


def _rule(evidence: Evidence) -> dict[str, Any]:
    """Base, run and threshold of the study's own rule."""
    settings = evidence.setting("synthesis.saturation")
    return {key: settings[key] for key in ("base", "run", "threshold")}


def _reached(evidence: Evidence, table: pd.DataFrame) -> int | None:
    """The interview at which saturation is reached; None where it is not."""
    import pandas as pd

    orders = evidence.table("saturation_reorderings")
    if not orders.empty:
        held = orders.iloc[0]["held_at"]
        return None if pd.isna(held) else int(held)
    found = table.loc[table["saturated"], "position"]
    return int(found.iloc[0]) if len(found) else None


def _panels(table: pd.DataFrame, threshold: float, reached: int | None) -> Figure:
    figure = style.page(70)
    last = int(table["position"].max())
    above = style.panel(figure, _LEFT, 5, _PLOT, 34)
    below = style.panel(figure, _LEFT, 44, _PLOT, 16)
    for axes in (above, below):
        axes.set_xlim(0.5, last + 0.5)
        axes.set_xticks(_ticks(last))
        axes.grid(axis="y", color=style.HAIR, linewidth=0.4)
        axes.set_axisbelow(True)
        if reached is not None:
            axes.axvline(reached, color=style.INK, linewidth=0.7, linestyle=(0, (1, 1.8)))
    above.set_xticklabels([])
    _curves(above, table, last)
    _new(below, table, threshold, last)
    if reached is not None:
        below_top = above.get_ylim()[0] + 0.06 * (above.get_ylim()[1] - above.get_ylim()[0])
        side = "left" if reached < 0.75 * last else "right"
        shift = 0.25 if side == "left" else -0.25
        above.text(
            reached + shift,
            below_top,
            f"saturated at interview {reached}",
            ha=side,
            size=style.SMALL,
        )
    below.set_xlabel("Interviews, in the order held")
    return figure


def _ticks(last: int) -> list[int]:
    """Whole numbers, at most a dozen, always with the last."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if last / s <= 12)
    ticks = [1, *range(step, last + 1, step)] if step > 1 else list(range(1, last + 1))
    if last - ticks[-1] > step / 2:
        ticks.append(last)
    return ticks


def _curves(axes: Axes, table: pd.DataFrame, last: int) -> None:
    """Codes seen so far: as held, and the spread of shuffled orders."""
    from matplotlib.ticker import MaxNLocator

    at = table["position"]
    known = table["reordered_mean"].notna()
    if bool(known.any()):
        part = table[known]
        axes.fill_between(
            part["position"],
            part["reordered_low"],
            part["reordered_high"],
            color=style.MAIN_LIGHT,
            alpha=0.45,
            linewidth=0,
        )
        axes.plot(
            part["position"],
            part["reordered_mean"],
            color=style.MAIN,
            linewidth=0.9,
            linestyle=(0, (4, 2)),
        )
    axes.step(at, table["n_cumulative"], where="mid", color=style.MAIN, linewidth=1.8)
    top = float(max(table["n_cumulative"].max(), table["reordered_high"].max(skipna=True) or 0))
    axes.set_ylim(0, top * 1.08)
    ticks = MaxNLocator(nbins=4, integer=True).tick_values(0, top)
    axes.set_yticks([tick for tick in ticks if tick <= top])
    axes.set_ylabel("Codes seen")
    end = float(table["n_cumulative"].iloc[-1])
    axes.text(
        last + 1.0,
        end,
        f"{int(end)} codes,\nas held",
        va="center",
        color=style.MAIN,
        weight="bold",
        size=style.SMALL,
        linespacing=1.0,
    )
    if bool(known.any()):
        axes.text(
            last + 1.0,
            end * 0.80,
            "shuffled orders:\nmean, 5th to 95th\npercentile (shade)",
            va="center",
            color=style.MAIN,
            size=style.SMALL,
            linespacing=1.05,
        )


def _new(axes: Axes, table: pd.DataFrame, threshold: float, last: int) -> None:
    """Codes that were new in the run ending at each interview, as a share of the base's."""
    known = table[table["new_share"].notna()]
    colours = [style.MAIN if share <= threshold else style.ACCENT for share in known["new_share"]]
    axes.bar(known["position"], known["new_share"], width=0.62, color=colours, linewidth=0)
    flat = known[known["new_share"] == 0]
    axes.plot(
        flat["position"],
        [0] * len(flat),
        linestyle="none",
        marker="_",
        markersize=5,
        color=style.MAIN,
        clip_on=False,
    )
    highest = max(float(known["new_share"].max()) if len(known) else 0.0, 2.2 * threshold, 0.01)
    axes.set_ylim(0, highest * 1.12)
    axes.axhline(threshold, color=style.ACCENT, linewidth=0.9, linestyle=(0, (4, 2.5)))
    axes.text(
        last + 1.0,
        threshold,
        f"threshold {percent(threshold)}",
        va="center",
        color=style.ACCENT,
        size=style.SMALL,
    )
    ticks = [0, highest / 2, highest] if highest < 0.02 else _shares(highest)
    axes.set_yticks(ticks, [percent(tick) for tick in ticks])
    axes.set_ylabel("New codes")


def _shares(highest: float) -> list[float]:
    """Round shares from nothing to the highest, three or four of them."""
    step = next(
        s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10) if highest / s <= 3.5
    )
    return [step * place for place in range(math.floor(highest / step + 1e-9) + 1)]


def _caption(
    evidence: Evidence, table: pd.DataFrame, rule: dict[str, Any], reached: int | None
) -> str:
    orders = evidence.table("saturation_reorderings")
    shuffled = (
        f" over {int(orders.iloc[0]['n_reorderings']):,} shuffled orders" if len(orders) else ""
    )
    said = (
        f"Code saturation (n = {len(table)} interviews; unit: interview). Above, codes seen so far "
        f"in the order held (line) and their mean and 5th to 95th percentile{shuffled} (dashed, "
        f"shade). Below, codes that were new in the last {rule['run']} interviews, as a share of "
        f"those of the first {rule['base']}; saturation is reached where the share is at or below "
        f"{percent(rule['threshold'])}"
    )
    end = f", at interview {reached}." if reached is not None else "; it was not reached."
    return said + end


def _alt(table: pd.DataFrame, rule: dict[str, Any], reached: int | None) -> str:
    total = int(table["n_cumulative"].iloc[-1])
    complete = int(table.loc[table["n_cumulative"] == total, "position"].iloc[0])
    said = (
        f"Line chart: {int(table['n_cumulative'].iloc[0])} codes after the first interview, all "
        f"{total} after interview {complete} of {len(table)}. "
    )
    if reached is None:
        return said + f"The share of new codes never falls to {percent(rule['threshold'])}."
    return said + (
        f"The share of new codes falls to {percent(rule['threshold'])} or less at interview "
        f"{reached}."
    )

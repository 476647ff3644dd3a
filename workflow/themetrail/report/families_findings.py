"""Facts on the consensus, themes, codes, saturation, co-occurrence and quotations."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from themetrail.report.evidence import Evidence
from themetrail.report.families_material import UNCODED, count_rows
from themetrail.report.family import At, Cell, Find
from themetrail.report.numbers import percent
from themetrail.report.smallnumbers import NOT_SHOWN
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd

EVERYBODY = "all"


# ---------------------------------------------------------------------------- themes
def _theme(column: str, of: str = "") -> Find:
    """A column of the theme's row."""

    def find(evidence: Evidence, at: At) -> Cell:
        row = evidence.themes.get(at["theme"])
        if row is None or not row["of_participants"]:
            return Cell(None, reason=UNCODED, row=dict(at))
        value = row[column]
        if isinstance(value, str):
            return Cell(value, row=dict(at))
        return Cell(int(value), of=int(row[of]) if of else None, row=dict(at))

    return find


def _top_two(evidence: Evidence, at: At) -> Cell:
    row = evidence.themes.get(at["theme"])
    if row is None or not row["n_segments"]:
        return Cell(None, reason="nobody speaks to the theme", row=dict(at))
    share = float(row["top_two_share"])
    if math.isnan(share):
        return Cell(None, reason="the speakers are not known", row=dict(at))
    return Cell(share, of=int(row["n_segments"]), row=dict(at))


def _theme_text(column: str) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        theme = next(t for t in evidence.study.themes if t.id == at["theme"])
        text = str(getattr(theme, column))
        return Cell(text, row=dict(at)) if text else Cell(None, reason="not stated")

    return find


def _theme_codes(evidence: Evidence, at: At) -> Cell:
    theme = next(t for t in evidence.study.themes if t.id == at["theme"])
    codes = dict.fromkeys((*theme.codes, *theme.counter_codes))
    labels = [evidence.study.codebook.label(code) for code in codes]
    return Cell(labels, text="" if labels else "none")


# ---------------------------------------------------------------------------- reach
def _reach(kind: str) -> Find:
    """People of a group who speak to a theme or code, by the small-number rule."""

    def find(evidence: Evidence, at: At) -> Cell:
        attribute, value, name = at["group"], at["value"], at[kind]
        label = evidence.names_of(attribute).get(value, value)
        row = {"kind": kind, "code": name, "attribute": attribute, "group": label}
        n, of = evidence.reach.get((kind, name, attribute, label), (0, 0))
        if label in evidence.hidden_of_coded(attribute):
            return Cell(None, reason=NOT_SHOWN, row=row)
        if not of:
            return Cell(None, reason="nobody of the group has a coded transcript", row=row)
        return Cell(n, of=of, row=row)

    return find


def _code_people(evidence: Evidence, at: At) -> Cell:
    of = len(evidence.coded_people)
    n, _ = evidence.reach.get(("code", at["code"], EVERYBODY, EVERYBODY), (0, 0))
    return Cell(n, of=of, row=dict(at)) if of else Cell(None, reason=UNCODED)


def _code_sites(evidence: Evidence, at: At) -> Cell:
    part = evidence.by_code.get(at["code"])
    of = len(evidence.coded_sites)
    n = 0 if part is None else int(part["site"].nunique())
    return Cell(n, of=of, row=dict(at)) if of else Cell(None, reason=UNCODED)


def _code_text(column: str) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        code = next(c for c in evidence.study.codebook.codes if c.id == at["code"])
        text = str(getattr(code, column))
        return Cell(text, row=dict(at)) if text else Cell(None, reason="not stated")

    return find


# ---------------------------------------------------------------------------- saturation
def _saturation(choose: Callable[[pd.DataFrame, Any], Cell]) -> Find:
    """Something of the saturation table and settings; nothing where there is no table."""

    def find(evidence: Evidence, at: At) -> Cell:
        del at
        table = evidence.table("saturation")
        settings = evidence.setting("synthesis.saturation")
        return choose(table, settings) if len(table) else Cell(None, reason=UNCODED)

    return find


def _reached(table: pd.DataFrame, settings: Any) -> Cell:
    del settings
    positions = table.loc[table["saturated"], "position"]
    if not len(positions):
        return Cell(None, reason="not reached")
    return Cell(int(positions.min()), of=len(table))


def _base_codes(table: pd.DataFrame, settings: Any) -> Cell:
    at = table[table["position"] == settings["base"]]
    if not len(at):
        return Cell(None, reason="there are fewer interviews than the base has")
    return Cell(int(at["n_cumulative"].iloc[0]))


def _last_new(table: pd.DataFrame, settings: Any) -> Cell:
    del settings
    positions = table.loc[table["n_new"] > 0, "position"]
    return Cell(int(positions.max())) if len(positions) else Cell(None, reason="no code was used")


def _last_share(table: pd.DataFrame, settings: Any) -> Cell:
    del settings
    shares = table["new_share"].dropna()
    if not len(shares):
        return Cell(None, reason="there are too few interviews")
    return Cell(float(shares.iloc[-1]))


def _saturation_rule(evidence: Evidence, at: At) -> Cell:
    del at
    rule = evidence.setting("synthesis.saturation")
    return Cell(f"{rule['base']}+{rule['run']} interviews at ≤{percent(rule['threshold'])}")


def _reordered(column: str) -> Find:
    """A column of the study's own saturation rule over random orders."""

    def find(evidence: Evidence, at: At) -> Cell:
        del at
        table = evidence.table("saturation_reorderings")
        if not len(table) or not int(table["n_reorderings"].iloc[0]):
            return Cell(None, reason="the interviews were not re-ordered")
        value = table[column].iloc[0]
        if value != value or value is None:
            return Cell(None, reason="not reached")
        number = float(value)
        return Cell(number if column == "share_reached" else int(number))

    return find


# ---------------------------------------------------------------------------- co-occurrence
def _top_pair(column: str) -> Find:
    """Of the pair of codes found together most often; the first in the codebook's order."""

    def find(evidence: Evidence, at: At) -> Cell:
        table = evidence.table("cooccurrence")
        table = table[(table["level"] == at["level"]) & (table["n"] > 0)]
        if not len(table):
            return Cell(None, reason="no two codes are found together")
        row = records(table)[int(table["n"].to_numpy().argmax())]
        pair = (str(row["code_a"]), str(row["code_b"]))
        key = {"level": at["level"], "code_a": pair[0], "code_b": pair[1]}
        if column == "pair":
            labels = (evidence.study.codebook.label(code) for code in pair)
            return Cell(" and ".join(f"“{label}”" for label in labels), row=key)
        return Cell(float(row[column]) if column == "jaccard" else int(row[column]), row=key)

    return find


# ---------------------------------------------------------------------------- quotations
def _quoted(column: str) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        del at
        people = column == "participant_id"
        of = len(evidence.coded_people if people else evidence.coded_sites)
        found = set(evidence.table("quotes")[column]) - {""}
        return Cell(len(found), of=of) if of else Cell(None, reason=UNCODED)

    return find


def _unquoted(evidence: Evidence, at: At) -> Cell:
    del at
    quoted = set(evidence.table("quotes")["participant_id"])
    return Cell(len(set(evidence.coded_people) - quoted), of=len(evidence.coded_people))


def _most_quoted(evidence: Evidence, at: At) -> Cell:
    del at
    people = [name for name in evidence.table("quotes")["participant_id"] if name]
    return Cell(max(Counter(people).values(), default=0))


FINDINGS: dict[str, Find] = {
    "theme.{theme}.title": _theme_text("title"),
    "theme.{theme}.claim": _theme_text("claim"),
    "theme.{theme}.codes": _theme_codes,
    "theme.{theme}.n_codes": _theme("n_codes"),
    "theme.{theme}.participants": _theme("n_participants", "of_participants"),
    "theme.{theme}.sites": _theme("n_sites", "of_sites"),
    "theme.{theme}.quantifier": _theme("quantifier"),
    "theme.{theme}.segments": _theme("n_segments"),
    "theme.{theme}.top_two_share": _top_two,
    "theme.{theme}.counter": _theme("n_counter"),
    "theme.{theme}.counter.participants": _theme("n_counter_participants", "of_participants"),
    "theme.{theme}.support.participants": _theme("n_support_participants", "of_participants"),
    "theme.{theme}.quotes": count_rows("quotes", theme="{theme}"),
    "reach.{theme}.{group}.{value}": _reach("theme"),
    "reach.code.{code}.{group}.{value}": _reach("code"),
    "code.{code}.label": _code_text("label"),
    "code.{code}.definition": _code_text("definition"),
    "code.{code}.participants": _code_people,
    "code.{code}.sites": _code_sites,
    "code.{code}.segments": count_rows("segments", code="{code}"),
    "saturation.rule": _saturation_rule,
    "saturation.reached_at": _saturation(_reached),
    "saturation.n_interviews": count_rows("saturation"),
    "saturation.n_codes.base": _saturation(_base_codes),
    "saturation.n_codes": _saturation(lambda table, _: Cell(int(table["n_cumulative"].iloc[-1]))),
    "saturation.last_new": _saturation(_last_new),
    "saturation.last_share": _saturation(_last_share),
    "saturation.reordered.median": _reordered("median_at"),
    "saturation.reordered.low": _reordered("low_at"),
    "saturation.reordered.high": _reordered("high_at"),
    "saturation.reordered.share": _reordered("share_reached"),
    "cooccurrence.{level}.top": _top_pair("pair"),
    "cooccurrence.{level}.top.n": _top_pair("n"),
    "cooccurrence.{level}.top.jaccard": _top_pair("jaccard"),
    "n.quotes": count_rows("quotes"),
    "n.quotes.counter": count_rows("quotes", stance="counter"),
    "n.quotes.participants": _quoted("participant_id"),
    "n.quotes.sites": _quoted("site"),
    "n.participants.unquoted": _unquoted,
    "quotes.per_person.max": _most_quoted,
}

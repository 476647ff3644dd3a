"""Facts on the material: people, sites, transcripts, words, coders and codings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from themetrail.report.evidence import Evidence
from themetrail.report.family import At, Cell, Find

if TYPE_CHECKING:
    import pandas as pd

UNCODED = "no transcript has been coded"


def count_rows(name: str, **equal: str) -> Find:
    """Count the rows of a table whose columns have the given values ('{axis}' is filled in)."""

    def find(evidence: Evidence, at: At) -> Cell:
        table = evidence.table(name)
        row = {column: value.format(**at) for column, value in equal.items()}
        for column, value in row.items():
            table = table[table[column] == value]
        return Cell(len(table), row=row)

    return find


def _numbers(table: pd.DataFrame, column: str) -> list[float]:
    return [float(value) for value in table[column].dropna()]


def _summary(name: str, column: str, what: str, absent: str) -> Find:
    """The median, least, largest or range of a column."""

    def find(evidence: Evidence, at: At) -> Cell:
        import statistics

        del at
        values = _numbers(evidence.table(name), column)
        if not values:
            return Cell(None, reason=absent)
        if what == "range":
            return Cell(min(values), high=max(values))
        choose: dict[str, Callable[[list[float]], float]] = {
            "median": statistics.median,
            "min": min,
            "max": max,
        }
        return Cell(choose[what](values))

    return find


def _total(name: str, column: str, **equal: str) -> Find:
    """The sum of a column over the rows with the given values."""

    def find(evidence: Evidence, at: At) -> Cell:
        table = evidence.table(name)
        row = {key: value.format(**at) for key, value in equal.items()}
        for key, value in row.items():
            table = table[table[key] == value]
        return Cell(int(table[column].sum()), row=row)

    return find


def _sites(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(int(evidence.table("transcripts")["site"].nunique()))


def _coded_people(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(evidence.coded_people))


def _coded(evidence: Evidence, at: At) -> Cell:
    if "coder" in at:
        mine = [name for name in evidence.coded if at["coder"] in evidence.coders_of[name]]
        return Cell(len(mine), row=dict(at))
    return Cell(len(evidence.coded))


def _double(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(sum(len(evidence.coders_of[name]) >= 2 for name in evidence.coded))


def _waiting(evidence: Evidence, at: At) -> Cell:
    del at
    table = evidence.table("transcripts")
    ready = table.loc[table["status"] == "ready", "transcript_id"]
    return Cell(len(set(ready) - set(evidence.coded)))


def _coders(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(evidence.words.coders))


def _coder_names(evidence: Evidence, at: At) -> Cell:
    del at
    names = list(evidence.words.coders)
    return Cell(names) if names else Cell(None, reason=UNCODED)


def _codings_at(evidence: Evidence, at: At) -> Cell:
    table = evidence.table("transcripts")
    here = set(table.loc[table["site"] == at["site"], "transcript_id"])
    return Cell(int(evidence.table("spans")["transcript_id"].isin(here).sum()), row=dict(at))


def _site_text(column: str) -> Find:
    def find(evidence: Evidence, at: At) -> Cell:
        site = next(s for s in evidence.study.sites if s.site == at["site"])
        text = str(getattr(site, column))
        return Cell(text, row=dict(at)) if text else Cell(None, reason="not stated")

    return find


def _transcripts_at(evidence: Evidence, at: At) -> Cell:
    """As a rule a transcript is one person, so that its number tells theirs."""
    people = evidence.people_in("site", at["site"])
    return (
        people if people.value is None else count_rows("transcripts", site="{site}")(evidence, at)
    )


def _people_at(evidence: Evidence, at: At) -> Cell:
    return evidence.people_in("site", at["site"])


def _people_with(evidence: Evidence, at: At) -> Cell:
    return evidence.people_in(at["attribute"], at["value"])


def _codes(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(evidence.words.codes))


def _used(evidence: Evidence) -> set[str]:
    return set(evidence.table("spans")["code"]) & set(evidence.words.codes)


def _codes_used(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(_used(evidence)), of=len(evidence.words.codes))


def _codes_unused(evidence: Evidence, at: At) -> Cell:
    del at
    used = _used(evidence)
    labels = [label for code, label in evidence.words.codes.items() if code not in used]
    return Cell(labels, text="" if labels else "none")


def _code_families(evidence: Evidence, at: At) -> Cell:
    del at
    codes = evidence.study.codebook.codes
    return Cell(len({code.family for code in codes if code.status == "active" and code.family}))


def _themes(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(len(evidence.words.themes))


def _theme_titles(evidence: Evidence, at: At) -> Cell:
    del at
    titles = list(evidence.words.themes.values())
    return Cell(titles) if titles else Cell(None, reason="no theme has been written yet")


def _spread(stem: str, column: str, absent: str) -> dict[str, Find]:
    return {
        f"{stem}.{what}": _summary("transcripts", column, what, absent)
        for what in ("median", "min", "max", "range")
    }


MATERIAL: dict[str, Find] = {
    "n.sites": _sites,
    "site.{site}.label": _site_text("label"),
    "site.{site}.setting": _site_text("setting"),
    "n.participants": count_rows("participants"),
    "n.participants.coded": _coded_people,
    "n.participants.site.{site}": _people_at,
    "n.participants.{attribute}.{value}": _people_with,
    "n.transcripts": count_rows("transcripts"),
    "n.transcripts.coded": _coded,
    "n.transcripts.double": _double,
    "n.transcripts.waiting": _waiting,
    "n.transcripts.held": count_rows("transcripts", status="held"),
    "n.transcripts.site.{site}": _transcripts_at,
    "n.transcripts.coded.{coder}": _coded,
    "n.excluded.participants": count_rows("dropped", what="participant", why="excluded"),
    "n.excluded.transcripts": count_rows("dropped", what="transcript", why="excluded"),
    "n.withdrawn.participants": count_rows("dropped", what="participant", why="withdrawn"),
    "n.withdrawn.transcripts": count_rows("dropped", what="transcript", why="withdrawn"),
    "n.words": _total("transcripts", "n_words"),
    "n.words.participants": _total("turns", "n_words", role="participant"),
    "n.words.site.{site}": _total("transcripts", "n_words", site="{site}"),
    "n.turns": count_rows("turns"),
    "n.turns.participants": count_rows("turns", role="participant"),
    "n.units": count_rows("units"),
    "n.coders": _coders,
    "coders": _coder_names,
    "n.codings": count_rows("spans"),
    "n.codings.{coder}": count_rows("spans", coder="{coder}"),
    "n.codings.site.{site}": _codings_at,
    "n.codings.moved": count_rows("spans", anchor="moved"),
    "n.codes": _codes,
    "n.codes.used": _codes_used,
    "codes.unused": _codes_unused,
    "n.code_families": _code_families,
    "n.themes": _themes,
    "themes": _theme_titles,
    **_spread("words", "n_words", "no transcript has been read"),
    **_spread("duration", "duration_min", "not recorded"),
}

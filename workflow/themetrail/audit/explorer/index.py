"""What the explorer opens with: the study, its codes and themes, its facts, what the paper says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.audit.explorer.links import evidence_of
from themetrail.audit.explorer.paper import outline, used
from themetrail.config import StudyConfig
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
MOST_VALUES = 40


def index(
    study: StudyConfig,
    tables: Tables,
    facts: Sequence[Mapping[str, Any]],
    document: Mapping[str, Any],
    *,
    team: bool,
    log: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The explorer's first block.

    Parameters
    ----------
    study : the study's choices.
    tables : participants, coverage, segments, themes, quotes and counter_examples of the whole
        study, under the contracts of those names.
    facts : the entries of ``results/facts.json``.
    document : the paper's filled document.
    team : whether transcripts may be in the page. Otherwise nothing is in it that the paper and
        its facts do not print already: quotations without site, transcript and the reasons of
        those who chose and decided, since these may tell more of a person than the attribution.

    log : entries of the decision log, in order; for the team's page alone.

    Returns
    -------
    Plain values for the page; deterministic.
    """
    paper = outline(document)
    codes = [code.id for code in study.codebook.codes]
    themes = [theme.id for theme in study.themes]
    return {
        "study": _study(study, team=team),
        "sites": [{"id": site.site, "label": site.label} for site in study.active_sites],
        "codes": [_code(code, tables, team=team) for code in study.codebook.codes],
        "themes": [_theme(theme, tables, team=team) for theme in study.themes],
        "facts": [_fact(fact, themes, codes) for fact in facts],
        "quotes": [_quote(row, tables, team=team) for row in records(tables["quotes"])],
        "paper": paper,
        "used": used(paper),
        **({**_team_only(tables), "log": _log(log)} if team else {}),
    }


def _study(study: StudyConfig, *, team: bool) -> dict[str, Any]:
    about, settings = study.settings["study"], study.settings
    return {
        "title": about["title"],
        "short": about["short_title"] or about["title"],
        "demonstration": bool(about["demonstration"]),
        "audience": "team" if team else "public",
        "approach": settings["analysis"]["approach"],
        "unit": settings["analysis"]["unit"],
        "rule": settings["consensus"]["rule"],
        "extent": settings["consensus"]["extent"],
        "html": "html" in settings["report"]["formats"],
        "codebook": study.codebook.version,
    }


def _code(code: Any, tables: Tables, *, team: bool) -> dict[str, Any]:
    """A code's definition and how much was coded with it."""
    segments = tables["segments"]
    here = segments[segments["code"] == code.id]
    return {
        "id": code.id,
        "label": code.label,
        "family": code.family,
        "definition": code.definition,
        "apply": code.apply,
        "not": code.exclude,
        # An example may be a passage that the paper does not quote.
        "example": code.example if team else "",
        "retired": code.status == "retired",
        "n": len(here),
    }


def _theme(theme: Any, tables: Tables, *, team: bool) -> dict[str, Any]:
    """A theme's claim, codes and reach."""
    found = tables["themes"]
    row = next(iter(records(found[found["theme"] == theme.id])), {})
    names = ("n_segments", "n_participants", "of_participants", "n_sites", "of_sites", "n_counter")
    return {
        "id": theme.id,
        "title": theme.title,
        "claim": theme.claim,
        "description": theme.description,
        "codes": list(theme.codes),
        "counter_codes": list(theme.counter_codes),
        "subthemes": [[title, list(codes)] for title, codes in theme.subthemes],
        "frameworks": [[name, list(parts)] for name, parts in theme.frameworks],
        "counts": {name: int(row[name]) for name in names if name in row},
        "quantifier": row.get("quantifier", ""),
        "excluded": [
            {"transcript": mark.transcript_id, "quote": mark.quote, "reason": mark.reason}
            for mark in (theme.excluded if team else ())
        ],
        "counter": _counter(theme.id, tables) if team else [],
    }


def _counter(theme: str, tables: Tables) -> list[dict[str, Any]]:
    """Passages that speak against a theme's claim, coded or not."""
    found = tables["counter_examples"]
    names = ("segment_id", "transcript_id", "site", "start", "end", "code", "text", "why")
    return [
        {name: row[name] for name in names}
        for row in found[found["theme"] == theme].to_dict("records")
    ]


def _fact(fact: Mapping[str, Any], themes: Sequence[str], codes: Sequence[str]) -> dict[str, Any]:
    source = fact["source"]
    kept = ("id", "text", "definition", "unit", "rule", "reason")
    return {
        **{name: fact[name] for name in kept},
        "file": source["file"],
        "row": source["row"],
        "evidence": evidence_of(source, themes, codes),
    }


def _quote(row: Mapping[str, Any], tables: Tables, *, team: bool) -> dict[str, Any]:
    """A quotation as the paper prints it; for the team also where it stands and why it is there."""
    codes = [code for code in (str(row["codes"]) or str(row["code"])).split(";") if code]
    segments = tables["segments"]
    here = segments[segments["segment_id"] == row["segment_id"]].to_dict("records")
    public = {
        **{name: row[name] for name in ("theme", "stance", "text", "attribution")},
        "rank": int(row["rank"]),
        "segment": row["segment_id"],
        "codes": codes,
        "code": row["code"],
        "decided_by": here[0]["decided_by"] if here else "",
        "n_coders": len([name for name in here[0]["coders"].split(";") if name]) if here else 0,
    }
    if not team:
        return public
    return {
        **public,
        "site": row["site"],
        "transcript": row["transcript_id"],
        "start": int(row["start"]),
        "end": int(row["end"]),
        "reason": row["reason"],
    }


def _team_only(tables: Tables) -> dict[str, Any]:
    """Coders, and the attributes of people that are worth a filter."""
    people = tables["participants"]
    attributes = {}
    for name in people.columns[3:]:
        values = sorted({str(value) for value in people[name] if str(value).strip()})
        if 1 < len(values) <= MOST_VALUES:
            attributes[str(name)] = values
    return {"coders": sorted(set(tables["coverage"]["coder"])), "attributes": attributes}


def entries_of(log: Path) -> list[dict[str, Any]]:
    """Entries of a decision log: a JSON object a line."""
    lines = log.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def _log(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Decisions without the links between them, which the log itself has."""
    names = ("on", "kind", "about", "decision", "by", "reason", "source")
    return [{n: str(entry[n]) for n in names} for entry in entries if "decision" in entry]

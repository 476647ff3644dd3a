"""The names that facts are made of: sites, coders, codes, themes, and groups of people."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.config import Code, Codebook, Mark, Site, StudyConfig, Theme, runs_machine

if TYPE_CHECKING:
    import pandas as pd

NOT_STATED = "not stated"
#: A participant attribute with more values than this is no grouping (a date, a free text).
MOST_VALUES = 20
_FIXED = frozenset({"participant_id", "site", "n_transcripts"})


def slug(value: str) -> str:
    """A group's value as a part of a fact's id.

    >>> slug("Band 8a"), slug("")
    ('band_8a', 'not_stated')
    """
    return re.sub(r"\W+", "_", value.strip().lower()).strip("_") or slug(NOT_STATED)


@dataclass(frozen=True)
class Vocabulary:
    """Names by id; ``attributes`` is attribute -> slug -> value."""

    sites: Mapping[str, str] = field(default_factory=dict)
    coders: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    reflexive: bool = False
    machine: bool = False


def as_study(study: StudyConfig | Mapping[str, Any]) -> StudyConfig:
    """The study's choices from plain mappings (as Snakemake passes them) or as they are.

    Parameters
    ----------
    study : a StudyConfig, or a mapping with ``settings``, ``codebook`` (``codes``), ``themes``
        and ``sites``: what ``dataclasses.asdict`` makes of a StudyConfig's parts.
    """
    if isinstance(study, StudyConfig):
        return study
    book = study.get("codebook", {})
    codes = tuple(_code(row) for row in book.get("codes", ()))
    return StudyConfig(
        Path(),
        study["settings"],
        tuple(Site(**row) for row in study.get("sites", ())),
        Codebook(codes, (), str(book.get("version", "1"))),
        tuple(_theme(row) for row in study.get("themes", ())),
    )


def _code(row: Mapping[str, Any]) -> Code:
    """One code whose lists may have been through JSON."""
    mapped = tuple((key, tuple(values)) for key, values in row.get("frameworks", ()))
    return Code(**{**row, "frameworks": mapped})


def _theme(row: Mapping[str, Any]) -> Theme:
    """One theme whose lists may have been through JSON."""
    fields = dict(row)
    for name in ("codes", "counter_codes"):
        fields[name] = tuple(fields.get(name, ()))
    for name in ("subthemes", "frameworks"):
        fields[name] = tuple((key, tuple(values)) for key, values in fields.get(name, ()))
    for name in ("pinned", "excluded", "counter"):
        fields[name] = tuple(Mark(**mark) for mark in fields.get(name, ()))
    return Theme(**fields)


def from_tables(study: StudyConfig, tables: Mapping[str, pd.DataFrame]) -> Vocabulary:
    """The names of a study that has run, coders and groups from its tables."""
    coders: set[str] = set()
    for name in ("coverage", "spans"):
        if name in tables:
            # A machine whose proposals are admitted is no coder of the study.
            coders.update(n for n in tables[name]["coder"] if not n.startswith("machine:"))
    participants = tables.get("participants")
    columns: dict[str, list[str]] = {}
    if participants is not None:
        free = [str(name) for name in participants.columns if name not in _FIXED]
        columns = {name: [str(value) for value in participants[name]] for name in free}
    return _vocabulary(study, coders, columns)


def from_files(study: StudyConfig, coders: Iterable[str] = ()) -> Vocabulary:
    """The names of a study that has not run, groups of people from the files of ``data/``.

    Parameters
    ----------
    study : the study's choices, with its folder.
    coders : who coded, where that is known; else they are called as their files are.
    """
    from themetrail.coding.files import coder_files

    known, stems = set(coders), set[str]()
    columns: dict[str, list[str]] = {}
    renamed = study.settings["coding"]["coders"]
    for site in study.active_sites:
        folder = study.root / "data" / site.site
        stems.update(stem for stem, _, _ in coder_files(folder / "codings"))
        for row in _rows(folder / "participants.csv"):
            for name, value in row.items():
                if name and name not in _FIXED and isinstance(value, str):
                    columns.setdefault(name.strip(), []).append(value.strip())
    return _vocabulary(study, known or {renamed.get(stem, stem) for stem in stems}, columns)


def _rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file; none where it can't be read, which intake reports."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    return list(csv.DictReader(text.splitlines()))


def _vocabulary(
    study: StudyConfig, coders: Iterable[str], columns: Mapping[str, Iterable[str]]
) -> Vocabulary:
    attributes = {name: _values(values) for name, values in columns.items()}
    wanted = tuple(study.settings["synthesis"]["groups"])
    return Vocabulary(
        sites={site.site: site.label for site in study.active_sites},
        coders=tuple(sorted(coders)),
        codes={code.id: code.label for code in study.codebook.codes if code.status == "active"},
        themes={theme.id: theme.title for theme in study.themes},
        attributes={
            name: values
            for name, values in sorted(attributes.items())
            if name in wanted or len(values) <= MOST_VALUES
        },
        groups=tuple(name for name in wanted if name in attributes),
        reflexive=study.settings["analysis"]["approach"] == "reflexive",
        machine=runs_machine(study.settings),
    )


def _values(values: Iterable[str]) -> dict[str, str]:
    """Slug to value, sorted, what is missing last; a second value of one slug is numbered."""
    found: dict[str, str] = {}
    for value in sorted({value.strip() for value in values}, key=lambda name: (not name, name)):
        name, number = slug(value), 1
        while name in found:
            number += 1
            name = f"{slug(value)}_{number}"
        found[name] = value or NOT_STATED
    return found

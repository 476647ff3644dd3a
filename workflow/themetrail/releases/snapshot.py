"""What a study says at one time: facts, claims, themes, quotations, the numbers of its paper.

A snapshot holds no transcript, no name of a person or transcript, and no words but the quotations
that the paper prints. Counts of small groups are not in it where the paper does not show them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.errors import InputError
from themetrail.releases.sentences import Line, of_document
from themetrail.report.claims import Judged, judged, of_themes
from themetrail.report.claims import of_document as claims_of_document
from themetrail.report.facts import FACTS, Fact, read

if TYPE_CHECKING:
    import pandas as pd

DOCUMENT = "results/report/paper.json"
#: contract to the table that a snapshot reads
TABLES: dict[str, str] = {
    "transcripts": "results/intake/*/transcripts.parquet",
    "coverage": "results/coding/*/coverage.parquet",
    "quotes": "results/synthesis/quotes.csv",
}
#: the name of the study as it stands, which no release may have
NOW = "now"
POOLED = "(not shown)"
DIGITS = 16


@dataclass(frozen=True)
class Number:
    """A fact as a release keeps it; ``value`` is None of a text, and where there is no value."""

    value: float | int | None
    of: int | None
    high: float | None
    unit: str
    text: str


@dataclass(frozen=True)
class ThemeState:
    """A theme as it was worded, and its codes."""

    theme: str
    title: str
    claim: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Quotation:
    """A quotation of the paper; ``text`` is None where it was taken out of a release.

    ``quotation`` is the digest of its attribution and text.
    """

    theme: str
    stance: str
    rank: int
    code: str
    quotation: str
    text: str | None
    attribution: str


@dataclass(frozen=True)
class Material:
    """A transcript by its site and a digest of its words; whether somebody coded it."""

    site: str
    digest: str
    coded: bool


@dataclass(frozen=True)
class About:
    """What a snapshot is called and where it stands.

    Attributes
    ----------
    name : the release's; ``now`` for the study as it is.
    number : of the release, from 1; 0 for the study as it is.
    """

    name: str
    number: int = 0
    on: str = ""
    by: str = ""
    note: str = ""
    title: str = ""
    demonstration: bool = False
    confidence: float = 0.95
    margin: float = 0.1


@dataclass(frozen=True)
class Snapshot:
    """A study at one time."""

    about: About
    facts: Mapping[str, Number]
    themes: tuple[ThemeState, ...]
    codes: Mapping[str, str]
    claims: tuple[Judged, ...]
    lines: tuple[Line, ...]
    quotes: tuple[Quotation, ...]
    material: tuple[Material, ...]


def of_study(
    study: StudyConfig,
    facts: Iterable[Fact],
    document: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
) -> Snapshot:
    """The study as a run left it.

    Parameters
    ----------
    facts : of the run.
    document : the filled manuscript.
    tables : contracts ``transcripts``, ``coverage`` and ``quotes``, all sites.
    """
    known = {one.id: one for one in facts}
    settings = study.settings
    about = About(
        NOW,
        title=settings["study"]["title"],
        demonstration=bool(settings["study"]["demonstration"]),
        confidence=float(settings["reliability"]["confidence"]),
        margin=float(settings["report"]["claim_margin"]),
    )
    claims = [*of_themes(study.themes), *claims_of_document(document)]
    return Snapshot(
        about,
        {name: _number(fact) for name, fact in sorted(known.items())},
        tuple(
            ThemeState(t.id, t.title, t.claim, (*t.codes, *t.counter_codes)) for t in study.themes
        ),
        {code: study.codebook.label(code) for code in study.codebook.active},
        tuple(judged(claims, known)),
        tuple(of_document(document)),
        tuple(_quotes(tables["quotes"])),
        tuple(_material(tables["transcripts"], tables["coverage"], known)),
    )


def of_run(study: StudyConfig) -> Snapshot:
    """The study as its last run left it.

    Raises
    ------
    InputError
        There has been no run, or it is not complete.
    """
    from themetrail.report.inputs import read_tables

    root = study.root
    if not (root / FACTS).is_file() or not (root / DOCUMENT).is_file():
        message = "the study has not been run: there is nothing to compare. Run `themetrail run`."
        raise InputError(message)
    document = json.loads((root / DOCUMENT).read_text(encoding="utf-8"))
    return of_study(study, read(root / FACTS), document, read_tables(table_files(study)))


def table_files(study: StudyConfig) -> dict[str, list[str]]:
    """The tables that a snapshot reads, of the active sites.

    Raises
    ------
    InputError
        One of them is not there.
    """
    sites = [site.site for site in study.active_sites]
    found = {
        name: [pattern.replace("*", site) for site in sites] if "*" in pattern else [pattern]
        for name, pattern in TABLES.items()
    }
    missing = [
        path for paths in found.values() for path in paths if not (study.root / path).is_file()
    ]
    if missing:
        message = f"{missing[0]} is not there: the run is not complete. Run `themetrail run`."
        raise InputError(message)
    return {name: [str(study.root / path) for path in paths] for name, paths in found.items()}


def _number(fact: Fact) -> Number:
    value = fact.value if isinstance(fact.value, int | float) else None
    return Number(value, fact.of, fact.high, fact.unit, fact.text)


def quotation_id(attribution: str, text: str) -> str:
    """The first digits of the SHA-256 of words and whose they are, as printed."""
    said = f"{attribution}\n{text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:DIGITS]


def _quotes(table: pd.DataFrame) -> list[Quotation]:
    columns = (table[name] for name in ("theme", "stance", "rank", "code", "text", "attribution"))
    rows = zip(*columns, strict=True)
    return [
        Quotation(theme, stance, int(rank), code, quotation_id(by, text), text, by)
        for theme, stance, rank, code, text, by in rows
    ]


def _material(
    transcripts: pd.DataFrame, coverage: pd.DataFrame, facts: Mapping[str, Fact]
) -> list[Material]:
    """Transcripts; those of sites whose number is not shown stand together, without their site."""
    coded = set(coverage["transcript_id"])
    names = ("site", "transcript_id", "status", "sha256", "text_sha256")
    found = []
    for site, name, status, file, text in zip(*(transcripts[n] for n in names), strict=True):
        count = facts.get(f"n.transcripts.site.{site}")
        shown = count is not None and count.value is not None
        content = (file if status == "held" else text)[:DIGITS]
        found.append(Material(site if shown else POOLED, content, name in coded))
    return sorted(found, key=lambda one: (one.site, one.digest, one.coded))

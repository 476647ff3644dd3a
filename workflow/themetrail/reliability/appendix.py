"""Agreement as one pastes it into an appendix: a plain table with what it rests on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from themetrail.errors import InputError, Problem
from themetrail.reliability.labels import label

if TYPE_CHECKING:
    import pandas as pd

BY_CODE = ("krippendorff_alpha_nominal", "cohen_kappa", "gwet_ac1", "positive_agreement")


class Options(Protocol):
    """What the command asks for."""

    level: Any
    categories: list[str] | None
    statistics: list[str] | None
    unit: str | None
    cluster: str | None
    replicates: int
    seed: int
    confidence: float
    interval: Any
    scale: str | None
    coders: list[str] | None
    transcripts: Path
    by: Any


@dataclass
class Appendix:
    """One or more tables with a heading, and notes under them.

    Attributes
    ----------
    heading : what was compared.
    tables : caption and table; coefficients, codes, bands of a scale.
    confidence : level of the intervals.
    notes : sentences under the tables.
    problems : what could not be read.
    """

    heading: str
    tables: list[tuple[str, pd.DataFrame]]
    confidence: float
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """Problems that leave something out."""
        return [row for row in self.problems if row.severity == "error"]

    def as_json(self) -> str:
        """Everything at full precision; undefined values are null."""
        import dataclasses

        value = {
            "heading": self.heading,
            "confidence": self.confidence,
            "tables": [
                {"caption": caption, "rows": [_plain(row) for row in table.to_dict("records")]}
                for caption, table in self.tables
            ],
            "notes": self.notes,
            "problems": [dataclasses.asdict(row) for row in self.problems],
        }
        return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)

    def as_text(self) -> str:
        """A plain-text table."""
        parts = [self.heading]
        for caption, table in self.tables:
            parts.append("\n".join(filter(None, (caption, _grid(table, self.confidence)))))
        parts.append("\n".join([*self.notes, *(str(row) for row in self.problems)]))
        return "\n\n".join(part for part in parts if part)


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A row with plain values, None for undefined."""
    found = {}
    for name, value in row.items():
        item = value.item() if hasattr(value, "item") else value
        undefined = item is None or (isinstance(item, float) and not math.isfinite(item))
        found[str(name)] = None if undefined or type(item).__name__ == "NAType" else item
    return found


def _number(value: float) -> str:
    """Three decimals, a dash where undefined."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def _grid(table: pd.DataFrame, confidence: float) -> str:
    """Columns lined up: text to the left, numbers to the right."""
    shown: dict[str, list[str]] = {}
    level = f"{confidence * 100:g}% CI"
    for name in map(str, table.columns):
        column = table[name].tolist()
        if name == "coefficient":
            shown["Coefficient"] = [_text(label(value)) for value in column]
        elif name == "ci_low":
            ends = zip(column, table["ci_high"], strict=True)
            shown[level] = [
                "–" if math.isnan(a) else f"[{_number(a)}, {_number(b)}]" for a, b in ends
            ]
        elif name == "ci_high":
            continue
        elif table[name].dtype.kind == "f":
            shown[HEADERS.get(name, name)] = [_number(value) for value in column]
        else:
            shown[HEADERS.get(name, name)] = [_text(value) for value in column]
    return _lined_up(shown, {HEADERS.get(str(n), str(n)) for n in _numeric(table)} | {level})


HEADERS = {
    "estimate": "Estimate",
    "se": "SE",
    "method": "Method",
    "n_units": "Units",
    "n_coders": "Coders",
    "note": "Note",
    "code": "Code",
    "coders": "Coders",
    "prevalence": "Prevalence",
    "n_clusters": "Transcripts",
    "band": "Band",
    "low": "From",
    "high": "To",
    "probability": "Probability",
    "at_least": "This or higher",
    "reached": "Reached",
}


def _text(value: Any) -> str:
    """A cell's text on one line, without control characters."""
    if isinstance(value, bool):
        return "yes" if value else ""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else "�" for c in text)


def _numeric(table: pd.DataFrame) -> list[Any]:
    return [name for name in table.columns if table[name].dtype.kind in "fi"]


def _lined_up(shown: dict[str, list[str]], right: Iterable[str]) -> str:
    """Rows of cells with two spaces between columns."""
    numeric = set(right)
    kept = {n: cells for n, cells in shown.items() if any(cell.strip() for cell in cells)}
    widths = {name: max(len(name), *map(len, cells)) for name, cells in kept.items()}
    place = {n: (str.rjust if n in numeric else str.ljust) for n in kept}
    lines = ["  ".join(place[n](n, widths[n]) for n in kept)]
    lines.append("  ".join("-" * widths[n] for n in kept))
    for row in zip(*kept.values(), strict=True):
        lines.append("  ".join(place[n](c, widths[n]) for n, c in zip(kept, row, strict=True)))
    return "\n".join(line.rstrip() for line in lines)


def of_ratings(path: Path, options: Options) -> Appendix:
    """Agreement of a table of ratings."""
    from themetrail.reliability.agreement_table import agreement
    from themetrail.reliability.ratings_file import ratings_of, read_table

    table = ratings_of(read_table(path), path, unit=options.unit, cluster=options.cluster)
    categories = _categories(options.categories, table, options.cluster)
    found = agreement(
        table,
        options.level,
        categories,
        options.statistics,
        options.cluster,
        options.replicates,
        options.seed,
        options.confidence,
        interval=options.interval,
    )
    n_coders = len(table.columns) - (options.cluster is not None)
    scale = f", categories {', '.join(options.categories)}" if options.categories else ""
    heading = f"Agreement of {n_coders} coders on {len(table)} units ({options.level}{scale})"
    return Appendix(
        heading,
        [("", found), *_bands(found, options.scale)],
        options.confidence,
        _notes(found, options),
    )


def _categories(
    declared: Sequence[str] | None, table: pd.DataFrame, cluster: str | None
) -> list[Any] | None:
    """Declared categories as numbers where the ratings are."""
    if declared is None:
        return None
    cells = [v for name in table.columns if name != cluster for v in table[name]]
    numbers = [v for v in cells if v is not None and not isinstance(v, str)]
    if not any(v == v for v in numbers):
        return list(declared)
    try:
        return [int(c) if c.lstrip("+-").isdigit() else float(c) for c in declared]
    except ValueError:
        message = f"the ratings are numbers and the declared categories are not: {declared}"
        raise InputError(message) from None


def of_spans(path: Path, length: int, options: Options) -> Appendix:
    """Unitising agreement of spans of one text."""
    from themetrail.reliability.ratings_file import read_table, spans_of
    from themetrail.reliability.unitizing_table import unitizing

    spans = spans_of(read_table(path), path)
    coders = sorted(set(spans["coder"]) | set(options.coders or ()))
    found = unitizing(
        spans,
        length,
        options.statistics,
        coders=coders if options.coders else None,
        seed=options.seed,
        confidence=options.confidence,
    )
    heading = f"Agreement of {len(coders)} coders on {len(spans)} spans of {length} characters"
    return Appendix(heading, [("", found)], options.confidence, _notes(found, options))


def of_coded_files(files: Sequence[Path], options: Options) -> Appendix:
    """Agreement of coders' files on their transcripts, over all codes and by code."""
    from themetrail.reliability.coded_files import read_coded_files
    from themetrail.reliability.patterns import count_patterns
    from themetrail.reliability.study import coefficients

    read = read_coded_files(files, options.transcripts, options.by)
    patterns = count_patterns(read.units, read.spans, read.coverage, read.codes)
    found = coefficients(
        {"": patterns},
        options.statistics,
        replicates=options.replicates,
        seed=options.seed,
        confidence=options.confidence,
    )
    if found.empty:
        raise InputError("\n".join(["nothing to compare", *map(str, read.problems)]))
    study = found[found["level"] == "study"].reset_index(drop=True)
    shown = ["coefficient", "estimate", "se", "ci_low", "ci_high", "method", "n_units", "note"]
    tables = [("All codes, every unit × code one judgement:", study[shown])]
    tables += [(f"By code, {label(name)}:", _code_table(found, name)) for name in BY_CODE]
    tables += _bands(study, options.scale)
    who = study["coders"].iloc[0].replace(";", ", ") if len(study) else ""
    heading = f"Agreement of {who} on {study['n_clusters'].iloc[0]} transcripts, unit: {options.by}"
    kept = [(caption, table) for caption, table in tables if len(table)]
    codes = found[found["level"].isin(["study", "code"])]
    return Appendix(heading, kept, options.confidence, _notes(codes, options), read.problems)


def _code_table(found: pd.DataFrame, name: str) -> pd.DataFrame:
    """One coefficient, a row a code."""
    rows = found[(found["level"] == "code") & (found["coefficient"] == name)]
    shown = ["code", "estimate", "se", "ci_low", "ci_high", "n_units", "prevalence", "note"]
    return rows[shown].reset_index(drop=True)


def _bands(found: pd.DataFrame, scale: str | None) -> list[tuple[str, pd.DataFrame]]:
    """Probabilities of a scale's bands, where one is asked for."""
    if scale is None:
        return []
    from themetrail.reliability.benchmarking import benchmark

    table = benchmark(found, scale).drop(columns="scale")
    caption = f"Probability of each band of the {scale} scale (Gwet 2014):"
    return [(caption, table)] if len(table) else []


def _notes(found: pd.DataFrame, options: Options) -> list[str]:
    """What stands under the table."""
    from themetrail import __version__
    from themetrail.reliability.reasons import REASONS

    slugs: dict[str, None] = {}
    for note in found["note"]:
        slugs.update(dict.fromkeys(slug.split("=")[0] for slug in str(note).split(";")))
    notes = [f"{slug}: {REASONS[slug]}." for slug in slugs if slug in REASONS]
    if options.replicates:
        notes.append(f"Bootstrap: {options.replicates} replicates, seed {options.seed}.")
    return [*notes, f"Computed with themetrail {__version__}."]

"""Inputs against their manifests; tables, facts and the log against themselves made anew."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.audit.findings import Check
from themetrail.audit.memos import decisions_of
from themetrail.audit.rebuild import Rebuilt, together
from themetrail.config import StudyConfig
from themetrail.errors import Problems, ThemetrailError
from themetrail.exclusions import read_dropped
from themetrail.provenance import sha256_file

if TYPE_CHECKING:
    import pandas as pd

#: differences named in one file before the rest are only counted
MOST = 5
#: a different processor's last digits are no alteration; the crate's hashes see even those
TOLERANCE = 1e-9
_OLD_OR_NEW = (
    "Put the file back as it was (git and your backups have it; the list that is named has its "
    "SHA-256), or, where the change is meant, run the study again: themetrail run. Codings follow "
    "a corrected transcript; themetrail check says which don't."
)


# ------------------------------------------------------------------ inputs
def inputs(root: Path, study: StudyConfig) -> Check:
    """Every file of ``data/`` against the manifest that the run was made from."""
    from themetrail import manifest

    check = Check("Inputs are those that the run read", unit="files", remedy=_OLD_OR_NEW)
    dropped = read_dropped(root, Problems())
    for site in study.active_sites:
        for kind in manifest.KINDS:
            path = manifest.manifest_path(site.site, kind)
            if not (root / path).is_file():
                check.differs(path, "the run's list of this site's files is not there")
                continue
            then = _listed((root / path).read_bytes().decode("utf-8", "replace"))
            now = _listed(manifest.manifest(root, site.site, kind, dropped))
            check.looked_at += max(len(now) - 1, 0)
            _compare_lists(path, then, now, check)
    return check


def _listed(text: str) -> dict[str, str]:
    """A manifest's lines by path."""
    return {line.partition("\t")[0]: line for line in text.split("\n") if line}


def _compare_lists(
    path: str, then: Mapping[str, str], now: Mapping[str, str], check: Check
) -> None:
    for name in sorted({*then, *now}):
        if name not in now:
            check.differs(name, f"is listed in {path} and is not there")
        elif name not in then:
            check.differs(name, f"was not there when the study was run ({path} has no such line)")
        elif then[name] != now[name]:
            check.differs(name, f"is not as it was when the study was run (see {path})")


# ------------------------------------------------------------------ tables
def derived(root: Path, made: Rebuilt) -> Check:
    """Every table of ``results/`` against the same table computed anew."""
    from themetrail.contracts import CONTRACTS
    from themetrail.tables import read

    check = Check("Tables follow from the inputs", unit="tables")
    for path, (name, fresh) in made.tables.items():
        check.looked_at += 1
        if not (root / path).is_file():
            check.differs(path, "is not there")
            continue
        content = sha256_file(root / path)
        if made.agreed.get(path) == content:
            continue
        before = len(check.findings)
        try:
            stored = read(root / path, CONTRACTS[name])
        except (ThemetrailError, OSError, ValueError, ArithmeticError) as error:
            check.differs(path, f"can't be read as a table {name!r}: {_first_line(error)}")
            continue
        for place, what in compare(stored, fresh, CONTRACTS[name].key):
            check.differs(f"{path}{place}", what)
        if len(check.findings) == before:
            made.agreed[path] = content
    return check


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def compare(
    stored: pd.DataFrame, fresh: pd.DataFrame, key: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Place and difference of cells; no more than a few of one table."""
    if list(stored.columns) != list(fresh.columns):
        yield "", f"has the columns {list(stored.columns)}, not {list(fresh.columns)}"
        return
    if len(stored) != len(fresh):
        yield "", f"has {len(stored):,} rows; the inputs give {len(fresh):,}"
        return
    if stored.equals(fresh):
        return
    cells = [
        (position, str(column), old, new)
        for column in stored.columns
        for position, (old, new) in enumerate(zip(stored[column], fresh[column], strict=True))
        if not same(old, new)
    ]
    for position, column, old, new in sorted(cells, key=lambda cell: cell[0])[:MOST]:
        row = fresh.iloc[position]
        named = ", ".join(f"{name} {row[name]}" for name in key if name != column)
        where = f", row {position + 1}{f' ({named})' if named else ''}"
        yield where, f"{column} is {short(old)}; the inputs give {short(new)}"
    if len(cells) > MOST:
        yield "", f"and {len(cells) - MOST:,} differences more"


def same(old: Any, new: Any) -> bool:
    """Whether two cells are equal; missing equals missing, numbers to the last but few digits."""
    if isinstance(old, float) and isinstance(new, float):
        if math.isnan(old) or math.isnan(new):
            return math.isnan(old) and math.isnan(new)
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if old is new:
        return True
    return bool(old == new) if _there(old) and _there(new) else not (_there(old) or _there(new))


def _there(value: Any) -> bool:
    import pandas as pd

    return value is not None and value is not pd.NA


def short(value: Any) -> str:
    """A value for a message; of a long text its length only, since it may be a transcript."""
    said = repr(value)
    return said if len(said) <= 60 else f"a text of {len(str(value)):,} characters"


# ------------------------------------------------------------------ facts
def facts(root: Path, made: Rebuilt) -> Check:
    """Every fact of the run against the same fact computed anew."""
    from themetrail.report.facts import FACTS, by_id, read

    check = Check("Facts follow from the tables", unit="facts")
    try:
        stored = by_id(read(root / FACTS))
    except ThemetrailError as error:
        check.differs(FACTS, _first_line(error))
        return check
    fresh = by_id(made.facts)
    check.looked_at = len(fresh)
    for name in sorted({*stored, *fresh}):
        if name not in fresh:
            check.differs(f"{FACTS}, {name}", "is no fact of this study")
        elif name not in stored:
            check.differs(f"{FACTS}, {name}", "is not there")
        else:
            old, new = dataclasses.asdict(stored[name]), dataclasses.asdict(fresh[name])
            for key in new:
                if not same_value(old[key], new[key]):
                    what = f"{key} is {short(old[key])}; the tables give {short(new[key])}"
                    check.differs(f"{FACTS}, {name}", what)
    return check


def same_value(old: Any, new: Any) -> bool:
    """Whether two values from JSON are equal, numbers to the last but few digits."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same_value(old[key], new[key]) for key in new)
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        pairs = zip(old, new, strict=False)
        return len(old) == len(new) and all(same_value(a, b) for a, b in pairs)
    if isinstance(old, int | float) and isinstance(new, int | float):
        return same(float(old), float(new)) and isinstance(old, bool) == isinstance(new, bool)
    return bool(old == new)


# ------------------------------------------------------------------ the log
def fresh_log(root: Path, study: StudyConfig, made: Rebuilt) -> str:
    """The log of decisions made anew."""
    from themetrail.audit.decisions import chained

    return chained(decisions_of(root, study, together(made), Problems()))


def decision_log(root: Path, fresh: str) -> Check:
    """The log's chain, and its entries against those that the study's files give."""
    from themetrail.audit.decisions import LOG, breaks, lines_of

    check = Check("The decision log is whole", unit="entries")
    path = root / LOG
    if not path.is_file():
        check.differs(LOG, "is not there")
        return check
    text = path.read_bytes().decode("utf-8", "replace")
    check.looked_at = max(len(lines_of(text)) - 1, 0)
    for line, what in breaks(text):
        check.differs(f"{LOG}:{line}", what)
    for where, what in _taken_out_or_put_in(text, fresh) if text != fresh else ():
        check.differs(where, what)
    if not check.findings and text != fresh:
        number, old, new = _first_difference(text, fresh)
        check.differs(f"{LOG}:{number}", f"is {old}; the files give {new}")
    return check


def _taken_out_or_put_in(stored: str, fresh: str) -> list[tuple[str, str]]:
    """Decisions that one of two logs has and the other has not; none where one can't be read."""
    from themetrail.audit.decisions import LOG, entries, missing, named

    try:
        old, new = entries(stored), entries(fresh)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    said = [(LOG, f"does not have {named(one)}") for one in missing(new, old)]
    return said + [(LOG, f"has {named(one)}, and no file does") for one in missing(old, new)]


def _first_difference(stored: str, fresh: str) -> tuple[int, str, str]:
    old, new = stored.split("\n"), fresh.split("\n")
    for number in range(max(len(old), len(new))):
        first = old[number] if number < len(old) else ""
        second = new[number] if number < len(new) else ""
        if first != second:
            return number + 1, _said(first), _said(second)
    return len(old), "different", "something else"


def _said(line: str) -> str:
    """What a line of the log says, in short."""
    import json

    if not line.strip():
        return "nothing"
    entry = json.loads(line)
    said = " ".join(str(entry.get(key, "")) for key in ("on", "kind", "about", "decision"))
    return f"“{' '.join(said.split())}”"

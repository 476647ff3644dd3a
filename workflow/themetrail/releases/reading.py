"""Releases read back with suspicion: sealed files, altered ones, words taken out."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from themetrail.errors import InputError, did_you_mean
from themetrail.releases.files import (
    FILES,
    FOLDER,
    MOST_BYTES,
    SEAL,
    WORDS,
    Sealed,
    as_csv,
    digest_of,
    names,
)
from themetrail.releases.sentences import from_text
from themetrail.releases.snapshot import (
    About,
    Material,
    Number,
    Quotation,
    Snapshot,
    ThemeState,
    quotation_id,
)
from themetrail.report.claims import Claim, Judged


def releases(root: Path) -> list[Sealed]:
    """Every release of a study, in the order in which they were made.

    Raises
    ------
    InputError
        One of them can't be read.
    """
    found = [read_seal(root, name) for name in names(root)]
    return sorted(found, key=lambda one: (one.about.number, one.about.on, one.about.name))


def last(root: Path) -> Sealed | None:
    """The release that was made last; None where there is none."""
    found = releases(root)
    return found[-1] if found else None


def read_seal(root: Path, name: str) -> Sealed:
    """A release's seal.

    Raises
    ------
    InputError
        There is no such release, or its seal can't be read.
    """
    known = names(root)
    if name not in known:
        near = did_you_mean(name, known) if known else "There is no release yet."
        message = f"there is no release {name!r}. {near}"
        raise InputError(message)
    where = f"{FOLDER}/{name}/{SEAL}"
    with _said_of(where):
        value = json.loads(_bytes(root / where))
        stated = {field.name: value[field.name] for field in fields(About)}
        previous = (str(value["previous"]["name"]), str(value["previous"]["digest"]))
        files = {str(file): str(digest) for file, digest in value["files"].items()}
        about = About(**_typed(stated, name))
        return Sealed(about, str(value["software"]), previous, files, str(value["digest"]))


def _typed(stated: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What a seal says of its release, each of its type."""
    made = {field: str(stated[field]) for field in ("name", "on", "by", "note", "title")}
    if made["name"] != name:
        message = f"it is the seal of {made['name']!r}"
        raise ValueError(message)
    return {
        **made,
        "number": int(stated["number"]),
        "demonstration": bool(stated["demonstration"]),
        "confidence": float(stated["confidence"]),
        "margin": float(stated["margin"]),
    }


def read(root: Path, name: str) -> Snapshot:
    """A release as it was frozen.

    Raises
    ------
    InputError
        There is none of that name, a file of it can't be read, or one was altered.
    """
    sealed = read_seal(root, name)
    found = altered(root, sealed)
    if found:
        file, what = found[0]
        message = f"{FOLDER}/{name}/{file} {what}; take it from the study's history"
        raise InputError(message)
    folder = root / FOLDER / name
    with _said_of(f"{FOLDER}/{name}"):
        return Snapshot(
            sealed.about,
            {r["fact"]: _number(r) for r in _rows(folder / "facts.csv")},
            tuple(
                ThemeState(r["theme"], r["title"], r["claim"], _split(r["codes"]))
                for r in _rows(folder / "themes.csv")
            ),
            {r["code"]: r["label"] for r in _rows(folder / "codes.csv")},
            tuple(_judged(r) for r in _rows(folder / "claims.csv")),
            tuple(from_text(_bytes(folder / "paper.md").decode("utf-8"))),
            tuple(_quotes(folder)),
            tuple(
                Material(r["site"], r["digest"], r["coded"] == "yes")
                for r in _rows(folder / "material.csv")
            ),
        )


def altered(root: Path, sealed: Sealed) -> list[tuple[str, str]]:
    """Files of a release that are not as they were frozen, and what is wrong with each."""
    folder = root / FOLDER / sealed.about.name
    found: list[tuple[str, str]] = []
    if digest_of(sealed) != sealed.digest or set(sealed.files) != set(FILES):
        found.append((SEAL, "was altered: its digest is another"))
    for name in FILES:
        path = folder / name
        if not path.is_file():
            found.append((name, "is not there"))
        elif hashlib.sha256(_bytes(path)).hexdigest() != sealed.files.get(name):
            found.append((name, "was altered: its hash is another"))
    if not (folder / WORDS).is_file():
        return [*found, (WORDS, "is not there")]
    with _said_of(f"{FOLDER}/{sealed.about.name}/{WORDS}"):
        rows = list(_rows(folder / WORDS))
        if any(quotation_id(row["attribution"], row["text"]) != row["quotation"] for row in rows):
            found.append((WORDS, "was altered: words of a row are not those that its id names"))
    return found


def taken_out(root: Path, name: str) -> int:
    """How many quotations of a release no longer have their words.

    Raises
    ------
    InputError
        The release can't be read.
    """
    folder = root / FOLDER / name
    with _said_of(f"{FOLDER}/{name}"):
        return sum(one.text is None for one in _quotes(folder))


@contextlib.contextmanager
def _said_of(where: str) -> Iterator[None]:
    """Say of which file an error is."""
    try:
        yield
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        csv.Error,
    ) as error:
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        message = f"{where} can't be read as a release ({what}); take it from the study's history"
        raise InputError(message) from error


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        message = f"{path.name} has more than {MOST_BYTES:,} bytes"
        raise ValueError(message)
    return path.read_bytes()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    text = io.StringIO(_bytes(path).decode("utf-8"), newline="")
    reader = csv.DictReader(text, strict=True)
    for row in reader:
        if None in row or None in row.values():
            message = f"{path.name}, line {reader.line_num}: not as many cells as columns"
            raise ValueError(message)
        yield row


def _split(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(";") if name)


def _real(text: str) -> float | int | None:
    value = json.loads(text) if text else None
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        message = f"{text!r} is no number"
        raise ValueError(message)
    return value


def _number(row: Mapping[str, str]) -> Number:
    of = _real(row["of"])
    return Number(
        _real(row["value"]),
        None if of is None else int(of),
        _real(row["high"]),
        row["unit"],
        row["text"],
    )


def _judged(row: Mapping[str, str]) -> Judged:
    claim = Claim(row["claim"], row["source"], row["says"], row["holds"])
    return Judged(
        claim, row["state"], _real(row["support"]), row["support_text"], _split(row["against"])
    )


def _quotes(folder: Path) -> Iterator[Quotation]:
    words = {row["quotation"]: row for row in _rows(folder / WORDS)}
    for row in _rows(folder / "quotes.csv"):
        held = words.get(row["quotation"])
        yield Quotation(
            row["theme"],
            row["stance"],
            int(row["rank"]),
            row["code"],
            row["quotation"],
            None if held is None else held["text"],
            "" if held is None else held["attribution"],
        )


# ------------------------------------------------------------------ withdrawals
def take_out(root: Path, name: str, said: Iterable[str]) -> int:
    """Take a person's words out of a release; how many quotations. Its numbers stay.

    Parameters
    ----------
    said : the person's turns.
    """
    path = root / FOLDER / name / WORDS
    turns = list(said)
    rows = list(_rows(path)) if path.is_file() else []
    kept = [row for row in rows if not any(row["text"] in turn for turn in turns)]
    if len(kept) < len(rows):
        from themetrail.tables import write_text

        columns = ("quotation", "attribution", "text")
        write_text(as_csv(columns, [[row[c] for c in columns] for row in kept]), path)
    return len(rows) - len(kept)

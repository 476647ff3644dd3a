"""A release as a folder of small texts: written whole, read with suspicion, sealed by digests.

``release.json`` holds the SHA-256 of every other file but ``words.csv``, whose rows vouch for
themselves: a row's id is the digest of its words. So a person's words can be taken out of a
release without breaking its seal, and nothing else can be changed unseen.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from themetrail import __version__
from themetrail.config import IDENTIFIER
from themetrail.errors import InputError
from themetrail.releases.sentences import as_text
from themetrail.releases.snapshot import (
    NOW,
    About,
    Snapshot,
)
from themetrail.report.claims import Judged

FOLDER = "releases"
SEAL = "release.json"
WORDS = "words.csv"
LONGEST = 60
MOST_BYTES = 64 * 1024 * 1024
FILES = (
    "claims.csv",
    "codes.csv",
    "facts.csv",
    "material.csv",
    "paper.md",
    "quotes.csv",
    "themes.csv",
)


@dataclass(frozen=True)
class Sealed:
    """A release as its seal describes it.

    Attributes
    ----------
    about : name, number, date, who made it, why.
    software : version of the software.
    previous : name and digest of the release before; empty for the first.
    files : file to SHA-256.
    digest : of all the above.
    """

    about: About
    software: str
    previous: tuple[str, str]
    files: Mapping[str, str]
    digest: str


# ------------------------------------------------------------------ names
def bad_name(root: Path, name: str) -> str:
    """Why a release can't have a name; empty where it can."""
    if not IDENTIFIER.match(name) or len(name) > LONGEST or name.endswith("."):
        return f"{name!r} is not a release's name: use letters, digits, '.', '_' and '-'"
    if name.lower() == NOW:
        return f"{name!r} stands for the study as it is; give the release another name"
    taken = {path.name.lower(): path.name for path in (root / FOLDER).glob("*")}
    if name.lower() in taken:
        return (
            f"there is a release {taken[name.lower()]!r} already, and a release is not changed; "
            "give this one another name"
        )
    return ""


def names(root: Path) -> list[str]:
    """Folders of releases, sorted by name; one of a name that no release can have is none."""
    found = (path.name for path in (root / FOLDER).glob("*") if path.is_dir())
    return sorted(name for name in found if IDENTIFIER.match(name))


# ------------------------------------------------------------------ writing
def write(root: Path, snapshot: Snapshot, *, previous: Sealed | None) -> Sealed:
    """Write a release's folder, whole or not at all.

    Raises
    ------
    InputError
        The name can't be had.
    """
    about = snapshot.about
    wrong = bad_name(root, about.name)
    if wrong:
        raise InputError(wrong)
    texts = {name: text.encode("utf-8") for name, text in _texts(snapshot).items()}
    sealed = _sealed(about, previous, texts)
    texts[SEAL] = _seal_text(sealed).encode("utf-8")
    (root / FOLDER).mkdir(exist_ok=True)
    part = root / FOLDER / f".{about.name}.{secrets.token_hex(4)}.part"
    try:
        part.mkdir()
        for name, content in texts.items():
            (part / name).write_bytes(content)
        part.rename(root / FOLDER / about.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sealed


def _texts(snapshot: Snapshot) -> dict[str, str]:
    words = {one.quotation: one for one in snapshot.quotes}
    return {
        "facts.csv": as_csv(
            ("fact", "value", "of", "high", "unit", "text"),
            [
                (name, *map(_cell, (n.value, n.of, n.high)), n.unit, n.text)
                for name, n in snapshot.facts.items()
            ],
        ),
        "themes.csv": as_csv(
            ("theme", "title", "claim", "codes"),
            [(t.theme, t.title, t.claim, ";".join(t.codes)) for t in snapshot.themes],
        ),
        "codes.csv": as_csv(("code", "label"), snapshot.codes.items()),
        "claims.csv": as_csv(
            ("claim", "source", "state", "support", "support_text", "against", "holds", "says"),
            map(_claim_row, snapshot.claims),
        ),
        "paper.md": as_text(snapshot.lines),
        "quotes.csv": as_csv(
            ("theme", "stance", "rank", "code", "quotation"),
            [(q.theme, q.stance, q.rank, q.code, q.quotation) for q in snapshot.quotes],
        ),
        WORDS: as_csv(
            ("quotation", "attribution", "text"),
            [(name, words[name].attribution, words[name].text or "") for name in sorted(words)],
        ),
        "material.csv": as_csv(
            ("site", "digest", "coded"),
            [(m.site, m.digest, "yes" if m.coded else "no") for m in snapshot.material],
        ),
    }


def _claim_row(one: Judged) -> tuple[object, ...]:
    claim = one.claim
    support = (_cell(one.support), one.support_text)
    return (
        claim.id,
        claim.source,
        one.state,
        *support,
        ";".join(one.against),
        claim.condition,
        claim.says,
    )


def _cell(value: float | None) -> str:
    return "" if value is None else json.dumps(value)


def as_csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV text below their columns."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue()


def _sealed(about: About, previous: Sealed | None, texts: Mapping[str, bytes]) -> Sealed:
    before = ("", "") if previous is None else (previous.about.name, previous.digest)
    hashes = {name: hashlib.sha256(texts[name]).hexdigest() for name in FILES}
    bare = Sealed(about, __version__, before, hashes, "")
    return Sealed(about, __version__, before, hashes, digest_of(bare))


def as_json(sealed: Sealed) -> dict[str, Any]:
    """All that a seal says but its digest."""
    return {
        **asdict(sealed.about),
        "software": sealed.software,
        "previous": {"name": sealed.previous[0], "digest": sealed.previous[1]},
        "files": dict(sealed.files),
    }


def digest_of(sealed: Sealed) -> str:
    """The SHA-256 of all that a seal says but its digest."""
    text = json.dumps(as_json(sealed), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _seal_text(sealed: Sealed) -> str:
    value = {**as_json(sealed), "digest": sealed.digest}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

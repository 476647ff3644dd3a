"""The intake's settings from the study's configuration and the files that it names."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from themetrail.errors import Problems
from themetrail.exclusions import Dropped
from themetrail.intake.settings import IntakeSettings

CONFIG = "config/config.yaml"


def names_file(root: Path, disclosure: Mapping[str, Any]) -> Path | None:
    """Where the forbidden names stand; None where the study has none."""
    given = str(disclosure["forbidden_names"])
    return (root / given) if given else None


def fingerprint(root: Path, disclosure: Mapping[str, Any]) -> str:
    """A digest of the forbidden names, so that a new name reruns the intake; never the names."""
    path = names_file(root, disclosure)
    if path is None or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def forbidden_names(
    root: Path, disclosure: Mapping[str, Any], problems: Problems
) -> tuple[str, ...]:
    """Names that must not occur, one a line; ``#`` starts a comment."""
    path = names_file(root, disclosure)
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        problems.add(
            "error",
            "unreadable",
            CONFIG,
            "the file that disclosure.forbidden_names names can't be read as UTF-8 text",
            "Put one name on each line, or leave the key empty.",
        )
        return ()
    names = (line.split("#", 1)[0].strip() for line in lines)
    return tuple(name for name in names if name)


def intake_settings(
    root: Path,
    *,
    intake: Mapping[str, Any],
    disclosure: Mapping[str, Any],
    unit: str,
    dropped: Iterable[Dropped],
    problems: Problems,
) -> IntakeSettings:
    """Everything that ``intake.read_site`` needs to know of the configuration."""
    records = [dataclasses.asdict(row) for row in dropped]
    return IntakeSettings(
        unit=unit,  # type: ignore[arg-type]  # the schema allows these three only
        interviewers=tuple(intake["interviewers"]),
        others=tuple(intake["others"]),
        speakers=dict(intake["speakers"]),
        not_speakers=tuple(intake["not_speakers"]),
        preamble=intake["preamble"],
        encoding=intake["encoding"] or None,
        forbidden_names=forbidden_names(root, disclosure, problems),
        allow=tuple(disclosure["allow"]),
        excluded=tuple(row for row in records if row["why"] == "excluded"),
        withdrawn=tuple(row for row in records if row["why"] == "withdrawn"),
    )

"""Which settings, files or lines of code lie behind a step's changed parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themetrail.config import StudyConfig
from themetrail.plan.reasons import Reasons
from themetrail.provenance import SCRIPTS, code_of, sha256_file
from themetrail.report.sources import bibliography_of, manuscript_of, notebooks_of, own

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ABSENT = "(absent)"
#: what stands beside the settings where a step depends on all choices, or on the run itself
_BESIDE = {
    "codebook": "config/codebook.yaml changed",
    "themes": "config/themes.yaml changed",
    "sites": "config/sites.tsv changed",
    "steps": "the steps of the workflow changed",
    "versions": "versions of software changed",
}


@dataclass(frozen=True)
class Change:
    """One value: its key, dotted where its place is known, what it was and what it is."""

    key: str
    before: Any
    now: Any

    def __str__(self) -> str:
        if _is_digest(self.before) or _is_digest(self.now):
            return f"{self.key} changed"
        old, new = _short(self.before), _short(self.now)
        values = f" ({old} → {new})" if old and new else ""
        return f"config changed: {self.key}{values}"


class Known:
    """What changed parameters are compared with: the study's settings, its files, the code.

    Parameters
    ----------
    study : its choices as they are.
    reasons : those of all steps: some hold all settings, and name them for the others.
    """

    def __init__(self, study: StudyConfig, reasons: Iterable[Reasons] = ()) -> None:
        self._study = study
        self._files = {
            sha256_file(path): f"config/{path.name}"
            for path in sorted((study.root / "config").glob("*.*"))
        } | {sha256_file(path): f"{path.name} (shipped)" for path in _shipped(study.root)}
        self._changes: list[Change] = []
        for before, now in (pair for reason in reasons for pair in _pairs(reason)):
            whole = _whole(before), _whole(now)
            if whole[0] and whole[1]:
                self._changes += [c for c in leaves(*whole) if c not in self._changes]

    def words(self, rule: str, reason: Reasons) -> list[str]:
        """What changed among a step's parameters, in words."""
        if reason.before is None or reason.now is None:
            return ["settings changed"]
        said = [self._digest(rule, value) for value in reason.now if _is_digest(value)]
        if not said and any(map(_is_digest, reason.before)):
            said = ["a file of config/, or an exclusion, is gone"]
        for before, now in _pairs(reason):
            said += self._pair(before, now)
        return list(dict.fromkeys(said)) or ["settings changed"]

    def _digest(self, rule: str, digest: str) -> str:
        """What a digest stands for: a file of config/, a script's code, people left out."""
        if digest in self._files:
            return f"{self._files[digest]} changed"
        own = sorted(SCRIPTS.glob("*.py"), key=lambda path: not path.stem.startswith(rule))
        if any(code_of(path.name) == digest for path in own):
            return f"the code of {rule} changed"
        return "exclusions or withdrawals changed"

    def _pair(self, before: Any, now: Any) -> list[str]:
        """One parameter's change, in words."""
        names = self._list(now)
        if names is not None:
            return [names]
        if not isinstance(before, Mapping):
            return [str(self._placed(Change("", before, now)))]
        beside = [_BESIDE[k] for k in _BESIDE if k in now and now[k] != before.get(k)]
        inner = _whole(before), _whole(now)
        differ = leaves(*inner) if all(inner) else leaves(before, now) if not beside else []
        return beside + [str(self._placed(change)) for change in differ]

    def _list(self, now: Any) -> str | None:
        """Words for a parameter that lists sites, codes, themes, versions or files of code."""
        if not isinstance(now, Mapping | Sequence) or isinstance(now, str) or not now:
            return None
        names = [name for name in now if isinstance(name, str)]
        study = self._study
        if names == [site.site for site in study.active_sites]:
            return _BESIDE["sites"]
        if names == list(study.theme_codes()):
            return _BESIDE["themes"]
        if names == list(study.codebook.active):
            return _BESIDE["codebook"]
        if isinstance(now, Mapping) and all(_is_digest(value) for value in now.values()):
            return "the code of the project changed"
        return _BESIDE["versions"] if isinstance(now, Mapping) and "snakemake" in now else None

    def _placed(self, change: Change) -> Change:
        """The change with its key's full place in config.yaml."""
        last = change.key.rsplit(".", 1)[-1]
        for known in self._changes:
            same = (known.before, known.now) == (change.before, change.now)
            if same and (not last or known.key.rsplit(".", 1)[-1] == last):
                return known
        places = [
            key
            for key, value in _walk(self._study.settings)
            if value == change.now and (not last or key.rsplit(".", 1)[-1] == last)
        ]
        name = places[0] if len(places) == 1 else change.key or "a setting"
        return Change(name, change.before, change.now)


def leaves(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[Change]:
    """Every key at which two nested mappings differ.

    >>> [str(c) for c in leaves({"a": {"b": 1}}, {"a": {"b": 2}})]
    ['config changed: a.b (1 → 2)']
    """
    found: list[Change] = []
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key, _ABSENT), now.get(key, _ABSENT)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += leaves(old, new, f"{prefix}{key}.")
        elif old != new:
            found.append(Change(f"{prefix}{key}", old, new))
    return found


def _shipped(root: Path) -> list[Path]:
    """Authored texts that the study takes from the project."""
    texts = [manuscript_of(root), bibliography_of(root), *notebooks_of(root).values()]
    return [path for path in texts if path.is_file() and not own(root, path)]


def _whole(value: Any) -> Mapping[str, Any]:
    """All settings, where a parameter holds them; empty for any other."""
    if not isinstance(value, Mapping):
        return {}
    inner = value.get("settings", value)
    return inner if isinstance(inner, Mapping) and {"study", "analysis"} <= set(inner) else {}


def _pairs(reason: Reasons) -> Iterator[tuple[Any, Any]]:
    """Values that were with values that are: of one kind, those that share most."""
    left = [value for value in reason.before or () if not _is_digest(value)]
    for now in [value for value in reason.now or () if not _is_digest(value)]:
        alike = [value for value in left if type(value) is type(now)]
        if alike:
            before = max(alike, key=lambda value: _common(value, now))
            left.remove(before)
            yield before, now


def _common(one: Any, other: Any) -> int:
    """How many keys or members two values share."""
    if isinstance(one, Mapping | list | tuple):
        return sum(value in other for value in one)
    return 0


def _walk(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting with its dotted key."""
    for key, value in settings.items():
        yield f"{prefix}{key}", value
        if isinstance(value, Mapping):
            yield from _walk(value, f"{prefix}{key}.")


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _short(value: Any) -> str:
    """A value as a person would write it; '' where it is too long to show."""
    if isinstance(value, Mapping):
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = text or "empty"
    return text if len(text) <= 40 else ""

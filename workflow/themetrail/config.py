"""The study's choices: config.yaml, sites.tsv, codebook.yaml, themes.yaml, read and checked.

``load(root)`` reads everything at once and collects every problem with its file and line.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from themetrail.errors import Problems, did_you_mean, renamed
from themetrail.yamlfile import Place, read_yaml

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
CONFIG = "config/config.yaml"
SITES = "config/sites.tsv"
CODEBOOK = "config/codebook.yaml"
THEMES = "config/themes.yaml"


@dataclass(frozen=True)
class Site:
    """One site: a folder of ``data/``."""

    site: str
    label: str
    setting: str = ""
    wave: str = ""
    added: str = ""
    status: str = "active"
    note: str = ""


@dataclass(frozen=True)
class Code:
    """One code of the codebook."""

    id: str
    label: str
    family: str = ""
    definition: str = ""
    apply: str = ""
    exclude: str = ""
    example: str = ""
    status: Literal["active", "retired"] = "active"
    replaced_by: str = ""
    frameworks: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Change:
    """One change of the codebook, applied to codings made before it."""

    kind: Literal["rename", "merge", "split", "retire"]
    from_: tuple[str, ...]
    to: tuple[str, ...]
    on: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Codebook:
    """Codes in the order of the file, and what was changed."""

    codes: tuple[Code, ...] = ()
    changes: tuple[Change, ...] = ()
    version: str = "1"

    @property
    def ids(self) -> tuple[str, ...]:
        """All code ids, retired ones too."""
        return tuple(code.id for code in self.codes)

    @property
    def active(self) -> tuple[str, ...]:
        """Ids of the codes in use."""
        return tuple(code.id for code in self.codes if code.status == "active")

    def label(self, code: str) -> str:
        """The label of a code; the id itself for one that is not in the book."""
        return next((c.label for c in self.codes if c.id == code), code)


@dataclass(frozen=True)
class Mark:
    """A quotation singled out in themes.yaml: by its words in a transcript, with the reason."""

    transcript_id: str
    quote: str
    reason: str = ""


@dataclass(frozen=True)
class Theme:
    """One theme: a claim and the codes that bear on it."""

    id: str
    title: str
    claim: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    counter_codes: tuple[str, ...] = ()
    subthemes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    frameworks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pinned: tuple[Mark, ...] = ()
    excluded: tuple[Mark, ...] = ()
    counter: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class StudyConfig:
    """Everything under ``config/``, checked and with defaults filled in."""

    root: Path
    settings: Mapping[str, Any]
    sites: tuple[Site, ...]
    codebook: Codebook
    themes: tuple[Theme, ...]
    lines: Mapping[str, Mapping[Place, int]] = field(default_factory=dict, compare=False)

    @property
    def active_sites(self) -> tuple[Site, ...]:
        """Sites that the study uses."""
        return tuple(site for site in self.sites if site.status == "active")

    def theme_codes(self) -> dict[str, tuple[str, ...]]:
        """Theme id to the codes that bear on it, either way."""
        return {t.id: tuple(dict.fromkeys((*t.codes, *t.counter_codes))) for t in self.themes}


@functools.cache
def schema(name: str) -> dict[str, Any]:
    """One JSON Schema of ``workflow/schemas`` by its short name."""
    text = (SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))


def with_defaults(value: Any, rules: Mapping[str, Any]) -> Any:
    """The value with the schema's defaults where a key is absent; nothing is changed in place."""
    if isinstance(value, Mapping) and "properties" in rules:
        filled = dict(value)
        for key, rule in rules["properties"].items():
            if key not in filled and "default" in rule:
                filled[key] = rule["default"]
            if key in filled:
                filled[key] = with_defaults(filled[key], rule)
        return filled
    if isinstance(value, list) and isinstance(rules.get("items"), Mapping):
        return [with_defaults(item, rules["items"]) for item in value]
    return value


def _line(place: Sequence[str | int], lines: Mapping[Place, int]) -> int | None:
    """The line of a place, or of the nearest place around it."""
    for end in range(len(place), 0, -1):
        found = lines.get(tuple(place[:end]))
        if found is not None:
            return found
    return None


def _dotted(place: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in place) or "the file"


def validate(
    value: Any,
    rules: Mapping[str, Any],
    file: str,
    lines: Mapping[Place, int],
    problems: Problems,
) -> None:
    """Check a value against a JSON Schema; every breach becomes one problem with its line."""
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(rules).iter_errors(value)
    for error in sorted(found, key=lambda e: [str(part) for part in e.absolute_path]):
        place = list(error.absolute_path)
        if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
            known = error.schema.get("properties", {})
            for key in error.instance:
                if key not in known:
                    problems.add(
                        "error",
                        "unknown_key",
                        file,
                        f"unknown key {_dotted([*place, str(key)])!r}",
                        did_you_mean(str(key), known),
                        line=_line([*place, str(key)], lines),
                    )
        else:
            problems.add(
                "error",
                "invalid_value",
                file,
                f"{_dotted(place)}: {error.message}",
                "",
                line=_line(place, lines),
            )


def _read_checked(
    root: Path, file: str, name: str, problems: Problems
) -> tuple[dict[str, Any], dict[Place, int], bool]:
    """Read a YAML file against its schema: the value, its lines, whether it may be used."""
    rules = schema(name)
    if not (root / file).exists():
        return with_defaults({}, rules), {}, True
    before = len(problems.errors)
    value, lines = read_yaml(root / file, file, problems)
    if value is None:
        value = {}
    validate(value, rules, file, lines, problems)
    sound = len(problems.errors) == before
    return (with_defaults(value, rules) if sound else {}), lines, sound


def runs_machine(settings: Mapping[str, Any]) -> bool:
    """Whether a machine is trained: where asked for, and coders' agreement is a criterion."""
    asked = bool(settings["machine"]["enabled"])
    return asked and settings["analysis"]["approach"] != "reflexive"


def settings_from(value: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Settings from a mapping (what Snakemake was given) with defaults, checked."""
    rules = schema("config")
    validate(value, rules, CONFIG, {}, problems)
    return cast("dict[str, Any]", with_defaults(value, rules))


def read_sites(root: Path, problems: Problems) -> tuple[Site, ...]:
    """Sites from sites.tsv, or one a folder of ``data/`` where there is no such file."""
    path = root / SITES
    if not path.exists():
        folders = sorted(p.parent.name for p in (root / "data").glob("*/transcripts"))
        return tuple(Site(name, name) for name in folders)
    known = ("site", "label", "setting", "wave", "added", "status", "note")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.add("error", "unreadable", SITES, f"can't be read as UTF-8 text: {error}")
        return ()
    reader = csv.DictReader(text.splitlines(), delimiter="\t")
    columns = [name for name in reader.fieldnames or [] if name]
    for name in columns:
        if name not in known:
            problems.add(
                "error",
                "unknown_column",
                SITES,
                f"unknown column {name!r}",
                did_you_mean(name, known),
                line=1,
            )
    if "site" not in columns:
        problems.add(
            "error", "missing_column", SITES, "no column 'site'", "Separate by tabs.", line=1
        )
        return ()
    sites: dict[str, Site] = {}
    for row in reader:
        _add_site(row, reader.line_num, known, root, sites, problems)
    return tuple(sites.values())


def _add_site(
    row: Mapping[str | None, Any],
    line: int,
    known: Sequence[str],
    root: Path,
    sites: dict[str, Site],
    problems: Problems,
) -> None:
    """Check one row of sites.tsv and keep it."""
    values = {name: (row.get(name) or "").strip() for name in known}
    slug = values["site"]
    status = values["status"] = values["status"] or "active"
    values["label"] = values["label"] or slug
    if not IDENTIFIER.match(slug):
        problems.add(
            "error",
            "bad_id",
            SITES,
            f"{slug!r} is not a site's folder name",
            "Use letters, digits, '.', '_' and '-'.",
            line=line,
        )
    elif slug in sites:
        problems.add("error", "duplicate_site", SITES, f"site {slug!r} is given twice", line=line)
    elif status not in ("active", "paused"):
        problems.add(
            "error",
            "invalid_value",
            SITES,
            f"status {status!r} of site {slug!r}",
            "Use active or paused.",
            line=line,
        )
    else:
        if status == "active" and not (root / "data" / slug).is_dir():
            problems.add(
                "error",
                "missing_site",
                SITES,
                f"site {slug!r} has no folder data/{slug}",
                f"Add the folder, or set the site's status to paused. "
                f"{_folder_hint(root, slug)}".strip(),
                line=line,
                site=slug,
            )
        sites[slug] = Site(**values)


def _folder_hint(root: Path, slug: str) -> str:
    """The nearest folder of data/, as a question."""
    folders = [p.name for p in (root / "data").iterdir()] if (root / "data").is_dir() else []
    hint = did_you_mean(slug, folders)
    return hint if hint.startswith("Did") else ""


def read_codebook(root: Path, problems: Problems) -> tuple[Codebook, dict[Place, int]]:
    """The codebook; an empty one (a study not yet coded) where there is no file."""
    value, lines, sound = _read_checked(root, CODEBOOK, "codebook", problems)
    if not sound:
        return Codebook(), lines
    codes: dict[str, Code] = {}
    for position, row in enumerate(value["codes"]):
        line = lines.get(("codes", position))
        if row["id"] in codes:
            problems.add(
                "error", "duplicate_code", CODEBOOK, f"code {row['id']!r} is given twice", line=line
            )
            continue
        fields = {key: row[key] for key in row if key not in ("not", "parent")}
        fields["exclude"] = row.get("not", "")
        fields["family"] = row.get("family") or row.get("parent", "")
        fields["label"] = row.get("label") or row["id"]
        fields["frameworks"] = tuple((k, _names(v)) for k, v in row["frameworks"].items())
        codes[row["id"]] = Code(**fields)
    changes = []
    for position, row in enumerate(value["changes"]):
        line = lines.get(("changes", position))
        sources, targets = _names(row["from"]), _names(row.get("to", []))
        for target in targets:
            if target not in codes:
                problems.add(
                    "error",
                    "unknown_code",
                    CODEBOOK,
                    f"change to {target!r}, which is not a code",
                    did_you_mean(target, codes),
                    line=line,
                )
        changes.append(Change(row["kind"], sources, targets, str(row["on"]), row["reason"]))
    return Codebook(tuple(codes.values()), tuple(changes), str(value["version"])), lines


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    """One name or many, as many."""
    return (value,) if isinstance(value, str) else tuple(value)


def read_themes(
    root: Path, codebook: Codebook, problems: Problems
) -> tuple[tuple[Theme, ...], dict[Place, int]]:
    """The themes; none where there is no file."""
    value, lines, sound = _read_checked(root, THEMES, "themes", problems)
    if not sound:
        return (), lines
    themes: dict[str, Theme] = {}
    for position, row in enumerate(value["themes"]):
        line = lines.get(("themes", position))
        if row["id"] in themes:
            problems.add(
                "error", "duplicate_theme", THEMES, f"theme {row['id']!r} is given twice", line=line
            )
            continue
        for key in ("codes", "counter_codes"):
            _check_codes(row[key], ("themes", position, key), codebook, lines, problems)
        subthemes = []
        for number, part in enumerate(row["subthemes"]):
            place: Place = ("themes", position, "subthemes", number, "codes")
            _check_codes(part["codes"], place, codebook, lines, problems)
            subthemes.append((part["title"], tuple(part["codes"])))
        themes[row["id"]] = Theme(
            id=row["id"],
            title=row["title"],
            claim=row["claim"],
            description=row["description"],
            codes=tuple(row["codes"]),
            counter_codes=tuple(row["counter_codes"]),
            subthemes=tuple(subthemes),
            frameworks=tuple((k, _names(v)) for k, v in row["frameworks"].items()),
            **{
                k: tuple(Mark(**mark) for mark in row[k]) for k in ("pinned", "excluded", "counter")
            },
        )
    return tuple(themes.values()), lines


def _check_codes(
    names: Sequence[str],
    place: Place,
    codebook: Codebook,
    lines: Mapping[Place, int],
    problems: Problems,
) -> None:
    """Report codes that a theme names and the codebook lacks."""
    for number, name in enumerate(names):
        if name not in codebook.ids:
            problems.add(
                "error",
                "unknown_code",
                THEMES,
                f"the theme names a code {name!r} that the codebook does not have",
                renamed(name, codebook.ids),
                line=_line([*place, number], lines),
            )


def load(root: Path | str, given: Mapping[str, Any] | None = None) -> tuple[StudyConfig, Problems]:
    """Read and check everything under ``config/``.

    Parameters
    ----------
    root : the study folder.
    given : settings that replace those of config.yaml key by key (``snakemake --config``).

    Returns
    -------
    study : complete with defaults; where a file is unsound its defaults stand in for it.
    problems : all of them; no error among them means that the study may run.
    """
    folder = Path(root)
    problems = Problems()
    settings, lines, sound = _read_checked(folder, CONFIG, "config", problems)
    if not sound:
        settings = with_defaults({}, schema("config"))
    if given:
        merged = _merged(settings, given)
        settings = settings_from(merged, problems)
    codebook, codebook_lines = read_codebook(folder, problems)
    themes, theme_lines = read_themes(folder, codebook, problems)
    sites = read_sites(folder, problems)
    if not sites and not problems.errors:
        problems.add(
            "error",
            "no_site",
            SITES,
            "the study has no site",
            "Add one: themetrail site add SLUG, or a folder data/<site>/transcripts.",
        )
    places = {CONFIG: lines, CODEBOOK: codebook_lines, THEMES: theme_lines}
    return StudyConfig(folder, settings, sites, codebook, themes, places), problems


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Two nested mappings as one, the second winning."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[key] = _merged(cast("Mapping[str, Any]", old), value) if both else value
    return result

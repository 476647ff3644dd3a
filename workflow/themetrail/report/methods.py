"""Methods as executed: tables made from the run itself, for the paper's appendix."""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from themetrail.config import runs_machine, schema
from themetrail.report import ast
from themetrail.report.ast import Column
from themetrail.report.paper_table import Item, PaperTable, Shown
from themetrail.report.theme_tables import Made

WORKFLOW = Path(__file__).resolve().parents[2]
#: sections of config.yaml whose values shape a result; others name people or files
SECTIONS = ("analysis", "reliability", "consensus", "machine", "synthesis", "report")
#: files of config/ that a run reads
CHOICES = ("config.yaml", "sites.tsv", "codebook.yaml", "themes.yaml")
#: distribution -> what the run uses it for; Python and Pandoc are asked otherwise
SOFTWARE: dict[str, str] = {
    "themetrail": "all steps of the analysis",
    "snakemake": "the order and caching of the steps",
    "numpy": "agreement coefficients and resampling",
    "scipy": "distributions, clustering",
    "statsmodels": "tests of groups, where asked for",
    "pandas": "tables",
    "pyarrow": "tables between the steps",
    "lxml": "transcripts in word processors’ formats",
    "rapidfuzz": "quotations placed in corrected transcripts",
    "matplotlib": "figures",
    "typst": "the PDF’s pages",
    "openpyxl": "workbooks",
    "nbclient": "notebooks",
    "scikit-learn": "machine-assisted coding, where asked for",
}
DIGITS = 16
_INCLUDE = re.compile(r'^include: "(rules/\w+\.smk)"', re.MULTILINE)
_RULE = re.compile(r'^rule (?P<name>\w+):\n\s+"""(?P<promise>.+?)"""', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Inputs:
    """Files of one site, or of the study: how many, and a digest of the list of them."""

    what: str
    files: int
    digest: str


def read_inputs(
    manifests: Iterable[str | Path], choices: Iterable[str | Path], sites: Mapping[str, str]
) -> list[Inputs]:
    """What went into a run.

    Parameters
    ----------
    manifests : lists of sites' files (``themetrail.manifest``).
    choices : files of ``config/``, and what analysts write in ``data/``.
    sites : folder name to label, in their order.

    Returns
    -------
    One row a site and one for the choices. A site's digest is the SHA-256 of its lists (path,
    bytes and SHA-256 of each file), that of the choices the SHA-256 of their own list.
    """
    by_site: dict[str, list[str]] = {site: [] for site in sites}
    for path in sorted(Path(name) for name in manifests):
        by_site[path.parent.name].append(path.read_text(encoding="utf-8"))
    rows = [
        Inputs(sites[site], sum(len(t.splitlines()) - 1 for t in texts), _digest("".join(texts)))
        for site, texts in by_site.items()
    ]
    files = sorted(Path(name) for name in choices)
    listed = "".join(f"{f.name}\t{hashlib.sha256(f.read_bytes()).hexdigest()}\n" for f in files)
    return [*rows, Inputs("Choices and notes of the study", len(files), _digest(listed))]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def steps(workflow: Path = WORKFLOW) -> list[tuple[str, str, str]]:
    """Stage, name and promise of every rule, in the order in which the Snakefile includes them."""
    found = []
    for name in _INCLUDE.findall((workflow / "Snakefile").read_text(encoding="utf-8")):
        file = workflow / name
        for match in _RULE.finditer(file.read_text(encoding="utf-8")):
            promise = " ".join(match["promise"].split())
            found.append((file.stem, match["name"], promise))
    return found


def versions() -> dict[str, str]:
    """Program or package to the version in use; those that are not installed are left out."""
    found = {"python": platform.python_version()}
    for name in SOFTWARE:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _pandoc() -> str:
    """The version of Pandoc in use; it need not be a Python package."""
    done = subprocess.run([ast.pandoc(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.split()[1]


# ------------------------------------------------------------------ tables
def methods(made: Made) -> PaperTable:
    """Every setting that shaped a result, with its value in this run."""
    facts = {fact.source.row.get("key", ""): fact for fact in made.facts.values()}
    properties = schema("config")["properties"]
    rows: list[tuple[Item, ...]] = []
    for section in SECTIONS:
        if section == "reliability" and made.evidence.words.reflexive:
            continue
        if section == "machine" and not runs_machine(made.evidence.study.settings):
            continue
        for key, meaning in _leaves(properties[section], section):
            value = made.evidence.setting(key)
            item: Item = Shown(facts[key]) if key in facts else _plain(value)
            rows.append((key, item, meaning))
    return PaperTable(
        "methods",
        ("Settings of the run (n = ", len(rows), " settings)."),
        (
            Column("Setting", width=0.29),
            Column("Value", width=0.23),
            Column("What it is", width=0.48),
        ),
        tuple(rows),
    )


def _leaves(rules: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """Dotted key and meaning of each setting below a node of the schema."""
    for name, part in rules["properties"].items():
        here = f"{place}.{name}"
        if "properties" in part:
            yield from _leaves(part, here)
        else:
            yield here, str(part.get("description", ""))


def _plain(value: Any) -> str:
    """A setting's value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value) or "none"
    return str(value) if value != "" else "none"


def inputs(read: Iterable[Inputs]) -> PaperTable:
    """What went into the run."""
    rows = tuple((row.what, row.files, row.digest[:DIGITS]) for row in read)
    return PaperTable(
        "inputs",
        ("Files that the run read (n = ", sum(row[1] for row in rows), " files)."),
        (
            Column("Of", width=0.36),
            Column("Files", "right", 0.08),
            Column("SHA-256 of their list", width=0.34),
        ),
        rows,
        (f"The list holds each file’s name and digest; its first {DIGITS} digits are shown.",),
    )


def steps_table() -> PaperTable:
    """The steps of the workflow."""
    rows, before = [], None
    for stage, name, promise in steps():
        shown = stage.capitalize() if stage != before else ""
        rows.append((shown, name.replace("_", " "), promise))
        before = stage
    return PaperTable(
        "steps",
        ("Steps of the workflow (n = ", len(rows), " steps)."),
        (
            Column("Stage", width=0.12),
            Column("Step", width=0.17),
            Column("What it makes", width=0.71),
        ),
        tuple(rows),
    )


def software() -> PaperTable:
    """Programs and packages with their versions."""
    found = versions()
    rows = [("Python", found["python"], "the language of the analysis")]
    rows += [(name, found[name], use) for name, use in SOFTWARE.items() if name in found]
    rows.append(("Pandoc", _pandoc(), "the paper in its formats"))
    return PaperTable(
        "software",
        ("Software of the run (n = ", len(rows), " programs and packages)."),
        (Column("Name", width=0.16), Column("Version", width=0.12), Column("Used for", width=0.5)),
        tuple(rows),
    )

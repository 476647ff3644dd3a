"""The run as a Workflow Run RO-Crate (Provenance profile): what was read, done and made.

The crate holds what may be published: papers, facts, figures, coefficients, the log of
decisions, the workflow. Everything else, transcripts first of all, is listed with its hash, size
and the conditions of access. No time of day stands in it, since the same study gives the same
bytes; when the jobs ran is in ``logs/``.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from themetrail.audit.crate_zip import HASHES, METADATA, README, hash_list
from themetrail.audit.jobs_done import Job
from themetrail.config import StudyConfig
from themetrail.report.smallnumbers import NOT_SHOWN

Entity = dict[str, Any]
#: what a crate holds; the rest of the run is listed
HELD = (
    "reports/paper.*",
    "reports/decisions.jsonl",
    "reports/supplement.xlsx",
    "reports/checklists.*",
    "reports/changes.html",
    "releases/*",
    "results/facts.json",
    "results/report/paper.json",
    "results/figures/*",
    "results/reliability/coefficients.csv",
)
WORKFLOW = "workflow/Snakefile"
SETTINGS = ("analysis", "reliability", "consensus", "machine", "synthesis", "report")
PROFILES = (
    ("https://w3id.org/ro/wfrun/process/0.5", "Process Run Crate", "0.5"),
    ("https://w3id.org/ro/wfrun/workflow/0.5", "Workflow Run Crate", "0.5"),
    ("https://w3id.org/ro/wfrun/provenance/0.5", "Provenance Run Crate", "0.5"),
    ("https://w3id.org/workflowhub/workflow-ro-crate/1.0", "Workflow RO-Crate", "1.0"),
)
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
COMPLETED = "http://schema.org/CompletedActionStatus"
TERMS = "https://w3id.org/ro/terms/workflow-run#"
SNAKEMAKE = "https://snakemake.github.io"
HOMES = {"python": "https://www.python.org/", "snakemake": SNAKEMAKE}
TEAM = "#study-team"
BIOSCHEMAS = "https://bioschemas.org/profiles/"
NO_DATE = "1980-01-01"
UNNAMED = "unnamed-"
ACCESS = "Not in this crate. Held by the study team; see the paper's statement on availability."
MEDIA = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".bib": "application/x-bibtex",
    ".parquet": "application/vnd.apache.parquet",
}


def held(path: str) -> bool:
    """Whether a crate holds a file of the run, or only lists it."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in HELD)


def members(
    root: Path,
    study: StudyConfig,
    jobs: Iterable[Job],
    code: Mapping[str, Path],
    inputs: Iterable[str],
    software: Mapping[str, str],
    uncounted: Iterable[str] = (),
) -> dict[str, bytes]:
    """Everything that the archive of a crate holds, by name.

    Parameters
    ----------
    root : the study's folder.
    study : its choices.
    jobs : that made the run (``jobs_done.jobs_behind``).
    code : name in the crate to file of the workflow; one is ``workflow/Snakefile``.
    inputs : files that people made: transcripts, codings, choices.
    software : program to version.
    uncounted : sites whose people and transcripts are not counted in what is published; a list of
        their files would count them.
    """
    done = list(jobs)
    touched = {path for job in done for path in (*job.inputs, *job.outputs)} | set(inputs)
    there = sorted(path for path in touched if (root / path).is_file())
    found = {path: (root / path).read_bytes() for path in there if held(path)}
    found |= {name: file.read_bytes() for name, file in sorted(code.items())}
    found[README] = _readme(study).encode("utf-8")
    files = {name: _file(name, data) for name, data in found.items()}
    files |= {path: _listed(path, root / path) for path in there if path not in found}
    files |= _without_names(files, uncounted)
    _example_of(files, done)
    graph = [_plain(one) for one in _graph(study, done, files, sorted(found), software)]
    document = {"@context": [CONTEXT, _terms()], "@graph": graph}
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    found[METADATA] = f"{text}\n".encode()
    found[HASHES] = hash_list(found)
    return found


def _example_of(files: Mapping[str, Entity], jobs: list[Job]) -> None:
    """What was given and what came out, each as an example of the workflow's parameter."""
    for path in _given(jobs, files):
        files[path]["exampleOfWork"] = {"@id": "#study-files"}
    for path in _made_last(jobs, files):
        files[path]["exampleOfWork"] = {"@id": "#study-results"}
    if README in files:
        files[README]["about"] = {"@id": "./"}


def _plain(entity: Entity) -> Entity:
    """An entity without empty lists, and with lists of one as the one."""
    kept = {key: value for key, value in entity.items() if value not in ([], "")}
    return {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in kept.items()}


def _terms() -> dict[str, str]:
    return {"sha256": f"{TERMS}sha256"}


def _readme(study: StudyConfig) -> str:
    title = study.settings["study"]["title"] or "A qualitative study"
    fictional = "\nThe data of this study are fictional.\n" if _demo(study) else ""
    return (
        f"# {title}\n{fictional}\nThis crate holds the papers of the study, every number in them "
        "with its definition and source\n(`results/facts.json`), the log of decisions, and what "
        "was run on what\n(`ro-crate-metadata.json`). Transcripts are not in it: they are listed "
        "with their hashes.\n\n`themetrail verify crate.zip` checks it.\n"
    )


def _demo(study: StudyConfig) -> bool:
    return bool(study.settings["study"]["demonstration"])


# ------------------------------------------------------------------ files
def _file(name: str, data: bytes) -> Entity:
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "encodingFormat": _media(name),
        "sha256": hashlib.sha256(data).hexdigest(),
        "contentSize": str(len(data)),
    }


def _listed(path: str, file: Path) -> Entity:
    """A file that is not in the crate: what it was, and who may see it."""
    entity = _file(path, file.read_bytes())
    return {**entity, "@id": f"#{path}", "conditionsOfAccess": ACCESS}


def _without_names(files: Mapping[str, Entity], sites: Iterable[str]) -> dict[str, Entity]:
    """Files of sites that are not counted: without name, site, and the size of tables about them.

    They are numbered by their digests, all sites together, so that nobody can tell which are whose.
    """
    hidden = frozenset(sites)
    listed = {path: one for path, one in files.items() if one["@id"].startswith("#")}
    of_site = {
        path: one
        for path, one in listed.items()
        if hidden & {part.partition(".")[0] for part in path.split("/")}
    }
    given = sorted((one["sha256"], path) for path, one in of_site.items() if path[:5] == "data/")
    sized = {
        path: {k: v for k, v in one.items() if k != "contentSize"} for path, one in of_site.items()
    }
    names = {path: f"{UNNAMED}{number}" for number, (_, path) in enumerate(given, 1)}
    said = "A file of a site whose people are not counted"
    return sized | {
        path: {**of_site[path], "@id": f"#{name}", "name": said, "encodingFormat": MEDIA[".txt"]}
        for path, name in names.items()
    }


def uncounted_sites(facts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Sites of which a number of people or transcripts is not printed.

    Parameters
    ----------
    facts : the entries of ``results/facts.json``.
    """
    kinds = ("n.participants.site.", "n.transcripts.site.")
    hidden = (str(one["id"]) for one in facts if one["reason"] == NOT_SHOWN)
    return frozenset(
        name.removeprefix(kind) for name in hidden for kind in kinds if name.startswith(kind)
    )


def _media(name: str) -> str:
    return MEDIA.get(Path(name).suffix.lower(), "text/plain")


# ------------------------------------------------------------------ the graph
def _graph(
    study: StudyConfig,
    jobs: list[Job],
    files: Mapping[str, Entity],
    inside: list[str],
    software: Mapping[str, str],
) -> Iterator[Entity]:
    """Every entity of the crate."""
    settings = list(_settings(study))
    rules = sorted({job.rule for job in jobs})
    authors = _authors(study)
    yield _descriptor()
    yield from (
        {"@id": i, "@type": "CreativeWork", "name": n, "version": v} for i, n, v in PROFILES
    )
    yield _root(study, inside, jobs, authors)
    yield from authors
    yield _licence(study)
    yield _workflow(rules, settings, files, jobs, software)
    yield _language(software)
    yield from (files[name] for name in sorted(files) if name != WORKFLOW)
    for place, rule in enumerate(rules, 1):
        yield from _tool(rule, place, software)
    yield from (_program(name, software) for name in sorted(software))
    for name, value in settings:
        yield from _setting(name, value)
    agent = _credited(authors)[:1]
    for job in jobs:
        yield from _actions(job, files, agent)
    yield from _run(jobs, files, settings, agent)
    yield _engine(jobs, software)


def _refs(ids: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": name} for name in ids]


def _descriptor() -> Entity:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": _refs(["https://w3id.org/ro/crate/1.1", PROFILES[3][0]]),
    }


def _root(study: StudyConfig, inside: list[str], jobs: list[Job], authors: list[Entity]) -> Entity:
    said = study.settings["study"]
    fictional = " The data are fictional." if _demo(study) else ""
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": said["title"] or "A qualitative study",
        "description": "The run of a qualitative interview study from transcripts to paper: what "
        f"was read, done and made.{fictional}",
        "datePublished": _date(said["date"]),
        "license": {"@id": "#licence"},
        "conformsTo": _refs(name for name, _, _ in PROFILES),
        "mainEntity": {"@id": WORKFLOW},
        "hasPart": _refs(inside),
        "mentions": _refs(["#run", *(f"#job-{job.id}" for job in jobs)]),
        "author": _refs(_credited(authors)),
        "publisher": {"@id": TEAM},
    }


def _date(text: str) -> str:
    """The study's date as ISO 8601; the first day that archives know where none is stated."""
    found = re.search(r"\b(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    if found is None:
        return NO_DATE
    return "-".join((found[1], found[2] or "01", found[3] or "01"))


def _authors(study: StudyConfig) -> list[Entity]:
    """People with their ORCID as the id, and where they work."""
    found: list[Entity] = []
    places: dict[str, str] = {}
    for number, author in enumerate(study.settings["study"]["authors"], 1):
        orcid = author.get("orcid")
        name = f"https://orcid.org/{orcid}" if orcid else f"#author-{number}"
        person: Entity = {"@id": name, "@type": "Person", "name": author["name"]}
        where = author.get("affiliation")
        if where:
            place = places.setdefault(where, f"#affiliation-{len(places) + 1}")
            person["affiliation"] = {"@id": place}
        found.append(person)
    rows = [*((i, name) for name, i in places.items()), (TEAM, "The study team")]
    return found + [{"@id": i, "@type": "Organization", "name": name} for i, name in rows]


def _credited(authors: Iterable[Entity]) -> list[str]:
    """Who made the study: its authors, or its team where none is named."""
    return [author["@id"] for author in authors if author["@type"] == "Person"] or [TEAM]


def _licence(study: StudyConfig) -> Entity:
    said = study.settings["study"]["data_availability"] or "Not stated by the study."
    return {
        "@id": "#licence",
        "@type": "CreativeWork",
        "name": "Conditions of use",
        "description": said,
    }


def _workflow(
    rules: list[str],
    settings: list[tuple[str, str]],
    files: Mapping[str, Entity],
    jobs: list[Job],
    software: Mapping[str, str],
) -> Entity:
    results = _made_last(jobs, files)
    return {
        **files[WORKFLOW],
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
        "name": "Themetrail: from transcripts to paper",
        "programmingLanguage": {"@id": "#snakemake-language"},
        "hasPart": _refs(f"#rule-{rule}" for rule in rules),
        "version": software.get("themetrail", ""),
        "conformsTo": {"@id": f"{BIOSCHEMAS}ComputationalWorkflow/1.0-RELEASE"},
        "step": _refs(f"#step-{rule}" for rule in rules),
        "input": _refs([*(f"#setting-{name}" for name, _ in settings), "#study-files"]),
        "output": _refs(["#study-results"] if results else []),
    }


def _language(software: Mapping[str, str]) -> Entity:
    return {
        "@id": "#snakemake-language",
        "@type": "ComputerLanguage",
        "name": "Snakemake",
        "identifier": {"@id": SNAKEMAKE},
        "url": {"@id": SNAKEMAKE},
        "version": software.get("snakemake", ""),
    }


def _tool(rule: str, place: int, software: Mapping[str, str]) -> Iterator[Entity]:
    """A rule as a program, and as a step of the workflow."""
    yield {
        "@id": f"#rule-{rule}",
        "@type": "SoftwareApplication",
        "name": rule,
        "description": f"The rule {rule} of the workflow",
        "url": SNAKEMAKE,
        "softwareVersion": software.get("themetrail", ""),
        "softwareRequirements": _refs([_program_id("themetrail", software)]),
    }
    yield {
        "@id": f"#step-{rule}",
        "@type": "HowToStep",
        "name": rule,
        "position": str(place),
        "workExample": {"@id": f"#rule-{rule}"},
    }


def _program(name: str, software: Mapping[str, str]) -> Entity:
    place = _program_id(name, software)
    home = HOMES.get(name, place)
    return {
        "@id": place,
        "@type": "SoftwareApplication",
        "name": name,
        "softwareVersion": software[name],
        "url": home if home.startswith("https:") else "",
    }


def _program_id(name: str, software: Mapping[str, str]) -> str:
    """The page of a program's version; a name within the crate for Themetrail itself."""
    if name == "themetrail" or name not in software:
        return f"#software-{name}"
    if name == "python":
        return HOMES[name]
    return f"https://pypi.org/project/{name}/{software[name]}/"


def _settings(study: StudyConfig) -> Iterator[tuple[str, str]]:
    """Every setting that shapes a result, with its value; of a team's programs the names alone."""
    for section in SETTINGS:
        for key, given in sorted(study.settings[section].items()):
            programs = f"{section}.{key}" == "machine.external"
            value = [one["name"] for one in given] if programs else given
            said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield f"{section}.{key}", said


def _setting(name: str, value: str) -> Iterator[Entity]:
    yield {
        "@id": f"#setting-{name}",
        "@type": "FormalParameter",
        "additionalType": "Text",
        "name": name,
        "conformsTo": {"@id": f"{BIOSCHEMAS}FormalParameter/1.0-RELEASE"},
    }
    yield {
        "@id": f"#value-{name}",
        "@type": "PropertyValue",
        "name": name,
        "value": value,
        "exampleOfWork": {"@id": f"#setting-{name}"},
    }


# ------------------------------------------------------------------ what was done
def _id_of(path: str, files: Mapping[str, Entity]) -> list[str]:
    return [files[path]["@id"]] if path in files else []


def _actions(job: Job, files: Mapping[str, Entity], agent: list[str]) -> Iterator[Entity]:
    read = [name for path in job.inputs for name in _id_of(path, files)]
    wrote = [name for path in job.outputs for name in _id_of(path, files)]
    yield {
        "@id": f"#job-{job.id}",
        "@type": "CreateAction",
        "name": f"{job.rule}: {job.outputs[0] if job.outputs else ''}",
        "description": f"One job of the rule {job.rule}",
        "instrument": {"@id": f"#rule-{job.rule}"},
        "actionStatus": COMPLETED,
        "object": _refs(read),
        "result": _refs(wrote),
        "agent": _refs(agent),
    }
    yield {
        "@id": f"#control-{job.id}",
        "@type": "ControlAction",
        "name": f"start of {job.rule}",
        "instrument": {"@id": f"#step-{job.rule}"},
        "object": {"@id": f"#job-{job.id}"},
    }


def _given(jobs: list[Job], files: Mapping[str, Entity]) -> list[str]:
    """Files that people made."""
    made = {path for job in jobs for path in job.outputs}
    ours = ("workflow/", README, "results/manifests/")
    return [path for path in sorted(files) if path not in made and not path.startswith(ours)]


def _made_last(jobs: list[Job], files: Mapping[str, Entity]) -> list[str]:
    """Files that no job read: what the run was for."""
    read = {path for job in jobs for path in job.inputs}
    made = {path for job in jobs for path in job.outputs}
    return [path for path in sorted(made - read) if path in files]


def _run(
    jobs: list[Job],
    files: Mapping[str, Entity],
    settings: list[tuple[str, str]],
    agent: list[str],
) -> Iterator[Entity]:
    """The whole run, its inputs and results."""
    given = [files[path]["@id"] for path in _given(jobs, files)]
    results = [files[path]["@id"] for path in _made_last(jobs, files)]
    yield {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "The run of the study",
        "description": "From the files of data/ and config/ to the papers",
        "instrument": {"@id": WORKFLOW},
        "actionStatus": COMPLETED,
        "object": _refs([*(f"#value-{name}" for name, _ in settings), *given]),
        "result": _refs(results),
        "agent": _refs(agent),
    }
    yield _files_parameter("#study-files", "the study's own files")
    yield _files_parameter("#study-results", "what the run made")


def _engine(jobs: list[Job], software: Mapping[str, str]) -> Entity:
    """Snakemake, which ordered the jobs."""
    return {
        "@id": "#engine-run",
        "@type": "OrganizeAction",
        "name": "Snakemake's run",
        "instrument": {"@id": _program_id("snakemake", software)},
        "object": _refs(f"#control-{job.id}" for job in jobs),
        "result": {"@id": "#run"},
    }


def _files_parameter(name: str, what: str) -> Entity:
    return {
        "@id": name,
        "@type": "FormalParameter",
        "additionalType": "File",
        "name": what,
        "conformsTo": {"@id": f"{BIOSCHEMAS}FormalParameter/1.0-RELEASE"},
    }

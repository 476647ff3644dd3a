"""The gate at the exit: what a run hands out is looked at once more, as a stranger would see it.

Where something is found, everything that the run has rendered is moved to ``reports/withheld/``
with the reasons beside it: a half of a paper is as bad as the whole.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.audit.exit_notebooks import PAGES, check_notebooks
from themetrail.audit.exit_numbers import check_attributions, check_facts, words_of_people
from themetrail.audit.exit_scan import Sought, allowed_words, scan_files
from themetrail.audit.exit_texts import words_in
from themetrail.config import StudyConfig
from themetrail.errors import InputError, Problems

if TYPE_CHECKING:
    import pandas as pd

WITHHELD = "reports/withheld"
#: the paper's words before they are rendered
PAPER = "results/report/paper.json"
WHY = f"{WITHHELD}/WHY.txt"
#: results of the run that a gate needs to know
TABLES = ("transcripts", "participants", "disclosure", "quotes")
_TITLE = "Withheld: not for release.\n\nThe gate at the exit found what must not leave:\n\n"
#: hold transcripts as a whole and say so on every screen: for the team alone, never released
TEAM_PAGES = (
    "reports/explorer/index.html",
    "reports/explorer/sites/*.js",
    "reports/adjudicate.html",
)


def check(
    root: Path,
    study: StudyConfig,
    released: Iterable[str],
    tables: Mapping[str, pd.DataFrame],
    sought: Sought,
) -> Problems:
    """Everything that stands against a release.

    Parameters
    ----------
    root : the study's folder.
    study : its choices.
    released : files that the run hands out, relative to it; logs are added.
    tables : participants and quotes by their contract's name.
    sought : what may not leave (``sought_in``).
    """
    problems = Problems()
    team = study.settings["report"]["audience"] == "team"
    logs = [path.relative_to(root).as_posix() for path in (root / "logs").rglob("*")]
    files = {*released, *(path for path in logs if (root / path).is_file())}
    files = {path for path in files if not (team and for_the_team(path))}
    scan_files(root, files, sought, problems)
    for name in sorted(sought.cited):
        number = sought.names.index(name) + 1
        message = f"name {number} of the list is also that of an author or of a cited work"
        remedy = "It is looked for in names of files alone. Look for it in the papers yourself."
        problems.add("warning", "exit_name_cited", "config/config.yaml", message, remedy)
    report = study.settings["report"]
    facts = json.loads((root / "results/facts.json").read_text(encoding="utf-8"))["facts"]
    check_facts(facts, report["min_cell"], problems)
    labels = {site.site: site.label for site in study.sites}
    words = words_of_people(tables["participants"], report["attribution"], labels)
    check_attributions(
        tables["quotes"], tables["participants"], words, report["min_cell"], problems
    )
    if not team and not study.settings["study"]["demonstration"]:
        _check_notebooks(root, files, tables, labels, report["min_cell"], sought, problems)
    return problems


def for_the_team(path: str) -> bool:
    """Whether a file of a study for the team holds transcripts as a whole."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in TEAM_PAGES)


def _check_notebooks(
    root: Path,
    files: Iterable[str],
    tables: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    min_cell: int,
    sought: Sought,
    problems: Problems,
) -> None:
    """Pages of notebooks hold nothing that the paper would not print, but what is allowed."""
    pages = {
        file: (root / file).read_text(encoding="utf-8")
        for file in sorted(files)
        if file.startswith(PAGES) and file.endswith(".html")
    }
    paper = root / PAPER
    data = paper.read_bytes() if pages and paper.is_file() else b"null"
    printed = "\n".join(text for _, text in words_in(data, PAPER))
    found = Problems()
    check_notebooks(pages, printed, tables, labels, min_cell, found)
    for row in found.rows:
        if not sought.permits(row.file, row.kind.removeprefix("exit_")):
            problems.rows.append(row)


def sought_in(
    root: Path, study: StudyConfig, tables: Mapping[str, pd.DataFrame], bibliography: str
) -> Sought:
    """What may not leave a study: its lists, its withdrawals, what its gate let pass.

    Raises
    ------
    InputError
        The study's list of names can't be read.
    """
    from themetrail.exclusions import read_dropped
    from themetrail.intake.configured import forbidden_names
    from themetrail.reporting import stop_if_errors

    problems = Problems()
    dropped = read_dropped(root, problems)
    names = forbidden_names(root, study.settings["disclosure"], problems)
    stop_if_errors(problems)
    transcripts = tables["transcripts"]
    texts = zip(transcripts["file"], transcripts["text"], strict=True)
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()}
        for row in tables["disclosure"].to_dict("records")
    ]
    withdrawn = {name for one in dropped if one.why == "withdrawn" for name in one.ids}
    there = {*tables["participants"]["participant_id"], *transcripts["transcript_id"]}
    return Sought(
        names=names,
        # An id that another person or transcript has now is theirs.
        withdrawn=frozenset(withdrawn - there),
        known=frozenset(map(str, there)),
        stated="\n".join([*_texts(study.settings["study"]), bibliography]),
        allowed=frozenset(allowed_words(texts, rows)),
        allow=tuple(study.settings["disclosure"]["allow"]),
    )


def _texts(value: Any) -> Iterable[str]:
    """Every text of a part of the configuration."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


# ------------------------------------------------------------------ what becomes of the outputs
def guard(
    root: Path,
    study: StudyConfig,
    released: Iterable[str],
    tables: Mapping[str, pd.DataFrame],
    bibliography: str,
) -> Problems:
    """Look at what is to be released; what must not leave is moved aside, all of it.

    Parameters
    ----------
    tables : those named in ``TABLES``, all sites together.
    bibliography : the text of the paper's references.

    Returns
    -------
    What is worth a word and stands against nothing.

    Raises
    ------
    InputError
        Something was found.
    """
    from themetrail.reporting import report

    files = list(released)
    found = check(root, study, files, tables, sought_in(root, study, tables, bibliography))
    if found.errors:
        reasons = report(found.rows)
        withhold(root, files, reasons)
        message = f"Nothing is released: what was made is in {WITHHELD}/.\n{reasons}"
        raise InputError(message)
    return found


def withhold(root: Path, released: Iterable[str], reasons: str) -> None:
    """Move everything that was made for release aside, with the reasons; nothing is left."""
    _clear(root)
    for path in sorted(released):
        if (root / path).is_file():
            target = root / WITHHELD / Path(path).relative_to("reports")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(root / path, target)
    (root / WHY).write_text(f"{_TITLE}{reasons}\n", encoding="utf-8")


def release(root: Path) -> None:
    """Forget what an earlier run withheld: this one passed."""
    if (root / WITHHELD).is_dir():
        shutil.rmtree(root / WITHHELD)


def _clear(root: Path) -> None:
    release(root)
    (root / WITHHELD).mkdir(parents=True)

"""The whole study computed anew in memory, as the workflow's scripts do it: to compare with.

Nothing is written. What is made here depends on ``data/``, ``config/``, the manuscript and the
code alone, never on what an earlier run left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from themetrail.config import StudyConfig, runs_machine
from themetrail.errors import Problem, Problems
from themetrail.exclusions import dropped_ids, read_dropped

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.report.facts import Fact

    Tables = dict[str, pd.DataFrame]


#: tables that put those of the sites together
WHOLE = ("results/reliability/disagreements.csv", "results/problems.csv")


@dataclass
class Rebuilt:
    """Tables by the path of the file that holds them, and facts.

    ``agreed`` is the SHA-256 of files that were found to hold their table; ``machine`` holds the
    spans and coverage of a machine, which count as coding only where the study says so.
    """

    tables: dict[str, tuple[str, pd.DataFrame]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    agreed: dict[str, str] = field(default_factory=dict)
    machine: Tables = field(default_factory=dict)

    def add(self, contract: str, path: str, table: pd.DataFrame) -> None:
        """Keep one table under the path of its file."""
        self.tables[path] = (contract, table)

    def add_problems(self, path: str, problems: Iterable[Problem]) -> None:
        """Keep one stage's problems of a site under the path of their file."""
        from themetrail.tables import problems_table

        rows = list(problems)
        self.problems += rows
        self.add("problems", path, problems_table(rows))

    def named(self, contract: str) -> list[pd.DataFrame]:
        """Every table under a contract, a site after the other."""
        return [
            table
            for path, (name, table) in self.tables.items()
            if name == contract and path not in WHOLE
        ]


def rebuild(root: Path, study: StudyConfig) -> Rebuilt:
    """Every table of a study and its facts, from the files that people made.

    Parameters
    ----------
    root : the study's folder.
    study : its choices (``config.load``).
    """
    from themetrail.report import facts
    from themetrail.tables import problems_table

    made = Rebuilt()
    for site in study.active_sites:
        _intake(root, study, site.site, made)
        _coding(root, study, site.site, made)
    _machine(root, study, made)
    for site in study.active_sites:
        _consensus(root, study, site.site, made)
        _patterns(study, site.site, made)
    made.add("problems", WHOLE[1], problems_table(made.problems))
    _agreement(study, made)
    _synthesis(root, study, made)
    _robustness(root, study, made)
    made.facts = facts.collect(together(made), study)
    return made


def together(made: Rebuilt) -> Tables:
    """Tables by contract, all sites one below the other, as the workflow reads them."""
    import pandas as pd

    from themetrail.contracts import CONTRACTS
    from themetrail.tables import conform

    found: Tables = {}
    for name in dict.fromkeys(name for name, _ in made.tables.values()):
        if name == "problems":
            found[name] = made.tables[WHOLE[1]][1]
            continue
        joined = pd.concat(made.named(name), ignore_index=True)
        contract = CONTRACTS[name]
        free = [column for column in joined.columns if column not in contract.names]
        joined[free] = joined[free].fillna("")
        found[name] = conform(joined, contract)
    return found


def _conformed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    from themetrail.contracts import CONTRACTS
    from themetrail.tables import conform

    return conform(table, CONTRACTS[name])


def read_intake(root: Path, study: StudyConfig, site: str) -> list[tuple[str, str, str]]:
    """Transcript, participant and words of every turn of a site, left out or not."""
    made = Rebuilt()
    _intake(root, study, site, made, everybody=True)
    transcripts, turns = (_of(made, "intake", site, name) for name in ("transcripts", "turns"))
    texts = dict(zip(transcripts["transcript_id"], transcripts["text"], strict=True))
    columns = (turns[name] for name in ("transcript_id", "participant_id", "start", "end"))
    return [(name, who, texts[name][a:b]) for name, who, a, b in zip(*columns, strict=True)]


def _intake(
    root: Path, study: StudyConfig, site: str, made: Rebuilt, *, everybody: bool = False
) -> None:
    from themetrail.intake import read_site
    from themetrail.intake.configured import intake_settings

    problems = Problems()
    settings = intake_settings(
        root,
        intake=study.settings["intake"],
        disclosure=study.settings["disclosure"],
        unit=study.settings["analysis"]["unit"],
        dropped=[] if everybody else read_dropped(root, Problems()),
        problems=problems,
    )
    found = read_site(root, site, settings)
    problems.extend(found.problems)
    made.add_problems(f"results/intake/{site}/problems.csv", problems)
    for name in ("transcripts", "turns", "units", "participants", "disclosure", "dropped"):
        suffix = "csv" if name in ("disclosure", "dropped") else "parquet"
        table = _conformed(getattr(found, name), name)
        made.add(name, f"results/intake/{site}/{name}.{suffix}", table)


def _of(made: Rebuilt, stage: str, site: str, name: str) -> pd.DataFrame:
    return made.tables[f"results/{stage}/{site}/{name}.parquet"][1]


def _coding(root: Path, study: StudyConfig, site: str, made: Rebuilt) -> None:
    from themetrail.coding import CodingSettings, read_site
    from themetrail.intake.configured import forbidden_names

    found = read_site(
        root,
        site,
        _of(made, "intake", site, "transcripts"),
        _of(made, "intake", site, "turns"),
        study.codebook,
        CodingSettings(
            coders=study.settings["coding"]["coders"],
            dropped_ids=dropped_ids(read_dropped(root, Problems())),
            forbidden_names=forbidden_names(root, study.settings["disclosure"], Problems()),
            known=tuple(_of(made, "intake", site, "participants")["participant_id"]),
        ),
    )
    made.add_problems(f"results/coding/{site}/problems.csv", found.problems)
    for name in ("spans", "coverage"):
        table = _conformed(getattr(found, name), name)
        made.add(name, f"results/coding/{site}/{name}.parquet", table)


def _machine(root: Path, study: StudyConfig, made: Rebuilt) -> None:
    """What a machine learned and proposed, where a run had one."""
    settings = study.settings
    if not runs_machine(settings):
        return
    from themetrail.machine.people import human_segments
    from themetrail.machine.propose import as_coding
    from themetrail.machine.stage import assist
    from themetrail.tables import problems_table

    read = together_of(made, ("transcripts", "turns", "units", "spans", "coverage"))
    gone = dropped_ids(read_dropped(root, Problems()))
    sites = [site.site for site in study.active_sites]
    segments = human_segments(root, sites, read, study.codebook, settings["consensus"], gone)
    found, problems = assist(
        root,
        {**read, "segments": segments},
        study.codebook,
        study.theme_codes(),
        settings["machine"],
        settings["reliability"],
    )
    for name, table in found.items():
        path = f"results/machine/{name.removeprefix('machine_')}.csv"
        made.add(name, path, _conformed(table, name))
    spans, coverage = as_coding(found["machine_proposals"], read["units"])
    made.machine = {"spans": spans, "coverage": coverage}
    if settings["machine"]["in_consensus"]:
        made.add("coverage", "results/machine/coverage.parquet", coverage)
    made.add("problems", "results/machine/problems.csv", problems_table(problems))


def _counted(study: StudyConfig, made: Rebuilt, name: str) -> pd.DataFrame:
    """The machine's spans or coverage where they count as coding; else none."""
    from themetrail.contracts import CONTRACTS
    from themetrail.tables import frame

    counts = runs_machine(study.settings) and study.settings["machine"]["in_consensus"]
    return made.machine[name] if counts else frame([], CONTRACTS[name])


def _consensus(root: Path, study: StudyConfig, site: str, made: Rebuilt) -> None:
    from themetrail.consensus import decide, read_adjudications, with_machine
    from themetrail.intake.configured import forbidden_names

    transcripts = _of(made, "intake", site, "transcripts")
    adjudications, problems = read_adjudications(
        root,
        site,
        transcripts,
        _of(made, "intake", site, "turns"),
        study.codebook,
        dropped_ids(read_dropped(root, Problems())),
        forbidden_names(root, study.settings["disclosure"], Problems()),
    )
    units = _of(made, "intake", site, "units")
    outcome = decide(
        units,
        with_machine(_of(made, "coding", site, "spans"), _counted(study, made, "spans"), units),
        with_machine(
            _of(made, "coding", site, "coverage"), _counted(study, made, "coverage"), units
        ),
        adjudications,
        site=site,
        transcripts=transcripts,
        **study.settings["consensus"],
    )
    made.add_problems(f"results/consensus/{site}/problems.csv", [*problems, *outcome.problems])
    parts = {
        "adjudications": adjudications,
        "decisions": outcome.decisions,
        "segments": outcome.segments,
    }
    for name, table in parts.items():
        made.add(name, f"results/consensus/{site}/{name}.parquet", _conformed(table, name))


def _patterns(study: StudyConfig, site: str, made: Rebuilt) -> None:
    from themetrail.reliability import count_patterns, disagreements

    parts = (
        _of(made, "intake", site, "units"),
        _of(made, "coding", site, "spans"),
        _of(made, "coding", site, "coverage"),
    )
    themes = {theme: list(codes) for theme, codes in study.theme_codes().items()}
    counted = count_patterns(*parts, list(study.codebook.active), themes)
    differing = disagreements(*parts)
    folder = f"results/reliability/{site}"
    made.add("patterns", f"{folder}/patterns.parquet", _conformed(counted, "patterns"))
    table = _conformed(differing, "disagreements")
    made.add("disagreements", f"{folder}/disagreements.parquet", table)


def _agreement(study: StudyConfig, made: Rebuilt) -> None:
    import pandas as pd

    from themetrail.reliability import coefficients

    counts = {
        site.site: _of(made, "reliability", site.site, "patterns") for site in study.active_sites
    }
    settings = study.settings["reliability"]
    chosen = {key: settings[key] for key in ("seed", "replicates", "confidence")}
    table = _conformed(coefficients(counts, **chosen), "coefficients")
    listing = pd.concat(made.named("disagreements"), ignore_index=True)
    made.add("coefficients", "results/reliability/coefficients.csv", table)
    made.add("disagreements", WHOLE[0], _conformed(listing, "disagreements"))


def _synthesis(root: Path, study: StudyConfig, made: Rebuilt) -> None:
    from themetrail.config import read_themes
    from themetrail.contracts import CONTRACTS
    from themetrail.synthesis import read_notes, read_summaries, synthesise
    from themetrail.tables import problems_of

    names = ("transcripts", "turns", "units", "participants", "spans", "coverage")
    together_now = together_of(made, (*names, "segments"))
    themes, lines = read_themes(root, study.codebook, Problems())
    summaries, problems = read_summaries(root)
    notes, unread = read_notes(root)
    report = study.settings["report"]
    found = synthesise(
        **together_now,
        codebook=study.codebook,
        themes=themes,
        settings={
            "min_cell": report["min_cell"],
            "attribution": report["attribution"],
            **study.settings["synthesis"],
            "sites": {site.site: site.label for site in study.active_sites},
            "approach": study.settings["analysis"]["approach"],
        },
        summaries=summaries,
        lines=lines,
        notes=notes,
    )
    found_wrong = [*problems, *unread, *problems_of(found["problems"])]
    made.add_problems("results/synthesis/problems.csv", found_wrong)
    for name, table in found.items():
        if name in CONTRACTS and name != "problems":
            made.add(name, f"results/synthesis/{name}.csv", _conformed(table, name))


def _robustness(root: Path, study: StudyConfig, made: Rebuilt) -> None:
    """The analysis done otherwise, where a run did so; the crate sees a file taken away."""
    from themetrail.consensus import with_machine
    from themetrail.synthesis import vary

    path = "results/synthesis/robustness.csv"
    if not (root / path).is_file():
        return
    names = ("transcripts", "turns", "spans", "coverage", "adjudications")
    read = together_of(made, names)
    spans = read["spans"]
    read["spans"] = with_machine(spans, _counted(study, made, "spans"), read["transcripts"])
    table = vary(
        [read],
        study.themes,
        {
            "unit": study.settings["analysis"]["unit"],
            "quantifiers": study.settings["synthesis"]["quantifiers"],
            **study.settings["consensus"],
        },
    )
    made.add("robustness", path, _conformed(table, "robustness"))


def together_of(made: Rebuilt, names: tuple[str, ...]) -> Tables:
    """Some of the tables, all sites together."""
    chosen = {path: pair for path, pair in made.tables.items() if pair[0] in names}
    return together(Rebuilt(chosen))

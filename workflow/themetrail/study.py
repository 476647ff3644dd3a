"""A study's results as pandas tables, for notebooks and for reading by hand.

>>> from themetrail import Study
>>> study = Study(".")                                  # doctest: +SKIP
>>> study.themes[["theme", "n_participants"]]           # doctest: +SKIP
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail import contracts, tables
from themetrail.config import StudyConfig, load, runs_machine
from themetrail.contracts import Contract
from themetrail.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


class Study:
    """What a run of the workflow left in a study folder.

    Every attribute is a table documented in ``docs/reference/tables.md``, all active sites
    together, with a column ``site`` where the table has one. Tables are read when first asked
    for.

    Parameters
    ----------
    root : the study's folder.

    Raises
    ------
    InputError
        The configuration is unsound, or the run that makes a table has not been made yet.
    """

    def __init__(self, root: str | Path = ".") -> None:
        self.root = Path(root)
        self.config: StudyConfig
        self.config, problems = load(self.root)
        if problems.errors:
            raise InputError("\n".join(str(row) for row in problems.errors))

    def __repr__(self) -> str:
        sites = ", ".join(site.site for site in self.config.active_sites)
        return f"Study({self.config.settings['study']['title']!r}, sites: {sites})"

    def _path(self, path: str) -> Path:
        """A result's path, with a clear word where it is not there."""
        found = self.root / "results" / path
        if not found.exists():
            msg = f"results/{path} is not there yet: run `themetrail run` first"
            raise InputError(msg)
        return found

    def _of_sites(self, stage: str, name: str, contract: Contract) -> pd.DataFrame:
        """One table a site, one below the other, with the site in a column."""
        import pandas as pd

        parts = []
        for site in self.config.active_sites:
            table = tables.read(self._path(f"{stage}/{site.site}/{name}"), contract)
            if "site" not in table.columns:
                table.insert(0, "site", site.site)
            parts.append(table)
        return pd.concat(parts, ignore_index=True)

    def _with_machine(self, people: pd.DataFrame, name: str, contract: Contract) -> pd.DataFrame:
        """A machine's rows below people's, each with its site."""
        import pandas as pd

        machine = tables.read(self._path(f"machine/{name}"), contract)
        if machine.empty:
            return people
        site_of = dict(
            zip(self.transcripts["transcript_id"], self.transcripts["site"], strict=True)
        )
        machine.insert(0, "site", machine["transcript_id"].map(site_of))
        return pd.concat([people, machine], ignore_index=True)

    def _synthesis(self, contract: Contract) -> pd.DataFrame:
        return tables.read(self._path(f"synthesis/{contract.name}.csv"), contract)

    # ------------------------------------------------------------------ intake
    @functools.cached_property
    def transcripts(self) -> pd.DataFrame:
        """One row a transcript, with its canonical text."""
        return self._of_sites("intake", "transcripts.parquet", contracts.TRANSCRIPTS)

    @functools.cached_property
    def turns(self) -> pd.DataFrame:
        """One row a turn, with what was said in a column ``text``."""
        turns = self._of_sites("intake", "turns.parquet", contracts.TURNS)
        turns["text"] = self.words(turns)
        return turns

    @functools.cached_property
    def units(self) -> pd.DataFrame:
        """One row a unit of analysis."""
        return self._of_sites("intake", "units.parquet", contracts.UNITS)

    @functools.cached_property
    def participants(self) -> pd.DataFrame:
        """One row a person, with every attribute that the sites record."""
        table = self._of_sites("intake", "participants.parquet", contracts.PARTICIPANTS)
        declared = set(contracts.PARTICIPANTS.names)
        free = [name for name in table.columns if name not in declared]
        table[free] = table[free].fillna("")
        return table

    @functools.cached_property
    def dropped(self) -> pd.DataFrame:
        """Who was left out and why, without ids."""
        return self._of_sites("intake", "dropped.csv", contracts.DROPPED)

    @functools.cached_property
    def disclosure(self) -> pd.DataFrame:
        """Places that look like identifiers, without them."""
        return self._of_sites("intake", "disclosure.csv", contracts.DISCLOSURE)

    # ------------------------------------------------------------------ coding
    @functools.cached_property
    def codings(self) -> pd.DataFrame:
        """One row a coding of one coder, with the words coded in a column ``text``."""
        spans = self._of_sites("coding", "spans.parquet", contracts.SPANS)
        spans["text"] = self.words(spans)
        return spans

    @functools.cached_property
    def coverage(self) -> pd.DataFrame:
        """Who judged which transcript; a machine too where its proposals count as coding."""
        people = self._of_sites("coding", "coverage.parquet", contracts.COVERAGE)
        settings = self.config.settings
        if not (runs_machine(settings) and settings["machine"]["in_consensus"]):
            return people
        return self._with_machine(people, "coverage.parquet", contracts.COVERAGE)

    @functools.cached_property
    def problems(self) -> pd.DataFrame:
        """Everything that could not be read, placed or matched."""
        return tables.read(self._path("problems.csv"), contracts.PROBLEMS)

    # ------------------------------------------------------------------ reliability
    @functools.cached_property
    def patterns(self) -> pd.DataFrame:
        """Counts of rating patterns: what every coefficient is made from."""
        return self._of_sites("reliability", "patterns.parquet", contracts.PATTERNS)

    @functools.cached_property
    def coefficients(self) -> pd.DataFrame:
        """Every agreement coefficient."""
        return tables.read(self._path("reliability/coefficients.csv"), contracts.COEFFICIENTS)

    @functools.cached_property
    def disagreements(self) -> pd.DataFrame:
        """Units and codes on which coders differ."""
        return tables.read(self._path("reliability/disagreements.csv"), contracts.DISAGREEMENTS)

    def agreement(self, by: str = "code", coefficient: str | None = None) -> pd.DataFrame:
        """One coefficient at one level.

        Parameters
        ----------
        by : study, site, theme, code or pair.
        coefficient : its name; the configured headline where none is given.

        Returns
        -------
        DataFrame
            Under the contract COEFFICIENTS; without rows where no two coders can be compared yet.

        Raises
        ------
        InputError
            The study does not have that level or coefficient.
        """
        name = coefficient or self.config.settings["reliability"]["headline"]
        table = self.coefficients
        found = table[(table["level"] == by) & (table["coefficient"] == name)]
        if found.empty and not table.empty:
            levels, names = sorted(set(table["level"])), sorted(set(table["coefficient"]))
            msg = (
                f"no {name!r} at level {by!r}; levels: {', '.join(levels)}; "
                f"coefficients: {', '.join(names)}"
            )
            raise InputError(msg)
        return found.reset_index(drop=True)

    # ------------------------------------------------------------------ consensus, synthesis
    @functools.cached_property
    def decisions(self) -> pd.DataFrame:
        """Every unit and code that a coder marked, and what became of it."""
        return self._of_sites("consensus", "decisions.parquet", contracts.DECISIONS)

    @functools.cached_property
    def segments(self) -> pd.DataFrame:
        """The consensus: coded segments with their words in a column ``text``."""
        segments = self._of_sites("consensus", "segments.parquet", contracts.SEGMENTS)
        segments["text"] = self.words(segments)
        return segments

    @functools.cached_property
    def themes(self) -> pd.DataFrame:
        """Themes and who speaks to each."""
        return self._synthesis(contracts.THEMES)

    @functools.cached_property
    def reach(self) -> pd.DataFrame:
        """People of each group who speak to a theme or code."""
        return self._synthesis(contracts.REACH)

    @functools.cached_property
    def framework_matrix(self) -> pd.DataFrame:
        """People × themes."""
        return self._synthesis(contracts.FRAMEWORK_MATRIX)

    @functools.cached_property
    def counter_examples(self) -> pd.DataFrame:
        """Segments that speak against a theme's claim."""
        return self._synthesis(contracts.COUNTER)

    @functools.cached_property
    def cooccurrence(self) -> pd.DataFrame:
        """Pairs of codes at three levels."""
        return self._synthesis(contracts.COOCCURRENCE)

    @functools.cached_property
    def saturation(self) -> pd.DataFrame:
        """What each interview added."""
        return self._synthesis(contracts.SATURATION)

    @functools.cached_property
    def saturation_reorderings(self) -> pd.DataFrame:
        """When random orders of the interviews reach saturation."""
        return self._synthesis(contracts.SATURATION_REORDERINGS)

    @functools.cached_property
    def asked(self) -> pd.DataFrame:
        """Themes and codes that the guide asks about: who was asked, and who spoke."""
        return self._synthesis(contracts.ASKED_TABLE)

    @functools.cached_property
    def frameworks(self) -> pd.DataFrame:
        """Constructs of implementation frameworks and whom their codes reach."""
        return self._synthesis(contracts.FRAMEWORKS)

    @functools.cached_property
    def meaning_saturation(self) -> pd.DataFrame:
        """When codes were first seen, and when they last gained a facet."""
        return self._synthesis(contracts.MEANING_SATURATION)

    @functools.cached_property
    def subgroups(self) -> pd.DataFrame:
        """Each group of people against everybody else, with tests where asked for."""
        return self._synthesis(contracts.SUBGROUPS)

    @functools.cached_property
    def robustness(self) -> pd.DataFrame:
        """Themes when the analysis is done otherwise; the study's own way first."""
        return self._synthesis(contracts.ROBUSTNESS)

    @functools.cached_property
    def code_appearance(self) -> pd.DataFrame:
        """How far each code reaches, and where it was first seen."""
        return self._synthesis(contracts.CODE_APPEARANCE)

    @functools.cached_property
    def coding_density(self) -> pd.DataFrame:
        """How densely each interview was coded."""
        return self._synthesis(contracts.CODING_DENSITY)

    @functools.cached_property
    def code_clusters(self) -> pd.DataFrame:
        """Codes with the analyst's theme and the cluster of co-occurrence."""
        return self._synthesis(contracts.CODE_CLUSTERS)

    @functools.cached_property
    def code_tree(self) -> pd.DataFrame:
        """Joints of the dendrogram of the codes."""
        return self._synthesis(contracts.CODE_TREE)

    @functools.cached_property
    def second_opinion(self) -> pd.DataFrame:
        """How far co-occurrence alone agrees with the analyst's themes."""
        return self._synthesis(contracts.SECOND_OPINION)

    @functools.cached_property
    def adjudications(self) -> pd.DataFrame:
        """Decisions on disagreements, placed on the text."""
        return self._of_sites("consensus", "adjudications.parquet", contracts.ADJUDICATIONS)

    @functools.cached_property
    def quotes(self) -> pd.DataFrame:
        """Quotations chosen for the paper, with the reason."""
        return self._synthesis(contracts.QUOTES)

    @functools.cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Every number that the paper may use, by id."""
        rows = json.loads(self._path("facts.json").read_text(encoding="utf-8"))["facts"]
        return {row["id"]: row for row in rows}

    # ------------------------------------------------------------------ machine
    def machine(self, name: str) -> pd.DataFrame:
        """A table on the machine, where one was asked for.

        Parameters
        ----------
        name : codes, folds, calibration, agreement, themes, errors, proposals or next.

        Raises
        ------
        InputError
            There is no such table, or no machine was asked for.
        """
        known = {n.removeprefix("machine_"): n for n in contracts.CONTRACTS if n[:7] == "machine"}
        if name not in known:
            msg = f"no table {name!r} on the machine; there are {', '.join(known)}"
            raise InputError(msg)
        return tables.read(self._path(f"machine/{name}.csv"), contracts.CONTRACTS[known[name]])

    # ------------------------------------------------------------------ words
    def words(self, table: pd.DataFrame) -> list[str]:
        """The words at ``transcript_id, start, end`` of each row."""
        texts = dict(zip(self.transcripts["transcript_id"], self.transcripts["text"], strict=True))
        places = zip(table["transcript_id"], table["start"], table["end"], strict=True)
        return [texts[transcript][start:end] for transcript, start, end in places]

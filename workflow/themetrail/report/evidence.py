"""A study's tables, and what several facts need of them, each computed once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.report.family import Cell
from themetrail.report.smallnumbers import NOT_SHOWN, hidden, numbered
from themetrail.report.vocabulary import NOT_STATED, Vocabulary, from_tables
from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd

SEPARATOR = ";"


def split(joined: str) -> list[str]:
    """Names joined by semicolons."""
    return [name for name in joined.split(SEPARATOR) if name]


class Evidence:
    """All tables of a study under the contracts; a table that a study lacks is empty."""

    def __init__(self, study: StudyConfig, tables: Mapping[str, pd.DataFrame]) -> None:
        self.study = study
        self.words: Vocabulary = from_tables(study, tables)
        self._tables = tables
        self._absent: dict[str, pd.DataFrame] = {}
        self._groups: dict[str, dict[str, int]] = {}

    def table(self, name: str) -> pd.DataFrame:
        """One table; without rows where the study has none."""
        from themetrail.contracts import CONTRACTS
        from themetrail.tables import frame

        if name in self._tables:
            return self._tables[name]
        return self._absent.setdefault(name, frame([], CONTRACTS[name]))

    def setting(self, path: str) -> Any:
        """A setting by its dotted path."""
        value: Any = self.study.settings
        for key in path.split("."):
            value = value[key]
        return value

    @cached_property
    def min_cell(self) -> int:
        """The smallest group of people that is printed."""
        return int(self.setting("report.min_cell"))

    # ------------------------------------------------------------------ who and what
    @cached_property
    def coders_of(self) -> dict[str, set[str]]:
        """Transcript to the coders who judged it."""
        found: dict[str, set[str]] = defaultdict(set)
        table = self.table("coverage")
        for coder, transcript in zip(table["coder"], table["transcript_id"], strict=True):
            found[transcript].add(coder)
        return dict(found)

    @cached_property
    def coded(self) -> list[str]:
        """Transcripts that at least one coder judged."""
        known = self.table("transcripts")["transcript_id"]
        return [name for name in known if name in self.coders_of]

    @cached_property
    def coded_people(self) -> list[str]:
        """Participants with at least one coded transcript."""
        table, coded = self.table("transcripts"), set(self.coded)
        found: set[str] = set()
        for name, people in zip(table["transcript_id"], table["participants"], strict=True):
            if name in coded:
                found.update(split(people))
        return sorted(found)

    @cached_property
    def coded_sites(self) -> list[str]:
        """Sites with at least one coded transcript."""
        table, coded = self.table("transcripts"), set(self.coded)
        return sorted(set(table.loc[table["transcript_id"].isin(coded), "site"]))

    @cached_property
    def numbered(self) -> dict[str, str]:
        """People who are printed under a number, since their pseudonym may tell a hidden site."""
        return numbered(self.table("participants"), self.coded_people, self.min_cell)

    # ------------------------------------------------------------------ people by group
    def group_counts(self, attribute: str) -> dict[str, int]:
        """Participants by value of ``site`` or of an attribute; values as they are labelled."""
        if attribute not in self._groups:
            table = self.table("participants")
            values = list(table[attribute]) if attribute in table.columns else []
            counts = Counter(str(value).strip() or NOT_STATED for value in values)
            self._groups[attribute] = dict(counts)
        return self._groups[attribute]

    def names_of(self, attribute: str) -> Mapping[str, str]:
        """Slug (or site) to value of ``site`` or of an attribute."""
        if attribute == "site":
            return {site: site for site in self.words.sites}
        return self.words.attributes.get(attribute, {})

    @cached_property
    def _hidden(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _hidden_coded(self) -> dict[str, frozenset[str]]:
        return {}

    def hidden_groups(self, attribute: str) -> frozenset[str]:
        """Values of an attribute whose number of people is not printed."""
        if attribute not in self._hidden:
            counts = sorted(self.group_counts(attribute).items())
            flags = hidden([count for _, count in counts], self.min_cell)
            names = (value for (value, _), flag in zip(counts, flags, strict=True) if flag)
            self._hidden[attribute] = frozenset(names)
        return self._hidden[attribute]

    def coded_counts(self, attribute: str) -> dict[str, int]:
        """People with a coded transcript by value of an attribute, as the reach table has them."""
        return {
            group or NOT_STATED: of
            for (kind, _, name, group), (_, of) in self.reach.items()
            if name == attribute and kind in ("theme", "code")
        }

    def hidden_of_coded(self, attribute: str) -> frozenset[str]:
        """Values of which no count of the coded is printed.

        A group may be large and few of it coded: what those few said would follow from the total
        and the other groups, so that one of these goes too.
        """
        if attribute not in self._hidden_coded:
            counts = sorted(self.coded_counts(attribute).items())
            also = [value in self.hidden_groups(attribute) for value, _ in counts]
            flags = hidden([count for _, count in counts], self.min_cell, also)
            names = {value for (value, _), flag in zip(counts, flags, strict=True) if flag}
            self._hidden_coded[attribute] = self.hidden_groups(attribute) | names
        return self._hidden_coded[attribute]

    def people_in(self, attribute: str, value: str) -> Cell:
        """How many participants have a value, by the small-number rule."""
        label = self.names_of(attribute).get(value, value)
        row = {attribute: label}
        if label in self.hidden_groups(attribute):
            return Cell(None, row=row, reason=NOT_SHOWN)
        return Cell(self.group_counts(attribute).get(label, 0), row=row)

    # ------------------------------------------------------------------ segments
    @cached_property
    def by_code(self) -> dict[str, pd.DataFrame]:
        """Code to its consensus segments."""
        return {str(code): part for code, part in self.table("segments").groupby("code")}

    @cached_property
    def themes(self) -> dict[str, dict[str, Any]]:
        """Theme to its row of the themes table."""
        return {row["theme"]: row for row in records(self.table("themes"))}

    @cached_property
    def reach(self) -> dict[tuple[str, str, str, str], tuple[int, int]]:
        """(kind, id, attribute, value) to people who speak to it, and people there are."""
        table = self.table("reach")
        keys = zip(table["kind"], table["code"], table["attribute"], table["group"], strict=True)
        counts = zip(table["n"], table["of"], strict=True)
        return {key: (int(n), int(of)) for key, (n, of) in zip(keys, counts, strict=True)}

    @cached_property
    def conflicts(self) -> pd.DataFrame:
        """Decisions on which those who judged did not agree."""
        table = self.table("decisions")
        return table[(table["marked_by"] != "") & (table["unmarked_by"] != "")]

    # ------------------------------------------------------------------ agreement
    @cached_property
    def coefficients(self) -> dict[tuple[str, str, str, str], list[dict[str, Any]]]:
        """(level, site, code, coefficient) to rows."""
        found: dict[tuple[str, str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in records(self.table("coefficients")):
            found[row["level"], row["site"], row["code"], row["coefficient"]].append(row)
        return dict(found)

    @cached_property
    def headline(self) -> str:
        """The statistic that the text leads with."""
        return str(self.setting("reliability.headline"))

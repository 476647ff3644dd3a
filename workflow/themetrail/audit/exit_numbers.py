"""Small numbers in what a run publishes: none printed, none that the margins would give away.

The check knows nothing of how numbers were hidden: it reads the facts as they are published and
does what a reader with a pencil would do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from themetrail.errors import Problems
from themetrail.report.smallnumbers import NOT_SHOWN, NUMBERED

if TYPE_CHECKING:
    import pandas as pd

FACTS = "results/facts.json"
QUOTES = "results/synthesis/quotes.csv"
_NUMBER = re.compile(rf"{NUMBERED} \d+")
_REMEDY = (
    "Raise nothing by hand: report.min_cell decides what is printed. If it is as you want it, "
    "this is a defect of Themetrail; please report it with the name of the fact."
)


def solvable(shown: Sequence[int | None], total: int, least: int = 1) -> list[int]:
    """Hidden counts of a breakdown that its total gives away.

    Parameters
    ----------
    shown : counts of groups that exclude one another, None where hidden.
    total : their sum.
    least : the least that a hidden count can be.

    Returns
    -------
    Places of hidden counts for which one value alone is possible.

    Examples
    --------
    >>> solvable([None, 6, 9], 17), solvable([None, None, 9], 17), solvable([None, None, 9], 11)
    ([0], [], [0, 1])
    """
    places = [place for place, count in enumerate(shown) if count is None]
    rest = total - sum(count for count in shown if count is not None)
    spare = rest - least * len(places)
    return places if len(places) == 1 or (places and spare == 0) else []


def check_facts(facts: Iterable[Mapping[str, Any]], min_cell: int, problems: Problems) -> None:
    """Every breakdown of people in the facts: small counts, and hidden ones that can be solved.

    Parameters
    ----------
    facts : of ``results/facts.json``.
    min_cell : ``report.min_cell``.
    problems : errors are added, with the name of the fact.
    """
    by_name = {str(fact["id"]): fact for fact in facts}
    for name, parts in _breakdowns(by_name).items():
        reach = name.startswith("reach.")
        for fact in parts:
            n = fact["of"] if reach else fact["value"]
            if n is not None and 0 < n < min_cell:
                _tell(str(fact["id"]), "prints a group of fewer people than is allowed", problems)
        total = _total(by_name, name)
        if len(parts) == 1:
            continue  # the only group is everyone: its number is the study's, which is told
        counted = [fact for fact in parts if fact["value"] is not None or _hidden(fact)]
        shown = [fact["of"] if reach else fact["value"] for fact in counted]
        if total is None or (set(shown) == {None} and total == len(shown)):
            continue  # as many people as groups: their names alone say that each has one
        if reach and total == sum(count for count in shown if count is not None):
            continue  # what is hidden is about nobody
        for place in solvable(shown, total, least=0 if reach else 1):
            what = "is hidden, and follows from the total and the other groups"
            _tell(str(counted[place]["id"]), what, problems)


def _hidden(fact: Mapping[str, Any]) -> bool:
    return fact["value"] is None and fact["reason"] == NOT_SHOWN


def _breakdowns(facts: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Facts on the groups of one attribute, by what is counted and the attribute."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for name, fact in facts.items():
        row = fact["source"]["row"]
        if name.startswith("n.participants.") and len(row) == 1:
            found[f"n.participants.{next(iter(row))}"].append(fact)
        elif name.startswith("reach.") and "attribute" in row:
            found[f"reach.{row['kind']}.{row['code']}.{row['attribute']}"].append(fact)
    return dict(found)


def _total(facts: Mapping[str, Mapping[str, Any]], name: str) -> int | None:
    total = "n.participants.coded" if name.startswith("reach.") else "n.participants"
    value = facts.get(total, {}).get("value")
    return int(value) if isinstance(value, int | float) else None


def _tell(where: str, what: str, problems: Problems) -> None:
    problems.add("error", "exit_small_number", FACTS, f"{where} {what}", _REMEDY)


# ------------------------------------------------------------------ attributions
def check_attributions(
    quotes: pd.DataFrame,
    participants: pd.DataFrame,
    words: Mapping[str, frozenset[str]],
    min_cell: int,
    problems: Problems,
) -> None:
    """What stands under a quotation beside the pseudonym must fit ``min_cell`` people or nobody.

    Parameters
    ----------
    quotes : contract ``quotes``.
    participants : contract ``participants``.
    words : person to all that an attribution could say of them: site and attributes.
    min_cell : the smallest group that may be told.
    problems : an error a quotation.
    """
    people = list(participants["participant_id"])
    site_of = dict(zip(people, participants["site"], strict=True))
    sizes = participants["site"].value_counts()
    for row in quotes.to_dict("records"):
        person = str(row["participant_id"])
        printed = str(row["attribution"]).split(", ")
        where = f"{QUOTES}, {row['theme']} quotation {row['rank']}"
        said = {word for word in printed if word != person and not _NUMBER.fullmatch(word)} - {""}
        fitting = sum(said <= words[person] for person in people) if said else min_cell
        if fitting < min_cell:
            message = "its attribution fits fewer people than may be told apart"
            problems.add("error", "exit_attribution", where, message, _REMEDY)
        small = person in site_of and sizes[site_of[person]] < min_cell and len(sizes) > 1
        if small and person in printed:
            message = "its attribution has the pseudonym of a person whose site is not told"
            problems.add("error", "exit_attribution", where, message, _REMEDY)


def words_of_people(
    participants: pd.DataFrame, attributes: Sequence[str], labels: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Person to the words that an attribution could have: the site's label, each attribute."""
    from themetrail.synthesis.attribution import word

    known = [name for name in attributes if name in participants]
    return {
        str(row["participant_id"]): frozenset(
            [labels.get(str(row["site"]), str(row["site"]))]
            + [word(name, str(row[name])) for name in known]
        )
        for row in participants.to_dict("records")
    }

"""The small-number rule: which counts of people are not printed.

Groups of one to ``min_cell - 1`` people are hidden (primary suppression). A hidden count that
could be worked out from the total and the others is protected by hiding further ones (secondary
suppression). Zero is shown: it is about nobody.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NOT_SHOWN = "not shown (small number)"
OTHER_SITES = "Other sites"
#: what stands before the number of a person whose site is not told
NUMBERED = "Participant"


def hidden(counts: Sequence[int], min_cell: int, also: Sequence[bool] = ()) -> list[bool]:
    """Which counts of one breakdown are not printed, its total being known.

    Parameters
    ----------
    counts : people in each group; the groups exclude one another and add up to the total.
    min_cell : the smallest count that is printed.
    also : groups that are hidden for another reason. Where it is given, a reader is not told
        that what is hidden is no zero, and a zero is hidden too where nothing else would do.

    Returns
    -------
    One flag a group. A reader who knows the total, the counts shown, and that what is hidden is
    no zero, has at least two possible values for each hidden count.

    Examples
    --------
    One small group alone would be the total less the others, so the next larger goes too:

    >>> hidden([2, 6, 9, 0], 5)
    [True, True, False, False]
    """
    flags = [0 < count < min_cell for count in counts]
    if also:
        flags = [flag or other for flag, other in zip(flags, also, strict=True)]
    if not any(flags):
        return flags
    by_size = sorted(
        (count == 0, count, place) for place, count in enumerate(counts) if count or also
    )
    for nobody, _, place in by_size:
        if _protected([c for c, flag in zip(counts, flags, strict=True) if flag and c]):
            break
        if nobody and sum(flags) >= 2:
            break
        flags[place] = True
    return flags


def numbered(participants: pd.DataFrame, coded: Collection[str], min_cell: int) -> dict[str, str]:
    """People who are printed under a number: those whose pseudonym would tell a hidden site.

    Pseudonyms often begin with their site's letter, so that a list of them counts the people of
    each site. Numbers go through all sites whose people are not counted, in an order that has
    nothing to do with any site.

    Parameters
    ----------
    participants : contract ``participants``: everybody in the study.
    coded : people with a coded transcript, whose numbers are printed apart.
    min_cell : the smallest group that is printed.

    Returns
    -------
    Pseudonym to the printed name; nobody where every site may be counted, or there is one.
    """
    site_of = dict(zip(participants["participant_id"], participants["site"], strict=True))
    known = [site_of[person] for person in coded if person in site_of]
    pooled = _hidden_sites(site_of.values(), min_cell) | _hidden_sites(known, min_cell)
    if len(set(site_of.values())) < 2:
        return {}
    people = sorted(
        (hashlib.sha256(str(person).encode("utf-8", "surrogatepass")).hexdigest(), str(person))
        for person, site in site_of.items()
        if site in pooled
    )
    return {person: f"{NUMBERED} {place}" for place, (_, person) in enumerate(people, 1)}


def _hidden_sites(sites: Iterable[str], min_cell: int) -> set[str]:
    """Sites whose number of people is not printed."""
    counts = sorted(Counter(sites).items())
    flags = hidden([count for _, count in counts], min_cell)
    return {site for (site, _), flag in zip(counts, flags, strict=True) if flag}


def without_small_sites(
    matrix: pd.DataFrame, participants: pd.DataFrame, min_cell: int
) -> pd.DataFrame:
    """The framework matrix with people of hidden sites together, last, under ``OTHER_SITES``.

    A row a person and a site beside it would count the people of each site; so would their
    pseudonyms, which are numbers there.

    Parameters
    ----------
    matrix : contract ``framework_matrix``: people with a coded transcript.
    participants : contract ``participants``: everybody in the study.
    min_cell : the smallest group that is printed.
    """
    names = numbered(participants, set(matrix["participant_id"]), min_cell)
    pooled = matrix["participant_id"].isin(names)
    shown = matrix.assign(
        site=matrix["site"].where(~pooled, OTHER_SITES),
        participant_id=matrix["participant_id"].map(lambda person: names.get(person, person)),
    )
    place = {name: at for at, name in enumerate(names.values(), 1)}
    order = shown["participant_id"].map(lambda name: place.get(name, 0))
    return shown.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _protected(values: Sequence[int]) -> bool:
    """Whether hidden counts, each at least 1 and of known sum, stay undetermined."""
    return len(values) >= 2 and sum(values) > len(values)

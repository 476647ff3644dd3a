"""How a quotation is attributed: no finer than the small-number rule allows.

A small team is known to its readers: a role at a site may be one person (Kaiser 2009, Saunders,
Kitzinger & Kitzinger 2015). What is printed depends on the person alone, so that two quotations
of one person never add up to more than either says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from themetrail.tables import records

if TYPE_CHECKING:
    import pandas as pd

_YES = frozenset({"yes", "true", "y"})
_NO = frozenset({"no", "false", "n"})


def attributions(
    participants: pd.DataFrame,
    attributes: Sequence[str],
    min_cell: int,
    labels: Mapping[str, str],
    numbered: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Person to the words under their quotations: pseudonym, attributes, site.

    Attributes are printed together only where at least ``min_cell`` people of the site share all
    of them; else the finest (the one with most values in the study) goes first, the coarsest
    last. A site of fewer people is not named, and attributes are then counted over the study;
    nor is its pseudonym printed, which may begin with the site's letter.

    Parameters
    ----------
    participants : contract ``participants``: everybody in the study, coded or not.
    attributes : columns of it; those that it lacks are ignored.
    min_cell : the smallest group that may be printed.
    labels : site to its name.
    numbered : person to what stands instead of the pseudonym where the site is not named
        (``report.smallnumbers.numbered``).
    """
    instead = numbered or {}
    known = [name for name in attributes if name in participants]
    # The finest first to go; of two equally fine, the one named later.
    finest = sorted(known, key=lambda name: (-participants[name].nunique(), -known.index(name)))
    sizes = participants["site"].value_counts()
    named = participants["site"].map(sizes) >= min_cell
    found: dict[str, str] = {}
    for step in range(len(finest) + 1):
        kept = [name for name in known if name not in finest[:step]]
        for by_site in (True, False):
            part = participants[named == by_site]
            counted = part if by_site else participants
            columns = (["site"] if by_site else []) + kept
            large = counted.groupby(columns).size() if columns else None
            for row in records(part):
                key = tuple(row[name] for name in columns)
                enough = large is None or large[key if len(key) > 1 else key[0]] >= min_cell
                if enough and row["participant_id"] not in found:
                    site = [labels.get(row["site"], row["site"])] if by_site else []
                    words = [word(name, str(row[name])) for name in kept]
                    person = row["participant_id"]
                    called = person if by_site else instead.get(person, person)
                    found[person] = ", ".join([called, *(word for word in words if word), *site])
    return found


def word(attribute: str, value: str) -> str:
    """An attribute's value as printed; yes is the attribute's name, no and nothing are nothing."""
    plain = value.strip()
    if plain.casefold() in _YES:
        return attribute.replace("_", " ")
    return "" if plain.casefold() in _NO else plain.replace("_", " ")

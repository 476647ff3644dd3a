"""The disclosure gate: places in a text that look like an identifier of a person.

Identifiers are never returned, stored or printed: a hit says where and of what kind.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from themetrail.intake.forbidden import forbidden
from themetrail.intake.identifiers import SCANNERS, Found, Level

KINDS = (
    "nhs_number",
    "ni_number",
    "postcode",
    "postcode_district",
    "phone",
    "email",
    "date_of_birth",
    "exact_date",
    "age_over_89",
    "gmc_number",
    "nmc_pin",
    "hcpc_number",
    "gphc_number",
    "titled_name",
    "forbidden_name",
)


BLOT = "█"


@dataclass(frozen=True, order=True)
class Hit:
    """One place that looks like an identifier.

    Attributes
    ----------
    start, end : where, in code points of the text that was scanned.
    line : 1-based line of that text.
    kind : one of ``KINDS``.
    severity : "hard" or "soft".
    fictional : why it cannot be anybody's; empty where it can.
    """

    start: int
    end: int
    line: int
    kind: str
    severity: Level
    fictional: str = ""


def scan(text: str, forbidden_names: Sequence[str] = (), *, known: Iterable[str] = ()) -> list[Hit]:
    r"""Find what looks like an identifier in any text.

    Hard: NHS number (by its check digit), National Insurance number, full postcode, telephone
    number, e-mail address, date of birth, registration number near its regulator, a name of the
    study's list. Soft: postcode district, exact date, age over 89, a name after a title.

    Parameters
    ----------
    text : a transcript, or anything rendered from one.
    forbidden_names : the study's list; compared without case and accents, as whole words.
    known : pseudonyms of the study, which are no identifiers whatever they look like.

    Returns
    -------
    list of Hit
        By position. Where two kinds claim the same characters, the hard one and then the longer
        one stands.

    Examples
    --------
    >>> [(hit.kind, hit.line) for hit in scan("Well.\nIt is 943 476 5919, I think.")]
    [('nhs_number', 2)]
    """
    found = [hit for scanner in SCANNERS for hit in scanner(text)]
    pseudonyms = {name.casefold() for name in known}
    found = [hit for hit in found if text[hit[0] : hit[1]].casefold() not in pseudonyms]
    found += forbidden(text, forbidden_names)
    if not found:
        return []
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return [
        Hit(start, end, bisect_right(starts, start), kind, severity, fictional)
        for start, end, kind, severity, fictional in _without_overlap(found)
    ]


def blotted(text: str, hits: Iterable[Hit]) -> str:
    """A text with these places blotted out; every other character stays where it is.

    >>> text = "Ring 0161 715 4321, please."
    >>> blotted(text, scan(text))
    'Ring █████████████, please.'
    """
    for hit in hits:
        hidden = re.sub(r"[^\n]", BLOT, text[hit.start : hit.end])
        text = text[: hit.start] + hidden + text[hit.end :]
    return text


def _without_overlap(found: Iterable[Found]) -> list[Found]:
    """The hits of highest rank, none of which overlap, by position."""
    ranked = sorted(found, key=lambda hit: (hit[3] != "hard", hit[0] - hit[1], hit[0], hit[2]))
    taken: set[int] = set()
    kept: list[Found] = []
    for hit in ranked:
        places = range(hit[0], hit[1])
        if taken.isdisjoint(places):
            kept.append(hit)
            taken.update(places)
    return sorted(kept)

"""Names of the constructs of NASSS, CFIR and NPT, by which figures and tables call them.

``assets/frameworks.tsv`` lists them with their sources: the names are the authors', the paraphrases
ours.
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path

TABLE = Path(__file__).with_name("assets") / "frameworks.tsv"


@functools.cache
def _names() -> dict[tuple[str, str], str]:
    """Framework and id to name, both in the form that compares."""
    with TABLE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {(_framework(row["framework"]), _plain(row["id"])): row["name"] for row in rows}


def _framework(name: str) -> str:
    return _plain(name).removesuffix("2022")


def _plain(text: str) -> str:
    return text.replace(".", "").replace(" ", "").casefold()


def construct_name(framework: str, construct: str) -> str:
    """A construct as a reader knows it; as the study has it where it is not one of the lists.

    >>> construct_name("NASSS", "4A"), construct_name("CFIR", "II.F")
    ('4A Staff', 'Financing')
    >>> construct_name("NPT", "coherence"), construct_name("Ours", "X1")
    ('Coherence', 'X1')
    """
    name = _names().get((_framework(framework), _plain(construct)))
    if name is None:
        return construct[:1].upper() + construct[1:]
    return f"{construct} {name}" if _framework(framework) == "nasss" else name

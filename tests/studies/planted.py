"""A study whose truth is planted: who speaks to what at which site, and how its coders err.

Three coders judge every interview. ``xenia`` and ``zoe`` mark what is true and nothing else;
``yan`` overlooks some of it and marks some of what is not there. The majority is the truth, so
that the consensus, and all that is counted from it, must come back as it was planted.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SITES = {"north": "North", "east": "East", "west": "West"}
PER_SITE = 8
CODES = ("asked", "waiting", "money", "saving", "time", "speed")
THEMES = {"T1": ("asked", "waiting"), "T2": ("money", "saving"), "T3": ("time", "speed")}
TITLES = {"T1": "To be asked", "T2": "Who pays", "T3": "It takes time"}
CLAIMS = {
    "T1": "People want to be asked.",
    "T2": "One pays and another saves.",
    "T3": "It takes time.",
}
#: people of each site who speak to a theme
REACH = {
    "T1": {"north": 8, "east": 8, "west": 8},
    "T2": {"north": 7, "east": 3, "west": 0},
    "T3": {"north": 1, "east": 0, "west": 4},
}
#: how many of the marks that are there yan overlooks, and how many that are not yan makes
OVERLOOKED, INVENTED = 9, 5
SPEAKS = {
    "asked": "They came and asked all of us before the boxes arrived here.",
    "waiting": "I waited until somebody would sit down and show me how.",
    "money": "The money was there for a year and then it was not.",
    "saving": "What we saved went to the hospital at the other end of town.",
    "time": "It took the better part of a winter to get used to it.",
    "speed": "They wanted it done by the end of the month, as always.",
}
SILENT = "That is not a thing that I could tell you very much about."

Place = tuple[str, str]
"""Transcript and code: the code's own turn in that transcript."""


@dataclass
class Truth:
    """What was planted; a judgement is a turn and a code, and everybody has a turn a code."""

    people: tuple[str, ...]
    true: frozenset[Place]
    overlooked: frozenset[Place]
    invented: frozenset[Place]
    judgements: int

    def speakers(self, theme: str) -> set[str]:
        """People who speak to a theme."""
        return {person for person, code in self.true if code in THEMES[theme]}

    def marks(self, coder: str) -> set[Place]:
        """What a coder marks."""
        if coder == "yan":
            return set(self.true - self.overlooked | self.invented)
        return set(self.true)


def truth(seed: int = 7) -> Truth:
    """Plant it; the same seed plants the same."""
    chance = random.Random(seed)
    people = tuple(f"{site[0].upper()}{n}" for site in SITES for n in range(1, PER_SITE + 1))
    true: set[Place] = set()
    for theme, by_site in REACH.items():
        for site, count in by_site.items():
            own = [person for person in people if person.startswith(site[0].upper())]
            for person in sorted(chance.sample(own, count)):
                first, second = THEMES[theme]
                codes = chance.choice(((first,), (second,), (first, second)))
                true.update((person, code) for code in codes)
    every = [(person, code) for person in people for code in CODES]
    overlooked = chance.sample(sorted(true), OVERLOOKED)
    invented = chance.sample([place for place in every if place not in true], INVENTED)
    return Truth(
        people,
        frozenset(true),
        frozenset(overlooked),
        frozenset(invented),
        judgements=len(every) * len(CODES),
    )


def write(root: Path, planted: Truth) -> Path:
    """Write the study's folder."""
    (root / "config").mkdir(parents=True)
    codes = "".join(f"  - {{id: {code}, label: {code.capitalize()}}}\n" for code in CODES)
    (root / "config/codebook.yaml").write_text(f"version: 1\ncodes:\n{codes}")
    themes = "".join(
        f"  - {{id: {name}, title: {TITLES[name]}, claim: {CLAIMS[name]}, "
        f"codes: [{', '.join(own)}]}}\n"
        for name, own in THEMES.items()
    )
    (root / "config/themes.yaml").write_text(f"version: 1\nthemes:\n{themes}")
    rows = "".join(f"{site}\t{label}\n" for site, label in SITES.items())
    (root / "config/sites.tsv").write_text(f"site\tlabel\n{rows}")
    (root / "config/config.yaml").write_text(
        "study: {title: A planted interview study, demonstration: true}\n"
        "reliability: {replicates: 100}\n"
        "synthesis: {permutations: 20, saturation: {reorderings: 20}, quotes: {per_person: 1}}\n"
        "report: {min_cell: 1}\n"
    )
    for site in SITES:
        _site(root / "data" / site, site, planted)
    return root


def _site(folder: Path, site: str, planted: Truth) -> None:
    own = [person for person in planted.people if person.startswith(site[0].upper())]
    (folder / "transcripts").mkdir(parents=True)
    (folder / "codings").mkdir()
    for person in own:
        turns = (
            f"Interviewer: What of number {place}?\n\n{person}: {_said(person, code, planted)}\n"
            for place, code in enumerate(CODES, 1)
        )
        (folder / f"transcripts/{person}.txt").write_text("\n".join(turns), encoding="utf-8")
    _rows(folder / "participants.csv", ("participant_id",), ((person,) for person in own))
    for coder in ("xenia", "yan", "zoe"):
        marks = sorted(place for place in planted.marks(coder) if place[0] in own)
        table = ((who, _said(who, code, planted), code) for who, code in marks)
        _rows(folder / f"codings/{coder}.csv", ("transcript_id", "quote", "code"), table)
    asked = ((coder, person) for coder in ("xenia", "yan", "zoe") for person in own)
    _rows(folder / "assignments.csv", ("coder", "transcript_id"), asked)


def _said(person: str, code: str, planted: Truth) -> str:
    """A person's turn on a code; each differs, so that a quotation stands once."""
    words = SPEAKS[code] if (person, code) in planted.true else SILENT
    return f"{words} So far number {CODES.index(code) + 1}, from {person}."


def _rows(path: Path, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(heads)
        writer.writerows(rows)

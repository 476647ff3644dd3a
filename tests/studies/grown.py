"""Studies of any size with planted truth, written to disk as they are made.

Three coders judge every interview. ``xenia`` and ``zoe`` mark what is true and nothing else, the
one whole turns by their places, the other a sentence or two by their words; ``yan`` overlooks a
tenth, marks half as much that is not there, and quotes one sentence and its turn. The majority is
the truth. A transcript depends on its own name and on nothing else, so that a site is the same in
studies of any size.
"""

from __future__ import annotations

import csv
import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

WORDS = 8000
CODES = 30
MOST_SITES, LEAST_PER_SITE = 50, 5
#: words of a question, of an answer, of one sentence
QUESTION, ANSWER, SENTENCE = 12, 64, 16
OVERLOOKED, INVENTED = 0.10, 0.05
ROLES = ("nurse", "doctor", "manager", "technician")
GRADES = ("junior", "senior")
VOCABULARY = 6000
Place = tuple[int, str]
"""Number of an answer, and a code."""


@dataclass
class Planted:
    """What was planted, counted while it was written."""

    transcripts: int = 0
    turns: int = 0
    codings: int = 0
    segments: int = 0
    overlooked: int = 0
    invented: int = 0
    #: theme to the people who speak to it
    reach: Counter[str] = field(default_factory=Counter)


def sites_of(transcripts: int) -> list[int]:
    """Transcripts of each site: fifty sites where there are enough transcripts.

    >>> sites_of(10), sites_of(1000) == [20] * 50
    ([5, 5], True)
    """
    sites = max(1, min(MOST_SITES, transcripts // LEAST_PER_SITE))
    return [transcripts // sites + (site < transcripts % sites) for site in range(sites)]


def code_names(codes: int = CODES) -> list[str]:
    """Codes, three to a theme."""
    return [f"code_{number:02d}" for number in range(1, codes + 1)]


def themes_of(codes: Sequence[str]) -> dict[str, list[str]]:
    """Themes and their codes."""
    return {f"T{at // 3 + 1}": list(codes[at : at + 3]) for at in range(0, len(codes), 3)}


def vocabulary() -> tuple[list[str], list[float]]:
    """Words, the commoner the shorter, and their cumulated weights by Zipf's law."""
    chance = random.Random("vocabulary")
    syllables = [c + v for c in "bdfghklmnprstvw" for v in "aeiou"]
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        length = 1 + (len(found) >= 50) + (len(found) >= 500) + (len(found) >= 4000)
        found["".join(chance.choices(syllables, k=length))] = None
    return list(found), list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))


class Speaker:
    """Says sentences: as quickly as words can be drawn."""

    def __init__(self) -> None:
        self.words, self.weights = vocabulary()

    def sentences(self, chance: random.Random, count: int, length: int) -> list[str]:
        """So many sentences of so many words."""
        total, words, weights = self.weights[-1], self.words, self.weights
        draw = chance.random
        said = [words[bisect(weights, draw() * total)] for _ in range(count * length)]
        return [
            " ".join(said[at : at + length]).capitalize() + "."
            for at in range(0, count * length, length)
        ]


def write(
    root: Path, transcripts: int, *, words: int = WORDS, codes: int = CODES, config: str = ""
) -> Planted:
    """Write a study of so many transcripts; what was planted in it.

    Parameters
    ----------
    root : a folder that is not there yet.
    transcripts : how many interviews, 50 sites of them where that gives a site five or more.
    words : of an interview.
    codes : of the codebook, three to a theme.
    config : further lines of config.yaml.
    """
    names = code_names(codes)
    planted = Planted()
    sizes = sites_of(transcripts)
    write_config(root, len(sizes), names, config)
    speaker = Speaker()
    for number, size in enumerate(sizes, 1):
        write_site(root, number, size, names, planted, words=words, speaker=speaker)
    return planted


def write_config(root: Path, sites: int, codes: Sequence[str], config: str = "") -> None:
    """Write config/: settings, codebook, themes, sites."""
    folder = root / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(
        "study: {title: A planted interview study of any size, demonstration: true}\n"
        "synthesis: {groups: [role, grade]}\n"
        "report: {attribution: [role]}\n" + config,
        encoding="utf-8",
    )
    lines = [
        f"  - {{id: {code}, label: {code.replace('_', ' ').capitalize()}, "
        f"definition: Speaks of matter {code[-2:]}.}}"
        for code in codes
    ]
    (folder / "codebook.yaml").write_text("version: 1\ncodes:\n" + "\n".join(lines) + "\n")
    lines = [
        f"  - {{id: {theme}, title: Matter {theme[1:]}, claim: People speak of matter "
        f"{theme[1:]}., codes: [{', '.join(own)}]}}"
        for theme, own in themes_of(codes).items()
    ]
    (folder / "themes.yaml").write_text("version: 1\nthemes:\n" + "\n".join(lines) + "\n")
    rows = "".join(f"{site_name(n)}\tSite {n}\n" for n in range(1, sites + 1))
    (folder / "sites.tsv").write_text("site\tlabel\n" + rows)


def site_name(number: int) -> str:
    """A site's folder."""
    return f"s{number:02d}"


def write_site(
    root: Path,
    number: int,
    size: int,
    codes: Sequence[str],
    planted: Planted,
    *,
    words: int = WORDS,
    speaker: Speaker | None = None,
) -> None:
    """Write a site's folder, an interview at a time."""
    folder = root / "data" / site_name(number)
    for name in ("transcripts", "codings"):
        (folder / name).mkdir(parents=True)
    saying = speaker or Speaker()
    people, marks = [], {coder: [] for coder in ("xenia", "yan", "zoe")}
    for at in range(1, size + 1):
        name = f"P{number:02d}x{at:04d}"
        chance = random.Random(f"{name} {words}")
        people.append((name, chance.choice(ROLES), chance.choice(GRADES)))
        text, answers = _interview(name, words, saying, chance)
        (folder / f"transcripts/{name}.txt").write_text(text, encoding="utf-8")
        true = _truth(len(answers), codes, number, chance)
        _mark(name, answers, true, codes, chance, marks, planted)
        planted.transcripts += 1
        planted.turns += 2 * len(answers)
    _rows(folder / "participants.csv", ("participant_id", "role", "grade"), people)
    heads = {
        "xenia": ("transcript_id", "start", "end", "code"),
        "yan": ("transcript_id", "turn", "quote", "code"),
        "zoe": ("transcript_id", "quote", "code"),
    }
    for coder, table in marks.items():
        _rows(folder / f"codings/{coder}.csv", heads[coder], table)
    asked = ((coder, person[0]) for coder in heads for person in people)
    _rows(folder / "assignments.csv", ("coder", "transcript_id"), asked)


Answer = tuple[int, int, list[str]]
"""Start and end in the text, and the sentences."""


def _interview(
    name: str, words: int, speaker: Speaker, chance: random.Random
) -> tuple[str, list[Answer]]:
    """Questions and answers by turns; the text, and where each answer stands."""
    rounds = max(3, round(words / (QUESTION + ANSWER)))
    asked = speaker.sentences(chance, rounds, QUESTION)
    said = speaker.sentences(chance, rounds * ANSWER // SENTENCE, SENTENCE)
    parts: list[str] = []
    answers: list[Answer] = []
    at = 0
    for number, question in enumerate(asked):
        own = said[number * ANSWER // SENTENCE : (number + 1) * ANSWER // SENTENCE]
        before, answer = f"Interviewer: {question}\n\n{name}: ", " ".join(own)
        parts += [before, answer, "\n\n"]
        answers.append((at + len(before), at + len(before) + len(answer), own))
        at += len(before) + len(answer) + 2
    return "".join(parts), answers


def _truth(answers: int, codes: Sequence[str], site: int, chance: random.Random) -> list[Place]:
    """Where a person speaks to which code: rarer and commoner codes, sites that differ."""
    true: list[Place] = []
    for at, code in enumerate(codes):
        share = (0.25 + 0.6 * (at % 7) / 6) * (0.6 if (site + at // 3) % 4 == 0 else 1)
        if chance.random() < share:
            times = min(answers, chance.choice((1, 1, 2, 3, 5)))
            true += [(place, code) for place in sorted(chance.sample(range(answers), times))]
    return true


def _mark(
    name: str,
    answers: Sequence[Answer],
    true: Sequence[Place],
    codes: Sequence[str],
    chance: random.Random,
    marks: dict[str, list[tuple[Any, ...]]],
    planted: Planted,
) -> None:
    """What each coder writes down, and what it counts for."""
    for place, code in true:
        start, end, said = answers[place]
        first = chance.randrange(len(said) - 1)
        marks["xenia"].append((name, start, end, code))
        marks["zoe"].append((name, " ".join(said[first : first + 2]), code))
    seen = [place for place in true if chance.random() >= OVERLOOKED]
    known = set(true)
    invented = []
    for _ in true:
        place = (chance.randrange(len(answers)), chance.choice(codes))
        if chance.random() < INVENTED and place not in known:
            known.add(place)
            invented.append(place)
    for place, code in seen + invented:
        marks["yan"].append((name, 2 * place + 2, chance.choice(answers[place][2]), code))
    planted.codings += 2 * len(true) + len(seen) + len(invented)
    planted.segments += len(true)
    planted.overlooked += len(true) - len(seen)
    planted.invented += len(invented)
    said = {code for _, code in true}
    planted.reach.update(t for t, own in themes_of(codes).items() if said & set(own))


def _rows(path: Path, heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(heads)
        writer.writerows(rows)

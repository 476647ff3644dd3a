"""Small studies with a planted truth, as the tables that the stage reads."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from themetrail import contracts
from themetrail.config import Code, Codebook, load
from themetrail.errors import Problems
from themetrail.machine.stage import assist
from themetrail.tables import frame

CODES = {"money": "money budget tariff savings", "time": "winter patience slowly years"}
CUES = {
    "money": ["the budget was gone", "a tariff that pays", "savings went elsewhere"],
    "time": ["it took years", "slowly over the winter", "patience is what it needs"],
}
FILLER = [
    "we had a meeting on that",
    "the nurse came round",
    "there is a room upstairs",
    "my colleague knows more",
    "that is how it went",
    "the patients were kind",
]
SETTINGS: dict[str, Any] = {
    "confidence": 0.3,
    "propose": ["usable", "weak"],
    "verdict": {"units": 20, "transcripts": 5, "sites": 2, "usable": 0.6, "weak": 0.4},
    "next": 5,
    "most_units": 2000,
    "most_folds": 30,
    "embeddings": "",
    "external": [],
}
RELIABILITY = {"seed": 1, "replicates": 100, "confidence": 0.95}
THEMES = {"T1": ["money"], "T2": ["time"]}


@dataclass
class Planted:
    """A study: its tables, and the codebook."""

    tables: dict[str, pd.DataFrame]
    codebook: Codebook
    truth: dict[tuple[str, int], set[str]] = field(default_factory=dict)

    def assist(
        self, root: Path = Path(), **changed: Any
    ) -> tuple[dict[str, pd.DataFrame], Problems]:
        """Run the stage with some settings changed."""
        settings = SETTINGS | changed
        return assist(root, self.tables, self.codebook, THEMES, settings, RELIABILITY)


def _units(rng: random.Random, known: bool) -> tuple[list[str], list[set[str]]]:
    texts, truth = [], []
    for _ in range(12):
        codes = {code for code in CODES if rng.random() < 0.25}
        words = [rng.choice(FILLER), rng.choice(FILLER)]
        words += [rng.choice(CUES[code]) for code in sorted(codes)]
        rng.shuffle(words)
        texts.append(". ".join(words) + ".")
        truth.append(codes if known else {code for code in CODES if rng.random() < 0.25})
    return texts, truth


def planted(
    *, known: bool = True, seed: int = 7, sites: int = 3, each: int = 4, waiting: int = 0
) -> Planted:
    """A study whose codes show in its words (``known``), or are put at random."""
    rng = random.Random(seed)
    rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in ("t", "u", "s", "c", "g")}
    truth: dict[tuple[str, int], set[str]] = {}
    for site in range(sites):
        for number in range(each):
            name, person = f"S{site}N{number}", f"p{site}{number}"
            texts, marks = _units(rng, known)
            _transcript(rows, name, f"site{site}", person, texts)
            judged = number < each - waiting
            place = 0
            for unit, (text, codes) in enumerate(zip(texts, marks, strict=True), 1):
                truth[name, unit] = codes
                for code in sorted(codes) if judged else []:
                    _marked(rows, name, f"site{site}", person, unit, place, len(text), code)
                place += len(text) + 1
            if judged:
                rows["c"] += [
                    {"coder": coder, "transcript_id": name, "n_spans": 0, "basis": "assignment"}
                    for coder in ("ann", "bob")
                ]
    tables = {
        "transcripts": frame(rows["t"], contracts.TRANSCRIPTS),
        "units": frame(rows["u"], contracts.UNITS),
        "spans": frame(rows["s"], contracts.SPANS),
        "coverage": frame(rows["c"], contracts.COVERAGE),
        "segments": frame(rows["g"], contracts.SEGMENTS),
    }
    book = Codebook(tuple(Code(code, code, definition=words) for code, words in CODES.items()))
    return Planted(tables, book, truth)


def _transcript(
    rows: dict[str, list[Any]], name: str, site: str, person: str, texts: list[str]
) -> None:
    text = "\n".join(texts)
    blank = dict.fromkeys(("file", "format", "encoding", "sha256", "text_sha256"), "x")
    rows["t"].append(
        {
            **blank,
            "transcript_id": name,
            "site": site,
            "status": "ready",
            "text": text,
            "n_chars": len(text),
            "n_words": 1,
            "n_turns": len(texts),
            "participants": person,
            "interviewer": "",
            "date": "",
            "mode": "",
            "duration_min": None,
            "language": "",
        }
    )
    place = 0
    for unit, said in enumerate(texts, 1):
        rows["u"].append(
            {
                "transcript_id": name,
                "unit": unit,
                "turn": unit,
                "participant_id": person,
                "start": place,
                "end": place + len(said),
            }
        )
        place += len(said) + 1


def _marked(
    rows: dict[str, list[Any]],
    name: str,
    site: str,
    person: str,
    unit: int,
    start: int,
    length: int,
    code: str,
) -> None:
    shared = {"transcript_id": name, "start": start, "end": start + length, "code": code}
    for coder in ("ann", "bob"):
        rows["s"].append(
            {
                **shared,
                "span_id": f"{coder}-{name}-{unit}-{code}",
                "coder": coder,
                "code_as_coded": code,
                "memo": "",
                "coded_at": "",
                "source": "x",
                "row": 1,
                "anchor": "exact",
                "moved_by": 0,
            }
        )
    rows["g"].append(
        {
            **shared,
            "segment_id": f"{name}-{unit}-{code}",
            "site": site,
            "participant_id": person,
            "unit": unit,
            "turn": unit,
            "coders": "ann;bob",
            "decided_by": "unanimous",
            "stance": "supports",
        }
    )


@pytest.fixture(scope="session")
def plant() -> Callable[..., Planted]:
    """Give the maker of planted studies."""
    return planted


@pytest.fixture(scope="session")
def settings(root: Path) -> Mapping[str, Any]:
    """Give the settings that a study has by default."""
    study, _ = load(root / "tests" / "studies" / "mini")
    return dict(study.settings["machine"])

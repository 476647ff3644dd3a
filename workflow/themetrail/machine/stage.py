"""The stage as a whole: tables in, tables out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from themetrail.errors import Problems
from themetrail.machine import embeddings, external, folds, measures
from themetrail.machine.evaluate import (
    HeldOut,
    calibration_rows,
    documents_of,
    error_rows,
    fold_rows,
    held_out,
)
from themetrail.machine.features import Floats
from themetrail.machine.folds import Scheme
from themetrail.machine.learning import Documents, Learned, candidates, learn
from themetrail.machine.material import MISSING, Material, fingerprint, marked, material
from themetrail.machine.measures import Judged
from themetrail.machine.priority import next_rows
from themetrail.machine.propose import proposal_rows

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook

PREFIX = "machine:"
#: tables of the stage, ``results/machine/<name without machine_>.csv``
TABLES = (
    "machine_codes",
    "machine_folds",
    "machine_calibration",
    "machine_agreement",
    "machine_themes",
    "machine_errors",
    "machine_proposals",
    "machine_next",
)
#: settings that change what the machine says, and so its name
_SHAPING = ("confidence", "embeddings", "most_folds", "most_units")


Rows = list[dict[str, Any]]


def assist(
    root: Path,
    tables: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    themes: Mapping[str, Sequence[str]],
    settings: Mapping[str, Any],
    reliability: Mapping[str, Any],
) -> tuple[dict[str, pd.DataFrame], Problems]:
    """Learn from the consensus, measure on what was held out, propose for what is waiting.

    Cost is linear in the number of units: models learn from at most ``most_units`` of them, and
    there are at most ``most_folds`` folds of each kind.

    Parameters
    ----------
    root : the study's folder, for recorded answers and a local embedding model.
    tables : ``transcripts, units, spans, coverage, segments``, all sites together; the segments are
        those that people's codings alone came to.
    codebook : whose codes in use are learned.
    themes : theme to its codes.
    settings : the section ``machine`` of the configuration.
    reliability : the section of that name: seed, replicates, confidence.

    Returns
    -------
    Tables by contract (``TABLES``), and what was wrong with recorded answers.
    """
    from themetrail.contracts import CONTRACTS
    from themetrail.tables import frame

    problems = Problems()
    found = material(tables, codebook)
    rows: dict[str, Rows] = {name: [] for name in TABLES}
    if found.codes and len(found.texts):
        with _one_thread():
            folder = embeddings.model_folder(root, str(settings["embeddings"]))
            documents = documents_of(found, _vectors(found, folder))
            coder = coder_name(found, settings, folder)
            results = held_out(found, documents, settings)
            for name, more in _measured(found, results, coder):
                rows[name] += more
            machines = [
                *(_judged(found, coder, result) for result in results.values()),
                *_answering(root, found, codebook, settings, problems),
            ]
            for name, more in _compared(found, machines, themes, settings, reliability):
                rows[name] += more
            verdicts = _verdicts(rows["machine_codes"])
            learned = _learned(found, documents, settings)
            rows["machine_proposals"] = _proposed(
                found, coder, learned, machines, verdicts, settings
            )
            probabilities = None if learned is None else learned.probabilities
            rows["machine_next"] = next_rows(
                found, documents, probabilities, settings["next"], settings["most_units"]
            )
    return {name: frame(made, CONTRACTS[name]) for name, made in rows.items()}, problems


def _one_thread() -> AbstractContextManager[Any]:
    """Sums in one order whatever the number of processors, so that bytes do not depend on it."""
    # Limits reach the libraries that are loaded by now, so these are.
    import scipy.linalg  # noqa: F401
    import sklearn.kernel_ridge  # noqa: F401
    from threadpoolctl import threadpool_limits

    return cast("AbstractContextManager[Any]", threadpool_limits(limits=1))


def _vectors(found: Material, folder: Path | None) -> Floats | None:
    """Vectors of all documents by a local model, where one is configured."""
    if folder is None:
        return None
    return embeddings.encode(folder, (*found.texts, *found.passages, *found.book))


def coder_name(found: Material, settings: Mapping[str, Any], folder: Path | None) -> str:
    """The machine's name; it changes with all that the machine is made from."""
    shaping = {name: settings[name] for name in _SHAPING}
    if folder is not None:
        shaping["embeddings"] = embeddings.model_digest(folder)
    kind = "tfidf" if folder is None else "embeddings"
    return f"{PREFIX}{kind}-{fingerprint(found, shaping)}"


def _measured(
    found: Material, results: Mapping[Scheme, HeldOut], coder: str
) -> Iterator[tuple[str, Rows]]:
    """Folds and calibration of both schemes; errors of the first, which is the stricter."""
    for number, result in enumerate(results.values()):
        yield "machine_folds", list(fold_rows(found, result, coder))
        yield "machine_calibration", list(calibration_rows(found, result, coder))
        if number == 0:
            yield "machine_errors", list(error_rows(found, result, coder))


def _judged(found: Material, coder: str, result: HeldOut) -> Judged:
    return measures.spread(
        found,
        coder,
        result.scheme,
        result.units,
        result.marks,
        result.withheld,
        result.probabilities,
    )


def _answering(
    root: Path,
    found: Material,
    codebook: Codebook,
    settings: Mapping[str, Any],
    problems: Problems,
) -> Iterator[Judged]:
    """Programs of the team's own, by their recorded answers; unanswered units are missing."""
    import pandas as pd

    if not settings["external"]:
        return
    keys = external.keys(found.texts, codebook)
    asked = dict(zip(keys, found.texts, strict=True))
    for one in settings["external"]:
        answers = external.read_answers(root, one["name"], asked, found.codes, problems)
        answered = np.array([key in answers.spans for key in keys], dtype=bool)
        places = found.units[["transcript_id", "start"]].to_dict("records")
        spans = pd.DataFrame(
            [
                {
                    "transcript_id": place["transcript_id"],
                    "start": place["start"] + span.start,
                    "end": place["start"] + span.end,
                    "code": span.code,
                }
                for place, key in zip(places, keys, strict=True)
                for span in answers.spans.get(key, ())
            ],
            columns=["transcript_id", "start", "end", "code"],
        )
        marks = np.where(answered[:, None], marked(found.units, spans, found.codes), MISSING)
        yield Judged(f"{PREFIX}{one['name']}", "external", marks.astype(np.int8))


def _compared(
    found: Material,
    machines: Sequence[Judged],
    themes: Mapping[str, Sequence[str]],
    settings: Mapping[str, Any],
    reliability: Mapping[str, Any],
) -> Iterator[tuple[str, Rows]]:
    """Agreement of everybody, measures of each code, people who speak to each theme.

    A machine's first scheme stands beside the coders and carries the verdicts; a further one is
    held against the consensus alone.
    """
    from themetrail.contracts import MACHINE_AGREEMENT
    from themetrail.tables import frame

    first = list({machine.coder: machine for machine in reversed(machines)}.values())[::-1]
    beside = measures.agreement_rows(found, first, reliability)
    yield "machine_agreement", beside
    for machine in machines:
        main = any(machine is one for one in first)
        pairs = beside if main else measures.against_consensus(found, machine, beside, reliability)
        table = frame(pairs, MACHINE_AGREEMENT)
        yield (
            "machine_codes",
            measures.code_rows(found, machine, table, settings if main else None),
        )
        yield "machine_themes", measures.theme_rows(found, machine, themes)


def _verdicts(rows: Rows) -> dict[str, dict[str, str]]:
    """Machine to the verdict on each code."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["verdict"]:
            found.setdefault(row["coder"], {})[row["code"]] = row["verdict"]
    return found


def _learned(found: Material, documents: Documents, settings: Mapping[str, Any]) -> Learned | None:
    """What all that is coded says of what is waiting; None where either is missing."""
    judged, waiting = found.judged, found.waiting
    if not len(waiting) or not len(judged) or not (found.consensus[judged] == 1).any():
        return None
    fold = folds.whole(found.units, judged, int(settings["most_units"]))
    if len(set(fold.inner.tolist())) < 2:
        return None
    choices = candidates([block.name for block in documents.blocks])
    return learn(documents, fold.training, fold.inner, waiting, choices)


def _proposed(
    found: Material,
    coder: str,
    learned: Learned | None,
    machines: Sequence[Judged],
    verdicts: Mapping[str, Mapping[str, str]],
    settings: Mapping[str, Any],
) -> Rows:
    """Proposals of the study's own machine, then of programs of the team's."""
    waiting, wanted = found.waiting, settings["propose"]
    rows: Rows = []
    if learned is not None:
        sure = learned.probabilities >= max(learned.threshold, float(settings["confidence"]))
        rows += proposal_rows(
            found,
            coder,
            waiting,
            sure.astype(np.int8),
            verdicts.get(coder, {}),
            wanted,
            learned.probabilities,
        )
    for machine in machines:
        if machine.scheme == "external":
            known = verdicts.get(machine.coder, {})
            marks = machine.marks[waiting]
            rows += proposal_rows(found, machine.coder, waiting, marks, known, wanted)
    return rows

"""Every unit scored by a model that never saw its site, or its transcript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themetrail.machine.features import Block, Floats, Places, blocks
from themetrail.machine.folds import Fold, Scheme, site_folds, transcript_folds
from themetrail.machine.learning import Documents, Learned, candidates, learn
from themetrail.machine.material import Material
from themetrail.reliability import agreement_by_code

Marks = NDArray[np.int8]


@dataclass(frozen=True)
class HeldOut:
    """A scheme's results: what the machine said of units when it had not seen them.

    Attributes
    ----------
    scheme : what was held out.
    units : positions of the units scored.
    probabilities : units × codes.
    marks : units × codes, 1 where a code was put.
    withheld : units × codes, 1 where the model would have put the code, less surely than the
        study's confidence asks.
    folds, learned : the folds and what each training set gave.
    """

    scheme: Scheme
    units: Places
    probabilities: Floats
    marks: Marks
    withheld: Marks
    folds: Sequence[Fold]
    learned: Sequence[Learned]


def documents_of(found: Material, vectors: Floats | None = None) -> Documents:
    """Units, passages and entries of the codebook as documents to learn from."""
    n_codes = len(found.codes)
    texts = (*found.texts, *found.passages, *found.book)
    made: tuple[Block, ...] = blocks(texts, vectors)
    identity = np.eye(n_codes)
    labels = np.vstack(
        [np.maximum(found.consensus, 0).astype(float), identity[found.passage_code], identity]
    )
    unit = np.concatenate(
        [np.arange(len(found.texts)), found.passage_unit, np.full(n_codes, -1, dtype=np.intp)]
    )
    return Documents(made, labels, unit, len(found.texts))


def held_out(
    found: Material, documents: Documents, settings: Mapping[str, Any]
) -> dict[Scheme, HeldOut]:
    """What the machine says when sites, and when transcripts, are held out.

    A fold's model, its choice among candidates, calibration and threshold come from the fold's
    training units alone. When a transcript is held out, the candidate is the one chosen without
    the transcript's whole site.

    Parameters
    ----------
    found : what there is to learn from.
    documents : the same as documents.
    settings : the section ``machine`` of the configuration.
    """
    most, size = int(settings["most_folds"]), int(settings["most_units"])
    confidence = float(settings["confidence"])
    by_site = site_folds(found.units, found.judged, most, size)
    by_transcript = transcript_folds(found.units, found.judged, most, size, by_site)
    choices = candidates([block.name for block in documents.blocks])
    results: dict[Scheme, HeldOut] = {}
    learned = [learn(documents, f.training, f.inner, f.held, choices) for f in by_site]
    if by_site:
        results["site"] = _together("site", by_site, learned, confidence)
    within = [
        learn(
            documents,
            fold.training,
            fold.inner,
            fold.held,
            choices if fold.around < 0 else [learned[fold.around].model],
        )
        for fold in by_transcript
    ]
    if by_transcript:
        results["transcript"] = _together("transcript", by_transcript, within, confidence)
    return results


def _together(
    scheme: Scheme, folds: Sequence[Fold], learned: Sequence[Learned], confidence: float
) -> HeldOut:
    units = np.concatenate([fold.held for fold in folds])
    order = np.argsort(units, kind="stable")
    probabilities = np.vstack([one.probabilities for one in learned])
    wanted = np.vstack([one.probabilities >= one.threshold for one in learned])
    marks = wanted & (probabilities >= confidence)
    return HeldOut(
        scheme,
        units[order],
        probabilities[order],
        marks[order].astype(np.int8),
        (wanted & ~marks)[order].astype(np.int8),
        folds,
        learned,
    )


def fold_rows(found: Material, result: HeldOut, coder: str) -> Iterator[dict[str, Any]]:
    """Rows of the contract ``machine_folds``: each fold, all codes together and one by one."""
    at = {int(unit): row for row, unit in enumerate(result.units)}
    for fold, learned in zip(result.folds, result.learned, strict=True):
        rows = np.array([at[int(unit)] for unit in fold.held])
        labels, marks = found.consensus[fold.held], result.marks[rows]
        kappas = fold_kappas(labels, marks, found.codes)
        for code in ("", *found.codes):
            columns = slice(None) if not code else [found.codes.index(code)]
            yield {
                "coder": coder,
                "scheme": result.scheme,
                "left_out": fold.name,
                "code": code,
                "model": learned.model.name,
                "threshold": learned.threshold,
                "n_training": len(fold.training),
                **counted(labels[:, columns], marks[:, columns]),
                "n_withheld": int(result.withheld[rows][:, columns].sum()),
                "kappa": kappas[code],
            }


def fold_kappas(labels: Marks, marks: Marks, codes: Sequence[str]) -> dict[str, float]:
    """Cohen's kappa of a fold by code; under the empty name that of all codes pooled."""
    both = np.stack([labels, marks], axis=1)
    pooled = np.stack([labels.ravel(), marks.ravel()], axis=1)[:, :, None]
    found: dict[str, float] = {}
    for ratings, names in ((both, list(codes)), (pooled, [""])):
        table = agreement_by_code(
            ratings, codes=names, coders=["consensus", "machine"], statistics=(), replicates=0
        )
        rows = table[table["coefficient"] == "cohen_kappa"]
        found |= dict(zip(rows["code"], rows["estimate"], strict=True))
    return found


def counted(labels: Marks, marks: Marks) -> dict[str, Any]:
    """Counts, precision and recall of marks against the consensus; a share of nothing is NaN."""
    positive, proposed = int((labels == 1).sum()), int((marks == 1).sum())
    correct = int(((labels == 1) & (marks == 1)).sum())
    return {
        "n_units": len(labels),
        "n_positive": positive,
        "n_proposed": proposed,
        "n_correct": correct,
        "precision": correct / proposed if proposed else np.nan,
        "recall": correct / positive if positive else np.nan,
        "f1": 2 * correct / (positive + proposed) if positive + proposed else np.nan,
    }


def calibration_rows(found: Material, result: HeldOut, coder: str) -> Iterator[dict[str, Any]]:
    """Rows of the contract ``machine_calibration``: what was said against what was so."""
    labels = found.consensus[result.units]
    edges = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
    for low, high in pairwise(edges):
        inside = (result.probabilities >= low) & (
            (result.probabilities < high) | ((high == 1) & (result.probabilities == 1))
        )
        number = int(inside.sum())
        yield {
            "coder": coder,
            "scheme": result.scheme,
            "low": low,
            "high": high,
            "n": number,
            "mean_probability": float(result.probabilities[inside].mean()) if number else np.nan,
            "share_marked": float(labels[inside].mean()) if number else np.nan,
        }


def error_rows(found: Material, result: HeldOut, coder: str) -> Iterator[dict[str, Any]]:
    """Rows of the contract ``machine_errors``: every unit and code on which the machine failed."""
    labels = found.consensus[result.units]
    for row, column in np.argwhere(labels != result.marks):
        unit = found.units.iloc[int(result.units[row])]
        missed = "withheld" if result.withheld[row, column] else "missed"
        yield {
            "coder": coder,
            "scheme": result.scheme,
            "site": unit["site"],
            "transcript_id": unit["transcript_id"],
            "unit": unit["unit"],
            "start": unit["start"],
            "end": unit["end"],
            "code": found.codes[int(column)],
            "error": missed if labels[row, column] else "wrong",
            "probability": float(result.probabilities[row, column]),
        }

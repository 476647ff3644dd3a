"""Which model a machine coder might be: several, on the demonstration study, sites held out.

Prints a line a model: mean average precision over codes (what a ranking is worth, without any
threshold) and seconds. It is not how the workflow chooses, which is by validation inside each
training set; it shows what there was to choose from. Run it after the study:

    python benchmarks/machine_models.py [STUDY]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import hstack
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.svm import LinearSVC
from themetrail import Study
from themetrail.machine.evaluate import documents_of
from themetrail.machine.features import weighted
from themetrail.machine.folds import site_folds
from themetrail.machine.learning import Documents
from themetrail.machine.material import material

Fit = Callable[[Any, Any, Any, Any], Any]


def by_code(make: Callable[[], Any]) -> Fit:
    """A classifier a code."""

    def scores(known: Any, labels: Any, weights: Any, asked: Any) -> Any:
        columns = []
        for place in range(labels.shape[1]):
            model = make().fit(known, labels[:, place], sample_weight=weights)
            found = (
                model.decision_function(asked)
                if hasattr(model, "decision_function")
                else model.predict_proba(asked)[:, 1]
            )
            columns.append(found)
        return np.column_stack(columns)

    return scores


def ridge(alpha: float) -> Fit:
    """Ridge regression of all codes at once."""

    def scores(known: Any, labels: Any, weights: Any, asked: Any) -> Any:
        model = KernelRidge(alpha=alpha, kernel="linear")
        model.fit(known, labels - labels.mean(axis=0), sample_weight=weights)
        return model.predict(asked)

    return scores


def logistic(cost: float) -> Fit:
    """Logistic regression, codes weighted to balance."""
    return by_code(lambda: LogisticRegression(C=cost, class_weight="balanced", solver="liblinear"))


def models() -> Iterator[tuple[str, tuple[str, ...], bool, Fit]]:
    """Name, features, whether passages and codebook are learned from too, model."""
    both = ("words", "characters")
    yield "logistic regression, words", ("words",), False, logistic(1)
    yield "logistic regression, words and characters", both, False, logistic(1)
    yield "logistic regression, the same, passages and codebook", both, True, logistic(1)
    yield "ridge, words and characters", both, False, ridge(3)
    yield "ridge, words, passages and codebook", ("words",), True, ridge(3)
    yield "ridge, characters, passages and codebook", ("characters",), True, ridge(3)
    yield "ridge, words and characters, passages and codebook", both, True, ridge(3)
    yield "the same, alpha 12", both, True, ridge(12)
    yield "linear support vectors, the same features", both, True, by_code(_vectors)


def _vectors() -> Any:
    return LinearSVC(C=0.1, class_weight="balanced", random_state=0)


def tried(
    documents: Documents, folds: Any, features: tuple[str, ...], everything: bool, fit: Fit
) -> Any:
    """Scores of every unit by models that had not seen its site."""
    scores = np.zeros((documents.n_units, documents.labels.shape[1]))
    for fold in folds:
        every = np.arange(len(documents.unit))
        blocks = [weighted(b, fold.training) for b in documents.blocks if b.name in features]
        table = hstack([block.rows(every) for block in blocks]).tocsr()
        rows = documents.of_units(fold.training) if everything else fold.training
        known = (table[rows], documents.labels[rows], documents.weights[rows])
        scores[fold.held] = fit(*known, table[fold.held])
    return scores


def main(root: Path) -> None:
    """Print the table."""
    study = Study(root)
    names = ("transcripts", "units", "segments", "coverage")
    tables = {name: getattr(study, name) for name in names} | {"spans": study.codings}
    found = material(tables, study.config.codebook)
    documents = documents_of(found)
    folds = site_folds(found.units, found.judged, 30, 10**6)
    truth = found.consensus[found.judged]
    for name, features, everything, fit in models():
        began = time.process_time()
        scores = tried(documents, folds, features, everything, fit)[found.judged]
        precision = np.mean(
            [
                average_precision_score(truth[:, place], scores[:, place])
                for place in range(truth.shape[1])
                if truth[:, place].any()
            ]
        )
        print(f"{name:55} {precision:.3f} {time.process_time() - began:6.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

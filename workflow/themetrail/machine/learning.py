"""One training set to probabilities: kernel ridge regression, calibration, a threshold.

Ridge regression on TF-IDF features in its dual form: one system of equations serves all codes.
Its score of a code is turned into a probability by logistic regression on scores of training units
that the scoring model had not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themetrail.machine.features import ROWS, Block, Floats, Places, similarity, weighted

#: how much an entry of the codebook counts, in units
BOOK_WEIGHT = 3.0
#: probabilities that are tried as thresholds
GRID = np.round(np.arange(0.05, 0.605, 0.01), 2)


@dataclass(frozen=True)
class Candidate:
    """A model that may be chosen: which blocks of features, and how strongly it is held back."""

    features: tuple[str, ...]
    alpha: float

    @property
    def name(self) -> str:
        """As tables have it."""
        return f"ridge({'+'.join(self.features)}, alpha={self.alpha:g})"


def candidates(names: Sequence[str]) -> tuple[Candidate, ...]:
    """Models to choose from, given the blocks that there are."""
    sets: list[tuple[str, ...]] = [("words", "characters"), ("characters",)]
    if "embeddings" in names:
        sets = [("words", "characters", "embeddings"), ("embeddings",), *sets]
    return tuple(Candidate(features, alpha) for features in sets for alpha in (3.0, 12.0))


@dataclass(frozen=True)
class Documents:
    """Documents of a study: its units, then passages, then entries of the codebook.

    Attributes
    ----------
    blocks : their features.
    labels : documents × codes, 0 or 1; of units that nobody judged, 0 and never used.
    unit : the unit of each document, -1 for the codebook's.
    n_units : how many documents are units; they come first.
    """

    blocks: tuple[Block, ...]
    labels: Floats
    unit: Places
    n_units: int

    @property
    def weights(self) -> Floats:
        """How much each document counts."""
        return np.where(self.unit < 0, BOOK_WEIGHT, 1.0)

    def of_units(self, units: Places) -> Places:
        """Positions of all documents that may be learned from with these units."""
        chosen = np.zeros(self.n_units + 1, dtype=bool)
        chosen[units] = True
        chosen[-1] = True  # the codebook's entries, whose unit is -1
        return np.flatnonzero(chosen[self.unit])


@dataclass(frozen=True)
class Learned:
    """What a training set gave.

    Attributes
    ----------
    model : the candidate chosen.
    threshold : the probability from which on a code is put.
    probabilities : of the units asked for, units × codes.
    """

    model: Candidate
    threshold: float
    probabilities: Floats


def learn(
    documents: Documents,
    training: Places,
    groups: NDArray[np.int64],
    wanted: Places,
    choices: Sequence[Candidate],
) -> Learned:
    """Choose, fit and calibrate on training units, then score other units.

    Parameters
    ----------
    documents : of the study. Of units outside ``training`` only the features of ``wanted`` are
        looked at, and only after everything has been fitted.
    training : positions of training units.
    groups : of each training unit: what is left out together to choose and calibrate.
    wanted : positions of units to score.
    choices : the candidate with the least squared error on left-out training units wins; the
        first of equals.
    """
    features = {block.name: weighted(block, training) for block in documents.blocks}
    rows = documents.of_units(training)
    known_rows = {name: table.rows(rows) for name, table in features.items()}
    kernels = {name: similarity(table, table) for name, table in known_rows.items()}
    position = dict(zip(training.tolist(), groups.tolist(), strict=True))
    by_row = np.array([position.get(unit, -1) for unit in documents.unit[rows].tolist()])
    chosen, scores = _choose(documents, rows, kernels, by_row, choices)
    prior = _prior(documents.labels[training])
    calibrator = _calibrator(scores, documents.labels[training], prior)
    known = _probabilities(calibrator, scores, prior)
    threshold = _threshold(known, documents.labels[training])
    dual, mean = _fit(documents, rows, _sum(kernels, chosen), chosen.alpha)
    found = [np.zeros((0, documents.labels.shape[1]))]
    for first in range(0, len(wanted), ROWS):
        part = wanted[first : first + ROWS]
        kernel = sum(
            similarity(features[name].rows(part), known_rows[name]) for name in chosen.features
        )
        found.append(_probabilities(calibrator, kernel @ dual + mean, prior))
    return Learned(chosen, threshold, np.asarray(np.round(np.vstack(found), 6), dtype=np.float64))


def _sum(kernels: Mapping[str, Floats], candidate: Candidate) -> Floats:
    return np.asarray(sum(kernels[name] for name in candidate.features))


def _fit(documents: Documents, rows: Places, kernel: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Dual coefficients and each code's mean."""
    from sklearn.kernel_ridge import KernelRidge

    labels = documents.labels[rows]
    mean = labels[rows < documents.n_units].mean(axis=0)
    model = KernelRidge(alpha=alpha, kernel="precomputed")
    model.fit(kernel, labels - mean, sample_weight=documents.weights[rows])
    return np.asarray(model.dual_coef_), mean


def _choose(
    documents: Documents,
    rows: Places,
    kernels: Mapping[str, Floats],
    groups: NDArray[np.int64],
    choices: Sequence[Candidate],
) -> tuple[Candidate, Floats]:
    """The best candidate, and its scores of the training units by models that had not seen them."""
    labels = documents.labels[rows[rows < documents.n_units]]
    tried = []
    for candidate in choices:
        kernel = _sum(kernels, candidate)
        scores = _unseen(documents, rows, kernel, groups, candidate.alpha)
        # Rounded, so that a last digit does not choose.
        tried.append((round(float(((scores - labels) ** 2).mean()), 9), candidate, scores))
    _, best, scores = min(tried, key=lambda one: one[0])
    return best, scores


def _unseen(
    documents: Documents,
    rows: Places,
    kernel: Floats,
    groups: NDArray[np.int64],
    alpha: float,
) -> Floats:
    """Scores of the training units, each by a model without its group."""
    is_unit = rows < documents.n_units
    scores = np.zeros((int(is_unit.sum()), documents.labels.shape[1]))
    for group in np.unique(groups[groups >= 0]):
        inside = groups != group
        asked = is_unit & ~inside
        dual, mean = _fit(documents, rows[inside], kernel[np.ix_(inside, inside)], alpha)
        scores[np.flatnonzero(asked)] = kernel[np.ix_(asked, inside)] @ dual + mean
    return scores


def _prior(labels: Floats) -> Floats:
    """Log odds of each code among the training units, held off zero and one."""
    share = (labels.sum(axis=0) + 0.5) / (len(labels) + 1)
    return np.asarray(np.log(share / (1 - share)))


def _inputs(scores: Floats, prior: Floats) -> Floats:
    """Score and prior log odds of every unit and code, a row each."""
    wide = np.broadcast_to(prior, scores.shape)
    return np.column_stack([scores.ravel(), wide.ravel()])


def _calibrator(scores: Floats, labels: Floats, prior: Floats) -> Any:
    """Logistic regression of the labels on the scores; None where there is only one kind of label.

    All codes share its slopes: a code with a dozen marks could not carry a curve of its own.
    """
    from sklearn.linear_model import LogisticRegression

    flat = labels.ravel()
    if flat.min() == flat.max():
        return None
    return LogisticRegression(C=1e6, solver="newton-cholesky").fit(_inputs(scores, prior), flat)


def _probabilities(calibrator: Any, scores: Floats, prior: Floats) -> Floats:
    if calibrator is None or not scores.size:
        return np.broadcast_to(1 / (1 + np.exp(-prior)), scores.shape)
    return np.asarray(calibrator.predict_proba(_inputs(scores, prior))[:, 1]).reshape(scores.shape)


def _threshold(probabilities: Floats, labels: Floats) -> float:
    """The probability from which on putting codes gives the best F1 over all codes together."""
    marks = labels.sum()
    put = np.array([(probabilities >= value).sum() for value in GRID])
    right = np.array([labels[probabilities >= value].sum() for value in GRID])
    found = 2 * right / np.maximum(put + marks, 1)
    return float(GRID[int(np.argmax(found))])

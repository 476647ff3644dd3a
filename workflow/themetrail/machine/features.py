"""Words and characters of documents, weighted by what a training set alone says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
#: a term of fewer training units than this says nothing that could be learned
LEAST_UNITS = 2
#: a term of more than this share of them says nothing that tells codes apart
MOST_SHARE = 0.2
#: rows of a similarity matrix that are made at once
ROWS = 2000


@dataclass(frozen=True)
class Block:
    """One kind of feature of all documents: counts of terms, or vectors of a local model.

    A document's row depends on the document alone; weights come from ``weighted``.
    """

    name: str
    rows: Any  # sparse counts, or a dense array of unit vectors


def blocks(texts: Sequence[str], vectors: Floats | None = None) -> tuple[Block, ...]:
    """Features of documents: words and pairs of words, runs of three to five characters.

    Parameters
    ----------
    texts : the documents.
    vectors : documents × dimensions of a sentence-embedding model, where one is used.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    shared = {"strip_accents": "unicode", "dtype": np.float64}
    words = CountVectorizer(ngram_range=(1, 2), **shared)
    characters = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), **shared)
    made = [Block("words", _counted(words, texts))]
    made.append(Block("characters", _counted(characters, texts)))
    if vectors is not None:
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        made.append(Block("embeddings", vectors / np.where(length > 0, length, 1)))
    return tuple(made)


def _counted(counter: Any, texts: Sequence[str]) -> Any:
    """Counts; a study whose documents hold no term at all has one column of zeros."""
    from scipy.sparse import csr_matrix

    try:
        return counter.fit_transform(texts).tocsr()
    except ValueError:  # scikit-learn's word for an empty vocabulary
        return csr_matrix((len(texts), 1))


def weighted(block: Block, training: Places) -> Any:
    """All documents of a block as unit vectors, weighted by the training units alone.

    Term frequency is sublinear (1 + log), inverse document frequency smoothed; a term that is
    not in at least two of the training units, or in more than a fifth of them, is left out. No
    other document has a say in either.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    if block.name == "embeddings":
        return block.rows
    units = block.rows[training]
    found = np.bincount(units.indices, minlength=units.shape[1])
    most = max(MOST_SHARE * len(training), LEAST_UNITS)
    keep = np.flatnonzero((found >= LEAST_UNITS) & (found <= most))
    if not len(keep):
        keep = np.arange(1)
    chosen = block.rows[:, keep]
    transformer = TfidfTransformer(sublinear_tf=True).fit(chosen[training])
    return transformer.transform(chosen).tocsr()


def similarity(left: Any, right: Any) -> Floats:
    """Cosine similarity of unit vectors, dense."""
    if isinstance(left, np.ndarray):
        return np.asarray(left @ right.T, dtype=np.float64)
    return np.asarray((left @ right.T).toarray(), dtype=np.float64)

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

    # Counts are whole numbers, which single precision holds exactly at half the memory.
    shared = {"strip_accents": "unicode", "dtype": np.float32}
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


@dataclass(frozen=True)
class Weighted:
    """A block whose weights a training set has fixed; rows are made when they are asked for."""

    block: Block
    columns: Places
    transformer: Any

    def rows(self, places: Places) -> Any:
        """Some documents as unit vectors."""
        if self.transformer is None:
            return self.block.rows[places]
        return self.transformer.transform(_chosen(self.block, places, self.columns)).tocsr()


def weighted(block: Block, training: Places) -> Weighted:
    """Weights from the training units alone.

    Term frequency is sublinear (1 + log), inverse document frequency smoothed; a term that is
    not in at least two of the training units, or in more than a fifth of them, is left out. No
    other document has a say in either.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    if block.name == "embeddings":
        return Weighted(block, np.zeros(0, dtype=np.intp), None)
    units = block.rows[training]
    found = np.bincount(units.indices, minlength=units.shape[1])
    most = max(MOST_SHARE * len(training), LEAST_UNITS)
    keep = np.flatnonzero((found >= LEAST_UNITS) & (found <= most))
    columns = keep if len(keep) else np.arange(1)
    transformer = TfidfTransformer(sublinear_tf=True).fit(_chosen(block, training, columns))
    return Weighted(block, columns, transformer)


def _chosen(block: Block, places: Places, columns: Places) -> Any:
    """Counts of some terms in some documents."""
    return block.rows[places][:, columns].astype(np.float64)


def similarity(left: Any, right: Any) -> Floats:
    """Cosine similarity of unit vectors, dense."""
    if isinstance(left, np.ndarray):
        return np.asarray(left @ right.T, dtype=np.float64)
    return np.asarray((left @ right.T).toarray(), dtype=np.float64)

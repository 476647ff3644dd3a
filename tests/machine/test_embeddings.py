"""A model folder that the real library opens: made here with random weights, nothing fetched.

Runs where sentence-transformers is installed; Themetrail does not install it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from themetrail.errors import InputError
from themetrail.machine.embeddings import encode, model_digest

pytest.importorskip("sentence_transformers", minversion="5.2")

TEXTS = ["the budget was gone", "it took years", "", "the budget was gone"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Give a model of random word vectors, as the library saves one."""
    import sentence_transformers as library
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = ["[UNK]", "the", "budget", "was", "gone", "it", "took", "years", "saving", "winter"]
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    vectors = np.random.default_rng(1).normal(size=(len(words), 16)).astype(np.float32)
    static = _static()(tokenizer, embedding_weights=vectors)
    library.SentenceTransformer(modules=[static], device="cpu").save(str(tmp_path / "model"))
    return tmp_path / "model"


def _static() -> Any:
    """The library's module of word vectors, which has moved once."""
    import importlib

    for place in ("sentence_transformer.modules", "models"):
        try:
            return importlib.import_module(f"sentence_transformers.{place}").StaticEmbedding
        except ImportError:
            continue
    pytest.fail("the library has no StaticEmbedding")


def test_a_local_model_gives_the_same_vectors_whatever_the_order(model: Path) -> None:
    """A document's vector is its own, so that a study's bytes do not depend on its neighbours."""
    vectors = encode(model, TEXTS)
    assert vectors.shape == (4, 16)
    assert (vectors[0] == vectors[3]).all()
    assert (vectors[0] != vectors[1]).any()
    assert (encode(model, TEXTS[::-1])[::-1] == vectors).all()


def test_the_stage_takes_a_real_model(plant: Callable[..., Any], model: Path) -> None:
    """From folder to tables: two runs give the same rows, under a name that tells the model."""
    first, second = (plant().assist(Path(), embeddings=str(model))[0] for _ in range(2))
    assert all(first[name].equals(second[name]) for name in first)
    assert first["machine_codes"]["coder"].str.startswith("machine:embeddings-").all()


def test_a_damaged_model_is_a_sentence(model: Path) -> None:
    """Each library beneath raises classes of its own; none of them reaches the terminal."""
    before = model_digest(model)
    for file in sorted(model.rglob("*.safetensors")):
        file.write_bytes(b"nonsense")
    assert model_digest(model) != before
    with pytest.raises(InputError, match="'model' can't be used as a model"):
        encode(model, TEXTS)

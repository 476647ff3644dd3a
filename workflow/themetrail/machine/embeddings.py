"""Vectors from a sentence-embedding model that is installed on this machine; nothing is fetched."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from themetrail.errors import InputError
from themetrail.machine.features import Floats

#: files up to this size are hashed whole, larger ones by name and size
HASHED = 1_000_000
_QUIET_AND_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}


def model_folder(root: Path, given: str) -> Path | None:
    """The model's folder, relative to the study; None where none is configured.

    Raises
    ------
    InputError
        There is no such folder.
    """
    if not given:
        return None
    folder = (root / Path(given).expanduser()).resolve()
    if not folder.is_dir():
        message = (
            f"machine.embeddings: no folder {given!r}. Give the folder of a sentence-transformers "
            "model that is on this machine; nothing is downloaded."
        )
        raise InputError(message)
    return folder


def model_digest(folder: Path) -> str:
    """What a model is, without reading gigabytes: names, sizes, and the content of small files."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\x1f{file.stat().st_size}".encode())
        if file.stat().st_size <= HASHED:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def encode(folder: Path, texts: Sequence[str]) -> Floats:
    """One vector a text, on the processor, rounded so that last digits do not matter.

    Raises
    ------
    InputError
        sentence-transformers is not installed, the folder holds no model that it reads, or the
        model gives vectors that are no numbers.
    """
    # Set before the import: the libraries read them once.
    os.environ.update(_QUIET_AND_OFFLINE)
    try:
        library = importlib.import_module("sentence_transformers")
    except ImportError as error:
        message = (
            "machine.embeddings needs the package sentence-transformers, which is not installed "
            "here. Install it beside Themetrail, or leave machine.embeddings empty."
        )
        raise InputError(message) from error
    try:
        model = library.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        vectors = model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
    # Torch, tokenizers and safetensors each raise classes of their own for a damaged file.
    except Exception as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        message = (
            f"machine.embeddings: {folder.name!r} can't be used as a model: "
            f"{said.replace(str(folder), folder.name)}"
        )
        raise InputError(message) from error
    rounded = np.round(np.asarray(vectors, dtype=np.float64), 5)
    if not np.isfinite(rounded).all():
        message = f"machine.embeddings: {folder.name!r} gives vectors that are no numbers"
        raise InputError(message)
    return np.asarray(rounded, dtype=np.float64)

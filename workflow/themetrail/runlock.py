"""One run at a time in a study, whether ``themetrail`` or Snakemake itself started it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from themetrail.errors import InputError

#: set for the Snakemake that the command starts, which holds the lock for it
HELD = "THEMETRAIL_RUN_LOCK"
_kept: list[TextIO] = []


@contextlib.contextmanager
def only_run(root: Path) -> Iterator[None]:
    """Hold the study's run lock; the system frees it even when the holder is killed.

    Raises
    ------
    InputError
        Another run holds it.
    """
    with _held(root):
        yield


def hold(root: Path) -> None:
    """Hold the lock until this process ends, unless the command that started it does.

    Raises
    ------
    InputError
        Another run holds it.
    """
    if HELD not in os.environ:
        _kept.append(_held(root))


def _held(root: Path) -> TextIO:
    """The lock's file, open and locked."""
    import fcntl

    folder = root / ".snakemake"
    folder.mkdir(exist_ok=True)
    handle = (folder / "themetrail.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        message = "another run is working on this study; wait for it, or stop it first"
        raise InputError(message) from error
    return handle

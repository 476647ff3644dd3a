"""What every script of the workflow shares: a log of its own, and errors said in words."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from themetrail.errors import ThemetrailError, is_refusal, system_error


@contextlib.contextmanager
def job(log: str) -> Iterator[None]:
    """Run a step; its time and memory, or why it failed, go to its log.

    A ``ThemetrailError`` is the user's to mend: its text is shown and the step fails without a
    traceback. Anything else is a defect of ours and keeps its traceback.
    """
    started = time.perf_counter()
    path = Path(log)
    try:
        yield
    except ThemetrailError as error:
        _fail(path, str(error))
    except OSError as error:
        if is_refusal(error):
            _fail(path, system_error(error))
        _note(path, traceback.format_exc())
        raise
    except Exception:
        _note(path, traceback.format_exc())
        raise
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _note(path, f"done in {seconds:.2f} s, at most {memory:.0f} MB\n")


def _fail(log: Path, message: str) -> NoReturn:
    """End the step with a message and no traceback."""
    _note(log, f"{message}\n")
    sys.stderr.write(f"{message}\n")
    sys.exit(1)


def _note(log: Path, text: str) -> None:
    """Write the log, if it can be: what keeps it from being written has stopped the step too."""
    with contextlib.suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(text, encoding="utf-8")

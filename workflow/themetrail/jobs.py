"""What every script of the workflow shares: a log of its own, and errors said in words."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from themetrail.errors import ThemetrailError


@contextlib.contextmanager
def job(log: str) -> Iterator[None]:
    """Run a step; its time and memory, or why it failed, go to its log.

    A ``ThemetrailError`` is the user's to mend: its text is shown and the step fails without a
    traceback. Anything else is a defect of ours and keeps its traceback.
    """
    started = time.perf_counter()
    path = Path(log)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except ThemetrailError as error:
        path.write_text(f"{error}\n", encoding="utf-8")
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except Exception:
        path.write_text(traceback.format_exc(), encoding="utf-8")
        raise
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    path.write_text(f"done in {seconds:.2f} s, at most {memory:.0f} MB\n", encoding="utf-8")
